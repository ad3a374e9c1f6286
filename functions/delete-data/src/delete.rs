//! One deletion after the other.

use std::sync::Arc;

use agenttrace_cloud::{Blobs, Secrets, sdk_config};
use agenttrace_domain::{DeleteJob, overflow_prefix};
use agenttrace_kit::worker::{BatchAnswer, QueueEvent, each_message};
use agenttrace_kit::{Error, config};
use agenttrace_store::write::Writer;

pub struct State {
    writer: Writer,
    blobs: Blobs,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let user = Secrets::new(&sdk).user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        let writer =
            Writer::new(&config::CLICKHOUSE_URL.require()?, &config::CLICKHOUSE_DATABASE.require()?, &user.username, &user.password);
        Ok(Self { writer, blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?) })
    }

    /// The texts of these traces that were too large for the stream.
    async fn delete_objects(&self, project_id: &str, trace_ids: &[String]) -> Result<(), Error> {
        for trace_id in trace_ids {
            for key in self.blobs.list(&overflow_prefix(project_id, trace_id), None).await? {
                self.blobs.delete(&key).await?;
            }
        }
        Ok(())
    }
}

pub async fn handle(state: Arc<State>, event: QueueEvent) -> Result<BatchAnswer, Error> {
    let state = &state;
    Ok(each_message(event, |job: DeleteJob| async move {
        match job {
            DeleteJob::Traces { project_id, trace_ids } => {
                state.writer.delete_traces(&project_id, &trace_ids).await?;
                state.delete_objects(&project_id, &trace_ids).await?;
                tracing::info!(project.id = project_id, traces = trace_ids.len(), "deleted traces");
            }
            DeleteJob::Scores { project_id, score_ids } => {
                state.writer.delete_scores(&project_id, &score_ids).await?;
                tracing::info!(project.id = project_id, scores = score_ids.len(), "deleted scores");
            }
        }
        Ok(())
    })
    .await)
}
