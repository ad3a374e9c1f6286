//! Commands and their exit codes, as agents tell them, among the facts of a tool call.

use agenttrace_domain::agent::{Rank, key};

pub(super) use agenttrace_domain::agent::commands::{command_of, framed};

use super::{Session, Statements};

/// How an exit code is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExitSource {
    /// A field of its own.
    Structured,
    /// Read from the text that the model gets.
    Text,
}

impl ExitSource {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Structured => "agent_structured",
            Self::Text => "agent_text",
        }
    }
}

impl Statements<'_> {
    /// The command of a tool call.
    pub(super) fn command(&mut self, session: &Session, id: &str, command: &str) {
        self.note(session, id, key::COMMAND, command);
    }

    /// The exit code of a tool call's command.
    pub(super) fn exit_code(&mut self, session: &Session, id: &str, code: i64, source: ExitSource) {
        self.exit_code_at(session, id, Rank::Told, code, source);
    }

    /// The same of a source that others know better.
    pub(super) fn exit_code_at(&mut self, session: &Session, id: &str, rank: Rank, code: i64, source: ExitSource) {
        self.raw_note(session, id, rank, key::EXIT_CODE, code.to_string());
        self.note_at(session, id, rank, key::EXIT_CODE_SOURCE, source.as_str());
    }

    /// Did the agent call it a success?
    pub(super) fn success(&mut self, session: &Session, id: &str, success: bool) {
        self.raw_note(session, id, Rank::Told, key::SUCCESS, success.to_string());
    }
}
