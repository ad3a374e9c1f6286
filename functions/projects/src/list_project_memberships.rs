//! Members who have a role of their own in the project.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::list_memberships::describe_members;
use crate::organization::organization_id;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.request.param("projectId");
    let members = state.records.members_of(organization_id(&call)?).await?.into_iter();
    let roles = members.filter_map(|m| m.project_roles.get(project_id).copied().map(|role| (m.user_id, role))).collect();
    Ok(Response::json(200, &describe_members(&state, roles).await?))
}
