//! From events to an acknowledgement: packed, put aside when too large, and on the stream before anyone is told.

use agenttrace_cloud::record;
use agenttrace_domain::{Envelope, Event, Sdk, Source, Timestamp};
use agenttrace_ingest::{Context, Refusal, sdk_from_headers};
use agenttrace_kit::{Call, Error, Request};
use agenttrace_pricing::PriceBook;

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

    pub fn context<'a>(&'a self, state: &'a State) -> Context<'a> {
        Context {
            now: self.now,
            sdk: &self.sdk,
            ingestion_version: self.ingestion_version,
            prices: PriceBook::managed(),
            new_id: &new_id,
            limits: &state.limits,
        }
    }
}

fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Returns when every event is on the stream.
pub async fn accept(state: &State, call: &Call, arrival: &Arrival, source: Source, events: Vec<Event>) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
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
