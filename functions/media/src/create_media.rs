//! Announces a file: notes it, links it, and says where its bytes go unless they are there.

use std::sync::Arc;

use agenttrace_api::media::{CreateMediaBody, CreatedMedia};
use agenttrace_domain::media::{content_type, media_id};
use agenttrace_domain::valid_id;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{Announced, Owner};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let body: CreateMediaBody = call.request.json()?;
    let (owner, observation_id) = owner(&body)?;
    let content_type = content_type(&body.content_type).ok_or_else(|| {
        Error::bad_request("`contentType` is not one of the types that can be kept. application/octet-stream is for all others.")
    })?;
    if !(1..=state.max_bytes).contains(&body.content_length) {
        return Err(Error::bad_request(format!("`contentLength` must be from 1 to {} bytes: send a smaller file.", state.max_bytes)));
    }
    let id =
        media_id(&body.sha256_hash).ok_or_else(|| Error::bad_request("`sha256Hash` must be the base64 of the SHA-256 of the bytes."))?;
    let announced = Announced { id: &id, sha256: &body.sha256_hash, content_type, content_length: body.content_length };
    // A file whose last link is removed at this very moment is announced once more.
    for _ in 0..3 {
        let now = now();
        let media = state.records.announce_media(project_id, announced, now).await?;
        if !state.records.link_media(project_id, &media, owner, observation_id, &body.field, now).await? {
            continue;
        }
        let upload_url = match media.uploaded_at {
            Some(_) => None,
            // Signed for what this caller will send: the type as it spells it.
            None => Some(state.bucket.upload_url(&media.object, &body.content_type, body.content_length, &body.sha256_hash).await?),
        };
        return Ok(Response::json(201, &CreatedMedia { media_id: id, upload_url }));
    }
    Err(Error::conflict("The file is being removed. Send it again in a moment."))
}

/// What the file belongs to: a trace, or a dataset item; never both.
fn owner(body: &CreateMediaBody) -> Result<(Owner<'_>, Option<&str>), Error> {
    let said = |id: &Option<String>| id.as_deref().filter(|id| !id.is_empty()).map(str::to_owned);
    let bad_id = [&body.trace_id, &body.observation_id, &body.dataset_id, &body.dataset_item_id];
    if bad_id.into_iter().filter_map(said).any(|id| !valid_id(&id)) {
        return Err(Error::bad_request("Ids must be text of 1 to 800 characters, without control characters."));
    }
    let given = |id: &'_ Option<String>| id.as_ref().is_some_and(|id| !id.is_empty());
    let (owner, fields) = match (&body.trace_id, &body.dataset_id, &body.dataset_item_id) {
        (Some(trace), dataset, item) if !trace.is_empty() && !given(dataset) && !given(item) => {
            (Owner::Trace(trace), ["input", "output", "metadata"])
        }
        (trace, Some(dataset_id), Some(item_id)) if !dataset_id.is_empty() && !item_id.is_empty() && !given(trace) => {
            if given(&body.observation_id) {
                return Err(Error::bad_request("`observationId` goes with `traceId`, not with a dataset item."));
            }
            (Owner::DatasetItem { dataset_id, item_id }, ["input", "expectedOutput", "metadata"])
        }
        _ => return Err(Error::bad_request("Give either `traceId` (and `observationId`), or both `datasetId` and `datasetItemId`.")),
    };
    if !fields.contains(&body.field.as_str()) {
        return Err(Error::bad_request(format!("`field` must be one of {}.", fields.join(", "))));
    }
    Ok((owner, body.observation_id.as_deref().filter(|id| !id.is_empty())))
}
