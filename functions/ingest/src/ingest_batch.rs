//! `ingest_batch`: Langfuse's batch of typed events, each answered for itself.

use std::sync::Arc;

use agenttrace_api::ingestion::{BatchAnswer, BatchFailure, BatchSuccess};
use agenttrace_auth::Caller;
use agenttrace_domain::Source;
use agenttrace_ingest::{BatchScope, batch, decompress};
use agenttrace_kit::{Call, Error, Response};

use crate::accept::{Arrival, accept, refused};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let arrival = Arrival::of(request)?;
    let scope = if matches!(call.caller()?, Caller::PublicKey { .. }) { BatchScope::ScoresOnly } else { BatchScope::All };
    let body = decompress(&request.body, request.header("content-encoding"), &state.limits).map_err(refused)?;
    let outcome = batch(&body, &arrival.context(&state), scope).map_err(refused)?;
    drop(body);
    accept(&state, &call, &arrival, Source::Batch, outcome.events).await?;
    let answer = BatchAnswer {
        successes: outcome.successes.into_iter().map(|(id, status)| BatchSuccess { id, status }).collect(),
        errors: outcome
            .errors
            .into_iter()
            .map(|e| BatchFailure { id: e.id, status: e.status, message: e.message, error: e.error })
            .collect(),
    };
    Ok(Response::json(207, &answer))
}
