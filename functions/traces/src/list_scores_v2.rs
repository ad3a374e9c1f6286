//! `list_scores_v2`: Langfuse's second list of scores: of every subject.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Response};

use crate::score_query::{self, Subjects};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    score_query::list(&state, &call, Subjects::All).await
}
