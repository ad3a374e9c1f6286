//! OpenCode's spans. Of hundreds of internal ones a prompt, three kinds tell what happened: `ai.streamText.doStream` (a model call), `ai.toolCall` and
//! `Tool.execute` (the same tool call with and without content). `ai.streamText` repeats the call's tokens and is left out.
//!
//! The model call's span says nothing of cache writes where the provider's API doesn't: they are part of its input then.

use agenttrace_domain::agent::{Rank, key, step_id, unnamed};
use agenttrace_domain::{Level, Observation, ObservationType};
use serde_json::Value as Json;

use super::command::{ExitSource, command_of};
use super::spans::times;
use super::{Said, Session, Statements, after, edits};
use crate::mapping::hex;
use crate::otlp::Span;
use crate::usage::Counts;

const AGENT: &str = "opencode";

/// Reads a span; `false` when it tells of OpenCode's inner workings.
pub(super) fn span(span: &Span<'_>, resource: Said<'_, '_>, out: &mut Statements<'_>) -> bool {
    let said = Said(&span.attributes);
    if !matches!(span.name.as_ref(), "ai.streamText.doStream" | "ai.generateText.doGenerate" | "ai.toolCall" | "Tool.execute") {
        return false;
    }
    let (Some(id), Some((start, end))) = (said.text("session.id").or_else(|| said.text("ai.telemetry.metadata.sessionId")), times(span))
    else {
        return false;
    };
    let session = Session::new(AGENT, "OpenCode", &id, said, resource);
    let times = Observation { start_time: Some(start), end_time: end, ..Observation::default() };
    let failed = span.status_code == 2;
    let error = Some(span.status_message.to_string()).filter(|m| failed && !m.is_empty());
    let outcome = Observation { level: failed.then_some(Level::Error), status_message: error, ..Observation::default() };
    let step = match span.name.as_ref() {
        "ai.toolCall" => tool(&session, "ai.toolCall.id", "ai.toolCall.name", said, out),
        "Tool.execute" => tool(&session, "tool.call_id", "tool.name", said, out),
        _ => Some(call(&session, span, said, start, out)),
    };
    let Some(step) = step else { return false };
    out.session(&session, start);
    out.seen(&session, &session.trace_id.clone(), end.unwrap_or(start));
    out.say(&session, &step, Rank::Told.at(), outcome);
    // The outer span of a tool call is the wider one: both are exact, so the greater end counts.
    out.say(&session, &step, Rank::Whole.at(), times);
    if span.name == "ai.toolCall" {
        content(&session, &step, said, failed, out);
    }
    true
}

fn call(session: &Session, span: &Span<'_>, said: Said<'_, '_>, start: agenttrace_domain::Timestamp, out: &mut Statements<'_>) -> String {
    let model = said.owned("ai.response.model").or_else(|| said.owned("ai.model.id"));
    let counts = Counts {
        input: said.count("ai.usage.inputTokens").or_else(|| said.count("gen_ai.usage.input_tokens")),
        output: said.count("ai.usage.outputTokens").or_else(|| said.count("gen_ai.usage.output_tokens")),
        cache_read: said
            .count("ai.usage.cachedInputTokens")
            .or_else(|| said.count("ai.usage.inputTokenDetails.cacheReadTokens"))
            .unwrap_or(0),
        cache_write: said.count("ai.usage.inputTokenDetails.cacheWriteTokens").unwrap_or(0),
        reasoning: said.count("ai.usage.reasoningTokens").unwrap_or(0),
        ..Counts::default()
    };
    // The response's id isn't kept in the agent's own database, its counts are.
    let id = unnamed::call_id(&session.id, &[counts.input.unwrap_or(0), counts.cache_read, counts.output.unwrap_or(0), counts.reasoning])
        .or_else(|| Some(step_id("call", &said.text("ai.response.id")?)))
        .unwrap_or_else(|| step_id("span", &span.id.map(|id| hex(&id)).unwrap_or_default()));
    out.step(session, &id, ObservationType::Generation, "model_call", model.as_deref().unwrap_or("model call"), None);
    let text = said.owned("ai.response.text").or_else(|| said.owned("ai.response.toolCalls"));
    let first = said.millis("ai.response.msToFirstChunk").map(|ms| after(start, ms));
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            model,
            usage: counts.buckets(),
            input: said.owned("ai.prompt.messages"),
            output: text.clone(),
            completion_start_time: first,
            ..Observation::default()
        },
    );
    out.conversation(session, start, None, text);
    id
}

fn tool(session: &Session, call: &str, name: &str, said: Said<'_, '_>, out: &mut Statements<'_>) -> Option<String> {
    let call = said.text(call)?;
    let id = step_id("tool", &call);
    let name = said.owned(name).unwrap_or_else(|| "tool".to_owned());
    out.step(session, &id, ObservationType::Tool, "tool_call", &name, None);
    out.note(session, &id, key::TOOL, &name);
    out.note(session, &id, key::CALL, &call);
    Some(id)
}

fn content(session: &Session, id: &str, said: Said<'_, '_>, failed: bool, out: &mut Statements<'_>) {
    let name = said.owned("ai.toolCall.name").unwrap_or_default();
    let arguments = said.owned("ai.toolCall.args");
    let read: Json = arguments.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let result = said.owned("ai.toolCall.result");
    let answer: Json = result.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    out.success(session, id, !failed);
    if name == "bash" {
        if let Some(command) = command_of(&read) {
            out.command(session, id, &command);
        }
        if let Some(code) = answer.pointer("/metadata/exit").and_then(Json::as_i64) {
            out.exit_code(session, id, code, ExitSource::Structured);
            if code != 0 {
                out.say(session, id, Rank::Told.at(), Observation { level: Some(Level::Warning), ..Observation::default() });
            }
        }
    }
    let mut changes = edits::of_arguments(&name, &read);
    if let (Some(diff), [change]) = (answer.pointer("/metadata/diff").and_then(Json::as_str), changes.as_mut_slice()) {
        change.diff = Some(diff.to_owned());
    }
    out.files(session, id, Rank::Told, &changes);
    let output = answer.get("output").and_then(Json::as_str).map(str::to_owned).or(result);
    out.say(session, id, Rank::Whole.at(), Observation { input: arguments, output, ..Observation::default() });
}
