//! One deletion after the other.

use std::sync::Arc;

use agenttrace_cloud::{Secrets, sdk_config};
use agenttrace_domain::DeleteJob;
use agenttrace_kit::worker::{BatchAnswer, QueueEvent, each_message};
use agenttrace_kit::{Error, config};
use agenttrace_store::write::Writer;

pub struct State {
    writer: Writer,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let user = Secrets::new(&sdk).user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        Ok(Self {
            writer: Writer::new(
                &config::CLICKHOUSE_URL.require()?,
                &config::CLICKHOUSE_DATABASE.require()?,
                &user.username,
                &user.password,
            ),
        })
    }
}

pub async fn handle(state: Arc<State>, event: QueueEvent) -> Result<BatchAnswer, Error> {
    let state = &state;
    Ok(each_message(event, |job: DeleteJob| async move {
        match job {
            DeleteJob::Traces { project_id, trace_ids } => {
                state.writer.delete_traces(&project_id, &trace_ids).await?;
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
