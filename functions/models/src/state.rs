//! What the function holds between requests.

use agenttrace_cloud::{Queue, Secrets, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::{ModelCache, Records};

pub struct State {
    authenticator: Authenticator,
    pub records: Records,
    pub models: ModelCache,
    pub recalculations: Queue,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            authenticator: Authenticator::new(records.clone(), Secrets::new(&sdk)),
            models: ModelCache::new(records.clone()),
            records,
            recalculations: Queue::new(&sdk, config::REPRICE_QUEUE_URL.require()?),
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
