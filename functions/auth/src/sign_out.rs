//! Ends the session, if the request proves that it is its own, and clears the cookies in any case.

use std::sync::Arc;

use agenttrace_auth::session::{Renewal, renew};
use agenttrace_kit::authenticate::refuse_cross_site;
use agenttrace_kit::{Call, Error, Response, now};

use crate::cookies;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    refuse_cross_site(&call.request)?;
    if let Ok(claims) = state.authenticator.session(&call.request).await {
        state.records.end_session(&claims.uid, &claims.sid).await?;
    }
    // The access token lives for minutes only; later the refresh token tells which session it is.
    if let Some(presented) = cookies::refresh_token(&call.request) {
        let signer = state.authenticator.signer().await?;
        let session = state.records.session(&presented.user_id, &presented.session_id).await?;
        if let Some(session) = session
            && renew(&signer, &presented, &session.refresh, now().0 / 1_000_000) != Renewal::Refused
        {
            state.records.end_session(&session.user_id, &session.id).await?;
        }
    }
    state.authenticator.forget();
    Ok(cookies::without_session(Response::empty(204), &call.request))
}
