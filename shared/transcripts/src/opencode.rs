//! OpenCode's database: rows of its tables `session`, `message` and `part`, as JSON.
//!
//! An assistant's message is one answer of the model, with its tokens and cost; `tokens.input` excludes the cache, `tokens.output` the reasoning. A
//! subagent is a session of its own with a parent, and a trace of its own, as in telemetry.

use agenttrace_domain::agent::{Rank, commands, edits, key, step_id, unnamed};
use serde_json::{Value, json};

use crate::row::{Tokens, count, millis, text};
use crate::story::moment;
use crate::tool::{Exit, Tool};
use crate::{Session, Skip, Story};

/// A row of `session`.
#[derive(Debug, Clone, Default)]
pub struct SessionRow {
    pub id: String,
    pub parent: Option<String>,
    pub version: String,
    pub folder: String,
    pub title: String,
}

/// One session, message by message.
pub struct Conversation {
    session: Session,
    row: SessionRow,
    begun: bool,
}

impl Conversation {
    #[must_use]
    pub fn new(row: SessionRow) -> Self {
        let session = Session { version: Some(row.version.clone()), ..Session::new("opencode", "OpenCode", &row.id) };
        Self { session, row, begun: false }
    }

    /// Reads a message, the data of its row and of its parts' rows, in order.
    ///
    /// # Errors
    /// Why it tells nothing.
    pub fn message(&mut self, id: &str, data: &Value, parts: &[Value], story: &mut Story<'_>) -> Result<(), Skip> {
        let at = millis(data, "/time/created").ok_or(Skip::NoTime)?;
        let session = self.session.clone();
        story.work_in(&self.row.folder);
        story.session(&session, at);
        if !std::mem::replace(&mut self.begun, true) {
            story.label(&session, "process.working_directory", &self.row.folder);
            story.label(&session, key::REPOSITORY, &story.around().repository(&self.row.folder).unwrap_or_default());
            if let Some(parent) = &self.row.parent {
                story.label(&session, "agent.parent_session_id", parent);
                story.shown_in(&session, parent);
            }
            story.label(&session, "agent.session_title", &self.row.title);
        }
        match text(data, "/role") {
            Some("user") => {
                let said = said(parts);
                if said.is_empty() {
                    return Ok(());
                }
                story.conversation(&session, at, Some(&said), None);
                // A subagent's task is no prompt of a person.
                if self.row.parent.is_none() {
                    let turn = step_id("turn", id);
                    story.seen(&session, &turn, at);
                    story.step(&session, &turn, "SPAN", "turn", "turn", None);
                    story.note(&session, &turn, Rank::Told, key::TURN, id);
                    story.say(&session, &turn, Rank::Told.at(), json!({"startTime": moment(at), "input": said}));
                }
                Ok(())
            }
            Some("assistant") => {
                self.answer(&session, id, data, parts, story);
                Ok(())
            }
            _ => Err(Skip::UnknownType),
        }
    }

