//! `update_annotation_queue`: changes a queue's name, description or score configs.

use std::sync::Arc;

use agenttrace_api::annotation_queues::UpdateAnnotationQueueBody;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::AnnotationQueue;

use crate::create_annotation_queue::{DESCRIPTION_MAX_CHARS, NAME_MAX_CHARS, known_configs};
use crate::get_annotation_queue::{describe, queue_of};
use crate::paging::{description, name};
use crate::state::State;

/// Changes that meet are repeated on what the other one left.
const TRIES: usize = 5;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: UpdateAnnotationQueueBody = call.request.json()?;
    let new_name = body.name.as_deref().map(|text| name(text, NAME_MAX_CHARS)).transpose()?;
    let new_description = body.description.map(|text| description(text, DESCRIPTION_MAX_CHARS)).transpose()?;
    let new_configs = match body.score_config_ids {
        Some(ids) => Some(known_configs(&state, call.project_id()?, ids).await?),
        None => None,
    };
    for _ in 0..TRIES {
        let read = queue_of(&state, &call).await?;
        let changed = AnnotationQueue {
            name: new_name.clone().unwrap_or_else(|| read.name.clone()),
            description: new_description.clone().unwrap_or_else(|| read.description.clone()),
            score_config_ids: new_configs.clone().unwrap_or_else(|| read.score_config_ids.clone()),
            updated_at: now().max(Timestamp(read.updated_at.0 + 1)),
            ..read.clone()
        };
        if state.records.replace_annotation_queue(&read, &changed).await? {
            return Ok(Response::json(200, &describe(changed)));
        }
    }
    Err(Error::conflict("Others change this queue at the same time. Try again."))
}
