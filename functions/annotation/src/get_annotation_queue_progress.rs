//! `get_annotation_queue_progress`: how many items of a queue wait and how many are done.

use std::sync::Arc;

use agenttrace_api::annotation_queues::QueueProgress;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::QueueStatus;

use crate::get_annotation_queue::queue_of;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let queue = queue_of(&state, &call).await?;
    let pending = state.records.count_queue_items(&queue.project_id, &queue.id, QueueStatus::Pending).await?;
    let completed = state.records.count_queue_items(&queue.project_id, &queue.id, QueueStatus::Completed).await?;
    Ok(Response::json(200, &QueueProgress { pending, completed }))
}
