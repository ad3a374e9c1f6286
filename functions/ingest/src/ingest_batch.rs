//! `ingest_batch`: Langfuse's batch of typed events, each answered for itself.

use std::sync::Arc;

use agenttrace_api::ErrorName;
use agenttrace_api::ingestion::{BatchAnswer, BatchFailure, BatchSuccess};
use agenttrace_auth::Caller;
use agenttrace_domain::Source;
use agenttrace_ingest::{BatchScope, Refusal, batch, decompress};
use agenttrace_kit::{Call, Error, Response};
use serde_json::json;

use crate::accept::{Arrival, accept, refused};
use crate::score_configs::Named;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let arrival = Arrival::of(request)?;
    let scope = if matches!(call.caller()?, Caller::PublicKey { .. }) { BatchScope::ScoresOnly } else { BatchScope::All };
    let body = decompress(&request.body, request.header("content-encoding"), &state.limits).map_err(refused)?;
    let models = state.models.of(call.project_id()?).await?;
    let mut configs = Named::of(&state, call.project_id()?);
    let outcome = loop {
        match configs.read(&arrival, &models, |ctx| batch(&body, ctx, scope)) {
            Some(Err(refusal @ Refusal::BadRequest(_))) => return Ok(no_batch(&refusal)),
            Some(outcome) => break outcome.map_err(refused)?,
            None => {}
        }
        configs.ask().await?;
    };
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

/// The usual refusal and, as Langfuse's clients find it here, the same as a list.
fn no_batch(refusal: &Refusal) -> Response {
    let message = refusal.to_string();
    Response::json(400, &json!({"message": message, "error": ErrorName::InvalidRequestError, "errors": [message]}))
}
