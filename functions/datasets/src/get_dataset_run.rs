//! One run of a dataset with its items, newest first.

use std::sync::Arc;

use agenttrace_api::dataset_runs::DatasetRunWithItems;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

/// What fits an answer; GET /dataset-run-items pages through more.
const MAX_ITEMS: usize = 10_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let dataset = state.dataset(call.project_id()?, call.request.param("datasetName")).await?;
    let run = state.find_run(&dataset, call.request.param("runName")).await?;
    let items = state.store.for_project(&dataset.project_id).run_items(&run.id, 0, MAX_ITEMS).await?;
    let dataset_run_items = items.into_iter().map(|item| item.into_item(&run.id)).collect();
    Ok(Response::json(200, &DatasetRunWithItems { run, dataset_run_items }))
}
