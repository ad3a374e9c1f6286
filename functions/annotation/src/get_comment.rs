//! `get_comment`: one comment.

use std::sync::Arc;

use agenttrace_api::comments::Comment;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{Comment as Stored, CommentObject};

use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    Ok(Response::json(200, &describe(comment_of(&state, &call).await?)))
}

/// The comment in the path, of the caller's project.
pub async fn comment_of(state: &State, call: &Call) -> Result<Stored, Error> {
    let comment = state.records.comment(call.project_id()?, call.request.param("commentId")).await?;
    comment.ok_or_else(not_found)
}

pub fn not_found() -> Error {
    Error::not_found("Comment not found within authorized project")
}

/// A comment as the API shows it.
pub fn describe(comment: Stored) -> Comment {
    let created_at = comment.created_at.to_rfc3339();
    Comment {
        id: comment.id,
        project_id: comment.project_id,
        updated_at: created_at.clone(),
        created_at,
        object_type: comment.object_type.as_str().to_owned(),
        object_id: comment.object_id,
        content: comment.content,
        author_user_id: comment.author_user_id,
    }
}

pub fn object_type(text: &str) -> Result<CommentObject, Error> {
    CommentObject::parse(text).ok_or_else(|| Error::bad_request("`objectType` must be TRACE, OBSERVATION, SESSION or PROMPT."))
}
