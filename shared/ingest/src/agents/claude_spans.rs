//! Claude Code's spans (`com.anthropic.claude_code.tracing`): exact times, outputs and diffs for the steps that its events tell.
//!
//! Spans carry no prompt id. An interaction is a step of its own id, below the turn once an event names both; a model call and a tool
//! call have the ids that the events give them. What waits for a person has no id of its own: it joins its tool call when both come
//! together, else the event tells it.

use agenttrace_domain::agent::{FileChange, Rank, key, step_id};
use agenttrace_domain::{Level, Observation, ObservationType, Timestamp};

use super::spans::{AgentSpans, ParentOf};
use super::{Said, Session, Statements, after, claude_code, edits};
use crate::mapping::hex;
use crate::otlp::Span;
use crate::usage::Counts;

/// Reads a span; `false` when it names no session.
pub(super) fn span(span: &Span<'_>, resource: Said<'_, '_>, spans: &mut AgentSpans, out: &mut Statements<'_>) -> bool {
    let said = Said(&span.attributes);
    let Some(id) = said.text("session.id") else { return false };
    let session = claude_code::session(&id, said, resource);
    let (Some(span_id), Some(start)) = (span.id.map(|id| hex(&id)), Timestamp::from_unix_nanos(span.start)) else { return true };
    let end = Timestamp::from_unix_nanos(span.end);
    let parent_span = span.parent_id.map(|id| hex(&id));
    out.session(&session, start);
    out.seen(&session, &session.trace_id.clone(), end.unwrap_or(start));
    let interaction = parent_span.as_deref().map(|parent| step_id("span", parent));
    let agent = claude_code::subagent(&session, said, None, start, out);
    let times = Observation { start_time: Some(start), end_time: end, ..Observation::default() };
    match span.name.strip_prefix("claude_code.").unwrap_or(&span.name) {
        "interaction" => {
            let id = step_id("span", &span_id);
            let prompt = said.owned("user_prompt").filter(|text| text != claude_code::REDACTED);
            out.step(&session, &id, ObservationType::Span, "turn", "interaction", None);
            out.say(&session, &id, Rank::Whole.at(), Observation { input: prompt.clone(), ..times });
            out.conversation(&session, start, prompt, None);
            if let Some(trace) = span.trace_id {
                out.note(&session, &id, "otel.trace_id", &hex(&trace));
            }
        }
        "llm_request" => {
            let id = claude_code::call_id(said).unwrap_or_else(|| step_id("span", &span_id));
            llm_request(&session, &id, said, times, out);
            below(&session, &id, agent.as_deref(), interaction.as_deref(), out);
            if let (Some(agent), Some(parent)) = (agent, parent_span) {
                spans.wants(ParentOf { session, step: agent, parent_span: parent });
            }
        }
        "tool" => {
            let Some(call) = said.text("tool_use_id") else { return true };
            let id = step_id("tool", &call);
            spans.is(&span_id, &id);
            tool(&session, &id, span, said, times, out);
            out.note(&session, &id, key::CALL, &call);
            below(&session, &id, agent.as_deref(), interaction.as_deref(), out);
            if let (Some(agent), Some(parent)) = (agent, parent_span) {
                spans.wants(ParentOf { session, step: agent, parent_span: parent });
            }
        }
        "tool.execution" => {
            let Some(call) = said.text("tool_use_id") else { return true };
            let id = step_id("tool", &call);
            spans.is(&span_id, &id);
            execution(&session, &id, said, out);
        }
        "tool.blocked_on_user" => {
            if let (Some(parent), Some(decision)) = (parent_span, said.owned("decision")) {
                let source = said.owned("source").unwrap_or_default();
                let waited = end.map_or(0, |end| (end.0 - start.0) / 1_000);
                spans.waited(session, parent, decision, source, waited);
            }
        }
        _ => {}
    }
    true
}

