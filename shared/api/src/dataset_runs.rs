//! Dataset runs: an application tried on the items of a dataset, item by item, with the trace of each try. A run that was only told by
//! spans (an experiment) is listed like one whose items were posted.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::json::Json;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::Page;
use crate::traces::MessageAnswer;

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);

pub const CREATE_DATASET_RUN_ITEM: Operation = Operation::new(
    "create_dataset_run_item",
    Method::Post,
    "/api/public/dataset-run-items",
    "datasets",
    WRITE,
    "Link a trace to an item in a run, which is created when it is new. The same link again changes nothing.",
)
.body(schema::<CreateDatasetRunItemBody>)
.answers(200, schema::<DatasetRunItem>);
pub const LIST_DATASET_RUN_ITEMS: Operation = Operation::new(
    "list_dataset_run_items",
    Method::Get,
    "/api/public/dataset-run-items",
    "datasets",
    READ,
    "The items of a run, a numbered page, newest first.",
)
.query(schema::<ListDatasetRunItemsQuery>)
.answers(200, schema::<Page<DatasetRunItem>>);
pub const LIST_DATASET_RUNS: Operation = Operation::new(
    "list_dataset_runs",
    Method::Get,
    "/api/public/datasets/{datasetName}/runs",
    "datasets",
    READ,
    "The runs of a dataset, a numbered page, newest first.",
)
.query(schema::<ListDatasetRunsQuery>)
.answers(200, schema::<Page<DatasetRun>>);
pub const GET_DATASET_RUN: Operation = Operation::new(
    "get_dataset_run",
    Method::Get,
    "/api/public/datasets/{datasetName}/runs/{runName}",
    "datasets",
    READ,
    "One run with its items.",
)
.answers(200, schema::<DatasetRunWithItems>);
pub const DELETE_DATASET_RUN: Operation = Operation::new(
    "delete_dataset_run",
    Method::Delete,
    "/api/public/datasets/{datasetName}/runs/{runName}",
    "datasets",
    WRITE,
    "Delete a run and its items. The traces stay.",
)
.answers(200, schema::<MessageAnswer>);

pub const OPERATIONS: &[Operation] =
    &[CREATE_DATASET_RUN_ITEM, LIST_DATASET_RUN_ITEMS, LIST_DATASET_RUNS, GET_DATASET_RUN, DELETE_DATASET_RUN];

/// A link to be made. `traceId` or `observationId` must be given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateDatasetRunItemBody {
    /// 1 to 500 characters.
    pub run_name: String,
    /// Of the run; the last one said counts.
    pub run_description: Option<String>,
    /// Of the run; the last one said counts.
    #[schemars(with = "Option<serde_json::Value>")]
    pub metadata: Option<Box<RawValue>>,
    pub dataset_item_id: String,
    pub trace_id: Option<String>,
    pub observation_id: Option<String>,
    /// A time: the item as it was then.
    pub dataset_version: Option<String>,
    /// When the try happened; now when absent.
    pub created_at: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListDatasetRunItemsQuery {
    pub dataset_id: String,
    pub run_name: String,
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListDatasetRunsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetRun {
    /// The same as the id of the experiment.
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub metadata: Json,
    pub dataset_id: String,
    pub dataset_name: String,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetRunWithItems {
    #[serde(flatten)]
    pub run: DatasetRun,
    pub dataset_run_items: Vec<DatasetRunItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetRunItem {
    pub id: String,
    pub dataset_run_id: String,
    pub dataset_run_name: String,
    pub dataset_item_id: String,
    pub trace_id: String,
    pub observation_id: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}
