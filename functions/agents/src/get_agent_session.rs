//! `get_agent_session`: one session of a coding agent by the id of its trace.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let found = state.store.for_project(call.project_id()?).get_agent_session(call.request.param("traceId")).await?;
    Ok(Response::json(200, &found.ok_or_else(|| Error::not_found("Agent session not found within authorized project"))?))
}