/// A step of the main agent stands below its interaction until an event names its turn.
fn below(session: &Session, id: &str, agent: Option<&str>, interaction: Option<&str>, out: &mut Statements<'_>) {
    match (agent, interaction) {
        (Some(agent), _) => out.parent(session, id, Rank::Told, agent),
        (None, Some(interaction)) => out.parent(session, id, Rank::Part, interaction),
        (None, None) => {}
    }
}

fn llm_request(session: &Session, id: &str, said: Said<'_, '_>, times: Observation, out: &mut Statements<'_>) {
    let model = said.owned("model");
    out.step(session, id, ObservationType::Generation, "model_call", model.as_deref().unwrap_or("model call"), None);
    let counts = Counts {
        input: said.count("input_tokens"),
        output: said.count("output_tokens"),
        cache_read: said.count("cache_read_tokens").unwrap_or(0),
        cache_write: said.count("cache_creation_tokens").unwrap_or(0),
        cache_beside_input: true,
        ..Counts::default()
    };
    let failed = said.flag("success") == Some(false);
    out.say(
        session,
        id,
        Rank::Told.at(),
        Observation {
            model,
            usage: counts.buckets(),
            level: failed.then_some(Level::Error),
            status_message: said.owned("error").filter(|_| failed),
            ..Observation::default()
        },
    );
    let began = times.start_time;
    let first = began.zip(said.millis("ttft_ms")).map(|(began, ttft)| after(began, ttft));
    out.say(session, id, Rank::Whole.at(), Observation { completion_start_time: first, ..times });
    if let Some(attempt) = said.count("attempt") {
        out.raw_note(session, id, Rank::Told, "api.attempts", attempt.to_string());
        // A call that worked after a retry is worth seeing.
        if attempt > 1 && !failed {
            let status_message = Some(format!("worked at attempt {attempt}"));
            out.say(session, id, Rank::Part.at(), Observation { level: Some(Level::Warning), status_message, ..Observation::default() });
        }
    }
    if let Some(reason) = said.text("stop_reason") {
        out.note(session, id, "api.stop_reason", &reason);
    }
}

fn tool(session: &Session, id: &str, span: &Span<'_>, said: Said<'_, '_>, times: Observation, out: &mut Statements<'_>) {
    let name = said.owned("tool_name").unwrap_or_else(|| "tool".to_owned());
    out.step(session, id, ObservationType::Tool, "tool_call", &name, None);
    out.note(session, id, key::TOOL, &name);
    let command = said.owned("full_command");
    let path = said.owned("file_path");
    if let Some(command) = &command {
        out.command(session, id, command);
    }
    let content = span.events.iter().find(|event| event.name == "tool.output").map(|event| Said(&event.attributes));
    let text = |name: &str| content.and_then(|content| content.owned(name));
    let input = command
        .map(|command| serde_json::json!({"command": command}).to_string())
        .or_else(|| path.as_ref().map(|path| serde_json::json!({"file_path": path}).to_string()));
    out.say(session, id, Rank::Hint.at(), Observation { input, ..Observation::default() });
    out.say(
        session,
        id,
        Rank::Whole.at(),
        Observation { output: text("output").or_else(|| text("content")).or_else(|| text("diff")), ..times },
    );
    let Some(path) = path else { return };
    let change = match (name.as_str(), text("diff"), text("content")) {
        (_, Some(hunks), _) => edits::of_structured_patch(&path, &hunks),
        ("Write", None, Some(content)) => {
            edits::of_arguments("write", &serde_json::json!({"file_path": path, "content": content})).into_iter().next()
        }
        ("Read", ..) => Some(FileChange { operation: "READ".to_owned(), path: path.clone(), ..FileChange::default() }),
        _ => None,
    };
    out.files(session, id, Rank::Whole, change.as_slice());
}

fn execution(session: &Session, id: &str, said: Said<'_, '_>, out: &mut Statements<'_>) {
    let Some(success) = said.flag("success") else { return };
    out.success(session, id, success);
    if !success {
        let level = if said.text("error_class").as_deref() == Some("ShellError") { Level::Warning } else { Level::Error };
        let status_message = said.owned("error");
        out.say(session, id, Rank::Part.at(), Observation { level: Some(level), status_message, ..Observation::default() });
    }
}
