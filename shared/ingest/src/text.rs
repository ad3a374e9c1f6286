//! Text as it may be stored: no NUL, bounded, JSON compact.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::limits::{Dropped, Limits};

/// The longest name, version, model, tag or metadata key, in characters. Ids of users and sessions have 800 at most.
pub(crate) const SHORT: usize = 1_000;
/// The largest count that every reader of JSON keeps exact.
pub(crate) const MAX_AMOUNT: u64 = 1 << 53;

/// Bytes of a client as text: invalid UTF-8 and NUL become U+FFFD.
pub(crate) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => without_nul(text), // several times as fast as the lossy way
        Err(_) => Cow::Owned(String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}")),
    }
}

/// Text of a client, with every NUL as U+FFFD.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.as_bytes().contains(&0) { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Cuts a long text at a character boundary and says how much is missing.
pub(crate) fn long(text: String, limits: &Limits, dropped: &mut Dropped) -> String {
    if text.len() <= limits.max_text {
        return text;
    }
    dropped.texts += 1;
    let end = text.floor_char_boundary(limits.max_text);
    let missing = text.len() - end;
    let mut cut = text;
    cut.truncate(end);
    let _ = write!(cut, "… [cut: {missing} more bytes]");
    cut
}

/// Cuts a short text (a name, a tag, a key) at [`SHORT`] characters.
pub(crate) fn short(text: &str, dropped: &mut Dropped) -> String {
    if text.len() <= SHORT {
        return text.to_owned(); // a byte is a character at most
    }
    let Some((end, _)) = text.char_indices().nth(SHORT) else { return text.to_owned() };
    dropped.texts += 1;
    format!("{}…", &text[..end])
}

/// `Some` when there is something to see.
pub(crate) fn short_some(text: &str, dropped: &mut Dropped) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_control());
    (!text.is_empty()).then(|| short(text, dropped))
}

/// A string as a metadata value, so that a reader who parses JSON where he can gets this very string back: bare, except that a
/// string which would read as a number, an object or another JSON value keeps its quotes.
pub(crate) fn metadata_string(text: &str) -> String {
    if reads_as_json(text) { json_string(text) } else { text.to_owned() }
}

/// Would a reader that tries JSON first take this text for JSON?
pub(crate) fn reads_as_json(text: &str) -> bool {
    let trimmed = text.trim_start_matches([' ', '\t', '\n', '\r']);
    matches!(trimmed.as_bytes().first(), Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'))
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The JSON text of a string.
pub(crate) fn json_string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// JSON text without the blanks between its tokens; NUL and half surrogate pairs as U+FFFD. Expects valid JSON.
pub(crate) fn compact(json: &str) -> String {
    let bytes = json.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut in_string = false;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'\\' if in_string => {
                let (escape, read) = escape(&bytes[at..]);
                out.extend_from_slice(escape);
                at += read;
                continue;
            }
            b'"' => in_string = !in_string,
            b' ' | b'\t' | b'\n' | b'\r' if !in_string => {
                at += 1;
                continue;
            }
            _ => {}
        }
        out.push(byte);
        at += 1;
    }
    String::from_utf8(out).unwrap_or_default()
}

const REPLACEMENT: &[u8] = b"\\ufffd";

/// The escape at the head of `rest`, repaired where it must be, and how many bytes it takes.
fn escape(rest: &[u8]) -> (&[u8], usize) {
    match unit(rest) {
        None => (&rest[..rest.len().min(2)], rest.len().min(2)),
        Some(0) => (REPLACEMENT, 6),
        Some(0xD800..=0xDBFF) => match unit(&rest[6..]) {
            Some(0xDC00..=0xDFFF) => (&rest[..12], 12),
            _ => (REPLACEMENT, 6),
        },
        Some(0xDC00..=0xDFFF) => (REPLACEMENT, 6),
        Some(_) => (&rest[..6], 6),
    }
}

