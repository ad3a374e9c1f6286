//! Dataset items: an input, what is expected of it, and where it came from. Every change makes a version; old versions stay readable.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::json::Json;
use crate::media::MediaReference;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::Page;
use crate::traces::MessageAnswer;

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);

pub const LIST_DATASET_ITEMS: Operation = Operation::new(
    "list_dataset_items",
    Method::Get,
    "/api/public/dataset-items",
    "datasets",
    READ,
    "Dataset items, a numbered page, newest first; with `version`, as they were at that time.",
)
.query(schema::<ListDatasetItemsQuery>)
.answers(200, schema::<Page<DatasetItem>>);
pub const CREATE_DATASET_ITEM: Operation = Operation::new(
    "create_dataset_item",
    Method::Post,
    "/api/public/dataset-items",
    "datasets",
    WRITE,
    "Create a dataset item, or change the one of that id. What is left out stays.",
)
.body(schema::<CreateDatasetItemBody>)
.answers(200, schema::<DatasetItem>);
pub const GET_DATASET_ITEM: Operation = Operation::new(
    "get_dataset_item",
    Method::Get,
    "/api/public/dataset-items/{datasetItemId}",
    "datasets",
    READ,
    "One dataset item, archived or not.",
)
.answers(200, schema::<DatasetItem>);
pub const DELETE_DATASET_ITEM: Operation = Operation::new(
    "delete_dataset_item",
    Method::Delete,
    "/api/public/dataset-items/{datasetItemId}",
    "datasets",
    WRITE,
    "Delete a dataset item. Reads at an earlier `version` still show it.",
)
.answers(200, schema::<MessageAnswer>);

pub const OPERATIONS: &[Operation] = &[LIST_DATASET_ITEMS, CREATE_DATASET_ITEM, GET_DATASET_ITEM, DELETE_DATASET_ITEM];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListDatasetItemsQuery {
    pub dataset_name: Option<String>,
    pub source_trace_id: Option<String>,
    pub source_observation_id: Option<String>,
    /// A time: items as they were then. Needs `datasetName`.
    pub version: Option<String>,
    /// ACTIVE (when absent), ARCHIVED or ALL.
    pub status: Option<String>,
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
}

/// An item to be created or changed. `null` counts as left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateDatasetItemBody {
    pub dataset_name: String,
    /// Unique within the project. Made up when absent.
    pub id: Option<String>,
    #[schemars(with = "Option<serde_json::Value>")]
    pub input: Option<Box<RawValue>>,
    #[schemars(with = "Option<serde_json::Value>")]
    pub expected_output: Option<Box<RawValue>>,
    #[schemars(with = "Option<serde_json::Value>")]
    pub metadata: Option<Box<RawValue>>,
    pub source_trace_id: Option<String>,
    pub source_observation_id: Option<String>,
    /// ACTIVE or ARCHIVED.
    pub status: Option<DatasetStatus>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum DatasetStatus {
    Active,
    Archived,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetItem {
    pub id: String,
    pub status: DatasetStatus,
    pub input: Json,
    pub expected_output: Json,
    pub metadata: Json,
    pub source_trace_id: Option<String>,
    pub source_observation_id: Option<String>,
    pub dataset_id: String,
    pub dataset_name: String,
    pub created_at: String,
    /// Also the time from which this version holds.
    pub updated_at: String,
    /// References to media that stand in the item, with where to fetch the files.
    pub media_references: Vec<MediaReference>,
}
