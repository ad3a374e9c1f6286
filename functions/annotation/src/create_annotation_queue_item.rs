//! `create_annotation_queue_item`: adds an object to a queue. Whether it exists (yet) is not asked, as in Langfuse: traces arrive late.

use std::sync::Arc;

use agenttrace_api::annotation_queues::CreateAnnotationQueueItemBody;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{AnnotationQueue, QueueItem, QueueObject, QueueStatus, new_id};

use crate::get_annotation_queue::queue_of;
use crate::get_annotation_queue_item::{describe, object_type, status};
use crate::paging::object_id;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: CreateAnnotationQueueItemBody = call.request.json()?;
    let (object_type, object_id) = (object_type(&body.object_type)?, object_id(&body.object_id)?);
    let status = body.status.as_deref().map_or(Ok(QueueStatus::Pending), status)?;
    let queue = queue_of(&state, &call).await?;
    let (item, _) = state.records.add_queue_item(&new_item(&queue, object_type, object_id, status)).await?;
    Ok(Response::json(200, &describe(item)))
}

/// An item that is not written yet.
pub fn new_item(queue: &AnnotationQueue, object_type: QueueObject, object_id: String, status: QueueStatus) -> QueueItem {
    let created_at = now();
    QueueItem {
        id: new_id(),
        project_id: queue.project_id.clone(),
        queue_id: queue.id.clone(),
        object_type,
        object_id,
        status,
        completed_at: (status == QueueStatus::Completed).then_some(created_at),
        lock: None,
        created_at,
        updated_at: created_at,
    }
}
