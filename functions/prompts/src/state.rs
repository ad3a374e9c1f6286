//! What the function holds between requests.

use std::sync::atomic::AtomicI64;

use agenttrace_cloud::{Blobs, Secrets, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::Records;

use crate::heads::Heads;
use crate::memory::Memory;

pub struct State {
    pub authenticator: Authenticator,
    pub records: Records,
    pub blobs: Blobs,
    pub memory: Memory,
    pub heads: Heads,
    /// After a failure of the table, until when it is left alone (milliseconds).
    pub away_until: AtomicI64,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            authenticator: Authenticator::new(records.clone(), Secrets::new(&sdk)),
            records,
            blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?),
            memory: Memory::new(),
            heads: Heads::default(),
            away_until: AtomicI64::new(0),
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
