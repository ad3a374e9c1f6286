//! Takes a member's own role in the project away: that of the organization counts again.

use std::sync::Arc;

use agenttrace_api::organizations::{DeleteMembershipBody, MembershipDeleted};
use agenttrace_kit::{Call, Error, Response};

use crate::organization::{no_such_member, organization_id, within_reach};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (project_id, organization_id) = (call.request.param("projectId"), organization_id(&call)?);
    let DeleteMembershipBody { user_id } = call.request.json()?;
    let member = state.records.membership(organization_id, &user_id).await?.ok_or_else(no_such_member)?;
    // Taking the role away may also raise the member to that of the organization.
    for role in [member.role_in(project_id), member.role] {
        within_reach(call.caller()?, role)?;
    }
    if !state.records.set_project_role(organization_id, &user_id, project_id, None).await? {
        return Err(no_such_member());
    }
    state.authenticator.forget();
    Ok(Response::json(200, &MembershipDeleted { message: "Project membership deleted successfully".to_owned(), user_id }))
}
