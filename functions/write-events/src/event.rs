//! The stream's event, and what its records hold.

use agenttrace_cloud::Blobs;
use agenttrace_cloud::record::{self, Content};
use agenttrace_domain::Envelope;
use agenttrace_kit::Error;
use serde::Deserialize;

/// A Kinesis event, only what we read.
#[derive(Debug, Deserialize)]
pub struct StreamEvent {
    #[serde(rename = "Records")]
    pub records: Vec<StreamRecord>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamRecord {
    /// `shardId-000000000000:4957...`
    #[serde(rename = "eventID", default)]
    pub event_id: String,
    pub kinesis: KinesisData,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KinesisData {
    pub data: String,
    pub sequence_number: String,
    pub partition_key: String,
}

impl StreamRecord {
    /// Shard and sequence number: where in the stream this is.
    pub fn position(&self) -> String {
        let shard = self.event_id.split(':').next().filter(|s| !s.is_empty()).unwrap_or("shard");
        format!("{shard}:{}", self.kinesis.sequence_number)
    }
}

/// Reads a record; `Ok(Err(reason))` when it never can be read.
pub async fn read(record: &StreamRecord, blobs: &Blobs) -> Result<Result<Envelope, String>, Error> {
    let data = match base64_simd::STANDARD.decode_to_vec(record.kinesis.data.as_bytes()) {
        Ok(data) => data,
        Err(error) => return Ok(Err(format!("the record is not base64: {error}"))),
    };
    match record::unpack(&data) {
        Ok(Content::Events(envelope)) => Ok(Ok(envelope)),
        Ok(Content::Pointer(key)) => match blobs.get(&key).await {
            Ok(body) => Ok(match record::unpack(&body) {
                Ok(Content::Events(envelope)) => Ok(envelope),
                Ok(Content::Pointer(_)) => Err(format!("the object {key} is itself a pointer")),
                Err(error) => Err(format!("the object {key}: {}", agenttrace_kit::telemetry::chain(&error))),
            }),
            Err(agenttrace_cloud::Error::Missing { what }) => Ok(Err(format!("{what} does not exist"))),
            Err(error) => Err(error.into()),
        },
        Err(error) => Ok(Err(agenttrace_kit::telemetry::chain(&error))),
    }
}
