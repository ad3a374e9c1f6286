//! `list_comments`: a page of the project's comments, newest first.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_records::CommentFilter;

use crate::get_comment::{describe, object_type};
use crate::paging::Asked;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let asked = Asked::of(&call.request)?;
    let filter = filter(&call.request)?;
    let found = state.records.list_comments(call.project_id()?, filter, asked.range()).await?;
    Ok(asked.answer(found, describe))
}

fn filter(request: &Request) -> Result<CommentFilter<'_>, Error> {
    let given = |name| request.query(name).filter(|v| !v.is_empty());
    let object_type = given("objectType").map(object_type).transpose()?;
    let object = match (object_type, given("objectId")) {
        (_, None) => None,
        (Some(object_type), Some(id)) => Some((object_type, id)),
        (None, Some(_)) => return Err(Error::bad_request("`objectId` needs `objectType`.")),
    };
    Ok(CommentFilter { object_type, object, author_user_id: given("authorUserId") })
}
