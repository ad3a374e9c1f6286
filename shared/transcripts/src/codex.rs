//! Codex' rollouts: `sessions/<year>/<month>/<day>/rollout-<time>-<thread>.jsonl`, one for each thread.
//!
//! A `token_usage_record` ends an answer and has its own counts; older versions have only `token_count`, which repeats itself and whose totals
//! grow. `item_completed` tells commands with their exit codes and changes with their diffs; where it doesn't, the frame around the output and the
//! patch do. Telemetry knows no turns: its prompt finds its
//! twin (`agent::twins`). A thread that was forked begins with rows of another.

use std::collections::HashMap;

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{FileChange, Rank, commands, edits, key, step_id, unnamed};
use serde_json::{Value, json};

use crate::row::{self, Tokens, count, parsed, text, words};
use crate::story::moment;
use crate::tool::{Exit, Tool};
use crate::{Reader, Session, Skip, Story};

const SHELLS: &[&str] = &["exec_command", "shell", "local_shell", "shell_command", "container.exec", "unified_exec"];
/// Events that repeat what other rows tell, or tell nothing that is kept.
const QUIET: &[&str] = &[
    "agent_message",
    "agent_reasoning",
    "agent_reasoning_raw_content",
    "exec_command_begin",
    "exec_command_end",
    "mcp_tool_call_begin",
    "mcp_tool_call_end",
    "patch_apply_begin",
    "patch_apply_end",
    "plan_update",
    "task_complete",
    "thread_settings_applied",
    "turn_complete",
    "turn_diff",
    "view_image_tool_call",
    "web_search_begin",
    "web_search_end",
];
/// What a rollout holds of the same kind at most.
const MAX_OPEN: usize = 10_000;
/// A thread and its first turn are named within this.
const AT_ONCE_MS: u64 = 2_000;

/// A thread.
#[derive(Default)]
pub struct Rollout {
    session: Option<Session>,
    forked: bool,
    /// Reading what was copied from the thread that this one was forked from.
    copying: bool,
    turn: Option<String>,
    model: String,
    effort: Option<String>,
    folder: String,
    branch: String,
    repository: String,
    /// Does this version tell each answer's counts?
    has_records: bool,
    total: Option<u64>,
    answer: Answer,
    open: HashMap<String, Open>,
}

/// What was said since the last answer ended.
#[derive(Default)]
struct Answer {
    first: Option<Timestamp>,
    texts: Vec<String>,
    thoughts: Vec<String>,
    tools: Vec<Value>,
}

struct Open {
    name: String,
    input: Value,
    turn: Option<String>,
    start: Timestamp,
    changes: Vec<FileChange>,
    success: Option<bool>,
    exit: Option<i64>,
}

impl Reader for Rollout {
    fn line(&mut self, line: &str, story: &mut Story<'_>) -> Result<(), Skip> {
        let row = row::object(line)?;
        let kind = text(&row, "/type").ok_or(Skip::UnknownType)?;
        let payload = &row["payload"];
        let at = row::time(&row, "/timestamp").ok_or(Skip::NoTime)?;
        if kind == "session_meta" {
            return self.begin(payload, at, story);
        }
        let session = self.session.clone().ok_or(Skip::NoSession)?;
        self.copying = self.is_copied(&session, payload);
        if self.copying {
            return Err(Skip::Copied);
        }
        story.session(&session, at);
        match kind {
            "turn_context" => {
                self.turn(payload);
                text(payload, "/model").unwrap_or_default().clone_into(&mut self.model);
                self.effort =
                    text(payload, "/effort").or_else(|| text(payload, "/collaboration_mode/settings/reasoning_effort")).map(str::to_owned);
                if let Some(folder) = text(payload, "/cwd") {
                    story.work_in(folder);
                    folder.clone_into(&mut self.folder);
                }
            }
            "event_msg" => return self.event(&session, payload, at, story),
            "response_item" => self.item(&session, payload, at, story),
            "token_usage_record" => {
                if text(payload, "/thread_id").is_some_and(|thread| thread != session.id) {
                    return Err(Skip::Copied);
                }
                self.has_records = true;
                self.turn(payload);
                self.answered(&session, &payload["usage"], at, story);
            }
            "compacted" => self.notable(&session, "compaction", json!({"level": "DEFAULT"}), at, story),
            "world_state" | "ghost_snapshot" => {}
            _ => return Err(Skip::UnknownType),
        }
        Ok(())
    }
}

