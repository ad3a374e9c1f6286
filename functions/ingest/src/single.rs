//! Single creates and updates: the PRD's `POST` and `PATCH` of traces, observations and scores, and the first SDKs' spans, generations and events.
//! All are statements on the stream like any other; an update of something that has not arrived waits for it.

use std::sync::Arc;

use agenttrace_api::ingestion::IdAnswer;
use agenttrace_domain::{ObservationType, Source};
use agenttrace_ingest::api::{self, Stated};
use agenttrace_ingest::{Context, decompress};
use agenttrace_kit::{Call, Error, Response};

use crate::accept::{Arrival, accept, refused};
use crate::score_configs::Named;
use crate::state::State;

pub async fn create_trace(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |_, body, ctx| api::create_trace(body, ctx)).await
}

pub async fn update_trace(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |call, body, ctx| api::patch_trace(call.request.param("traceId"), body, ctx)).await
}

pub async fn create_observation(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |_, body, ctx| api::create_observation(None, body, ctx)).await
}

pub async fn update_observation(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |call, body, ctx| api::patch_observation(Some(call.request.param("observationId")), None, body, ctx)).await
}

pub async fn create_span(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |_, body, ctx| api::create_observation(Some(ObservationType::Span), body, ctx)).await
}

pub async fn update_span(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |_, body, ctx| api::patch_observation(None, Some(ObservationType::Span), body, ctx)).await
}

pub async fn create_generation(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |_, body, ctx| api::create_observation(Some(ObservationType::Generation), body, ctx)).await
}

pub async fn update_generation(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |_, body, ctx| api::patch_observation(None, Some(ObservationType::Generation), body, ctx)).await
}

pub async fn create_event(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |_, body, ctx| api::create_observation(Some(ObservationType::Event), body, ctx)).await
}

pub async fn update_score(state: Arc<State>, call: Call) -> Result<Response, Error> {
    one(state, call, |call, body, ctx| api::patch_score(call.request.param("scoreId"), body, ctx)).await
}

/// How a body becomes a statement.
type Read = fn(&Call, &[u8], &Context<'_>) -> Result<Stated, String>;

/// Reads one statement, puts it on the stream, answers its id.
async fn one(state: Arc<State>, call: Call, read: Read) -> Result<Response, Error> {
    let arrival = Arrival::of(&call.request)?;
    let body = decompress(&call.request.body, call.request.header("content-encoding"), &state.limits).map_err(refused)?;
    let models = state.models.of(call.project_id()?).await?;
    let mut configs = Named::of(&state, call.project_id()?);
    let stated = loop {
        if let Some(stated) = configs.read(&arrival, &models, |ctx| read(&call, &body, ctx)) {
            break stated.map_err(|message| Error::bad_request(format!("Invalid request data: {message}")))?;
        }
        configs.ask().await?;
    };
    drop(body);
    accept(&state, &call, &arrival, Source::Api, vec![stated.event]).await?;
    Ok(Response::json(200, &IdAnswer { id: stated.id }))
}
