//! `get_observation`: one observation with its texts.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::prompt_ids::of;
use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let id = call.request.param("observationId");
    let trace_id = query::given(&call.request, "traceId");
    let project = state.store.for_project(call.project_id()?);

    let row = project.get_observation(trace_id, id).await?;
    let row = row.ok_or_else(|| Error::not_found("Observation not found within authorized project"))?;

    let prompt_id = of(&state.prompt_ids.of(project.id(), std::slice::from_ref(&row)).await, &row);
    Ok(Response::json(200, &row.into_v1(project.id(), prompt_id)))
}
