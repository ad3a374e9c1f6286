//! What the function holds between requests.

use agenttrace_cloud::{Queue, Secrets, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::Records;

pub struct State {
    pub authenticator: Authenticator,
    pub records: Records,
    pub deletions: Queue,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            authenticator: Authenticator::new(records.clone(), Secrets::new(&sdk)),
            records,
            deletions: Queue::new(&sdk, config::DELETE_QUEUE_URL.require()?),
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
