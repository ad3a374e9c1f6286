//! The write path: OTLP, the batch API, and single creates and patches. Bodies are parsed by `agenttrace-ingest`.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::agents::RefusedRow;
use crate::operation::{Access, Method, Operation, schema};
use crate::traces::MessageAnswer;

const INGEST: Access = Access::Project(Scope::Ingest);
const SCORE: Access = Access::ProjectOrPublicKey(Scope::Scores);

pub const EXPORT_TRACES: Operation = Operation::new(
    "export_traces",
    Method::Post,
    "/v1/traces",
    "ingest",
    INGEST,
    "Take spans as OTLP/HTTP, protobuf or JSON, gzip or not.",
);
pub const EXPORT_TRACES_LANGFUSE: Operation = Operation::new(
    "export_traces_langfuse",
    Method::Post,
    "/api/public/otel/v1/traces",
    "ingest",
    INGEST,
    "The same at Langfuse's address.",
);
pub const EXPORT_LOGS: Operation = Operation::new(
    "export_logs",
    Method::Post,
    "/v1/logs",
    "ingest",
    INGEST,
    "Take log events of coding agents as OTLP/HTTP, protobuf or JSON, gzip or not, and make traces of them.",
);
pub const EXPORT_LOGS_LANGFUSE: Operation = Operation::new(
    "export_logs_langfuse",
    Method::Post,
    "/api/public/otel/v1/logs",
    "ingest",
    INGEST,
    "The same beside Langfuse's address for spans.",
);
pub const EXPORT_METRICS: Operation = Operation::new(
    "export_metrics",
    Method::Post,
    "/v1/metrics",
    "ingest",
    INGEST,
    "Take metrics as OTLP/HTTP, protobuf or JSON, gzip or not, delta or cumulative.",
);
pub const EXPORT_METRICS_LANGFUSE: Operation = Operation::new(
    "export_metrics_langfuse",
    Method::Post,
    "/api/public/otel/v1/metrics",
    "ingest",
    INGEST,
    "The same beside Langfuse's address for spans.",
);
pub const INGEST_BATCH: Operation = Operation::new(
    "ingest_batch",
    Method::Post,
    "/api/public/ingestion",
    "ingest",
    SCORE,
    "Take a batch of typed events; each is answered for itself.",
)
.body(schema::<BatchBody>)
.answers(207, schema::<BatchAnswer>);
pub const CREATE_UPLOAD: Operation = Operation::new(
    "create_upload",
    Method::Post,
    "/api/public/uploads",
    "ingest",
    INGEST,
    "Announce a body that is too large for a request (up to 32 MiB); gives where to PUT it.",
)
.body(schema::<CreateUploadBody>)
.answers(201, schema::<CreatedUpload>);
pub const INGEST_UPLOAD: Operation = Operation::new(
    "ingest_upload",
    Method::Post,
    "/api/public/uploads/{uploadId}",
    "ingest",
    INGEST,
    "Take an uploaded body as if it had been posted to the target's own address, and answer as that does. May be repeated.",
)
.body(schema::<IngestUploadBody>)
.also(&[(207, schema::<BatchAnswer>)]);
pub const CREATE_SCORE: Operation = Operation::new(
    "create_score",
    Method::Post,
    "/api/public/scores",
    "ingest",
    SCORE,
    "Create or overwrite one score, or a list of them.",
)
.answers(200, schema::<IdAnswer>)
.also(&[(202, schema::<MessageAnswer>), (207, schema::<ScoresAnswer>)]);
pub const UPDATE_SCORE: Operation =
    Operation::new("update_score", Method::Patch, "/api/public/scores/{scoreId}", "ingest", INGEST, "Change fields of a score.")
        .answers(200, schema::<IdAnswer>);
pub const CREATE_TRACE: Operation =
    Operation::new("create_trace", Method::Post, "/api/public/traces", "ingest", INGEST, "Create a trace or add to it.")
        .answers(200, schema::<IdAnswer>);
pub const UPDATE_TRACE: Operation = Operation::new(
    "update_trace",
    Method::Patch,
    "/api/public/traces/{traceId}",
    "ingest",
    INGEST,
    "Change fields of a trace; `tags` replaces the set.",
)
.answers(200, schema::<IdAnswer>);
pub const CREATE_OBSERVATION: Operation =
    Operation::new("create_observation", Method::Post, "/api/public/observations", "ingest", INGEST, "Create an observation of any type.")
        .answers(200, schema::<IdAnswer>);
