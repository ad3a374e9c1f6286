//! What else a span says: its own metadata, the trace's, and where it came from.

use serde_json::value::RawValue;

use super::io::is_content;
use super::keys::{Class, Family, Key, Lookup};
use crate::limits::{Dropped, Limits};
use crate::text::{compact, long, metadata_string, short};
use crate::value::{Attribute, Object, Value};

/// Key to value; strings bare, everything else as JSON text.
pub(crate) type Metadata = Vec<(String, String)>;

/// How the sending SDK writes metadata values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Strings bare, the rest as JSON text.
    Bare,
    /// Everything as JSON text, strings in quotes.
    Json,
}

/// Collects metadata; a later value of a key replaces an earlier one.
pub(crate) struct Collector<'c> {
    entries: Metadata,
    limits: &'c Limits,
    dropped: &'c mut Dropped,
}

impl<'c> Collector<'c> {
    pub fn new(limits: &'c Limits, dropped: &'c mut Dropped) -> Self {
        Self { entries: Vec::new(), limits, dropped }
    }

    pub fn put(&mut self, key: &str, value: String) {
        let value = long(value, self.limits, self.dropped);
        match self.entries.iter().position(|(known, _)| known == key) {
            Some(at) => self.entries[at].1 = value,
            None if self.entries.len() >= self.limits.max_attributes => self.dropped.attributes += 1,
            None => self.entries.push((short(key, self.dropped), value)),
        }
    }

    /// A value that the SDK wrote as `spelling` says.
    fn put_attribute(&mut self, key: &str, value: &Value<'_>, spelling: Spelling) {
        let text = match (value, spelling) {
            (Value::Null, _) => return,
            (Value::Text(text), Spelling::Json) => decoded(text).unwrap_or_else(|| text.clone().into_owned()),
            (value, _) => value.to_text().into_owned(),
        };
        self.put(key, text);
    }

    /// The keys of a JSON object each for themselves; anything else under `metadata`.
    fn put_whole(&mut self, value: &Value<'_>, spelling: Spelling) {
        match value {
            Value::Map(map) => {
                for Attribute { key, value } in map {
                    self.put_attribute(key, value, Spelling::Bare);
                }
            }
            Value::Text(text) if text.trim_start().starts_with('{') => match crate::body::Body::parse(text) {
                Ok(body) => self.put_object(&body),
                Err(_) => self.put("metadata", text.clone().into_owned()),
            },
            other if other.is_meaningful() => self.put_attribute("metadata", other, spelling),
            _ => {}
        }
    }

    /// The entries of a JSON object.
    pub fn put_object(&mut self, body: &crate::body::Body<'_>) {
        for (key, value) in body.entries() {
            if value.get() != "null" {
                self.put(key, raw_text(value));
            }
        }
    }

    /// What was collected, sorted by key.
    pub fn finish(mut self) -> Metadata {
        self.entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        self.entries
    }
}

/// A JSON value as a metadata value.
pub(crate) fn raw_text(value: &RawValue) -> String {
    match crate::body::string(value) {
        Some(text) => metadata_string(&text),
        None => compact(value.get()),
    }
}

/// A JSON text's value: a string bare, the rest compact. `None` when it isn't JSON.
fn decoded(text: &str) -> Option<String> {
    serde_json::from_str::<&RawValue>(text).ok().map(raw_text)
}

/// Consumed elsewhere, so not repeated in the metadata.
const TRACE_KEYS: &[&str] = &["langfuse_user_id", "langfuse_session_id", "langfuse_tags"];
const VERCEL_KEYS: &[&str] = &["userId", "sessionId", "tags", "langfusePrompt"];

/// Metadata of the trace.
pub(crate) fn of_trace(attributes: &Lookup<'_, '_>, spelling: Spelling, into: &mut Collector<'_>) {
    for key in [Key::LfSharedMetadata, Key::LfTraceMetadata] {
        if let Some(value) = attributes.some(key) {
            into.put_whole(value, spelling);
        }
    }
    for family in [Family::SharedMetadata, Family::VercelMetadata, Family::TraceMetadata] {
        of_family(attributes, family, spelling, into);
    }
}

/// Metadata of the step itself.
pub(crate) fn of_observation(attributes: &Lookup<'_, '_>, spelling: Spelling, into: &mut Collector<'_>) {
    for key in [Key::OiMetadata, Key::LfMetadata] {
        if let Some(value) = attributes.some(key) {
            into.put_whole(value, spelling);
        }
    }
    of_family(attributes, Family::ObservationMetadata, spelling, into);
    if let Some(tools) = attributes.first(&[Key::AiPromptTools, Key::ToolDefinitions]) {
        into.put("tools", tools.to_json_list());
    }
    // Kept under their full names, so that experiments can be lifted from them.
    if attributes.has_family(Family::Experiment) {
        for (name, value) in attributes.family(Family::Experiment) {
            into.put_attribute(&format!("langfuse.experiment.{name}"), value, Spelling::Bare);
        }
    }
}

fn of_family(attributes: &Lookup<'_, '_>, family: Family, spelling: Spelling, into: &mut Collector<'_>) {
    if !attributes.has_family(family) {
        return;
    }
    for (name, value) in attributes.family(family) {
        let elsewhere = if family == Family::VercelMetadata { VERCEL_KEYS } else { TRACE_KEYS };
        if !elsewhere.contains(&name) {
            into.put_attribute(name, value, spelling);
        }
    }
}

/// The attributes that nothing else of the observation says, as a JSON object. `None` when there are none.
pub(crate) fn remaining(attributes: &Lookup<'_, '_>) -> Option<String> {
    let mut json = Vec::new();
    for (class, attribute) in attributes.with_class() {
        let keep = match class {
            Class::Other => true,
            Class::Known(key) => !is_content(key) && !attribute.key.starts_with("langfuse.") && key != Key::OiMetadata,
            Class::Member(Family::RequestParameter | Family::InvocationParameter | Family::GenkitConfig) => true,
            Class::Member(_) => false,
        };
        if keep {
            json.push(if json.is_empty() { b'{' } else { b',' });
            serde_json::to_writer(&mut json, attribute.key.as_ref()).ok()?;
            json.push(b':');
            serde_json::to_writer(&mut json, &attribute.value).ok()?;
        }
    }
    if json.is_empty() {
        return None;
    }
    json.push(b'}');
    String::from_utf8(json).ok()
}

/// Attributes as the text of a JSON object, `None` when there are none.
pub(crate) fn object_text(attributes: &[Attribute<'_>]) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    serde_json::to_string(&Object(attributes)).ok()
}

impl Value<'_> {
    /// Tool definitions: a list of JSON texts becomes a JSON list of what they say.
    fn to_json_list(&self) -> String {
        let Value::List(items) = self else { return self.to_text().into_owned() };
        let items: Vec<String> = items
            .iter()
            .map(|item| match item.as_text() {
                Some(text) if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() => text.to_owned(),
                _ => item.to_json(),
            })
            .collect();
        format!("[{}]", items.join(","))
    }
}
