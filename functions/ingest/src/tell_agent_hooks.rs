//! `tell_agent_hooks`: what coding agents say in their hooks. One payload is answered with an empty object, which every agent reads as "no
//! opinion"; of a list each call is answered for itself.

use std::sync::Arc;

use agenttrace_api::agents::{CreatedBatch, CreatedRow, RefusedRow};
use agenttrace_domain::Source;
use agenttrace_ingest::{agent_hooks, decompress};
use agenttrace_kit::{Call, Error, Response};

use crate::accept::{Arrival, accept, refused};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let arrival = Arrival::of(&call.request)?;
    let body = decompress(&call.request.body, call.request.header("content-encoding"), &state.limits).map_err(refused)?;
    let models = state.models.of(call.project_id()?).await?;
    let batch = agent_hooks(call.request.param("agent"), &body, &arrival.context(&state, &models)).map_err(refused)?;
    drop(body);
    accept(&state, &call, &arrival, Source::Hooks, batch.events).await?;
    let Some(list) = batch.list else { return Ok(Response::json(200, &serde_json::json!({}))) };
    let mut answer = CreatedBatch::default();
    for (index, told) in (0u64..).zip(list) {
        match told {
            Ok(id) => answer.successes.push(CreatedRow { index, id }),
            Err(message) => answer.errors.push(RefusedRow { index, message }),
        }
    }
    Ok(Response::json(207, &answer))
}
