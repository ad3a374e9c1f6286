//! Sums over time: Langfuse's query language in its two versions, its oldest form by day, and usage and cost by group.

pub mod query;

use std::collections::BTreeMap;

use agenttrace_auth::Scope;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::json::Json;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::Page;

const READ: Access = Access::Project(Scope::Read);

pub const GET_METRICS: Operation = Operation::new(
    "get_metrics",
    Method::Get,
    "/api/public/metrics",
    "metrics",
    READ,
    "Aggregates of traces, observations or scores, as a query in JSON asks for them.",
)
.query(schema::<MetricsQueryV1>)
.answers(200, schema::<MetricsAnswer>);
pub const GET_METRICS_V2: Operation = Operation::new(
    "get_metrics_v2",
    Method::Get,
    "/api/public/v2/metrics",
    "metrics",
    READ,
    "Aggregates of observations or scores. Dimensions with a value a row are refused unless the query asks for the top rows only.",
)
.query(schema::<MetricsQueryV2>)
.answers(200, schema::<MetricsAnswer>);
pub const GET_DAILY_METRICS: Operation = Operation::new(
    "get_daily_metrics",
    Method::Get,
    "/api/public/metrics/daily",
    "metrics",
    READ,
    "Traces, observations, cost and usage by model of each day (UTC), newest first.",
)
.query(schema::<DailyMetricsQuery>)
.answers(200, schema::<Page<DailyMetrics>>);
pub const GET_USAGE: Operation = Operation::new(
    "get_usage",
    Method::Get,
    "/api/public/metrics/usage",
    "metrics",
    READ,
    "Tokens over a time, by bucket of time and by group, largest first.",
)
.query(schema::<SumsQuery>)
.answers(200, schema::<Usages>);
pub const GET_COST: Operation = Operation::new(
    "get_cost",
    Method::Get,
    "/api/public/metrics/cost",
    "metrics",
    READ,
    "Cost over a time, by bucket of time and by group, largest first, and how many steps it leaves out.",
)
.query(schema::<SumsQuery>)
.answers(200, schema::<Costs>);

pub const OPERATIONS: &[Operation] = &[GET_METRICS, GET_METRICS_V2, GET_DAILY_METRICS, GET_USAGE, GET_COST];

#[derive(Debug, Deserialize, JsonSchema)]
pub struct MetricsQueryV1 {
    /// JSON: {view, dimensions: [{field}], metrics: [{measure, aggregation}], filters: [], timeDimension: {granularity}, fromTimestamp, toTimestamp,
    /// orderBy: [{field, direction}], config: {bins, row_limit}}. Views: traces, observations, scores-numeric, scores-boolean, scores-categorical.
    pub query: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct MetricsQueryV2 {
    /// As in v1, without the view `traces`; at most `config.row_limit` rows, 100 when absent.
    pub query: String,
}

/// The rows of a metrics query.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MetricsAnswer {
    pub data: Vec<MetricsRow>,
}

/// Dimensions by their names, `time_dimension` when asked for, and metrics as `<aggregation>_<measure>`. Whole numbers are texts, as 64 bits do not
/// fit a JSON number everywhere; a histogram is a list of [lower, upper, height].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricsRow(pub Vec<(String, Json)>);

impl Serialize for MetricsRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl JsonSchema for MetricsRow {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MetricsRow".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": true})
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DailyMetricsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100 days, 50 when absent.
    pub limit: Option<u64>,
    pub trace_name: Option<String>,
    pub user_id: Option<String>,
    /// Repeatable: traces that hold all of them.
    pub tags: Option<Vec<String>>,
    /// Repeatable: traces of any of them.
    pub environment: Option<Vec<String>>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
}

/// One day. Days without traces are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DailyMetrics {
    /// `2026-01-31`.
    pub date: String,
    pub count_traces: u64,
    pub count_observations: u64,
    /// USD.
    pub total_cost: f64,
    pub usage: Vec<ModelUsage>,
}

/// The steps of one model on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelUsage {
    pub model: Option<String>,
    pub input_usage: u64,
    pub output_usage: u64,
    pub total_usage: u64,
    pub count_traces: u64,
    pub count_observations: u64,
    /// USD.
    pub total_cost: f64,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SumsQuery {
    /// Steps that began from this time on; 30 days before the end when absent.
    pub from_timestamp: Option<String>,
    /// Steps that began before this time; now when absent.
    pub to_timestamp: Option<String>,
    /// minute, hour, day, week or month (UTC; weeks begin on Mondays). One sum over the whole time when absent.
    pub granularity: Option<String>,
    /// model, userId, sessionId, traceId, traceName, name, type, environment, release, version, promptName or level. One sum over all when absent.
    pub group_by: Option<String>,
    /// 1 to 1000 rows, 100 when absent.
    pub limit: Option<u64>,
    pub trace_name: Option<String>,
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub model: Option<String>,
    /// Repeatable: steps of traces that hold all of them.
    pub tags: Option<Vec<String>>,
    /// Repeatable: steps of any of them.
    pub environment: Option<Vec<String>>,
    /// JSON array of filters on columns of observations; holds together with the single parameters.
    pub filter: Option<String>,
}

/// What the answers on usage and cost say of themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SumsMeta {
    pub from_timestamp: String,
    pub to_timestamp: String,
    pub granularity: Option<String>,
    pub group_by: Option<String>,
    /// There are more rows than were sent.
    pub truncated: bool,
}

/// In order of time, then the largest `totalTokens` first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Usages {
    pub data: Vec<UsageRow>,
    pub total: UsageRow,
    pub meta: SumsMeta,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageRow {
    /// The begin of the bucket; `null` without a granularity.
    pub time: Option<String>,
    /// The value of what the rows are grouped by; `null` without, and for steps that have none.
    pub group: Option<String>,
    pub count_observations: u64,
    pub count_traces: u64,
    /// With cached tokens.
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub total_tokens: u64,
    /// By usage key.
    pub usage_details: BTreeMap<String, u64>,
}

/// In order of time, then the largest `totalCost` first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Costs {
    pub data: Vec<CostRow>,
    pub total: CostRow,
    pub meta: SumsMeta,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostRow {
    /// The begin of the bucket; `null` without a granularity.
    pub time: Option<String>,
    /// The value of what the rows are grouped by; `null` without, and for steps that have none.
    pub group: Option<String>,
    pub count_observations: u64,
    pub count_traces: u64,
    /// USD. `null` when no step has a price.
    pub total_cost: Option<f64>,
    /// USD by usage key, without the total.
    pub cost_details: BTreeMap<String, f64>,
    /// Steps with a model whose price is unknown: the cost is incomplete by them.
    pub unpriced_count: u64,
}
