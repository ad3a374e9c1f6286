//! Coding agents' own telemetry: log events and spans of one session become one trace, session > turn > model call, tool call.
//!
//! An agent tells a call several times, in requests that come late, twice or never. Every telling is a patch of a step whose id all of
//! them can make (docs/coding-agents.md), stated at a [`Rank`]; so any order gives one result, and tokens count once: a model call's are
//! told by the record that names its request, and everything else that repeats them (interactions, agents, metrics) is kept without them.

pub(crate) mod claude_code;
mod claude_spans;
pub(crate) mod codex;
mod command;
pub(crate) mod copilot;
mod edits;
pub(crate) mod gemini_cli;
pub(crate) mod hooks;
pub(crate) mod opencode;
mod spans;
mod statements;

pub(crate) use spans::{AgentSpans, Source};
pub(crate) use statements::{Run, Session, Statements};

use std::borrow::Cow;

use agenttrace_domain::Timestamp;

use crate::mapping::hex;
use crate::otlp::Resource;
use crate::otlp::signals::LogRecord;
use crate::text::MAX_AMOUNT;
use crate::value::{Attribute, Value};

/// Attributes, looked up by name.
#[derive(Clone, Copy)]
pub(crate) struct Said<'r, 'a>(pub &'r [Attribute<'a>]);

impl<'r, 'a> Said<'r, 'a> {
    pub fn get(self, key: &str) -> Option<&'r Value<'a>> {
        self.0.iter().find(|a| a.key == key).map(|a| &a.value).filter(|v| v.is_meaningful())
    }

    /// A string bare, everything else as JSON text.
    pub fn text(self, key: &str) -> Option<Cow<'r, str>> {
        self.get(key).map(Value::to_text)
    }

    pub fn owned(self, key: &str) -> Option<String> {
        self.text(key).map(Cow::into_owned)
    }

    /// A count, as a number or as text.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub fn count(self, key: &str) -> Option<u64> {
        match self.get(key)? {
            Value::Int(n) => u64::try_from(*n).ok(),
            Value::Double(f) => (f.fract() == 0.0 && (0.0..=MAX_AMOUNT as f64).contains(f)).then_some(*f as u64),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
        .filter(|n| *n <= MAX_AMOUNT)
    }

    pub fn number(self, key: &str) -> Option<f64> {
        self.get(key).and_then(Value::as_f64).filter(|n| n.is_finite())
    }

    pub fn flag(self, key: &str) -> Option<bool> {
        self.get(key).and_then(Value::as_bool)
    }

    /// Milliseconds as microseconds, up to a month.
    #[allow(clippy::cast_possible_truncation)]
    pub fn millis(self, key: &str) -> Option<i64> {
        self.number(key).filter(|ms| (0.0..2.7e9).contains(ms)).map(|ms| (ms * 1e3) as i64)
    }
}

/// A log record with its name and its time.
pub(crate) struct Log<'r, 'a> {
    pub name: Cow<'r, str>,
    pub at: Timestamp,
    pub said: Said<'r, 'a>,
    pub resource: Said<'r, 'a>,
    pub span_id: Option<String>,
}

impl<'r, 'a> Log<'r, 'a> {
    /// `now` stands for a time that the record doesn't tell.
    pub fn of(record: &'r LogRecord<'a>, resource: &'r Resource<'a>, now: Timestamp) -> Self {
        let said = Said(&record.attributes);
        let name =
            said.text("event.name").or_else(|| record.body.as_text().map(Cow::Borrowed)).unwrap_or(Cow::Borrowed(&record.event_name));
        let told = said.text("event.timestamp").and_then(|text| Timestamp::parse(&text));
        let nanos = |nanos: u64| if nanos == 0 { None } else { Timestamp::from_unix_nanos(nanos) };
        let at = nanos(record.time).or(told).or_else(|| nanos(record.observed)).unwrap_or(now);
        Self { name, at, said, resource: Said(&resource.attributes), span_id: record.span_id.map(|id| hex(&id)) }
    }
}

/// A time that lies before another one by so many microseconds.
fn before(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp(at.0.saturating_sub(micros)).max(Timestamp::MIN)
}

/// A time that lies after another one by so many microseconds.
fn after(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp(at.0.saturating_add(micros)).min(Timestamp::MAX)
}
