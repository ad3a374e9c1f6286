//! Gemini CLI's log events and the spans of its tool calls.
//!
//! Without a common trace everything is joined by `session.id`; `prompt_id` repeats the session's id when nobody types. Calls stand below
//! their prompt where it has an id of its own. `input_token_count` contains the cached part, `output_token_count` excludes thoughts.
//! Spans of model calls repeat the logs without a common id, so only the logs count. A model call is known by its counts
//! ([`unnamed`]). A tool call has an id in the spans, when content is on, and in the transcript; the logs don't know it, and find it as their twin.

use agenttrace_domain::agent::{Rank, key, made_id, step_id, unnamed};
use agenttrace_domain::{Level, Observation, ObservationType};
use serde_json::Value as Json;

use super::command::{ExitSource, command_of};
use super::spans::times;
use super::{Log, Said, Session, Statements, before, edits};
use crate::otlp::Span;
use crate::usage::Counts;

const AGENT: &str = "gemini-cli";
const SHELL: &str = "run_shell_command";

fn session(id: &str, said: Said<'_, '_>, resource: Said<'_, '_>) -> Session {
    Session::new(AGENT, "Gemini CLI", id, said, resource)
}

/// Is it one of Gemini CLI's events?
pub(crate) fn owns(scope: &str, log: &Log<'_, '_>) -> bool {
    scope == "gemini-cli" || log.name.starts_with("gemini_cli.")
}

/// Reads an event; `false` when it names no session.
pub(crate) fn log(log: &Log<'_, '_>, out: &mut Statements<'_>) -> bool {
    let Some(id) = log.said.owned("session.id").or_else(|| log.resource.owned("session.id")) else { return false };
    let session = session(&id, log.said, log.resource);
    out.session(&session, log.at);
    let turn = turn(&session, log, out);
    match log.name.as_ref() {
        "gemini_cli.user_prompt" => prompt(&session, log, turn.as_deref(), out),
        "gemini_cli.api_response" => answer(&session, log, turn.as_deref(), out),
        "gemini_cli.api_error" => error(&session, log, turn.as_deref(), out),
        "gemini_cli.tool_call" => tool_call(&session, log, turn.as_deref(), out),
        "gen_ai.client.inference.operation.details" => content(&session, log, out),
        "gemini_cli.chat_compression" | "gemini_cli.rewind" | "gemini_cli.loop_detected" => event(&session, log, turn.as_deref(), out),
        _ => {}
    }
    true
}

/// The turn of a prompt id that is more than the session's.
fn turn(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) -> Option<String> {
    let prompt_id = log.said.text("prompt_id").filter(|id| **id != *session.id)?;
    let id = step_id("turn", &prompt_id);
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Span, "turn", "turn", None);
    out.note(session, &id, key::TURN, &prompt_id);
    Some(id)
}

fn own_id(session: &Session, log: &Log<'_, '_>, rest: &str) -> String {
    format!("{}-{}{rest}", session.id, log.at.0)
}

fn prompt(session: &Session, log: &Log<'_, '_>, turn: Option<&str>, out: &mut Statements<'_>) {
    let id = turn.map_or_else(|| step_id("turn", &own_id(session, log, "")), str::to_owned);
    let text = log.said.owned("prompt");
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Span, "turn", "turn", None);
    out.say(session, &id, Rank::Told.at(), Observation { start_time: Some(log.at), input: text.clone(), ..Observation::default() });
    out.conversation(session, log.at, text, None);
}

fn answer(session: &Session, log: &Log<'_, '_>, turn: Option<&str>, out: &mut Statements<'_>) {
    let said = log.said;
    let response = said.owned("response_text");
    let (input, output) = (said.count("input_token_count"), said.count("output_token_count"));
    let id = unnamed::call_id(&session.id, &[input.unwrap_or(0), output.unwrap_or(0)])
        .unwrap_or_else(|| step_id("call", &own_id(session, log, "")));
    let model = said.owned("model");
    let thoughts = said.count("thoughts_token_count").unwrap_or(0);
    let began = said.millis("duration_ms").map(|took| before(log.at, took));
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Generation, "model_call", model.as_deref().unwrap_or("model call"), turn);
    let counts = Counts {
        input,
        output: output.map(|output| output.saturating_add(thoughts)),
        cache_read: said.count("cached_content_token_count").unwrap_or(0),
        reasoning: thoughts,
        ..Counts::default()
    };
    let answered = response.as_deref().and_then(answer_text);
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            model,
            usage: counts.buckets(),
            start_time: began,
            end_time: Some(log.at),
            output: response,
            ..Observation::default()
        },
    );
    if let Some(role) = said.text("role") {
        out.note(session, &id, "agent.query_source", &role);
    }
    if said.text("role").is_none_or(|role| role == "main") {
        out.conversation(session, log.at, None, answered);
    }
}

/// The words of a streamed answer; `None` when it only calls tools.
fn answer_text(chunks: &str) -> Option<String> {
    let chunks: Vec<Json> = serde_json::from_str(chunks).ok()?;
    let parts = chunks.iter().filter_map(|chunk| chunk.pointer("/candidates/0/content/parts")?.as_array()).flatten();
    let text: String = parts
        .filter(|part| part.get("thought").and_then(Json::as_bool) != Some(true))
        .filter_map(|part| part.get("text")?.as_str())
        .collect();
    (!text.is_empty()).then_some(text)
}

