//! One dataset by its name: alone (v2), or with its items and the names of its runs (v1).

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::datasets::{Dataset as Shown, DatasetWithItems};
use agenttrace_api::{ErrorName, Json};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{Dataset, DatasetItemFilter};

use crate::state::State;

/// More items do not fit an answer.
const MAX_ITEMS: usize = 2_000;

pub async fn v2(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let dataset = state.dataset(call.project_id()?, call.request.param("datasetName")).await?;
    Ok(Response::json(200, &show(dataset)))
}

pub async fn v1(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let dataset = state.dataset(call.project_id()?, call.request.param("datasetName")).await?;
    let active = DatasetItemFilter { archived: Some(false), ..DatasetItemFilter::default() };
    let items = state.records.list_dataset_items(&dataset.project_id, Some(&dataset.id), &active, 0, MAX_ITEMS).await?;
    if items.total > MAX_ITEMS as u64 {
        return Err(Error::refused(
            ErrorName::UnprocessableContentError,
            format!(
                "The dataset has more than {MAX_ITEMS} items: read it by GET /api/public/v2/datasets and GET /api/public/dataset-items."
            ),
        ));
    }
    let names = HashMap::from([(dataset.id.clone(), dataset.name.clone())]);
    let items = state.show_items(items.rows, &names).await?;
    let runs = state.runs_of(&dataset).await?.into_iter().map(|run| run.name).collect();
    Ok(Response::json(200, &DatasetWithItems { dataset: show(dataset), items, runs }))
}

pub fn show(dataset: Dataset) -> Shown {
    let json = |text: Option<String>| text.and_then(|text| Json::parse(text).ok()).unwrap_or_default();
    Shown {
        id: dataset.id,
        name: dataset.name,
        description: dataset.description,
        metadata: json(dataset.metadata),
        input_schema: json(dataset.input_schema),
        expected_output_schema: json(dataset.expected_output_schema),
        project_id: dataset.project_id,
        created_at: dataset.created_at.to_rfc3339(),
        updated_at: dataset.updated_at.to_rfc3339(),
    }
}
