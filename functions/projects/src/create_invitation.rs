//! Invites an e-mail address to the organization. The link's secret is shown this once; only its hash is kept, and no e-mail is sent.

use std::sync::Arc;

use agenttrace_api::organizations::{CreateInvitationBody, CreatedInvitation};
use agenttrace_auth::invitation::{InvitationToken, VALID_SECONDS};
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::users::normal_email;
use agenttrace_records::{Invitation, new_id};

use crate::list_invitations::describe_invitation;
use crate::organization::{organization_id, within_reach};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (caller, organization_id) = (call.caller()?, organization_id(&call)?);
    let body: CreateInvitationBody = call.request.json()?;
    within_reach(caller, body.role)?;
    let email = normal_email(&body.email).ok_or_else(|| Error::bad_request("`email` must be an e-mail address."))?;
    if let Some(user) = state.records.user_by_email(&email).await?
        && state.records.membership(organization_id, &user.id).await?.is_some()
    {
        return Err(Error::conflict("This address is a member already. Change the role in the list of members."));
    }
    let inviter = match caller.user_id() {
        Some(id) => state.records.user(id).await?,
        None => None,
    };
    let token = InvitationToken::generate(organization_id, &new_id());
    let created_at = now();
    let invitation = Invitation {
        id: token.invitation_id.clone(),
        organization_id: organization_id.to_owned(),
        email,
        role: body.role,
        secret_hash: token.hash(),
        invited_by: inviter.as_ref().map(|u| u.id.clone()),
        created_at,
        expires_at: Timestamp(created_at.0 + VALID_SECONDS * 1_000_000),
    };
    state.records.create_invitation(&invitation).await?;
    let token = token.to_text();
    let path = format!("/invitation#{token}");
    let invitation = describe_invitation(&invitation, inviter.map(|u| u.email));
    Ok(Response::json(201, &CreatedInvitation { invitation, token, path }))
}