/// The messages of a call. Without content there is nothing to join.
fn content(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) {
    let counts = ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"].map(|name| log.said.count(name).unwrap_or(0));
    let (Some(id), Some(output)) = (unnamed::call_id(&session.id, &counts), log.said.owned("gen_ai.output.messages")) else { return };
    let input = log.said.owned("gen_ai.input.messages");
    out.seen(session, &id, log.at);
    out.say(session, &id, Rank::Whole.at(), Observation { input, output: Some(output), ..Observation::default() });
}

fn error(session: &Session, log: &Log<'_, '_>, turn: Option<&str>, out: &mut Statements<'_>) {
    let said = log.said;
    let id = step_id("event", &own_id(session, log, "-api_error"));
    let began = said.millis("duration_ms").map_or(log.at, |took| before(log.at, took));
    let message = said.owned("error.message").or_else(|| said.owned("error"));
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Event, "event", "api_error", turn);
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            start_time: Some(began),
            end_time: Some(log.at),
            level: Some(Level::Warning),
            status_message: message,
            ..Observation::default()
        },
    );
}

fn event(session: &Session, log: &Log<'_, '_>, turn: Option<&str>, out: &mut Statements<'_>) {
    let name = log.name.trim_start_matches("gemini_cli.");
    let id = step_id("event", &own_id(session, log, &format!("-{name}")));
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Event, "event", name, turn);
}

fn tool_call(session: &Session, log: &Log<'_, '_>, turn: Option<&str>, out: &mut Statements<'_>) {
    let said = log.said;
    let name = said.owned("function_name").unwrap_or_else(|| "tool".to_owned());
    let arguments: Option<Json> = said.text("function_args").and_then(|text| serde_json::from_str(&text).ok());
    // The log names no call: its time does, by which it finds the span's and the transcript's (`agent::twins`).
    let told = match &arguments {
        Some(arguments) => made_id(&[&arguments.to_string()])[..16].to_owned(),
        None => said.count("content_length").unwrap_or(0).to_string(),
    };
    let id = step_id("tool", &own_id(session, log, &format!("-{name}-{told}")));
    let success = said.flag("success");
    let metadata: Json = said.text("metadata").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let began = said.millis("duration_ms").map(|took| before(log.at, took));
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Tool, "tool_call", &name, turn);
    out.note(session, &id, key::TOOL, &name);
    if let Some(decision) = said.text("decision") {
        let outcome = if decision == "reject" { "reject" } else { "accept" };
        out.note(session, &id, key::DECISION, outcome);
        out.note(session, &id, key::DECISION_SOURCE, &decision);
    }
    if let Some(success) = success {
        out.success(session, &id, success);
    }
    let mut level = if success == Some(false) { Level::Error } else { Level::Default };
    if name == SHELL {
        if let Some(command) = arguments.as_ref().and_then(command_of) {
            out.command(session, &id, &command);
        }
        // Told only when it isn't 0, and nothing at all is told without content.
        let code = metadata.get("exitCode").and_then(Json::as_i64).or_else(|| (success == Some(true) && arguments.is_some()).then_some(0));
        if let Some(code) = code {
            out.exit_code(session, &id, code, ExitSource::Structured);
            level = level.max(if code == 0 { Level::Default } else { Level::Warning });
        }
    }
    let mut changes = arguments.as_ref().map(|arguments| edits::of_arguments(&name, arguments)).unwrap_or_default();
    if let [change] = changes.as_mut_slice() {
        let count = |name: &str| metadata.get(name).and_then(Json::as_u64);
        if let (Some(added), Some(removed)) = (count("model_added_lines"), count("model_removed_lines")) {
            (change.lines_added, change.lines_removed) = (Some(added), Some(removed));
        }
    }
    out.files(session, &id, Rank::Told, &changes);
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            start_time: began,
            end_time: Some(log.at),
            input: arguments.map(|arguments| arguments.to_string()),
            level: Some(level),
            status_message: said.owned("error").filter(|_| success == Some(false)),
            ..Observation::default()
        },
    );
}

/// Reads a span of a tool call with its content, which the logs lack; `false` for every other span.
pub(super) fn span(span: &Span<'_>, resource: Said<'_, '_>, out: &mut Statements<'_>) -> bool {
    let said = Said(&span.attributes);
    let (Some(id), Some((start, Some(end)))) = (said.owned("gen_ai.conversation.id").or_else(|| resource.owned("session.id")), times(span))
    else {
        return false;
    };
    if span.name != "tool_call" {
        return false;
    }
    let request: Json = said.text("gen_ai.input.messages").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let (Some(arguments), Some(name), Some(call)) = (request.get("args"), said.text("gen_ai.tool.name"), said.text("gen_ai.tool.call_id"))
    else {
        return false;
    };
    let session = session(&id, said, resource);
    let id = step_id("tool", &call);
    let answer: Json = said.text("gen_ai.output.messages").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let output = answer
        .pointer("/response/responseParts/0/functionResponse/response/output")
        .or_else(|| answer.pointer("/response/resultDisplay"))
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    out.session(&session, start);
    out.seen(&session, &id, start);
    out.step(&session, &id, ObservationType::Tool, "tool_call", &name, None);
    out.note(&session, &id, key::TOOL, &name);
    out.note(&session, &id, key::CALL, &call);
    let input = Some(arguments.to_string());
    out.say(
        &session,
        &id,
        Rank::Whole.at(),
        Observation { start_time: Some(start), end_time: Some(end), input, output, ..Observation::default() },
    );
    true
}
