//! Revokes an API key of the project.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::KeyHolder;

use crate::keys;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    keys::revoke(&state, KeyHolder::Project(call.request.param("projectId")), call.request.param("apiKeyId")).await
}
