//! Links a trace to a dataset item in a run. Answers when the stream has it; the same link again is the same run item.

use std::sync::Arc;

use agenttrace_api::dataset_runs::{CreateDatasetRunItemBody, DatasetRunItem};
use agenttrace_domain::{RunItem, RunTelling, Timestamp, run_item_id};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::DatasetItem;

use crate::items::item_not_found;
use crate::query::{self, now};
use crate::runs::Posted;
use crate::state::State;
use crate::texts::text;

const MAX_NAME: usize = 500;
const MAX_DESCRIPTION: usize = 10_000;
/// In bytes: it fits one item of DynamoDB's.
const MAX_METADATA: usize = 200_000;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let body: CreateDatasetRunItemBody = call.request.json()?;
    let project_id = call.project_id()?;
    check(&body)?;
    let version = body.dataset_version.as_deref().filter(|t| !t.is_empty()).map(|t| query::time("datasetVersion", t)).transpose()?;
    let created_at = body.created_at.as_deref().filter(|t| !t.is_empty()).map(|t| query::time("createdAt", t)).transpose()?;
    let item = item(&state, project_id, &body.dataset_item_id, version).await?;
    let observation_id = body.observation_id.as_deref().filter(|id| !id.is_empty()).map(|id| query::id("observationId", id)).transpose()?;
    let trace_id = match (body.trace_id.as_deref().filter(|id| !id.is_empty()), &observation_id) {
        (Some(id), _) => query::id("traceId", id)?,
        (None, Some(id)) => trace_of(&state, project_id, id).await?,
        (None, None) => return Err(Error::bad_request("`traceId` or `observationId` must be provided")),
    };

    let now = now();
    let created_at = created_at.unwrap_or(now);
    let posted = Posted { description: body.run_description.clone(), metadata: metadata(&body, version) };
    let run = state.run(project_id, &item.dataset_id, &body.run_name, &posted, created_at, now).await?;
    let texts = state.texts_of(&item).await?;
    let told = RunItem {
        telling: RunTelling::Posted,
        run_id: run.id.clone(),
        run_name: Some(run.name.clone()),
        run_description: run.description,
        run_metadata: run.metadata,
        dataset_id: Some(item.dataset_id),
        item_version: Some(item.valid_from),
        item_metadata: texts.metadata.as_ref().map(|m| m.get().to_owned()),
        expected_output: texts.expected_output.is_some().then(|| text(&texts.expected_output).to_owned()),
        item_id: item.id,
        trace_id,
        observation_id,
        start_time: created_at,
        end_time: None,
    };
    let answer = DatasetRunItem {
        id: run_item_id(project_id, &told.run_id, &told.item_id, &told.trace_id),
        dataset_run_id: run.id,
        dataset_run_name: run.name,
        dataset_item_id: told.item_id.clone(),
        trace_id: told.trace_id.clone(),
        observation_id: told.observation_id.clone(),
        created_at: created_at.to_rfc3339(),
        updated_at: created_at.to_rfc3339(),
    };
    state.tell(project_id, told, agenttrace_kit::now()).await?;
    Ok(Response::json(200, &answer))
}

fn check(body: &CreateDatasetRunItemBody) -> Result<(), Error> {
    let length = body.run_name.chars().count();
    if body.run_name.trim().is_empty() || length > MAX_NAME || body.run_name.chars().any(char::is_control) {
        return Err(Error::bad_request(format!("`runName` must have 1 to {MAX_NAME} characters, none of them a control character.")));
    }
    if body.run_description.as_ref().is_some_and(|d| d.chars().count() > MAX_DESCRIPTION) {
        return Err(Error::bad_request(format!("`runDescription` must have at most {MAX_DESCRIPTION} characters.")));
    }
    if body.metadata.as_ref().is_some_and(|m| m.get().len() > MAX_METADATA) {
        return Err(Error::bad_request(format!("`metadata` must have at most {MAX_METADATA} bytes.")));
    }
    Ok(())
}

/// The item as it is, if it is active, or as it was at a time.
async fn item(state: &State, project_id: &str, id: &str, version: Option<Timestamp>) -> Result<DatasetItem, Error> {
    let head = state.records.dataset_item(project_id, id).await?.ok_or_else(item_not_found)?;
    let found = match version {
        None => (!head.deleted).then_some(head.item),
        Some(at) => state.records.dataset_item_at(project_id, &head.item.dataset_id, id, at).await?,
    };
    found.filter(|item| !item.archived).ok_or_else(item_not_found)
}

async fn trace_of(state: &State, project_id: &str, observation_id: &str) -> Result<String, Error> {
    let found = state.store.for_project(project_id).get_observation(None, observation_id).await?;
    found.map(|o| o.trace_id).ok_or_else(|| Error::not_found("Observation not found. Name its `traceId` when it was sent just now."))
}

/// The run's metadata, with the version of the dataset that was asked for beside what the caller said.
fn metadata(body: &CreateDatasetRunItemBody, version: Option<Timestamp>) -> Option<String> {
    let said = body.metadata.as_ref().map(|m| m.get().to_owned());
    let Some(version) = version else { return said };
    let mut entries = match said.as_deref().map(serde_json::from_str::<serde_json::Value>) {
        Some(Ok(serde_json::Value::Object(entries))) => entries,
        Some(_) => return said,
        None => serde_json::Map::new(),
    };
    entries.insert("dataset_version".to_owned(), version.to_rfc3339().into());
    Some(serde_json::Value::Object(entries).to_string())
}
