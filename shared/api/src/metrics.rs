//! Sums over time.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::paging::Page;

pub const GET_DAILY_METRICS: Operation = Operation::new(
    "get_daily_metrics",
    Method::Get,
    "/api/public/metrics/daily",
    "metrics",
    Access::Project(Scope::Read),
    "Traces, observations, cost and usage by model of each day (UTC), newest first.",
)
.query(schema::<DailyMetricsQuery>)
.answers(200, schema::<Page<DailyMetrics>>);

pub const OPERATIONS: &[Operation] = &[GET_DAILY_METRICS];

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
