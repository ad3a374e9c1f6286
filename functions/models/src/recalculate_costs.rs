//! Orders a recalculation of past costs. `reprice` does it.

use std::sync::Arc;

use agenttrace_api::models::{RecalculateBody, RecalculationStarted};
use agenttrace_domain::Timestamp;
use agenttrace_domain::job::RepriceJob;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_pricing::PriceBook;
use agenttrace_records::{Recalculation, RecalculationStatus, new_id};

use crate::get_model::not_found;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let body: RecalculateBody = call.request.json()?;
    let (from, to) = (time("fromTimestamp", &body.from_timestamp)?, time("toTimestamp", &body.to_timestamp)?);
    if from >= to {
        return Err(Error::bad_request("`fromTimestamp` must be before `toTimestamp`."));
    }
    // A model that was deleted may still have priced steps, so an unknown id is refused only if it can't be one.
    let model_id = body.model_id.filter(|id| !id.is_empty());
    if model_id.as_ref().is_some_and(|id| id.len() > 200) {
        return Err(not_found());
    }
    if let Some(id) = model_id.as_deref().filter(|id| id.contains(':'))
        && PriceBook::managed().get(id).is_none()
    {
        return Err(not_found());
    }
    let now = now();
    let recalculation = Recalculation {
        id: new_id(),
        from,
        to,
        model_id,
        status: RecalculationStatus::Queued,
        cursor: None,
        reached: from,
        scanned: 0,
        repriced: 0,
        created_at: now,
        updated_at: now,
        revision: 0,
    };
    state.records.create_recalculation(project_id, &recalculation).await?;
    state.recalculations.send(&RepriceJob { project_id: project_id.to_owned(), recalculation_id: recalculation.id.clone() }).await?;
    Ok(Response::json(202, &RecalculationStarted { id: recalculation.id }))
}

fn time(name: &str, text: &str) -> Result<Timestamp, Error> {
    Timestamp::parse(text).ok_or_else(|| Error::bad_request(format!("`{name}` must be an ISO 8601 time such as 2026-01-31T00:00:00Z.")))
}
