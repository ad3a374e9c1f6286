//! `get_trace`: Langfuse's trace with everything in it.

use std::sync::Arc;

use agenttrace_api::traces::TraceWithFullDetails;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::observations::Texts;
use agenttrace_store::traces::{Parts, V1Fields, WholeTrace};

use crate::list_traces::{html_path, metrics};
use crate::prompt_ids::of;
use crate::state::State;

/// More steps than this do not fit an answer with their texts anyway.
const MAX_OBSERVATIONS: usize = 20_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let trace_id = call.request.param("traceId");
    let fields = V1Fields::parse(call.request.query("fields"));
    let project = state.store.for_project(call.project_id()?);

    let texts = if fields.io { Texts::ALL } else { Texts::NONE };
    let parts = Parts { observations: fields.observations.then_some((texts, MAX_OBSERVATIONS)), scores: fields.scores };
    let whole = project.whole_trace(trace_id, parts).await?;
    let WholeTrace { mut trace, observations, scores } = whole.ok_or_else(|| not_found(trace_id))?;
    if !fields.io {
        trace.input.clear();
        trace.output.clear();
        trace.metadata.clear();
    }

    let prompt_ids = state.prompt_ids.of(project.id(), &observations).await;
    let (latency, total_cost) = metrics(&call.request, &trace, fields);
    let answer = TraceWithFullDetails {
        html_path: html_path(project.id(), trace_id),
        latency,
        total_cost,
        observations: observations
            .into_iter()
            .map(|o| {
                let prompt_id = of(&prompt_ids, &o);
                o.into_v1(project.id(), prompt_id)
            })
            .collect(),
        scores: scores.into_iter().map(|s| s.into_v1(project.id())).collect(),
        trace: trace.into_v1(project.id()),
    };
    Ok(Response::json(200, &answer))
}

/// Langfuse's sentence: its SDKs compare it.
pub fn not_found(trace_id: &str) -> Error {
    Error::not_found(format!("Trace {trace_id} not found within authorized project"))
}
