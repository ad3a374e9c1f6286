//! A job queue.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use serde::Serialize;

use crate::Error;

#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    #[must_use]
    pub fn new(config: &SdkConfig, url: String) -> Self {
        Self { client: Client::new(config), url }
    }

    /// Sends a job as JSON.
    pub async fn send<T: Serialize>(&self, job: &T) -> Result<(), Error> {
        self.send_after(job, Duration::ZERO).await
    }

    /// Sends a job as JSON, to be done after a while: 15 minutes at most.
    pub async fn send_after<T: Serialize>(&self, job: &T, delay: Duration) -> Result<(), Error> {
        let body = serde_json::to_string(job).map_err(|source| Error::Permanent { attempt: "encode a job", source: Box::new(source) })?;
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .delay_seconds(i32::try_from(delay.as_secs()).unwrap_or(900).min(900))
            .send()
            .await
            .map(drop)
            .map_err(|e| Error::from_sdk("send a job", e))
    }
}
