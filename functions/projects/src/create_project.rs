//! Creates a project: in the organization of the key, or in one that the signed-in user administers.

use std::sync::Arc;

use agenttrace_api::projects::CreateProjectBody;
use agenttrace_auth::{Caller, Role};
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{Project, new_id};

use crate::project::{checked_metadata, checked_name, checked_retention, describe_project};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: CreateProjectBody = call.request.json()?;
    let name = checked_name(&body.name)?;
    let metadata = checked_metadata(body.metadata.unwrap_or_default())?;
    let retention_days = checked_retention(body.retention)?.filter(|days| *days > 0);
    let organization_id = organization(&state, call.caller()?, body.organization_id.as_deref()).await?;
    let (id, at) = (new_id(), now());
    let project = Project { id, organization_id, name, metadata, retention_days, created_at: at, updated_at: at };
    state.records.create_project(&project).await?;
    Ok(Response::json(201, &describe_project(&state.records, project).await?))
}

/// Where the caller may create it.
async fn organization(state: &State, caller: &Caller, named: Option<&str>) -> Result<String, Error> {
    let absent = || Error::not_found("Organization not found");
    if let Caller::OrganizationKey { organization_id, .. } = caller {
        return if named.is_none_or(|id| id == organization_id) { Ok(organization_id.clone()) } else { Err(absent()) };
    }
    let named = named.ok_or_else(|| Error::bad_request("`organizationId` must say in which organization the project is created."))?;
    let membership = state.records.membership(named, caller.user_id().unwrap_or_default()).await?.ok_or_else(absent)?;
    if membership.role < Role::Admin {
        return Err(Error::forbidden("Only administrators of the organization create projects."));
    }
    Ok(membership.organization_id)
}
