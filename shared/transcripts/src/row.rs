//! Looking into rows whose shape is another's to change.

use agenttrace_domain::Timestamp;
use serde_json::{Value, json};

use crate::Skip;

/// The largest count that every reader of JSON keeps exact.
const MAX_AMOUNT: u64 = 1 << 53;
/// Deeper structures are passed on as text.
const DEEPEST: usize = 24;

/// A line's object.
pub fn object(line: &str) -> Result<Value, Skip> {
    let row: Value = serde_json::from_str(line).map_err(|_| Skip::NotJson)?;
    if row.is_object() { Ok(row) } else { Err(Skip::NotJson) }
}

/// Text of a field, where there is some.
pub fn text<'a>(row: &'a Value, pointer: &str) -> Option<&'a str> {
    row.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

/// A count that can be.
pub fn count(row: &Value, pointer: &str) -> Option<u64> {
    row.pointer(pointer)?.as_u64().filter(|count| *count <= MAX_AMOUNT)
}

/// A time as text.
pub fn time(row: &Value, pointer: &str) -> Option<Timestamp> {
    row.pointer(pointer)?.as_str().and_then(Timestamp::parse)
}

/// A time as milliseconds.
pub fn millis(row: &Value, pointer: &str) -> Option<Timestamp> {
    row.pointer(pointer)?.as_i64().filter(|ms| *ms > 0).and_then(Timestamp::from_millis)
}

/// The words of a message: a text, or a list of parts of which some are text.
pub fn words(content: &Value) -> Option<String> {
    let text = match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<&str> =
                parts.iter().filter_map(|part| part.as_str().or_else(|| part.get("text").and_then(Value::as_str))).collect();
            texts.join("\n")
        }
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// JSON in a text, or the text itself.
pub fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// What is nested too deeply for a server to take goes as text.
pub fn shallow(value: Value) -> Value {
    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }
    if depth(&value) > DEEPEST { Value::String(value.to_string()) } else { value }
}

/// Token counts as disjoint buckets, in the words of the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Neither read from a cache nor written to one.
    pub fresh: u64,
    pub cache_read: u64,
    pub cache_write: u64,
    pub cache_write_5m: u64,
    pub cache_write_1h: u64,
    /// Without reasoning where that is told apart.
    pub output: u64,
    pub reasoning: u64,
}

impl Tokens {
    pub fn usage(self) -> Value {
        let mut usage = json!({"input": self.fresh, "output": self.output});
        for (name, count) in [
            ("input_cached_tokens", self.cache_read),
            ("input_cache_creation", self.cache_write),
            ("input_cache_creation_5m", self.cache_write_5m),
            ("input_cache_creation_1h", self.cache_write_1h),
            ("output_reasoning_tokens", self.reasoning),
        ] {
            if count > 0 {
                usage[name] = count.into();
            }
        }
        usage
    }
}
