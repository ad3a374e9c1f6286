//! Claude Code's transcripts: `projects/<folder>/<session>.jsonl`, and below `<session>/subagents/` one for each subagent.
//!
//! One answer of the model is several rows, one for each block, which share its request and repeat its tokens: they make one call, told when the
//! next one begins. The cache counts stand beside `input_tokens`. Exit codes stand in the text of a failure (`Exit code 3`); a command that worked
//! ended with 0, unless the row says how its code was read (`No matches found`), which is 1.

use std::collections::HashMap;

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{FileChange, Rank, edits, key, step_id};
use serde_json::{Value, json};

use crate::row::{self, Tokens, count, text, words};
use crate::story::moment;
use crate::tool::{Exit, Tool};
use crate::{Reader, Session, Skip, Story};

/// Rows that tell nothing of what happened, or what other rows tell.
const QUIET: &[&str] = &[
    "agent-name",
    "agent-setting",
    "ai-title",
    "api-request-blob",
    "api-request-shape",
    "atis-latch",
    "attachment",
    "custom-title",
    "file-history-snapshot",
    "last-prompt",
    "mode",
    "permission-mode",
    "pr-link",
    "progress",
    "queue-operation",
    "summary",
    "tag",
    "tools-used",
];
const SHELLS: &[&str] = &["Bash", "PowerShell"];
/// Texts that stand where a person's prompt does and are none.
const NO_PROMPTS: &[&str] =
    &["<task-notification>", "<local-command-", "<system-reminder>", "<bash-stdout>", "<bash-stderr>", "[Request interrupted"];
/// The most tool calls whose results are waited for.
const MAX_OPEN: usize = 10_000;

/// A session's transcript, or a subagent's.
#[derive(Default)]
pub struct Transcript {
    session: Option<Session>,
    turn: Option<String>,
    call: Option<Call>,
    open: HashMap<String, Open>,
    /// When the last request was sent, as far as its row says.
    asked: Option<Timestamp>,
    branch: String,
    folder: String,
}

/// An answer, as far as its rows were read.
struct Call {
    id: String,
    parent: Option<String>,
    agent: Option<String>,
    model: String,
    tokens: Tokens,
    /// Were the counts final?
    ended: bool,
    first: Timestamp,
    last: Timestamp,
    texts: Vec<String>,
    thoughts: Vec<String>,
    tools: Vec<Value>,
    stop_reason: Option<String>,
    parameters: Value,
}

struct Open {
    name: String,
    input: Value,
    parent: Option<String>,
    start: Timestamp,
}

impl Reader for Transcript {
    fn line(&mut self, line: &str, story: &mut Story<'_>) -> Result<(), Skip> {
        let row = row::object(line)?;
        let kind = text(&row, "/type").ok_or(Skip::UnknownType)?;
        if QUIET.contains(&kind) {
            return Ok(());
        }
        let id = text(&row, "/sessionId").ok_or(Skip::NoSession)?;
        if row.get("forkedFrom").is_some_and(Value::is_object) {
            return Err(Skip::Copied);
        }
        match kind {
            "api-request" => self.asked = row::time(&row, "/timestamp"),
            "cost-state" => self.spent(id, &row, story),
            "user" | "assistant" | "system" => {
                let at = row::time(&row, "/timestamp").ok_or(Skip::NoTime)?;
                let session = self.session(id, &row, at, story);
                match kind {
                    "user" => return self.user(&session, &row, at, story),
                    "assistant" => return self.assistant(&session, &row, at, story),
                    _ => self.system(&session, &row, at, story),
                }
            }
            _ => return Err(Skip::UnknownType),
        }
        Ok(())
    }

    fn end(&mut self, story: &mut Story<'_>) {
        if let Some(session) = self.session.clone() {
            self.answered(&session, story);
        }
    }
}

