//! Stored texts as JSON values: what was JSON when it came is JSON again, to the letter.

use std::collections::BTreeMap;

use agenttrace_api::Json;
use agenttrace_domain::Timestamp;

/// An absent text is empty.
#[must_use]
pub fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// An input or output: `null` when absent, the value when the text is JSON, else the text.
#[must_use]
pub fn io(text: String) -> Json {
    if text.is_empty() { Json::null() } else { Json::parse(text).unwrap_or_else(|text| Json::of(&text)) }
}

/// One value of metadata. Strings are stored bare and everything else as JSON text; a string that would read as JSON is stored as JSON too, in
/// quotes (`metadata_string` of `agenttrace-ingest`).
#[must_use]
pub fn value(text: String) -> Json {
    Json::parse(text).unwrap_or_else(|text| Json::of(&text))
}

/// Metadata by key.
#[must_use]
pub fn entries(stored: Vec<(String, String)>) -> BTreeMap<String, Json> {
    stored.into_iter().map(|(k, v)| (k, value(v))).collect()
}

/// Metadata as an object, `{}` when there is none.
#[must_use]
pub fn metadata(stored: Vec<(String, String)>) -> Json {
    Json::of(&entries(stored))
}

/// US dollars of units of 1e-12.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn usd(pico: i64) -> f64 {
    pico as f64 / 1e12
}

/// A stored time (microseconds) as the API shows it.
#[must_use]
pub fn time(micros: i64) -> String {
    Timestamp(micros).to_rfc3339()
}

/// Seconds between two stored times, to the millisecond.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn seconds(from: i64, to: i64) -> f64 {
    (to - from).div_euclid(1_000) as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_texts_become_what_came() {
        for (text, as_io, as_value) in [
            ("", "null", "\"\""),
            ("plain", "\"plain\"", "\"plain\""),
            ("{\"b\":1,\"a\":[1,null]}", "{\"b\":1,\"a\":[1,null]}", "{\"b\":1,\"a\":[1,null]}"),
            ("[1", "\"[1\"", "\"[1\""),
            ("true", "true", "true"),
            ("trueish", "\"trueish\"", "\"trueish\""),
            ("12.50", "12.50", "12.50"),
            ("007", "\"007\"", "\"007\""),
            ("NaN", "\"NaN\"", "\"NaN\""),
            ("\"123\"", "\"123\"", "\"123\""),
        ] {
            assert_eq!(io(text.to_owned()).as_str(), as_io, "{text:?}");
            assert_eq!(value(text.to_owned()).as_str(), as_value, "{text:?}");
        }
    }
}
