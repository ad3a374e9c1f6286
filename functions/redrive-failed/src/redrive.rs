//! One object after the other, in the order of the stream they came from.

use std::sync::Arc;

use agenttrace_cloud::record::Record;
use agenttrace_cloud::{Blobs, Stream, sdk_config};
use agenttrace_kit::{Error, config, telemetry};
use base64::Engine as _;
use serde::{Deserialize, Serialize};
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

/// As `write-events` put it aside.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FailedRecord {
    partition_key: String,
    data: String,
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
        let keys = state.blobs.list("failed/", after.as_deref()).await?;
        let Some(last) = keys.last().cloned() else { return Ok(outcome) };
        for key in keys {
            match record_of(&state.blobs.get(&key).await?) {
                Ok(record) => {
                    state.stream.put(vec![record]).await?;
                    state.blobs.delete(&key).await?;
                    outcome.redriven += 1;
                }
                Err(error) => {
                    tracing::error!(key, error = telemetry::chain(error.as_ref()), "the object holds no record");
                    outcome.unreadable += 1;
                }
            }
        }
        after = Some(last);
    }
    outcome.more = true;
    Ok(outcome)
}

fn record_of(body: &[u8]) -> Result<Record, Box<dyn std::error::Error + Send + Sync>> {
    let failed: FailedRecord = serde_json::from_slice(body)?;
    let data = base64::engine::general_purpose::STANDARD.decode(failed.data)?;
    Ok(Record { partition_key: failed.partition_key, data, overflow_prefix: None })
}
