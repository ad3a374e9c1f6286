//! The organization's projects by name. A member sees those that they have a role in.

use std::sync::Arc;

use agenttrace_api::organizations::{OrganizationProject, OrganizationProjectList};
use agenttrace_auth::Role;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::Project;

use crate::organization::organization_id;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let organization_id = organization_id(&call)?;
    let mut projects = state.records.projects_of(organization_id).await?;
    if let Some(user_id) = call.caller()?.user_id() {
        let membership = state.records.membership(organization_id, user_id).await?;
        projects.retain(|p| membership.as_ref().is_some_and(|m| m.role_in(&p.id) != Role::None));
    }
    Ok(Response::json(200, &OrganizationProjectList { projects: projects.into_iter().map(describe).collect() }))
}

fn describe(project: Project) -> OrganizationProject {
    OrganizationProject {
        id: project.id,
        name: project.name,
        metadata: serde_json::from_str(&project.metadata).unwrap_or_default(),
        created_at: project.created_at.to_rfc3339(),
        updated_at: project.updated_at.to_rfc3339(),
    }
}
