//! Agents' spans of one request: which agent they are of, and what only follows when they are seen together.

use std::collections::HashMap;

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{Rank, key};

use super::{Said, Session, Statements, claude_spans, copilot, gemini_cli, opencode};
use crate::otlp::{Resource, Scope, Span};

/// A step whose parent is known by its span only.
pub(super) struct ParentOf {
    pub session: Session,
    pub step: String,
    pub parent_span: String,
}

struct Waited {
    session: Session,
    parent_span: String,
    decision: String,
    source: String,
    millis: i64,
}

/// What is known of the request's spans.
#[derive(Default)]
pub(crate) struct AgentSpans {
    steps: HashMap<String, String>,
    parents: Vec<ParentOf>,
    waits: Vec<Waited>,
    /// Spans of agents that repeat what their logs tell, or tell of their inner workings only.
    pub internal: u64,
}

/// The agent that a scope's spans come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    ClaudeCode,
    Codex,
    GeminiCli,
    Copilot,
    OpenCode,
}

impl Source {
    /// `None` for everything that isn't a coding agent.
    pub fn of(resource: &Resource<'_>, scope: &Scope<'_>) -> Option<Self> {
        let service = Said(&resource.attributes).text("service.name").unwrap_or_default();
        if scope.name == "com.anthropic.claude_code.tracing" {
            Some(Self::ClaudeCode)
        } else if service.starts_with("codex") && scope.name.starts_with("codex") {
            Some(Self::Codex)
        } else if scope.name == "gemini-cli" {
            Some(Self::GeminiCli)
        } else if scope.name == "github.copilot" || matches!(service.as_ref(), "github-copilot" | "copilot-chat") {
            Some(Self::Copilot)
        } else if service == "opencode" {
            Some(Self::OpenCode)
        } else {
            None
        }
    }
}

impl AgentSpans {
    /// Reads a span of an agent; `false` when it must be read as any other span.
    pub fn add(&mut self, source: Source, span: &Span<'_>, resource: &Resource<'_>, out: &mut Statements<'_>) -> bool {
        let resource = Said(&resource.attributes);
        match source {
            Source::ClaudeCode => claude_spans::span(span, resource, self, out),
            Source::Copilot => copilot::span(span, resource, self, out),
            Source::OpenCode => {
                self.internal += u64::from(!opencode::span(span, resource, out));
                true
            }
            Source::GeminiCli => {
                self.internal += u64::from(!gemini_cli::span(span, resource, out));
                true
            }
            // Its spans repeat the logs' tokens without a common id.
            Source::Codex => {
                self.internal += 1;
                true
            }
        }
    }

    /// A span is this step.
    pub(super) fn is(&mut self, span: &str, step: &str) {
        self.steps.insert(span.to_owned(), step.to_owned());
    }

    pub(super) fn wants(&mut self, parent: ParentOf) {
        self.parents.push(parent);
    }

    pub(super) fn waited(&mut self, session: Session, parent_span: String, decision: String, source: String, millis: i64) {
        self.waits.push(Waited { session, parent_span, decision, source, millis });
    }

    /// Joins what belongs together.
    pub fn finish(self, out: &mut Statements<'_>) {
        for ParentOf { session, step, parent_span } in self.parents {
            if let Some(parent) = self.steps.get(&parent_span) {
                out.parent(&session, &step, Rank::Told, parent);
            }
        }
        for Waited { session, parent_span, decision, source, millis } in self.waits {
            let Some(step) = self.steps.get(&parent_span) else { continue };
            out.note(&session, step, key::DECISION, &decision);
            out.note(&session, step, key::DECISION_SOURCE, &source);
            out.raw_note(&session, step, Rank::Told, "decision.waited_ms", millis.to_string());
        }
    }
}

/// Times of a span; `None` without a begin.
pub(super) fn times(span: &Span<'_>) -> Option<(Timestamp, Option<Timestamp>)> {
    Some((
        Timestamp::from_unix_nanos(span.start).filter(|_| span.start > 0)?,
        Timestamp::from_unix_nanos(span.end).filter(|_| span.end > 0),
    ))
}
