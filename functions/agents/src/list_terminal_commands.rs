//! `list_terminal_commands` and `list_terminal_commands_of_trace`.

use std::sync::Arc;

use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::agents::{List, Number, Search, Text};

use crate::query::{self, given};
use crate::state::State;

const FILTERS: &[(&str, Text)] =
    &[("traceId", Text::Trace), ("observationId", Text::Observation), ("sessionId", Text::Session), ("agent", Text::Agent)];

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let list = list(&call.request)?;
    Ok(query::page(state.store.for_project(call.project_id()?).list_terminal_commands(list).await?))
}

pub async fn of_trace(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let mut list = list(&call.request)?;
    list.only(Text::Trace, call.request.param("traceId"));
    list.ascending = true;
    Ok(query::page(state.store.for_project(call.project_id()?).list_terminal_commands(list).await?))
}

fn list(request: &Request) -> Result<List, Error> {
    let mut list = query::list(request, FILTERS)?;
    query::number(request, &mut list, "exitCode", Number::ExitCode)?;
    match given(request, "failed") {
        None | Some("false") => {}
        Some("true") => list.only_failed(),
        Some(_) => return Err(Error::bad_request("`failed` must be true or false")),
    }
    if let Some(part) = given(request, "search") {
        list.search(Search::CommandsAndOutput, part);
    }
    if let Some(part) = given(request, "workingDir") {
        list.search(Search::WorkingDirectories, part);
    }
    Ok(list)
}
