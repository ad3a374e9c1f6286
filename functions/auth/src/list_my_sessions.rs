//! The user's own sessions, the one used last first.

use std::sync::Arc;

use agenttrace_api::accounts::{MySession, MySessionList};
use agenttrace_auth::session::refresh::expires_at;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response, now};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let claims = state.authenticator.session(&call.request).await?;
    let sessions = state.records.sessions_of(&claims.uid, now().0 / 1_000_000).await?.into_iter();
    let time = |seconds: i64| Timestamp(seconds * 1_000_000).to_rfc3339();
    let sessions = sessions.map(|s| MySession {
        current: s.id == claims.sid,
        created_at: time(s.refresh.created_at),
        last_used_at: time(s.refresh.used_at),
        expires_at: time(expires_at(s.refresh.created_at, s.refresh.used_at)),
        id: s.id,
    });
    Ok(Response::json(200, &MySessionList { sessions: sessions.collect() }))
}
