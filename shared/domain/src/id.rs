//! Ids are text: W3C ids are 32 and 16 hex characters, older SDKs and people send UUIDs or anything else.

/// The longest id, in characters (Langfuse's limit).
pub const ID_MAX_CHARS: usize = 800;

/// 1 to 800 characters, without control characters.
#[must_use]
pub fn valid_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= ID_MAX_CHARS * 4 && id.chars().count() <= ID_MAX_CHARS && !id.chars().any(char::is_control)
}

/// The hash that the tables' sorting keys hold: ClickHouse's `xxHash32(trace_id)`.
#[must_use]
pub fn trace_hash(trace_id: &str) -> u32 {
    twox_hash::XxHash32::oneshot(0, trace_id.as_bytes())
}

/// A hash of any text, for keys that cannot hold it whole. Not against people who look for two texts with one hash.
#[must_use]
pub fn text_hash(text: &str) -> u64 {
    twox_hash::XxHash64::oneshot(0, text.as_bytes())
}

/// The prefix under which a trace's too large records lie in the data bucket: found again from project and id alone when the trace is deleted.
#[must_use]
pub fn overflow_prefix(project_id: &str, trace_id: &str) -> String {
    format!("overflow/{project_id}/{:016x}/", twox_hash::XxHash64::oneshot(0, trace_id.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bounded_text_without_control_characters() {
        for (id, expected) in [
            ("0af7651916cd43dd8448eb211c80319c", true),
            ("550e8400-e29b-41d4-a716-446655440000", true),
            ("any text / .. \" of a person", true),
            ("東京", true),
            ("", false),
            ("a\rb", false),
            ("a\0b", false),
            (&"x".repeat(800), true),
            (&"x".repeat(801), false),
        ] {
            assert_eq!(valid_id(id), expected, "{id:?}");
        }
    }

    #[test]
    fn the_hash_is_the_one_that_clickhouse_computes() {
        // SELECT xxHash32('Hello, world!') on the engine, and the reference vectors of xxHash (seed 0).
        assert_eq!(trace_hash(""), 0x02CC_5D05);
        assert_eq!(trace_hash("abc"), 0x32D1_53FF);
    }
}
