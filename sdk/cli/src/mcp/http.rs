//! The transport of an assistant that finds us: Streamable HTTP at `/mcp`, on this machine only.
//!
//! Pages in a browser must not reach it: we listen on 127.0.0.1, a `Host` that is not this machine's name is refused (a foreign name that was made to
//! point here), and so is every `Origin`. Answers are JSON; there is nothing to push, so `GET` is not served. Whoever can log in on this machine can
//! ask, unless a token is demanded.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;

use super::protocol::{self, AGREED, STATED, Session, VERSION_KEY};

const PATH: &str = "/mcp";
const SESSION: &str = "mcp-session-id";
const VERSION: &str = "mcp-protocol-version";
const LARGEST: usize = 4 << 20;
/// Of the sessions that are kept: the oldest make room.
const MOST_SESSIONS: usize = 256;
/// Calls at the same time; more wait.
const MOST_CALLS: usize = 8;

type Answer = Response<Full<Bytes>>;

struct Listener {
    port: u16,
    token: Option<String>,
    sessions: Mutex<Sessions>,
    calls: Semaphore,
}

#[derive(Default)]
struct Sessions {
    by_id: HashMap<String, (u64, Arc<Session>)>,
    begun: u64,
}

impl Sessions {
    fn add(&mut self, session: Session) -> String {
        if self.by_id.len() >= MOST_SESSIONS
            && let Some(oldest) = self.by_id.iter().min_by_key(|(_, (number, _))| *number).map(|(id, _)| id.clone())
        {
            self.by_id.remove(&oldest);
        }
        let id = uuid::Uuid::new_v4().to_string();
        self.begun += 1;
        self.by_id.insert(id.clone(), (self.begun, Arc::new(session)));
        id
    }
}

/// The token of the environment, else a new one.
#[must_use]
pub fn token() -> String {
    match std::env::var("AGENTTRACE_MCP_TOKEN") {
        Ok(token) if !token.is_empty() => token,
        _ => format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple()),
    }
}

