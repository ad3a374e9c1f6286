//! The caller's project, as the only entry: SDKs check their keys and build links with it.

use std::sync::Arc;

use agenttrace_api::projects::{ProjectEntry, ProjectList, ProjectOrganization};
use agenttrace_kit::authenticate::no_such_project;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project = state.records.project(call.project_id()?).await?.ok_or_else(no_such_project)?;
    let organization = state.records.organization(&project.organization_id).await?.ok_or_else(no_such_project)?;
    let entry = ProjectEntry {
        id: project.id,
        name: project.name,
        organization: ProjectOrganization { id: organization.id, name: organization.name },
        metadata: serde_json::from_str(&project.metadata).unwrap_or_default(),
        retention_days: project.retention_days,
    };
    Ok(Response::json(200, &ProjectList { data: vec![entry] }))
}
