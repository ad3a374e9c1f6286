//! Datasets with their items as they are now, archived ones too where the server tells them, and their runs. Former versions of items are not told by the API.

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{Import, LARGEST_LIST, check_progress, convert, is_missing, media, next_cursor, rows, text};
use crate::api::segment;

const ITEMS: &str = "/api/public/dataset-items";

pub fn copy(import: &mut Import<'_>) -> Result<()> {
    for row in import.pages("/api/public/v2/datasets", &[])?.into_iter().rev() {
        let name = text(&row, "name").to_owned();
        if import.arguments.dry_run {
            let items = import.source.get(ITEMS, &[("datasetName", &name), ("status", "ALL"), ("limit", "1")])?;
            import.report.done("datasets", 1);
            import.report.done("dataset-items", items["meta"]["totalItems"].as_u64().unwrap_or(0));
            continue;
        }
        if import.state.noted.datasets.contains(&name) {
            continue;
        }
        if let Some(made) = import.write("datasets", &name, "POST", "/api/public/v2/datasets", &convert::dataset(&row))? {
            copy_items(import, &name, text(&made, "id"))?;
        }
        import.state.noted.datasets.insert(name);
        import.save()?;
    }
    Ok(())
}

/// Pages of one dataset's items.
const MOST_PAGES: u64 = 1_000_000;

/// Lists are newest first: from the last page to the first, so that the items' order stays.
fn copy_items(import: &mut Import<'_>, dataset: &str, dataset_id: &str) -> Result<()> {
    let read = |import: &Import<'_>, page: u64| {
        let query = [("datasetName", dataset), ("status", "ALL"), ("page", &page.to_string()), ("limit", "100")];
        import.source.get(ITEMS, &query)
    };
    let pages = read(import, 1)?["meta"]["totalPages"].as_u64().unwrap_or(0);
    if pages > MOST_PAGES {
        bail!("{ITEMS} of {} has no end: {pages} pages in {dataset}", import.source.server());
    }
    let mut before = Vec::new();
    for page in (1..=pages).rev() {
        let list = rows(&read(import, page)?);
        check_progress(ITEMS, &before, &list)?;
        let mut places = Vec::new();
        for row in list.iter().rev() {
            let body = convert::dataset_item(row, dataset);
            if import.write("dataset-items", text(row, "id"), "POST", ITEMS, &body)?.is_some() {
                places.extend(media::of_item(&body, dataset_id));
            }
        }
        media::copy(import, places)?;
        before = list;
    }
    Ok(())
}

/// A run as either API tells it.
struct Run {
    id: String,
    name: String,
    /// What is said of the run with each of its items.
    about: Value,
}

pub fn copy_runs(import: &mut Import<'_>) -> Result<()> {
    for dataset in import.pages("/api/public/v2/datasets", &[])? {
        let name = text(&dataset, "name").to_owned();
        let path = format!("/api/public/datasets/{}/runs", segment(&name));
        let first = import.source.get(&path, &[("page", "1"), ("limit", "1")]);
        // Servers that only have experiments have no runs by name.
        let legacy = !is_missing(&first);
        if legacy {
            first?;
        }
        let runs = if legacy { runs(import, &path)? } else { experiments(import, text(&dataset, "id"))? };
        for run in runs.into_iter().rev() {
            let mark = format!("{name}\n{}", run.name);
            if import.arguments.dry_run {
                import.report.done("runs", 1);
            } else if !import.state.noted.runs.contains(&mark) {
                let items = if legacy { run_items(import, &name, &run.name)? } else { experiment_items(import, &run.id)? };
                copy_run(import, &run, &items)?;
                import.state.noted.runs.insert(mark);
                import.save()?;
            }
        }
    }
    Ok(())
}

fn copy_run(import: &mut Import<'_>, run: &Run, items: &[Value]) -> Result<()> {
    for item in items {
        let mut body = json!({"runName": run.name, "datasetItemId": item["datasetItemId"], "traceId": item["traceId"]});
        let said = [
            ("runDescription", &run.about["description"]),
            ("metadata", &run.about["metadata"]),
            ("observationId", &item["observationId"]),
            ("createdAt", &item["createdAt"]),
        ];
        for (name, value) in said {
            if !value.is_null() {
                body[name] = value.clone();
            }
        }
        if let Some(made) = import.write("run-items", text(item, "traceId"), "POST", "/api/public/dataset-run-items", &body)? {
            let id = text(&made, "datasetRunId");
            if !id.is_empty() {
                import.state.noted.run_ids.insert(run.id.clone(), id.to_owned());
            }
        }
    }
    import.report.done("runs", 1);
    Ok(())
}

fn runs(import: &Import<'_>, path: &str) -> Result<Vec<Run>> {
    let run = |row: Value| Run { id: text(&row, "id").to_owned(), name: text(&row, "name").to_owned(), about: row };
    Ok(import.pages(path, &[])?.into_iter().map(run).collect())
}

fn run_items(import: &Import<'_>, dataset: &str, run: &str) -> Result<Vec<Value>> {
    let answer = import.source.get(&format!("/api/public/datasets/{}/runs/{}", segment(dataset), segment(run)), &[])?;
    Ok(answer["datasetRunItems"].as_array().cloned().unwrap_or_default())
}

/// Experiments of a dataset, from the time before anyone made one.
fn experiments(import: &Import<'_>, dataset_id: &str) -> Result<Vec<Run>> {
    let found = cursor_pages(import, "/api/public/experiments", &[("fields", "metadata"), ("datasetId", dataset_id)])?;
    let run = |row: Value| Run { id: text(&row, "id").to_owned(), name: text(&row, "name").to_owned(), about: row };
    Ok(found.into_iter().map(run).collect())
}

fn experiment_items(import: &Import<'_>, experiment_id: &str) -> Result<Vec<Value>> {
    let found = cursor_pages(import, "/api/public/experiment-items", &[("experimentId", experiment_id)])?;
    let item = |row: &Value| json!({"datasetItemId": row["experimentItemId"], "traceId": row["traceId"], "createdAt": row["startTime"]});
    Ok(found.iter().map(item).collect())
}

fn cursor_pages(import: &Import<'_>, path: &str, query: &[(&str, &str)]) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut query = query.to_vec();
        query.extend([("fromStartTime", "2020-01-01T00:00:00Z"), ("limit", "100")]);
        if let Some(cursor) = &cursor {
            query.push(("cursor", cursor));
        }
        let answer = import.source.get(path, &query)?;
        all.extend(rows(&answer));
        if all.len() > LARGEST_LIST {
            bail!("{path} of {} has no end: more than {LARGEST_LIST} rows", import.source.server());
        }
        cursor = next_cursor(path, &answer, cursor.as_deref())?;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}
