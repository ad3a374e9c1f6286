//! `get_usage`: tokens by bucket of time and by group.

use std::sync::Arc;

use agenttrace_api::metrics::Usages;
use agenttrace_kit::{Call, Error, Response};

use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let sums = query::sums(&call.request, false)?;

    let found = state.store.for_project(call.project_id()?).sums(&sums).await?;

    let meta = query::meta(&call.request, &sums, found.truncated);
    let data = found.rows.into_iter().map(|row| row.into_usage(sums.granularity)).collect();
    Ok(Response::json(200, &Usages { data, total: found.total.into_usage(None), meta }))
}
