//! `export_logs`: log events of coding agents over OTLP, answered in the request's own format.

use std::sync::Arc;

use agenttrace_domain::Source;
use agenttrace_ingest::{Signal, decompress, encode_otlp_response, otlp_content_type, otlp_logs};
use agenttrace_kit::{Call, Error, Response};

use crate::accept::{Arrival, accept, refused};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let format = otlp_content_type(request.header("content-type")).map_err(refused)?;
    let arrival = Arrival::of(request)?;
    let body = decompress(&request.body, request.header("content-encoding"), &state.limits).map_err(refused)?;
    let models = state.models.of(call.project_id()?).await?;
    let batch = otlp_logs(&body, format, &arrival.context(&state, &models)).map_err(refused)?;
    drop(body);
    if batch.rejected > 0 {
        tracing::warn!(rejected = batch.rejected, reason = batch.message, "rejected log records");
    }
    accept(&state, &call, &arrival, Source::OtlpLogs, batch.events).await?;
    Ok(Response::bytes(200, format.content_type(), encode_otlp_response(format, Signal::Logs, batch.rejected, &batch.message)))
}
