//! Models and their prices: a project's own beside the list that comes with the program, and the recalculation of past costs.

use std::collections::BTreeMap;

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::Page;

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);

pub const LIST_MODELS: Operation = Operation::new(
    "list_models",
    Method::Get,
    "/api/public/models",
    "models",
    READ,
    "The project's own models, newest first, then the managed ones; a numbered page.",
)
.query(schema::<ListModelsQuery>)
.answers(200, schema::<Page<Model>>);
pub const CREATE_MODEL: Operation = Operation::new(
    "create_model",
    Method::Post,
    "/api/public/models",
    "models",
    WRITE,
    "Define a model with its prices. It goes before managed models for what arrives from now on (within a minute).",
)
.body(schema::<ModelBody>)
.answers(200, schema::<Model>);
pub const GET_MODEL: Operation =
    Operation::new("get_model", Method::Get, "/api/public/models/{id}", "models", READ, "One model, the project's own or a managed one.")
        .answers(200, schema::<Model>);
pub const UPDATE_MODEL: Operation = Operation::new(
    "update_model",
    Method::Put,
    "/api/public/models/{id}",
    "models",
    WRITE,
    "Replace one of the project's own models. Past costs stay until they are recalculated.",
)
.body(schema::<ModelBody>)
.answers(200, schema::<Model>);
pub const DELETE_MODEL: Operation = Operation::new(
    "delete_model",
    Method::Delete,
    "/api/public/models/{id}",
    "models",
    WRITE,
    "Delete one of the project's own models. Past costs stay until they are recalculated.",
)
.answers(200, schema::<ModelDeleted>);
pub const MATCH_MODEL: Operation = Operation::new(
    "match_model",
    Method::Get,
    "/api/public/v2/models/match",
    "models",
    READ,
    "The model that would price a step, found by the name that a program sends as it is when steps arrive.",
)
.query(schema::<MatchModelQuery>)
.answers(200, schema::<MatchedModel>);
pub const RECALCULATE_COSTS: Operation = Operation::new(
    "recalculate_costs",
    Method::Post,
    "/api/public/v2/models/recalculations",
    "models",
    WRITE,
    "Compute the costs of past steps anew with the prices of now, in the background. Stated costs are never touched.",
)
.body(schema::<RecalculateBody>)
.answers(202, schema::<RecalculationStarted>);
pub const GET_RECALCULATION: Operation = Operation::new(
    "get_recalculation",
    Method::Get,
    "/api/public/v2/models/recalculations/{recalculationId}",
    "models",
    READ,
    "How far a recalculation is.",
)
.answers(200, schema::<Recalculation>);

pub const OPERATIONS: &[Operation] =
    &[LIST_MODELS, CREATE_MODEL, GET_MODEL, UPDATE_MODEL, DELETE_MODEL, MATCH_MODEL, RECALCULATE_COSTS, GET_RECALCULATION];

