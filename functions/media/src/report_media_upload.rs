//! A client's report of its upload. What it says is checked: only bytes that the bucket holds can be downloaded.

use std::sync::Arc;

use agenttrace_api::media::ReportMediaUploadBody;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response, now};

use crate::get_media::not_found;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let body: ReportMediaUploadBody = call.request.json()?;
    let at = Timestamp::parse(&body.uploaded_at)
        .ok_or_else(|| Error::bad_request("`uploadedAt` must be an ISO 8601 time such as 2026-01-31T10:00:00.000Z."))?;
    let media = state.records.media(project_id, call.request.param("mediaId")).await?.ok_or_else(not_found)?;
    if media.uploaded_at.is_some() {
        return Ok(Response::empty(204));
    }
    if !matches!(body.upload_http_status, 200 | 201) {
        tracing::warn!(media.id = media.id, status = body.upload_http_status, "a client could not upload media");
        return Ok(Response::empty(204));
    }
    if !state.bucket.holds(&media.object, media.content_length, &media.sha256).await? {
        return Err(Error::bad_request(
            "The bucket does not hold the announced bytes: announce the file again and upload it to the new address.",
        ));
    }
    if !state.records.media_is_uploaded(project_id, &media, at.min(now())).await? {
        return Err(not_found());
    }
    Ok(Response::empty(204))
}
