//! Sets the labels that members may neither move nor delete.

use std::sync::Arc;

use agenttrace_api::prompts::ProtectedPromptLabels;
use agenttrace_kit::{Call, Error, Response, now};

use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: ProtectedPromptLabels = call.request.json()?;
    let labels = query::labels(&body.labels)?;
    state.records.set_protected_prompt_labels(call.project_id()?, &labels, now()).await?;
    Ok(Response::json(200, &ProtectedPromptLabels { labels }))
}
