//! What was done to files.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CreatedBatch, OneOrMany};
use crate::ingestion::IdAnswer;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::CursorPage;

const READ: Access = Access::Project(Scope::Read);
const INGEST: Access = Access::Project(Scope::Ingest);

pub const LIST_FILE_OPERATIONS: Operation =
    Operation::new("list_file_operations", Method::Get, "/api/public/file-operations", "agents", READ, "File operations, newest first.")
        .query(schema::<ListFileOperationsQuery>)
        .answers(200, schema::<CursorPage<FileOperation>>);
pub const CREATE_FILE_OPERATION: Operation = Operation::new(
    "create_file_operation",
    Method::Post,
    "/api/public/file-operations",
    "ingest",
    INGEST,
    "Create or replace a file operation, or a batch of them.",
)
.body(schema::<OneOrMany<FileOperationBody>>)
.answers(207, schema::<CreatedBatch>)
.also(&[(200, schema::<IdAnswer>)]);
pub const GET_FILE_OPERATION: Operation =
    Operation::new("get_file_operation", Method::Get, "/api/public/file-operations/{id}", "agents", READ, "One file operation.")
        .answers(200, schema::<FileOperation>);
pub const LIST_FILE_OPERATIONS_OF_TRACE: Operation = Operation::new(
    "list_file_operations_of_trace",
    Method::Get,
    "/api/public/traces/{traceId}/file-operations",
    "agents",
    READ,
    "A trace's file operations in order of time.",
)
.query(schema::<ListFileOperationsQuery>)
.answers(200, schema::<CursorPage<FileOperation>>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListFileOperationsQuery {
    /// 1 to 200, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    pub trace_id: Option<String>,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    /// CREATE, READ, UPDATE, DELETE, MOVE or COPY.
    pub operation: Option<String>,
    /// The whole path.
    pub file_path: Option<String>,
    /// A part of the path, in any case.
    pub search: Option<String>,
}

/// A file operation to create. Without an id it is made from trace, observation, path, operation and time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileOperationBody {
    pub id: Option<String>,
    pub trace_id: String,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    /// CREATE, READ, UPDATE, DELETE, MOVE or COPY.
    pub operation: String,
    pub file_path: String,
    /// Where a MOVE or COPY ends.
    pub new_path: Option<String>,
    /// The extension, of the path when absent.
    pub file_type: Option<String>,
    pub before_content_hash: Option<String>,
    pub after_content_hash: Option<String>,
    pub before_size: Option<u64>,
    pub after_size: Option<u64>,
    pub lines_added: Option<u64>,
    pub lines_removed: Option<u64>,
    /// Unified diff.
    pub diff: Option<String>,
    /// ISO 8601, now when absent.
    pub timestamp: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileOperation {
    pub id: String,
    pub project_id: String,
    pub trace_id: String,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub operation: String,
    pub file_path: String,
    pub new_path: Option<String>,
    pub file_type: Option<String>,
    pub before_content_hash: Option<String>,
    pub after_content_hash: Option<String>,
    pub before_size: Option<u64>,
    pub after_size: Option<u64>,
    pub diff_summary: DiffSummary,
    /// Unified diff, at most 1 MiB.
    pub diff: Option<String>,
    pub timestamp: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiffSummary {
    pub lines_added: Option<u64>,
    pub lines_removed: Option<u64>,
}
