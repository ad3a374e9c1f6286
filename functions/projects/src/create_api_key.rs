//! Creates an API key of the project, random or brought along, and shows its secret this once.

use std::sync::Arc;

use agenttrace_kit::authenticate::no_such_project;
use agenttrace_kit::{Call, Error, Response};

use crate::keys;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let organization_id = call.caller()?.organization_id().ok_or_else(no_such_project)?.to_owned();
    keys::create(&state, &call, organization_id, Some(call.request.param("projectId").to_owned())).await
}
