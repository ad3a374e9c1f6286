//! Sessions of coding agents: one trace each, with what was done in it.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::paging::CursorPage;

const READ: Access = Access::Project(Scope::Read);

pub const LIST_AGENT_SESSIONS: Operation = Operation::new(
    "list_agent_sessions",
    Method::Get,
    "/api/public/agent-sessions",
    "agents",
    READ,
    "Sessions of coding agents, the newest or the largest first.",
)
.query(schema::<ListAgentSessionsQuery>)
.answers(200, schema::<CursorPage<AgentSession>>);
pub const GET_AGENT_SESSION: Operation = Operation::new(
    "get_agent_session",
    Method::Get,
    "/api/public/agent-sessions/{traceId}",
    "agents",
    READ,
    "One session of a coding agent, by the id of its trace.",
)
.answers(200, schema::<AgentSession>);
pub const LIST_AGENT_USAGE: Operation = Operation::new(
    "list_agent_usage",
    Method::Get,
    "/api/public/agent-usage",
    "agents",
    READ,
    "What coding agents did and cost, by agent, repository, branch, person, model or day.",
)
.query(schema::<ListAgentUsageQuery>)
.answers(200, schema::<AgentUsage>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListAgentSessionsQuery {
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    /// Sessions that began at this time or later.
    pub from_timestamp: Option<String>,
    /// Sessions that began before this time.
    pub to_timestamp: Option<String>,
    /// `claude-code`, `codex`, `gemini-cli` …
    pub agent: Option<String>,
    /// The repository's address in any of its forms.
    pub repository: Option<String>,
    /// Sessions on this branch, or with a commit on it.
    pub branch: Option<String>,
    pub user_id: Option<String>,
    pub environment: Option<String>,
    /// A part of the first prompt or of an id, in any case.
    pub search: Option<String>,
    /// startTime (when absent), totalCost, durationMs or failedCommands; the newest or the largest first.
    pub order_by: Option<String>,
}

/// What an agent did in a session. Null is unknown; counts come from merged rows, so what is told twice counts once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentSession {
    pub trace_id: String,
    pub session_id: String,
    pub agent: String,
    pub agent_version: Option<String>,
    /// The first prompt, cut to 200 characters.
    pub title: Option<String>,
    pub user_id: Option<String>,
    pub environment: String,
    /// As `https://host/owner/name`.
    pub repository_url: Option<String>,
    pub branch: Option<String>,
    pub models: Vec<String>,
    pub start_time: String,
    pub end_time: String,
    pub duration_ms: u64,
    pub turns: u64,
    pub model_calls: u64,
    pub tool_calls: u64,
    pub subagents: u64,
    pub commands: u64,
    /// Commands that are known to have failed.
    pub failed_commands: u64,
    /// Different files that were created, changed, moved or deleted.
    pub files_changed: u64,
    pub lines_added: u64,
    pub lines_removed: u64,
    /// Different commits that are linked to the session.
    pub commits: u64,
    pub pull_requests: Vec<PullRequestRef>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub total_tokens: u64,
    /// USD; null when no call has a price.
    pub total_cost: Option<f64>,
    /// False when calls without a price are missing from the cost.
    pub cost_complete: bool,
    /// Steps that failed.
    pub errors: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct PullRequestRef {
    pub number: u32,
    pub url: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListAgentUsageQuery {
    /// agent, repository, branch, userId, model or day.
    pub group_by: String,
    /// Sessions that began at this time or later; 30 days before `toTimestamp` when absent.
    pub from_timestamp: Option<String>,
    /// Sessions that began before this time.
    pub to_timestamp: Option<String>,
    pub agent: Option<String>,
    pub repository: Option<String>,
    pub branch: Option<String>,
    pub user_id: Option<String>,
    pub environment: Option<String>,
    pub search: Option<String>,
    /// Most rows, 1 to 1000, 100 when absent: of days the newest, else those with the most sessions.
    pub limit: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AgentUsage {
    pub data: Vec<AgentUsageRow>,
}

/// Sums over the sessions of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentUsageRow {
    /// The agent, repository, branch, user or model; a day as `2026-01-31`. Empty where it is unknown. A session that used two models is in the
    /// rows of both, each with its own calls, tokens and cost.
    pub key: String,
    pub sessions: u64,
    /// Different users.
    pub people: u64,
    pub turns: u64,
    pub commands: u64,
    pub failed_commands: u64,
    pub commits: u64,
    pub lines_added: u64,
    pub lines_removed: u64,
    pub total_tokens: u64,
    /// USD; null when no call has a price.
    pub total_cost: Option<f64>,
    pub cost_complete: bool,
}
