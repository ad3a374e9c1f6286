//! Sessions of coding agents.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{Ask, limit, page, steps};
use crate::mcp::backend::{Failure, Query, get, segment};

const ROW: &[&str] = &[
    "traceId",
    "sessionId",
    "agent",
    "title",
    "userId",
    "repositoryUrl",
    "branch",
    "models",
    "startTime",
    "durationMs",
    "turns",
    "modelCalls",
    "toolCalls",
    "subagents",
    "commands",
    "failedCommands",
    "filesChanged",
    "linesAdded",
    "linesRemoved",
    "commits",
    "pullRequests",
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "totalCost",
    "costComplete",
    "errors",
];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum OrderBy {
    StartTime,
    TotalCost,
    DurationMs,
    FailedCommands,
}

impl OrderBy {
    const fn name(&self) -> &'static str {
        match self {
            Self::StartTime => "startTime",
            Self::TotalCost => "totalCost",
            Self::DurationMs => "durationMs",
            Self::FailedCommands => "failedCommands",
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListSessions {
    /// claude-code, codex, gemini-cli, copilot-cli, opencode, cursor or aider.
    agent: Option<String>,
    /// Address of the repository.
    repository: Option<String>,
    branch: Option<String>,
    user_id: Option<String>,
    environment: Option<String>,
    /// Words in the session's texts.
    search: Option<String>,
    /// From this time on, ISO 8601.
    from: Option<String>,
    /// Before this time, ISO 8601.
    to: Option<String>,
    /// Always the largest first; startTime when absent.
    order_by: Option<OrderBy>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl Ask for ListSessions {
    const NAME: &'static str = "list_sessions";
    const TITLE: &'static str = "List agent sessions";
    const DESCRIPTION: &'static str = "Sessions of coding agents, newest first, with their first prompt, counts of calls, commands and failures, changed lines, commits, tokens and cost. \
        `traceId` is what get_session takes. `costComplete` false: some calls have no known price.";

    fn run(self) -> Result<Value, Failure> {
        let query = Query::new()
            .with("limit", Some(limit(self.limit, 20, 50)?))
            .with("cursor", self.cursor)
            .with("agent", self.agent)
            .with("repository", self.repository)
            .with("branch", self.branch)
            .with("userId", self.user_id)
            .with("environment", self.environment)
            .with("search", self.search)
            .with("fromTimestamp", self.from)
            .with("toTimestamp", self.to)
            .with("orderBy", self.order_by.map(|by| by.name()));
        Ok(page("sessions", &get("/api/public/agent-sessions", &query)?, ROW))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetSession {
    /// From list_sessions, search_commands, find_commit ...
    trace_id: String,
    /// Steps of a page.
    #[schemars(range(min = 1, max = 40))]
    limit: Option<u64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl Ask for GetSession {
    const NAME: &'static str = "get_session";
    const TITLE: &'static str = "Read an agent session";
    const DESCRIPTION: &'static str = "One session of a coding agent: its figures, then its steps in order of time: prompts, model calls with their answers, tool calls with arguments, results and exit codes, \
        subagents. A page at a time; long texts are cut.";

    fn run(self) -> Result<Value, Failure> {
        let most = limit(self.limit, 20, 40)?;
        let mut found = steps::page(&self.trace_id, self.cursor.as_deref(), most)?;
        if self.cursor.is_none() {
            let session = get(&format!("/api/public/agent-sessions/{}", segment(&self.trace_id)), &Query::new())?;
            found["session"] = super::only(&session, ROW);
        }
        Ok(found)
    }
}
