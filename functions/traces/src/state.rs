//! What the function holds between requests.

use agenttrace_cloud::{Queue, Secrets, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::Records;
use agenttrace_store::Store;

pub struct State {
    pub authenticator: Authenticator,
    pub store: Store,
    pub deletions: Queue,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let secrets = Secrets::new(&sdk);
        let user = secrets.user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        Ok(Self {
            store: Store::reader(
                &config::CLICKHOUSE_URL.require()?,
                &config::CLICKHOUSE_DATABASE.require()?,
                &user.username,
                &user.password,
            ),
            deletions: Queue::new(&sdk, config::DELETE_QUEUE_URL.require()?),
            authenticator: Authenticator::new(Records::new(&sdk, config::TABLE_NAME.require()?), secrets),
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
