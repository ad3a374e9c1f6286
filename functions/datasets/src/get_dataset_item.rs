//! One dataset item as it is, archived or not.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::items::item_not_found;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let head = state.records.dataset_item(call.project_id()?, call.request.param("datasetItemId")).await?;
    let head = head.filter(|head| !head.deleted).ok_or_else(item_not_found)?;
    let texts = state.texts_of(&head.item).await?;
    Ok(Response::json(200, &state.show_item(head.item, &head.dataset_name, texts).await?))
}
