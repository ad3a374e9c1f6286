//! Changes of files, as agents' edit tools tell them, among the facts of a tool call.

use agenttrace_domain::agent::{FileChange, Rank, key};

pub(super) use agenttrace_domain::agent::edits::{of_arguments, of_patch, of_structured_patch};

use super::{Session, Statements};

impl Statements<'_> {
    /// The files that a tool call changes or reads. A complete diff wins over one made of cut arguments.
    pub(super) fn files(&mut self, session: &Session, id: &str, rank: Rank, changes: &[FileChange]) {
        // As a value first: its fields stand in the order in which another source's stand, so that the same changes are the same text.
        if !changes.is_empty()
            && let Ok(json) = serde_json::to_value(changes)
        {
            self.raw_note(session, id, rank, key::FILES, json.to_string());
        }
    }
}
