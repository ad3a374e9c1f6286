//! Codex CLI's log events (`codex_otel.log_only`; older versions use other scopes).
//!
//! Nothing names the turn or the response: calls stand below the session in order of time, and a model call's id is made of its counts
//! ([`unnamed`]). `response.completed` is logged twice, only the one with counts is a call. `input_token_count` contains what was read from and
//! written to the cache, `tool_token_count` is a sum of the others. Exit codes stand in the frame around the output.

use agenttrace_domain::agent::{Rank, key, step_id, unnamed};
use agenttrace_domain::{Level, Observation, ObservationType};
use serde_json::Value as Json;

use super::command::{ExitSource, command_of, framed};
use super::{Log, Session, Statements, before, edits};
use crate::usage::Counts;

const AGENT: &str = "codex";
const REDACTED: &str = "[REDACTED]";
/// Tools that run a command.
const SHELLS: &[&str] = &["exec_command", "shell", "local_shell", "shell_command", "container.exec", "unified_exec"];

/// Is it one of Codex' events?
pub(crate) fn owns(scope: &str, log: &Log<'_, '_>) -> bool {
    scope.starts_with("codex") || log.name.starts_with("codex.")
}

/// Reads an event; `false` when it names no conversation (Codex' inner workings log, too).
pub(crate) fn log(log: &Log<'_, '_>, out: &mut Statements<'_>) -> bool {
    let Some(id) = log.said.owned("conversation.id") else { return false };
    let session = Session::new(AGENT, "Codex", &id, log.said, log.resource);
    out.session(&session, log.at);
    match log.name.as_ref() {
        "codex.conversation_starts" => {
            let root = session.trace_id.clone();
            for name in ["provider_name", "approval_policy", "sandbox_policy", "reasoning_effort"] {
                out.note(&session, &root, &format!("codex.{name}"), &log.said.text(name).unwrap_or_default());
            }
        }
        "codex.user_prompt" => prompt(&session, log, out),
        "codex.sse_event" | "codex.websocket_event" => answer(&session, log, out),
        "codex.api_request" | "codex.websocket_request" => failure(&session, log, out),
        "codex.tool_decision" => decision(&session, log, out),
        "codex.tool_result" => result(&session, log, out),
        "codex.sandbox_outcome" => {
            if let Some(id) = tool(&session, log, out) {
                out.note(&session, &id, "sandbox.outcome", &log.said.text("outcome").unwrap_or_default());
            }
        }
        _ => {}
    }
    true
}

/// What tells apart events of one session that have no id.
fn own_id(session: &Session, log: &Log<'_, '_>, rest: &str) -> String {
    format!("{}-{}{rest}", session.id, log.at.0)
}

fn prompt(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) {
    let id = step_id("turn", &own_id(session, log, ""));
    let text = log.said.owned("prompt").filter(|text| text != REDACTED);
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Span, "turn", "turn", None);
    out.say(session, &id, Rank::Told.at(), Observation { start_time: Some(log.at), input: text.clone(), ..Observation::default() });
    out.conversation(session, log.at, text, None);
}

fn answer(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) {
    let said = log.said;
    let error = said.owned("error.message");
    let Some(input) = said.count("input_token_count") else {
        if let Some(error) = error {
            api_error(session, log, &error, out);
        }
        return;
    };
    let output = said.count("output_token_count");
    let cached = said.count("cached_token_count").unwrap_or(0);
    let reasoning = said.count("reasoning_token_count").unwrap_or(0);
    let id = unnamed::call_id(&session.id, &[input, cached, output.unwrap_or(0), reasoning])
        .unwrap_or_else(|| step_id("call", &own_id(session, log, "")));
    let model = said.owned("model");
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Generation, "model_call", model.as_deref().unwrap_or("model call"), None);
    let counts = Counts {
        input: Some(input),
        output,
        cache_read: cached,
        cache_write: said.count("cache_write_token_count").unwrap_or(0),
        reasoning,
        ..Counts::default()
    };
    let effort = said.owned("model_reasoning_effort").map(|effort| serde_json::json!({"reasoning_effort": effort}).to_string());
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation { model, usage: counts.buckets(), end_time: Some(log.at), model_parameters: effort, ..Observation::default() },
    );
}

