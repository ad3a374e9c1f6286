//! The organization's members, by e-mail address.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::organizations::MembershipList;
use agenttrace_auth::Role;
use agenttrace_kit::{Call, Error, Response};

use crate::organization::{describe_member, organization_id};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let members = state.records.members_of(organization_id(&call)?).await?;
    let roles = members.into_iter().map(|m| (m.user_id, m.role)).collect();
    Ok(Response::json(200, &describe_members(&state, roles).await?))
}

/// Users with their roles.
pub async fn describe_members(state: &State, roles: HashMap<String, Role>) -> Result<MembershipList, Error> {
    let ids: Vec<String> = roles.keys().cloned().collect();
    let users = state.records.users(&ids).await?.into_iter();
    let memberships = users.filter_map(|user| roles.get(&user.id).copied().map(|role| describe_member(user, role))).collect();
    Ok(MembershipList { memberships })
}
