//! Claude Code's log events (`com.anthropic.claude_code.events`). The spans: `claude_spans`.
//!
//! `api_request` is the truth for tokens and cost: its cache counts stand beside `input_tokens`. Metrics, spans and
//! `subagent_completed.total_tokens` repeat them and are not added. Exit codes aren't told over OTLP, so none are made up.

use agenttrace_domain::agent::{Rank, key, step_id};
use agenttrace_domain::{Level, Observation, ObservationType, Usd};
use serde_json::Value as Json;

use super::{Log, Said, Session, Statements, after, before, command, edits};
use crate::usage::Counts;

pub(super) const AGENT: &str = "claude-code";
const TITLE: &str = "Claude Code";
/// What stands where content isn't logged.
pub(super) const REDACTED: &str = "<REDACTED>";

/// Events of a step.
const STEPS: &[&str] =
    &["user_prompt", "api_request", "assistant_response", "api_error", "tool_decision", "tool_result", "subagent_completed"];

/// Events without a step of their own that are worth seeing, and how serious they are.
const NOTABLE: &[(&str, Level)] = &[
    ("compaction", Level::Default),
    ("permission_mode_changed", Level::Default),
    ("skill_activated", Level::Default),
    ("api_refusal", Level::Warning),
    ("api_retries_exhausted", Level::Error),
    ("internal_error", Level::Error),
];

pub(super) fn session(id: &str, said: Said<'_, '_>, resource: Said<'_, '_>) -> Session {
    Session::new(AGENT, TITLE, id, said, resource)
}

/// Is it one of Claude Code's events?
pub(crate) fn owns(scope: &str, log: &Log<'_, '_>) -> bool {
    scope.starts_with("com.anthropic.claude_code") || log.name.starts_with("claude_code.")
}

/// Reads an event; `false` when it names no session.
pub(crate) fn log(log: &Log<'_, '_>, out: &mut Statements<'_>) -> bool {
    let Some(id) = log.said.owned("session.id") else { return false };
    let name = log.name.strip_prefix("claude_code.").unwrap_or(&log.name);
    let notable = NOTABLE.iter().find(|(notable, _)| *notable == name);
    // What a process says before it knows which session it goes on with (`--continue`) makes no session.
    if log.said.get("prompt.id").is_none() && notable.is_none() && !STEPS.contains(&name) {
        return true;
    }
    let session = session(&id, log.said, log.resource);
    out.session(&session, log.at);
    let turn = turn(&session, log, out);
    let parent = subagent(&session, log.said, turn.as_deref(), log.at, out).or(turn.clone());
    match name {
        "user_prompt" => prompt(&session, log, turn.as_deref(), out),
        "api_request" => request(&session, log, parent.as_deref(), out),
        "assistant_response" => response(&session, log, turn.as_deref(), parent.as_deref(), out),
        "api_error" => error(&session, log, parent.as_deref(), out),
        "tool_decision" | "tool_result" => tool(&session, log, parent.as_deref(), out),
        "subagent_completed" => completed(&session, log, out),
        _ => {
            if let Some((name, level)) = notable {
                event(&session, log, name, *level, parent.as_deref(), out);
            }
        }
    }
    true
}

/// The turn that an event belongs to: everything with the same prompt id.
fn turn(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) -> Option<String> {
    let prompt_id = log.said.text("prompt.id")?;
    let id = step_id("turn", &prompt_id);
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Span, "turn", "turn", None);
    out.note(session, &id, key::TURN, &prompt_id);
    Some(id)
}

/// The subagent that an event belongs to.
pub(super) fn subagent(
    session: &Session,
    said: Said<'_, '_>,
    turn: Option<&str>,
    at: agenttrace_domain::Timestamp,
    out: &mut Statements<'_>,
) -> Option<String> {
    let agent_id = said.text("agent_id")?;
    let id = step_id("agent", &agent_id);
    out.seen(session, &id, at);
    let name = said.owned("agent.name").or_else(|| said.owned("agent_type"));
    out.say(session, &id, Rank::Told.at(), Observation { kind: Some(ObservationType::Agent), name, ..Observation::default() });
    out.say(session, &id, Rank::Hint.at(), Observation { name: Some("subagent".to_owned()), ..Observation::default() });
    out.note(session, &id, key::RECORD, "subagent");
    out.note(session, &id, key::SUBAGENT, &agent_id);
    match said.text("parent_agent_id") {
        Some(parent) => out.parent(session, &id, Rank::Told, &step_id("agent", &parent)),
        None => out.parent(session, &id, Rank::Part, turn.unwrap_or(&session.trace_id)),
    }
    Some(id)
}

