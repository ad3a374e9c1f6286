//! Gemini CLI's chats: `tmp/<project>/chats/session-<time>-<id>.jsonl`.
//!
//! A message is written again when its tools have run, and all of them when a session is resumed, then with other times: what was told once under
//! an id isn't told again. `tokens.input` holds the cached part, `tokens.output` excludes the thoughts. A model call has no id that telemetry
//! knows: it is known by what both tell (`agent::unnamed`). Telemetry's prompts and tool calls find their twins (`agent::twins`).

use std::collections::{HashMap, HashSet};

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{Rank, commands, edits, key, step_id, unnamed};
use serde_json::{Value, json};

use crate::row::{self, Tokens, count, text, words};
use crate::story::moment;
use crate::tool::{Exit, Tool};
use crate::{Reader, Session, Skip, Story};

const SHELL: &str = "run_shell_command";
/// What the agent says to the model at the begin of a session.
const CONTEXT: &str = "<session_context>";

/// A session's chat.
#[derive(Default)]
pub struct Chat {
    session: Option<Session>,
    folder: String,
    turn: Option<String>,
    /// Messages that were told, with the tool calls that were.
    told: HashMap<String, HashSet<String>>,
    before: Option<Timestamp>,
}

impl Chat {
    /// A chat about a folder, which the chat itself doesn't name.
    pub fn about(folder: String) -> Self {
        Self { folder, ..Self::default() }
    }
}

impl Reader for Chat {
    fn line(&mut self, line: &str, story: &mut Story<'_>) -> Result<(), Skip> {
        let row = row::object(line)?;
        if let Some(id) = text(&row, "/sessionId") {
            let at = row::time(&row, "/startTime").ok_or(Skip::NoTime)?;
            self.begin(id, at, story);
            return Ok(());
        }
        let session = self.session.clone().ok_or(Skip::NoSession)?;
        if let Some(set) = row.get("$set") {
            // A list of messages replaces those before it: what is in it was told, or is new.
            let messages = set["messages"].as_array();
            return messages.into_iter().flatten().try_for_each(|message| self.message(&session, message, story));
        }
        if row.get("$rewindTo").is_some() {
            return Ok(());
        }
        self.message(&session, &row, story)
    }
}

impl Chat {
    fn begin(&mut self, id: &str, at: Timestamp, story: &mut Story<'_>) {
        let session = Session::new("gemini-cli", "Gemini CLI", id);
        story.work_in(&self.folder);
        story.session(&session, at);
        story.label(&session, "process.working_directory", &self.folder);
        story.label(&session, key::REPOSITORY, &story.around().repository(&self.folder).unwrap_or_default());
        self.session = Some(session);
    }

    fn message(&mut self, session: &Session, message: &Value, story: &mut Story<'_>) -> Result<(), Skip> {
        let id = text(message, "/id").ok_or(Skip::UnknownType)?;
        let at = row::time(message, "/timestamp").ok_or(Skip::NoTime)?;
        let known = self.told.contains_key(id);
        match text(message, "/type") {
            Some("user") if known => {}
            Some("user") => self.user(session, message, at, story),
            Some("gemini") => self.answer(session, message, at, known, story),
            Some("error" | "warning") if !known => {
                let step = step_id("event", id);
                story.seen(session, &step, at);
                story.step(session, &step, "EVENT", "event", "error", self.turn.as_deref());
                story.say(
                    session,
                    &step,
                    Rank::Told.at(),
                    json!({"startTime": moment(at), "level": "WARNING", "statusMessage": words(&message["content"])}),
                );
            }
            Some("error" | "warning" | "info") => {}
            _ => return Err(Skip::UnknownType),
        }
        self.told.entry(id.to_owned()).or_default();
        if !known {
            self.before = Some(at);
        }
        Ok(())
    }

    fn user(&mut self, session: &Session, message: &Value, at: Timestamp, story: &mut Story<'_>) {
        story.session(session, at);
        let Some(said) = words(&message["content"]).filter(|said| !said.starts_with(CONTEXT)) else { return };
        let turn = step_id("turn", text(message, "/id").unwrap_or_default());
        story.seen(session, &turn, at);
        story.step(session, &turn, "SPAN", "turn", "turn", None);
        story.say(session, &turn, Rank::Told.at(), json!({"startTime": moment(at), "input": said}));
        story.conversation(session, at, Some(&said), None);
        self.turn = Some(turn);
    }