impl Rollout {
    fn begin(&mut self, meta: &Value, at: Timestamp, story: &mut Story<'_>) -> Result<(), Skip> {
        let id = text(meta, "/id").ok_or(Skip::NoSession)?;
        if self.session.as_ref().is_some_and(|session| session.id != id) {
            return Err(Skip::Copied);
        }
        let session = Session { version: text(meta, "/cli_version").map(str::to_owned), ..Session::new("codex", "Codex", id) };
        self.forked = text(meta, "/forked_from_id").is_some();
        self.copying = self.forked;
        for (field, pointer) in [(&mut self.folder, "/cwd"), (&mut self.branch, "/git/branch")] {
            text(meta, pointer).unwrap_or_default().clone_into(field);
        }
        story.work_in(&self.folder);
        self.repository =
            text(meta, "/git/repository_url").map(str::to_owned).or_else(|| story.around().repository(&self.folder)).unwrap_or_default();
        story.session(&session, at);
        for (name, value) in [
            ("process.working_directory", self.folder.as_str()),
            (key::REPOSITORY, &self.repository),
            (key::BRANCH, &self.branch),
            ("vcs.ref.base.revision", text(meta, "/git/commit_hash").unwrap_or_default()),
            ("agent.parent_session_id", text(meta, "/source/subagent/thread_spawn/parent_thread_id").unwrap_or_default()),
        ] {
            story.label(&session, name, value);
        }
        self.session = Some(session);
        Ok(())
    }

    /// Rows of a turn that is older than the thread come from the thread that it was forked from.
    fn is_copied(&self, session: &Session, payload: &Value) -> bool {
        let turn = text(payload, "/turn_id").or_else(|| text(payload, "/internal_chat_message_metadata_passthrough/turn_id"));
        match turn.and_then(born).zip(born(&session.id)) {
            _ if !self.forked => false,
            Some((turn, thread)) => turn + AT_ONCE_MS < thread,
            None => self.copying,
        }
    }

    fn turn(&mut self, payload: &Value) {
        if let Some(turn) = text(payload, "/turn_id") {
            self.turn = Some(step_id("turn", turn));
        }
    }

    fn event(&mut self, session: &Session, payload: &Value, at: Timestamp, story: &mut Story<'_>) -> Result<(), Skip> {
        match text(payload, "/type").unwrap_or_default() {
            "task_started" | "turn_started" => self.turn(payload),
            "user_message" => {
                if let Some(said) = text(payload, "/message") {
                    self.prompt(session, said, at, story);
                }
            }
            "item_completed" => {
                self.turn(payload);
                self.completed(session, payload, at, story);
            }
            "token_count" => {
                let total = count(payload, "/info/total_token_usage/total_tokens");
                if !self.has_records && total.is_some() && total != self.total {
                    self.answered(session, &payload["info"]["last_token_usage"], at, story);
                }
                self.total = total.or(self.total);
            }
            "turn_aborted" => {
                let turn = self.turn.clone().unwrap_or_else(|| session.trace_id.clone());
                let reason = format!("aborted: {}", text(payload, "/reason").unwrap_or("interrupted"));
                story.say(session, &turn, Rank::Told.at(), json!({"level": "WARNING", "statusMessage": reason}));
            }
            "error" | "stream_error" => {
                let fields = json!({"level": "WARNING", "statusMessage": text(payload, "/message")});
                self.notable(session, "api_error", fields, at, story);
            }
            "context_compacted" => self.notable(session, "compaction", json!({"level": "DEFAULT"}), at, story),
            kind if QUIET.contains(&kind) => {}
            _ => return Err(Skip::UnknownType),
        }
        Ok(())
    }

    fn prompt(&mut self, session: &Session, said: &str, at: Timestamp, story: &mut Story<'_>) {
        let turn = self.turn.get_or_insert_with(|| step_id("turn", &format!("{}-{}", session.id, at.0))).clone();
        story.seen(session, &turn, at);
        story.step(session, &turn, "SPAN", "turn", "turn", None);
        story.note(session, &turn, Rank::Told, key::TURN, turn.strip_prefix("turn-").unwrap_or_default());
        story.say(session, &turn, Rank::Told.at(), json!({"startTime": moment(at), "input": said}));
        story.conversation(session, at, Some(said), None);
    }

    fn completed(&mut self, session: &Session, payload: &Value, at: Timestamp, story: &mut Story<'_>) {
        let item = &payload["item"];
        let id = text(item, "/id").unwrap_or_default();
        match text(item, "/type").unwrap_or_default() {
            "UserMessage" => {
                if let Some(said) = words(&item["content"]) {
                    self.prompt(session, &said, at, story);
                }
            }
            "CommandExecution" => {
                let code = item["exit_code"].as_i64();
                if let Some(open) = self.open.get_mut(id) {
                    open.exit = code;
                }
                let step = step_id("tool", id);
                if let Some(code) = code {
                    Exit::Structured(code).tell(session, &step, story);
                }
                let folder = text(item, "/cwd").unwrap_or_default();
                story.note(session, &step, Rank::Told, key::COMMAND_DIR, folder.strip_prefix("file://").unwrap_or(folder));
                story.seen(session, &step, row::millis(payload, "/completed_at_ms").unwrap_or(at));
            }
            "FileChange" => {
                let changes = changes(&item["changes"]);
                let success = text(item, "/status").map(|status| status == "completed");
                match self.open.get_mut(id) {
                    Some(open) => (open.changes, open.success) = (changes, success),
                    None => {
                        Tool { call: id, name: "apply_patch", files: changes, exact: true, success, ..Tool::default() }.tell(session, story)
                    }
                }
            }
            _ => {}
        }
    }

