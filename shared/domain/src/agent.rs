//! Coding agents: the ids and the words by which everything that is told of one session becomes one trace.
//!
//! An agent tells the same call several times: as a log event, as a span, in a hook, in its transcript; each may arrive late, twice or
//! never. So ids are made of what every telling knows (docs/coding-agents.md lists them), every telling is a patch, and its time is not a
//! clock's but a [`Rank`]: how good a source is for the fields it states.

mod changes;
pub mod commands;
mod derive;
pub mod edits;
pub mod linked;
mod records;
pub mod twins;
pub mod unnamed;

pub use changes::{Commit, PullRequest};
pub use derive::{Derived, FileChange, derive, extension};
pub use records::{AgentRecord, CiProvider, CiRun, CiStatus, FileAction, FileOperation, GitLink, MetricKind, MetricPoint, TerminalCommand};

use crate::Timestamp;

/// The longest text of an agent that becomes part of an id as it is.
const LONGEST: usize = 200;

/// The id of a session's trace: `claude-code-<session id>`. A session is one trace, however often it is resumed.
#[must_use]
pub fn trace_id(agent: &str, session: &str) -> String {
    joined(agent, session)
}

/// The id of a step: `call-<request id>`, `tool-<call id>`, `turn-<prompt id>`, `agent-<agent id>`. The session's own step has its trace's id.
#[must_use]
pub fn step_id(kind: &str, key: &str) -> String {
    joined(kind, key)
}

/// Text that is too long or holds control characters goes in as its hash.
fn joined(kind: &str, key: &str) -> String {
    if key.len() <= LONGEST && !key.chars().any(char::is_control) {
        format!("{kind}-{key}")
    } else {
        format!("{kind}-{:016x}", twox_hash::XxHash64::oneshot(0, key.as_bytes()))
    }
}

/// The agents, by the names that their traces' ids begin with.
pub const AGENTS: &[&str] = &["claude-code", "codex", "gemini-cli", "copilot-cli", "copilot-chat", "opencode", "cursor"];

/// An id made of parts: the same parts always give the same 32 hex characters.
#[must_use]
pub fn made_id(parts: &[&str]) -> String {
    let mut text = Vec::new();
    for part in parts {
        text.extend_from_slice(&(part.len() as u64).to_le_bytes());
        text.extend_from_slice(part.as_bytes());
    }
    format!("{:016x}{:016x}", twox_hash::XxHash64::oneshot(0, &text), twox_hash::XxHash64::oneshot(1, &text))
}

/// How good a source is for a field: the better one wins, whatever came when. As the time of a statement a rank lies in the first moments of
/// 1970, so that what a person or an SDK says of the same step today wins over all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Follows from something else.
    Hint = 10,
    /// Cut or approximate.
    Part = 20,
    /// The agent's own statement.
    Told = 30,
    /// Complete or exact.
    Whole = 40,
}

impl Rank {
    #[must_use]
    pub const fn at(self) -> Timestamp {
        Timestamp(self as i64 * 1_000)
    }
}

/// The time of a statement of which the earliest shall win: the begin of something, as far as its first sign tells.
#[must_use]
pub const fn earliest(at: Timestamp) -> Timestamp {
    Timestamp(-at.0)
}

/// Metadata keys of agents' steps.
pub mod key {
    /// One of [`super::AGENTS`], or what a client says.
    pub const AGENT: &str = "agent.name";
    pub const AGENT_VERSION: &str = "agent.version";
    /// `session`, `turn`, `model_call`, `tool_call`, `subagent`, `event`, `interaction`
    pub const RECORD: &str = "agent.record";
    pub const TURN: &str = "agent.turn_id";
    pub const SUBAGENT: &str = "agent.subagent_id";
    pub const TOOL: &str = "tool.name";
    pub const CALL: &str = "tool.call_id";
    /// `true` or `false`: did the agent call it a success?
    pub const SUCCESS: &str = "tool.success";
    pub const DECISION: &str = "decision.outcome";
    pub const DECISION_SOURCE: &str = "decision.source";
    pub const COMMAND: &str = "command.line";
    pub const COMMAND_DIR: &str = "command.cwd";
    pub const EXIT_CODE: &str = "command.exit_code";
    /// `shim`, `agent_structured`, `agent_text`, `none`
    pub const EXIT_CODE_SOURCE: &str = "command.exit_code_source";
    /// JSON list of [`super::FileChange`].
    pub const FILES: &str = "file.changes";
    pub const COMMIT: &str = "vcs.ref.head.revision";
    pub const BRANCH: &str = "vcs.ref.head.name";
    pub const REPOSITORY: &str = "vcs.repository.url.full";
    /// The folder in which a session runs.
    pub const SESSION_DIR: &str = "agent.cwd";
    /// How a session began: `startup`, `resume` …
    pub const SESSION_SOURCE: &str = "agent.session_source";
    /// Why it ended, in the agent's words.
    pub const SESSION_END: &str = "agent.session_end";
    /// The `TRACEPARENT` that a hook saw.
    pub const TRACEPARENT: &str = "otel.traceparent";
    /// The run of `agenttrace wrap` in which a session ran.
    pub const RUN_TRACE: &str = "agenttrace.run.trace_id";
    pub const RUN_STEP: &str = "agenttrace.run.observation_id";

    /// Facts that sources of several ranks tell, or that change in a session. Their times are stored by their place here: only ever append.
    pub const RANKED: &[&str] = &[
        RECORD,
        TOOL,
        SUCCESS,
        DECISION,
        DECISION_SOURCE,
        COMMAND,
        COMMAND_DIR,
        EXIT_CODE,
        EXIT_CODE_SOURCE,
        FILES,
        COMMIT,
        BRANCH,
        REPOSITORY,
        SESSION_DIR,
        SESSION_SOURCE,
        SESSION_END,
        TRACEPARENT,
        RUN_TRACE,
        RUN_STEP,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_readable_and_always_usable() {
        assert_eq!(trace_id("claude-code", "c479555f"), "claude-code-c479555f");
        assert_eq!(step_id("tool", "toolu_01"), "tool-toolu_01");
        assert!(crate::valid_id(&step_id("call", &"x".repeat(5_000))));
        assert!(crate::valid_id(&step_id("call", "a\nb")));
        assert_ne!(step_id("call", "a\nb"), step_id("call", "a\nc"));
        assert_ne!(made_id(&["ab", "c"]), made_id(&["a", "bc"]));
    }

    #[test]
    fn a_person_beats_every_rank_and_a_rank_every_guess() {
        assert!(Rank::Whole.at() < Timestamp(1_700_000_000_000_000));
        assert!(earliest(Timestamp(1_700_000_000_000_000)) < Rank::Hint.at());
        assert!(earliest(Timestamp(2)) < earliest(Timestamp(1)));
    }
}
