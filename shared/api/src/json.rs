//! JSON that goes through as it is: key order, number spelling and all.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// A JSON value as text that was checked once.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Json {
    #[must_use]
    pub fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    /// The text itself when it is JSON; gives it back when it is not.
    pub fn parse(text: String) -> Result<Self, String> {
        if serde_json::from_str::<&RawValue>(&text).is_err() {
            return Err(text);
        }
        RawValue::from_string(text).map(Self).map_err(|_| String::new())
    }

    /// Any value of ours.
    #[must_use]
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        serde_json::value::to_raw_value(value).map_or_else(|_| Self::null(), Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

/// For `#[serde(default, deserialize_with = "stated")]`: tells `null` (`Some(None)`) from absence (`None`).
pub fn stated<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Default for Json {
    fn default() -> Self {
        Self::null()
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Through a value, because raw text cannot be had inside flattened structs.
        serde_json::Value::deserialize(deserializer).map(|value| Self::of(&value))
    }
}

impl JsonSchema for Json {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Json".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}
