//! Runs of a dataset: those that were posted, those that spans told of, and those that are both, each once.

use std::collections::HashMap;

use agenttrace_api::Json;
use agenttrace_api::dataset_runs::DatasetRun as Shown;
use agenttrace_domain::Timestamp;
use agenttrace_kit::Error;
use agenttrace_records::{Dataset, DatasetRun};
use agenttrace_store::run_items::RunRecord;
use sha2::{Digest, Sha256};

use crate::state::State;

/// How often a change is tried again when others change the same.
const TRIES: usize = 20;

/// The id of a dataset's run of this name. Python's SDK 5 computes the same and only tells spans, so a run that is also posted, by another SDK
/// or another process, is the same run.
pub fn run_id(project_id: &str, dataset_id: &str, name: &str) -> String {
    let text = serde_json::to_string(&["langfuse-experiment-v1", project_id, dataset_id, name]).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What is posted of a run with each of its items.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    pub description: Option<String>,
    /// A JSON text.
    pub metadata: Option<String>,
}

impl State {
    /// The run of this name, made if there is none. What is said of it replaces what was said before.
    pub async fn run(
        &self,
        project_id: &str,
        dataset_id: &str,
        name: &str,
        posted: &Posted,
        created_at: Timestamp,
        now: Timestamp,
    ) -> Result<DatasetRun, Error> {
        for _ in 0..TRIES {
            let known = self.records.dataset_run(project_id, dataset_id, name).await?;
            let was = known.as_ref().map(|run| run.revision);
            let run = match known {
                Some(known) if known.deleted_at.is_none() => {
                    let same = |said: &Option<String>, stands: &Option<String>| said.is_none() || said == stands;
                    if same(&posted.description, &known.description) && same(&posted.metadata, &known.metadata) {
                        return Ok(known);
                    }
                    DatasetRun {
                        description: posted.description.clone().or(known.description),
                        metadata: posted.metadata.clone().or(known.metadata),
                        updated_at: now,
                        revision: known.revision + 1,
                        ..known
                    }
                }
                gone => DatasetRun {
                    id: run_id(project_id, dataset_id, name),
                    project_id: project_id.to_owned(),
                    dataset_id: dataset_id.to_owned(),
                    name: name.to_owned(),
                    description: posted.description.clone(),
                    metadata: posted.metadata.clone(),
                    created_at,
                    updated_at: now,
                    deleted_at: None,
                    revision: gone.map_or(0, |run| run.revision + 1),
                },
            };
            if self.records.write_dataset_run(&run, was).await? {
                return Ok(run);
            }
        }
        Err(Error::conflict("The run was changed by others at the same time. Try again."))
    }

    /// The runs of a dataset, newest first.
    pub async fn runs_of(&self, dataset: &Dataset) -> Result<Vec<Shown>, Error> {
        let project = self.store.for_project(&dataset.project_id);
        let (heads, rows) =
            tokio::try_join!(async { self.records.dataset_runs(&dataset.project_id, &dataset.id).await.map_err(Error::from) }, async {
                project.runs_of_dataset(&dataset.id).await.map_err(Error::from)
            },)?;
        Ok(unite(heads, rows, &dataset.id, &dataset.name))
    }

    /// The run of a name.
    pub async fn find_run(&self, dataset: &Dataset, name: &str) -> Result<Shown, Error> {
        let head = self.records.dataset_run(&dataset.project_id, &dataset.id, name).await?;
        match head {
            Some(head) if head.deleted_at.is_none() => Ok(show(head, None, &dataset.name)),
            _ => self.runs_of(dataset).await?.into_iter().find(|run| run.name == name).ok_or_else(run_not_found),
        }
    }
}

/// The same for another project's.
pub fn run_not_found() -> Error {
    Error::not_found("Dataset run not found")
}

fn unite(heads: Vec<DatasetRun>, rows: Vec<RunRecord>, dataset_id: &str, dataset_name: &str) -> Vec<Shown> {
    let mut told: HashMap<String, RunRecord> = rows.into_iter().map(|row| (row.run_id.clone(), row)).collect();
    let mut runs = Vec::with_capacity(heads.len() + told.len());
    for head in heads {
        let row = told.remove(&head.id);
        match head.deleted_at {
            None => runs.push((head.created_at.0, show(head, row, dataset_name))),
            // The rows of a deleted run may take a moment to go; what came after it is a new run.
            Some(gone) => {
                runs.extend(row.filter(|row| row.updated > gone.0).map(|row| (row.created, row.into_run(dataset_id, dataset_name))))
            }
        }
    }
    runs.extend(told.into_values().map(|row| (row.created, row.into_run(dataset_id, dataset_name))));
    runs.sort_unstable_by(|(a, left), (b, right)| b.cmp(a).then_with(|| right.id.cmp(&left.id)));
    runs.into_iter().map(|(_, run)| run).collect()
}

/// A posted run; what was not posted of it is taken from its spans.
fn show(head: DatasetRun, row: Option<RunRecord>, dataset_name: &str) -> Shown {
    let (description, metadata) = row.map_or((None, String::new()), |row| (Some(row.description).filter(|d| !d.is_empty()), row.metadata));
    Shown {
        id: head.id,
        name: head.name,
        description: head.description.or(description),
        metadata: Json::parse(head.metadata.unwrap_or(metadata)).unwrap_or_default(),
        dataset_id: head.dataset_id,
        dataset_name: dataset_name.to_owned(),
        created_at: head.created_at.to_rfc3339(),
        updated_at: head.updated_at.to_rfc3339(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &str, created_at: i64, deleted_at: Option<i64>) -> DatasetRun {
        DatasetRun {
            id: format!("id-{name}"),
            project_id: "p".to_owned(),
            dataset_id: "d".to_owned(),
            name: name.to_owned(),
            description: None,
            metadata: Some("{\"posted\":1}".to_owned()),
            created_at: Timestamp(created_at),
            updated_at: Timestamp(created_at),
            deleted_at: deleted_at.map(Timestamp),
            revision: 0,
        }
    }

    fn row(name: &str, created: i64, updated: i64) -> RunRecord {
        RunRecord {
            run_id: format!("id-{name}"),
            name: name.to_owned(),
            description: "of spans".to_owned(),
            metadata: "{\"told\":1}".to_owned(),
            created,
            updated,
        }
    }

    #[test]
    fn a_run_that_is_told_both_ways_is_one_run() {
        let heads = vec![head("both", 20, None), head("posted", 30, None), head("gone", 40, Some(50)), head("again", 40, Some(50))];
        let rows = vec![row("both", 10, 60), row("spans", 15, 60), row("gone", 41, 45), row("again", 41, 60)];

        let runs = unite(heads, rows, "d", "data");

        let seen: Vec<_> = runs.iter().map(|r| (r.name.as_str(), r.description.as_deref(), r.metadata.as_str())).collect();
        assert_eq!(
            seen,
            [
                ("again", Some("of spans"), "{\"told\":1}"),
                ("posted", None, "{\"posted\":1}"),
                ("both", Some("of spans"), "{\"posted\":1}"),
                ("spans", Some("of spans"), "{\"told\":1}"),
            ]
        );
    }

    #[test]
    fn ids_of_runs_are_those_that_the_sdk_computes() {
        // hashlib.sha256(json.dumps(["langfuse-experiment-v1", p, d, n], separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()[:16]
        for (name, expected) in [("run", "c87d1c72330cbbbe"), ("ünï \"x\"\n東京/🙂", "b552a2f11698529b")] {
            assert_eq!(run_id("project", "dataset", name), expected, "{name}");
        }
    }
}
