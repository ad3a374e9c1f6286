//! Datasets: named collections of items to try an application on. Names may hold `/` (folders), blanks and any other text.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::dataset_items::DatasetItem;
use crate::json::Json;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::Page;

const READ: Access = Access::Project(Scope::Read);
const WRITE: Access = Access::Project(Scope::Write);

pub const LIST_DATASETS_V2: Operation = Operation::new(
    "list_datasets_v2",
    Method::Get,
    "/api/public/v2/datasets",
    "datasets",
    READ,
    "Datasets, a numbered page, newest first.",
)
.query(schema::<ListDatasetsQuery>)
.answers(200, schema::<Page<Dataset>>);
pub const CREATE_DATASET_V2: Operation = Operation::new(
    "create_dataset_v2",
    Method::Post,
    "/api/public/v2/datasets",
    "datasets",
    WRITE,
    "Create a dataset, or change the one of that name. What is left out stays; a schema of null is removed.",
)
.body(schema::<CreateDatasetBody>)
.answers(200, schema::<Dataset>);
pub const GET_DATASET_V2: Operation =
    Operation::new("get_dataset_v2", Method::Get, "/api/public/v2/datasets/{datasetName}", "datasets", READ, "One dataset by its name.")
        .answers(200, schema::<Dataset>);
pub const LIST_DATASETS: Operation = Operation::new(
    "list_datasets",
    Method::Get,
    "/api/public/datasets",
    "datasets",
    READ,
    "Datasets with the ids of their active items and the names of their runs (first generation).",
)
.query(schema::<ListDatasetsQuery>)
.answers(200, schema::<Page<DatasetWithIds>>);
pub const CREATE_DATASET: Operation = Operation::new(
    "create_dataset",
    Method::Post,
    "/api/public/datasets",
    "datasets",
    WRITE,
    "Create a dataset, or change the one of that name (first generation).",
)
.body(schema::<CreateDatasetBody>)
.answers(200, schema::<DatasetWithItems>);
pub const GET_DATASET: Operation = Operation::new(
    "get_dataset",
    Method::Get,
    "/api/public/datasets/{datasetName}",
    "datasets",
    READ,
    "One dataset with its active items and the names of its runs (first generation).",
)
.answers(200, schema::<DatasetWithItems>);

pub const OPERATIONS: &[Operation] = &[LIST_DATASETS_V2, CREATE_DATASET_V2, GET_DATASET_V2, LIST_DATASETS, CREATE_DATASET, GET_DATASET];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListDatasetsQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    /// A part of the name, in any case.
    pub name: Option<String>,
}

/// A dataset to be created or changed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateDatasetBody {
    /// 1 to 255 characters; `/` makes folders.
    pub name: String,
    pub description: Option<String>,
    #[schemars(with = "Option<serde_json::Value>")]
    pub metadata: Option<Box<RawValue>>,
    /// A JSON Schema that every item's input must satisfy. `null` removes it.
    #[serde(default, deserialize_with = "stated")]
    #[schemars(with = "Option<serde_json::Value>")]
    pub input_schema: Option<Option<Box<RawValue>>>,
    /// A JSON Schema that every item's expected output must satisfy. `null` removes it.
    #[serde(default, deserialize_with = "stated")]
    #[schemars(with = "Option<serde_json::Value>")]
    pub expected_output_schema: Option<Option<Box<RawValue>>>,
}

/// Tells `null` from absent.
fn stated<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Box<RawValue>>>, D::Error> {
    Option::<Box<RawValue>>::deserialize(deserializer).map(Some)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dataset {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub metadata: Json,
    pub input_schema: Json,
    pub expected_output_schema: Json,
    pub project_id: String,
    pub created_at: String,
    pub updated_at: String,
}

/// A dataset with the ids of its active items and the names of its runs, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetWithIds {
    #[serde(flatten)]
    pub dataset: Dataset,
    pub items: Vec<String>,
    pub runs: Vec<String>,
}

/// A dataset with its active items and the names of its runs, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetWithItems {
    #[serde(flatten)]
    pub dataset: Dataset,
    pub items: Vec<DatasetItem>,
    pub runs: Vec<String>,
}
