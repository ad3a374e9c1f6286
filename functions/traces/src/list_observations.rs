//! `list_observations`: Langfuse's numbered page of observations.

use std::sync::Arc;

use agenttrace_api::filter::SetTest;
use agenttrace_api::observations::{LEVELS, TYPES};
use agenttrace_api::paging::{Page, PageMeta};
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::TimeRange;
use agenttrace_store::observations::{COLUMNS, List, Texts};

use crate::prompt_ids::of;
use crate::query::{self, PageQuery};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let page = PageQuery::of(&call.request)?;
    let list = list(&call.request, page)?;
    let project = state.store.for_project(call.project_id()?);

    let (found, total) = tokio::try_join!(project.list_observations(list.clone()), project.count_observations(&list))?;

    let prompt_ids = state.prompt_ids.of(project.id(), &found.rows).await;
    let data: Vec<_> = found
        .rows
        .into_iter()
        .map(|row| {
            let prompt_id = of(&prompt_ids, &row);
            row.into_v1(project.id(), prompt_id)
        })
        .collect();
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, total) }))
}

fn list(request: &Request, page: PageQuery) -> Result<List, Error> {
    let mut range = query::range(request, "fromStartTime", "toStartTime")?;
    let mut filters = query::filters(request)?;
    let mut trace_id = None;
    if filters.is_empty() {
        for name in ["name", "userId", "parentObservationId", "version"] {
            filters.extend(query::equals(request, name, name));
        }
        filters.extend(query::known(request, "type", TYPES)?);
        filters.extend(query::known(request, "level", LEVELS)?);
        filters.extend(query::among(request, "environment", "environment", SetTest::AnyOf));
        trace_id = query::given(request, "traceId").map(str::to_owned);
    } else {
        range = TimeRange::default().narrowed_by("startTime", &filters);
    }
    let condition = query::condition(COLUMNS, &filters)?;
    Ok(List { range, condition, trace_id, after: None, skip: page.skip(), limit: page.limit(), texts: Texts::ALL })
}
