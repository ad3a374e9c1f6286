//! One batch of the stream: read, store, and put aside what never can be stored.

use std::sync::Arc;
use std::time::Instant;

use agenttrace_cloud::failed::FailedRecord;
use agenttrace_cloud::{Blobs, Secrets, sdk_config};
use agenttrace_domain::Envelope;
use agenttrace_kit::worker::BatchAnswer;
use agenttrace_kit::{Error, config, telemetry};
use agenttrace_records::{ModelCache, Records};
use agenttrace_store::write::Writer;

use crate::event::{StreamEvent, StreamRecord, read};
use crate::store::{ModelsOf, models_of, store};

pub struct State {
    writer: Writer,
    blobs: Blobs,
    /// Models that projects defined for themselves.
    models: ModelCache,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let user = Secrets::new(&sdk).user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        let writer =
            Writer::new(&config::CLICKHOUSE_URL.require()?, &config::CLICKHOUSE_DATABASE.require()?, &user.username, &user.password);
        let models = ModelCache::new(Records::new(&sdk, config::TABLE_NAME.require()?));
        Ok(Self { writer, blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?), models })
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
    let models = models_of(&state.models, &envelopes).await?;
    let rows = match store(&state.writer, envelopes, &models, &token).await {
        Ok(rows) => rows,
        Err(error) if !error.blames_rows() => return Err(Error::unavailable("store the batch", error)),
        Err(error) => {
            tracing::warn!(error = telemetry::chain(&error), "the batch was refused; storing its records one by one");
            one_by_one(&state, &event.records, &models).await?
        }
    };
    let duration_ms = began.elapsed().as_millis() as u64;
    tracing::info!(records = event.records.len(), rows, duration_ms, "stored a batch");
    Ok(BatchAnswer::default())
}

/// Finds the records that the store refuses for good and puts them aside; the others are stored.
async fn one_by_one(state: &State, records: &[StreamRecord], models: &ModelsOf) -> Result<usize, Error> {
    let mut rows = 0;
    for record in records {
        // Unreadable records were put aside before.
        let Ok(envelope) = read(record, &state.blobs).await? else { continue };
        match store(&state.writer, vec![envelope], models, &record.position()).await {
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
    let body = serde_json::to_vec(&failed).map_err(|e| Error::internal("encode a failed record", e))?;
    Ok(state.blobs.put(&failed.key(), body, "application/json").await?)
}
