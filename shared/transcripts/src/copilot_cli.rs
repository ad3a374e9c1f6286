//! Copilot CLI's events: `session-state/<session>/events.jsonl`.
//!
//! `session.usage_record` tells an answer's tokens, `assistant.message` of the same `apiCallId` what it says. `inputTokens` holds what was read from
//! the cache and written to it. A subagent's rows name it by `agentId`; its tool call is the one that started it. Commands have their exit codes in
//! `shellExecution`. Telemetry takes the span of an agent's run for the turn: a hook's row names it by its `traceparent`.

use std::collections::HashMap;

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{Rank, commands, edits, key, step_id};
use serde_json::{Value, json};

use crate::row::{self, Tokens, count, text};
use crate::story::moment;
use crate::tool::{Exit, Tool};
use crate::{Reader, Session, Skip, Story};

/// The most tool calls whose results are waited for.
const MAX_OPEN: usize = 10_000;

/// A session.
#[derive(Default)]
pub struct Events {
    session: Option<Session>,
    folder: String,
    turn: Option<String>,
    /// The span of the agent's run that is under way.
    span: Option<String>,
    asked: Option<Timestamp>,
    /// Subagents by their ids: the step below which their calls stand.
    agents: HashMap<String, String>,
    open: HashMap<String, Open>,
}

struct Open {
    name: String,
    input: Value,
    parent: Option<String>,
    start: Timestamp,
}

impl Reader for Events {
    fn line(&mut self, line: &str, story: &mut Story<'_>) -> Result<(), Skip> {
        let row = row::object(line)?;
        let kind = text(&row, "/type").ok_or(Skip::UnknownType)?;
        let at = row::time(&row, "/timestamp").ok_or(Skip::NoTime)?;
        let data = &row["data"];
        if kind == "session.start" {
            return self.begin(data, at, story);
        }
        let session = self.session.clone().ok_or(Skip::NoSession)?;
        story.session(&session, at);
        let agent =
            text(&row, "/agentId").map(|agent| self.agents.entry(agent.to_owned()).or_insert_with(|| step_id("agent", agent)).clone());
        match kind {
            "session.resume" => self.context(&session, &data["context"], story),
            "session.context_changed" => self.context(&session, data, story),
            "hook.start" if data["hookType"] == "userPromptSubmitted" && agent.is_none() => {
                self.span = text(data, "/input/traceparent").and_then(|parent| parent.split('-').nth(2)).map(str::to_owned);
            }
            "user.message" => self.prompt(&session, data, agent.as_deref(), at, story),
            "assistant.turn_start" => self.asked = Some(at),
            "session.usage_record" => self.usage(&session, &data["usage"], agent.as_deref(), at, story),
            "assistant.message" => self.answer(&session, data, agent.as_deref(), at, story),
            "tool.execution_start" => self.asked_for(&session, data, agent.as_deref(), at, story),
            "tool.execution_complete" => self.result(&session, data, at, story),
            "subagent.started" => self.subagent(&session, data, agent.as_deref(), at, story),
            "session.error" | "session.warning" | "abort" | "session.compaction_complete" => {
                self.notable(&session, kind, text(&row, "/id"), data, at, story);
            }
            _ if ["assistant.", "hook.", "permission.", "session.", "skill.", "subagent.", "system.", "tool.", "user."]
                .iter()
                .any(|known| kind.starts_with(known)) => {}
            _ => return Err(Skip::UnknownType),
        }
        Ok(())
    }
}

impl Events {
    fn begin(&mut self, data: &Value, at: Timestamp, story: &mut Story<'_>) -> Result<(), Skip> {
        let id = text(data, "/sessionId").ok_or(Skip::NoSession)?;
        let session =
            Session { version: text(data, "/copilotVersion").map(str::to_owned), ..Session::new("copilot-cli", "Copilot CLI", id) };
        story.session(&session, at);
        self.context(&session, &data["context"], story);
        self.session = Some(session);
        Ok(())
    }

