//! `list_commits`: what was pushed and what sessions are linked to, newest first.

use std::sync::Arc;

use agenttrace_api::paging;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::agents::{CommitFilter, CommitList, CommitPosition};

use crate::query::{self, given, owned};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let list = CommitList {
        range: query::range(request)?,
        filter: CommitFilter {
            repository: given(request, "repository").map(agenttrace_domain::repository_url),
            branch: owned(request, "branch"),
            author: owned(request, "author"),
            agent: owned(request, "agent"),
            search: owned(request, "search"),
        },
        after: query::cursor(request, CommitPosition::is_possible)?,
        limit: query::limit(request)?,
    };
    let (data, next) = state.store.for_project(call.project_id()?).list_commits(list).await?;
    Ok(query::cursor_page(data, next.as_ref().map(paging::encode_cursor)))
}
