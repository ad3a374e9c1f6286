//! Deletes a project: callers find it absent at once, and a job deletes what it holds.

use std::sync::Arc;
use std::time::Duration;

use agenttrace_api::projects::DeletionBegun;
use agenttrace_domain::DeleteJob;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

/// Functions may know a key for a minute more, and the writer is behind them: what came in meanwhile is swept up by a second job.
const SWEEP_AFTER: Duration = Duration::from_secs(900);

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.request.param("projectId").to_owned();
    let job = DeleteJob::Project { project_id };
    // The jobs first: once the project is absent nobody could order them again.
    state.deletions.send_after(&job, SWEEP_AFTER).await?;
    state.deletions.send(&job).await?;
    state.records.retire_project(call.request.param("projectId")).await?;
    state.authenticator.forget();
    let message = "Project deletion has been initiated and is being processed asynchronously".to_owned();
    Ok(Response::json(202, &DeletionBegun { success: true, message }))
}
