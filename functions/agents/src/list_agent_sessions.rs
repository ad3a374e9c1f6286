//! `list_agent_sessions`: sessions of coding agents, the newest or the largest first.

use std::sync::Arc;

use agenttrace_api::paging;
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::agents::{SessionFilter, SessionList, SessionOrder, SessionPosition};

use crate::query::{self, given, owned};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let order = SessionOrder::parse(request.query("orderBy")).map_err(Error::bad_request)?;
    let list = SessionList {
        range: query::range(request)?,
        filter: filter(request),
        order,
        after: query::cursor(request, |position: &SessionPosition| order.fits(position))?,
        limit: query::limit(request)?,
    };
    let (data, next) = state.store.for_project(call.project_id()?).list_agent_sessions(list).await?;
    Ok(query::cursor_page(data, next.as_ref().map(paging::encode_cursor)))
}

/// The filters that lists and sums of sessions have in common.
pub fn filter(request: &Request) -> SessionFilter {
    SessionFilter {
        agent: owned(request, "agent"),
        repository: given(request, "repository").map(agenttrace_domain::repository_url),
        branch: owned(request, "branch"),
        user_id: owned(request, "userId"),
        environment: owned(request, "environment"),
        search: owned(request, "search"),
    }
}