    fn item(&mut self, session: &Session, payload: &Value, at: Timestamp, story: &mut Story<'_>) {
        let kind = text(payload, "/type").unwrap_or_default();
        match kind {
            "message" if payload["role"] == "assistant" => {
                self.answer.first.get_or_insert(at);
                if let Some(said) = words(&payload["content"]) {
                    self.answer.texts.push(said);
                }
            }
            "reasoning" => {
                self.answer.first.get_or_insert(at);
                self.answer.thoughts.extend(words(&payload["summary"]));
            }
            "function_call" | "custom_tool_call" | "local_shell_call" | "web_search_call" => {
                self.answer.first.get_or_insert(at);
                self.asked_for(session, kind, payload, at, story);
            }
            "function_call_output" | "custom_tool_call_output" => self.result(session, payload, at, story),
            _ => {}
        }
    }

    fn asked_for(&mut self, session: &Session, kind: &str, payload: &Value, at: Timestamp, story: &mut Story<'_>) {
        let Some(call) = text(payload, "/call_id").or_else(|| text(payload, "/id")) else { return };
        let name = text(payload, "/name").unwrap_or(match kind {
            "local_shell_call" => "local_shell",
            "web_search_call" => "web_search",
            _ => "tool",
        });
        let input = match kind {
            "function_call" => parsed(text(payload, "/arguments").unwrap_or_default()),
            "custom_tool_call" => payload["input"].clone(),
            _ => payload["action"].clone(),
        };
        self.answer.tools.push(json!({"id": call, "type": "function", "function": {"name": name}}));
        let open =
            Open { name: name.to_owned(), input, turn: self.turn.clone(), start: at, changes: Vec::new(), success: None, exit: None };
        open.tool(call, &self.folder).tell(session, story);
        // A search has no output of its own.
        if kind != "web_search_call" && self.open.len() < MAX_OPEN {
            self.open.insert(call.to_owned(), open);
        }
    }

    fn result(&mut self, session: &Session, payload: &Value, at: Timestamp, story: &mut Story<'_>) {
        let Some(call) = text(payload, "/call_id") else { return };
        let Some(mut open) = self.open.remove(call) else { return };
        let told = payload["output"].as_str().map_or_else(|| payload["output"].clone(), parsed);
        let output = match &told {
            Value::Object(fields) => fields.get("output").or_else(|| fields.get("content")).and_then(words),
            _ => None,
        }
        .or_else(|| words(&payload["output"]));
        let frame = output.as_deref().map(commands::framed).unwrap_or_default();
        let denied = output.as_deref().is_some_and(|text| text.starts_with("Command blocked by"));
        let is_patch = open.name == "apply_patch";
        let structured = open.exit.or_else(|| told["metadata"]["exit_code"].as_i64());
        let exit = match (structured, frame.exit_code) {
            _ if is_patch => None,
            (Some(code), _) => Some(Exit::Structured(code)),
            (None, Some(code)) => Some(Exit::Text(code)),
            (None, None) => None,
        };
        // That a command ended with an error is no failure of the call.
        let success = match open.success {
            _ if denied => None,
            Some(success) => Some(success),
            None if is_patch => (structured.or(frame.exit_code)).map(|code| code == 0),
            None => Some(payload["success"] != false && told["success"] != false),
        };
        let changes = std::mem::take(&mut open.changes);
        let mut tool = open.tool(call, &self.folder);
        if !changes.is_empty() {
            (tool.files, tool.exact) = (changes, true);
        }
        (tool.end, tool.exit, tool.success) = (Some(at), exit, success);
        tool.decision = denied.then_some(("reject", "hook"));
        tool.error = output.clone().filter(|_| denied || success == Some(false));
        tool.output = output;
        let step = tool.step();
        tool.tell(session, story);
        if let Some(process) = frame.running.or_else(|| open.input["session_id"].as_i64().filter(|_| open.name == "write_stdin")) {
            story.note(session, &step, Rank::Told, "command.process", process);
        }
    }

