//! `list_score_configs`: a page of the project's score configs, newest first.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::get_score_config::describe;
use crate::paging::Asked;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let asked = Asked::of(&call.request)?;
    let found = state.records.list_score_configs(call.project_id()?, asked.range()).await?;
    Ok(asked.answer(found, describe))
}