/// Listens until the process is told to end.
pub async fn serve(port: u16, token: Option<String>) -> Result<()> {
    let listening = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listening = listening.with_context(|| format!("cannot listen on 127.0.0.1:{port}"))?;
    let port = listening.local_addr().context("cannot listen")?.port();
    eprintln!("agenttrace: listening at http://127.0.0.1:{port}{PATH}");
    match &token {
        Some(token) => eprintln!("agenttrace: send `Authorization: Bearer {token}`"),
        None => eprintln!("agenttrace: every program on this machine may ask; --token demands a token"),
    }
    let listener = Arc::new(Listener { port, token, sessions: Mutex::default(), calls: Semaphore::new(MOST_CALLS) });
    loop {
        let stream = tokio::select! {
            accepted = listening.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
            _ = tokio::signal::ctrl_c() => return Ok(()),
        };
        let listener = Arc::clone(&listener);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let listener = Arc::clone(&listener);
                async move { Ok::<_, Infallible>(listener.handle(request).await) }
            });
            // A connection that breaks off concerns nobody but its client.
            let _ =
                hyper::server::conn::http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Listener {
    async fn handle(self: Arc<Self>, request: Request<Incoming>) -> Answer {
        let headers = request.headers();
        if !self.is_this_machine(request.uri().host().or_else(|| text(headers, header::HOST.as_str())))
            || headers.contains_key(header::ORIGIN)
        {
            return plain(StatusCode::FORBIDDEN, "only programs on this machine may ask");
        }
        if request.uri().path() != PATH {
            return plain(StatusCode::NOT_FOUND, "the address ends in /mcp");
        }
        if !self.may_ask(headers) {
            let mut answer = plain(StatusCode::UNAUTHORIZED, "the token that `agenttrace mcp-server` printed is needed");
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return answer;
        }
        match *request.method() {
            Method::POST => self.post(request).await,
            Method::DELETE => self.end_session(headers),
            _ => {
                let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, "POST messages, or DELETE a session");
                answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST, DELETE"));
                answer
            }
        }
    }

    fn is_this_machine(&self, host: Option<&str>) -> bool {
        let Some(host) = host else { return false };
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => {
                if port != self.port.to_string() {
                    return false;
                }
                name
            }
            _ => host,
        };
        matches!(name, "127.0.0.1" | "localhost" | "[::1]")
    }

    fn may_ask(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let given = text(headers, header::AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
        given.is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case("bearer") && bool::from(given.as_bytes().ct_eq(token.as_bytes())))
    }

    fn end_session(&self, headers: &HeaderMap) -> Answer {
        let id = text(headers, SESSION).unwrap_or_default();
        match self.sessions.lock().unwrap_or_else(PoisonError::into_inner).by_id.remove(id) {
            Some(_) => empty(StatusCode::NO_CONTENT),
            None => plain(StatusCode::NOT_FOUND, "there is no such session"),
        }
    }

    async fn post(self: Arc<Self>, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let is_json = text(&head.headers, header::CONTENT_TYPE.as_str())
            .is_some_and(|kind| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")));
        if !is_json {
            return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "messages are application/json");
        }
        let accepted = text(&head.headers, header::ACCEPT.as_str())
            .is_none_or(|kinds| ["application/json", "application/*", "*/*"].iter().any(|kind| kinds.contains(kind)));
        if !accepted {
            return plain(StatusCode::NOT_ACCEPTABLE, "answers are application/json");
        }
        let body = match Limited::new(body, LARGEST).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                // The rest of the message is not read, so nothing can come after it.
                let mut answer = plain(StatusCode::PAYLOAD_TOO_LARGE, "the message is too long");
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                return answer;
            }
            Err(_) => return plain(StatusCode::BAD_REQUEST, "the message broke off"),
        };
        let message = match protocol::parse(&body) {
            Ok(message) => message,
            Err(refusal) => return refused(&refusal),
        };
        let version = text(&head.headers, VERSION);
        if version == Some(STATED) || message["params"]["_meta"].get(VERSION_KEY).is_some() {
            return self.stated(&head.headers, message).await;
        }
        if message["method"] == "initialize" {
            let (session, answer) = self.call(Arc::default(), message).await;
            let Some(answer) = answer else { return empty(StatusCode::ACCEPTED) };
            let Some(session) = Arc::into_inner(session).filter(|session| session.version().is_some()) else { return refused(&answer) };
            let id = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).add(session);
            let mut response = json(StatusCode::OK, &answer);
            if let Ok(id) = HeaderValue::from_str(&id) {
                response.headers_mut().insert(SESSION, id);
            }
            return response;
        }
        let Some(id) = text(&head.headers, SESSION) else {
            return plain(StatusCode::BAD_REQUEST, "begin with `initialize`, then send Mcp-Session-Id");
        };
        let session = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).by_id.get(id).map(|(_, session)| Arc::clone(session));
        let Some(session) = session else { return plain(StatusCode::NOT_FOUND, "there is no such session: begin with `initialize`") };
        if version.is_some_and(|version| !AGREED.contains(&version)) {
            return plain(StatusCode::BAD_REQUEST, "this Mcp-Protocol-Version is not known");
        }
        match self.call(session, message).await.1 {
            Some(answer) => json(StatusCode::OK, &answer),
            None => empty(StatusCode::ACCEPTED),
        }
    }

    /// A request that states its version needs no session, but its headers must say the same as its body.
    async fn stated(&self, headers: &HeaderMap, message: Value) -> Answer {
        if message.get("id").is_none() {
            return empty(StatusCode::ACCEPTED);
        }
        let same = |name: &str, said: &Value| text(headers, name) == said.as_str();
        let mut agrees = same(VERSION, &message["params"]["_meta"][VERSION_KEY]) && same("mcp-method", &message["method"]);
        if message["method"] == "tools/call" {
            agrees &= same("mcp-name", &message["params"]["name"]);
        }
        if !agrees {
            return refused(&protocol::error(
                &message["id"],
                protocol::HEADER_MISMATCH,
                "the Mcp-* headers do not say what the message says",
            ));
        }
        match self.call(Arc::default(), message).await.1 {
            Some(answer) if answer.get("error").is_some() => refused(&answer),
            Some(answer) => json(StatusCode::OK, &answer),
            None => empty(StatusCode::ACCEPTED),
        }
    }

    /// Asks on a thread where waiting holds nobody up.
    async fn call(&self, session: Arc<Session>, message: Value) -> (Arc<Session>, Option<Value>) {
        // Only what asks AgentTrace waits its turn: what cancels it must not stand behind it.
        let _permit = if message["method"] == "tools/call" {
            session.begin(&message["id"]);
            self.calls.acquire().await.ok()
        } else {
            None
        };
        let asked = Arc::clone(&session);
        let answer = tokio::task::spawn_blocking(move || protocol::answer(&asked, &message)).await.ok().flatten();
        (session, answer)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// An error of the protocol with the status that belongs to it.
fn refused(answer: &Value) -> Answer {
    let status = match answer["error"]["code"].as_i64() {
        Some(protocol::METHOD_NOT_FOUND) => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    };
    json(status, answer)
}

fn json(status: StatusCode, value: &Value) -> Answer {
    with_body(status, "application/json", value.to_string())
}

fn plain(status: StatusCode, text: &str) -> Answer {
    with_body(status, "text/plain; charset=utf-8", text.to_owned())
}

fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

fn with_body(status: StatusCode, kind: &'static str, text: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
