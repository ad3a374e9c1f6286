//! `ingest`: takes traces, observations and scores in every form, and acknowledges when they are on the stream.
//!
//! It holds no ClickHouse secret: what it knows is the caller's key, the prices, and the stream.

mod accept;
mod create_score;
mod export_traces;
mod ingest_batch;
mod single;
mod state;

use agenttrace_api::ingestion as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::EXPORT_TRACES, export_traces::handle)
        .on(&api::EXPORT_TRACES_LANGFUSE, export_traces::handle)
        .on(&api::INGEST_BATCH, ingest_batch::handle)
        .on(&api::CREATE_SCORE, create_score::handle)
        .on(&api::UPDATE_SCORE, single::update_score)
        .on(&api::CREATE_TRACE, single::create_trace)
        .on(&api::UPDATE_TRACE, single::update_trace)
        .on(&api::CREATE_OBSERVATION, single::create_observation)
        .on(&api::UPDATE_OBSERVATION, single::update_observation)
        .on(&api::CREATE_SPAN, single::create_span)
        .on(&api::UPDATE_SPAN, single::update_span)
        .on(&api::CREATE_GENERATION, single::create_generation)
        .on(&api::UPDATE_GENERATION, single::update_generation)
        .on(&api::CREATE_EVENT, single::create_event);
    serve(state::State::new, router)
}
