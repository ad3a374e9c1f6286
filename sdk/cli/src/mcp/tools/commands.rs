//! What was run in terminals.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{Ask, begin, limit, only, page};
use crate::mcp::backend::{Failure, Query, get, segment};

const ROW: &[&str] =
    &["id", "traceId", "sessionId", "agent", "command", "workingDir", "exitCode", "success", "stdout", "stderr", "durationMs", "timestamp"];
/// Characters of output in a list.
const SHOWN: usize = 400;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchCommands {
    /// A part of the command or of its output, in any case.
    search: Option<String>,
    trace_id: Option<String>,
    agent: Option<String>,
    exit_code: Option<i32>,
    /// true: only commands that are known to have failed.
    failed: Option<bool>,
    /// From this time on, ISO 8601.
    from: Option<String>,
    /// Before this time, ISO 8601.
    to: Option<String>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl Ask for SearchCommands {
    const NAME: &'static str = "search_commands";
    const TITLE: &'static str = "Search shell commands";
    const DESCRIPTION: &'static str = "Shell commands that agents or wrapped programs ran, newest first, with exit code, duration, folder and the begin of their output. \
        An absent exitCode is unknown, not 0. get_command shows the whole output.";

    fn run(self) -> Result<Value, Failure> {
        let query = Query::new()
            .with("limit", Some(limit(self.limit, 20, 50)?))
            .with("cursor", self.cursor)
            .with("search", self.search)
            .with("traceId", self.trace_id)
            .with("agent", self.agent)
            .with("exitCode", self.exit_code)
            .with("failed", self.failed)
            .with("fromTimestamp", self.from)
            .with("toTimestamp", self.to);
        let mut found = page("commands", &get("/api/public/terminal-commands", &query)?, ROW);
        for row in found["commands"].as_array_mut().into_iter().flatten() {
            for field in ["stdout", "stderr"] {
                row[field] = begin(&row[field], SHOWN);
            }
        }
        Ok(found)
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetCommand {
    /// From search_commands.
    id: String,
}

impl Ask for GetCommand {
    const NAME: &'static str = "get_command";
    const TITLE: &'static str = "Read a shell command";
    const DESCRIPTION: &'static str = "One shell command with its output; of very long output the begin and the end.";

    fn run(self) -> Result<Value, Failure> {
        let found = get(&format!("/api/public/terminal-commands/{}", segment(&self.id)), &Query::new())?;
        Ok(only(&found, &[ROW, &["observationId", "exitCodeSource"]].concat()))
    }
}
