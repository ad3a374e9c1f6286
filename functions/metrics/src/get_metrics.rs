//! `get_metrics`: aggregates as a query asks for them, in Langfuse's first version of it.

use std::sync::Arc;

use agenttrace_api::metrics::{MetricsAnswer, query};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::metrics::{Version, compile};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    answer(&state, &call, Version::V1).await
}

/// The rows of the `query` parameter.
pub async fn answer(state: &State, call: &Call, version: Version) -> Result<Response, Error> {
    let query = query::parse(call.request.query("query")).map_err(Error::bad_request)?;
    let compiled = compile(&query, version).map_err(Error::bad_request)?;

    let data = state.store.for_project(call.project_id()?).metrics(&compiled).await?;

    Ok(Response::json(200, &MetricsAnswer { data }))
}
