//! `delete_annotation_queue`: deletes a queue with its items and assignments. Scores that were given in it stay.

use std::sync::Arc;

use agenttrace_api::annotation_queues::SuccessMessage;
use agenttrace_kit::{Call, Error, Response};

use crate::get_annotation_queue::queue_of;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let queue = queue_of(&state, &call).await?;
    state.records.delete_annotation_queue(&queue).await?;
    Ok(Response::json(200, &SuccessMessage { success: true, message: "Annotation queue deleted successfully".to_owned() }))
}
