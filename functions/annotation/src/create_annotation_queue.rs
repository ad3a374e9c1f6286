//! `create_annotation_queue`: a new queue with a name of its own and the score configs by which its items are judged.

use std::sync::Arc;

use agenttrace_api::annotation_queues::CreateAnnotationQueueBody;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{AnnotationQueue, new_id};

use crate::get_annotation_queue::describe;
use crate::paging::{description, name};
use crate::state::State;

pub const NAME_MAX_CHARS: usize = 100;
pub const DESCRIPTION_MAX_CHARS: usize = 2_000;
const MAX_CONFIGS: usize = 50;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let body: CreateAnnotationQueueBody = call.request.json()?;
    let created_at = now();
    let queue = AnnotationQueue {
        id: new_id(),
        project_id: project_id.to_owned(),
        name: name(&body.name, NAME_MAX_CHARS)?,
        description: description(body.description, DESCRIPTION_MAX_CHARS)?,
        score_config_ids: known_configs(&state, project_id, body.score_config_ids).await?,
        created_at,
        updated_at: created_at,
    };
    state.records.create_annotation_queue(&queue).await?;
    Ok(Response::json(200, &describe(queue)))
}

/// The ids, each once, if all are score configs of the project.
pub async fn known_configs(state: &State, project_id: &str, mut ids: Vec<String>) -> Result<Vec<String>, Error> {
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    if ids.is_empty() || ids.len() > MAX_CONFIGS {
        return Err(Error::bad_request(format!("`scoreConfigIds` must be a list of 1 to {MAX_CONFIGS} ids of score configs.")));
    }
    let found = state.records.score_configs(project_id, &ids).await?;
    match ids.iter().find(|id| !found.iter().any(|config| config.id == **id)) {
        None => Ok(ids),
        Some(unknown) => {
            let unknown: String = unknown.chars().take(50).collect();
            Err(Error::bad_request(format!("`scoreConfigIds`: {unknown:?} is not a score config of this project.")))
        }
    }
}
