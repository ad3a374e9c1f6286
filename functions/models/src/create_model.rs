//! Defines a model of the project's own.

use std::sync::Arc;

use agenttrace_api::models::ModelBody;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::new_id;

use crate::state::State;
use crate::{definition, wire};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: ModelBody = call.request.json()?;
    let model = definition::model(body, new_id(), now())?;
    state.records.create_model(call.project_id()?, &model).await?;
    Ok(Response::json(200, &wire::own(model)))
}
