//! `list_sessions`: Langfuse's numbered page of sessions.

use std::sync::Arc;

use agenttrace_api::filter::{Compare, Filter, SetTest, Test};
use agenttrace_api::paging::{Page, PageMeta};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::TimeRange;
use agenttrace_store::sessions::{COLUMNS, List, Order};

use crate::query::{self, PageQuery};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let page = PageQuery::of(&call.request)?;
    let created = query::range(&call.request, "fromTimestamp", "toTimestamp")?;
    // The times are about the session's first trace, so a lower bound must not hide older traces from its sum.
    let by_time = |compare, at| Filter { column: "createdAt".to_owned(), key: None, test: Test::Datetime(compare, at) };
    let mut filters: Vec<Filter> = created.from.map(|at| by_time(Compare::Ge, at)).into_iter().collect();
    filters.extend(query::among(&call.request, "environment", "environment", SetTest::AnyOf));
    let list = List {
        range: TimeRange { from: None, to: created.to },
        condition: query::condition(COLUMNS, &filters)?,
        order: Order::NEWEST,
        after: None,
        skip: page.skip(),
        limit: page.limit(),
    };
    let project = state.store.for_project(call.project_id()?);

    let (found, total) = tokio::try_join!(project.list_sessions(list.clone()), project.count_sessions(&list))?;

    let data: Vec<_> = found.rows.into_iter().map(|row| row.into_v1(project.id())).collect();
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, total) }))
}
