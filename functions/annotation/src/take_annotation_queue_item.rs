//! `take_annotation_queue_item`: the next item of a working view, which is nobody else's while the caller works on it.

use std::sync::Arc;

use agenttrace_api::annotation_queues::{TakeAnnotationQueueItemBody, TakenItem};
use agenttrace_kit::{Call, Error, Response, now};

use crate::get_annotation_queue::queue_of;
use crate::get_annotation_queue_item::describe;
use crate::state::State;

const MAX_SKIPPED: usize = 100;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: TakeAnnotationQueueItemBody =
        if call.request.body.is_empty() { TakeAnnotationQueueItemBody::default() } else { call.request.json()? };
    let skip = body.skip.unwrap_or_default();
    if skip.len() > MAX_SKIPPED {
        return Err(Error::bad_request(format!("`skip` must have at most {MAX_SKIPPED} ids.")));
    }
    let user_id = call.caller()?.user_id().ok_or_else(|| Error::forbidden("Items are taken by people: sign in as a user."))?;
    let queue = queue_of(&state, &call).await?;
    for id in &skip {
        state.records.release_queue_item(&queue.project_id, &queue.id, id, user_id).await?;
    }
    let taken = state.records.take_queue_item(&queue.project_id, &queue.id, user_id, &skip, now()).await?;
    let locked_until = taken.as_ref().and_then(|item| item.lock.as_ref()).map(|lock| lock.until.to_rfc3339());
    Ok(Response::json(200, &TakenItem { item: taken.map(describe), locked_until }))
}
