//! Ends every session of the user, this one too. Other functions notice within a minute.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::cookies;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let claims = state.authenticator.session(&call.request).await?;
    state.records.end_sessions(&claims.uid, None).await?;
    state.authenticator.forget();
    Ok(cookies::without_session(Response::empty(204), &call.request))
}
