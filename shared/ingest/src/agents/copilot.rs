//! Spans of Copilot CLI and of VS Code's Copilot Chat (`github.copilot`): `invoke_agent` > `chat`, `execute_tool`.
//!
//! Only `chat` spans carry tokens that count: an agent's span repeats the sum of its own chats. They also name the turn, as the transcript does. `gen_ai.usage.input_tokens` contains the cache.
//! `github.copilot.cost` is a multiplier and no money.

use agenttrace_domain::agent::{Rank, key, step_id};
use agenttrace_domain::{Level, Observation, ObservationType, Timestamp};
use serde_json::Value as Json;

use super::command::ExitSource;
use super::spans::{AgentSpans, ParentOf, times};
use super::{Said, Session, Statements, after, edits};
use crate::mapping::hex;
use crate::otlp::Span;
use crate::usage::Counts;

/// Reads a span; `false` when it names no conversation and must be read as any other span.
pub(super) fn span(span: &Span<'_>, resource: Said<'_, '_>, spans: &mut AgentSpans, out: &mut Statements<'_>) -> bool {
    let said = Said(&span.attributes);
    let (Some(id), Some(span_id), Some((start, end))) = (said.text("gen_ai.conversation.id"), span.id.map(|id| hex(&id)), times(span))
    else {
        return false;
    };
    let (agent, title) = if resource.text("service.name").as_deref() == Some("copilot-chat") {
        ("copilot-chat", "Copilot Chat")
    } else {
        ("copilot-cli", "Copilot CLI")
    };
    let session = Session::new(agent, title, &id, said, resource);
    out.session(&session, start);
    out.seen(&session, &session.trace_id.clone(), end.unwrap_or(start));
    let parent = span.parent_id.map(|id| hex(&id));
    let observed = Observation { start_time: Some(start), end_time: end, ..Observation::default() };
    let failed = span.status_code == 2 || said.get("error.type").is_some();
    let error = Some(span.status_message.as_ref()).filter(|m| !m.is_empty()).map(str::to_owned).or_else(|| said.owned("error.type"));
    let outcome = Observation {
        level: Some(if failed { Level::Error } else { Level::Default }),
        status_message: error.filter(|_| failed),
        ..Observation::default()
    };
    let operation = said.owned("gen_ai.operation.name").unwrap_or_default();
    let step = match operation.as_str() {
        "invoke_agent" => {
            if let (None, Some(end)) = (&parent, end) {
                let answer = said.text("gen_ai.output.messages").and_then(|messages| answer(&messages));
                out.conversation(&session, end, None, answer);
            }
            agent_step(&session, &span_id, said, parent.as_deref(), spans, out)
        }
        "chat" => chat(&session, &span_id, said, failed, out),
        "execute_tool" => tool(&session, &span_id, said, failed, out),
        _ => return true,
    };
    spans.is(&span_id, &step);
    out.say(&session, &step, Rank::Told.at(), outcome);
    out.say(&session, &step, Rank::Whole.at(), observed);
    if operation != "invoke_agent"
        && let Some(parent) = parent
    {
        // Chats and tools stand below an agent's span, whose step has the span's id.
        out.parent(&session, &step, Rank::Part, &step_id("span", &parent));
    }
    if operation == "chat"
        && let (Some(interaction), Some(run)) = (said.text("github.copilot.interaction_id"), span.parent_id.map(|id| hex(&id)))
    {
        turn(&session, &interaction, &run, said, start, out);
        for at in [Some(start), end].into_iter().flatten() {
            out.seen(&session, &step_id("turn", &interaction), at);
        }
    }
    if operation == "chat"
        && let Some(seconds) = said.number("gen_ai.response.time_to_first_chunk").filter(|s| (0.0..1e6).contains(s))
    {
        #[allow(clippy::cast_possible_truncation)]
        let first = after(start, (seconds * 1e6) as i64);
        out.say(&session, &step, Rank::Whole.at(), Observation { completion_start_time: Some(first), ..Observation::default() });
    }
    true
}

/// The turn that a call belongs to, which the transcript names alike. The span of the agent's run knows no interaction: it is told to be the turn's by
/// the calls in it.
fn turn(session: &Session, interaction: &str, run: &str, said: Said<'_, '_>, at: Timestamp, out: &mut Statements<'_>) {
    let (id, run) = (step_id("turn", interaction), step_id("span", run));
    out.step(session, &id, ObservationType::Span, "turn", "turn", None);
    out.note(session, &id, key::TURN, interaction);
    out.parent(session, &run, Rank::Told, &id);
    out.note_at(session, &run, Rank::Whole, key::RECORD, "interaction");
    if said.text("github.copilot.initiator").is_some_and(|who| who == "user") {
        let input = said.text("gen_ai.input.messages").and_then(|messages| prompt(&messages));
        out.say(session, &id, Rank::Hint.at(), Observation { input: input.clone(), ..Observation::default() });
        out.conversation(session, at, input, None);
    }
}

/// The last thing that a person said, without what the agent puts before it.
fn prompt(messages: &str) -> Option<String> {
    let messages: Vec<Json> = serde_json::from_str(messages).ok()?;
    let last = messages.iter().rfind(|message| message["role"] == "user")?;
    let text: Vec<&str> = last["parts"].as_array()?.iter().filter_map(|part| part["content"].as_str()).collect();
    let text = text.join("\n");
    let said = match text.strip_prefix("<current_datetime>") {
        Some(rest) => rest.split_once("</current_datetime>").map_or(rest, |(_, said)| said).trim_start(),
        None => &text,
    };
    Some(said.to_owned()).filter(|said| !said.is_empty())
}

