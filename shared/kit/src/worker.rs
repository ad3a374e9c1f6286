//! Entry points for background jobs: queue messages one by one with partial failure, and whole events (stream batches, plain invocations).

use lambda_runtime::LambdaEvent;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::sync::Arc;

use crate::http::{Exit, runtime};
use crate::{Error, telemetry};

/// The items that failed and shall come again. Empty: all done.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    pub batch_item_failures: Vec<ItemFailure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemFailure {
    pub item_identifier: String,
}

/// An SQS event, only what we read.
#[derive(Debug, Deserialize)]
pub struct QueueEvent {
    #[serde(rename = "Records")]
    pub records: Vec<QueueMessage>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueMessage {
    pub message_id: String,
    pub body: String,
}

/// Runs a job that takes whole events: `handle` gets the event and gives the answer. An error fails the invocation, so the event comes again.
pub fn run<S, E, A, I, F, H, G>(init: I, handle: H) -> Exit
where
    S: Send + Sync + 'static,
    E: DeserializeOwned + Send + 'static,
    A: Serialize,
    I: FnOnce() -> F,
    F: Future<Output = Result<S, Error>>,
    H: Fn(Arc<S>, E) -> G,
    G: Future<Output = Result<A, Error>>,
{
    telemetry::start();
    runtime()?.block_on(async {
        let state =
            Arc::new(init().await.inspect_err(|error| tracing::error!(error = telemetry::chain(error), "the function could not start"))?);
        lambda_runtime::run(lambda_runtime::service_fn(|event: LambdaEvent<E>| {
            let answer = handle(Arc::clone(&state), event.payload);
            async move {
                answer.await.map_err(|error| {
                    tracing::error!(error = telemetry::chain(&error), "the job failed");
                    lambda_runtime::Error::from(telemetry::chain(&error))
                })
            }
        }))
        .await
    })
}

/// Handles each message of a queue event; those that fail for now come again, those that can never succeed (`Refused`) are logged and dropped.
pub async fn each_message<M, H, G>(event: QueueEvent, handle: H) -> BatchAnswer
where
    M: DeserializeOwned,
    H: Fn(M) -> G,
    G: Future<Output = Result<(), Error>>,
{
    let mut answer = BatchAnswer::default();
    for message in event.records {
        let outcome = match serde_json::from_str::<M>(&message.body) {
            Ok(job) => handle(job).await,
            Err(error) => Err(Error::bad_request(format!("the message is not a job: {error}"))),
        };
        match outcome {
            Ok(()) => {}
            Err(error @ Error::Refused { .. }) => {
                tracing::error!(message.id = message.message_id, error = telemetry::chain(&error), "dropped a job")
            }
            Err(error) => {
                tracing::warn!(message.id = message.message_id, error = telemetry::chain(&error), "the job will come again");
                answer.batch_item_failures.push(ItemFailure { item_identifier: message.message_id });
            }
        }
    }
    answer
}
