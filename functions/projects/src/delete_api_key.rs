//! Revokes an API key. Other functions may know it for less than a minute more.

use std::sync::Arc;

use agenttrace_api::projects::Deleted;
use agenttrace_kit::{Call, Error, Response};

use crate::list_api_keys::own_project;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = own_project(&call)?;
    if !state.records.revoke_key(project_id, call.request.param("apiKeyId")).await? {
        return Err(Error::not_found("API key not found"));
    }
    state.authenticator.forget();
    Ok(Response::json(200, &Deleted { success: true }))
}
