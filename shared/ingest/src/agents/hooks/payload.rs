//! A hook's payload: looked up by any of the names that versions of an agent give a field.

use agenttrace_domain::Timestamp;
use serde_json::{Map, Value as Json};

/// The fields of a payload.
#[derive(Clone, Copy)]
pub(super) struct Payload<'h>(pub &'h Map<String, Json>);

impl<'h> Payload<'h> {
    /// A field that says something.
    pub fn get(&self, name: &str) -> Option<&'h Json> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// The first of these fields that is text, not empty.
    pub fn text(&self, names: &[&str]) -> Option<&'h str> {
        names.iter().find_map(|name| self.get(name)?.as_str()).filter(|text| !text.is_empty())
    }

    pub fn owned(&self, names: &[&str]) -> Option<String> {
        self.text(names).map(str::to_owned)
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).and_then(Json::as_bool)
    }

    /// An object among the fields.
    pub fn object(&self, name: &str) -> Option<Payload<'h>> {
        self.get(name).and_then(Json::as_object).map(Payload)
    }

    /// Milliseconds of a duration as microseconds, up to a month.
    #[allow(clippy::cast_possible_truncation)]
    pub fn millis(&self, names: &[&str]) -> Option<i64> {
        names.iter().find_map(|name| self.get(name)?.as_f64()).filter(|ms| (0.0..2.7e9).contains(ms)).map(|ms| (ms * 1e3) as i64)
    }

    /// A time: milliseconds since 1970, or as ISO 8601.
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        match self.get(name)? {
            Json::Number(millis) => Timestamp::from_millis(millis.as_i64()?),
            Json::String(text) => Timestamp::parse(text),
            _ => None,
        }
    }
}

/// A value as a model would get it: text bare, everything else as JSON.
pub(super) fn as_text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Arguments that are told as an object or as its JSON text.
pub(super) fn arguments(value: Option<&Json>) -> Json {
    match value {
        Some(Json::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.clone())),
        Some(value) => value.clone(),
        None => Json::Null,
    }
}

/// NUL can't be stored: it becomes U+FFFD, in values and in names.
pub(super) fn without_nul(json: &mut Json) {
    match json {
        Json::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Json::Array(values) => values.iter_mut().for_each(without_nul),
        Json::Object(fields) => {
            if fields.keys().any(|name| name.contains('\0')) {
                *fields = std::mem::take(fields).into_iter().map(|(name, value)| (name.replace('\0', "\u{fffd}"), value)).collect();
            }
            fields.values_mut().for_each(without_nul);
        }
        _ => {}
    }
}
