//! `get_annotation_queue_item`: one item of a queue.

use std::sync::Arc;

use agenttrace_api::annotation_queues::AnnotationQueueItem;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{QueueItem, QueueObject, QueueStatus};

use crate::get_annotation_queue::queue_of;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    Ok(Response::json(200, &describe(item_of(&state, &call).await?)))
}

/// The item in the path, of a queue of the caller's project.
pub async fn item_of(state: &State, call: &Call) -> Result<QueueItem, Error> {
    let queue = queue_of(state, call).await?;
    let item = state.records.queue_item(&queue.project_id, &queue.id, call.request.param("itemId")).await?;
    item.ok_or_else(not_found)
}

pub fn not_found() -> Error {
    Error::not_found("Annotation queue item not found")
}

/// An item as the API shows it.
pub fn describe(item: QueueItem) -> AnnotationQueueItem {
    AnnotationQueueItem {
        id: item.id,
        queue_id: item.queue_id,
        object_id: item.object_id,
        object_type: item.object_type.as_str().to_owned(),
        status: item.status.as_str().to_owned(),
        completed_at: item.completed_at.map(Timestamp::to_rfc3339),
        created_at: item.created_at.to_rfc3339(),
        updated_at: item.updated_at.to_rfc3339(),
    }
}

pub fn object_type(text: &str) -> Result<QueueObject, Error> {
    QueueObject::parse(text).ok_or_else(|| Error::bad_request("`objectType` must be TRACE, OBSERVATION or SESSION."))
}

pub fn status(text: &str) -> Result<QueueStatus, Error> {
    QueueStatus::parse(text).ok_or_else(|| Error::bad_request("`status` must be PENDING or COMPLETED."))
}
