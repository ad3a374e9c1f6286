//! Deletes a run with its items; the traces stay. The head says so at once, a row on the stream hides the items wherever they are listed,
//! and a job removes them for good.

use std::sync::Arc;

use agenttrace_api::traces::MessageAnswer;
use agenttrace_domain::{DeleteJob, RunItem, Timestamp};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{Dataset, DatasetRun};

use crate::state::State;

const TRIES: usize = 20;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let dataset = state.dataset(call.project_id()?, call.request.param("datasetName")).await?;
    let name = call.request.param("runName");
    let run = state.find_run(&dataset, name).await?;
    let now = agenttrace_kit::now();
    end(&state, &dataset, name, &run.id, now).await?;
    state.tell(&dataset.project_id, RunItem::deleted(run.id.clone(), now), now).await?;
    let before = u64::try_from(now.0).unwrap_or(0);
    state.deletions.send(&DeleteJob::DatasetRuns { project_id: dataset.project_id, run_ids: vec![run.id], before }).await?;
    Ok(Response::json(200, &MessageAnswer { message: "Dataset run successfully deleted".to_owned() }))
}

/// Notes in the head that the run is gone, also where spans alone told of it.
async fn end(state: &State, dataset: &Dataset, name: &str, run_id: &str, now: Timestamp) -> Result<(), Error> {
    for _ in 0..TRIES {
        let known = state.records.dataset_run(&dataset.project_id, &dataset.id, name).await?;
        let was = known.as_ref().map(|run| run.revision);
        let gone = DatasetRun {
            id: run_id.to_owned(),
            project_id: dataset.project_id.clone(),
            dataset_id: dataset.id.clone(),
            name: name.to_owned(),
            description: None,
            metadata: None,
            created_at: known.map_or(now, |run| run.created_at),
            updated_at: now,
            deleted_at: Some(now),
            revision: was.map_or(0, |revision| revision + 1),
        };
        if state.records.write_dataset_run(&gone, was).await? {
            return Ok(());
        }
    }
    Err(Error::conflict("The run was changed by others at the same time. Try again."))
}
