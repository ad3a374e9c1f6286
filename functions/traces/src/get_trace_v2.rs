//! `get_trace_v2`: a trace and its tree, without the steps' texts.

use std::sync::Arc;

use agenttrace_api::traces::TraceTree;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::observations::Texts;
use agenttrace_store::traces::{Parts, WholeTrace};

use crate::get_trace::not_found;
use crate::state::State;

const MAX_OBSERVATIONS: usize = 20_000;
/// Texts of the trace itself beyond this would push the tree out of the answer; `get_trace` has them.
const MAX_TEXT: usize = 1_000_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let trace_id = call.request.param("traceId");
    let project = state.store.for_project(call.project_id()?);

    let parts = Parts { observations: Some((Texts::NONE, MAX_OBSERVATIONS + 1)), scores: true };
    let whole = project.whole_trace(trace_id, parts).await?;
    let WholeTrace { mut trace, mut observations, scores } = whole.ok_or_else(|| not_found(trace_id))?;
    for text in [&mut trace.input, &mut trace.output] {
        if text.len() > MAX_TEXT {
            text.clear();
        }
    }
    let truncated = observations.len() > MAX_OBSERVATIONS;
    observations.truncate(MAX_OBSERVATIONS);

    let tree = TraceTree {
        trace: trace.into_detail(),
        observations: observations.into_iter().map(|o| o.into_node()).collect(),
        scores: scores.into_iter().map(|s| s.into_v1(project.id())).collect(),
        truncated,
    };
    Ok(Response::json(200, &tree))
}
