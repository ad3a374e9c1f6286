//! `delete_comment`: deletes one's own comment; administrators and API keys delete any.

use std::sync::Arc;

use agenttrace_api::projects::Deleted;
use agenttrace_auth::{Caller, Role, Scope};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::Comment;

use crate::get_comment::{comment_of, not_found};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let comment = comment_of(&state, &call).await?;
    if !may_delete(call.caller()?, &comment) {
        return Err(Error::forbidden("Only the author or an administrator of the project deletes a comment."));
    }
    if !state.records.delete_comment(&comment).await? {
        return Err(not_found());
    }
    Ok(Response::json(200, &Deleted { success: true }))
}

/// May the caller, of the comment's project, delete it?
pub fn may_delete(caller: &Caller, comment: &Comment) -> bool {
    let is_author = caller.user_id().is_some() && caller.user_id() == comment.author_user_id.as_deref();
    caller.allows(Scope::Write) && caller.role().is_none_or(|role| role >= Role::Admin || is_author)
}
