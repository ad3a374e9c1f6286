//! The metrics that agents report over OTLP, summed.

use std::collections::BTreeMap;

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};

pub const LIST_AGENT_METRICS: Operation = Operation::new(
    "list_agent_metrics",
    Method::Get,
    "/api/public/v2/agent-metrics",
    "agents",
    Access::Project(Scope::Read),
    "Sums of the metrics that agents report: lines of code, commits, active time, accepted and rejected edits.",
)
.query(schema::<ListAgentMetricsQuery>)
.answers(200, schema::<AgentMetrics>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListAgentMetricsQuery {
    /// Only this metric, such as `claude_code.lines_of_code.count`. Without it every metric.
    pub name: Option<String>,
    /// Only this agent, such as `claude-code`.
    pub agent: Option<String>,
    pub session_id: Option<String>,
    /// What was counted from this time on.
    pub from_timestamp: Option<String>,
    /// What was counted before this time.
    pub to_timestamp: Option<String>,
    /// Comma list of at most 4: `session`, `agent`, `hour`, `day`, or a point's attribute such as `type`, `model`, `decision`.
    pub group_by: Option<String>,
    /// Most rows, 1 to 1000, 100 when absent; the largest first.
    pub limit: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AgentMetrics {
    pub data: Vec<AgentMetricSum>,
}

/// One metric in one group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentMetricSum {
    pub name: String,
    /// As the agent states it: `USD`, `tokens`, `s`; empty when it states none.
    pub unit: String,
    /// `sum`, `gauge` or `histogram`.
    pub kind: String,
    /// The values of `groupBy`, by name; times as ISO 8601.
    pub group: BTreeMap<String, String>,
    /// Of a sum the increase in the range, delta and cumulative alike; of a histogram the sum of what was measured; of a gauge the last value.
    pub value: f64,
    /// How many measurements of a histogram.
    pub count: u64,
    /// How many points were read.
    pub points: u64,
}
