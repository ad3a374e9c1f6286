//! One object after the other, in the order of the stream they came from.

use std::sync::Arc;

use agenttrace_cloud::failed::{self, FailedRecord, NoRecord};
use agenttrace_cloud::record::Record;
use agenttrace_cloud::{Blobs, Stream, sdk_config};
use agenttrace_kit::{Error, config, telemetry};
use serde::Serialize;
use serde_json::Value;

/// Stays well inside the function's time limit; the answer says whether there is more.
const MAX_OBJECTS: usize = 2_000;

pub struct State {
    blobs: Blobs,
    stream: Stream,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        Ok(Self { blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?), stream: Stream::new(&sdk, config::STREAM_NAME.require()?) })
    }
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    redriven: usize,
    /// Objects that hold no record; they stay where they are.
    unreadable: usize,
    /// There may be more: run it again.
    more: bool,
}

pub async fn handle(state: Arc<State>, _event: Value) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    let mut after: Option<String> = None;
    while outcome.redriven + outcome.unreadable < MAX_OBJECTS {
        let keys = state.blobs.list(failed::PREFIX, after.as_deref()).await?;
        let Some(last) = keys.last().cloned() else { return Ok(outcome) };
        for key in keys {
            match record_of(&state.blobs.get(&key).await?) {
                Ok(record) => {
                    state.stream.put(vec![record]).await?;
                    state.blobs.delete(&key).await?;
                    outcome.redriven += 1;
                }
                Err(error) => {
                    tracing::error!(key, error = telemetry::chain(&error), "the object holds no record");
                    outcome.unreadable += 1;
                }
            }
        }
        after = Some(last);
    }
    outcome.more = true;
    Ok(outcome)
}

fn record_of(body: &[u8]) -> Result<Record, NoRecord> {
    let failed = FailedRecord::parse(body)?;
    Ok(Record { data: failed.record()?, partition_key: failed.partition_key, overflow_prefix: None })
}
