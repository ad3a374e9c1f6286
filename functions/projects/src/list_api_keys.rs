//! The project's API keys, newest first, without secrets.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::KeyHolder;

use crate::keys;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    keys::list(&state, KeyHolder::Project(call.request.param("projectId"))).await
}