    /// The answer is whole: its counts are told.
    fn answered(&mut self, session: &Session, usage: &Value, at: Timestamp, story: &mut Story<'_>) {
        let answer = std::mem::take(&mut self.answer);
        let of = |name: &str| count(usage, name).unwrap_or(0);
        let (input, cached, output, reasoning) =
            (of("/input_tokens"), of("/cached_input_tokens"), of("/output_tokens"), of("/reasoning_output_tokens"));
        let written = of("/cache_write_input_tokens");
        let id = unnamed::call_id(&session.id, &[input, cached, output, reasoning])
            .unwrap_or_else(|| step_id("call", &format!("{}-{}", session.id, at.0)));
        let tokens = Tokens {
            fresh: input.saturating_sub(cached).saturating_sub(written),
            cache_read: cached,
            cache_write: written,
            output: output.saturating_sub(reasoning),
            reasoning,
            ..Tokens::default()
        };
        story.seen(session, &id, at);
        let name = if self.model.is_empty() { "model call" } else { &self.model };
        story.step(session, &id, "GENERATION", "model_call", name, self.turn.as_deref());
        let said = answer.texts.join("\n");
        let shown = if said.is_empty() && !answer.tools.is_empty() {
            json!({"role": "assistant", "tool_calls": answer.tools})
        } else {
            json!(said)
        };
        let parameters = self.effort.as_ref().map(|effort| json!({"reasoning_effort": effort}));
        story.say(
            session,
            &id,
            Rank::Told.at(),
            json!({"model": self.model, "usageDetails": tokens.usage(), "output": shown, "modelParameters": parameters}),
        );
        story.say(session, &id, Rank::Part.at(), json!({"startTime": moment(answer.first.unwrap_or(at)), "endTime": moment(at)}));
        story.note(session, &id, Rank::Told, "agent.thinking", answer.thoughts.join("\n"));
        if let Some(turn) = &self.turn {
            story.seen(session, turn, at);
            story.say(session, turn, at, json!({"output": said}));
        }
        if !said.is_empty() {
            story.conversation(session, at, None, Some(&said));
        }
    }

    fn notable(&self, session: &Session, name: &str, mut fields: Value, at: Timestamp, story: &mut Story<'_>) {
        let id = step_id("event", &format!("{}-{}-{name}", session.id, at.0));
        story.seen(session, &id, at);
        story.step(session, &id, "EVENT", "event", name, self.turn.as_deref());
        fields["startTime"] = moment(at).into();
        story.say(session, &id, Rank::Told.at(), fields);
    }
}

impl Open {
    fn tool<'t>(&'t self, call: &'t str, folder: &'t str) -> Tool<'t> {
        let command = if SHELLS.contains(&self.name.as_str()) { commands::command_of(&self.input) } else { None };
        let folder = text(&self.input, "/workdir").or(Some(folder)).filter(|_| command.is_some());
        let files = match (self.name.as_str(), self.input.as_str()) {
            ("apply_patch", Some(patch)) => edits::of_patch(patch),
            _ => edits::of_arguments(&self.name, &self.input),
        };
        Tool {
            call,
            name: &self.name,
            parent: self.turn.as_deref(),
            start: Some(self.start),
            input: Some(self.input.clone()),
            command,
            folder,
            files,
            ..Tool::default()
        }
    }
}

/// `{path: {type: "update", unified_diff, move_path} | {type: "add" | "delete", content}}`
fn changes(told: &Value) -> Vec<FileChange> {
    told.as_object()
        .into_iter()
        .flatten()
        .map(|(path, change)| {
            let lines = |diff: &str, sign: char| diff.lines().filter(|line| line.starts_with(sign)).count() as u64;
            let whole = |sign: char| {
                text(change, "/content").unwrap_or_default().lines().fold(String::new(), |diff, line| diff + &format!("{sign}{line}\n"))
            };
            let (operation, diff) = match text(change, "/type") {
                Some("add") => ("CREATE", whole('+')),
                Some("delete") => ("DELETE", whole('-')),
                _ if text(change, "/move_path").is_some() => ("MOVE", text(change, "/unified_diff").unwrap_or_default().to_owned()),
                _ => ("UPDATE", text(change, "/unified_diff").unwrap_or_default().to_owned()),
            };
            FileChange {
                operation: operation.to_owned(),
                path: path.clone(),
                new_path: text(change, "/move_path").map(str::to_owned),
                lines_added: Some(lines(&diff, '+')),
                lines_removed: Some(lines(&diff, '-')),
                diff: Some(diff),
            }
        })
        .collect()
}

/// When a UUID of version 7 was made, in milliseconds.
fn born(id: &str) -> Option<u64> {
    let digits: String = id.chars().filter(|c| *c != '-').collect();
    (digits.len() == 32 && digits.as_bytes()[12] == b'7').then(|| u64::from_str_radix(&digits[..12], 16).ok()).flatten()
}
