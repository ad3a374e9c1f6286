//! Score configs: what a score of a name may say. A score that names a config is held to it.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::stated;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::{Page, PageQuery};

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);

pub const LIST_SCORE_CONFIGS: Operation = Operation::new(
    "list_score_configs",
    Method::Get,
    "/api/public/score-configs",
    "annotation",
    READ,
    "Score configs, a numbered page, newest first, archived ones too.",
)
.query(schema::<PageQuery>)
.answers(200, schema::<Page<ScoreConfig>>);
pub const CREATE_SCORE_CONFIG: Operation =
    Operation::new("create_score_config", Method::Post, "/api/public/score-configs", "annotation", WRITE, "Create a score config.")
        .body(schema::<CreateScoreConfigBody>)
        .answers(200, schema::<ScoreConfig>);
pub const GET_SCORE_CONFIG: Operation =
    Operation::new("get_score_config", Method::Get, "/api/public/score-configs/{configId}", "annotation", READ, "One score config.")
        .answers(200, schema::<ScoreConfig>);
pub const UPDATE_SCORE_CONFIG: Operation = Operation::new(
    "update_score_config",
    Method::Patch,
    "/api/public/score-configs/{configId}",
    "annotation",
    WRITE,
    "Change or archive a score config. Scores that exist stay as they are; new ones are held to it within a minute.",
)
.body(schema::<UpdateScoreConfigBody>)
.answers(200, schema::<ScoreConfig>);

pub const OPERATIONS: &[Operation] = &[LIST_SCORE_CONFIGS, CREATE_SCORE_CONFIG, GET_SCORE_CONFIG, UPDATE_SCORE_CONFIG];

/// A label of a CATEGORICAL (or BOOLEAN) config and its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConfigCategory {
    pub label: String,
    pub value: f64,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateScoreConfigBody {
    /// 1 to 35 letters, numbers, blanks and `_.()-`: scores of the config have this name.
    pub name: String,
    /// NUMERIC, BOOLEAN, CATEGORICAL or TEXT.
    pub data_type: String,
    /// CATEGORICAL only: 1 to 100, with unique labels and values.
    pub categories: Option<Vec<ConfigCategory>>,
    /// NUMERIC only, inclusive.
    pub min_value: Option<f64>,
    /// NUMERIC only, inclusive, above `minValue`.
    pub max_value: Option<f64>,
    /// At most 2,000 characters.
    pub description: Option<String>,
}

/// What is absent stays; `null` takes a bound or the description away.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateScoreConfigBody {
    pub is_archived: Option<bool>,
    pub name: Option<String>,
    pub categories: Option<Vec<ConfigCategory>>,
    #[serde(default, deserialize_with = "stated")]
    pub min_value: Option<Option<f64>>,
    #[serde(default, deserialize_with = "stated")]
    pub max_value: Option<Option<f64>>,
    #[serde(default, deserialize_with = "stated")]
    pub description: Option<Option<String>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreConfig {
    pub id: String,
    pub name: String,
    pub created_at: String,
    pub updated_at: String,
    pub project_id: String,
    /// NUMERIC, BOOLEAN, CATEGORICAL or TEXT.
    pub data_type: String,
    /// New scores with it are refused.
    pub is_archived: bool,
    pub min_value: Option<f64>,
    pub max_value: Option<f64>,
    /// Of CATEGORICAL, and `True`, `False` of BOOLEAN.
    pub categories: Option<Vec<ConfigCategory>>,
    pub description: Option<String>,
}
