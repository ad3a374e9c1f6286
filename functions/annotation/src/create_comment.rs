//! `create_comment`: a comment on something that exists.

use std::sync::Arc;

use agenttrace_api::comments::CreateCommentBody;
use agenttrace_api::ingestion::IdAnswer;
use agenttrace_kit::authenticate::no_such_project;
use agenttrace_kit::{Call, Error, Response, now};
use agenttrace_records::{Comment, CommentObject, new_id};
use agenttrace_store::traces::Texts;

use crate::get_comment::object_type;
use crate::paging::object_id;
use crate::queue_assignments::is_member;
use crate::state::State;

const CONTENT_MAX_CHARS: usize = 5_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let project_id = call.project_id()?;
    let body: CreateCommentBody = call.request.json()?;
    if body.project_id != project_id {
        return Err(no_such_project());
    }
    let object_type = object_type(&body.object_type)?;
    let object_id = object_id(&body.object_id)?;
    let content = body.content.trim();
    if content.is_empty() || content.chars().count() > CONTENT_MAX_CHARS {
        return Err(Error::bad_request(format!("`content` must have 1 to {CONTENT_MAX_CHARS} characters.")));
    }
    let author_user_id = author(&state, &call, body.author_user_id).await?;
    if !exists(&state, project_id, object_type, &object_id).await? {
        let kind = object_type.as_str().to_ascii_lowercase();
        return Err(Error::not_found(format!("Reference object, {kind}: {object_id} not found in authorized project")));
    }
    let comment = Comment {
        id: new_id(),
        project_id: project_id.to_owned(),
        object_type,
        object_id,
        content: content.to_owned(),
        author_user_id,
        created_at: now(),
    };
    state.records.create_comment(&comment).await?;
    Ok(Response::json(200, &IdAnswer { id: comment.id }))
}

/// A signed-in user writes in their own name; a key in that of a member of the project, or in nobody's.
async fn author(state: &State, call: &Call, named: Option<String>) -> Result<Option<String>, Error> {
    let named = named.filter(|id| !id.is_empty());
    if let Some(user_id) = call.caller()?.user_id() {
        return match named {
            Some(other) if other != user_id => Err(Error::forbidden("A comment is written in one's own name: leave out `authorUserId`.")),
            _ => Ok(Some(user_id.to_owned())),
        };
    }
    match named {
        Some(user_id) if !is_member(state, call, &user_id).await? => {
            Err(Error::not_found("`authorUserId` is not a member of this project"))
        }
        named => Ok(named),
    }
}

async fn exists(state: &State, project_id: &str, object_type: CommentObject, id: &str) -> Result<bool, Error> {
    let project = state.store.for_project(project_id);
    Ok(match object_type {
        CommentObject::Trace => !project.traces_by_id(&[id.to_owned()], Texts::None).await?.is_empty(),
        CommentObject::Observation => project.get_observation(None, id).await?.is_some(),
        CommentObject::Session => project.get_session(id).await?.is_some(),
        CommentObject::Prompt => state.records.has_prompt_version(project_id, id).await?,
    })
}
