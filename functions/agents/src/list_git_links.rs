//! `list_git_links`, `list_git_links_of_commit` and `list_git_links_of_trace`.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::agents::{List, Number, Search, Text};

use crate::query::{self, given};
use crate::state::State;

const FILTERS: &[(&str, Text)] =
    &[("traceId", Text::Trace), ("sessionId", Text::Session), ("agent", Text::Agent), ("branch", Text::Branch)];

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let list = list(&call.request)?;
    Ok(query::page(state.store.for_project(call.project_id()?).list_git_links(list).await?))
}

pub async fn of_commit(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let sha = query::commit_id(call.request.param("sha"))?;
    let mut list = list(&call.request)?;
    list.only(Text::Commit, &sha);
    Ok(query::page(state.store.for_project(call.project_id()?).list_git_links(list).await?))
}

pub async fn of_trace(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let mut list = list(&call.request)?;
    list.only(Text::Trace, call.request.param("traceId"));
    list.ascending = true;
    Ok(query::page(state.store.for_project(call.project_id()?).list_git_links(list).await?))
}

fn list(request: &Request) -> Result<List, Error> {
    let mut list = query::list(request, FILTERS)?;
    query::repository(request, &mut list);
    query::number(request, &mut list, "prNumber", Number::PullRequest)?;
    if let Some(part) = given(request, "search") {
        list.search(Search::Commits, part);
    }
    Ok(list)
}
