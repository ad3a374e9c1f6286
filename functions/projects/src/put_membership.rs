//! Makes a user a member of the organization, or changes a member's role.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::organizations::MembershipBody;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::Membership;
use agenttrace_records::members::Change;

use crate::organization::{describe_member, last_owner, no_such_member, organization_id, within_reach};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (caller, organization_id) = (call.caller()?, organization_id(&call)?);
    let MembershipBody { user_id, role } = call.request.json()?;
    within_reach(caller, role)?;
    let user = state.records.user(&user_id).await?.ok_or_else(|| Error::not_found("User not found"))?;
    match state.records.membership(organization_id, &user_id).await? {
        Some(current) => {
            within_reach(caller, current.role)?;
            match state.records.set_role(organization_id, &user_id, role).await? {
                Change::Done => {}
                Change::LastOwner => return Err(last_owner()),
                Change::Absent => return Err(no_such_member()),
            }
        }
        None => {
            // People come by invitation, which they must accept; keys of the organization add whom they know.
            if caller.public_key().is_none() {
                return Err(no_such_member());
            }
            let membership = Membership { organization_id: organization_id.to_owned(), user_id, role, project_roles: HashMap::new() };
            if !state.records.add_member(&membership).await? {
                return Err(Error::conflict("The user became a member just now. Look at the role and try again."));
            }
        }
    }
    state.authenticator.forget();
    Ok(Response::json(200, &describe_member(user, role)))
}
