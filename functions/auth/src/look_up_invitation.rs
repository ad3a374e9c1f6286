//! What an invitation's link is for, to whoever holds it.

use std::sync::Arc;

use agenttrace_api::accounts::{InvitationAbout, InvitationTokenBody};
use agenttrace_auth::invitation::InvitationToken;
use agenttrace_kit::authenticate::refuse_cross_site;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{Invitation, Records};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    refuse_cross_site(&call.request)?;
    let body: InvitationTokenBody = call.request.json()?;
    let invitation = open_invitation(&state.records, &body.token).await?;
    let organization = state.records.organization(&invitation.organization_id).await?.ok_or_else(gone)?;
    let about = InvitationAbout {
        organization_name: organization.name,
        has_account: state.records.user_by_email(&invitation.email).await?.is_some(),
        email: invitation.email,
        role: invitation.role,
        expires_at: invitation.expires_at.to_rfc3339(),
    };
    Ok(Response::json(200, &about))
}

/// The invitation that the token is for. One answer for all that are not: used, taken back, over, never made.
pub async fn open_invitation(records: &Records, token: &str) -> Result<Invitation, Error> {
    let token = InvitationToken::parse(token).ok_or_else(gone)?;
    let invitation = records.invitation(&token.organization_id, &token.invitation_id).await?;
    invitation.filter(|i| token.fits(&i.secret_hash) && !i.is_over(now())).ok_or_else(gone)
}

pub fn gone() -> Error {
    Error::not_found("The invitation does not exist, was used, or is older than seven days. Ask for a new one.")
}
