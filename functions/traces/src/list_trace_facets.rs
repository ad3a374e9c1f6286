//! `list_trace_facets`: the most frequent values of a column, for filters.

use std::sync::Arc;

use agenttrace_api::traces::FacetsAnswer;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::traces::FacetColumn;

use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let column = FacetColumn::parse(call.request.query("column").unwrap_or_default()).map_err(Error::bad_request)?;
    let range = query::range(&call.request, "fromTimestamp", "toTimestamp")?;
    let search = query::given(&call.request, "search").unwrap_or_default();
    let project = state.store.for_project(call.project_id()?);

    let data = project.list_trace_facets(column, search, range).await?;

    Ok(Response::json(200, &FacetsAnswer { data }))
}
