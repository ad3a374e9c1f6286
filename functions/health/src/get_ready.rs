//! `get_ready`: the stores answer.

use std::sync::Arc;

use agenttrace_api::health::Health;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

pub async fn handle(state: Arc<State>, _call: Call) -> Result<Response, Error> {
    let (traces, metadata) = tokio::join!(state.ping_store(), state.records.ping());
    let ok = traces.is_ok() && metadata.is_ok();
    if !ok {
        tracing::warn!(trace.store = traces.is_ok(), metadata = metadata.is_ok(), "not ready");
    }
    let status = if ok { "OK" } else { "UNAVAILABLE" };
    Ok(Response::json(if ok { 200 } else { 503 }, &Health { status: status.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }))
}
