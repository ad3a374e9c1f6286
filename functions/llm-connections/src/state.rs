//! What the function holds between requests.

use agenttrace_cloud::{Sealer, Secrets, sdk_config};
use agenttrace_domain::outbound::Reach;
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::Records;

pub struct State {
    authenticator: Authenticator,
    pub records: Records,
    pub sealer: Sealer,
    /// Which hosts a base URL may name.
    pub reach: Reach,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        let private = config::ALLOW_PRIVATE_HOSTS.get().is_some_and(|text| text == "true");
        Ok(Self {
            authenticator: Authenticator::new(records.clone(), Secrets::new(&sdk)),
            records,
            sealer: Sealer::new(&sdk, config::SECRETS_KEY_ARN.require()?),
            reach: if private { Reach::Private } else { Reach::Public },
        })
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
