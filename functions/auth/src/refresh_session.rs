//! Renews a session by its refresh token, which is replaced; a replaced one that comes back ends the session.

use std::sync::Arc;

use agenttrace_auth::session::{RefreshToken, Renewal, Signer, renew};
use agenttrace_kit::authenticate::refuse_cross_site;
use agenttrace_kit::{Call, Error, Response, now};

use crate::cookies;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    refuse_cross_site(&call.request)?;
    let presented = cookies::refresh_token(&call.request).ok_or_else(ended)?;
    let signer = state.authenticator.signer().await?;
    let seconds = now().0 / 1_000_000;
    let next = next_token(&state, &signer, &presented, seconds).await?;
    cookies::with_session(Response::empty(204), &call.request, &signer, &next, seconds)
}

async fn next_token(state: &State, signer: &Signer, presented: &RefreshToken, now: i64) -> Result<RefreshToken, Error> {
    // A parallel renewal may be faster; the second look then finds its token.
    for _ in 0..2 {
        let session = state.records.session(&presented.user_id, &presented.session_id).await?.ok_or_else(ended)?;
        match renew(signer, presented, &session.refresh, now) {
            Renewal::Rotate(next) => {
                if state.records.rotate_session(&session, &next, now).await? {
                    return Ok(next);
                }
            }
            Renewal::Join(next) => return Ok(next),
            Renewal::Reused => {
                tracing::warn!(session.id = session.id, user.id = session.user_id, "a replaced refresh token came back: the session ends");
                state.records.end_session(&session.user_id, &session.id).await?;
                state.authenticator.forget();
                return Err(ended());
            }
            Renewal::Refused => return Err(ended()),
        }
    }
    Err(ended())
}

fn ended() -> Error {
    Error::unauthorized("The session has ended. Sign in again.")
}
