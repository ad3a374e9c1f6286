//! Items as the API shows them: with their texts and the media that these refer to.

use std::collections::HashMap;

use agenttrace_api::dataset_items::{DatasetItem as Shown, DatasetStatus};
use agenttrace_kit::{Error, media};
use agenttrace_records::{Dataset, DatasetItem};
use futures::{StreamExt, TryStreamExt, stream};

use crate::state::State;
use crate::texts::{Texts, json};

/// Objects that are read at the same time.
const AT_ONCE: usize = 8;

impl State {
    pub async fn dataset(&self, project_id: &str, name: &str) -> Result<Dataset, Error> {
        self.records.dataset(project_id, name).await?.ok_or_else(dataset_not_found)
    }

    /// One item with its texts.
    pub async fn show_item(&self, item: DatasetItem, dataset_name: &str, texts: Texts) -> Result<Shown, Error> {
        let media_references = media::references(&self.records, &self.media, &item.project_id, &texts.fields()).await?;
        Ok(Shown {
            status: if item.archived { DatasetStatus::Archived } else { DatasetStatus::Active },
            input: json(texts.input),
            expected_output: json(texts.expected_output),
            metadata: json(texts.metadata),
            source_trace_id: item.source_trace_id,
            source_observation_id: item.source_observation_id,
            dataset_id: item.dataset_id,
            dataset_name: dataset_name.to_owned(),
            created_at: item.created_at.to_rfc3339(),
            updated_at: item.valid_from.to_rfc3339(),
            media_references,
            id: item.id,
        })
    }

    /// Items with their texts, in the same order.
    pub async fn show_items(&self, items: Vec<DatasetItem>, names: &HashMap<String, String>) -> Result<Vec<Shown>, Error> {
        let mut bodies = self.records.dataset_item_bodies(&items).await?;
        let found: Vec<_> = items.into_iter().map(|item| (bodies.remove(&item.id), item)).collect();
        stream::iter(found)
            .map(|(body, item)| async move {
                let texts = match body {
                    Some(body) => self.read_texts(body).await?,
                    None => Texts::default(),
                };
                let name = names.get(&item.dataset_id).map_or("", String::as_str);
                self.show_item(item, name, texts).await
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }
}

/// The same for another project's.
pub fn dataset_not_found() -> Error {
    Error::not_found("Dataset not found")
}

pub fn item_not_found() -> Error {
    Error::not_found("Dataset item not found")
}
