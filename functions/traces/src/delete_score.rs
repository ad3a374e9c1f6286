//! `delete_score`: orders the deletion of a score.

use std::sync::Arc;

use agenttrace_api::traces::MessageAnswer;
use agenttrace_domain::DeleteJob;
use agenttrace_kit::{Call, Error, Response};

use crate::state::State;

/// An absent score, and another project's, gives the same answer: there is nothing of it here to delete.
pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?.to_owned();
    let score_ids = vec![call.request.param("scoreId").to_owned()];

    state.deletions.send(&DeleteJob::Scores { project_id, score_ids }).await?;

    let message = "Score deletion request received. It will be deleted within minutes.".to_owned();
    Ok(Response::json(202, &MessageAnswer { message }))
}
