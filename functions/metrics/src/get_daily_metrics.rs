//! `get_daily_metrics`: what each day's traces counted, used and cost.

use std::sync::Arc;

use agenttrace_api::filter::{Filter, SetTest};
use agenttrace_api::paging::{self, Page, PageMeta};
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::metrics::Daily;
use agenttrace_store::{Condition, TimeRange, traces};

use crate::query::{among, equals, time};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let page = paging::page(request.query("page")).map_err(Error::bad_request)?;
    let limit = paging::limit(request.query("limit"), 50, 100).map_err(Error::bad_request)?;
    let daily = Daily {
        range: TimeRange { from: time(request, "fromTimestamp")?, to: time(request, "toTimestamp")? },
        traces: Condition::of(traces::COLUMNS, &filters(request)).map_err(Error::bad_request)?,
        skip: usize::try_from((page - 1) * limit).unwrap_or(usize::MAX),
        limit: usize::try_from(limit).unwrap_or(100),
    };

    let (data, total) = state.store.for_project(call.project_id()?).daily_metrics(daily).await?;

    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page, limit, total) }))
}

/// On columns of traces.
fn filters(request: &Request) -> Vec<Filter> {
    [
        equals(request, "traceName", "traceName"),
        equals(request, "userId", "userId"),
        among(request, "tags", "tags", SetTest::AllOf),
        among(request, "environment", "environment", SetTest::AnyOf),
    ]
    .into_iter()
    .flatten()
    .collect()
}
