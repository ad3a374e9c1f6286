//! `update_annotation_queue_item`: an item is done, or waits again.

use std::sync::Arc;

use agenttrace_api::annotation_queues::UpdateAnnotationQueueItemBody;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::Changed;

use crate::get_annotation_queue_item::{describe, item_of, not_found, status};
use crate::state::State;

/// An API key sets the status whoever works on the item; a person only where nobody else does.
pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: UpdateAnnotationQueueItemBody = call.request.json()?;
    let wanted = body.status.as_deref().map(status).transpose()?;
    let item = item_of(&state, &call).await?;
    let Some(wanted) = wanted else { return Ok(Response::json(200, &describe(item))) };
    match state.records.set_queue_item_status(&item, wanted, call.caller()?.user_id(), now()).await? {
        Changed::Done(item) => Ok(Response::json(200, &describe(*item))),
        Changed::Absent => Err(not_found()),
        Changed::Locked(until) => {
            Err(Error::conflict(format!("Another person works on this item until {}. Take the next one.", until.to_rfc3339())))
        }
    }
}
