//! GitHub's webhooks: what a delivery tells of commits, pull requests and CI runs.
//!
//! Every fact is told whole or merges by its own order (attempts, times), so that deliveries may come twice, late, and in any order. A payload may
//! hold what we don't know yet: unknown fields are passed over, and a fact whose own fields are unusable is left out, not the delivery.

mod pull_request;
mod push;
mod workflow;

use agenttrace_domain::agent::AgentRecord;
use agenttrace_domain::{Event, Timestamp, repository_url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The events that are taken.
pub const EVENTS: &[&str] = &["ping", "push", "pull_request", "workflow_run", "workflow_job"];

/// The longest message of a commit that is kept, in bytes.
const MAX_MESSAGE: usize = 64 << 10;
/// The longest name, title, branch, address, in bytes.
const MAX_SHORT: usize = 1_000;

/// What a delivery says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delivery {
    pub events: Vec<Event>,
    /// Is it one of [`EVENTS`]?
    pub known: bool,
}

/// Reads the payload of an event (`X-GitHub-Event`). The error is a sentence for the sender.
pub fn delivery(event: &str, body: &[u8], now: Timestamp) -> Result<Delivery, String> {
    let records = match event {
        "push" => push::records(&read(body)?, now),
        "pull_request" => pull_request::records(read(body)?),
        "workflow_run" => workflow::run(read(body)?),
        "workflow_job" => workflow::job(read(body)?),
        _ => {
            read::<serde::de::IgnoredAny>(body)?;
            Vec::new()
        }
    };
    Ok(Delivery { events: records.into_iter().map(Event::Agent).collect(), known: EVENTS.contains(&event) })
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|e| format!("the payload can't be read: {e}"))
}

/// A kind of payload gives records.
type Records = Vec<AgentRecord>;

#[derive(Debug, Deserialize)]
struct Repository {
    html_url: String,
    /// Of pushes: when, in seconds; GitHub writes it as a number or, elsewhere, as a time.
    #[serde(default)]
    pushed_at: Option<PushedAt>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum PushedAt {
    Seconds(i64),
    Text(String),
}

impl Repository {
    fn address(&self) -> String {
        short(&repository_url(&self.html_url))
    }

    fn pushed(&self) -> Option<Timestamp> {
        match self.pushed_at.as_ref()? {
            PushedAt::Seconds(seconds) => seconds.checked_mul(1_000_000).map(Timestamp),
            PushedAt::Text(text) => Timestamp::parse(text),
        }
    }
}

fn time(text: Option<&String>) -> Option<Timestamp> {
    text.and_then(|text| Timestamp::parse(text))
}

fn short(text: &str) -> String {
    cut(text, MAX_SHORT)
}

fn cut(text: &str, longest: usize) -> String {
    text[..text.floor_char_boundary(longest.min(text.len()))].to_owned()
}

/// 40 or 64 hex characters, in lower case.
fn commit_id(text: &str) -> Option<String> {
    let usable = matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit()) && text.bytes().any(|b| b != b'0');
    usable.then(|| text.to_ascii_lowercase())
}
