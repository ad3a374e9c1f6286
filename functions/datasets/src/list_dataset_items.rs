//! Dataset items, newest first, as they are or as they were at a time.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::paging::{Page, PageMeta};
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_records::{Dataset, DatasetItemFilter};
use percent_encoding::percent_decode_str;

use crate::query::{PageQuery, given, time};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let project_id = call.project_id()?;
    let page = PageQuery::of(request)?;
    let filter = filter(request)?;
    let version = given(request, "version").map(|text| time("version", text)).transpose()?;
    let dataset = match (request.query("datasetName").filter(|name| !name.is_empty()), version) {
        (Some(name), _) => Some(named(&state, project_id, name).await?),
        (None, Some(_)) => return Err(Error::bad_request("`version` needs `datasetName`")),
        (None, None) => None,
    };
    let (skip, limit) = (page.skip(), page.limit());

    let found = match (&dataset, version) {
        (Some(dataset), Some(at)) => state.records.list_dataset_items_at(project_id, &dataset.id, at, &filter, skip, limit).await?,
        _ => state.records.list_dataset_items(project_id, dataset.as_ref().map(|d| d.id.as_str()), &filter, skip, limit).await?,
    };
    let names = match dataset {
        Some(dataset) => HashMap::from([(dataset.id, dataset.name)]),
        None => {
            let ids: Vec<String> = found.rows.iter().map(|item| item.id.clone()).collect();
            let heads = state.records.dataset_item_heads(project_id, &ids).await?;
            heads.into_values().map(|head| (head.item.dataset_id, head.dataset_name)).collect()
        }
    };
    let data = state.show_items(found.rows, &names).await?;
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, found.total) }))
}

/// The dataset of a name. Python's SDK 2 encodes the name in this query once too often.
async fn named(state: &State, project_id: &str, name: &str) -> Result<Dataset, Error> {
    match state.dataset(project_id, name).await {
        Err(_) if name.contains('%') => state.dataset(project_id, &percent_decode_str(name).decode_utf8_lossy()).await,
        found => found,
    }
}

fn filter(request: &Request) -> Result<DatasetItemFilter, Error> {
    let archived = match given(request, "status") {
        None | Some("ACTIVE") => Some(false),
        Some("ARCHIVED") => Some(true),
        Some("ALL") => None,
        Some(_) => return Err(Error::bad_request("`status` must be ACTIVE, ARCHIVED or ALL")),
    };
    Ok(DatasetItemFilter {
        archived,
        source_trace_id: given(request, "sourceTraceId").map(str::to_owned),
        source_observation_id: given(request, "sourceObservationId").map(str::to_owned),
    })
}
