//! Scores: Langfuse's three generations of reads, and deletion. Writing them is in [`crate::ingestion`].

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::Page;
use crate::traces::MessageAnswer;

const READ: Access = Access::Project(Scope::Read);

pub const LIST_SCORES: Operation = Operation::new(
    "list_scores",
    Method::Get,
    "/api/public/scores",
    "traces",
    READ,
    "Scores of traces and observations, a numbered page, newest first.",
)
.query(schema::<ListScoresQuery>)
.answers(200, schema::<Page<ScoreInList>>);
pub const GET_SCORE: Operation =
    Operation::new("get_score", Method::Get, "/api/public/scores/{scoreId}", "traces", READ, "One score of a trace or observation.")
        .answers(200, schema::<ScoreV1>);
pub const DELETE_SCORE: Operation = Operation::new(
    "delete_score",
    Method::Delete,
    "/api/public/scores/{scoreId}",
    "traces",
    Access::Project(Scope::Write),
    "Delete a score. Done within minutes.",
)
.answers(202, schema::<MessageAnswer>);
pub const LIST_SCORES_V2: Operation = Operation::new(
    "list_scores_v2",
    Method::Get,
    "/api/public/v2/scores",
    "traces",
    READ,
    "Scores of traces, sessions and dataset runs, a numbered page, newest first.",
)
.query(schema::<ListScoresQuery>)
.answers(200, schema::<Page<ScoreInList>>);
pub const GET_SCORE_V2: Operation =
    Operation::new("get_score_v2", Method::Get, "/api/public/v2/scores/{scoreId}", "traces", READ, "One score of any subject.")
        .answers(200, schema::<Score>);
pub const LIST_SCORES_V3: Operation = Operation::new(
    "list_scores_v3",
    Method::Get,
    "/api/public/v3/scores",
    "traces",
    READ,
    "Scores by cursor, with values typed by their data type.",
)
.query(schema::<ListScoresV3Query>)
.answers(200, schema::<ScoresV3>);

pub const OPERATIONS: &[Operation] = &[LIST_SCORES, GET_SCORE, DELETE_SCORE, LIST_SCORES_V2, GET_SCORE_V2, LIST_SCORES_V3];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListScoresQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// Of the score's trace.
    pub user_id: Option<String>,
    pub name: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    /// Repeatable: scores of any of them.
    pub environment: Option<Vec<String>>,
    /// API, EVAL or ANNOTATION.
    pub source: Option<String>,
    /// `<`, `>`, `<=`, `>=`, `!=` or `=`; compares with `value`.
    pub operator: Option<String>,
    pub value: Option<f64>,
    /// Comma list.
    pub score_ids: Option<String>,
    pub config_id: Option<String>,
    pub session_id: Option<String>,
    pub dataset_run_id: Option<String>,
    pub trace_id: Option<String>,
    /// Comma list.
    pub observation_id: Option<String>,
    pub queue_id: Option<String>,
    pub data_type: Option<String>,
    /// Repeatable: scores of traces that hold all of them.
    pub trace_tags: Option<Vec<String>>,
    /// Comma list of score, trace. Both when absent.
    pub fields: Option<String>,
    /// JSON array of filters.
    pub filter: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListScoresV3Query {
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    /// Comma list of details, subject, annotation.
    pub fields: Option<String>,
    /// Comma list, like all that follow but the times and bounds.
    pub id: Option<String>,
    pub name: Option<String>,
    pub source: Option<String>,
    pub data_type: Option<String>,
    pub environment: Option<String>,
    pub config_id: Option<String>,
    pub queue_id: Option<String>,
    pub author_user_id: Option<String>,
    /// Needs exactly one of NUMERIC, BOOLEAN, CATEGORICAL as `dataType`.
    pub value: Option<String>,
    /// Needs `dataType=NUMERIC`.
    pub value_min: Option<f64>,
    /// Needs `dataType=NUMERIC`.
    pub value_max: Option<f64>,
    pub trace_id: Option<String>,
    pub session_id: Option<String>,
    /// Needs `traceId`.
    pub observation_id: Option<String>,
    pub experiment_id: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
}

/// A score of a trace or an observation (v1). `value` is absent for TEXT, `stringValue` for NUMERIC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreV1 {
    pub id: String,
    pub project_id: String,
    pub trace_id: String,
    pub observation_id: Option<String>,
    #[serde(flatten)]
    pub rest: ScoreRest,
}

/// A score of any subject (v2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    pub id: String,
    pub project_id: String,
    pub trace_id: Option<String>,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub dataset_run_id: Option<String>,
    #[serde(flatten)]
    pub rest: ScoreRest,
}

/// What v1 and v2 have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreRest {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// NUMERIC, BOOLEAN, CATEGORICAL, TEXT or CORRECTION.
    pub data_type: String,
    /// API, EVAL or ANNOTATION.
    pub source: String,
    pub timestamp: String,
    pub created_at: String,
    pub updated_at: String,
    pub author_user_id: Option<String>,
    pub comment: Option<String>,
    pub metadata: Json,
    pub config_id: Option<String>,
    pub queue_id: Option<String>,
    pub environment: String,
}

/// A score in a list, with what its trace says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreInList {
    #[serde(flatten)]
    pub score: Score,
    /// Absent when the group was not asked for, `null` when the score has no trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Option<ScoreTrace>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreTrace {
    pub user_id: Option<String>,
    pub tags: Vec<String>,
    pub environment: String,
    pub session_id: Option<String>,
}

/// A page of scores (v3).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScoresV3 {
    pub data: Vec<ScoreV3>,
    pub meta: ScoresV3Meta,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScoresV3Meta {
    pub limit: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A score (v3): number, boolean or text as its data type says. Fields of groups that were not asked for are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreV3 {
    pub id: String,
    pub project_id: String,
    pub name: String,
    pub value: Json,
    pub data_type: String,
    pub source: String,
    pub timestamp: String,
    pub environment: String,
    pub created_at: String,
    pub updated_at: String,
    #[serde(flatten)]
    pub details: Option<ScoreDetails>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<ScoreSubject>,
    #[serde(flatten)]
    pub annotation: Option<ScoreAnnotation>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreDetails {
    pub comment: Option<String>,
    pub config_id: Option<String>,
    pub metadata: Json,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreAnnotation {
    pub author_user_id: Option<String>,
    pub queue_id: Option<String>,
}

/// What a score judges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum ScoreSubject {
    Trace { id: String },
    Observation { id: String, trace_id: String },
    Session { id: String },
    Experiment { id: String },
}
