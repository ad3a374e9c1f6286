//! `get_daily_metrics`: what each day's traces counted, used and cost.

use std::sync::Arc;

use agenttrace_api::filter::{Filter, SetTest, Test, TextTest};
use agenttrace_api::paging::{self, Page, PageMeta};
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::metrics::Daily;
use agenttrace_store::{Condition, TimeRange, traces};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let page = paging::page(request.query("page")).map_err(Error::bad_request)?;
    let limit = paging::limit(request.query("limit"), 50, 100).map_err(Error::bad_request)?;
    let filters = filters(request);
    let daily = Daily {
        range: TimeRange { from: time(request, "fromTimestamp")?, to: time(request, "toTimestamp")? },
        traces: Condition::of(traces::COLUMNS, &filters).map_err(Error::bad_request)?,
        skip: usize::try_from((page - 1) * limit).unwrap_or(usize::MAX),
        limit: usize::try_from(limit).unwrap_or(100),
    };

    let (data, total) = state.store.for_project(call.project_id()?).daily_metrics(daily).await?;

    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page, limit, total) }))
}

/// On columns of traces.
fn filters(request: &Request) -> Vec<Filter> {
    let filter = |column: &str, test| Filter { column: column.to_owned(), key: None, test };
    let given = |name| request.query(name).map(str::trim).filter(|v| !v.is_empty());
    let all = |name| request.query_all(name).map(str::to_owned).collect::<Vec<_>>();
    let mut filters = Vec::new();
    filters.extend(given("traceName").map(|v| filter("traceName", Test::Text(TextTest::Equals, v.to_owned()))));
    filters.extend(given("userId").map(|v| filter("userId", Test::Text(TextTest::Equals, v.to_owned()))));
    filters.extend(Some(all("tags")).filter(|v| !v.is_empty()).map(|v| filter("tags", Test::Set(SetTest::AllOf, v))));
    filters.extend(Some(all("environment")).filter(|v| !v.is_empty()).map(|v| filter("environment", Test::Set(SetTest::AnyOf, v))));
    filters
}

fn time(request: &Request, name: &str) -> Result<Option<Timestamp>, Error> {
    let Some(text) = request.query(name).map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    Timestamp::parse(text)
        .map(Some)
        .ok_or_else(|| Error::bad_request(format!("`{name}` must be an ISO 8601 time such as 2026-01-31T10:00:00.000Z")))
}
