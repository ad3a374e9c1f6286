//! Takes a member out of the organization and all its projects.

use std::sync::Arc;

use agenttrace_api::organizations::{DeleteMembershipBody, MembershipDeleted};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::members::Change;

use crate::organization::{last_owner, no_such_member, organization_id, within_reach};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let organization_id = organization_id(&call)?;
    let DeleteMembershipBody { user_id } = call.request.json()?;
    let current = state.records.membership(organization_id, &user_id).await?.ok_or_else(no_such_member)?;
    within_reach(call.caller()?, current.role)?;
    match state.records.remove_member(organization_id, &user_id).await? {
        Change::Done => {}
        Change::LastOwner => return Err(last_owner()),
        Change::Absent => return Err(no_such_member()),
    }
    state.authenticator.forget();
    Ok(Response::json(200, &MembershipDeleted { message: "Membership deleted successfully".to_owned(), user_id }))
}
