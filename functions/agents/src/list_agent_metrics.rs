//! `list_agent_metrics`: sums of what agents count.

use std::sync::Arc;

use agenttrace_api::agents::AgentMetrics;
use agenttrace_api::paging;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::agents::{Group, Sums};

use crate::query::{self, given};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let sums = Sums {
        name: given(request, "name"),
        agent: given(request, "agent"),
        session_id: given(request, "sessionId"),
        range: query::range(request)?,
        groups: Group::parse(request.query("groupBy")).map_err(Error::bad_request)?,
        limit: paging::limit(request.query("limit"), 100, 1_000).map_err(Error::bad_request)?,
    };
    let data = state.store.for_project(call.project_id()?).agent_metrics(sums).await?;
    Ok(Response::json(200, &AgentMetrics { data }))
}
