//! What the function holds between requests.

use agenttrace_cloud::{Secrets, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::Records;
use agenttrace_store::Store;

pub struct State {
    pub records: Records,
    secrets: Secrets,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        Ok(Self { records: Records::new(&sdk, config::TABLE_NAME.require()?), secrets: Secrets::new(&sdk) })
    }

    /// Does ClickHouse answer?
    pub async fn ping_store(&self) -> Result<(), Error> {
        let user = self.secrets.user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        let store =
            Store::reader(&config::CLICKHOUSE_URL.require()?, &config::CLICKHOUSE_DATABASE.require()?, &user.username, &user.password);
        Ok(store.ping().await?)
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        None
    }
}
