//! Which model would price a step: the project's own by pattern and date, else the managed one that the name means.

use std::sync::Arc;

use agenttrace_api::models::MatchedModel;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_pricing::PriceBook;

use crate::state::State;
use crate::wire;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let name = call.request.query("model").map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Error::bad_request("`model` must be the name of a model."))?;
    let at = match call.request.query("startTime").filter(|text| !text.is_empty()) {
        None => now(),
        Some(text) => Timestamp::parse(text)
            .ok_or_else(|| Error::bad_request("`startTime` must be an ISO 8601 time such as 2026-01-31T00:00:00Z."))?,
    };
    let own = state.models.renewed(project_id).await?;
    let data = match own.find(name, at) {
        Some(found) => state.records.own_model(project_id, &found.spec().id).await?.map(wire::own),
        None => PriceBook::managed().find(name, call.request.query("provider")).map(wire::managed),
    };
    Ok(Response::json(200, &MatchedModel { data }))
}
