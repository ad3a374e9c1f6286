//! `list_annotation_queue_items`: a page of a queue's items, newest first.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::get_annotation_queue::queue_of;
use crate::get_annotation_queue_item::{describe, status};
use crate::paging::Asked;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let asked = Asked::of(&call.request)?;
    let wanted = call.request.query("status").filter(|s| !s.is_empty()).map(status).transpose()?;
    let queue = queue_of(&state, &call).await?;
    let found = state.records.list_queue_items(&queue.project_id, &queue.id, wanted, asked.range()).await?;
    Ok(asked.answer(found, describe))
}
