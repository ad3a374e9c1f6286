//! `ingest`: takes traces, observations and scores in every form, and acknowledges when they are on the stream.
//!
//! It holds no ClickHouse secret: what it knows is the caller's key, the prices, the score configs, and the stream.

mod accept;
mod agents;
mod create_score;
mod export_logs;
mod export_metrics;
mod export_traces;
mod ingest_batch;
mod media;
mod score_configs;
mod single;
mod state;
mod tell_agent_hooks;
mod uploads;

use agenttrace_api::{agents as agents_api, ingestion as api};
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::EXPORT_TRACES, export_traces::handle)
        .on(&api::EXPORT_TRACES_LANGFUSE, export_traces::handle)
        .on(&api::EXPORT_LOGS, export_logs::handle)
        .on(&api::EXPORT_LOGS_LANGFUSE, export_logs::handle)
        .on(&api::EXPORT_METRICS, export_metrics::handle)
        .on(&api::EXPORT_METRICS_LANGFUSE, export_metrics::handle)
        .on(&agents_api::TELL_AGENT_HOOKS, tell_agent_hooks::handle)
        .on(&agents_api::CREATE_FILE_OPERATION, agents::create_file_operation)
        .on(&agents_api::CREATE_TERMINAL_COMMAND, agents::create_terminal_command)
        .on(&agents_api::CREATE_GIT_LINK, agents::create_git_link)
        .on(&agents_api::CREATE_CI_RUN, agents::create_ci_run)
        .on(&agents_api::UPDATE_CI_RUN, agents::update_ci_run)
        .on(&api::INGEST_BATCH, ingest_batch::handle)
        .on(&api::CREATE_UPLOAD, uploads::create)
        .on(&api::INGEST_UPLOAD, uploads::ingest)
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
