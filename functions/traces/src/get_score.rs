//! `get_score`: one score of a trace or an observation.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::score_query::not_found;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project = state.store.for_project(call.project_id()?);
    let score = project.get_score(call.request.param("scoreId")).await?.filter(|s| !s.trace_id.is_empty());
    Ok(Response::json(200, &score.ok_or_else(not_found)?.into_v1(project.id())))
}
