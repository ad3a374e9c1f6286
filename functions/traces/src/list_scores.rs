//! `list_scores`: Langfuse's first list of scores: of traces and observations.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::score_query::{self, Subjects};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    score_query::list(&state, &call, Subjects::Traces).await
}