    fn answer(&mut self, session: &Session, message: &Value, at: Timestamp, known: bool, story: &mut Story<'_>) {
        let said = words(&message["content"]);
        if !known {
            story.session(session, at);
            self.call(session, message, said.as_deref(), at, story);
        }
        let mut told = self.told.remove(text(message, "/id").unwrap_or_default()).unwrap_or_default();
        for call in message["toolCalls"].as_array().into_iter().flatten() {
            if let Some(id) = text(call, "/id").filter(|id| told.insert((*id).to_owned())) {
                self.tool(session, id, call, at, story);
            }
        }
        self.told.insert(text(message, "/id").unwrap_or_default().to_owned(), told);
    }

    fn call(&self, session: &Session, message: &Value, said: Option<&str>, at: Timestamp, story: &mut Story<'_>) {
        let of = |name: &str| count(message, name).unwrap_or(0);
        let (input, output, cached) = (of("/tokens/input"), of("/tokens/output"), of("/tokens/cached"));
        let id =
            unnamed::call_id(&session.id, &[input, output]).unwrap_or_else(|| step_id("call", text(message, "/id").unwrap_or_default()));
        let model = text(message, "/model").unwrap_or("model call");
        let tokens = Tokens {
            fresh: input.saturating_sub(cached),
            cache_read: cached,
            output,
            reasoning: of("/tokens/thoughts"),
            ..Tokens::default()
        };
        let usage = message["tokens"].is_object().then(|| tokens.usage());
        let asked: Vec<Value> = message["toolCalls"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|call| json!({"id": call["id"], "type": "function", "function": {"name": call["name"]}}))
            .collect();
        let shown = match said {
            Some(said) => json!(said),
            None if asked.is_empty() => Value::Null,
            None => json!({"role": "assistant", "tool_calls": asked}),
        };
        story.seen(session, &id, at);
        story.step(session, &id, "GENERATION", "model_call", model, self.turn.as_deref());
        // Telemetry keeps the whole answer as the provider sent it.
        story.say(
            session,
            &id,
            Rank::Part.at(),
            json!({"output": shown, "startTime": moment(self.before.unwrap_or(at)), "endTime": moment(at)}),
        );
        story.say(session, &id, Rank::Told.at(), json!({"model": model, "usageDetails": usage}));
        let thoughts: Vec<&str> =
            message["thoughts"].as_array().into_iter().flatten().filter_map(|thought| text(thought, "/description")).collect();
        story.note(session, &id, Rank::Told, "agent.thinking", thoughts.join("\n"));
        let Some(said) = said else { return };
        if let Some(turn) = &self.turn {
            story.seen(session, turn, at);
            story.say(session, turn, at, json!({"output": said}));
        }
        story.conversation(session, at, None, Some(said));
    }

    fn tool(&self, session: &Session, id: &str, call: &Value, at: Timestamp, story: &mut Story<'_>) {
        let name = text(call, "/name").unwrap_or("tool");
        let end = row::time(call, "/timestamp").unwrap_or(at);
        let response = &call["result"][0]["functionResponse"]["response"];
        let output = text(response, "/output").or_else(|| text(response, "/error")).or_else(|| text(call, "/resultDisplay"));
        let status = text(call, "/status").unwrap_or_default();
        let is_shell = name == SHELL;
        // The code is told only when it isn't 0.
        let exit = match output.and_then(exit_code) {
            _ if !is_shell => None,
            Some(code) => Some(Exit::Text(code)),
            None => (status == "success").then_some(Exit::Text(0)),
        };
        let mut files = edits::of_arguments(name, &call["args"]);
        let shown = &call["resultDisplay"];
        let diff = text(shown, "/fileDiff");
        if let ([file], Some(diff)) = (files.as_mut_slice(), diff) {
            file.diff = Some(diff.to_owned());
            for (lines, pointer) in
                [(&mut file.lines_added, "/diffStat/model_added_lines"), (&mut file.lines_removed, "/diffStat/model_removed_lines")]
            {
                *lines = count(shown, pointer).or(*lines);
            }
        }
        let cancelled = status == "cancelled";
        Tool {
            call: id,
            id: None,
            name,
            parent: self.turn.as_deref(),
            start: Some(at),
            end: Some(end),
            input: Some(call["args"].clone()),
            output: output.map(str::to_owned),
            success: match status {
                "success" => Some(true),
                "error" => Some(false),
                _ => None,
            },
            command: if is_shell { commands::command_of(&call["args"]) } else { None },
            folder: Some(self.folder.as_str()).filter(|folder| is_shell && !folder.is_empty()),
            exit,
            exact: diff.is_some(),
            files,
            decision: cancelled.then_some(("reject", "user")),
            error: output.map(str::to_owned).filter(|_| cancelled || status == "error"),
        }
        .tell(session, story);
    }
}

/// `Exit Code: 1`, in a line of its own at the end of an output.
fn exit_code(output: &str) -> Option<i64> {
    output.lines().rev().take(6).find_map(|line| line.strip_prefix("Exit Code: ")?.trim().parse().ok())
}
