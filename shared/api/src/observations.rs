//! Observations: Langfuse's v1 and v2 reads, and the node of the dashboard's tree.

use std::collections::BTreeMap;

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::{CursorPage, Page};

const READ: Access = Access::Project(Scope::Read);

pub const LIST_OBSERVATIONS: Operation = Operation::new(
    "list_observations",
    Method::Get,
    "/api/public/observations",
    "traces",
    READ,
    "Observations, a numbered page, newest first.",
)
.query(schema::<ListObservationsQuery>)
.answers(200, schema::<Page<Observation>>);
pub const GET_OBSERVATION: Operation = Operation::new(
    "get_observation",
    Method::Get,
    "/api/public/observations/{observationId}",
    "traces",
    READ,
    "One observation with its texts.",
)
.query(schema::<GetObservationQuery>)
.answers(200, schema::<Observation>);
pub const LIST_OBSERVATIONS_V2: Operation = Operation::new(
    "list_observations_v2",
    Method::Get,
    "/api/public/v2/observations",
    "traces",
    READ,
    "Observations by cursor, with the field groups asked for.",
)
.query(schema::<ListObservationsV2Query>)
.answers(200, schema::<CursorPage<ObservationV2>>);

/// The types of observations, as the `type` parameter knows them.
pub const TYPES: &[&str] = &["SPAN", "GENERATION", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "EMBEDDING", "GUARDRAIL"];
/// The levels of observations, as the `level` parameter knows them.
pub const LEVELS: &[&str] = &["DEBUG", "DEFAULT", "WARNING", "ERROR"];

pub const OPERATIONS: &[Operation] = &[LIST_OBSERVATIONS, GET_OBSERVATION, LIST_OBSERVATIONS_V2];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListObservationsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    pub name: Option<String>,
    pub user_id: Option<String>,
    pub r#type: Option<String>,
    pub trace_id: Option<String>,
    pub level: Option<String>,
    pub parent_observation_id: Option<String>,
    /// Repeatable: observations of any of them.
    pub environment: Option<Vec<String>>,
    pub from_start_time: Option<String>,
    pub to_start_time: Option<String>,
    pub version: Option<String>,
    /// JSON array of filters; takes the place of the single parameters.
    pub filter: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetObservationQuery {
    /// Where it is known, the observation is found faster, and the right one of two with the same id.
    pub trace_id: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListObservationsV2Query {
    /// Comma list of core, basic, time, io, metadata, model, usage, prompt, metrics, trace_context. core and basic when absent.
    pub fields: Option<String>,
    /// Comma list of metadata keys whose values are not cut at 200 characters.
    pub expand_metadata: Option<String>,
    /// 1 to 1000, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    /// Only false: input and output are raw text.
    pub parse_io_as_json: Option<bool>,
    pub name: Option<String>,
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub r#type: Option<String>,
    pub trace_id: Option<String>,
    pub level: Option<String>,
    /// An empty value finds observations without a parent.
    pub parent_observation_id: Option<String>,
    pub is_root_observation: Option<bool>,
    /// Repeatable: observations of any of them.
    pub environment: Option<Vec<String>>,
    pub from_start_time: Option<String>,
    pub to_start_time: Option<String>,
    pub version: Option<String>,
    /// JSON array of filters; takes the place of the single parameters.
    pub filter: Option<String>,
}

/// Counts of tokens on each side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Usage {
    pub unit: Option<String>,
    pub input: u64,
    pub output: u64,
    pub total: u64,
}

