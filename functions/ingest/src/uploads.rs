//! `create_upload` and `ingest_upload`: bodies that are too large for a request. The client puts the body into a bucket by an address signed here, and
//! then says what it is; the answer is the one that the body itself would have had. Saying it again changes nothing, as with any body.
//!
//! Nothing is kept of an upload but its object, which the bucket forgets after a day.

use std::sync::Arc;

use agenttrace_api::ErrorName;
use agenttrace_api::ingestion::{CreateUploadBody, CreatedUpload, IngestUploadBody, UploadTarget};
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;
use crate::{export_logs, export_metrics, export_traces, ingest_batch};

/// The same as [`agenttrace_ingest::Limits::max_decompressed`]: a larger one would be refused afterwards.
const MAX_BYTES: u64 = 32 << 20;
const CONTENT_TYPE: &str = "application/octet-stream";

pub async fn create(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: CreateUploadBody = call.request.json()?;
    if body.content_length == 0 || body.content_length > MAX_BYTES {
        return Err(Error::refused(
            ErrorName::PayloadTooLargeError,
            format!("An upload must have 1 to {MAX_BYTES} bytes. Send more smaller ones, or compress it."),
        ));
    }
    let is_digest = base64_simd::STANDARD.decode_to_vec(body.sha256_hash.as_bytes()).is_ok_and(|digest| digest.len() == 32);
    if !is_digest {
        return Err(Error::bad_request("`sha256Hash` must be the body's SHA-256 as base64."));
    }
    let upload_id = uuid::Uuid::now_v7().to_string();
    let key = key_of(call.project_id()?, &upload_id);
    let upload_url = state.media.upload_url(&key, CONTENT_TYPE, body.content_length, &body.sha256_hash).await?;
    Ok(Response::json(201, &CreatedUpload { upload_id, upload_url, content_type: CONTENT_TYPE.to_owned() }))
}

pub async fn ingest(state: Arc<State>, mut call: Call) -> Result<Response, Error> {
    let body: IngestUploadBody = call.request.json()?;
    let upload_id = uuid::Uuid::parse_str(call.request.param("uploadId")).map_err(|_| absent())?;
    let key = key_of(call.project_id()?, &upload_id.to_string());
    call.request.body = state.media.get(&key, MAX_BYTES).await?.ok_or_else(absent)?;
    call.request.set_header("content-type", Some(body.content_type));
    call.request.set_header("content-encoding", body.content_encoding);
    match body.target {
        UploadTarget::Traces => export_traces::handle(state, call).await,
        UploadTarget::Logs => export_logs::handle(state, call).await,
        UploadTarget::Metrics => export_metrics::handle(state, call).await,
        UploadTarget::Ingestion => ingest_batch::handle(state, call).await,
    }
}

fn key_of(project_id: &str, upload_id: &str) -> String {
    format!("uploads/{project_id}/{upload_id}")
}

/// The same for another project's, for one that never came, and for one of days ago.
fn absent() -> Error {
    Error::not_found("Upload not found: it was not put, or more than a day ago.")
}