impl Transcript {
    fn session(&mut self, id: &str, row: &Value, at: Timestamp, story: &mut Story<'_>) -> Session {
        let version = text(row, "/version");
        let known = self.session.as_ref().filter(|s| s.id == id && (version.is_none() || s.version.as_deref() == version));
        let session = known
            .cloned()
            .unwrap_or_else(|| Session { version: version.map(str::to_owned), ..Session::new("claude-code", "Claude Code", id) });
        if self.session.as_ref().is_none_or(|s| s.id != session.id) {
            (self.branch, self.folder) = (String::new(), String::new());
        }
        story.session(&session, at);
        let folder = text(row, "/cwd").unwrap_or_default();
        if !folder.is_empty() {
            story.work_in(folder);
        }
        if !folder.is_empty() && folder != self.folder {
            folder.clone_into(&mut self.folder);
            story.label(&session, "process.working_directory", folder);
            story.label(&session, key::REPOSITORY, &story.around().repository(folder).unwrap_or_default());
        }
        let branch = text(row, "/gitBranch").unwrap_or_default();
        if !branch.is_empty() && branch != self.branch {
            branch.clone_into(&mut self.branch);
            story.label(&session, key::BRANCH, branch);
        }
        self.session = Some(session.clone());
        session
    }

    /// The subagent that a row belongs to, as the step below which its calls stand.
    fn subagent(&self, session: &Session, row: &Value, at: Timestamp, story: &mut Story<'_>) -> Option<String> {
        let agent = text(row, "/agentId")?;
        let id = step_id("agent", agent);
        story.seen(session, &id, at);
        story.count(session, "subagent", &id);
        story.say(
            session,
            &id,
            Rank::Told.at(),
            json!({"type": "AGENT", "name": text(row, "/attributionAgent"), "metadata": {key::RECORD: "subagent", key::SUBAGENT: agent}}),
        );
        story.say(session, &id, Rank::Hint.at(), json!({"name": "subagent"}));
        let turn = text(row, "/promptId").map(|prompt| step_id("turn", prompt));
        story.parent(session, &id, Rank::Part, turn.as_deref().unwrap_or(&session.trace_id));
        Some(id)
    }

    fn user(&mut self, session: &Session, row: &Value, at: Timestamp, story: &mut Story<'_>) -> Result<(), Skip> {
        let content = &row["message"]["content"];
        let results: Vec<&Value> = content.as_array().into_iter().flatten().filter(|part| part["type"] == "tool_result").collect();
        // Results come between the blocks of an answer that asks for several tools; anything else comes after it.
        if results.is_empty() {
            self.answered(session, story);
        }
        let agent = self.subagent(session, row, at, story);
        for result in &results {
            self.result(session, row, result, at, story);
        }
        self.asked = None;
        let is_note = row["isMeta"] == true || row["isCompactSummary"] == true || row["isVisibleInTranscriptOnly"] == true;
        let Some(said) = words(content).filter(|_| results.is_empty() && !is_note) else { return Ok(()) };
        if let Some(agent) = agent {
            story.say(session, &agent, Rank::Told.at(), json!({"input": said}));
            return Ok(());
        }
        if row["isSidechain"] == true {
            return Ok(());
        }
        if said.starts_with("[Request interrupted") {
            let turn = self.turn.clone().unwrap_or_else(|| session.trace_id.clone());
            story.say(session, &turn, Rank::Told.at(), json!({"level": "WARNING", "statusMessage": "interrupted by the user"}));
            return Ok(());
        }
        if NO_PROMPTS.iter().any(|prefix| said.trim_start().starts_with(prefix)) {
            return Ok(());
        }
        let prompt = text(row, "/promptId");
        let turn = prompt.map_or_else(|| step_id("turn", &format!("{}-{}", session.id, at.0)), |prompt| step_id("turn", prompt));
        let owner = prompt.or_else(|| text(row, "/uuid")).unwrap_or(&turn);
        if !story.around().owns(&session.trace_id, owner) {
            return Err(Skip::Copied);
        }
        let said = command_typed(&said).unwrap_or(said);
        story.seen(session, &turn, at);
        story.step(session, &turn, "SPAN", "turn", "turn", None);
        if let Some(prompt) = prompt {
            story.note(session, &turn, Rank::Told, key::TURN, prompt);
        }
        story.say(session, &turn, Rank::Told.at(), json!({"startTime": moment(at), "input": said}));
        story.conversation(session, at, Some(&said), None);
        self.turn = Some(turn);
        Ok(())
    }

