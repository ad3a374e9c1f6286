//! `get_annotation_queue`: one annotation queue.

use std::sync::Arc;

use agenttrace_api::annotation_queues::AnnotationQueue;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::AnnotationQueue as Queue;

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    Ok(Response::json(200, &describe(queue_of(&state, &call).await?)))
}

/// The queue in the path, of the caller's project.
pub async fn queue_of(state: &State, call: &Call) -> Result<Queue, Error> {
    let queue = state.records.annotation_queue(call.project_id()?, call.request.param("queueId")).await?;
    queue.ok_or_else(|| Error::not_found("Annotation queue not found"))
}

/// A queue as the API shows it.
pub fn describe(queue: Queue) -> AnnotationQueue {
    AnnotationQueue {
        id: queue.id,
        name: queue.name,
        description: queue.description,
        score_config_ids: queue.score_config_ids,
        created_at: queue.created_at.to_rfc3339(),
        updated_at: queue.updated_at.to_rfc3339(),
    }
}
