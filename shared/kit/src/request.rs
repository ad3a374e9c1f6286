//! A request as the HTTP API hands it over (payload format 2.0), read from the event's own fields.
//!
//! The gateway decodes `rawPath` once and cuts it at a decoded `?`, so names that hold `/` arrive broken. The edge therefore puts the
//! untouched path into `x-agenttrace-raw-path`; it is used when it decodes to what the gateway routed by, else the gateway's is.

use agenttrace_api::Method;
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

use crate::Error;

/// The header in which the edge passes the untouched path.
pub const RAW_PATH_HEADER: &str = "x-agenttrace-raw-path";

/// The gateway's event, only what we read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpEvent {
    #[serde(default)]
    pub raw_path: String,
    #[serde(default)]
    pub raw_query_string: String,
    #[serde(default)]
    pub cookies: Vec<String>,
    #[serde(default)]
    pub headers: HashMap<String, String>,
    pub request_context: HttpContext,
    pub body: Option<String>,
    #[serde(default)]
    pub is_base64_encoded: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpContext {
    pub http: HttpLine,
    #[serde(default)]
    pub request_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpLine {
    pub method: String,
    #[serde(default)]
    pub source_ip: String,
}

/// A parsed request. Header names are lower-case.
#[derive(Debug)]
pub struct Request {
    pub method: Option<Method>,
    /// Percent-encoded, as the client sent it where that is known.
    pub path: String,
    /// Whether `path` is the gateway's, in which a name may take several segments.
    pub(crate) path_is_decoded: bool,
    query: Vec<(String, String)>,
    headers: HashMap<String, String>,
    cookies: Vec<(String, String)>,
    pub(crate) params: Params,
    pub body: Bytes,
    pub source_ip: String,
    pub request_id: String,
}

impl Request {
    /// Fails only on a body that is said to be base64 and is not.
    pub fn from_event(event: HttpEvent) -> Result<Self, Error> {
        let headers: HashMap<String, String> = event.headers.into_iter().map(|(k, v)| (k.to_ascii_lowercase(), v)).collect();
        let (path, path_is_decoded) = match headers.get(RAW_PATH_HEADER) {
            Some(raw) if routes_alike(raw, &event.raw_path) => (raw.split('?').next().unwrap_or(raw).to_owned(), false),
            _ => (encode_segments(&event.raw_path), true),
        };
        let body = match event.body {
            None => Bytes::new(),
            Some(text) if event.is_base64_encoded => base64_simd::STANDARD
                .decode_to_vec(text.as_bytes())
                .map(Bytes::from)
                .map_err(|_| Error::bad_request("The request's body could not be read."))?,
            Some(text) => Bytes::from(text),
        };
        let mut cookies: Vec<(String, String)> = Vec::new();
        let from_header = headers.get("cookie").map(String::as_str).unwrap_or_default();
        for pair in event.cookies.iter().map(String::as_str).chain(from_header.split(';')) {
            if let Some((name, value)) = pair.trim().split_once('=') {
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let method = match event.request_context.http.method.as_str() {
            "GET" => Some(Method::Get),
            "POST" => Some(Method::Post),
            "PUT" => Some(Method::Put),
            "PATCH" => Some(Method::Patch),
            "DELETE" => Some(Method::Delete),
            _ => None,
        };
        Ok(Self {
            method,
            path,
            path_is_decoded,
            query: url::form_urlencoded::parse(event.raw_query_string.as_bytes()).into_owned().collect(),
            headers,
            cookies,
            params: Vec::new(),
            body,
            source_ip: event.request_context.http.source_ip,
            request_id: event.request_context.request_id,
        })
    }

    /// Puts a header in the place of the one that came.
    pub fn set_header(&mut self, name: &str, value: Option<String>) {
        match value {
            Some(value) => drop(self.headers.insert(name.to_owned(), value)),
            None => drop(self.headers.remove(name)),
        }
    }

    /// A path parameter, decoded. Empty when the operation's path has none of that name.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    /// The first value of a query parameter.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Every value of a repeatable query parameter; empty ones count as absent.
    pub fn query_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// Is any query parameter given at all?
    #[must_use]
    pub fn queries(&self) -> &[(String, String)] {
        &self.query
    }

    /// A header, by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|e| Error::bad_request(format!("Invalid request data: {e}")))
    }

    /// Did the request reach us over TLS (at the edge)?
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.header("x-forwarded-proto").is_none_or(|p| p.eq_ignore_ascii_case("https"))
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Whether the untouched path is the one that the gateway decoded (once, and cut at a decoded `?`; or not at all).
fn routes_alike(raw: &str, decoded_path: &str) -> bool {
    let whole = decoded(raw);
    raw == decoded_path
        || decoded(decoded_path) == decoded(&whole)
        || decoded(decoded_path) == whole // only `%` itself left encoded
        || whole == decoded_path
        || whole.split('?').next() == Some(decoded_path)
}

fn encode_segments(path: &str) -> String {
    // Only what would change the meaning of a segment; the gateway has decoded the rest for good.
    path.replace('%', "%25").replace('?', "%3F").replace('#', "%23")
}

/// A path's parameters by name, decoded.
pub type Params = Vec<(&'static str, String)>;

/// Matches an encoded path against an operation's.
#[must_use]
pub fn match_path(template: &'static str, path: &str) -> Option<Params> {
    let mut params = Vec::new();
    let mut wanted = template.split('/');
    let mut given = path.trim_end_matches('/').split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(params),
            (Some(w), Some(g)) => match w.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
                Some(_) if g.is_empty() => return None,
                Some(name) => params.push((name, decoded(g))),
                None if w == g => {}
                None => return None,
            },
            _ => return None,
        }
    }
}

/// Matches a path in which parameters stand with bare slashes: a parameter takes as many segments as it can. So comes every path in which the
/// gateway has decoded `%2F` (`decoded_path`); and some clients never encode the slashes of names, whose parameters end in `Name`.
#[must_use]
pub fn match_bare_path(template: &'static str, path: &str, decoded_path: bool) -> Option<Params> {
    let wanted: Vec<&'static str> = template.split('/').collect();
    let given: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let mut params = Vec::new();
    fits(&wanted, &given, decoded_path, &mut params).then_some(params)
}

fn fits(wanted: &[&'static str], given: &[&str], decoded_path: bool, params: &mut Params) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return given.is_empty() };
    let Some(name) = first.strip_prefix('{').and_then(|w| w.strip_suffix('}')) else {
        return given.first() == Some(first) && fits(rest, &given[1..], decoded_path, params);
    };
    let most = given.len().saturating_sub(rest.len());
    let most = if decoded_path || name.ends_with("Name") { most } else { most.min(1) };
    for taken in (1..=most).rev() {
        let value = given[..taken].join("/");
        if value.is_empty() {
            return false;
        }
        params.push((name, decoded(&value)));
        if fits(rest, &given[taken..], decoded_path, params) {
            return true;
        }
        params.pop();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(raw_path: &str, header: Option<&str>) -> HttpEvent {
        HttpEvent {
            raw_path: raw_path.to_owned(),
            raw_query_string: "a=1&a=2&e=&q=x%20y%2Bz%26".to_owned(),
            cookies: vec!["s=v=1".to_owned()],
            headers: header.map(|h| (RAW_PATH_HEADER.to_owned(), h.to_owned())).into_iter().collect(),
            request_context: HttpContext {
                http: HttpLine { method: "GET".to_owned(), source_ip: String::new() },
                request_id: String::new(),
            },
            body: None,
            is_base64_encoded: false,
        }
    }

    #[test]
    fn names_with_slashes_come_from_the_untouched_path() {
        for (raw_path, header, expected) in [
            ("/p/a/b", Some("/p/a%2Fb"), Some("a/b")),
            ("/p/a b", Some("/p/a%20b"), Some("a b")),
            ("/p/100%", Some("/p/100%25"), Some("100%")),
            ("/p/a", Some("/p/a%3Fb"), Some("a?b")),
            ("/p/a#b", Some("/p/a%23b"), Some("a#b")),
            ("/p/a+b", Some("/p/a+b"), Some("a+b")),
            ("/p/東京", Some("/p/%E6%9D%B1%E4%BA%AC"), Some("東京")),
            ("/p/plain", None, Some("plain")),
            ("/p/100%", None, Some("100%")),
            ("/p/a%2Fb", Some("/p/a%252Fb"), Some("a%2Fb")),
            ("/p/a%252Fb c", Some("/p/a%252Fb%20c"), Some("a%2Fb c")),
            ("/p/a%252Fb", Some("/p/a%252Fb"), Some("a%2Fb")),
            ("/p/mine", Some("/p/yours"), Some("mine")),
        ] {
            let request = Request::from_event(event(raw_path, header)).expect("a request");
            let params = match_path("/p/{name}", &request.path);
            assert_eq!(params.as_ref().map(|p| p[0].1.as_str()), expected, "{raw_path} {header:?}");
        }
    }

    #[test]
    fn names_with_bare_slashes_are_found_too() {
        let versions = "/p/{name}/versions/{version}";
        for (template, path, expected) in [
            ("/p/{name}", "/p/a/b", Some(vec!["a/b"])),
            ("/p/{name}", "/p/a", Some(vec!["a"])),
            ("/p/{name}", "/p/100%25/a%3Fb", Some(vec!["100%/a?b"])),
            ("/p/{name}", "/p", None),
            ("/p/{name}", "/p/", None),
            (versions, "/p/a/b/versions/3", Some(vec!["a/b", "3"])),
            (versions, "/p/versions/versions/3", Some(vec!["versions", "3"])),
            (versions, "/p/a/versions/1/versions/2", Some(vec!["a/versions/1", "2"])),
            (versions, "/p/a/b", None),
            (versions, "/q/a/versions/3", None),
        ] {
            let found = match_bare_path(template, path, true).map(|params| params.into_iter().map(|(_, v)| v).collect::<Vec<_>>());
            assert_eq!(found, expected.map(|e| e.into_iter().map(str::to_owned).collect()), "{template} {path}");
        }
        let bare = |template| match_bare_path(template, "/p/a/b%2Fc", false).map(|params| params[0].1.clone());
        assert_eq!(bare("/p/{promptName}").as_deref(), Some("a/b/c"), "a client that does not encode slashes");
        assert_eq!(bare("/p/{traceId}"), None);
    }

    #[test]
    fn queries_repeat_and_decode() {
        let request = Request::from_event(event("/", None)).expect("a request");

        assert_eq!(request.query_all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(request.query_all("e").count(), 0);
        assert_eq!(request.query("q"), Some("x y+z&"));
        assert_eq!(request.cookie("s"), Some("v=1"));
    }
}