/// The number of a `\uXXXX` at the head of `rest`.
fn unit(rest: &[u8]) -> Option<u16> {
    let digits = rest.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Replaces half surrogate pairs in JSON text (JavaScript makes them when it cuts an emoji); parsers refuse them.
pub(crate) fn repair_surrogates(json: &str) -> Cow<'_, str> {
    if !json.contains("\\ud") && !json.contains("\\uD") {
        return Cow::Borrowed(json);
    }
    let bytes = json.as_bytes();
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            if let Some(out) = &mut out {
                out.push(bytes[at]);
            }
            at += 1;
            continue;
        }
        let (fixed, read) = if unit(&bytes[at..]) == Some(0) { (&bytes[at..at + 6], 6) } else { escape(&bytes[at..]) };
        match &mut out {
            Some(out) => out.extend_from_slice(fixed),
            None if *fixed != bytes[at..at + read] => {
                let mut fresh = Vec::with_capacity(bytes.len());
                fresh.extend_from_slice(&bytes[..at]);
                fresh.extend_from_slice(fixed);
                out = Some(fresh);
            }
            None => {}
        }
        at += read;
    }
    match out {
        Some(out) => String::from_utf8(out).map_or(Cow::Borrowed(json), Cow::Owned),
        None => Cow::Borrowed(json),
    }
}

/// A JSON body as text: byte order mark off, invalid UTF-8 replaced.
pub(crate) fn json_body(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compact_json_keeps_strings_and_repairs_what_parsers_refuse() {
        for (json, expected) in [
            (r#" { "a" : [ 1 , 2.50 ] } "#, r#"{"a":[1,2.50]}"#),
            (r#""a  b\" c""#, r#""a  b\" c""#),
            (r#""\u0000x\ud83d\ude00""#, r#""\ufffdx\ud83d\ude00""#),
            (r#""cut \ud83d""#, r#""cut \ufffd""#),
            (r#""\ude00\ud83dx\\ud83d""#, r#""\ufffd\ufffdx\\ud83d""#),
            ("[1,\n\t\r 2]", "[1,2]"),
        ] {
            assert_eq!(compact(json), expected, "{json}");
        }
    }

    #[test]
    fn half_surrogates_are_repaired_before_parsing() {
        for (json, expected) in [
            (r#"{"a":"x\ud83d"}"#, r#"{"a":"x\ufffd"}"#),
            (r#"{"a":"\ud83d\ude00"}"#, r#"{"a":"\ud83d\ude00"}"#),
            (r#"{"a":"\\ud83d \uD83D"}"#, r#"{"a":"\\ud83d \ufffd"}"#),
            (r#"{"a":"\udead\u0041\ud83d"#, r#"{"a":"\ufffd\u0041\ufffd"#),
        ] {
            assert_eq!(repair_surrogates(json), expected, "{json}");
        }
    }

    #[test]
    fn short_texts_are_cut_by_characters_and_counted() {
        for (text, kept, cut) in [
            ("x", 1, 0),
            (&*"x".repeat(1_000), 1_000, 0),
            (&*"x".repeat(1_001), 1_001, 1),
            (&*"東".repeat(1_000), 1_000, 0),
            (&*"東".repeat(9_000), 1_001, 1),
        ] {
            let mut dropped = Dropped::default();

            let found = short(text, &mut dropped);

            assert_eq!((found.chars().count(), dropped.texts), (kept, cut), "{} bytes", text.len());
            assert!(cut == 0 || found.ends_with('…'), "a mark says so");
        }
    }

    #[test]
    fn a_string_that_looks_like_json_keeps_its_quotes() {
        for (text, expected) in [
            ("abc", "abc"),
            ("123", "\"123\""),
            ("1.0", "\"1.0\""),
            ("true", "\"true\""),
            ("trueish", "trueish"),
            ("{\"a\":1}", "\"{\\\"a\\\":1}\""),
            ("{not json", "{not json"),
            ("", ""),
            ("2026-01-31", "2026-01-31"),
        ] {
            assert_eq!(metadata_string(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_text_is_cut_between_characters_and_says_so() {
        let limits = Limits { max_text: 6, ..Limits::default() };
        let mut dropped = Dropped::default();

        let cut = long("ab😀😀".to_owned(), &limits, &mut dropped);

        assert_eq!(cut, "ab😀… [cut: 4 more bytes]");
        assert_eq!(dropped.texts, 1);
        assert_eq!(long("abcdef".to_owned(), &limits, &mut dropped), "abcdef");
    }
}