fn prompt(session: &Session, log: &Log<'_, '_>, turn: Option<&str>, out: &mut Statements<'_>) {
    let Some(turn) = turn else { return };
    let text = log.said.owned("prompt").filter(|text| text != REDACTED);
    out.say(session, turn, Rank::Told.at(), Observation { start_time: Some(log.at), input: text.clone(), ..Observation::default() });
    out.conversation(session, log.at, text, None);
    // With spans the event stands in the span of its interaction: that one is the turn's, not a turn beside it.
    if let Some(span) = &log.span_id {
        let id = step_id("span", span);
        out.say(session, &id, Rank::Told.at(), Observation { level: Some(Level::Debug), ..Observation::default() });
        out.parent(session, &id, Rank::Told, turn);
        out.note_at(session, &id, Rank::Whole, key::RECORD, "interaction");
    }
}

/// The step of a model call.
pub(super) fn call_id(said: Said<'_, '_>) -> Option<String> {
    said.text("request_id").or_else(|| said.text("client_request_id")).map(|id| step_id("call", &id))
}

fn own_id(session: &Session, log: &Log<'_, '_>, name: &str) -> String {
    let sequence = log.said.owned("event.sequence").unwrap_or_default();
    step_id("event", &format!("{}-{name}-{}-{sequence}", session.id, log.at.0))
}

fn request(session: &Session, log: &Log<'_, '_>, parent: Option<&str>, out: &mut Statements<'_>) {
    let said = log.said;
    let id = call_id(said).unwrap_or_else(|| own_id(session, log, "api_request"));
    let model = said.owned("model");
    let began = said.millis("duration_ms").map(|took| before(log.at, took));
    out.step(session, &id, ObservationType::Generation, "model_call", model.as_deref().unwrap_or("model call"), parent);
    let counts = Counts {
        input: said.count("input_tokens"),
        output: said.count("output_tokens"),
        cache_read: said.count("cache_read_tokens").unwrap_or(0),
        cache_write: said.count("cache_creation_tokens").unwrap_or(0),
        cache_write_5m: said.count("cache_creation_5m_tokens").unwrap_or(0),
        cache_write_1h: said.count("cache_creation_1h_tokens").unwrap_or(0),
        cache_beside_input: true,
        ..Counts::default()
    };
    let cost = said.number("cost_usd").and_then(Usd::from_f64);
    out.say(
        session,
        &id,
        Rank::Whole.at(),
        Observation {
            model,
            usage: counts.buckets(),
            stated_cost: cost.map(|usd| ("total".to_owned(), usd)).into_iter().collect(),
            ..Observation::default()
        },
    );
    out.say(
        session,
        &id,
        Rank::Part.at(),
        Observation {
            start_time: began,
            end_time: Some(log.at),
            completion_start_time: began.zip(said.millis("ttft_ms")).map(|(began, ttft)| after(began, ttft)),
            model_parameters: parameters(said),
            ..Observation::default()
        },
    );
    if let Some(source) = said.text("query_source") {
        out.note(session, &id, "agent.query_source", &source);
    }
}

pub(super) fn parameters(said: Said<'_, '_>) -> Option<String> {
    let named = ["effort", "speed"].into_iter().filter_map(|name| Some((name.to_owned(), Json::String(said.owned(name)?))));
    let map: serde_json::Map<String, Json> = named.collect();
    (!map.is_empty()).then(|| Json::Object(map).to_string())
}

fn response(session: &Session, log: &Log<'_, '_>, turn: Option<&str>, parent: Option<&str>, out: &mut Statements<'_>) {
    let Some(text) = log.said.owned("response").filter(|text| text != REDACTED) else { return };
    if let Some(id) = call_id(log.said) {
        let model = log.said.owned("model");
        out.seen(session, &id, log.at);
        out.step(session, &id, ObservationType::Generation, "model_call", model.as_deref().unwrap_or("model call"), parent);
        out.say(session, &id, Rank::Told.at(), Observation { output: Some(text.clone()), ..Observation::default() });
    }
    if log.said.get("agent_id").is_none() {
        if let Some(turn) = turn {
            out.say(session, turn, log.at, Observation { output: Some(text.clone()), ..Observation::default() });
        }
        out.conversation(session, log.at, None, Some(text));
    }
}

