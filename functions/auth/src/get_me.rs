//! The signed-in user, with the organizations and projects that they may see.

use std::sync::Arc;

use agenttrace_api::accounts::{Me, MeOrganization, MeProject, MeUser};
use agenttrace_auth::Role;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{Membership, Records, User};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let user_id = call.caller()?.user_id().unwrap_or_default();
    let user = state.records.user(user_id).await?.ok_or_else(|| Error::unauthorized("The account no longer exists."))?;
    Ok(Response::json(200, &describe(&state.records, &user).await?))
}

/// What `Me` says of a user.
pub async fn describe(records: &Records, user: &User) -> Result<Me, Error> {
    let memberships = records.memberships_of(&user.id).await?;
    let ids: Vec<String> = memberships.iter().map(|m| m.organization_id.clone()).collect();
    let mut organizations = Vec::with_capacity(ids.len());
    for organization in records.organizations(&ids).await? {
        let Some(membership) = memberships.iter().find(|m| m.organization_id == organization.id) else { continue };
        let projects = visible_projects(records, membership).await?;
        organizations.push(MeOrganization { id: organization.id, name: organization.name, role: membership.role, projects });
    }
    let user = MeUser { id: user.id.clone(), email: user.email.clone(), name: user.name.clone() };
    Ok(Me { user, organizations })
}

async fn visible_projects(records: &Records, membership: &Membership) -> Result<Vec<MeProject>, Error> {
    let projects = records.projects_of(&membership.organization_id).await?.into_iter();
    let projects = projects.map(|p| MeProject { role: membership.role_in(&p.id), id: p.id, name: p.name });
    Ok(projects.filter(|p| p.role != Role::None).collect())
}
