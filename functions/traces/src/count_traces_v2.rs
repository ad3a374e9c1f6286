//! `count_traces_v2`: how many traces the list has.

use std::sync::Arc;

use agenttrace_api::traces::CountAnswer;
use agenttrace_kit::{Call, Error, Response};

use crate::list_traces_v2::wanted;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let (range, condition, search) = wanted(&call.request)?;
    let project = state.store.for_project(call.project_id()?);

    let (count, at_least) = project.count_traces(range, condition, search.as_ref()).await?;

    Ok(Response::json(200, &CountAnswer { count, at_least }))
}
