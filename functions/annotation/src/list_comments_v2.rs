//! `list_comments_v2`: the comments on one object as a page shows them: oldest first, with names.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::comments::{CommentThread, SignedComment};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{CommentFilter, PageRange};

use crate::delete_comment::may_delete;
use crate::get_comment::{describe, object_type};
use crate::paging::object_id;
use crate::state::State;

const MAX_COMMENTS: u64 = 1_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let object_type = object_type(call.request.query("objectType").unwrap_or_default())?;
    let object_id = object_id(call.request.query("objectId").unwrap_or_default())?;
    let filter = CommentFilter { object: Some((object_type, &object_id)), ..CommentFilter::default() };
    let range = PageRange { skip: 0, limit: MAX_COMMENTS };
    let mut comments = state.records.list_comments(call.project_id()?, filter, range).await?.rows;
    comments.reverse();
    let mut authors: Vec<String> = comments.iter().filter_map(|c| c.author_user_id.clone()).collect();
    authors.sort_unstable();
    authors.dedup();
    let names: HashMap<String, String> = state.records.users(&authors).await?.into_iter().map(|u| (u.id, u.name)).collect();
    let caller = call.caller()?;
    let data = comments.into_iter().map(|comment| SignedComment {
        author_name: comment.author_user_id.as_ref().and_then(|id| names.get(id).cloned()),
        may_delete: may_delete(caller, &comment),
        comment: describe(comment),
    });
    Ok(Response::json(200, &CommentThread { data: data.collect() }))
}
