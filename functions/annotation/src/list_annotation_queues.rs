//! `list_annotation_queues`: a page of the project's queues, newest first.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::get_annotation_queue::describe;
use crate::paging::Asked;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let asked = Asked::of(&call.request)?;
    let found = state.records.list_annotation_queues(call.project_id()?, asked.range()).await?;
    Ok(asked.answer(found, describe))
}
