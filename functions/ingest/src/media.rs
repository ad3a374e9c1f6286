//! Files that were lifted out of texts: in the bucket, noted and linked before the events go on the stream.

use agenttrace_domain::Timestamp;
use agenttrace_ingest::LiftedMedia;
use agenttrace_ingest::media::{File, Place};
use agenttrace_kit::Error;
use agenttrace_records::{Announced, Owner};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::state::State;

/// So many files are on their way at once; their bytes are in memory already.
const AT_ONCE: usize = 8;

/// Returns when every file is safe. The same again changes nothing.
pub async fn store(state: &State, project_id: &str, media: &LiftedMedia, now: Timestamp) -> Result<(), Error> {
    let mut waiting = Vec::with_capacity(media.files.len());
    for (at, file) in media.files.iter().enumerate() {
        let places: Vec<&Place> = media.places.iter().filter(|place| place.file == at).collect();
        waiting.push(store_file(state, project_id, file, places, now));
    }
    stream::iter(waiting).buffer_unordered(AT_ONCE).try_collect::<()>().await
}

async fn store_file(state: &State, project_id: &str, file: &File, places: Vec<&Place>, now: Timestamp) -> Result<(), Error> {
    let announced =
        Announced { id: &file.id, sha256: &file.sha256, content_type: file.content_type, content_length: file.bytes.len() as u64 };
    // A file whose last link is removed at this very moment is stored once more.
    'again: for _ in 0..3 {
        let known = state.records.announce_media(project_id, announced, now).await?;
        if known.uploaded_at.is_none() {
            state.media.put(&known.object, file.bytes.clone(), file.content_type, &file.sha256).await?;
            if !state.records.media_is_uploaded(project_id, &known, now).await? {
                continue;
            }
        }
        for place in &places {
            let (owner, step) = (Owner::Trace(&place.trace_id), place.observation_id.as_deref());
            if !state.records.link_media(project_id, &known, owner, step, place.field, now).await? {
                continue 'again;
            }
        }
        return Ok(());
    }
    Err(Error::unavailable("store media", std::io::Error::other("the file is being removed at this moment")))
}
