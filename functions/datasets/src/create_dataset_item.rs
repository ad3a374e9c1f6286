//! Creates a dataset item, or changes the one of that id: each time a new version.

use std::sync::Arc;

use agenttrace_api::ErrorName;
use agenttrace_api::dataset_items::{CreateDatasetItemBody, DatasetStatus};
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::{Dataset, DatasetItem, DatasetItemHead, new_id};

use crate::query::{self, now};
use crate::schema::Schemas;
use crate::state::State;
use crate::texts::{Texts, value};

/// In bytes; a list must be able to answer with it.
const MAX_BODY: usize = 4_500_000;
const TRIES: usize = 60;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    if call.request.body.len() > MAX_BODY {
        return Err(Error::refused(
            ErrorName::PayloadTooLargeError,
            format!("A dataset item must have at most {MAX_BODY} bytes. Attach files as media instead."),
        ));
    }
    let body: CreateDatasetItemBody = call.request.json()?;
    let project_id = call.project_id()?;
    let dataset = state.dataset(project_id, &body.dataset_name).await?;
    let id = body.id.as_deref().filter(|id| !id.is_empty()).map(|id| query::id("id", id)).transpose()?;
    let wanted = Wanted {
        is_named: id.is_some(),
        id: id.unwrap_or_else(new_id),
        source_trace_id: source("sourceTraceId", body.source_trace_id)?,
        source_observation_id: source("sourceObservationId", body.source_observation_id)?,
        archived: body.status.map(|status| status == DatasetStatus::Archived),
    };
    let said = Texts { input: body.input, expected_output: body.expected_output, metadata: body.metadata };
    let schemas = Schemas::of(dataset.input_schema.as_deref(), dataset.expected_output_schema.as_deref())?;
    let said_text = serde_json::to_string(&said).map_err(|e| Error::internal("encode a dataset item", e))?;
    value("metadata", &said.metadata)?;

    for _ in 0..TRIES {
        let known = state.records.dataset_item(project_id, &wanted.id).await?;
        let stands = known.clone().filter(|head| !head.deleted);
        if stands.as_ref().is_some_and(|head| head.item.dataset_id != dataset.id) {
            return Err(Error::not_found(format!(
                "The dataset item with id {} already exists in a dataset other than {}",
                wanted.id, dataset.name
            )));
        }
        let before = match &stands {
            Some(head) => state.texts_of(&head.item).await?,
            None => Texts::default(),
        };
        let said: Texts = serde_json::from_str(&said_text).map_err(|e| Error::internal("decode a dataset item", e))?;
        let texts = said.over(before);
        check(&schemas, &texts, wanted.is_named)?;
        let head = DatasetItemHead {
            item: wanted.over(stands.map(|head| head.item), &dataset, known.as_ref().map(|head| head.item.valid_from)),
            dataset_name: dataset.name.clone(),
            deleted: false,
        };
        let kept = state.keep_texts(&head.item, &texts).await?;
        if state.records.write_dataset_item(&head, &kept, known.as_ref()).await? {
            return Ok(Response::json(200, &state.show_item(head.item, &dataset.name, texts).await?));
        }
    }
    Err(Error::conflict("The dataset item was changed by others at the same time. Try again."))
}

fn source(name: &str, id: Option<String>) -> Result<Option<String>, Error> {
    id.filter(|id| !id.is_empty()).map(|id| query::id(name, &id)).transpose()
}

/// As Langfuse: what was never said of an item with an id of the caller's is not held against it.
fn check(schemas: &Schemas, texts: &Texts, is_named: bool) -> Result<(), Error> {
    let input = value("input", &texts.input)?;
    let expected = value("expectedOutput", &texts.expected_output)?;
    let violations = schemas.violations(
        Some(&input).filter(|_| !is_named || texts.input.is_some()),
        Some(&expected).filter(|_| !is_named || texts.expected_output.is_some()),
    );
    if violations.is_empty() {
        return Ok(());
    }
    Err(Error::bad_request(format!("Dataset item validation failed: {}", violations.join("; "))))
}

/// What the caller said of the item, beside its texts.
struct Wanted {
    id: String,
    /// The caller chose the id.
    is_named: bool,
    source_trace_id: Option<String>,
    source_observation_id: Option<String>,
    archived: Option<bool>,
}

impl Wanted {
    /// The next version: what is left out stays. Each version begins after the one before.
    fn over(&self, stands: Option<DatasetItem>, dataset: &Dataset, was: Option<Timestamp>) -> DatasetItem {
        let valid_from = was.map_or_else(now, |was| now().max(Timestamp(was.0 + 1_000)));
        let mut item = stands.unwrap_or_else(|| DatasetItem {
            id: self.id.clone(),
            project_id: dataset.project_id.clone(),
            dataset_id: dataset.id.clone(),
            archived: false,
            source_trace_id: None,
            source_observation_id: None,
            created_at: valid_from,
            valid_from,
        });
        item.valid_from = valid_from;
        item.archived = self.archived.unwrap_or(item.archived);
        item.source_trace_id = self.source_trace_id.clone().or(item.source_trace_id);
        item.source_observation_id = self.source_observation_id.clone().or(item.source_observation_id);
        item
    }
}
