//! `delete_annotation_queue_item`: takes an item out of a queue.

use std::sync::Arc;

use agenttrace_api::annotation_queues::SuccessMessage;
use agenttrace_kit::{Call, Error, Response};

use crate::get_annotation_queue_item::{item_of, not_found};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let item = item_of(&state, &call).await?;
    if !state.records.delete_queue_item(&item).await? {
        return Err(not_found());
    }
    Ok(Response::json(200, &SuccessMessage { success: true, message: "Annotation queue item deleted successfully".to_owned() }))
}
