//! Serves the built dashboard: hashed assets for ever, everything else asked for anew each time, pages as index.html.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderValue, Method, Request, Response, StatusCode};

use crate::{Body, full, text};

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";
/// Below this a compressed file saves nothing.
const WORTH_COMPRESSING: usize = 1024;

/// The folder of the built dashboard; files are read once and again when they change.
pub struct Site {
    folder: PathBuf,
    files: Mutex<HashMap<PathBuf, File>>,
}

#[derive(Clone)]
struct File {
    modified: SystemTime,
    plain: Bytes,
    gzip: Option<Bytes>,
    tag: HeaderValue,
}

impl Site {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, files: Mutex::default() }
    }

    /// The file that a path means, or the page that says there is none.
    pub fn answer<B>(&self, request: &Request<B>) -> Response<Body> {
        let path = request.uri().path();
        let name = if is_page(path) { "index.html".to_owned() } else { decoded(path) };
        let Some(file) = safe(&name).and_then(|name| self.read(&name)) else {
            let reason = if is_page(path) { "the dashboard is not built: `make up` builds it\n" } else { "no such file\n" };
            return text(StatusCode::NOT_FOUND, "text/plain", reason);
        };
        let mut response = Response::new(full(Bytes::new()));
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(if path.starts_with("/assets/") { FOR_EVER } else { ASK_AGAIN }));
        headers.insert(ETAG, file.tag.clone());
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if request.headers().get(IF_NONE_MATCH) == Some(&file.tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
        let wants_gzip =
            request.headers().get(ACCEPT_ENCODING).is_some_and(|value| value.as_bytes().windows(4).any(|part| part == b"gzip"));
        let bytes = match file.gzip {
            Some(gzip) if wants_gzip => {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                gzip
            }
            _ => file.plain,
        };
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if request.method() != Method::HEAD {
            *response.body_mut() = full(bytes);
        }
        response
    }

    fn read(&self, name: &Path) -> Option<File> {
        let path = self.folder.join(name);
        let about = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
        let modified = about.modified().ok()?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(&path).filter(|file| file.modified == modified) {
            return Some(file.clone());
        }
        let plain = Bytes::from(std::fs::read(&path).ok()?);
        let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let tag = HeaderValue::from_str(&format!("\"{:x}-{:x}\"", since.as_nanos(), plain.len())).ok()?;
        let file = File { modified, gzip: compressed(name, &plain), plain, tag };
        files.insert(path, file.clone());
        Some(file)
    }
}

/// Whether the dashboard's router answers for a path: the rule of the SitePaths function in `infra/edge.yaml`.
fn is_page(path: &str) -> bool {
    let is_file_at_the_top = path.strip_prefix('/').and_then(|name| name.rsplit_once('.')).is_some_and(|(name, end)| {
        let is_extension = (2..=11).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        is_extension && !name.is_empty() && !name.contains('/')
    });
    !path.starts_with("/assets/") && !is_file_at_the_top
}

fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy().into_owned()
}

/// A name inside the folder, or none.
fn safe(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(name);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn compressed(name: &Path, plain: &[u8]) -> Option<Bytes> {
    let is_text = !matches!(name.extension()?.to_str()?, "png" | "woff2" | "jpg" | "ico");
    if !is_text || plain.len() < WORTH_COMPRESSING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_what_the_router_answers_for() {
        let cases = [
            ("/", true, "the front page"),
            ("/traces/abc", true, "a page"),
            ("/traces/report.json", true, "an id that looks like a file"),
            ("/sessions/a.b%2Fc", true, "an encoded slash"),
            ("/favicon.svg", false, "a file"),
            ("/site.webmanifest", false, "a file with a long extension"),
            ("/assets/missing", false, "assets are always files"),
        ];
        for (path, expected, reason) in cases {
            assert_eq!(is_page(path), expected, "{path}: {reason}");
        }
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for name in ["../secret", "a/../../secret", "/etc/passwd", "./x"] {
            assert_eq!(safe(name), None, "{name}");
        }
        assert_eq!(safe("assets/app.js"), Some(PathBuf::from("assets/app.js")));
    }
}
