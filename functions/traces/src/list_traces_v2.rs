//! `list_traces_v2`: rows of the dashboard's trace list.

use std::sync::Arc;

use agenttrace_api::paging::{self, CursorMeta, CursorPage};
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::traces::{COLUMNS, List, Order, Position, Search, Texts, TraceRecord};
use agenttrace_store::{Condition, TimeRange};

use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let (range, condition, search) = wanted(request)?;
    let order = Order::parse(request.query("orderBy")).map_err(Error::bad_request)?;
    let limit = paging::limit(request.query("limit"), 50, 200).map_err(Error::bad_request)?;
    let after = query::cursor(request, |p: &Position| p.fits(order))?;
    let project = state.store.for_project(call.project_id()?);

    let list = List { range, condition, search, order, after, skip: 0, limit: limit as usize, texts: Texts::None };
    let page = project.list_traces(list).await?;

    let meta = CursorMeta { cursor: page.next.as_ref().map(paging::encode_cursor) };
    Ok(Response::json(200, &CursorPage { data: page.rows.into_iter().map(TraceRecord::into_row).collect::<Vec<_>>(), meta }))
}

/// Which traces the parameters ask for.
pub fn wanted(request: &Request) -> Result<(TimeRange, Condition, Option<Search>), Error> {
    let filters = query::filters(request)?;
    let range = query::range(request, "fromTimestamp", "toTimestamp")?.narrowed_by("timestamp", &filters);
    let search = Search::parse(request.query("search"), request.query("searchIn")).map_err(Error::bad_request)?;
    Ok((range, query::condition(COLUMNS, &filters)?, search))
}
