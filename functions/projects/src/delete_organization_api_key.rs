//! Revokes an API key of the organization.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::KeyHolder;

use crate::keys;
use crate::organization::organization_id;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    keys::revoke(&state, KeyHolder::Organization(organization_id(&call)?), call.request.param("apiKeyId")).await
}
