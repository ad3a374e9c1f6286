//! Stored run items as the API shows them.

use agenttrace_api::Json;
use agenttrace_api::dataset_runs::{DatasetRun, DatasetRunItem};
use agenttrace_api::experiments::{Experiment, ExperimentItem, ExperimentItemDataset, ExperimentItemExperiment, ExperimentItemIo};
use agenttrace_api::scores::ScoreV3;

use super::{ExperimentRecord, ItemRecord, RunItemRecord, RunRecord};
use crate::observations::ObservationRecord;
use crate::text;
use crate::traces::TraceRecord;

/// The field groups of experiments (`core` is always there).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExperimentFields {
    pub metadata: bool,
    pub scores: bool,
}

impl ExperimentFields {
    /// A comma list. The error is a sentence for the caller.
    pub fn parse(fields: Option<&str>) -> Result<Self, String> {
        let mut asked = Self::default();
        for field in names(fields) {
            match field {
                "core" => {}
                "metadata" => asked.metadata = true,
                "scores" => asked.scores = true,
                _ => return Err("`fields` is a comma list of core, metadata, scores".to_owned()),
            }
        }
        Ok(asked)
    }
}

/// The field groups of experiment items (`core` is always there).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemFields {
    pub dataset: bool,
    pub io: bool,
    pub metadata: bool,
    pub item_metadata: bool,
    pub experiment_metadata: bool,
    pub scores: bool,
}

impl ItemFields {
    /// A comma list; `core,dataset` when nothing is asked for. The error is a sentence for the caller.
    pub fn parse(fields: Option<&str>) -> Result<Self, String> {
        let mut asked = Self::default();
        let mut any = false;
        for field in names(fields) {
            any = true;
            match field {
                "core" => {}
                "dataset" => asked.dataset = true,
                "io" => asked.io = true,
                "metadata" => asked.metadata = true,
                "itemMetadata" => asked.item_metadata = true,
                "experimentMetadata" => asked.experiment_metadata = true,
                "scores" => asked.scores = true,
                _ => {
                    return Err(
                        "`fields` is a comma list of core, dataset, io, metadata, itemMetadata, experimentMetadata, scores".to_owned()
                    );
                }
            }
        }
        Ok(if any { asked } else { Self { dataset: true, ..asked } })
    }
}

fn names(fields: Option<&str>) -> impl Iterator<Item = &str> {
    fields.unwrap_or_default().split(',').map(str::trim).filter(|f| !f.is_empty())
}

/// What a try is about: its observation, or its trace where no observation was linked, or neither when both are gone.
#[derive(Debug, Clone, PartialEq)]
pub enum Tried {
    Observation(Box<ObservationRecord>),
    Trace(Box<TraceRecord>),
    Unknown,
}

impl RunRecord {
    #[must_use]
    pub fn into_run(self, dataset_id: &str, dataset_name: &str) -> DatasetRun {
        DatasetRun {
            id: self.run_id,
            name: self.name,
            description: text::some(self.description),
            metadata: text::io(self.metadata),
            dataset_id: dataset_id.to_owned(),
            dataset_name: dataset_name.to_owned(),
            created_at: text::time(self.created),
            updated_at: text::time(self.updated),
        }
    }
}

impl RunItemRecord {
    #[must_use]
    pub fn into_item(self, run_id: &str) -> DatasetRunItem {
        DatasetRunItem {
            id: self.id,
            dataset_run_id: run_id.to_owned(),
            dataset_run_name: self.run_name,
            dataset_item_id: self.item_id,
            trace_id: self.trace_id,
            observation_id: text::some(self.observation_id),
            created_at: text::time(self.started_at),
            updated_at: text::time(self.updated_at),
        }
    }
}

impl ExperimentRecord {
    #[must_use]
    pub fn into_experiment(self, fields: ExperimentFields, scores: Vec<ScoreV3>) -> Experiment {
        Experiment {
            id: self.run_id,
            name: self.experiment_name,
            description: text::some(self.description),
            start_time: text::time(self.first),
            end_time: text::time(self.last),
            item_count: self.items,
            dataset_id: text::some(self.experiment_dataset),
            metadata: fields.metadata.then(|| object(self.metadata)),
            scores: fields.scores.then_some(scores),
        }
    }
}

impl ItemRecord {
    #[must_use]
    pub fn into_item(self, fields: ItemFields, tried: Tried, scores: Vec<ScoreV3>) -> ExperimentItem {
        let (level, environment, ended, input, output, metadata) = match tried {
            Tried::Observation(o) => (o.level, o.environment, o.ended, o.input, o.output, o.metadata),
            Tried::Trace(t) => (t.level, t.environment, self.ended_at, t.input, t.output, t.metadata),
            Tried::Unknown => (String::new(), String::new(), self.ended_at, String::new(), String::new(), Vec::new()),
        };
        let or_default = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
        ExperimentItem {
            id: if self.observation_id.is_empty() { self.id } else { self.observation_id },
            trace_id: self.trace_id,
            start_time: text::time(self.started_at),
            end_time: ended.map(text::time),
            level: or_default(level, "DEFAULT"),
            environment: or_default(environment, "default"),
            experiment_id: self.run_id,
            experiment_name: self.run_name,
            experiment_item_id: self.item_id,
            dataset: fields.dataset.then(|| ExperimentItemDataset {
                experiment_dataset_id: text::some(self.dataset_id),
                experiment_item_version: self.version.map(text::time),
            }),
            io: fields.io.then(|| ExperimentItemIo {
                input: text::io(input),
                output: text::io(output),
                expected_output: text::io(self.expected_output),
            }),
            metadata: fields.metadata.then(|| text::metadata(metadata)),
            experiment_item_metadata: fields.item_metadata.then(|| object(self.item_metadata)),
            experiment: fields.experiment_metadata.then(|| ExperimentItemExperiment {
                experiment_metadata: object(self.run_metadata),
                experiment_description: text::some(self.run_description),
            }),
            scores: fields.scores.then_some(scores),
        }
    }
}

/// Metadata as an object, which the SDKs' types demand: anything else stands under `metadata`.
fn object(stored: String) -> Json {
    if stored.is_empty() {
        return Json::of(&serde_json::json!({}));
    }
    let is_object = stored.trim_start().starts_with('{');
    match text::io(stored) {
        value if is_object && value.as_str().starts_with('{') => value,
        value => Json::of(&std::collections::BTreeMap::from([("metadata", value)])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_always_an_object() {
        for (stored, expected) in [
            ("", "{}"),
            ("{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}"),
            ("[1]", "{\"metadata\":[1]}"),
            ("plain", "{\"metadata\":\"plain\"}"),
            ("{broken", "{\"metadata\":\"{broken\"}"),
        ] {
            assert_eq!(object(stored.to_owned()).as_str(), expected, "{stored:?}");
        }
    }

    #[test]
    fn field_groups_are_named_or_refused() {
        assert_eq!(ItemFields::parse(None), Ok(ItemFields { dataset: true, ..ItemFields::default() }));
        assert_eq!(ItemFields::parse(Some("core, io")), Ok(ItemFields { io: true, ..ItemFields::default() }));
        assert_eq!(ExperimentFields::parse(Some("metadata,scores")), Ok(ExperimentFields { metadata: true, scores: true }));
        assert!(ItemFields::parse(Some("input")).is_err() && ExperimentFields::parse(Some("items")).is_err());
    }
}
