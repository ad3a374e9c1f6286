//! Heads of dataset runs: what was posted of a run as a whole. Its items lie in ClickHouse.

use agenttrace_domain::Timestamp;

use crate::datasets::{content_pk, key_of, put};
use crate::item::{Item, NewItem};
use crate::table::Written;
use crate::{Error, Records};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetRun {
    /// The same as the experiment's.
    pub id: String,
    pub project_id: String,
    pub dataset_id: String,
    pub name: String,
    pub description: Option<String>,
    /// A JSON text.
    pub metadata: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// The run is gone, with every item that was received until then.
    pub deleted_at: Option<Timestamp>,
    /// Counts the changes.
    pub revision: i64,
}

fn sk(name: &str) -> String {
    format!("RUN#{}", key_of(name))
}

impl DatasetRun {
    fn to_item(&self) -> NewItem {
        NewItem::new(content_pk(&self.project_id, &self.dataset_id), sk(&self.name))
            .text("id", &self.id)
            .text("project_id", &self.project_id)
            .text("dataset_id", &self.dataset_id)
            .text("name", &self.name)
            .maybe_text("description", self.description.as_deref())
            .maybe_text("metadata", self.metadata.as_deref())
            .number("created_at", self.created_at.0)
            .number("updated_at", self.updated_at.0)
            .maybe_number("deleted_at", self.deleted_at.map(|t| t.0))
            .number("revision", self.revision)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            project_id: item.text("project_id")?,
            dataset_id: item.text("dataset_id")?,
            name: item.text("name")?,
            description: item.maybe_text("description"),
            metadata: item.maybe_text("metadata"),
            created_at: item.time("created_at")?,
            updated_at: item.time("updated_at")?,
            deleted_at: item.maybe_time("deleted_at"),
            revision: item.number("revision")?,
        })
    }
}

impl Records {
    pub async fn dataset_run(&self, project_id: &str, dataset_id: &str, name: &str) -> Result<Option<DatasetRun>, Error> {
        let found = self.read("read a dataset run", &content_pk(project_id, dataset_id), &sk(name)).await?;
        found.as_ref().map(DatasetRun::from_item).transpose()
    }

    /// The heads of a dataset's runs, in no order, deleted ones among them.
    pub async fn dataset_runs(&self, project_id: &str, dataset_id: &str) -> Result<Vec<DatasetRun>, Error> {
        let found = self.list("list dataset runs", &content_pk(project_id, dataset_id), "RUN#").await?;
        found.iter().map(DatasetRun::from_item).collect()
    }

    /// Writes a run that does not exist (`was` is none), or whose revision still is `was`. `false` when someone was faster.
    pub async fn write_dataset_run(&self, run: &DatasetRun, was: Option<i64>) -> Result<bool, Error> {
        Ok(self.write("write a dataset run", &[put(run.to_item(), was)]).await? == Written::Done)
    }
}
