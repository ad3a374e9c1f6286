//! How far a recalculation is.

use std::sync::Arc;

use agenttrace_api::models::Recalculation;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::RecalculationStatus;

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let found = state.records.recalculation(call.project_id()?, call.request.param("recalculationId")).await?;
    let found = found.ok_or_else(|| Error::not_found("Recalculation not found"))?;
    let progress = match found.status {
        RecalculationStatus::Completed => 1.0,
        _ => (found.reached.seconds_since(found.from) / found.to.seconds_since(found.from)).clamp(0.0, 1.0),
    };
    let answer = Recalculation {
        id: found.id,
        from_timestamp: found.from.to_rfc3339(),
        to_timestamp: found.to.to_rfc3339(),
        model_id: found.model_id,
        status: found.status.as_str().to_owned(),
        progress,
        scanned: found.scanned,
        repriced: found.repriced,
        created_at: found.created_at.to_rfc3339(),
        updated_at: found.updated_at.to_rfc3339(),
    };
    Ok(Response::json(200, &answer))
}
