//! Joins an organization by invitation: as the signed-in user of the invited address, or with a new account and its password.

use std::sync::Arc;

use agenttrace_api::accounts::AcceptInvitationBody;
use agenttrace_auth::password;
use agenttrace_kit::authenticate::refuse_cross_site;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::invitations::{Accepted, Invitee};
use agenttrace_records::{Invitation, User, new_id};

use crate::look_up_invitation::{gone, open_invitation};
use crate::state::State;
use crate::{cookies, get_me, sign_in};

const NAME_MAX_CHARS: usize = 100;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    refuse_cross_site(&call.request)?;
    let body: AcceptInvitationBody = call.request.json()?;
    let invitation = open_invitation(&state.records, &body.token).await?;
    match state.records.user_by_email(&invitation.email).await? {
        Some(user) => {
            let claims = state.authenticator.session(&call.request).await.ok();
            if claims.is_none_or(|c| c.uid != user.id) {
                return Err(Error::unauthorized(format!(
                    "The invitation is for {}. Sign in with that address and open the link again.",
                    invitation.email
                )));
            }
            join(&state, &invitation, Invitee::Known(&user)).await?;
            Ok(Response::json(200, &get_me::describe(&state.records, &user).await?))
        }
        None => {
            let user = new_user(&invitation, &body)?;
            join(&state, &invitation, Invitee::New(&user)).await?;
            let seconds = now().0 / 1_000_000;
            let refresh = sign_in::start(&state.records, &user, seconds).await?.ok_or_else(gone)?;
            let me = get_me::describe(&state.records, &user).await?;
            let signer = state.authenticator.signer().await?;
            cookies::with_session(Response::json(200, &me), &call.request, &signer, &refresh, seconds)
        }
    }
}

async fn join(state: &State, invitation: &Invitation, invitee: Invitee<'_>) -> Result<(), Error> {
    match state.records.accept_invitation(invitation, invitee).await? {
        Accepted::Joined => {
            state.authenticator.forget();
            Ok(())
        }
        Accepted::Gone => Err(gone()),
        Accepted::AddressTaken => Err(Error::conflict("The address has an account by now. Sign in and open the link again.")),
    }
}

fn new_user(invitation: &Invitation, body: &AcceptInvitationBody) -> Result<User, Error> {
    let email = invitation.email.clone();
    let local = email.split('@').next().unwrap_or_default();
    let name = body.name.as_deref().map(str::trim).filter(|n| !n.is_empty()).unwrap_or(local).to_owned();
    if name.chars().count() > NAME_MAX_CHARS || name.chars().any(char::is_control) {
        return Err(Error::bad_request(format!("`name` must have 1 to {NAME_MAX_CHARS} characters.")));
    }
    let password = body.password.as_deref().ok_or_else(|| Error::bad_request("Choose a `password` for the new account."))?;
    password::check_strength(password, &email).map_err(|weakness| Error::bad_request(weakness.to_string()))?;
    let password_hash = password::hash(password).map_err(|e| Error::internal("hash a password", e))?;
    Ok(User { id: new_id(), email, name, password_hash, created_at: now() })
}
