//! Copilot CLI's hooks. They name the session, and with telemetry on the span of the agent that runs, which is the turn; of a tool call they
//! name nothing: it is told by the hook after it, and finds its twin among the spans (`agenttrace_domain::agent::twins`).
//!
//! A subagent's hooks bear its own id as session, and the session as its parent. A command's exit code stands in the last line of its text.

use agenttrace_domain::agent::{Rank, key, step_id};
use agenttrace_domain::{Level, Observation, Timestamp};
use serde_json::Value as Json;

use super::call::{self, Ended, ToolCall};
use super::payload::{Payload, arguments, as_text};
use super::{Hook, Reader};
use crate::agents::command::ExitSource;
use crate::agents::{Session, Statements, edits};

pub(super) const READER: Reader = Reader { agent: "copilot-cli", title: "Copilot CLI", about, session, read };
const SHELLS: &[&str] = &["bash", "powershell"];

/// The payload doesn't name its event, except for some.
fn about<'h>(event: &Payload<'h>) -> (Option<&'h str>, Option<Timestamp>) {
    let told = event.text(&["hookName", "hook_event_name", "hookEventName"]);
    let first = |names: &[&str]| names.iter().any(|name| event.get(name).is_some());
    let name = told.or_else(|| {
        Some(match () {
            () if first(&["toolResult"]) => "postToolUse",
            () if first(&["toolName"]) && first(&["error"]) => "postToolUseFailure",
            () if first(&["toolName"]) => "preToolUse",
            () if first(&["errorContext"]) => "errorOccurred",
            () if first(&["prompt"]) => "userPromptSubmitted",
            () if first(&["source"]) => "sessionStart",
            () if first(&["reason"]) => "sessionEnd",
            () if first(&["response"]) => "subagentStop",
            () => return None,
        })
    });
    (name, event.time("timestamp"))
}

fn session<'h>(event: &Payload<'h>) -> Result<Option<&'h str>, &'static str> {
    let parent = event.text(&["agentId"]).and_then(|_| event.text(&["parentAgentId"]));
    parent.or_else(|| event.text(&["sessionId", "session_id"])).map(Some).ok_or("`sessionId` is missing: the payload names no session")
}

/// The span that runs, by the payload's `traceparent`.
fn span<'h>(hook: &Hook<'h>) -> Option<&'h str> {
    let span = hook.event.text(&["traceparent"])?.split('-').nth(2)?;
    (span.len() == 16 && span.bytes().all(|b| b.is_ascii_hexdigit())).then_some(span)
}

fn read(hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    let event = &hook.event;
    let agent_id = event.text(&["agentId"]);
    // The event of the payload that the agent doesn't name is told by the fields; the envelope's word is better.
    let name = hook.envelope.event_name.as_deref().unwrap_or(hook.name);
    match (name, agent_id) {
        ("sessionStart", _) => call::session_note(session, hook, key::SESSION_SOURCE, event.text(&["source"]), out),
        ("sessionEnd", None) => call::session_note(session, hook, key::SESSION_END, event.text(&["reason"]), out),
        ("userPromptSubmitted", None) => {
            let turn = match span(hook) {
                Some(span) => {
                    let id = step_id("span", span);
                    call::begun_turn(session, hook, &id, out);
                    id
                }
                None => call::loose_turn(session, hook, out),
            };
            call::prompt(session, hook, &turn, event.owned(&["prompt"]), out);
        }
        ("userPromptSubmitted", Some(agent)) => {
            let id = subagent_step(hook, agent);
            call::begun_subagent(session, hook, &id, event.text(&["agentType", "agentName"]), out);
            out.parent(session, &id, Rank::Hint, &session.trace_id);
            out.note(session, &id, key::SUBAGENT, agent);
            out.say(session, &id, Rank::Part.at(), Observation { input: event.owned(&["prompt"]), ..Observation::default() });
        }
        ("subagentStop", Some(agent)) if span(hook).is_none() => {
            let id = step_id("agent", agent);
            call::begun_subagent(session, hook, &id, event.text(&["agentType", "agentName"]), out);
            out.say(session, &id, Rank::Part.at(), Observation { output: event.owned(&["response"]), ..Observation::default() });
        }
        ("postToolUse" | "postToolUseFailure", agent) => tool(hook, session, agent, out),
        // With telemetry on the failed call is a span.
        ("errorOccurred", _) if span(hook).is_none() => {
            let text = event.get("error").map(|error| error.get("message").map_or_else(|| as_text(error), as_text));
            let level = if event.flag("recoverable") == Some(true) { Level::Warning } else { Level::Error };
            call::event(session, hook, "api_error", level, text, None, out);
        }
        _ => {}
    }
}

/// A subagent is a span of the telemetry; without telemetry its own id is all there is.
fn subagent_step(hook: &Hook<'_>, agent: &str) -> String {
    span(hook).map_or_else(|| step_id("agent", agent), |span| step_id("span", span))
}

fn tool(hook: &Hook<'_>, session: &Session, agent: Option<&str>, out: &mut Statements<'_>) {
    let event = &hook.event;
    let name = event.text(&["toolName", "tool_name"]).unwrap_or("tool");
    let arguments = arguments(event.get("toolArgs").or_else(|| event.get("tool_input")));
    let result = event.object("toolResult").or_else(|| event.object("tool_result"));
    let kind = result.and_then(|result| result.text(&["resultType", "result_type"]));
    let told = result.and_then(|result| result.owned(&["textResultForLlm", "text_result_for_llm"]));
    let error = event.get("error").map(|error| error.get("message").map_or_else(|| as_text(error), as_text));
    let command = call::shell_command(SHELLS, name, &arguments);
    let exit_code = told.as_deref().filter(|_| command.is_some()).and_then(exit_code).map(|code| (code, ExitSource::Text));
    let denied = kind == Some("denied");
    let success = error.is_none() && kind.is_none_or(|kind| kind == "success");
    let ended = Ended {
        success: (!denied).then_some(success),
        exit_code,
        output: told.or_else(|| error.clone()),
        error,
        denied_by: denied.then(|| "user".to_owned()),
    };
    let changes = match (name, &arguments) {
        ("apply_patch", Json::String(patch)) => edits::of_patch(patch),
        _ => edits::of_arguments(name, &arguments),
    };
    let parent = match (agent, span(hook)) {
        (_, Some(span)) => Some(step_id("span", span)),
        (Some(agent), None) => Some(step_id("agent", agent)),
        (None, None) => None,
    };
    let id = call::loose_tool_step(session, hook, name, &arguments);
    ToolCall { id, name, parent: parent.as_deref(), arguments, command, changes, ended: Some(ended), ..ToolCall::default() }.tell(
        session,
        hook,
        Rank::Part,
        out,
    );
}

/// `<shellId: 0 completed with exit code 1>`, the last line.
fn exit_code(told: &str) -> Option<i64> {
    let last = told.trim_end().lines().next_back()?;
    last.strip_prefix("<shellId: ")?.strip_suffix('>')?.split_once(" completed with exit code ")?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_tells_the_exit_code() {
        for (told, expected) in [
            ("x\n<shellId: 0 completed with exit code 3>", Some(3)),
            ("<shellId: 0 completed with exit code 3>\nmore", None),
            ("<shellId: 0 is still running>", None),
            ("", None),
        ] {
            assert_eq!(exit_code(told), expected, "{told}");
        }
    }
}
