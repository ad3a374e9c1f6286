//! Putting records on the stream so that an acknowledgement means they are there.

use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::PutRecordsRequestEntry;

use crate::Error;
use crate::record::Record;

/// PutRecords takes 500 records and 10 MiB a call; staying under 5 MB, base64 included, also suits older limits.
const MAX_CALL_RECORDS: usize = 500;
const MAX_CALL_BYTES: usize = 3_500_000;
/// After this the caller is told to come again: it waits 5 s itself.
const PATIENCE: Duration = Duration::from_millis(3_500);

#[derive(Debug, Clone)]
pub struct Stream {
    client: Client,
    name: String,
}

impl Stream {
    #[must_use]
    pub fn new(config: &SdkConfig, name: String) -> Self {
        Self { client: Client::new(config), name }
    }

    /// Puts all records or fails. A call that fails in part is repeated for its failed records only; a repeated record is
    /// harmless, since everything behind the stream is idempotent.
    pub async fn put(&self, records: Vec<Record>) -> Result<(), Error> {
        let deadline = Instant::now() + PATIENCE;
        let mut waiting: Vec<PutRecordsRequestEntry> = Vec::with_capacity(records.len());
        for record in records {
            let entry = PutRecordsRequestEntry::builder().data(Blob::new(record.data)).partition_key(record.partition_key).build();
            waiting.push(entry.map_err(|source| Error::Permanent { attempt: "build a stream record", source: Box::new(source) })?);
        }
        let mut pause = Duration::from_millis(40);
        while !waiting.is_empty() {
            let rest = waiting.split_off(one_call(&waiting));
            let failed = self.put_once(&waiting).await?;
            if failed.is_empty() {
                waiting = rest;
                continue;
            }
            let mut index = 0;
            waiting.retain(|_| {
                index += 1;
                failed.contains(&(index - 1))
            });
            waiting.extend(rest);
            if Instant::now() + pause > deadline {
                return Err(Error::Temporary {
                    attempt: "put records on the stream",
                    source: format!("{} records were throttled until the deadline", waiting.len()).into(),
                });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(800));
        }
        Ok(())
    }

    /// One call; gives the positions of the records that were not taken.
    async fn put_once(&self, entries: &[PutRecordsRequestEntry]) -> Result<Vec<usize>, Error> {
        let answer = self
            .client
            .put_records()
            .stream_name(&self.name)
            .set_records(Some(entries.to_vec()))
            .send()
            .await
            .map_err(|e| Error::from_sdk("put records on the stream", e))?;
        if answer.failed_record_count.unwrap_or(0) == 0 {
            return Ok(Vec::new());
        }
        Ok(answer.records.iter().enumerate().filter(|(_, r)| r.error_code.is_some()).map(|(i, _)| i).collect())
    }
}

fn one_call(entries: &[PutRecordsRequestEntry]) -> usize {
    let mut bytes = 0;
    let fit = entries.iter().take(MAX_CALL_RECORDS).take_while(|e| {
        bytes += e.data().as_ref().len() + e.partition_key().map_or(0, str::len);
        bytes <= MAX_CALL_BYTES
    });
    fit.count().max(1)
}
