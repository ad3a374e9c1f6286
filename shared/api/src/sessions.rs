//! Sessions: what traces with the same session id have in common. A session exists while a trace names it.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::paging::{CursorPage, Page};
use crate::traces::Trace;

const READ: Access = Access::Project(Scope::Read);

pub const LIST_SESSIONS: Operation =
    Operation::new("list_sessions", Method::Get, "/api/public/sessions", "traces", READ, "Sessions, a numbered page, newest first.")
        .query(schema::<ListSessionsQuery>)
        .answers(200, schema::<Page<Session>>);
pub const GET_SESSION: Operation =
    Operation::new("get_session", Method::Get, "/api/public/sessions/{sessionId}", "traces", READ, "One session with its traces.")
        .answers(200, schema::<SessionWithTraces>);
pub const LIST_SESSIONS_V2: Operation =
    Operation::new("list_sessions_v2", Method::Get, "/api/public/v2/sessions", "traces", READ, "Rows of the session list, by cursor.")
        .query(schema::<ListSessionsV2Query>)
        .answers(200, schema::<CursorPage<SessionRow>>);
pub const GET_SESSION_V2: Operation =
    Operation::new("get_session_v2", Method::Get, "/api/public/v2/sessions/{sessionId}", "traces", READ, "One session's sums.")
        .answers(200, schema::<SessionRow>);

pub const OPERATIONS: &[Operation] = &[LIST_SESSIONS, GET_SESSION, LIST_SESSIONS_V2, GET_SESSION_V2];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListSessionsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// Sessions created from this time on.
    pub from_timestamp: Option<String>,
    /// Sessions created before this time.
    pub to_timestamp: Option<String>,
    /// Repeatable: sessions of any of them.
    pub environment: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListSessionsV2Query {
    /// 1 to 200, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    /// Sessions with a trace from this time on.
    pub from_timestamp: Option<String>,
    /// Sessions with a trace before this time.
    pub to_timestamp: Option<String>,
    /// `<column>.asc` or `<column>.desc` of createdAt, updatedAt, traceCount, totalCost, durationSeconds.
    pub order_by: Option<String>,
    /// JSON array of filters.
    pub filter: Option<String>,
    /// A part of a session's or user's id.
    pub search: Option<String>,
}

/// A session as Langfuse shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub id: String,
    /// The time of its first trace.
    pub created_at: String,
    pub project_id: String,
    pub environment: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionWithTraces {
    #[serde(flatten)]
    pub session: Session,
    pub traces: Vec<Trace>,
}

/// A row of the session list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionRow {
    pub id: String,
    /// The time of its first trace.
    pub created_at: String,
    /// The time of its newest trace's end.
    pub updated_at: String,
    pub trace_count: u64,
    /// At most 20.
    pub user_ids: Vec<String>,
    pub environment: String,
    /// From the first trace's begin to the last one's end.
    pub duration_seconds: f64,
    /// USD. `null` when no step has a price.
    pub total_cost: Option<f64>,
    pub total_tokens: u64,
    pub error_count: u64,
    /// Steps with a model whose price is unknown: the cost is incomplete by them.
    pub unpriced_count: u64,
    pub models: Vec<String>,
    pub tags: Vec<String>,
}
