//! Datasets, newest first: alone (v2), or with the ids of their items and the names of their runs (v1).

use std::sync::Arc;

use agenttrace_api::datasets::DatasetWithIds;
use agenttrace_api::paging::{Page, PageMeta};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{Dataset, DatasetItemFilter, Slice};

use crate::get_dataset::show;
use crate::query::{PageQuery, given};
use crate::state::State;

/// Of one dataset in the list of v1; GET /dataset-items has them all.
const MAX_IDS: usize = 10_000;

pub async fn v2(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (page, found) = list(&state, &call).await?;
    let data: Vec<_> = found.rows.into_iter().map(show).collect();
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, found.total) }))
}

pub async fn v1(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (page, found) = list(&state, &call).await?;
    let active = DatasetItemFilter { archived: Some(false), ..DatasetItemFilter::default() };
    let mut data = Vec::with_capacity(found.rows.len());
    for dataset in found.rows {
        let items = state.records.list_dataset_items(&dataset.project_id, Some(&dataset.id), &active, 0, MAX_IDS).await?;
        let runs = state.runs_of(&dataset).await?;
        data.push(DatasetWithIds {
            items: items.rows.into_iter().map(|item| item.id).collect(),
            runs: runs.into_iter().map(|run| run.name).collect(),
            dataset: show(dataset),
        });
    }
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, found.total) }))
}

async fn list(state: &State, call: &Call) -> Result<(PageQuery, Slice<Dataset>), Error> {
    let page = PageQuery::of(&call.request)?;
    let part = given(&call.request, "name").unwrap_or_default();
    Ok((page, state.records.list_datasets(call.project_id()?, part, page.skip(), page.limit()).await?))
}