fn failure(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) {
    let status = log.said.count("http.response.status_code");
    let message = log.said.owned("error.message").or_else(|| status.filter(|s| *s >= 400).map(|s| format!("http {s}")));
    if let Some(message) = message {
        api_error(session, log, &message, out);
    }
}

/// A request that failed; the agent tries again, so it is a warning.
fn api_error(session: &Session, log: &Log<'_, '_>, message: &str, out: &mut Statements<'_>) {
    let id = step_id("event", &own_id(session, log, "-api_error"));
    let began = log.said.millis("duration_ms").map_or(log.at, |took| before(log.at, took));
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Event, "event", "api_error", None);
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            start_time: Some(began),
            end_time: Some(log.at),
            level: Some(Level::Warning),
            status_message: Some(message.to_owned()),
            ..Observation::default()
        },
    );
    if let Some(attempt) = log.said.count("attempt") {
        out.raw_note(session, &id, Rank::Told, "api.attempts", (attempt + 1).to_string());
    }
}

fn tool(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) -> Option<String> {
    let call = log.said.text("call_id")?;
    let id = step_id("tool", &call);
    let name = log.said.owned("tool_name").unwrap_or_else(|| "tool".to_owned());
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Tool, "tool_call", &name, None);
    out.note(session, &id, key::TOOL, &name);
    out.note(session, &id, key::CALL, &call);
    Some(id)
}

fn decision(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) {
    let Some(id) = tool(session, log, out) else { return };
    let said = log.said.owned("decision").unwrap_or_default();
    let outcome = if said.starts_with("approved") { "accept" } else { "reject" };
    let source = log.said.owned("source").unwrap_or_default().to_ascii_lowercase();
    out.note(session, &id, key::DECISION, outcome);
    out.note(session, &id, key::DECISION_SOURCE, &source);
    if outcome == "reject" {
        let status_message = Some(format!("{said} by {source}"));
        out.say(session, &id, Rank::Hint.at(), Observation { level: Some(Level::Warning), status_message, ..Observation::default() });
    }
}

fn result(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) {
    let said = log.said;
    let Some(id) = tool(session, log, out) else { return };
    let name = said.owned("tool_name").unwrap_or_default();
    let arguments = said.owned("arguments");
    let output = said.owned("output");
    let success = said.flag("success");
    let frame = output.as_deref().map(framed).unwrap_or_default();
    let failed = success == Some(false);
    let level = if failed {
        Level::Error
    } else if frame.exit_code.is_some_and(|code| code != 0) {
        Level::Warning
    } else {
        Level::Default
    };
    let read: Json = arguments.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    if let Some(success) = success {
        out.success(session, &id, success);
    }
    if let Some(command) = command_of(&read).filter(|_| SHELLS.contains(&name.as_str())) {
        out.command(session, &id, &command);
        if let Some(folder) = read.get("workdir").and_then(Json::as_str) {
            out.note(session, &id, key::COMMAND_DIR, folder);
        }
    }
    // A patch tells its own success; only commands have exit codes.
    if let Some(code) = frame.exit_code.filter(|_| name != "apply_patch") {
        out.exit_code(session, &id, code, ExitSource::Text);
    }
    // A command that goes on is polled by later calls with the same number.
    let process = frame.running.or_else(|| read.get("session_id").and_then(Json::as_i64).filter(|_| name == "write_stdin"));
    if let Some(process) = process {
        out.raw_note(session, &id, Rank::Told, "command.process", process.to_string());
    }
    let changes = match name.as_str() {
        "apply_patch" => {
            arguments.as_deref().map(edits::of_patch).filter(|c| !c.is_empty()).unwrap_or_else(|| edits::of_arguments(&name, &read))
        }
        _ => edits::of_arguments(&name, &read),
    };
    out.files(session, &id, Rank::Told, &changes);
    let took = said.millis("duration_ms");
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            start_time: took.map(|took| before(log.at, took)),
            end_time: Some(log.at),
            input: arguments,
            output,
            level: Some(level),
            ..Observation::default()
        },
    );
}
