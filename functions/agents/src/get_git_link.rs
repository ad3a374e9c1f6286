//! `get_git_link`: one link to a commit by its id.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let found = state.store.for_project(call.project_id()?).get_git_link(call.request.param("id")).await?;
    Ok(Response::json(200, &found.ok_or_else(|| Error::not_found("Git link not found within authorized project"))?))
}
