//! What the function holds between requests.

use agenttrace_cloud::{MediaBucket, Secrets, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config, media};
use agenttrace_records::Records;

/// What S3 takes in one PUT.
const LARGEST_PUT: u64 = 5 << 30;

pub struct State {
    authenticator: Authenticator,
    pub records: Records,
    pub bucket: MediaBucket,
    /// The largest file, in bytes.
    pub max_bytes: u64,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            authenticator: Authenticator::new(records.clone(), Secrets::new(&sdk)),
            records,
            bucket: media::bucket(&sdk)?,
            max_bytes: config::MEDIA_MAX_BYTES.number(1_000_000_000, 1, LARGEST_PUT)?,
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
