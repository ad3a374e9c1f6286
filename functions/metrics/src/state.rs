//! What the function holds between requests.

use agenttrace_cloud::{Secrets, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::Records;
use agenttrace_store::{MAX_MEMORY, Store};

pub struct State {
    pub authenticator: Authenticator,
    pub store: Store,
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
            )
            .max_memory(config::QUERY_MAX_BYTES.number(MAX_MEMORY, 1_000_000, 1_000_000_000_000)?),
            authenticator: Authenticator::new(Records::new(&sdk, config::TABLE_NAME.require()?), secrets),
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
