//! Traces: Langfuse's reads, the dashboard's lists, and deletion. Values unknown are `null`, never zero.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::observations::{Observation, ObservationNode};
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::{CursorPage, Page};
use crate::scores::ScoreV1;

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);

pub const LIST_TRACES: Operation =
    Operation::new("list_traces", Method::Get, "/api/public/traces", "traces", READ, "Traces, a numbered page, newest first.")
        .query(schema::<ListTracesQuery>)
        .answers(200, schema::<Page<TraceWithDetails>>);
pub const GET_TRACE: Operation =
    Operation::new("get_trace", Method::Get, "/api/public/traces/{traceId}", "traces", READ, "One trace with everything in it.")
        .query(schema::<GetTraceQuery>)
        .answers(200, schema::<TraceWithFullDetails>);
pub const DELETE_TRACE: Operation = Operation::new(
    "delete_trace",
    Method::Delete,
    "/api/public/traces/{traceId}",
    "traces",
    WRITE,
    "Delete a trace, its observations and scores. Done within minutes.",
)
.answers(200, schema::<MessageAnswer>);
pub const DELETE_TRACES: Operation = Operation::new(
    "delete_traces",
    Method::Delete,
    "/api/public/traces",
    "traces",
    WRITE,
    "Delete up to 1000 traces, with their observations and scores.",
)
.body(schema::<DeleteTracesBody>)
.answers(200, schema::<MessageAnswer>);
pub const LIST_TRACES_V2: Operation = Operation::new(
    "list_traces_v2",
    Method::Get,
    "/api/public/v2/traces",
    "traces",
    READ,
    "Rows of the trace list, with previews and sums, by cursor.",
)
.query(schema::<ListTracesV2Query>)
.answers(200, schema::<CursorPage<TraceRow>>);
pub const COUNT_TRACES_V2: Operation =
    Operation::new("count_traces_v2", Method::Get, "/api/public/v2/traces/count", "traces", READ, "How many traces the same filters find.")
        .query(schema::<CountTracesV2Query>)
        .answers(200, schema::<CountAnswer>);
pub const LIST_TRACE_FACETS: Operation = Operation::new(
    "list_trace_facets",
    Method::Get,
    "/api/public/v2/traces/facets",
    "traces",
    READ,
    "The 50 most frequent values of a column.",
)
.query(schema::<TraceFacetsQuery>)
.answers(200, schema::<FacetsAnswer>);
pub const GET_TRACE_V2: Operation = Operation::new(
    "get_trace_v2",
    Method::Get,
    "/api/public/v2/traces/{traceId}",
    "traces",
    READ,
    "One trace with every observation, without their texts.",
)
.answers(200, schema::<TraceTree>);

/// The literal paths stand before `{traceId}`: a trace whose id is `count` or `facets` is read by the v1 route.
pub const OPERATIONS: &[Operation] =
    &[LIST_TRACES, GET_TRACE, DELETE_TRACE, DELETE_TRACES, LIST_TRACES_V2, COUNT_TRACES_V2, LIST_TRACE_FACETS, GET_TRACE_V2];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListTracesQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    pub user_id: Option<String>,
    pub name: Option<String>,
    pub session_id: Option<String>,
    /// Traces from this time on.
    pub from_timestamp: Option<String>,
    /// Traces before this time.
    pub to_timestamp: Option<String>,
    /// `<column>.asc` or `<column>.desc` of id, timestamp, name, userId, release, version, public, bookmarked, sessionId.
    pub order_by: Option<String>,
    /// Repeatable: traces that hold all of them.
    pub tags: Option<Vec<String>>,
    pub version: Option<String>,
    pub release: Option<String>,
    /// Repeatable: traces of any of them.
    pub environment: Option<Vec<String>>,
    /// Comma list of core, io, scores, observations, metrics. All when absent. What is left out is an empty list, or -1 for latency and cost.
    pub fields: Option<String>,
    /// JSON array of filters; takes the place of the single parameters.
    pub filter: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetTraceQuery {
    /// Comma list of core, io, scores, observations, metrics. All when absent.
    pub fields: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteTracesBody {
    /// 1 to 1000 ids.
    pub trace_ids: Vec<String>,
}

/// What was asked for was taken on.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct MessageAnswer {
    pub message: String,
}

