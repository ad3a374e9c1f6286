//! From events to an acknowledgement: packed, put aside when too large, and on the stream before anyone is told.

use std::sync::Arc;

use agenttrace_cloud::record;
use agenttrace_domain::{Envelope, Event, ScoreConfig, Sdk, Source, Timestamp};
use agenttrace_ingest::{Context, Refusal, lift_media, sdk_from_headers};
use agenttrace_kit::{Call, Error, Request};
use agenttrace_pricing::{OwnModels, Prices};

use crate::media;
use crate::state::State;

/// What a request's headers say, and when it came.
pub struct Arrival {
    pub now: Timestamp,
    pub sdk: Sdk,
    pub ingestion_version: Option<u32>,
}

impl Arrival {
    /// 400 on an ingestion version that we do not know.
    pub fn of(request: &Request) -> Result<Self, Error> {
        let ingestion_version = match request.header("x-langfuse-ingestion-version") {
            None => None,
            Some(text) => Some(
                text.trim()
                    .parse::<u32>()
                    .ok()
                    .filter(|v| *v <= 4)
                    .ok_or_else(|| Error::bad_request("x-langfuse-ingestion-version must be a whole number up to 4."))?,
            ),
        };
        Ok(Self { now: agenttrace_kit::now(), sdk: sdk_from_headers(|name| request.header(name)), ingestion_version })
    }

    /// `models` are the project's own.
    pub fn context<'a>(&'a self, state: &'a State, models: &'a OwnModels) -> Context<'a> {
        Context {
            now: self.now,
            sdk: &self.sdk,
            ingestion_version: self.ingestion_version,
            prices: Prices::of(models),
            score_configs: &no_score_config,
            new_id: &new_id,
            limits: &state.limits,
        }
    }
}

/// Where scores may be: [`crate::score_configs::Named`].
fn no_score_config(_: &str) -> Option<Arc<ScoreConfig>> {
    None
}

fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Returns when every event is on the stream, and every file that its texts held is in the bucket.
pub async fn accept(state: &State, call: &Call, arrival: &Arrival, source: Source, mut events: Vec<Event>) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    if let Some(user_id) = call.caller()?.user_id() {
        for event in &mut events {
            if let Event::Score(score) = event {
                score.author_user_id = Some(user_id.to_owned());
            }
        }
    }
    let lifted = lift_media(&mut events, &state.limits);
    media::store(state, call.project_id()?, &lifted, arrival.now).await?;
    drop(lifted);
    let envelope =
        Envelope { project_id: call.project_id()?.to_owned(), received_at: arrival.now, source, sdk: arrival.sdk.clone(), events };
    let mut records = record::pack(envelope, state.buckets);
    for record in records.iter_mut().filter(|r| r.is_large()) {
        let prefix = record.overflow_prefix.take().unwrap_or_else(|| "overflow/".to_owned());
        let key = format!("{prefix}{}", uuid::Uuid::now_v7());
        let body = std::mem::replace(&mut record.data, record::pointer(&key));
        state.blobs.put(&key, body, "application/octet-stream").await?;
    }
    Ok(state.stream.put(records).await?)
}

/// A refusal of the mapping as an error of the contract.
pub fn refused(refusal: Refusal) -> Error {
    use agenttrace_api::ErrorName;
    let name = match refusal.status() {
        413 => ErrorName::PayloadTooLargeError,
        415 => ErrorName::UnsupportedMediaTypeError,
        _ => ErrorName::InvalidRequestError,
    };
    Error::refused(name, refusal.to_string())
}
