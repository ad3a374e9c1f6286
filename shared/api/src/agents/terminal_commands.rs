//! What was run in a terminal.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CreatedBatch, OneOrMany};
use crate::ingestion::IdAnswer;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::CursorPage;

const READ: Access = Access::Project(Scope::Read);
const INGEST: Access = Access::Project(Scope::Ingest);

pub const LIST_TERMINAL_COMMANDS: Operation = Operation::new(
    "list_terminal_commands",
    Method::Get,
    "/api/public/terminal-commands",
    "agents",
    READ,
    "Commands, newest first; commands and their output are searchable.",
)
.query(schema::<ListTerminalCommandsQuery>)
.answers(200, schema::<CursorPage<TerminalCommand>>);
pub const CREATE_TERMINAL_COMMAND: Operation = Operation::new(
    "create_terminal_command",
    Method::Post,
    "/api/public/terminal-commands",
    "ingest",
    INGEST,
    "Create or replace a command, or a batch of them.",
)
.body(schema::<OneOrMany<TerminalCommandBody>>)
.answers(207, schema::<CreatedBatch>)
.also(&[(200, schema::<IdAnswer>)]);
pub const GET_TERMINAL_COMMAND: Operation =
    Operation::new("get_terminal_command", Method::Get, "/api/public/terminal-commands/{id}", "agents", READ, "One command.")
        .answers(200, schema::<TerminalCommand>);
pub const LIST_TERMINAL_COMMANDS_OF_TRACE: Operation = Operation::new(
    "list_terminal_commands_of_trace",
    Method::Get,
    "/api/public/traces/{traceId}/terminal-commands",
    "agents",
    READ,
    "A trace's commands in order of time.",
)
.query(schema::<ListTerminalCommandsQuery>)
.answers(200, schema::<CursorPage<TerminalCommand>>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListTerminalCommandsQuery {
    /// 1 to 200, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    pub trace_id: Option<String>,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub exit_code: Option<i32>,
    /// `true`: only commands that are known to have failed.
    pub failed: Option<bool>,
    /// A part of the command or of its output, in any case.
    pub search: Option<String>,
    /// A part of the directory in which the command ran, in any case.
    pub working_dir: Option<String>,
}

/// A command to create. Without an id it is made from trace, observation, command and time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TerminalCommandBody {
    pub id: Option<String>,
    pub trace_id: String,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub command: String,
    pub working_dir: Option<String>,
    /// Unknown is not zero: leave it out when it is unknown.
    pub exit_code: Option<i32>,
    /// `shim`, `agent_structured`, `agent_text` or `none`.
    pub exit_code_source: Option<String>,
    pub stdout: Option<String>,
    pub stderr: Option<String>,
    pub duration_ms: Option<u64>,
    /// ISO 8601, when it began; now when absent.
    pub timestamp: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TerminalCommand {
    pub id: String,
    pub project_id: String,
    pub trace_id: String,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub command: String,
    pub working_dir: Option<String>,
    pub exit_code: Option<i32>,
    /// How the exit code is known: `shim`, `agent_structured`, `agent_text`, or `none`.
    pub exit_code_source: String,
    /// Did the agent call it a success? Agents call a command with exit code 1 a success, too.
    pub success: Option<bool>,
    /// At most 1 MiB; the agents' combined output stands here.
    pub stdout: Option<String>,
    pub stderr: Option<String>,
    pub duration_ms: Option<u64>,
    /// When it began.
    pub timestamp: String,
}
