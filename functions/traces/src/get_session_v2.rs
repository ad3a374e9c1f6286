//! `get_session_v2`: one session's sums.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::get_session::not_found;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let session = state.store.for_project(call.project_id()?).get_session(call.request.param("sessionId")).await?;
    Ok(Response::json(200, &session.ok_or_else(not_found)?.into_row()))
}
