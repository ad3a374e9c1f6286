//! What the function holds between requests.

use agenttrace_cloud::{Secrets, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::Records;
use agenttrace_store::{MAX_MEMORY, Store};

pub struct State {
    authenticator: Authenticator,
    pub records: Records,
    /// To see whether what is commented on exists.
    pub store: Store,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let secrets = Secrets::new(&sdk);
        let user = secrets.user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            store: Store::reader(
                &config::CLICKHOUSE_URL.require()?,
                &config::CLICKHOUSE_DATABASE.require()?,
                &user.username,
                &user.password,
            )
            .max_memory(config::QUERY_MAX_BYTES.number(MAX_MEMORY, 1_000_000, 1_000_000_000_000)?),
            authenticator: Authenticator::new(records.clone(), secrets),
            records,
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