/// A trace as Langfuse shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    pub id: String,
    pub project_id: String,
    pub timestamp: String,
    pub name: Option<String>,
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub environment: String,
    pub tags: Vec<String>,
    pub release: Option<String>,
    pub version: Option<String>,
    pub public: bool,
    pub bookmarked: bool,
    pub external_id: Option<String>,
    pub input: Json,
    pub output: Json,
    pub metadata: Json,
    pub created_at: String,
    pub updated_at: String,
}

/// A trace in a list: with the ids of its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceWithDetails {
    #[serde(flatten)]
    pub trace: Trace,
    pub html_path: String,
    /// Seconds. -1 when `metrics` was not asked for.
    pub latency: f64,
    /// USD; `null` when no step has a price, and 0 for the first SDKs (Python 2, JavaScript 3), which demand a number. -1 when `metrics` was not
    /// asked for.
    pub total_cost: Option<f64>,
    pub observations: Vec<String>,
    pub scores: Vec<String>,
}

/// A trace with its parts whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceWithFullDetails {
    #[serde(flatten)]
    pub trace: Trace,
    pub html_path: String,
    /// Seconds. -1 when `metrics` was not asked for.
    pub latency: f64,
    /// USD; `null` when no step has a price, and 0 for the first SDKs (Python 2, JavaScript 3), which demand a number. -1 when `metrics` was not
    /// asked for.
    pub total_cost: Option<f64>,
    pub observations: Vec<Observation>,
    pub scores: Vec<ScoreV1>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListTracesV2Query {
    /// 1 to 200, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    /// `<column>.asc` or `<column>.desc` of timestamp, name, latency, totalCost, totalTokens, observationCount, errorCount.
    pub order_by: Option<String>,
    /// JSON array of filters.
    pub filter: Option<String>,
    /// Words, all of which must be found.
    pub search: Option<String>,
    /// Comma list of ids (name, id, user, session, tags), input, output. All when absent.
    pub search_in: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountTracesV2Query {
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    pub filter: Option<String>,
    pub search: Option<String>,
    pub search_in: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceFacetsQuery {
    /// name, userId, sessionId, environment, tags, release, version, level or models.
    pub column: String,
    /// Values that contain this text, in any case.
    pub search: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
}

/// A row of the trace list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceRow {
    pub id: String,
    pub timestamp: String,
    pub name: Option<String>,
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub environment: String,
    pub tags: Vec<String>,
    pub release: Option<String>,
    pub version: Option<String>,
    /// The highest level of its steps: DEBUG, DEFAULT, WARNING or ERROR.
    pub level: String,
    pub public: bool,
    pub bookmarked: bool,
    /// At most 300 characters.
    pub input_preview: Option<String>,
    /// At most 300 characters.
    pub output_preview: Option<String>,
    /// Seconds.
    pub latency: Option<f64>,
    pub observation_count: u64,
    pub error_count: u64,
    pub warning_count: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cached_tokens: u64,
    pub total_tokens: u64,
    /// USD. `null` when no step has a price.
    pub total_cost: Option<f64>,
    /// Steps with a model whose price is unknown: the cost is incomplete by them.
    pub unpriced_count: u64,
    pub models: Vec<String>,
    pub updated_at: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CountAnswer {
    pub count: u64,
    /// The count is a lower bound: counting all would take too long.
    pub at_least: bool,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct FacetsAnswer {
    pub data: Vec<Facet>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Facet {
    pub value: String,
    pub count: u64,
}

/// A trace and its tree.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct TraceTree {
    pub trace: TraceDetail,
    /// In the order in which they began.
    pub observations: Vec<ObservationNode>,
    pub scores: Vec<ScoreV1>,
    /// There are more observations than were sent (20,000).
    pub truncated: bool,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceDetail {
    #[serde(flatten)]
    pub row: TraceRow,
    pub metadata: Json,
    pub input: Json,
    pub output: Json,
}