    fn answer(&self, session: &Session, message: &str, data: &Value, parts: &[Value], story: &mut Story<'_>) {
        let of = |pointer: &str| count(data, pointer).unwrap_or(0);
        let (read, written) = (of("/tokens/cache/read"), of("/tokens/cache/write"));
        let (output, reasoning) = (of("/tokens/output"), of("/tokens/reasoning"));
        let tokens = Tokens { fresh: of("/tokens/input"), cache_read: read, cache_write: written, output, reasoning, ..Tokens::default() };
        let whole = tokens.fresh.saturating_add(read).saturating_add(written);
        let counted = unnamed::call_id(&session.id, &[whole, read, output.saturating_add(reasoning), reasoning]);
        let usage = counted.is_some().then(|| tokens.usage());
        let id = counted.unwrap_or_else(|| step_id("call", message));
        let turn = text(data, "/parentID").filter(|_| self.row.parent.is_none()).map(|user| step_id("turn", user));
        for part in parts.iter().filter(|part| part["type"] == "tool") {
            self.tool(session, part, turn.as_deref(), story);
        }
        // An answer that is being written has no counts yet, by which it is known: it is told when it has.
        if usage.is_none() && data["time"]["completed"].is_null() && data["error"].is_null() {
            return;
        }
        let model = text(data, "/modelID").unwrap_or("model call");
        let (start, end) = (millis(data, "/time/created"), millis(data, "/time/completed"));
        for at in [start, end].into_iter().flatten() {
            story.seen(session, &id, at);
        }
        story.step(session, &id, "GENERATION", "model_call", model, turn.as_deref());
        let words = said(parts);
        let asked: Vec<Value> = parts
            .iter()
            .filter(|part| part["type"] == "tool")
            .map(|part| json!({"id": part["callID"], "type": "function", "function": {"name": part["tool"]}}))
            .collect();
        // As telemetry has it, which tells the calls where there are no words.
        let shown = if words.is_empty() && !asked.is_empty() { json!({"role": "assistant", "tool_calls": asked}) } else { json!(words) };
        let rank = if words.is_empty() { Rank::Part } else { Rank::Told };
        story.say(session, &id, rank.at(), json!({"output": shown}));
        let cost = data["cost"].as_f64().filter(|cost| *cost > 0.0).map(|cost| json!({"total": cost}));
        story.say(session, &id, Rank::Told.at(), json!({"model": model, "usageDetails": usage, "costDetails": cost}));
        story.say(session, &id, Rank::Part.at(), json!({"startTime": start.map(moment), "endTime": end.map(moment)}));
        story.note(session, &id, Rank::Told, "api.stop_reason", text(data, "/finish").unwrap_or_default());
        let thoughts: Vec<&str> = parts.iter().filter(|part| part["type"] == "reasoning").filter_map(|part| text(part, "/text")).collect();
        story.note(session, &id, Rank::Told, "agent.thinking", thoughts.join("\n"));
        if let Some(error) = text(data, "/error/data/message").or_else(|| text(data, "/error/name")) {
            story.say(session, &id, Rank::Told.at(), json!({"level": "ERROR", "statusMessage": error}));
        }
        let Some(end) = end.filter(|_| !words.is_empty()) else { return };
        if let Some(turn) = &turn {
            story.seen(session, turn, end);
            story.say(session, turn, end, json!({"output": words}));
        }
        story.conversation(session, end, None, Some(&words));
    }

    fn tool(&self, session: &Session, part: &Value, turn: Option<&str>, story: &mut Story<'_>) {
        let Some(call) = text(part, "/callID") else { return };
        let (name, state) = (text(part, "/tool").unwrap_or("tool"), &part["state"]);
        let is_shell = name == "bash";
        let mut files = edits::of_arguments(name, &state["input"]);
        if let ([file], Some(diff)) = (files.as_mut_slice(), text(state, "/metadata/diff")) {
            file.diff = Some(diff.to_owned());
        }
        let error = text(state, "/error");
        let refused = error.is_some_and(|error| error.contains("rejected permission"));
        Tool {
            call,
            name,
            parent: turn,
            start: millis(state, "/time/start"),
            end: millis(state, "/time/end"),
            input: Some(state["input"].clone()),
            output: text(state, "/output").or(error).map(str::to_owned),
            success: match text(state, "/status") {
                Some("completed") => Some(true),
                Some("error") if !refused => Some(false),
                _ => None,
            },
            command: if is_shell { commands::command_of(&state["input"]) } else { None },
            folder: Some(self.row.folder.as_str()).filter(|folder| is_shell && !folder.is_empty()),
            exit: state["metadata"]["exit"].as_i64().filter(|_| is_shell).map(Exit::Structured),
            files,
            decision: refused.then_some(("reject", "user")),
            error: error.map(str::to_owned),
            ..Tool::default()
        }
        .tell(session, story);
    }
}

/// What a message says, without what the agent put into it.
fn said(parts: &[Value]) -> String {
    let texts: Vec<&str> = parts
        .iter()
        .filter(|part| part["type"] == "text" && part["synthetic"] != true && part["ignored"] != true)
        .filter_map(|part| text(part, "/text"))
        .collect();
    texts.join("\n")
}
