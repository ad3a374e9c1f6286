//! `create_annotation_queue_items`: adds many objects to a queue at once, such as a selection of the trace list.

use std::collections::HashSet;
use std::sync::Arc;

use agenttrace_api::annotation_queues::{AddedItems, CreateAnnotationQueueItemsBody};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::QueueStatus;

use crate::create_annotation_queue_item::new_item;
use crate::get_annotation_queue::queue_of;
use crate::get_annotation_queue_item::object_type;
use crate::paging::object_id;
use crate::state::State;

const MAX_OBJECTS: usize = 200;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: CreateAnnotationQueueItemsBody = call.request.json()?;
    if body.objects.is_empty() || body.objects.len() > MAX_OBJECTS {
        return Err(Error::bad_request(format!("`objects` must be a list of 1 to {MAX_OBJECTS} {{objectId, objectType}}.")));
    }
    let queue = queue_of(&state, &call).await?;
    let mut seen = HashSet::new();
    let mut items = Vec::with_capacity(body.objects.len());
    for object in &body.objects {
        let (object_type, object_id) = (object_type(&object.object_type)?, object_id(&object.object_id)?);
        if seen.insert((object.object_type.clone(), object_id.clone())) {
            items.push(new_item(&queue, object_type, object_id, QueueStatus::Pending));
        }
    }
    let added = state.records.add_queue_items(&items).await?;
    Ok(Response::json(200, &AddedItems { added: added as u64, existing: (items.len() - added) as u64 }))
}
