//! What a handler answers, and how it goes back through the HTTP API.

use bytes::Bytes;
use serde::Serialize;
use std::io::Write as _;

/// A Lambda answer may hold 6 MB; headers and encoding need some of it.
const MAX_ANSWER: usize = 5_800_000;
/// Below this, compressing costs more than it saves.
const GZIP_FROM: usize = 4_096;

#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub cookies: Vec<String>,
    pub body: Bytes,
}

/// The gateway's answer (payload format 2.0).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpAnswer {
    pub status_code: u16,
    pub headers: serde_json::Map<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<String>,
    pub body: String,
    pub is_base64_encoded: bool,
}

impl Response {
    #[must_use]
    pub const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), cookies: Vec::new(), body: Bytes::new() }
    }

    /// A JSON body. Our own types always serialise; a failure is a broken promise of ours and answers 500.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(status: u16, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::bytes(status, "application/json; charset=utf-8", body),
            Err(_) => Self::empty(500),
        }
    }

    #[must_use]
    pub fn bytes(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], cookies: Vec::new(), body: body.into() }
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// Encodes for the gateway, gzip when the caller takes it. `None` when the answer is too large for a function's answer.
    #[must_use]
    pub fn into_answer(self, accepts_gzip: bool) -> Option<HttpAnswer> {
        let mut headers = serde_json::Map::new();
        headers.insert("cache-control".to_owned(), "no-store".into());
        headers.insert("x-content-type-options".to_owned(), "nosniff".into());
        for (name, value) in self.headers {
            headers.insert(name.to_owned(), value.into());
        }
        let (body, is_base64_encoded) = if accepts_gzip && self.body.len() >= GZIP_FROM {
            headers.insert("content-encoding".to_owned(), "gzip".into());
            headers.insert("vary".to_owned(), "accept-encoding".into());
            (base64_simd::STANDARD.encode_to_string(gzip(&self.body)), true)
        } else {
            match String::from_utf8(self.body.to_vec()) {
                Ok(text) => (text, false),
                Err(binary) => (base64_simd::STANDARD.encode_to_string(binary.into_bytes()), true),
            }
        };
        (body.len() <= MAX_ANSWER).then_some(HttpAnswer {
            status_code: self.status,
            headers,
            cookies: self.cookies,
            body,
            is_base64_encoded,
        })
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 4), flate2::Compression::new(3));
    // Writing into a vector cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
