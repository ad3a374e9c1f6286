//! A file with an address to fetch it from.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response, media};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let found = state.records.media(call.project_id()?, call.request.param("mediaId")).await?.ok_or_else(not_found)?;
    let shown = media::show(&state.bucket, found).await?.ok_or_else(not_found)?;
    Ok(Response::json(200, &shown))
}

/// The same for a file of another project, for one that was never announced and for one that is not uploaded.
pub fn not_found() -> Error {
    Error::not_found("Media asset not found, or not uploaded yet")
}
