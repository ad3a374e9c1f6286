//! Forwards API calls to the emulator's HTTP front, as CloudFront and API Gateway do together: kept-alive connections,
//! streamed answers, and their limits.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::BytesMut;
use http::header::{CONTENT_LENGTH, EXPECT, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::{Body, full, text};

/// What API Gateway takes in a body; it answers 413 above.
const BODY_LIMIT: u64 = 10 * 1024 * 1024;
/// How much of a larger one is read and dropped before the refusal.
const READ_AT_MOST: u64 = 64 * 1024 * 1024;
/// What it takes in the request line and all headers together.
const HEADER_LIMIT: usize = 10_240;
/// How long it waits for a function.
const TIMEOUT: Duration = Duration::from_secs(30);

const RAW_PATH: HeaderName = HeaderName::from_static("x-agenttrace-raw-path");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// Headers that concern one connection only (RFC 9110, 7.6.1).
const OF_THE_CONNECTION: [&str; 8] =
    ["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"];

/// The API behind the edge.
pub struct Api {
    client: Client<HttpConnector, Body>,
    origin: String,
}

impl Api {
    /// `origin` is the address that stands before every path, without a slash at its end.
    pub fn new(origin: &str) -> Result<Self> {
        let origin = origin.trim_end_matches('/').to_owned();
        origin.parse::<Uri>().with_context(|| format!("EDGE_API is not an address: {origin}"))?;
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(2)));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(4)) // shorter than the emulator's 5 s: it must not close first
            .build(connector);
        Ok(Self { client, origin })
    }

    /// Answers with what the API said, or with what API Gateway says in its place.
    pub async fn forward(&self, request: Request<Incoming>, peer: IpAddr) -> Response<Body> {
        if header_size(&request) > HEADER_LIMIT {
            return refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large");
        }
        // Whether the client went away in the middle of its body.
        let broken_off = Arc::new(AtomicBool::new(false));
        let request = match self.rewrite(request, peer, &broken_off).await {
            Ok(request) => request,
            Err(refusal) => return *refusal,
        };
        match tokio::time::timeout(TIMEOUT, self.client.request(request)).await {
            Ok(Ok(response)) => {
                let (mut parts, body) = response.into_parts();
                remove_connection_headers(&mut parts.headers);
                Response::from_parts(parts, body.boxed())
            }
            // Nobody reads this; it is not the API that failed.
            Ok(Err(_)) if broken_off.load(Ordering::Relaxed) => refuse(StatusCode::BAD_REQUEST, "Bad Request"),
            Ok(Err(error)) => {
                eprintln!("forwarding: {error}: {:?}", std::error::Error::source(&error));
                refuse(StatusCode::BAD_GATEWAY, "The API is not reachable. `make status` tells what runs.")
            }
            Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        }
    }

    /// The request as the origin gets it.
    async fn rewrite(
        &self,
        request: Request<Incoming>,
        peer: IpAddr,
        broken_off: &Arc<AtomicBool>,
    ) -> Result<Request<Body>, Box<Response<Body>>> {
        let (mut parts, body) = request.into_parts();
        let asked = parts.uri.path_and_query().map_or("/", |found| found.as_str());
        let Ok(target) = format!("{}{asked}", self.origin).parse::<Uri>() else {
            return Err(Box::new(refuse(StatusCode::BAD_REQUEST, "Bad Request")));
        };
        let raw_path = HeaderValue::from_str(parts.uri.path());
        parts.uri = target;
        remove_connection_headers(&mut parts.headers);
        parts.headers.remove(EXPECT); // answered by this server
        if let Some(host) = parts.headers.remove(HOST) {
            parts.headers.insert(FORWARDED_HOST, host);
        }
        parts.headers.remove(RAW_PATH);
        if let Ok(path) = raw_path {
            parts.headers.insert(RAW_PATH, path);
        }
        parts.headers.insert(FORWARDED_PROTO, HeaderValue::from_static("http"));
        parts.headers.insert(FORWARDED_FOR, forwarded_for(&parts.headers, peer));
        let body = limit(&mut parts.headers, body, broken_off).await?;
        Ok(Request::from_parts(parts, body))
    }
}

/// Streams a body of known length; takes one of unknown length in whole, since only then its size is known.
async fn limit(headers: &mut HeaderMap, mut body: Incoming, broken_off: &Arc<AtomicBool>) -> Result<Body, Box<Response<Body>>> {
    use hyper::body::Body as _;

    let announced = body.size_hint().exact();
    if announced.is_some_and(|length| length <= BODY_LIMIT) {
        let broken_off = Arc::clone(broken_off);
        return Ok(body
            .map_err(move |error| {
                broken_off.store(true, Ordering::Relaxed);
                error
            })
            .boxed());
    }
    // One that is too large is read to its end all the same, within reason: a client that still sends does not see an answer.
    let (mut kept, mut read) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Err(Box::new(refuse(StatusCode::BAD_REQUEST, "Bad Request"))) };
        let data = frame.into_data().unwrap_or_default();
        read += data.len() as u64;
        if read <= BODY_LIMIT && announced.is_none() {
            kept.extend_from_slice(&data);
        }
        if read > READ_AT_MOST {
            break;
        }
    }
    if read > BODY_LIMIT || announced.is_some() {
        return Err(Box::new(refuse(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")));
    }
    headers.insert(CONTENT_LENGTH, HeaderValue::from(kept.len()));
    Ok(full(kept.freeze()))
}

fn header_size(request: &Request<Incoming>) -> usize {
    let line = request.uri().path_and_query().map_or(0, |found| found.as_str().len());
    request.headers().iter().fold(line, |size, (name, value)| size + name.as_str().len() + value.len() + 4)
}

fn remove_connection_headers(headers: &mut HeaderMap) {
    let named: Vec<String> = headers
        .get_all("connection")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(|name| name.trim().to_ascii_lowercase()))
        .collect();
    for name in named.iter().map(String::as_str).chain(OF_THE_CONNECTION) {
        headers.remove(name);
    }
}

/// The client's address behind those of the proxies before it.
fn forwarded_for(headers: &HeaderMap, peer: IpAddr) -> HeaderValue {
    let before = headers.get(&FORWARDED_FOR).and_then(|value| value.to_str().ok());
    let all = before.map_or_else(|| peer.to_string(), |before| format!("{before}, {peer}"));
    HeaderValue::from_str(&all).unwrap_or_else(|_| HeaderValue::from_static("127.0.0.1"))
}

/// API Gateway's own answers have only a message.
fn refuse(status: StatusCode, message: &str) -> Response<Body> {
    text(status, "application/json", format!("{{\"message\":\"{message}\"}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_the_client_ties_to_its_connection_stay_behind() {
        let mut headers = HeaderMap::new();
        headers.insert("connection", HeaderValue::from_static("close, X-Private"));
        headers.insert("x-private", HeaderValue::from_static("1"));
        headers.insert("transfer-encoding", HeaderValue::from_static("chunked"));
        headers.insert("accept", HeaderValue::from_static("*/*"));

        remove_connection_headers(&mut headers);

        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
    }

    #[test]
    fn the_clients_address_comes_last() {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, HeaderValue::from_static("192.0.2.1"));

        assert_eq!(forwarded_for(&headers, IpAddr::from([127, 0, 0, 1])), "192.0.2.1, 127.0.0.1");
    }
}
