//! `get_session`: Langfuse's session with its traces.

use std::sync::Arc;

use agenttrace_api::filter::{Filter, Test, TextTest};
use agenttrace_api::sessions::SessionWithTraces;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::TimeRange;
use agenttrace_store::traces::{COLUMNS, List, Order, Texts};

use crate::query;
use crate::state::State;

/// The newest traces of a session that an answer holds.
const MAX_TRACES: usize = 1_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let session_id = call.request.param("sessionId");
    let project = state.store.for_project(call.project_id()?);
    let filter = Filter { column: "sessionId".to_owned(), key: None, test: Test::Text(TextTest::Equals, session_id.to_owned()) };
    let list = List {
        range: TimeRange::default(),
        condition: query::condition(COLUMNS, &[filter])?,
        search: None,
        order: Order::NEWEST,
        after: None,
        skip: 0,
        limit: MAX_TRACES,
        texts: Texts::All,
    };

    let (session, traces) = tokio::try_join!(project.get_session(session_id), project.list_traces(list))?;
    let session = session.ok_or_else(not_found)?;

    let traces = traces.rows.into_iter().map(|row| row.into_v1(project.id())).collect();
    Ok(Response::json(200, &SessionWithTraces { session: session.into_v1(project.id()), traces }))
}

pub fn not_found() -> Error {
    Error::not_found("Session not found within authorized project")
}