    fn assistant(&mut self, session: &Session, row: &Value, at: Timestamp, story: &mut Story<'_>) -> Result<(), Skip> {
        let message = &row["message"];
        let model = text(message, "/model").unwrap_or_default();
        if row["isApiErrorMessage"] == true || model == "<synthetic>" {
            self.answered(session, story);
            self.failed(session, row, &words(&message["content"]).unwrap_or_default(), "ERROR", at, story);
            return Ok(());
        }
        let name = text(row, "/requestId").or_else(|| text(message, "/id")).ok_or(Skip::UnknownType)?;
        let id = step_id("call", name);
        if self.call.as_ref().is_none_or(|call| call.id != id) {
            self.answered(session, story);
            if !story.around().owns(&session.trace_id, name) {
                return Err(Skip::Copied);
            }
            let agent = self.subagent(session, row, at, story);
            self.call = Some(Call {
                id,
                parent: agent.clone().or_else(|| self.turn.clone()),
                agent,
                model: model.to_owned(),
                tokens: Tokens::default(),
                ended: false,
                first: self.asked.unwrap_or(at),
                last: at,
                texts: Vec::new(),
                thoughts: Vec::new(),
                tools: Vec::new(),
                stop_reason: None,
                parameters: json!({}),
            });
        }
        let Some(call) = &mut self.call else { return Ok(()) };
        call.last = call.last.max(at);
        call.tokens = tokens(&message["usage"]);
        if let Some(reason) = text(message, "/stop_reason") {
            (call.stop_reason, call.ended) = (Some(reason.to_owned()), true);
        }
        for (name, value) in [("effort", text(row, "/effort")), ("speed", text(message, "/usage/speed"))] {
            if let Some(value) = value {
                call.parameters[name] = value.into();
            }
        }
        let parent = call.parent.clone();
        let mut asked = Vec::new();
        for block in message["content"].as_array().into_iter().flatten() {
            match block["type"].as_str() {
                Some("text") => call.texts.extend(text(block, "/text").map(str::to_owned)),
                Some("thinking") => call.thoughts.extend(text(block, "/thinking").map(str::to_owned)),
                Some("tool_use") => {
                    call.tools.push(json!({"id": block["id"], "type": "function", "function": {"name": block["name"]}}));
                    asked.push(block);
                }
                _ => {}
            }
        }
        for block in asked {
            self.asked_for(session, block, parent.as_deref(), at, story);
        }
        Ok(())
    }

    fn asked_for(&mut self, session: &Session, block: &Value, parent: Option<&str>, at: Timestamp, story: &mut Story<'_>) {
        let (Some(call), Some(name)) = (text(block, "/id"), text(block, "/name")) else { return };
        let input = &block["input"];
        let command = command(name, input);
        let tool = Tool { call, name, parent, start: Some(at), input: Some(input.clone()), command, ..Tool::default() };
        Tool { folder: Some(self.folder.as_str()).filter(|_| tool.command.is_some()), ..tool }.tell(session, story);
        if self.open.len() < MAX_OPEN {
            let open = Open { name: name.to_owned(), input: input.clone(), parent: parent.map(str::to_owned), start: at };
            self.open.insert(call.to_owned(), open);
        }
    }

