//! What the function holds between requests.

use agenttrace_cloud::{Blobs, MediaBucket, Secrets, Stream, sdk_config};
use agenttrace_ingest::Limits;
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config, media};
use agenttrace_records::{ModelCache, Records};

use crate::score_configs::ScoreConfigs;

pub struct State {
    authenticator: Authenticator,
    pub stream: Stream,
    pub blobs: Blobs,
    pub media: MediaBucket,
    pub records: Records,
    /// Models that projects defined for themselves.
    pub models: ModelCache,
    pub score_configs: ScoreConfigs,
    pub buckets: u32,
    pub limits: Limits,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            authenticator: Authenticator::new(records.clone(), Secrets::new(&sdk)),
            stream: Stream::new(&sdk, config::STREAM_NAME.require()?),
            blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?),
            media: media::bucket(&sdk)?,
            models: ModelCache::new(records.clone()),
            score_configs: ScoreConfigs::new(records.clone()),
            records,
            buckets: u32::try_from(config::STREAM_BUCKETS.number(4, 1, 256)?).unwrap_or(4),
            limits: Limits::default(),
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
