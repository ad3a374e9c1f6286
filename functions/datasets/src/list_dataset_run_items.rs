//! The items of a run, newest first.

use std::sync::Arc;

use agenttrace_api::paging::{Page, PageMeta};
use agenttrace_kit::{Call, Error, Response};

use crate::query::{PageQuery, given};
use crate::runs::{run_id, run_not_found};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let project_id = call.project_id()?;
    let page = PageQuery::of(request)?;
    let needed = |name: &str| given(request, name).ok_or_else(|| Error::bad_request(format!("`{name}` is required")));
    let (dataset_id, run_name) = (needed("datasetId")?, needed("runName")?);
    let project = state.store.for_project(project_id);

    let head = state.records.dataset_run(project_id, dataset_id, run_name).await?;
    let run = match head {
        Some(head) if head.deleted_at.is_none() => head.id,
        // Told by spans only: then it has items.
        _ => run_id(project_id, dataset_id, run_name),
    };
    let (items, total) = tokio::try_join!(project.run_items(&run, page.skip(), page.limit()), project.count_run_items(&run))?;
    if total == 0 && state.records.dataset_run(project_id, dataset_id, run_name).await?.is_none_or(|head| head.deleted_at.is_some()) {
        return Err(run_not_found());
    }
    let data: Vec<_> = items.into_iter().map(|item| item.into_item(&run)).collect();
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, total) }))
}
