//! What the function holds between requests.

use std::sync::Mutex;

use agenttrace_cloud::{Belongs, Sealer, Secrets, Stream, sdk_config};
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config};
use agenttrace_records::{GithubWebhook, Records};

/// Opened secrets that are remembered.
const MOST: usize = 200;

pub struct State {
    authenticator: Authenticator,
    pub records: Records,
    pub sealer: Sealer,
    pub stream: Stream,
    pub buckets: u32,
    /// Sealed texts and what they hold: a delivery needs no call to KMS, and another secret is another text.
    opened: Mutex<Vec<(String, String)>>,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        Ok(Self {
            authenticator: Authenticator::new(records.clone(), Secrets::new(&sdk)),
            sealer: Sealer::new(&sdk, config::SECRETS_KEY_ARN.require()?),
            stream: Stream::new(&sdk, config::STREAM_NAME.require()?),
            buckets: u32::try_from(config::STREAM_BUCKETS.number(4, 1, 256)?).unwrap_or(4),
            opened: Mutex::new(Vec::new()),
            records,
        })
    }

    /// The secret with which GitHub signs for this webhook.
    pub async fn secret(&self, webhook: &GithubWebhook) -> Result<String, Error> {
        if let Some(known) = self.remembered(&webhook.sealed) {
            return Ok(known);
        }
        let secret = self.sealer.open(&webhook.sealed, belongs(&webhook.project_id)).await?;
        let mut opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if opened.len() >= MOST {
            opened.clear();
        }
        opened.push((webhook.sealed.clone(), secret.clone()));
        Ok(secret)
    }

    fn remembered(&self, sealed: &str) -> Option<String> {
        let opened = self.opened.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        opened.iter().find(|(known, _)| known == sealed).map(|(_, secret)| secret.clone())
    }
}

/// What a project's secret is sealed for.
pub const fn belongs(project_id: &str) -> Belongs<'_> {
    Belongs { purpose: "github-webhook", project_id, record_id: "secret" }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