#[derive(Debug, Deserialize, JsonSchema)]
pub struct ListModelsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// Only models whose name, id or pattern holds these words, whatever their case.
    pub search: Option<String>,
    /// Only managed models, or only the project's own.
    pub managed: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct MatchModelQuery {
    /// The name as a program sends it.
    pub model: String,
    /// Who served it, as far as the program says: `openai`, `aws.bedrock` ...
    pub provider: Option<String>,
    /// When the step starts; now when absent.
    #[serde(rename = "startTime")]
    pub start_time: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct MatchedModel {
    /// `null`: no model matches, and the cost would be unknown.
    pub data: Option<Model>,
}

/// A model as it is defined: either flat prices or `pricingTiers`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelBody {
    pub model_name: String,
    /// A regular expression for the names of the model, such as `(?i)^(my-model)$`; without look-around and back-references.
    pub match_pattern: String,
    /// For steps that start at this time or later; for all when absent.
    pub start_date: Option<String>,
    /// CHARACTERS, TOKENS, MILLISECONDS, SECONDS, IMAGES or REQUESTS; TOKENS when absent.
    pub unit: Option<String>,
    /// USD per unit of `input`.
    pub input_price: Option<f64>,
    /// USD per unit of `output`.
    pub output_price: Option<f64>,
    /// USD per unit of `total`; not beside the two.
    pub total_price: Option<f64>,
    /// Exactly one is the default: `isDefault`, priority 0, without conditions. Names and priorities are unique.
    pub pricing_tiers: Option<Vec<PricingTierBody>>,
    /// `openai` or `claude`. Kept and given back: usage that nobody stated is not guessed.
    pub tokenizer_id: Option<String>,
    pub tokenizer_config: Option<Json>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PricingTierBody {
    pub name: String,
    #[serde(default)]
    pub is_default: bool,
    /// The smallest whose conditions all hold is taken.
    pub priority: u32,
    #[serde(default)]
    pub conditions: Vec<PricingTierCondition>,
    /// Usage key to USD per unit.
    pub prices: BTreeMap<String, f64>,
}

/// What must hold for a tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PricingTierCondition {
    Usage(UsageCondition),
    Attribute(AttributeCondition),
}

/// The sum of all usage whose key the pattern finds, compared with a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageCondition {
    pub usage_detail_pattern: String,
    /// gt, gte, lt, lte, eq or neq.
    pub operator: String,
    pub value: f64,
    #[serde(default)]
    pub case_sensitive: bool,
}

/// An attribute of the step has one of these values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttributeCondition {
    /// `model_parameters` or `metadata`.
    pub source: String,
    /// A top-level key of it.
    pub key: String,
    /// `in`.
    pub operator: String,
    pub values: Vec<String>,
}

/// A model with its prices. The flat prices and `prices` repeat the default tier's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Model {
    pub id: String,
    pub model_name: String,
    pub match_pattern: String,
    pub start_date: Option<String>,
    pub unit: Option<String>,
    pub input_price: Option<f64>,
    pub output_price: Option<f64>,
    pub total_price: Option<f64>,
    pub tokenizer_id: Option<String>,
    pub tokenizer_config: Json,
    /// It comes with the program and cannot be changed.
    pub is_langfuse_managed: bool,
    pub created_at: String,
    pub prices: BTreeMap<String, ModelPrice>,
    pub pricing_tiers: Vec<PricingTier>,
    /// What a managed model costs on other services than the ordinary one; absent if it lists none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_tiers: Vec<ServiceTier>,
}

/// Prices of a model on a service that the step or its request names, such as batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceTier {
    /// `batch`, `flex`, `priority` ...
    pub service: String,
    /// They hold for inputs of more tokens than this.
    pub above_input_tokens: u64,
    /// Usage key to USD per unit.
    pub prices: BTreeMap<String, f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelPrice {
    /// USD per unit.
    pub price: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PricingTier {
    pub id: String,
    pub name: String,
    pub is_default: bool,
    pub priority: u32,
    pub conditions: Vec<PricingTierCondition>,
    pub prices: BTreeMap<String, f64>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ModelDeleted {
    pub message: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecalculateBody {
    /// Steps that start at this time or later.
    pub from_timestamp: String,
    /// Steps that start before this time.
    pub to_timestamp: String,
    /// Only steps that this model priced or would price now.
    pub model_id: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct RecalculationStarted {
    pub id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recalculation {
    pub id: String,
    pub from_timestamp: String,
    pub to_timestamp: String,
    pub model_id: Option<String>,
    /// QUEUED, RUNNING or COMPLETED. After COMPLETED the last new costs are readable within seconds.
    pub status: String,
    /// 0 to 1, by time of what has been looked at.
    pub progress: f64,
    /// Steps with a model that were looked at.
    pub scanned: u64,
    /// Steps whose cost has changed.
    pub repriced: u64,
    pub created_at: String,
    pub updated_at: String,
}
