//! The caller's project, as the only entry: SDKs check their keys and build links with it.

use std::sync::Arc;

use agenttrace_api::projects::ProjectList;
use agenttrace_kit::authenticate::no_such_project;
use agenttrace_kit::{Call, Error, Response};

use crate::project::describe_project;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project = state.records.project(call.project_id()?).await?.ok_or_else(no_such_project)?;
    Ok(Response::json(200, &ProjectList { data: vec![describe_project(&state.records, project).await?] }))
}
