//! What coding agents did: commands, files, commits, CI runs, and the metrics they report.
//!
//! Rows come from two sides: clients create them here, and the writer makes them from the tool calls in agents' telemetry
//! (docs/coding-agents.md). A create with the id of a row replaces the row; a CI run's create and patch change what they name.

mod agent_sessions;
mod ci_runs;
mod commits;
mod file_operations;
mod git_links;
mod hooks;
mod metrics;
mod pull_requests;
mod terminal_commands;

pub use agent_sessions::*;
pub use ci_runs::*;
pub use commits::*;
pub use file_operations::*;
pub use git_links::*;
pub use hooks::*;
pub use metrics::*;
pub use pull_requests::*;
pub use terminal_commands::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::Operation;

pub const OPERATIONS: &[Operation] = &[
    LIST_AGENT_SESSIONS,
    GET_AGENT_SESSION,
    LIST_AGENT_USAGE,
    LIST_COMMITS,
    GET_COMMIT,
    LIST_PULL_REQUESTS,
    LIST_AGENT_METRICS,
    TELL_AGENT_HOOKS,
    LIST_FILE_OPERATIONS,
    CREATE_FILE_OPERATION,
    GET_FILE_OPERATION,
    LIST_FILE_OPERATIONS_OF_TRACE,
    LIST_TERMINAL_COMMANDS,
    CREATE_TERMINAL_COMMAND,
    GET_TERMINAL_COMMAND,
    LIST_TERMINAL_COMMANDS_OF_TRACE,
    LIST_GIT_LINKS,
    CREATE_GIT_LINK,
    GET_GIT_LINK,
    LIST_GIT_LINKS_OF_COMMIT,
    LIST_GIT_LINKS_OF_TRACE,
    LIST_CI_RUNS,
    CREATE_CI_RUN,
    GET_CI_RUN,
    UPDATE_CI_RUN,
    LIST_CI_RUNS_OF_TRACE,
];

/// One row to create, or a batch of at most 1,000.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    Many(Vec<T>),
    One(Box<T>),
}

/// The answer to a create: of one row `{id}` (200), of a batch what became of each (207).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreatedBatch {
    pub successes: Vec<CreatedRow>,
    pub errors: Vec<RefusedRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreatedRow {
    /// Its place in the batch, from 0.
    pub index: u64,
    pub id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefusedRow {
    /// Its place in the batch, from 0.
    pub index: u64,
    pub message: String,
}
