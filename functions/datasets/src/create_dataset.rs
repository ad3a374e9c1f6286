//! Creates a dataset, or changes the one of that name (v1 and v2).

use std::sync::Arc;

use agenttrace_api::datasets::{CreateDatasetBody, Dataset as Shown, DatasetWithItems};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_records::datasets::{NAME_MAX_BYTES, NAME_MAX_CHARS};
use agenttrace_records::{Dataset, DatasetItemFilter, new_id};

use crate::get_dataset::show;
use crate::query::now;
use crate::schema::Schemas;
use crate::state::State;
use crate::texts::value;

const MAX_DESCRIPTION: usize = 10_000;
/// In bytes. With two schemas it fits one item of DynamoDB's.
const MAX_METADATA: usize = 100_000;
const TRIES: usize = 10;
/// Items that are checked against a new schema at a time, and how many failures are told.
const CHECKED_AT_ONCE: usize = 100;
const MAX_FAILURES: usize = 10;

pub async fn v2(state: Arc<State>, call: Call) -> Result<Response, Error> {
    Ok(Response::json(200, &create(&state, &call).await?))
}

pub async fn v1(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let dataset = create(&state, &call).await?;
    Ok(Response::json(200, &DatasetWithItems { dataset, items: Vec::new(), runs: Vec::new() }))
}

async fn create(state: &State, call: &Call) -> Result<Shown, Error> {
    let body: CreateDatasetBody = call.request.json()?;
    let project_id = call.project_id()?;
    check(&body)?;
    for _ in 0..TRIES {
        let known = state.records.dataset(project_id, &body.name).await?;
        let mut dataset = match &known {
            Some(known) => Dataset { updated_at: now(), revision: known.revision + 1, ..known.clone() },
            None => fresh(project_id, &body.name),
        };
        state_what_is_said(&mut dataset, &body);
        let schemas = Schemas::of(dataset.input_schema.as_deref(), dataset.expected_output_schema.as_deref())?;
        let written = match known {
            None => state.records.create_dataset(&dataset).await?,
            Some(known) => {
                let same = known.input_schema == dataset.input_schema && known.expected_output_schema == dataset.expected_output_schema;
                if !same && !schemas.is_empty() {
                    check_items(state, &dataset, &schemas).await?;
                }
                state.records.replace_dataset(&dataset, known.revision).await?
            }
        };
        if written {
            return Ok(show(dataset));
        }
    }
    Err(Error::conflict("The dataset was changed by others at the same time. Try again."))
}

fn check(body: &CreateDatasetBody) -> Result<(), Error> {
    let name = &body.name;
    let fits = name.chars().count() <= NAME_MAX_CHARS && name.len() <= NAME_MAX_BYTES;
    if name.trim().is_empty() || !fits || name.chars().any(char::is_control) {
        return Err(Error::bad_request(format!(
            "`name` must have 1 to {NAME_MAX_CHARS} characters ({NAME_MAX_BYTES} bytes), none of them a control character."
        )));
    }
    if body.description.as_ref().is_some_and(|d| d.chars().count() > MAX_DESCRIPTION) {
        return Err(Error::bad_request(format!("`description` must have at most {MAX_DESCRIPTION} characters.")));
    }
    if body.metadata.as_ref().is_some_and(|m| m.get().len() > MAX_METADATA) {
        return Err(Error::bad_request(format!("`metadata` must have at most {MAX_METADATA} bytes.")));
    }
    Ok(())
}

fn fresh(project_id: &str, name: &str) -> Dataset {
    Dataset {
        id: new_id(),
        project_id: project_id.to_owned(),
        name: name.to_owned(),
        description: None,
        metadata: None,
        input_schema: None,
        expected_output_schema: None,
        created_at: now(),
        updated_at: now(),
        revision: 0,
    }
}

fn state_what_is_said(dataset: &mut Dataset, body: &CreateDatasetBody) {
    if let Some(description) = &body.description {
        dataset.description = Some(description.clone());
    }
    if let Some(metadata) = &body.metadata {
        dataset.metadata = Some(metadata.get().to_owned());
    }
    for (said, schema) in
        [(&body.input_schema, &mut dataset.input_schema), (&body.expected_output_schema, &mut dataset.expected_output_schema)]
    {
        if let Some(said) = said {
            *schema = said.as_ref().map(|text| text.get().to_owned());
        }
    }
}

/// Refuses a schema that active items violate, and says which.
async fn check_items(state: &State, dataset: &Dataset, schemas: &Schemas) -> Result<(), Error> {
    let active = DatasetItemFilter { archived: Some(false), ..DatasetItemFilter::default() };
    let items = state.records.list_dataset_items(&dataset.project_id, Some(&dataset.id), &active, 0, usize::MAX).await?;
    let (mut failing, mut told) = (0, Vec::new());
    for some in items.rows.chunks(CHECKED_AT_ONCE) {
        let mut bodies = state.records.dataset_item_bodies(some).await?;
        for item in some {
            let Some(body) = bodies.remove(&item.id) else { continue };
            let texts = state.read_texts(body).await?;
            let (input, expected) = (value("input", &texts.input)?, value("expectedOutput", &texts.expected_output)?);
            let violations = schemas.violations(Some(&input), Some(&expected));
            if !violations.is_empty() {
                failing += 1;
                if told.len() < MAX_FAILURES {
                    told.push(format!("{}: {}", item.id, violations.join("; ")));
                }
            }
        }
    }
    if failing == 0 {
        return Ok(());
    }
    Err(Error::bad_request(format!(
        "Schema validation failed for {failing} of the dataset's active items; change or archive them first. {}",
        told.join(" | ")
    )))
}
