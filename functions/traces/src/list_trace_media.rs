//! The files of a trace and its steps, each with an address to fetch it from. A trace that has none, or that is not there, has an empty list:
//! files may arrive before the trace does.

use std::sync::Arc;

use agenttrace_api::media::{TraceMedia, TraceMediaList};
use agenttrace_kit::{Call, Error, Response, media};
use agenttrace_records::Owner;

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let links = state.records.media_links(project_id, Owner::Trace(call.request.param("traceId"))).await?;
    let files = state.records.uploaded_media(project_id, links.iter().map(|link| link.media_id.clone())).await?;
    let mut data = Vec::with_capacity(links.len());
    for link in links {
        let Some(file) = files.iter().find(|file| file.id == link.media_id) else { continue };
        if let Some(media) = media::show(&state.media, file.clone()).await? {
            data.push(TraceMedia { observation_id: link.observation_id, field: link.field, media });
        }
    }
    Ok(Response::json(200, &TraceMediaList { data }))
}
