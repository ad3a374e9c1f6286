//! Pages and cursors.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// `meta` of a numbered page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageMeta {
    pub page: u64,
    pub limit: u64,
    pub total_items: u64,
    pub total_pages: u64,
}

impl PageMeta {
    #[must_use]
    pub const fn new(page: u64, limit: u64, total_items: u64) -> Self {
        Self { page, limit, total_items, total_pages: total_items.div_ceil(limit) }
    }
}

/// A numbered page.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub meta: PageMeta,
}

/// `meta` of a page with a cursor; none means that this is the last page.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct CursorMeta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// The query of a numbered page without filters.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct PageQuery {
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
}

/// A page with a cursor.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CursorPage<T> {
    pub data: Vec<T>,
    pub meta: CursorMeta,
}

/// A cursor's text: base64url JSON. It holds positions only, never a project, so that a stranger's cursor reads nothing of theirs.
#[must_use]
pub fn encode_cursor<T: Serialize>(position: &T) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default())
}

/// `None` for anything that [`encode_cursor`] did not make.
#[must_use]
pub fn decode_cursor<T: DeserializeOwned>(text: &str) -> Option<T> {
    if text.len() > 4_096 {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()
}

/// The `page` parameter: 1 and up, an empty text counts as absent.
pub fn page(text: Option<&str>) -> Result<u64, String> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(1),
        Some(t) => t
            .parse::<u64>()
            .ok()
            .filter(|p| (1..=1_000_000).contains(p))
            .ok_or_else(|| format!("`page` must be a whole number from 1, not {t:?}")),
    }
}

/// The `limit` parameter: 1 to `max`, refused and not clamped when outside.
pub fn limit(text: Option<&str>, default: u64, max: u64) -> Result<u64, String> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(default),
        Some(t) => t
            .parse::<u64>()
            .ok()
            .filter(|l| (1..=max).contains(l))
            .ok_or_else(|| format!("`limit` must be a whole number from 1 to {max}, not {t:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_outside_the_range_are_refused_not_clamped() {
        for (text, expected) in [(None, Ok(50)), (Some(""), Ok(50)), (Some("1"), Ok(1)), (Some("100"), Ok(100))] {
            assert_eq!(limit(text, 50, 100), expected);
        }
        for text in ["0", "-1", "101", "1e9", "x", "1.5"] {
            assert!(limit(Some(text), 50, 100).is_err(), "{text}");
        }
    }

    #[test]
    fn forged_cursors_decode_to_nothing() {
        let cursor = encode_cursor(&(1_u64, "a"));

        assert_eq!(decode_cursor::<(u64, String)>(&cursor), Some((1, "a".to_owned())));
        assert_eq!(decode_cursor::<(u64, String)>("%%%"), None);
        assert_eq!(decode_cursor::<(u64, String)>("e30"), None);
    }
}
