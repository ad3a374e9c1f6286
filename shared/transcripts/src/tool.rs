//! A tool call as transcripts tell it: what was asked for, what came of it, the command that ran, the files that changed.

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{FileChange, Rank, key, step_id};
use serde_json::{Value, json};

use crate::row::shallow;
use crate::story::moment;
use crate::{Session, Story};

/// How an exit code is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// A field of its own.
    Structured(i64),
    /// Read from the text that the model gets, or follows from the agent's word that the command worked.
    Text(i64),
}

impl Exit {
    /// A field of its own wins over what another source says, and that over what the text says.
    pub fn tell(self, session: &Session, id: &str, story: &mut Story<'_>) {
        let (code, source, rank) = match self {
            Self::Structured(code) => (code, "agent_structured", Rank::Whole),
            Self::Text(code) => (code, "agent_text", Rank::Part),
        };
        story.note(session, id, rank, key::EXIT_CODE, code);
        story.note(session, id, rank, key::EXIT_CODE_SOURCE, source);
        if code != 0 {
            story.say(session, id, Rank::Told.at(), json!({"level": "WARNING"}));
        }
    }
}

/// What stands where a file's contents are kept back.
const WITHHELD: &str = "[withheld: a file of secrets]";

/// What is known of a tool call. Empty fields say nothing.
#[derive(Debug, Default)]
pub struct Tool<'t> {
    pub call: &'t str,
    /// Its step, where it isn't `tool-<call>`.
    pub id: Option<String>,
    pub name: &'t str,
    pub parent: Option<&'t str>,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub input: Option<Value>,
    pub output: Option<String>,
    pub success: Option<bool>,
    pub command: Option<String>,
    pub folder: Option<&'t str>,
    pub exit: Option<Exit>,
    pub files: Vec<FileChange>,
    /// Are the changes what was done, or what was asked for?
    pub exact: bool,
    /// Outcome and source of a decision.
    pub decision: Option<(&'t str, &'t str)>,
    pub error: Option<String>,
}

impl Tool<'_> {
    pub fn step(&self) -> String {
        self.id.clone().unwrap_or_else(|| step_id("tool", self.call))
    }

    /// States it. A call that only began says so; a call that ended says how.
    pub fn tell(mut self, session: &Session, story: &mut Story<'_>) {
        let id = self.step();
        self.withhold(story);
        for at in [self.start, self.end].into_iter().flatten() {
            story.seen(session, &id, at);
        }
        story.step(session, &id, "TOOL", "tool_call", self.name, self.parent);
        story.note(session, &id, Rank::Told, key::TOOL, self.name);
        story.note(session, &id, Rank::Told, key::CALL, self.call);
        if let Some(command) = self.command {
            story.note(session, &id, Rank::Told, key::COMMAND, command);
            story.count(session, "command", &id);
            story.note(session, &id, Rank::Told, key::COMMAND_DIR, self.folder.unwrap_or_default());
        }
        if let Some(exit) = self.exit {
            exit.tell(session, &id, story);
        }
        if let Some(success) = self.success {
            story.note(session, &id, Rank::Told, key::SUCCESS, success);
        }
        let rejected = self.decision.is_some_and(|(outcome, _)| outcome == "reject");
        if let Some((outcome, source)) = self.decision {
            story.note(session, &id, Rank::Told, key::DECISION, outcome);
            story.note(session, &id, Rank::Told, key::DECISION_SOURCE, source);
        }
        if !self.files.is_empty() {
            let rank = if self.exact { Rank::Whole } else { Rank::Told };
            story.note(session, &id, rank, key::FILES, serde_json::to_value(&self.files).unwrap_or_default());
        }
        let code = self.exit.map(|(Exit::Structured(code) | Exit::Text(code))| code);
        let level = match (self.success, code) {
            _ if rejected => Some("WARNING"),
            // Said with the exit code.
            (_, Some(code)) if code != 0 => None,
            (Some(false), _) => Some("ERROR"),
            (Some(true), _) => Some("DEFAULT"),
            (None, _) => None,
        };
        let rank = if rejected { Rank::Hint } else { Rank::Told };
        let error = self.error.filter(|_| level != Some("DEFAULT"));
        story.say(session, &id, rank.at(), json!({"level": level, "statusMessage": error}));
        // A row is written some time after what it tells began or ended.
        story.say(session, &id, Rank::Part.at(), json!({"startTime": self.start.map(moment), "endTime": self.end.map(moment)}));
        story.say(session, &id, Rank::Whole.at(), json!({"input": self.input.map(shallow), "output": self.output}));
    }

    /// Files of secrets are named, and nothing more is said of them. A command that names one keeps its first line.
    fn withhold(&mut self, story: &Story<'_>) {
        let around = story.around();
        let is_secret = |path: &str| around.is_secret(path, story.folder());
        let mut secret = false;
        for file in &mut self.files {
            if is_secret(&file.path) || file.new_path.as_deref().is_some_and(is_secret) {
                file.diff = None;
                secret = true;
            }
        }
        let named = self.input.as_ref().and_then(|input| PATHS.iter().find_map(|name| Some((*name, input[*name].as_str()?.to_owned()))));
        secret |= named.as_ref().is_some_and(|(_, path)| is_secret(path));
        if secret {
            let said = named.map_or_else(|| json!(WITHHELD), |(name, path)| json!({name: path, "content": WITHHELD}));
            self.input = self.input.take().map(|_| said);
        }
        let command = self.command.as_mut().filter(|command| around.names_secrets(command));
        if let Some(command) = command {
            if let Some((line, _)) = command.split_once('\n') {
                *command = format!("{line}\n{WITHHELD}");
            }
            self.input = self.input.take().map(|_| json!({"command": command}));
            secret = true;
        }
        if secret {
            self.output = self.output.take().map(|_| WITHHELD.to_owned());
            self.error = None;
        }
    }
}

/// Names of the argument that says which file a tool is about.
const PATHS: &[&str] = &["file_path", "filePath", "path", "absolute_path", "notebook_path"];
