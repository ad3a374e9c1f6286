//! Ends one of the user's own sessions; any other is not found.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::cookies;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let claims = state.authenticator.session(&call.request).await?;
    let session_id = call.request.param("sessionId");
    state.records.session(&claims.uid, session_id).await?.ok_or_else(|| Error::not_found("Session not found"))?;
    state.records.end_session(&claims.uid, session_id).await?;
    state.authenticator.forget();
    let answer = Response::empty(204);
    Ok(if session_id == claims.sid { cookies::without_session(answer, &call.request) } else { answer })
}
