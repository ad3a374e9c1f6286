//! One model: the project's own, or a managed one.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};
use agenttrace_pricing::PriceBook;

use crate::state::State;
use crate::wire;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let id = call.request.param("id");
    if let Some(model) = PriceBook::managed().get(id) {
        return Ok(Response::json(200, &wire::managed(model)));
    }
    let model = state.records.own_model(call.project_id()?, id).await?.ok_or_else(not_found)?;
    Ok(Response::json(200, &wire::own(model)))
}

pub fn not_found() -> Error {
    Error::not_found("No model with this id found.")
}

/// Of a model that is to be changed: managed ones cannot be.
pub fn not_own(id: &str) -> Error {
    match PriceBook::managed().get(id) {
        Some(_) => Error::not_found(
            "No model with this id found among the project's own. Managed models can't be changed: define one that goes before it.",
        ),
        None => not_found(),
    }
}
