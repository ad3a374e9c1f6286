//! What the function holds between requests.

use std::time::Duration;

use agenttrace_cloud::{MediaBucket, Queue, Secrets, sdk_config};
use agenttrace_domain::DeleteJob;
use agenttrace_kit::http::Authenticate;
use agenttrace_kit::{Authenticator, Error, config, media};
use agenttrace_records::Records;
use agenttrace_store::{MAX_MEMORY, Store};

use crate::prompt_ids::PromptIds;

/// Longer than a batch of the writer takes.
const SWEEP_AFTER: Duration = Duration::from_secs(300);

pub struct State {
    pub authenticator: Authenticator,
    pub store: Store,
    pub deletions: Queue,
    pub records: Records,
    pub media: MediaBucket,
    pub prompt_ids: PromptIds,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let secrets = Secrets::new(&sdk);
        let records = Records::new(&sdk, config::TABLE_NAME.require()?);
        let user = secrets.user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        Ok(Self {
            store: Store::reader(
                &config::CLICKHOUSE_URL.require()?,
                &config::CLICKHOUSE_DATABASE.require()?,
                &user.username,
                &user.password,
            )
            .max_memory(config::QUERY_MAX_BYTES.number(MAX_MEMORY, 1_000_000, 1_000_000_000_000)?),
            deletions: Queue::new(&sdk, config::DELETE_QUEUE_URL.require()?),
            authenticator: Authenticator::new(records.clone(), secrets),
            prompt_ids: PromptIds::new(records.clone()),
            records,
            media: media::bucket(&sdk)?,
        })
    }

    /// Orders a deletion, twice: the writer may have read the trace just before the first and put it back just after it.
    pub async fn delete_traces(&self, job: DeleteJob) -> Result<(), Error> {
        self.deletions.send(&job).await?;
        Ok(self.deletions.send_after(&job, SWEEP_AFTER).await?)
    }
}

impl Authenticate for State {
    fn authenticator(&self) -> Option<&Authenticator> {
        Some(&self.authenticator)
    }
}
