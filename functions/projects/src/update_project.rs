//! Renames a project, replaces its metadata, sets how long its traces are kept.

use std::sync::Arc;

use agenttrace_api::projects::UpdateProjectBody;
use agenttrace_kit::authenticate::no_such_project;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::ProjectChange;

use crate::project::{checked_metadata, checked_name, checked_retention, describe_project};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: UpdateProjectBody = call.request.json()?;
    let change = ProjectChange {
        name: Some(checked_name(&body.name)?),
        metadata: body.metadata.map(checked_metadata).transpose()?,
        retention_days: checked_retention(body.retention)?,
    };
    let project = state.records.update_project(call.request.param("projectId"), &change, now()).await?.ok_or_else(no_such_project)?;
    Ok(Response::json(200, &describe_project(&state.records, project).await?))
}