    fn context(&mut self, session: &Session, context: &Value, story: &mut Story<'_>) {
        if let Some(folder) = text(context, "/cwd") {
            folder.clone_into(&mut self.folder);
        }
        story.work_in(&self.folder);
        // `owner/name` is told for GitHub's own only.
        let repository = match text(context, "/repository") {
            Some(name) if !name.contains(':') => {
                Some(format!("https://{}/{name}", text(context, "/repositoryHost").unwrap_or("github.com")))
            }
            Some(address) => Some(address.to_owned()),
            None => story.around().repository(&self.folder),
        };
        for (name, value) in [
            ("process.working_directory", self.folder.as_str()),
            (key::REPOSITORY, repository.as_deref().unwrap_or_default()),
            (key::BRANCH, text(context, "/branch").unwrap_or_default()),
            ("vcs.ref.base.revision", text(context, "/headCommit").unwrap_or_default()),
        ] {
            story.label(session, name, value);
        }
    }

    fn prompt(&mut self, session: &Session, data: &Value, agent: Option<&str>, at: Timestamp, story: &mut Story<'_>) {
        let Some(said) = text(data, "/content") else { return };
        if let Some(agent) = agent {
            story.say(session, agent, Rank::Told.at(), json!({"input": said}));
            return;
        }
        let named = text(data, "/interactionId").or_else(|| text(data, "/messageId"));
        let turn = named.map_or_else(|| step_id("turn", &format!("{}-{}", session.id, at.0)), |id| step_id("turn", id));
        story.seen(session, &turn, at);
        story.step(session, &turn, "SPAN", "turn", "turn", None);
        story.note(session, &turn, Rank::Told, key::TURN, named.unwrap_or_default());
        story.say(session, &turn, Rank::Told.at(), json!({"startTime": moment(at), "input": said}));
        story.conversation(session, at, Some(said), None);
        if let Some(span) = self.span.take() {
            story.interaction(session, &step_id("span", &span), &turn, at);
        }
        self.turn = Some(turn);
    }

    fn usage(&mut self, session: &Session, usage: &Value, agent: Option<&str>, at: Timestamp, story: &mut Story<'_>) {
        let Some(name) = text(usage, "/apiCallId").or_else(|| text(usage, "/providerCallId")) else { return };
        let id = step_id("call", name);
        let of = |name: &str| count(usage, name).unwrap_or(0);
        let (input, output) = (of("/inputTokens"), of("/outputTokens"));
        let (read, written, reasoning) = (of("/cacheReadTokens"), of("/cacheWriteTokens"), of("/reasoningTokens"));
        let tokens = Tokens {
            fresh: input.saturating_sub(read).saturating_sub(written),
            cache_read: read,
            cache_write: written,
            output: output.saturating_sub(reasoning),
            reasoning,
            ..Tokens::default()
        };
        let model = text(usage, "/model").unwrap_or("model call");
        story.seen(session, &id, at);
        story.step(session, &id, "GENERATION", "model_call", model, agent.or(self.turn.as_deref()));
        story.say(session, &id, Rank::Told.at(), json!({"model": model, "usageDetails": tokens.usage()}));
        let start = usage["duration"].as_i64().map(|ms| Timestamp(at.0.saturating_sub(ms.clamp(0, 86_400_000) * 1_000))).or(self.asked);
        story.say(session, &id, Rank::Part.at(), json!({"startTime": start.map(moment), "endTime": moment(at)}));
    }

    fn answer(&mut self, session: &Session, data: &Value, agent: Option<&str>, at: Timestamp, story: &mut Story<'_>) {
        let said = text(data, "/content");
        if let Some(name) = text(data, "/apiCallId") {
            let id = step_id("call", name);
            let asked: Vec<Value> = data["toolRequests"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|call| json!({"id": call["toolCallId"], "type": "function", "function": {"name": call["name"]}}))
                .collect();
            let shown = match said {
                Some(said) => json!(said),
                None if asked.is_empty() => Value::Null,
                None => json!({"role": "assistant", "tool_calls": asked}),
            };
            let model = text(data, "/model").unwrap_or("model call");
            story.seen(session, &id, at);
            story.step(session, &id, "GENERATION", "model_call", model, agent.or(self.turn.as_deref()));
            // Telemetry keeps the whole message.
            story.say(session, &id, Rank::Part.at(), json!({"output": shown}));
            story.note(session, &id, Rank::Told, "agent.thinking", text(data, "/reasoningText").unwrap_or_default());
        }
        let Some(said) = said else { return };
        match (agent, &self.turn) {
            (Some(agent), _) => story.say(session, agent, at, json!({"output": said})),
            (None, Some(turn)) => {
                story.seen(session, turn, at);
                story.say(session, turn, at, json!({"output": said}));
                story.conversation(session, at, None, Some(said));
            }
            (None, None) => story.conversation(session, at, None, Some(said)),
        }
    }

