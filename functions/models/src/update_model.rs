//! Replaces a model of the project's own. What was priced before stays until it is recalculated.

use std::sync::Arc;

use agenttrace_api::models::ModelBody;
use agenttrace_kit::{Call, Error, Response};

use crate::get_model::not_own;
use crate::state::State;
use crate::{definition, wire};

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (project_id, id) = (call.project_id()?, call.request.param("id"));
    let body: ModelBody = call.request.json()?;
    let before = state.records.own_model(project_id, id).await?.ok_or_else(|| not_own(id))?;
    let model = definition::model(body, before.spec.id, before.created_at)?;
    if !state.records.replace_model(project_id, &model).await? {
        return Err(not_own(id));
    }
    Ok(Response::json(200, &wire::own(model)))
}