/// An observation as Langfuse's v1 shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    pub id: String,
    pub project_id: String,
    pub trace_id: Option<String>,
    pub parent_observation_id: Option<String>,
    /// SPAN, GENERATION, EVENT, AGENT, TOOL, CHAIN, RETRIEVER, EVALUATOR, EMBEDDING or GUARDRAIL.
    pub r#type: String,
    pub name: Option<String>,
    pub start_time: String,
    pub end_time: Option<String>,
    pub completion_start_time: Option<String>,
    /// DEBUG, DEFAULT, WARNING or ERROR.
    pub level: String,
    pub status_message: Option<String>,
    pub version: Option<String>,
    pub environment: String,
    pub input: Json,
    pub output: Json,
    pub metadata: Json,
    pub model: Option<String>,
    pub model_id: Option<String>,
    pub model_parameters: Json,
    pub usage: Usage,
    pub usage_details: BTreeMap<String, u64>,
    /// USD by usage key, and `total`.
    pub cost_details: BTreeMap<String, f64>,
    /// USD a unit, as this observation was priced.
    pub input_price: Option<f64>,
    pub output_price: Option<f64>,
    pub total_price: Option<f64>,
    pub calculated_input_cost: Option<f64>,
    pub calculated_output_cost: Option<f64>,
    pub calculated_total_cost: Option<f64>,
    pub unit: Option<String>,
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
    pub total_tokens: u64,
    pub prompt_id: Option<String>,
    pub prompt_name: Option<String>,
    pub prompt_version: Option<u32>,
    /// Seconds.
    pub latency: Option<f64>,
    /// Seconds.
    pub time_to_first_token: Option<f64>,
    pub created_at: String,
    pub updated_at: String,
}

/// An observation as Langfuse's v2 shows it: fields of groups that were not asked for are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObservationV2 {
    pub id: String,
    pub trace_id: Option<String>,
    pub start_time: String,
    pub end_time: Option<String>,
    pub project_id: String,
    pub parent_observation_id: Option<String>,
    pub r#type: String,
    #[serde(flatten)]
    pub basic: Option<BasicGroup>,
    #[serde(flatten)]
    pub time: Option<TimeGroup>,
    #[serde(flatten)]
    pub io: Option<IoGroup>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, Json>>,
    #[serde(flatten)]
    pub model: Option<ModelGroup>,
    /// `null` unless the model group was asked for, like the three prices.
    pub model_id: Option<String>,
    /// A decimal text.
    pub input_price: Option<String>,
    pub output_price: Option<String>,
    pub total_price: Option<String>,
    #[serde(flatten)]
    pub usage: Option<UsageGroup>,
    #[serde(flatten)]
    pub prompt: Option<PromptGroup>,
    #[serde(flatten)]
    pub metrics: Option<MetricsGroup>,
    #[serde(flatten)]
    pub trace_context: Option<TraceContextGroup>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BasicGroup {
    pub name: Option<String>,
    pub level: String,
    pub status_message: Option<String>,
    pub version: Option<String>,
    pub environment: String,
    pub bookmarked: bool,
    pub public: bool,
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub is_root_observation: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimeGroup {
    pub completion_start_time: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IoGroup {
    pub input: Option<String>,
    pub output: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelGroup {
    pub model: Option<String>,
    pub internal_model_id: Option<String>,
    pub model_parameters: Json,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageGroup {
    pub usage_details: BTreeMap<String, u64>,
    pub cost_details: BTreeMap<String, f64>,
    pub total_cost: Option<f64>,
    pub usage_pricing_tier_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromptGroup {
    pub prompt_id: Option<String>,
    pub prompt_name: Option<String>,
    pub prompt_version: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricsGroup {
    /// Seconds.
    pub latency: Option<f64>,
    pub time_to_first_token: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceContextGroup {
    pub trace_name: Option<String>,
    pub tags: Vec<String>,
    pub release: Option<String>,
}

/// A node of the dashboard's tree: an observation without its texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObservationNode {
    pub id: String,
    pub parent_observation_id: Option<String>,
    pub r#type: String,
    pub name: Option<String>,
    pub start_time: String,
    pub end_time: Option<String>,
    pub completion_start_time: Option<String>,
    pub level: String,
    pub status_message: Option<String>,
    /// Seconds.
    pub latency: Option<f64>,
    /// Seconds.
    pub time_to_first_token: Option<f64>,
    /// The price entry that matched.
    pub model: Option<String>,
    /// The name that the client gave.
    pub provided_model: Option<String>,
    pub environment: String,
    pub version: Option<String>,
    pub usage: NodeUsage,
    pub usage_details: BTreeMap<String, u64>,
    /// USD by usage key, and `total`.
    pub cost_details: BTreeMap<String, f64>,
    /// USD. `null` when the price is unknown.
    pub total_cost: Option<f64>,
    pub prompt_name: Option<String>,
    pub prompt_version: Option<u32>,
    /// Bytes.
    pub input_length: u64,
    /// Bytes.
    pub output_length: u64,
    /// At most 120 characters.
    pub input_preview: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NodeUsage {
    pub input: u64,
    pub output: u64,
    pub total: u64,
}
