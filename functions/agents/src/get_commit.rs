//! `get_commit`: a commit in every repository that has it.

use std::sync::Arc;

use agenttrace_api::agents::CommitList;
use agenttrace_kit::{Call, Error, Response};

use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let sha = query::commit_id(call.request.param("sha"))?;
    let data = state.store.for_project(call.project_id()?).get_commits(&sha).await?;
    if data.is_empty() {
        return Err(Error::not_found("Commit not found within authorized project"));
    }
    Ok(Response::json(200, &CommitList { data }))
}
