//! `list_sessions_v2`: rows of the dashboard's session list.

use std::sync::Arc;

use agenttrace_api::paging::{self, CursorMeta, CursorPage};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::sessions::{COLUMNS, List, Order, Position, SessionRecord, containing};

use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let order = Order::parse(request.query("orderBy")).map_err(Error::bad_request)?;
    let limit = paging::limit(request.query("limit"), 50, 200).map_err(Error::bad_request)?;
    let mut condition = query::condition(COLUMNS, &query::filters(request)?)?;
    if let Some(part) = query::given(request, "search") {
        containing(&mut condition, part);
    }
    let list = List {
        range: query::range(request, "fromTimestamp", "toTimestamp")?,
        condition,
        order,
        after: query::cursor(request, |p: &Position| p.fits(order))?,
        skip: 0,
        limit: limit as usize,
    };
    let page = state.store.for_project(call.project_id()?).list_sessions(list).await?;

    let meta = CursorMeta { cursor: page.next.as_ref().map(paging::encode_cursor) };
    Ok(Response::json(200, &CursorPage { data: page.rows.into_iter().map(SessionRecord::into_row).collect::<Vec<_>>(), meta }))
}
