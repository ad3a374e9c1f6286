//! `get_health`: alive, and which version.

use std::sync::Arc;

use agenttrace_api::health::Health;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

/// `failIfDatabaseUnavailable=true` asks the stores too.
pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    if call.request.query("failIfDatabaseUnavailable") == Some("true") {
        return crate::get_ready::handle(state, call).await;
    }
    Ok(Response::json(200, &Health { status: "OK".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }))
}
