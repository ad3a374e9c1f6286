//! Deletes a dataset item. Its versions stay readable at the times when they held.

use std::sync::Arc;

use agenttrace_api::traces::MessageAnswer;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response};

use crate::items::item_not_found;
use crate::query::now;
use crate::state::State;

const TRIES: usize = 20;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (project_id, id) = (call.project_id()?, call.request.param("datasetItemId"));
    for _ in 0..TRIES {
        let head = state.records.dataset_item(project_id, id).await?.filter(|head| !head.deleted);
        let mut head = head.ok_or_else(item_not_found)?;
        let was = head.item.valid_from;
        head.item.valid_from = now().max(Timestamp(was.0 + 1_000));
        head.deleted = true;
        if state.records.end_dataset_item(&head, was).await? {
            return Ok(Response::json(200, &MessageAnswer { message: "Dataset item successfully deleted".to_owned() }));
        }
    }
    Err(Error::conflict("The dataset item was changed by others at the same time. Try again."))
}