fn error(session: &Session, log: &Log<'_, '_>, parent: Option<&str>, out: &mut Statements<'_>) {
    let said = log.said;
    let id = call_id(said).unwrap_or_else(|| own_id(session, log, "api_error"));
    let model = said.owned("model");
    let began = said.millis("duration_ms").map(|took| before(log.at, took));
    out.step(session, &id, ObservationType::Generation, "model_call", model.as_deref().unwrap_or("model call"), parent);
    let status = said.owned("status_code").map(|code| format!("{code}: ")).unwrap_or_default();
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            model,
            start_time: began,
            end_time: Some(log.at),
            level: Some(Level::Error),
            status_message: said.owned("error").map(|error| format!("{status}{error}")),
            ..Observation::default()
        },
    );
    if let Some(attempt) = said.count("attempt") {
        out.raw_note(session, &id, Rank::Told, "api.attempts", attempt.to_string());
    }
}

fn tool(session: &Session, log: &Log<'_, '_>, parent: Option<&str>, out: &mut Statements<'_>) {
    let said = log.said;
    let Some(call) = said.text("tool_use_id") else { return };
    let id = step_id("tool", &call);
    let name = said.owned("tool_name").unwrap_or_else(|| "tool".to_owned());
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Tool, "tool_call", &name, parent);
    out.note(session, &id, key::TOOL, &name);
    out.note(session, &id, key::CALL, &call);
    let parameters: Json = said.text("tool_parameters").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let parameter = |name: &str| parameters.get(name).and_then(Json::as_str);
    if let Some(command) = parameter("full_command") {
        out.command(session, &id, command);
    }
    if let Some(decision) = said.text("decision") {
        let source = said.owned("source").unwrap_or_default();
        out.note(session, &id, key::DECISION, &decision);
        out.note(session, &id, key::DECISION_SOURCE, &source);
        let rejected = decision == "reject";
        out.say(
            session,
            &id,
            Rank::Hint.at(),
            Observation {
                input: parameters.is_object().then(|| parameters.to_string()),
                level: rejected.then_some(Level::Warning),
                status_message: rejected.then(|| format!("rejected by {source}")),
                ..Observation::default()
            },
        );
    }
    let Some(success) = said.flag("success") else { return };
    out.success(session, &id, success);
    let took = said.millis("duration_ms");
    // A command that ends with an error is what the agent looks for often enough: a warning. A tool that fails is an error.
    let level = match (success, said.text("error_type").as_deref()) {
        (true, _) => Level::Default,
        (false, Some("ShellError")) => Level::Warning,
        (false, _) => Level::Error,
    };
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            end_time: Some(log.at),
            level: Some(level),
            status_message: said.owned("error").filter(|_| !success),
            ..Observation::default()
        },
    );
    let input = said.owned("tool_input");
    out.say(
        session,
        &id,
        Rank::Part.at(),
        Observation { start_time: took.map(|took| before(log.at, took)), input: input.clone(), ..Observation::default() },
    );
    let arguments: Json = input.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    if let Some(command) = command::command_of(&arguments).filter(|_| parameter("full_command").is_none() && name == "Bash") {
        out.command(session, &id, &command);
    }
    out.files(session, &id, Rank::Part, &edits::of_arguments(&name, &arguments));
    let commit = said.owned(key::COMMIT).or_else(|| parameter("git_commit_id").map(str::to_owned));
    let branch = said.owned(key::BRANCH).or_else(|| parameter("git_branch").map(str::to_owned));
    for (name, value) in [(key::COMMIT, commit), (key::BRANCH, branch), (key::REPOSITORY, said.owned(key::REPOSITORY))] {
        out.note(session, &id, name, &value.unwrap_or_default());
    }
}

fn completed(session: &Session, log: &Log<'_, '_>, out: &mut Statements<'_>) {
    let Some(agent_id) = log.said.text("agent_id") else { return };
    let id = step_id("agent", &agent_id);
    let began = log.said.millis("duration_ms").map(|took| before(log.at, took));
    out.say(session, &id, Rank::Told.at(), Observation { start_time: began, end_time: Some(log.at), ..Observation::default() });
}

fn event(session: &Session, log: &Log<'_, '_>, name: &str, level: Level, parent: Option<&str>, out: &mut Statements<'_>) {
    let id = own_id(session, log, name);
    let text = ["error", "message", "mode", "skill.name", "skill_name", "trigger"].into_iter().find_map(|key| log.said.owned(key));
    out.seen(session, &id, log.at);
    out.step(session, &id, ObservationType::Event, "event", name, parent);
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation { start_time: Some(log.at), level: Some(level), status_message: text, ..Observation::default() },
    );
}
