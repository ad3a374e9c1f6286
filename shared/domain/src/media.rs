//! Media: files that belong to traces and dataset items. Texts hold a reference in their place,
//! `@@@langfuseMedia:type=<mime>|id=<id>|source=<source>@@@`, which Langfuse's SDKs write and resolve.

use serde_json::Value;

/// The types of files that may be kept (Langfuse's list).
pub const CONTENT_TYPES: [&str; 52] = [
    "image/png",
    "image/jpeg",
    "image/jpg",
    "image/webp",
    "image/gif",
    "image/svg+xml",
    "image/tiff",
    "image/bmp",
    "image/avif",
    "image/heic",
    "audio/mpeg",
    "audio/mp3",
    "audio/wav",
    "audio/ogg",
    "audio/oga",
    "audio/aac",
    "audio/mp4",
    "audio/flac",
    "audio/opus",
    "audio/webm",
    "video/mp4",
    "video/webm",
    "video/ogg",
    "video/mpeg",
    "video/quicktime",
    "video/x-msvideo",
    "video/x-matroska",
    "text/plain",
    "text/html",
    "text/css",
    "text/csv",
    "text/markdown",
    "text/x-python",
    "application/javascript",
    "text/x-typescript",
    "application/x-yaml",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
    "application/json",
    "application/xml",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/rtf",
    "application/x-ndjson",
    "application/vnd.apache.parquet",
    "application/gzip",
    "application/x-tar",
    "application/x-7z-compressed",
];

/// How much of a value is looked through for references.
const MAX_DEPTH: usize = 64;
const MAX_REFERENCES: usize = 100;
const OPEN: &str = "@@@langfuseMedia:";
const CLOSE: &str = "@@@";

/// The type as the list spells it; any case, parameters such as `;charset=utf-8` left off.
#[must_use]
pub fn content_type(text: &str) -> Option<&'static str> {
    let plain = text.split(';').next().unwrap_or(text).trim();
    CONTENT_TYPES.into_iter().find(|known| known.eq_ignore_ascii_case(plain))
}

/// The id that SDKs and server give to the same bytes: the first 22 characters of the base64 SHA-256, safe in URLs. `None` if this is
/// not the base64 of 32 bytes.
#[must_use]
pub fn media_id(sha256_base64: &str) -> Option<String> {
    let bytes = sha256_base64.as_bytes();
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    if bytes.len() != 44 || bytes[43] != b'=' || !bytes[..43].iter().all(is_base64) {
        return None;
    }
    Some(sha256_base64[..22].replace('+', "-").replace('/', "_"))
}

/// The text that stands for a file.
#[must_use]
pub fn reference(content_type: &str, id: &str, source: &str) -> String {
    format!("{OPEN}type={content_type}|id={id}|source={source}{CLOSE}")
}

/// A reference that is a whole string of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundReference {
    pub reference: String,
    pub media_id: String,
    /// Where the string stands, from the text's root, as the SDKs parse it: `$['gallery'][0]`, keys as they are.
    pub json_path: String,
}

/// The references in a JSON text, in order, up to 100. Only strings that are nothing but a reference: a reader puts the file in the string's
/// place. A text that is not JSON is taken for one bare string.
#[must_use]
pub fn find_references(text: &str) -> Vec<FoundReference> {
    let mut found = Vec::new();
    if !text.contains(OPEN) {
        return found;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => walk(&value, &mut "$".to_owned(), 0, &mut found),
        Err(_) => in_string(text, "$", &mut found),
    }
    found
}

fn walk(value: &Value, path: &mut String, depth: usize, found: &mut Vec<FoundReference>) {
    let length = path.len();
    match value {
        Value::String(text) => in_string(text, path, found),
        Value::Array(items) if depth < MAX_DEPTH => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                walk(item, path, depth + 1, found);
                path.truncate(length);
            }
        }
        Value::Object(entries) if depth < MAX_DEPTH => {
            for (key, item) in entries {
                if key.contains("']") {
                    continue; // such a key can't be told in a path without escapes
                }
                path.push_str(&format!("['{key}']"));
                walk(item, path, depth + 1, found);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

fn in_string(text: &str, path: &str, found: &mut Vec<FoundReference>) {
    let Some(inner) = text.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)) else { return };
    let id = inner.split('|').find_map(|pair| pair.strip_prefix("id="));
    let Some(id) = id.filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(is_id_byte)) else { return };
    if found.len() < MAX_REFERENCES {
        found.push(FoundReference { reference: text.to_owned(), media_id: id.to_owned(), json_path: path.to_owned() });
    }
}

const fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_the_sdks() {
        // SHA-256 of the empty text, and one with both characters that URLs lack.
        assert_eq!(media_id("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").as_deref(), Some("47DEQpj8HBSa-_TImW-5JC"));
        for wrong in ["", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=", &"é".repeat(22)] {
            assert_eq!(media_id(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn types_are_found_in_any_spelling_and_only_listed_ones() {
        for (text, expected) in
            [("image/png", Some("image/png")), ("IMAGE/PNG; q=1", Some("image/png")), ("application/x-msdownload", None), ("", None)]
        {
            assert_eq!(content_type(text), expected, "{text:?}");
        }
    }

    #[test]
    fn references_are_found_where_they_stand() {
        let (a, b) = (reference("image/png", "abc-_1", "bytes"), reference("audio/wav", "def", "file"));
        let text = serde_json::json!({"gallery": [a, 1, {"it's": b, "x']": a, "7": b}], "text": format!("see {a}"), "none": "@@@langfuseMedia:type=x|id=../x@@@"});

        let found = find_references(&text.to_string());

        let seen: Vec<_> = found.iter().map(|f| (f.reference.as_str(), f.media_id.as_str(), f.json_path.as_str())).collect();
        let expected = [(&*a, "abc-_1", "$['gallery'][0]"), (&*b, "def", "$['gallery'][2]['7']"), (&*b, "def", "$['gallery'][2]['it's']")];
        assert_eq!(seen, expected);
        assert_eq!(find_references(&a)[0].json_path, "$");
        assert_eq!(find_references("@@@langfuseMedia:type=image/png|id=abc"), []);
    }
}
