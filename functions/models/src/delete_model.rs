//! Deletes a model of the project's own.

use std::sync::Arc;

use agenttrace_api::models::ModelDeleted;
use agenttrace_kit::{Call, Error, Response};

use crate::get_model::not_own;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let id = call.request.param("id");
    if !state.records.delete_model(call.project_id()?, id).await? {
        return Err(not_own(id));
    }
    Ok(Response::json(200, &ModelDeleted { message: "Model successfully deleted".to_owned() }))
}
