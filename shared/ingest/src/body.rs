//! JSON bodies of people and old SDKs, read field by field: of a key that stands twice the last counts, `null` is "not said",
//! unknown keys are ignored, and texts are kept as they came.

use std::borrow::Cow;
use std::fmt;

use agenttrace_domain::Timestamp;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::mapping::metadata::Collector;
use crate::text::{compact, repair_surrogates, without_nul};

/// One JSON object whose values are not read yet.
#[derive(Debug, Default)]
pub(crate) struct Body<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Body<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Body<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key_seed(crate::otlp::json::Text)? {
                    entries.push((key, map.next_value()?));
                }
                Ok(Body(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl<'a> Body<'a> {
    /// Reads an object.
    ///
    /// # Errors
    /// What is wrong with the text, for people.
    pub fn parse(json: &'a str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|cause| format!("expected a JSON object ({cause})"))
    }

    pub fn entries(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), *value))
    }

    /// The value of a key, `None` when it is absent or `null`.
    pub fn get(&self, key: &str) -> Option<&'a RawValue> {
        let (_, value) = self.0.iter().rev().find(|(known, _)| known == key)?;
        (value.get() != "null").then_some(*value)
    }

    /// Text. Numbers and booleans are taken by their JSON text, as users give numbers for ids.
    pub fn text(&self, key: &str) -> Result<Option<String>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match string(value) {
            Some(text) => Ok(Some(text)),
            None if !is_structure(value) => Ok(Some(value.get().to_owned())),
            None => Err(format!("{key} must be a string")),
        }
    }

    pub fn flag(&self, key: &str) -> Result<Option<bool>, String> {
        match self.get(key).map(RawValue::get) {
            None => Ok(None),
            Some("true" | "\"true\"") => Ok(Some(true)),
            Some("false" | "\"false\"") => Ok(Some(false)),
            Some(_) => Err(format!("{key} must be true or false")),
        }
    }

    /// ISO 8601 text, or milliseconds since 1970.
    pub fn time(&self, key: &str) -> Result<Option<Timestamp>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let parsed = match string(value) {
            Some(text) => Timestamp::parse(&text),
            None => value.get().parse().ok().and_then(Timestamp::from_millis),
        };
        parsed.map(Some).ok_or_else(|| format!("{key} must be an ISO 8601 time such as 2026-01-31T10:00:00.000Z"))
    }

    /// Any JSON: a string bare, everything else as compact JSON text.
    pub fn content(&self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        Some(string(value).unwrap_or_else(|| compact(value.get())))
    }

    /// A JSON object.
    pub fn object(&self, key: &str) -> Result<Option<Map<String, Value>>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match serde_json::from_str(value.get()) {
            Ok(Value::Object(map)) => Ok(Some(map)),
            _ => Err(format!("{key} must be an object")),
        }
    }

    /// A list of strings; a single string is a list of one.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        if let Some(text) = string(value) {
            return Ok(Some(vec![text]));
        }
        let items: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(|_| format!("{key} must be a list of strings"))?;
        Ok(Some(
            items
                .into_iter()
                .filter(|item| !is_structure(item) && item.get() != "null")
                .map(|item| string(item).unwrap_or_else(|| item.get().to_owned()))
                .collect(),
        ))
    }

    /// Metadata: an object's keys each for themselves, anything else under `metadata`.
    pub fn metadata(&self, key: &str, into: &mut Collector<'_>) {
        let Some(value) = self.get(key) else { return };
        match Body::parse(value.get()) {
            Ok(body) => into.put_object(&body),
            Err(_) => into.put("metadata", crate::mapping::metadata::raw_text(value)),
        }
    }
}

fn is_structure(value: &RawValue) -> bool {
    value.get().starts_with(['{', '['])
}

/// The text of a JSON string, `None` for other values.
pub(crate) fn string(value: &RawValue) -> Option<String> {
    let json = value.get();
    if !json.starts_with('"') {
        return None;
    }
    let text: String = serde_json::from_str(json).or_else(|_| serde_json::from_str(&repair_surrogates(json))).ok()?;
    Some(without_nul(&text).into_owned())
}

/// Is JSON text nested deeper than `max` levels? Counts brackets outside of strings, without recursion.
pub(crate) fn deeper_than(json: &str, max: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > max {
                    return true;
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}
