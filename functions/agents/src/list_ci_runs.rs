//! `list_ci_runs` and `list_ci_runs_of_trace`.

use std::sync::Arc;

use agenttrace_domain::agent::{CiProvider, CiStatus};
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::agents::{List, Number, Text};

use crate::query;
use crate::state::State;

const FILTERS: &[(&str, Text)] = &[("traceId", Text::Trace), ("runId", Text::Run), ("commitSha", Text::Commit), ("branch", Text::Branch)];

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let list = list(&call.request)?;
    Ok(query::page(state.store.for_project(call.project_id()?).list_ci_runs(list).await?))
}

pub async fn of_trace(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let mut list = list(&call.request)?;
    list.only(Text::Trace, call.request.param("traceId"));
    list.ascending = true;
    Ok(query::page(state.store.for_project(call.project_id()?).list_ci_runs(list).await?))
}

fn list(request: &Request) -> Result<List, Error> {
    let mut list = query::list(request, FILTERS)?;
    query::repository(request, &mut list);
    query::number(request, &mut list, "prNumber", Number::PullRequest)?;
    let providers: Vec<&str> = CiProvider::ALL.iter().map(|p| p.as_str()).collect();
    query::one_of(request, &mut list, "provider", Text::Provider, &providers)?;
    let states: Vec<&str> = CiStatus::ALL.iter().map(|s| s.as_str()).collect();
    query::one_of(request, &mut list, "status", Text::Status, &states)?;
    Ok(list)
}