pub const UPDATE_OBSERVATION: Operation = Operation::new(
    "update_observation",
    Method::Patch,
    "/api/public/observations/{observationId}",
    "ingest",
    INGEST,
    "Change fields of an observation; `traceId` is required.",
)
.answers(200, schema::<IdAnswer>);
pub const CREATE_SPAN: Operation =
    Operation::new("create_span", Method::Post, "/api/public/spans", "ingest", INGEST, "Create a span (first generation of SDKs).")
        .answers(200, schema::<IdAnswer>);
pub const UPDATE_SPAN: Operation = Operation::new(
    "update_span",
    Method::Patch,
    "/api/public/spans",
    "ingest",
    INGEST,
    "Change a span by `spanId` (first generation of SDKs).",
)
.answers(200, schema::<IdAnswer>);
pub const CREATE_GENERATION: Operation = Operation::new(
    "create_generation",
    Method::Post,
    "/api/public/generations",
    "ingest",
    INGEST,
    "Create a generation (first generation of SDKs).",
)
.answers(200, schema::<IdAnswer>);
pub const UPDATE_GENERATION: Operation = Operation::new(
    "update_generation",
    Method::Patch,
    "/api/public/generations",
    "ingest",
    INGEST,
    "Change a generation by `generationId` (first generation of SDKs).",
)
.answers(200, schema::<IdAnswer>);
pub const CREATE_EVENT: Operation =
    Operation::new("create_event", Method::Post, "/api/public/events", "ingest", INGEST, "Create an event (first generation of SDKs).")
        .answers(200, schema::<IdAnswer>);

pub const OPERATIONS: &[Operation] = &[
    EXPORT_TRACES,
    EXPORT_TRACES_LANGFUSE,
    EXPORT_LOGS,
    EXPORT_LOGS_LANGFUSE,
    EXPORT_METRICS,
    EXPORT_METRICS_LANGFUSE,
    INGEST_BATCH,
    CREATE_UPLOAD,
    INGEST_UPLOAD,
    CREATE_SCORE,
    UPDATE_SCORE,
    CREATE_TRACE,
    UPDATE_TRACE,
    CREATE_OBSERVATION,
    UPDATE_OBSERVATION,
    CREATE_SPAN,
    UPDATE_SPAN,
    CREATE_GENERATION,
    UPDATE_GENERATION,
    CREATE_EVENT,
];

/// The envelope of a batch; each event's body depends on its type.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct BatchBody {
    pub batch: Vec<BatchEvent>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct BatchEvent {
    /// The event's own id: answers refer to it.
    pub id: String,
    pub timestamp: String,
    pub r#type: String,
    pub body: serde_json::Value,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct BatchAnswer {
    pub successes: Vec<BatchSuccess>,
    pub errors: Vec<BatchFailure>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct BatchSuccess {
    pub id: String,
    pub status: u16,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct BatchFailure {
    pub id: String,
    pub status: u16,
    pub message: String,
    pub error: String,
}

/// What became of a list of scores, where some were refused.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScoresAnswer {
    pub accepted: usize,
    pub rejected: usize,
    pub errors: Vec<RefusedRow>,
}

/// A body that will be put.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateUploadBody {
    /// In bytes, as it will be put.
    pub content_length: u64,
    /// The SHA-256 of these bytes, as base64.
    pub sha256_hash: String,
}

/// Where a body is to be put, within an hour, with the headers `content-type` and `x-amz-checksum-sha256`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedUpload {
    pub upload_id: String,
    pub upload_url: String,
    /// The content type that the PUT must name, whatever the body is.
    pub content_type: String,
}

/// What a body that was put is.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IngestUploadBody {
    pub target: UploadTarget,
    /// As the body itself would have it: `application/x-protobuf` or `application/json`.
    pub content_type: String,
    /// `gzip`, or nothing.
    pub content_encoding: Option<String>,
}

/// Where the body would have been posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UploadTarget {
    /// `/v1/traces`
    Traces,
    /// `/v1/logs`
    Logs,
    /// `/v1/metrics`
    Metrics,
    /// `/api/public/ingestion`
    Ingestion,
}

/// The id of what was created or changed.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct IdAnswer {
    pub id: String,
}
