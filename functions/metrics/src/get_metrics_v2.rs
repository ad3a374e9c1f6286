//! `get_metrics_v2`: aggregates as a query asks for them, without the view of traces and without groups of a row each.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::metrics::Version;

use crate::get_metrics::answer;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    answer(&state, &call, Version::V2).await
}