/// The last thing that the agent said.
fn answer(messages: &str) -> Option<String> {
    let messages: Vec<Json> = serde_json::from_str(messages).ok()?;
    let parts = messages.last()?["parts"].as_array()?;
    let text: Vec<&str> = parts.iter().filter(|part| part["type"] == "text").filter_map(|part| part["content"].as_str()).collect();
    Some(text.join("\n")).filter(|said| !said.is_empty())
}

fn agent_step(
    session: &Session,
    span_id: &str,
    said: Said<'_, '_>,
    parent: Option<&str>,
    spans: &mut AgentSpans,
    out: &mut Statements<'_>,
) -> String {
    let id = step_id("span", span_id);
    let (input, output) = (said.owned("gen_ai.input.messages"), said.owned("gen_ai.output.messages"));
    match said.text("gen_ai.agent.name").filter(|_| parent.is_some()) {
        Some(name) => out.step(session, &id, ObservationType::Agent, "subagent", &name, None),
        None => out.step(session, &id, ObservationType::Span, "turn", "turn", None),
    }
    out.say(session, &id, Rank::Told.at(), Observation { input, output, ..Observation::default() });
    for (name, word) in [
        ("github.copilot.git.repository", key::REPOSITORY),
        ("github.copilot.git.branch", key::BRANCH),
        ("github.copilot.git.commit_sha", "vcs.ref.base.revision"),
    ] {
        out.note(session, &id, word, &said.text(name).unwrap_or_default());
    }
    if let Some(parent) = parent {
        spans.wants(ParentOf { session: session.clone(), step: id.clone(), parent_span: parent.to_owned() });
    }
    id
}

fn chat(session: &Session, span_id: &str, said: Said<'_, '_>, failed: bool, out: &mut Statements<'_>) -> String {
    let id = said.text("gen_ai.response.id").map_or_else(|| step_id("span", span_id), |id| step_id("call", &id));
    let model = said.owned("gen_ai.response.model").or_else(|| said.owned("gen_ai.request.model"));
    out.step(session, &id, ObservationType::Generation, "model_call", model.as_deref().unwrap_or("model call"), None);
    let counts = Counts {
        input: said.count("gen_ai.usage.input_tokens"),
        output: said.count("gen_ai.usage.output_tokens"),
        cache_read: said.count("gen_ai.usage.cache_read.input_tokens").unwrap_or(0),
        cache_write: said
            .count("gen_ai.usage.cache_write.input_tokens")
            .or_else(|| said.count("gen_ai.usage.cache_creation.input_tokens"))
            .unwrap_or(0),
        reasoning: said.count("gen_ai.usage.reasoning.output_tokens").unwrap_or(0),
        ..Counts::default()
    };
    let usage = if failed && counts.input.is_none() { Vec::new() } else { counts.buckets() };
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            model,
            usage,
            input: said.owned("gen_ai.input.messages"),
            output: said.owned("gen_ai.output.messages"),
            ..Observation::default()
        },
    );
    id
}

fn tool(session: &Session, span_id: &str, said: Said<'_, '_>, failed: bool, out: &mut Statements<'_>) -> String {
    let call = said.text("gen_ai.tool.call.id");
    let id = call.as_deref().map_or_else(|| step_id("span", span_id), |call| step_id("tool", call));
    let name = said.owned("gen_ai.tool.name").unwrap_or_else(|| "tool".to_owned());
    out.step(session, &id, ObservationType::Tool, "tool_call", &name, None);
    out.note(session, &id, key::TOOL, &name);
    out.note(session, &id, key::CALL, &call.unwrap_or_default());
    out.success(session, &id, !failed);
    let arguments = said.owned("gen_ai.tool.call.arguments");
    let read: Json = arguments.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let command = said.owned("github.copilot.tool.parameters.command").or_else(|| super::command::command_of(&read));
    if let Some(code) = said.number("process.exit.code") {
        #[allow(clippy::cast_possible_truncation)]
        out.exit_code(session, &id, code as i64, ExitSource::Structured);
        if code != 0.0 && !failed {
            out.say(session, &id, Rank::Whole.at(), Observation { level: Some(Level::Warning), ..Observation::default() });
        }
        // Without content the command isn't told, but that one ran is.
        match &command {
            Some(command) => out.command(session, &id, command),
            None => out.note_at(session, &id, Rank::Hint, key::COMMAND, "(not recorded)"),
        }
    }
    let changes = match (name.as_str(), arguments.as_deref()) {
        ("apply_patch", Some(patch)) => edits::of_patch(patch),
        _ => edits::of_arguments(&name, &read),
    };
    out.files(session, &id, Rank::Told, &changes);
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation { input: arguments, output: said.owned("gen_ai.tool.call.result"), ..Observation::default() },
    );
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_what_was_said_last_without_the_calls_beside_it() {
        let said = |parts: &str| {
            answer(&format!(
                r#"[{{"role":"assistant","parts":[{{"type":"text","content":"before"}}]}},{{"role":"assistant","parts":[{parts}]}}]"#
            ))
        };

        assert_eq!(said(r#"{"type":"text","content":"Done."},{"type":"tool_call","name":"bash"}"#).as_deref(), Some("Done."));
        assert_eq!(said(r#"{"type":"tool_call","name":"bash"}"#), None);
        assert_eq!(answer("[]").or_else(|| answer("cut …")), None);
    }
}
