//! A client of a Langfuse-compatible API: JSON in, JSON out, patient with servers that are busy. Keys are never shown, not even in errors.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use ureq::Agent;

/// How often a call is tried when the server is away or busy.
const TRIES: u32 = 8;
/// A server that asks for a longer pause is asked again after this.
const LONGEST_PAUSE: Duration = Duration::from_secs(90);
const TIMEOUT: Duration = Duration::from_secs(120);
/// The largest answer that is read; what tells more is read in parts, where it can be.
const ANSWER_MAX_BYTES: u64 = 128 * 1024 * 1024;

/// What stays as it is in one segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Why a call brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server understood and said no: trying again does not help.
    #[error("{method} {path} on {server} answered {status}: {message}")]
    Refused { method: &'static str, path: String, server: String, status: u16, message: String },
    /// It did not answer, or not for now, however often it was asked.
    #[error("{method} {path} on {server} did not succeed: {reason}")]
    Away { method: &'static str, path: String, server: String, reason: String },
}

impl Failure {
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            Self::Away { .. } => None,
        }
    }
}

/// One project on one server.
pub struct Api {
    agent: Agent,
    /// Without a slash at its end.
    server: String,
    authorization: String,
}

/// A name as one segment of a path.
#[must_use]
pub fn segment(name: &str) -> String {
    utf8_percent_encode(name, SEGMENT).to_string()
}

enum Outcome {
    Answer(Value),
    Wait(Duration, String),
}

impl Api {
    #[must_use]
    pub fn new(server: &str, public_key: &str, secret_key: &str) -> Self {
        let agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // Keys go nowhere else, and without them an answer from elsewhere says nothing.
            .max_redirects(0)
            .user_agent(concat!("agenttrace/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        let authorization = format!("Basic {}", STANDARD.encode(format!("{public_key}:{secret_key}")));
        Self { agent, server: server.trim_end_matches('/').to_owned(), authorization }
    }

    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    pub fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        self.call("GET", path, query, None, TRIES)
    }

    /// A call that may be made twice without harm.
    pub fn send(&self, method: &'static str, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(method, path, &[], Some(body), TRIES)
    }

    /// A call that makes something new each time: tried again only when the server said that it did nothing.
    pub fn send_once(&self, method: &'static str, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(method, path, &[], Some(body), 0)
    }

    fn call(&self, method: &'static str, path: &str, query: &[(&str, &str)], body: Option<&Value>, tries: u32) -> Result<Value, Failure> {
        let mut failed = 0;
        loop {
            match self.attempt(method, path, query, body, failed)? {
                Outcome::Answer(answer) => return Ok(answer),
                Outcome::Wait(pause, reason) => {
                    let busy = reason.starts_with("429");
                    failed += 1;
                    if failed >= if busy { TRIES.max(tries) } else { tries } {
                        return Err(Failure::Away { method, path: path.to_owned(), server: self.server.clone(), reason });
                    }
                    std::thread::sleep(pause.min(LONGEST_PAUSE));
                }
            }
        }
    }

    fn attempt(
        &self,
        method: &'static str,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
        failed: u32,
    ) -> Result<Outcome, Failure> {
        let url = format!("{}{path}", self.server);
        let backoff = Duration::from_millis(500) * 2_u32.pow(failed.min(6));
        let text = body.map(Value::to_string).unwrap_or_default();
        let answer = match method {
            "GET" => self.agent.get(&url).query_pairs(query.iter().copied()).header("authorization", &self.authorization).call(),
            "DELETE" => self.agent.delete(&url).header("authorization", &self.authorization).call(),
            _ => {
                let request = match method {
                    "PATCH" => self.agent.patch(&url),
                    "PUT" => self.agent.put(&url),
                    _ => self.agent.post(&url),
                };
                request.header("authorization", &self.authorization).header("content-type", "application/json").send(text.as_bytes())
            }
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Ok(Outcome::Wait(backoff, error.to_string())),
        };
        let status = answer.status().as_u16();
        let asked = answer.headers().get("retry-after").and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
        let text = match answer.body_mut().with_config().limit(ANSWER_MAX_BYTES).read_to_string() {
            Ok(text) => text,
            Err(ureq::Error::BodyExceedsLimit(most)) => {
                let message = format!("the answer has more than {most} bytes");
                return Err(Failure::Refused { method, path: path.to_owned(), server: self.server.clone(), status: 413, message });
            }
            Err(error) => return Ok(Outcome::Wait(backoff, error.to_string())),
        };
        match status {
            200..=299 => Ok(Outcome::Answer(serde_json::from_str(&text).unwrap_or(Value::Null))),
            408 | 429 | 500..=599 => Ok(Outcome::Wait(asked.map_or(backoff, Duration::from_secs), format!("{status} {}", message(&text)))),
            _ => Err(Failure::Refused { method, path: path.to_owned(), server: self.server.clone(), status, message: message(&text) }),
        }
    }
}

/// What an error answer says, shortly.
fn message(text: &str) -> String {
    let said = serde_json::from_str::<Value>(text).ok();
    let said = said.as_ref().and_then(|v| v["message"].as_str()).unwrap_or(text);
    said.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_one_segment() {
        for (name, expected) in [("a/b", "a%2Fb"), ("50% off?", "50%25%20off%3F"), ("東", "%E6%9D%B1"), ("plain-1_2.3~", "plain-1_2.3~")] {
            assert_eq!(segment(name), expected);
        }
    }

    #[test]
    fn errors_show_the_servers_words_and_no_key() {
        assert_eq!(message(r#"{"message":"no such thing","error":"X"}"#), "no such thing");
        assert_eq!(message("<html>\u{1b}[31m"), "<html>[31m");
        let api = Api::new("http://127.0.0.1:1/", "pk", "sk-hidden");
        let error = api.call("POST", "/x", &[], Some(&Value::Null), 1).expect_err("nobody listens there");
        assert!(!error.to_string().contains("hidden") && error.status().is_none(), "{error}");
    }
}