    fn result(&mut self, session: &Session, row: &Value, result: &Value, at: Timestamp, story: &mut Story<'_>) {
        let Some(call) = text(result, "/tool_use_id") else { return };
        // Without its begin nothing is known but its end: an older part of the session lies elsewhere.
        let Some(open) = self.open.remove(call) else { return };
        let told = &row["toolUseResult"];
        let failed = result["is_error"] == true;
        let output = words(&result["content"]);
        let decision =
            text(row, "/permissionDecision/decision").map(|outcome| (outcome, text(row, "/permissionDecision/source").unwrap_or_default()));
        let rejected = decision.is_some_and(|(outcome, _)| outcome == "reject");
        let is_command = SHELLS.contains(&open.name.as_str());
        let exact = exact_change(told);
        let mut tool = Tool {
            call,
            name: &open.name,
            parent: open.parent.as_deref(),
            start: Some(open.start),
            end: Some(at),
            success: (!rejected).then_some(!failed),
            command: command(&open.name, &open.input),
            exit: if is_command && !rejected { exit(told, output.as_deref(), failed) } else { None },
            exact: exact.is_some(),
            files: exact.map_or_else(|| edits::of_arguments(&open.name, &open.input), |change| vec![change]),
            decision,
            error: output.clone().filter(|_| failed),
            ..Tool::default()
        };
        let step = tool.step();
        tool.input = Some(open.input);
        tool.output = output;
        tool.tell(session, story);
        if let Some(agent) = text(told, "/agentId") {
            story.parent(session, &step_id("agent", agent), Rank::Told, &step);
        }
        if let Some(short) = text(told, "/gitOperation/commit/sha") {
            let whole = story.around().commit(&self.folder, short);
            let rank = if whole.is_some() { Rank::Told } else { Rank::Hint };
            story.note(session, &step, rank, key::COMMIT, whole.as_deref().unwrap_or(short));
            story.note(session, &step, Rank::Told, key::BRANCH, text(told, "/gitOperation/commit/branch").unwrap_or(&self.branch));
            story.note(session, &step, Rank::Told, key::REPOSITORY, story.around().repository(&self.folder).unwrap_or_default());
        }
    }

    /// The answer is whole, or no more of it follows.
    fn answered(&mut self, session: &Session, story: &mut Story<'_>) {
        let Some(call) = self.call.take() else { return };
        let id = &call.id;
        story.seen(session, id, call.last);
        let name = if call.model.is_empty() { "model call" } else { &call.model };
        story.step(session, id, "GENERATION", "model_call", name, call.parent.as_deref());
        let said = call.texts.join("\n");
        let output =
            if said.is_empty() && !call.tools.is_empty() { json!({"role": "assistant", "tool_calls": call.tools}) } else { json!(said) };
        // Counts of an answer that didn't end are those of its begin.
        let rank = if call.ended { Rank::Told } else { Rank::Part };
        story.say(session, id, rank.at(), json!({"usageDetails": call.tokens.usage()}));
        story.say(session, id, Rank::Told.at(), json!({"model": call.model, "output": output}));
        story.say(
            session,
            id,
            Rank::Part.at(),
            json!({"startTime": moment(call.first), "endTime": moment(call.last), "modelParameters": call.parameters}),
        );
        story.note(session, id, Rank::Told, "api.stop_reason", call.stop_reason.unwrap_or_default());
        story.note(session, id, Rank::Told, "agent.thinking", call.thoughts.join("\n"));
        if said.is_empty() {
            return;
        }
        if let Some(agent) = &call.agent {
            story.say(session, agent, call.last, json!({"output": said}));
        } else {
            if let Some(turn) = &self.turn {
                story.seen(session, turn, call.last);
                story.say(session, turn, call.last, json!({"output": said}));
            }
            story.conversation(session, call.last, None, Some(&said));
        }
    }

    fn system(&mut self, session: &Session, row: &Value, at: Timestamp, story: &mut Story<'_>) {
        match text(row, "/subtype") {
            Some("api_error") => {
                let message = text(row, "/error/formatted").or_else(|| text(row, "/error/message")).unwrap_or("the request failed");
                self.failed(session, row, message, "WARNING", at, story);
            }
            Some("compact_boundary") => self.event(session, row, "compaction", json!({"level": "DEFAULT"}), at, story),
            _ => {}
        }
    }

