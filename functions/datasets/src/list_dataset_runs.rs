//! The runs of a dataset, newest first, however they were told.

use std::sync::Arc;

use agenttrace_api::paging::{Page, PageMeta};
use agenttrace_kit::{Call, Error, Response};

use crate::query::PageQuery;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let page = PageQuery::of(&call.request)?;
    let dataset = state.dataset(call.project_id()?, call.request.param("datasetName")).await?;
    let runs = state.runs_of(&dataset).await?;
    let total = runs.len() as u64;
    let data: Vec<_> = runs.into_iter().skip(page.skip()).take(page.limit()).collect();
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, total) }))
}
