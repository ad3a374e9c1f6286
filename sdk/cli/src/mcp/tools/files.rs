//! What was done to files.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{Ask, begin, limit, page};
use crate::mcp::backend::{Failure, Query, get};

const ROW: &[&str] = &["id", "traceId", "sessionId", "agent", "operation", "filePath", "newPath", "diffSummary", "timestamp"];
/// Characters of a diff.
const SHOWN: usize = 4_000;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Operation {
    Create,
    Read,
    Update,
    Delete,
    Move,
    Copy,
}

impl Operation {
    const fn name(&self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Read => "READ",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Move => "MOVE",
            Self::Copy => "COPY",
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListFileChanges {
    trace_id: Option<String>,
    /// A part of the path, in any case.
    search: Option<String>,
    /// The whole path.
    file_path: Option<String>,
    operation: Option<Operation>,
    agent: Option<String>,
    /// true: with the diffs.
    with_diffs: Option<bool>,
    /// From this time on, ISO 8601.
    from: Option<String>,
    /// Before this time, ISO 8601.
    to: Option<String>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl Ask for ListFileChanges {
    const NAME: &'static str = "list_file_changes";
    const TITLE: &'static str = "List file changes";
    const DESCRIPTION: &'static str =
        "Files that agents created, read, updated, moved or deleted, newest first, with counts of changed lines and, if asked for, diffs.";

    fn run(self) -> Result<Value, Failure> {
        let query = Query::new()
            .with("limit", Some(limit(self.limit, 20, 50)?))
            .with("cursor", self.cursor)
            .with("traceId", self.trace_id)
            .with("search", self.search)
            .with("filePath", self.file_path)
            .with("operation", self.operation.map(|operation| operation.name()))
            .with("agent", self.agent)
            .with("fromTimestamp", self.from)
            .with("toTimestamp", self.to);
        let diffs = self.with_diffs == Some(true);
        let fields = if diffs { &[ROW, &["diff"]].concat() } else { ROW };
        let mut found = page("fileChanges", &get("/api/public/file-operations", &query)?, fields);
        if diffs {
            for row in found["fileChanges"].as_array_mut().into_iter().flatten() {
                row["diff"] = begin(&row["diff"], SHOWN);
            }
        }
        Ok(found)
    }
}