    fn asked_for(&mut self, session: &Session, data: &Value, agent: Option<&str>, at: Timestamp, story: &mut Story<'_>) {
        let Some(call) = text(data, "/toolCallId") else { return };
        let name = text(data, "/toolName").unwrap_or("tool");
        let parent = agent.map(str::to_owned).or_else(|| self.turn.clone());
        let open = Open { name: name.to_owned(), input: data["arguments"].clone(), parent, start: at };
        open.tool(call, &self.folder).tell(session, story);
        if self.open.len() < MAX_OPEN {
            self.open.insert(call.to_owned(), open);
        }
    }

    fn result(&mut self, session: &Session, data: &Value, at: Timestamp, story: &mut Story<'_>) {
        let Some(call) = text(data, "/toolCallId") else { return };
        let Some(open) = self.open.remove(call) else { return };
        let mut tool = open.tool(call, &self.folder);
        let denied = data["error"]["code"] == "denied" || data["result"]["resultType"] == "denied";
        let output = text(data, "/result/content").or_else(|| text(data, "/error/message"));
        tool.end = Some(at);
        tool.exit = data["shellExecution"]["exitCode"].as_i64().map(Exit::Structured);
        tool.success = data["success"].as_bool().filter(|_| !denied);
        tool.decision = denied.then_some(("reject", "user"));
        tool.output = output.map(str::to_owned);
        tool.error = text(data, "/error/message").map(str::to_owned);
        let detailed = text(data, "/result/detailedContent");
        if let ([file], Some(diff)) = (tool.files.as_mut_slice(), detailed)
            && diff.contains("\n@@")
            && file.operation != "READ"
        {
            (file.diff, tool.exact) = (Some(diff.to_owned()), true);
        }
        tool.tell(session, story);
    }

    fn subagent(&mut self, session: &Session, data: &Value, agent: Option<&str>, at: Timestamp, story: &mut Story<'_>) {
        let Some(id) = agent else { return };
        story.seen(session, id, at);
        story.count(session, "subagent", id);
        let name = text(data, "/agentName").unwrap_or("subagent");
        let parent = text(data, "/toolCallId").map(|call| step_id("tool", call));
        story.step(session, id, "AGENT", "subagent", name, parent.as_deref());
        story.note(session, id, Rank::Told, key::SUBAGENT, id.strip_prefix("agent-").unwrap_or_default());
    }

    fn notable(&self, session: &Session, kind: &str, id: Option<&str>, data: &Value, at: Timestamp, story: &mut Story<'_>) {
        let step = step_id("event", id.unwrap_or(&format!("{}-{}", session.id, at.0)));
        let level = if kind == "session.compaction_complete" { "DEFAULT" } else { "WARNING" };
        story.seen(session, &step, at);
        story.step(session, &step, "EVENT", "event", kind.rsplit('.').next().unwrap_or(kind), self.turn.as_deref());
        let message = text(data, "/message").or_else(|| text(data, "/reason"));
        story.say(session, &step, Rank::Told.at(), json!({"startTime": moment(at), "level": level, "statusMessage": message}));
    }
}

impl Open {
    fn tool<'t>(&'t self, call: &'t str, folder: &'t str) -> Tool<'t> {
        let is_shell = matches!(self.name.as_str(), "bash" | "powershell");
        let files = match (self.name.as_str(), self.input.as_str()) {
            ("apply_patch", Some(patch)) => edits::of_patch(patch),
            _ => edits::of_arguments(&self.name, &self.input),
        };
        Tool {
            call,
            name: &self.name,
            parent: self.parent.as_deref(),
            start: Some(self.start),
            input: Some(self.input.clone()),
            command: if is_shell { commands::command_of(&self.input) } else { None },
            folder: Some(folder).filter(|folder| is_shell && !folder.is_empty()),
            files,
            ..Tool::default()
        }
    }
}
