//! The texts of an item (input, expected output, metadata): as they came, to the letter, in the table or, when they are long, in S3.

use agenttrace_api::Json;
use agenttrace_kit::Error;
use agenttrace_records::{DatasetItem, DatasetItemBody};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::state::State;

/// Longer texts than this, in bytes, lie in S3: an item of DynamoDB's holds 400 KB.
const MAX_INLINE: usize = 300_000;

/// What was never said is absent.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Texts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_output: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<RawValue>>,
}

impl Texts {
    /// These, and what they leave out as it was before.
    pub fn over(self, before: Self) -> Self {
        Self {
            input: self.input.or(before.input),
            expected_output: self.expected_output.or(before.expected_output),
            metadata: self.metadata.or(before.metadata),
        }
    }

    /// Each with its name in the API; `null` for what is absent.
    pub fn fields(&self) -> [(&'static str, &str); 3] {
        [("input", text(&self.input)), ("expectedOutput", text(&self.expected_output)), ("metadata", text(&self.metadata))]
    }
}

pub fn text(value: &Option<Box<RawValue>>) -> &str {
    value.as_ref().map_or("null", |v| v.get())
}

pub fn json(value: Option<Box<RawValue>>) -> Json {
    value.map_or_else(Json::null, |v| Json::of(&v))
}

/// A value that a caller sent, as one that can be looked into. Refuses what is nested too deeply to be.
pub fn value(name: &str, value: &Option<Box<RawValue>>) -> Result<Value, Error> {
    serde_json::from_str(text(value)).map_err(|e| Error::bad_request(format!("`{name}` cannot be read: {e}")))
}

impl State {
    /// Puts texts where they belong; a long one is in S3 when this returns.
    pub async fn keep_texts(&self, item: &DatasetItem, texts: &Texts) -> Result<DatasetItemBody, Error> {
        let body = serde_json::to_string(texts).map_err(|e| Error::internal("encode a dataset item", e))?;
        if body.len() <= MAX_INLINE {
            return Ok(DatasetItemBody::Inline(body));
        }
        let key = format!("datasets/{}/{}/{}", item.project_id, item.dataset_id, uuid::Uuid::now_v7());
        self.blobs.put(&key, body, "application/json").await?;
        Ok(DatasetItemBody::Object(key))
    }

    pub async fn read_texts(&self, body: DatasetItemBody) -> Result<Texts, Error> {
        let read = |e| Error::internal("read the texts of a dataset item", e);
        match body {
            DatasetItemBody::Inline(body) => serde_json::from_str(&body).map_err(read),
            DatasetItemBody::Object(key) => serde_json::from_slice(&self.blobs.get(&key).await?).map_err(read),
        }
    }

    /// The texts of one version.
    pub async fn texts_of(&self, item: &DatasetItem) -> Result<Texts, Error> {
        match self.records.dataset_item_bodies(std::slice::from_ref(item)).await?.remove(&item.id) {
            Some(body) => self.read_texts(body).await,
            None => Ok(Texts::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(json: &str) -> Texts {
        serde_json::from_str(json).expect("texts")
    }

    #[test]
    fn what_is_left_out_stays_and_spelling_is_kept() {
        let merged = texts(r#"{"input":{"b":1.50,"a":1e400}}"#).over(texts(r#"{"input":1,"expectedOutput":"x"}"#));

        assert_eq!(merged.fields(), [("input", r#"{"b":1.50,"a":1e400}"#), ("expectedOutput", "\"x\""), ("metadata", "null")]);
        assert_eq!(serde_json::to_string(&merged).ok().as_deref(), Some(r#"{"input":{"b":1.50,"a":1e400},"expectedOutput":"x"}"#));
    }

    #[test]
    fn values_that_cannot_be_looked_into_are_refused() {
        let deep = format!("{{\"input\":{}{}}}", "[".repeat(200), "]".repeat(200));

        assert!(value("input", &texts(&deep).input).is_err());
        assert_eq!(value("input", &None).ok(), Some(Value::Null));
    }
}
