//! `list_file_operations` and `list_file_operations_of_trace`.

use std::sync::Arc;

use agenttrace_domain::agent::FileAction;
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::agents::{List, Search, Text};

use crate::query::{self, given};
use crate::state::State;

const FILTERS: &[(&str, Text)] = &[
    ("traceId", Text::Trace),
    ("observationId", Text::Observation),
    ("sessionId", Text::Session),
    ("agent", Text::Agent),
    ("filePath", Text::Path),
];

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let list = list(&call.request)?;
    Ok(query::page(state.store.for_project(call.project_id()?).list_file_operations(list).await?))
}

pub async fn of_trace(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let mut list = list(&call.request)?;
    list.only(Text::Trace, call.request.param("traceId"));
    list.ascending = true;
    Ok(query::page(state.store.for_project(call.project_id()?).list_file_operations(list).await?))
}

fn list(request: &Request) -> Result<List, Error> {
    let mut list = query::list(request, FILTERS)?;
    let names: Vec<&str> = FileAction::ALL.iter().map(|a| a.as_str()).collect();
    query::one_of(request, &mut list, "operation", Text::Operation, &names)?;
    if let Some(part) = given(request, "search") {
        list.search(Search::Paths, part);
    }
    Ok(list)
}
