//! What coding agents keep of their sessions on disk, as events of the batch API. Pure: lines or rows in, events out.
//!
//! An agent's telemetry, its hooks and its transcript tell the same calls. The steps here have the ids that those give them, and each statement
//! is made at the rank that it deserves (docs/coding-agents.md), so that reading a session that was traced live adds what is missing and counts
//! nothing twice. Formats are the vendors' own and change without notice: what isn't understood is left out and counted, and never stops the rest.

mod aider;
mod claude_code;
mod codex;
mod copilot_cli;
mod gemini_cli;
pub mod opencode;
mod row;
mod story;
mod tool;

use std::collections::BTreeMap;

use agenttrace_domain::Timestamp;

pub use story::{Session, Story};

/// The most bytes of one text that are kept: beyond it nobody reads, and the whole is on the user's disk. 256 KiB.
pub const LONGEST_TEXT: usize = 256 << 10;

/// What a transcript doesn't say and the machine it lies on may know.
pub trait Surroundings {
    /// Is it a file whose contents never leave? A path that isn't absolute begins in the folder.
    fn is_secret(&self, path: &str, folder: &str) -> bool;
    /// Does a command name a file that holds secrets?
    fn names_secrets(&self, command: &str) -> bool;
    /// Address of the repository around a folder, without a password.
    fn repository(&self, folder: &str) -> Option<String>;
    /// The whole id of a commit that is told in short.
    fn commit(&self, folder: &str, short: &str) -> Option<String>;
    /// Does this session own the step of that name? The first that asks does: some versions copy the history of a session that is resumed into
    /// the transcript of a new one.
    fn owns(&self, session: &str, step: &str) -> bool;
}

/// Why a line was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    NotText,
    NotJson,
    TooLong,
    UnknownType,
    NoSession,
    NoTime,
    Copied,
}

impl Skip {
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotText => "not text",
            Self::NotJson => "not JSON",
            Self::TooLong => "too long",
            Self::UnknownType => "unknown type",
            Self::NoSession => "no session",
            Self::NoTime => "no time",
            Self::Copied => "copied from another session",
        }
    }
}

/// How often what was left out.
pub type Skipped = BTreeMap<&'static str, u64>;

/// Reads one transcript from its begin to its end.
pub trait Reader {
    /// Reads a line, without its end.
    ///
    /// # Errors
    /// Why it tells nothing. The next line may be read all the same.
    fn line(&mut self, line: &str, story: &mut Story<'_>) -> Result<(), Skip>;

    /// There are no more lines, for now.
    fn end(&mut self, _story: &mut Story<'_>) {}
}

/// Agents that write lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    ClaudeCode,
    Codex,
    GeminiCli,
    CopilotCli,
    Aider,
}

/// What files beside a transcript say of it.
#[derive(Clone)]
pub struct Beside {
    /// The folder that it is about, empty when nothing says so.
    pub folder: String,
    /// Aider's analytics log.
    pub analytics: String,
    /// When a clock on this machine's wall showed `2026-01-31 10:00:00`.
    pub local: fn(&str) -> Option<Timestamp>,
}

impl Lines {
    /// The reader of one transcript.
    #[must_use]
    pub fn reader(self, beside: Beside) -> Box<dyn Reader> {
        match self {
            Self::ClaudeCode => Box::new(claude_code::Transcript::default()),
            Self::Codex => Box::new(codex::Rollout::default()),
            Self::GeminiCli => Box::new(gemini_cli::Chat::about(beside.folder)),
            Self::CopilotCli => Box::new(copilot_cli::Events::default()),
            Self::Aider => Box::new(aider::History::new(beside)),
        }
    }
}
