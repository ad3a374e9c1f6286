//! Experiments: runs of an application over items, of a dataset or made up on the spot. An experiment of a dataset and a dataset run of the
//! same id are one thing, whether spans told it, posted run items, or both.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::CursorPage;
use crate::scores::ScoreV3;

const READ: Access = Access::Project(Scope::Read);

pub const LIST_EXPERIMENTS: Operation = Operation::new(
    "list_experiments",
    Method::Get,
    "/api/public/experiments",
    "datasets",
    READ,
    "Experiments by cursor, the one with the latest activity first.",
)
.query(schema::<ListExperimentsQuery>)
.answers(200, schema::<CursorPage<Experiment>>);
pub const LIST_EXPERIMENT_ITEMS: Operation = Operation::new(
    "list_experiment_items",
    Method::Get,
    "/api/public/experiment-items",
    "datasets",
    READ,
    "Items of experiments by cursor, newest first.",
)
.query(schema::<ListExperimentItemsQuery>)
.answers(200, schema::<CursorPage<ExperimentItem>>);

pub const OPERATIONS: &[Operation] = &[LIST_EXPERIMENTS, LIST_EXPERIMENT_ITEMS];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListExperimentsQuery {
    /// Experiments with an item from this time on.
    pub from_start_time: String,
    /// Experiments with an item before this time.
    pub to_start_time: Option<String>,
    /// Comma list of core, metadata, scores. `core` when absent.
    pub fields: Option<String>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// Scores of each experiment: 1 to 50, 50 when absent.
    pub score_limit: Option<u64>,
    pub cursor: Option<String>,
    /// Comma list, like the two that follow.
    pub id: Option<String>,
    pub name: Option<String>,
    pub dataset_id: Option<String>,
    /// JSON array of filters on id, name, datasetId.
    pub filter: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListExperimentItemsQuery {
    /// Items that began from this time on.
    pub from_start_time: String,
    /// Items that began before this time.
    pub to_start_time: Option<String>,
    /// Comma list of core, dataset, io, metadata, itemMetadata, experimentMetadata, scores. `core,dataset` when absent.
    pub fields: Option<String>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// Scores of each item: 1 to 50, 50 when absent.
    pub score_limit: Option<u64>,
    pub cursor: Option<String>,
    /// Comma list, like the three that follow.
    pub experiment_id: Option<String>,
    pub experiment_name: Option<String>,
    pub experiment_item_id: Option<String>,
    pub dataset_id: Option<String>,
    /// JSON array of filters on the same names.
    pub filter: Option<String>,
}

/// What was run, over the time that was asked for. Groups that were not asked for are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Experiment {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    /// Of the first item.
    pub start_time: String,
    /// Of the last item's end.
    pub end_time: String,
    pub item_count: u64,
    pub dataset_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Json>,
    /// Of the experiment itself, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Vec<ScoreV3>>,
}

/// One item of an experiment with its try. Groups that were not asked for are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperimentItem {
    /// The observation that is the try; the run item's own id when a trace alone was linked.
    pub id: String,
    pub trace_id: String,
    pub start_time: String,
    pub end_time: Option<String>,
    pub level: String,
    pub environment: String,
    pub experiment_id: String,
    pub experiment_name: String,
    pub experiment_item_id: String,
    #[serde(flatten)]
    pub dataset: Option<ExperimentItemDataset>,
    #[serde(flatten)]
    pub io: Option<ExperimentItemIo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment_item_metadata: Option<Json>,
    #[serde(flatten)]
    pub experiment: Option<ExperimentItemExperiment>,
    /// Of the try and its trace, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Vec<ScoreV3>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperimentItemDataset {
    pub experiment_dataset_id: Option<String>,
    pub experiment_item_version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperimentItemIo {
    pub input: Json,
    pub output: Json,
    pub expected_output: Json,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperimentItemExperiment {
    pub experiment_metadata: Json,
    pub experiment_description: Option<String>,
}
