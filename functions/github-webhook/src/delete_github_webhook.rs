//! `delete_github_webhook`: deletes a project's secret. Facts that GitHub told before stay.

use std::sync::Arc;

use agenttrace_api::traces::MessageAnswer;
use agenttrace_kit::{Call, Error, Response};

use crate::get_github_webhook::not_found;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    if !state.records.delete_github_webhook(call.request.param("projectId")).await? {
        return Err(not_found());
    }
    Ok(Response::json(200, &MessageAnswer { message: "GitHub webhook successfully deleted".to_owned() }))
}
