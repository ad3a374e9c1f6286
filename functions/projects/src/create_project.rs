//! Creates a project in an organization that the signed-in user administers.

use std::sync::Arc;

use agenttrace_api::projects::{CreateProjectBody, CreatedProject};
use agenttrace_auth::Role;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{Project, new_id};

use crate::state::State;

const NAME_MAX_CHARS: usize = 60;
const METADATA_MAX_BYTES: usize = 10_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let user_id = call.caller()?.user_id().unwrap_or_default();
    let body: CreateProjectBody = call.request.json()?;
    let name = body.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX_CHARS || name.chars().any(char::is_control) {
        return Err(Error::bad_request(format!("`name` must have 1 to {NAME_MAX_CHARS} characters.")));
    }
    let metadata = serde_json::Value::Object(body.metadata.unwrap_or_default()).to_string();
    if metadata.len() > METADATA_MAX_BYTES {
        return Err(Error::bad_request(format!("`metadata` must have at most {METADATA_MAX_BYTES} bytes.")));
    }
    let membership = state.records.membership(&body.organization_id, user_id).await?;
    let membership = membership.ok_or_else(|| Error::not_found("Organization not found"))?;
    if membership.role < Role::Admin {
        return Err(Error::forbidden("Only administrators of the organization create projects."));
    }
    let project = Project {
        id: new_id(),
        organization_id: membership.organization_id,
        name: name.to_owned(),
        metadata,
        retention_days: None,
        created_at: now(),
    };
    state.records.create_project(&project).await?;
    Ok(Response::json(201, &CreatedProject { id: project.id, name: project.name }))
}