    fn failed(&mut self, session: &Session, row: &Value, message: &str, level: &str, at: Timestamp, story: &mut Story<'_>) {
        self.event(session, row, "api_error", json!({"level": level, "statusMessage": message}), at, story);
    }

    fn event(&mut self, session: &Session, row: &Value, name: &str, mut fields: Value, at: Timestamp, story: &mut Story<'_>) {
        let id = step_id("event", text(row, "/uuid").unwrap_or(&format!("{}-{name}-{}", session.id, at.0)));
        story.seen(session, &id, at);
        let agent = self.subagent(session, row, at, story);
        story.step(session, &id, "EVENT", "event", name, agent.as_deref().or(self.turn.as_deref()));
        fields["startTime"] = moment(at).into();
        story.say(session, &id, Rank::Told.at(), fields);
    }

    /// What the agent says that the whole session cost until now. It says so of no single call.
    fn spent(&mut self, id: &str, row: &Value, story: &mut Story<'_>) {
        let Some(session) = self.session.clone().filter(|session| session.id == id) else { return };
        if let Some(total) = row["totalCostUSD"].as_f64().filter(|total| *total > 0.0) {
            story.note(&session, &session.trace_id.clone(), Rank::Told, "agent.cost_usd", total);
        }
    }
}

fn tokens(usage: &Value) -> Tokens {
    let of = |pointer: &str| count(usage, pointer).unwrap_or(0);
    let (for_5m, for_1h) = (of("/cache_creation/ephemeral_5m_input_tokens"), of("/cache_creation/ephemeral_1h_input_tokens"));
    Tokens {
        fresh: of("/input_tokens"),
        cache_read: of("/cache_read_input_tokens"),
        cache_write: of("/cache_creation_input_tokens").saturating_sub(for_5m.saturating_add(for_1h)),
        cache_write_5m: for_5m,
        cache_write_1h: for_1h,
        output: of("/output_tokens"),
        reasoning: 0,
    }
}

fn command(tool: &str, input: &Value) -> Option<String> {
    if SHELLS.contains(&tool) { text(input, "/command").map(str::to_owned) } else { None }
}

/// `<command-name>/review</command-name> … <command-args>x</command-args>` as it was typed.
fn command_typed(said: &str) -> Option<String> {
    let between = |tag: &str| Some(said.split_once(&format!("<{tag}>"))?.1.split_once(&format!("</{tag}>"))?.0.trim().to_owned());
    let name = between("command-name")?;
    Some(match between("command-args").filter(|arguments| !arguments.is_empty()) {
        Some(arguments) => format!("{name} {arguments}"),
        None => name,
    })
}

fn exit(told: &Value, output: Option<&str>, failed: bool) -> Option<Exit> {
    if failed {
        let line = output?.lines().next()?;
        return line.strip_prefix("Exit code ").and_then(|code| code.trim().parse().ok()).map(Exit::Text);
    }
    let ran = told.is_object() && told["interrupted"] != true && text(told, "/backgroundTaskId").is_none();
    if !ran {
        return None;
    }
    // The codes that the agent explains instead of calling them a failure are all 1: nothing found, files differ, a condition is false.
    Some(Exit::Text(i64::from(text(told, "/returnCodeInterpretation").is_some())))
}

/// What the agent's own record says was changed.
fn exact_change(told: &Value) -> Option<FileChange> {
    let path = text(told, "/filePath")?;
    if told["type"] == "create" {
        return edits::of_arguments("write", &json!({"file_path": path, "content": told["content"]})).into_iter().next();
    }
    let hunks = told["structuredPatch"].as_array().filter(|hunks| !hunks.is_empty())?;
    edits::of_structured_patch(path, &Value::Array(hunks.clone()).to_string())
}
