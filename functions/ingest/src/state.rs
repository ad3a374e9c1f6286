//! What the function holds between requests.

use agenttrace_cloud::{Blobs, Secrets, Stream, sdk_config};
use agenttrace_ingest::Limits;
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::Records;

pub struct State {
    authenticator: Authenticator,
    pub stream: Stream,
    pub blobs: Blobs,
    pub buckets: u32,
    pub limits: Limits,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            authenticator: Authenticator::new(records, Secrets::new(&sdk)),
            stream: Stream::new(&sdk, config::STREAM_NAME.require()?),
            blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?),
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
