//! Gives a member of the organization a role of their own in the project.

use std::sync::Arc;

use agenttrace_api::organizations::MembershipBody;
use agenttrace_kit::{Call, Error, Response};

use crate::organization::{describe_member, no_such_member, organization_id, within_reach};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (project_id, organization_id) = (call.request.param("projectId"), organization_id(&call)?);
    let MembershipBody { user_id, role } = call.request.json()?;
    let member = state.records.membership(organization_id, &user_id).await?.ok_or_else(no_such_member)?;
    for role in [role, member.role_in(project_id)] {
        within_reach(call.caller()?, role)?;
    }
    let user = state.records.user(&user_id).await?.ok_or_else(no_such_member)?;
    if !state.records.set_project_role(organization_id, &user_id, project_id, Some(role)).await? {
        return Err(no_such_member());
    }
    state.authenticator.forget();
    Ok(Response::json(200, &describe_member(user, role)))
}
