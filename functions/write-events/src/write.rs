//! One batch of the stream: read, store, and put aside what never can be stored.

use std::sync::Arc;
use std::time::Instant;

use agenttrace_cloud::{Blobs, Secrets, sdk_config};
use agenttrace_domain::Envelope;
use agenttrace_kit::worker::BatchAnswer;
use agenttrace_kit::{Error, config, telemetry};
use agenttrace_store::write::Writer;

use crate::event::{FailedRecord, StreamEvent, StreamRecord, read};
use crate::store::store;

pub struct State {
    writer: Writer,
    blobs: Blobs,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let user = Secrets::new(&sdk).user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        let writer =
            Writer::new(&config::CLICKHOUSE_URL.require()?, &config::CLICKHOUSE_DATABASE.require()?, &user.username, &user.password);
        Ok(Self { writer, blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?) })
    }
}

/// Stores a batch. An error means that something is away for now and the whole batch shall come again.
pub async fn handle(state: Arc<State>, event: StreamEvent) -> Result<BatchAnswer, Error> {
    let began = Instant::now();
    let mut envelopes: Vec<Envelope> = Vec::with_capacity(event.records.len());
    for record in &event.records {
        match read(record, &state.blobs).await? {
            Ok(envelope) => envelopes.push(envelope),
            Err(reason) => put_aside(&state, record, &reason).await?,
        }
    }
    let (Some(first), Some(last)) = (event.records.first(), event.records.last()) else { return Ok(BatchAnswer::default()) };
    let token = format!("{}-{}", first.position(), last.kinesis.sequence_number);
    let rows = match store(&state.writer, envelopes, &token).await {
        Ok(rows) => rows,
        Err(error) if !error.blames_rows() => return Err(Error::unavailable("store the batch", error)),
        Err(error) => {
            tracing::warn!(error = telemetry::chain(&error), "the batch was refused; storing its records one by one");
            one_by_one(&state, &event.records).await?
        }
    };
    let duration_ms = began.elapsed().as_millis() as u64;
    tracing::info!(records = event.records.len(), rows, duration_ms, "stored a batch");
    Ok(BatchAnswer::default())
}

/// Finds the records that the store refuses for good and puts them aside; the others are stored.
async fn one_by_one(state: &State, records: &[StreamRecord]) -> Result<usize, Error> {
    let mut rows = 0;
    for record in records {
        // Unreadable records were put aside before.
        let Ok(envelope) = read(record, &state.blobs).await? else { continue };
        match store(&state.writer, vec![envelope], &record.position()).await {
            Ok(stored) => rows += stored,
            Err(error) if !error.blames_rows() => return Err(Error::unavailable("store the batch", error)),
            Err(error) => put_aside(state, record, &telemetry::chain(&error)).await?,
        }
    }
    Ok(rows)
}

async fn put_aside(state: &State, record: &StreamRecord, reason: &str) -> Result<(), Error> {
    tracing::error!(
        stream.position = record.position(),
        reason,
        "a record cannot be stored and was put aside; `make redrive` tries it again"
    );
    let failed = FailedRecord {
        reason: reason.to_owned(),
        position: record.position(),
        partition_key: record.kinesis.partition_key.clone(),
        data: record.kinesis.data.clone(),
    };
    let key = format!("failed/{}.json", record.position().replace(':', "/"));
    let body = serde_json::to_vec(&failed).map_err(|e| Error::internal("encode a failed record", e))?;
    Ok(state.blobs.put(&key, body, "application/json").await?)
}
