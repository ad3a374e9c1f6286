//! Datasets, by name. A lean entry beside each lists them by the time of their creation.

use std::ops::ControlFlow;

use agenttrace_domain::Timestamp;
use sha2::{Digest, Sha256};

use crate::item::{Item, NewItem};
use crate::table::{Action, Walk, Written};
use crate::{Error, Records, dataset_counts};

/// The longest name, in characters and in bytes: it is a part of a key.
pub const NAME_MAX_CHARS: usize = 255;
pub const NAME_MAX_BYTES: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    pub id: String,
    pub project_id: String,
    pub name: String,
    pub description: Option<String>,
    /// A JSON text.
    pub metadata: Option<String>,
    /// A JSON Schema's text.
    pub input_schema: Option<String>,
    /// A JSON Schema's text.
    pub expected_output_schema: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts the changes.
    pub revision: i64,
}

/// Some of a list, and how many it has in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice<T> {
    pub rows: Vec<T>,
    pub total: u64,
}

pub(crate) fn pk(project_id: &str) -> String {
    format!("DATASETS#{project_id}")
}

fn sk(name: &str) -> String {
    format!("NAME#{name}")
}

/// Where the items and runs of a dataset lie.
pub(crate) fn content_pk(project_id: &str, dataset_id: &str) -> String {
    format!("DATASET#{project_id}#{dataset_id}")
}

/// A caller's text of any length as a part of a key: 32 hex characters of its SHA-256.
pub(crate) fn key_of(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes an item that must not exist, or whose revision must still be `was`.
pub(crate) fn put(item: NewItem, was: Option<i64>) -> Action {
    match was {
        None => Action::Create(item),
        Some(revision) => Action::PutOver { item, revision },
    }
}

impl Dataset {
    fn to_item(&self) -> NewItem {
        NewItem::new(pk(&self.project_id), sk(&self.name))
            .text("id", &self.id)
            .text("project_id", &self.project_id)
            .text("name", &self.name)
            .maybe_text("description", self.description.as_deref())
            .maybe_text("metadata", self.metadata.as_deref())
            .maybe_text("input_schema", self.input_schema.as_deref())
            .maybe_text("expected_output_schema", self.expected_output_schema.as_deref())
            .number("created_at", self.created_at.0)
            .number("updated_at", self.updated_at.0)
            .number("revision", self.revision)
    }

    fn to_entry(&self) -> NewItem {
        NewItem::new(pk(&self.project_id), format!("AT#{:020}#{}", self.created_at.0, self.id)).text("name", &self.name)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            project_id: item.text("project_id")?,
            name: item.text("name")?,
            description: item.maybe_text("description"),
            metadata: item.maybe_text("metadata"),
            input_schema: item.maybe_text("input_schema"),
            expected_output_schema: item.maybe_text("expected_output_schema"),
            created_at: item.time("created_at")?,
            updated_at: item.time("updated_at")?,
            revision: item.number("revision")?,
        })
    }
}

impl Records {
    pub async fn dataset(&self, project_id: &str, name: &str) -> Result<Option<Dataset>, Error> {
        self.read("read a dataset", &pk(project_id), &sk(name)).await?.as_ref().map(Dataset::from_item).transpose()
    }

    /// Writes a new dataset. `false` when the name is taken.
    pub async fn create_dataset(&self, dataset: &Dataset) -> Result<bool, Error> {
        let actions = [
            Action::Create(dataset.to_item()),
            Action::Create(dataset.to_entry()),
            dataset_counts::begin(&dataset.project_id, &dataset.id),
        ];
        Ok(self.write("create a dataset", &actions).await? == Written::Done)
    }

    /// Replaces a dataset whose revision still is `was`. `false` when it is not.
    pub async fn replace_dataset(&self, dataset: &Dataset, was: i64) -> Result<bool, Error> {
        let action = Action::PutOver { item: dataset.to_item(), revision: was };
        Ok(self.write("change a dataset", &[action]).await? == Written::Done)
    }

    /// Datasets whose name holds `part` in any case, newest first.
    pub async fn list_datasets(&self, project_id: &str, part: &str, skip: usize, limit: usize) -> Result<Slice<Dataset>, Error> {
        let pk = pk(project_id);
        let part = part.to_lowercase();
        let (mut names, mut total) = (Vec::new(), 0_u64);
        self.walk("list datasets", Walk { gsi1: false, pk: &pk, sk_prefix: "AT#", backwards: true, expected: None }, |entry| {
            let name = entry.text("name")?;
            if part.is_empty() || name.to_lowercase().contains(&part) {
                if total as usize >= skip && names.len() < limit {
                    names.push(name);
                }
                total += 1;
            }
            Ok(ControlFlow::Continue(()))
        })
        .await?;
        let keys = names.iter().map(|name| (pk.clone(), sk(name))).collect();
        let found = self.read_many("read datasets", keys).await?;
        let mut rows = found.iter().map(Dataset::from_item).collect::<Result<Vec<_>, _>>()?;
        rows.sort_by_key(|dataset| names.iter().position(|name| *name == dataset.name));
        Ok(Slice { rows, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_fits_its_key() {
        assert!(sk(&"x".repeat(NAME_MAX_BYTES)).len() <= 1_024);
        assert_eq!(key_of("abc"), "ba7816bf8f01cfea414140de5dae2223");
    }
}
