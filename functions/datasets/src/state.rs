//! What the function holds between requests, and its way to the stream.

use agenttrace_cloud::{Blobs, MediaBucket, Queue, Secrets, Stream, record, sdk_config};
use agenttrace_domain::{Envelope, Event, RunItem, Sdk, Source, Timestamp};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config, media};
use agenttrace_records::Records;
use agenttrace_store::{MAX_MEMORY, Store};

pub struct State {
    authenticator: Authenticator,
    pub records: Records,
    pub store: Store,
    pub blobs: Blobs,
    pub media: MediaBucket,
    pub deletions: Queue,
    stream: Stream,
    buckets: u32,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let secrets = Secrets::new(&sdk);
        let user = secrets.user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            authenticator: Authenticator::new(records.clone(), secrets),
            records,
            store: Store::reader(
                &config::CLICKHOUSE_URL.require()?,
                &config::CLICKHOUSE_DATABASE.require()?,
                &user.username,
                &user.password,
            )
            .max_memory(config::QUERY_MAX_BYTES.number(MAX_MEMORY, 1_000_000, 1_000_000_000_000)?),
            blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?),
            media: media::bucket(&sdk)?,
            deletions: Queue::new(&sdk, config::DELETE_QUEUE_URL.require()?),
            stream: Stream::new(&sdk, config::STREAM_NAME.require()?),
            buckets: u32::try_from(config::STREAM_BUCKETS.number(4, 1, 256)?).unwrap_or(4),
        })
    }

    /// Returns when the stream has the run item.
    pub async fn tell(&self, project_id: &str, item: RunItem, now: Timestamp) -> Result<(), Error> {
        let envelope = Envelope {
            project_id: project_id.to_owned(),
            received_at: now,
            source: Source::Api,
            sdk: Sdk::default(),
            events: vec![Event::RunItem(Box::new(item))],
        };
        let mut records = record::pack(envelope, self.buckets);
        for record in records.iter_mut().filter(|r| r.is_large()) {
            let prefix = record.overflow_prefix.take().unwrap_or_else(|| "overflow/".to_owned());
            let key = format!("{prefix}{}", uuid::Uuid::now_v7());
            let body = std::mem::replace(&mut record.data, record::pointer(&key));
            self.blobs.put(&key, body, "application/octet-stream").await?;
        }
        Ok(self.stream.put(records).await?)
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
