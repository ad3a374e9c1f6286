//! Starts a session. An unknown address and a wrong password get the same answer after the same work.

use std::sync::Arc;

use agenttrace_api::accounts::SignInBody;
use agenttrace_auth::password;
use agenttrace_auth::session::{RefreshToken, StoredRefresh};
use agenttrace_kit::authenticate::refuse_cross_site;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::users::normal_email;
use agenttrace_records::{Records, Session, User, new_id};

use crate::state::State;
use crate::throttle::Attempt;
use crate::{cookies, get_me};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    refuse_cross_site(&call.request)?;
    let body: SignInBody = call.request.json()?;
    let (signer, pepper) = (state.authenticator.signer().await?, state.authenticator.pepper().await?);
    let seconds = now().0 / 1_000_000;
    // What can't be an address is nobody's, and takes the same way.
    let email = normal_email(&body.email).unwrap_or_else(|| "@".to_owned());
    let attempt = Attempt::begin(&state.records, &pepper, &email, &call.request, seconds).await?;

    let user = state.records.user_by_email(&email).await?;
    let verified = password::verify(&body.password, user.as_ref().map(|u| u.password_hash.as_str()));
    let user = user.filter(|_| verified).ok_or_else(wrong)?;

    let refresh = start(&state.records, &user, seconds).await?.ok_or_else(wrong)?;
    attempt.forgive().await;
    let me = get_me::describe(&state.records, &user).await?;
    cookies::with_session(Response::json(200, &me), &call.request, &signer, &refresh, seconds)
}

/// A new session of the user's, unless the password was changed meanwhile.
pub async fn start(records: &Records, user: &User, now: i64) -> Result<Option<RefreshToken>, Error> {
    let refresh = RefreshToken::generate(&user.id, &new_id());
    let stored = StoredRefresh { hash: refresh.hash(), rotations: 0, created_at: now, used_at: now };
    let session = Session { id: refresh.session_id.clone(), user_id: user.id.clone(), refresh: stored };
    Ok(records.start_session(user, &session).await?.then_some(refresh))
}

fn wrong() -> Error {
    Error::unauthorized("The e-mail address or the password is not right.")
}
