//! `list_pull_requests`: what the host told of pull requests, or links name, newest first.

use std::sync::Arc;

use agenttrace_api::paging;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::agents::{PullRequestFilter, PullRequestList, PullRequestPosition, STATES};

use crate::query::{self, given, owned};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let wanted = given(request, "state").map(|text| {
        let known = STATES.iter().copied().find(|known| known.eq_ignore_ascii_case(text));
        known.ok_or_else(|| Error::bad_request(format!("`state` must be one of {}", STATES.join(", "))))
    });
    let list = PullRequestList {
        range: query::range(request)?,
        filter: PullRequestFilter {
            repository: given(request, "repository").map(agenttrace_domain::repository_url),
            branch: owned(request, "branch"),
            author: owned(request, "author"),
            agent: owned(request, "agent"),
            search: owned(request, "search"),
            state: wanted.transpose()?,
        },
        after: query::cursor(request, PullRequestPosition::is_possible)?,
        limit: query::limit(request)?,
    };
    let (data, next) = state.store.for_project(call.project_id()?).list_pull_requests(list).await?;
    Ok(query::cursor_page(data, next.as_ref().map(paging::encode_cursor)))
}
