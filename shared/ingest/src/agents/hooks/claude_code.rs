//! Claude Code's hooks. They name prompts and tool calls as its telemetry does, and tell whole what the telemetry cuts.
//!
//! No hook carries an exit code: a command whose call succeeded ended with 0, unless the agent reads another code as no failure
//! (`returnCodeInterpretation`: grep found nothing); a failed one's is the first line of the error. A subagent that works in the background
//! reports back as a prompt that nobody typed.

use agenttrace_domain::agent::{Rank, key};
use agenttrace_domain::{Level, Observation, Timestamp};
use serde_json::Value as Json;

use super::call::{self, Ended, ToolCall};
use super::payload::{Payload, arguments, as_text};
use super::{Hook, Reader};
use crate::agents::command::ExitSource;
use crate::agents::{Session, Statements, edits};

pub(super) const READER: Reader = Reader { agent: "claude-code", title: "Claude Code", about, session, read };
const SHELLS: &[&str] = &["Bash", "PowerShell"];

pub(super) fn about<'h>(event: &Payload<'h>) -> (Option<&'h str>, Option<Timestamp>) {
    (event.text(&["hook_event_name"]), None)
}

pub(super) fn session<'h>(event: &Payload<'h>) -> Result<Option<&'h str>, &'static str> {
    event.text(&["session_id"]).map(Some).ok_or("`session_id` is missing: the payload names no session")
}

fn read(hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    let event = &hook.event;
    let turn = event.text(&["prompt_id"]).map(|id| call::turn(session, hook, id, out));
    let subagent = event.text(&["agent_id"]).map(|id| call::subagent(session, hook, id, event.text(&["agent_type"]), turn.as_deref(), out));
    let parent = subagent.as_deref().or(turn.as_deref());
    match hook.name {
        "SessionStart" => {
            call::session_note(session, hook, key::SESSION_SOURCE, event.text(&["source"]), out);
            call::model(session, hook, out);
        }
        "SessionEnd" => call::session_note(session, hook, key::SESSION_END, event.text(&["reason"]), out),
        "UserPromptSubmit" => {
            let text = event.owned(&["prompt"]).filter(|text| !text.trim_start().starts_with("<task-notification>"));
            if let (Some(turn), Some(text)) = (&turn, text) {
                call::prompt(session, hook, turn, Some(text), out);
            }
        }
        "PreToolUse" | "PostToolUse" | "PostToolUseFailure" | "PermissionDenied" => tool(hook, session, parent, out),
        "SubagentStop" => {
            if let Some(subagent) = &subagent {
                let output = event.owned(&["last_assistant_message"]);
                out.say(session, subagent, Rank::Told.at(), Observation { output, end_time: Some(hook.at), ..Observation::default() });
            }
        }
        "Stop" => call::answer(session, hook, turn.as_deref(), event.owned(&["last_assistant_message"]), out),
        "StopFailure" => call::event(session, hook, "stop_failure", Level::Error, event.get("error").map(as_text), parent, out),
        "PostCompact" => call::event(session, hook, "compaction", Level::Default, event.owned(&["trigger"]), parent, out),
        _ => {}
    }
}

fn tool(hook: &Hook<'_>, session: &Session, parent: Option<&str>, out: &mut Statements<'_>) {
    let event = &hook.event;
    let Some(call_id) = event.text(&["tool_use_id"]) else { return };
    let name = event.text(&["tool_name"]).unwrap_or("tool");
    let arguments = arguments(event.get("tool_input"));
    let response = event.get("tool_response");
    let command = call::shell_command(SHELLS, name, &arguments);
    let changes = changes(name, &arguments, response);
    let ended = match hook.name {
        "PostToolUse" => Some(Ended {
            output: response.map(output),
            success: Some(true),
            exit_code: response.filter(|response| ended_well(response)).map(|_| (0, ExitSource::Text)),
            ..Ended::default()
        }),
        "PostToolUseFailure" => {
            let error = event.owned(&["error"]).unwrap_or_default();
            let code = exit_code(&error);
            Some(Ended {
                success: Some(false),
                exit_code: code.map(|code| (code, ExitSource::Text)),
                error: error.lines().next().map(str::to_owned),
                output: Some(error),
                ..Ended::default()
            })
        }
        "PermissionDenied" => Some(Ended { error: event.owned(&["reason"]), denied_by: Some("config".to_owned()), ..Ended::default() }),
        _ => None,
    };
    let id = call::tool_step(call_id);
    // The subagent that this call started.
    if let Some(started) = response.and_then(|response| response.get("agentId")).and_then(Json::as_str) {
        let subagent = call::subagent(session, hook, started, None, None, out);
        out.parent(session, &subagent, Rank::Told, &id);
    }
    // A patch of the agent's own is exact, and so is what a new file holds.
    let whole = ended.is_some() && !changes.is_empty();
    let took = event.millis(&["duration_ms"]);
    ToolCall { id: id.clone(), call_id: Some(call_id), name, parent, arguments, command, ended, took, ..ToolCall::default() }.tell(
        session,
        hook,
        Rank::Told,
        out,
    );
    if whole {
        out.files(session, &id, Rank::Whole, &changes);
    }
}

/// What the model gets of a result.
fn output(response: &Json) -> String {
    let text = |name: &str| response.get(name).and_then(Json::as_str).filter(|text| !text.is_empty());
    match (text("stdout"), text("stderr")) {
        (None, None) if response.get("stdout").is_some() => String::new(),
        (None, None) => response.pointer("/file/content").map_or_else(|| as_text(response), as_text),
        (stdout, stderr) => [stdout, stderr].into_iter().flatten().collect::<Vec<_>>().join("\n"),
    }
}

/// Did a command end, and with 0? Not one that goes on in the background, was interrupted, or whose code was explained.
fn ended_well(response: &Json) -> bool {
    let said = |name: &str| response.get(name).is_some_and(|value| !value.is_null());
    let interrupted = response.get("interrupted").and_then(Json::as_bool) == Some(true);
    said("stdout") && !interrupted && !said("returnCodeInterpretation") && !said("backgroundTaskId")
}

fn exit_code(error: &str) -> Option<i64> {
    error.lines().next()?.trim().strip_prefix("Exit code ")?.trim().parse().ok()
}

fn changes(name: &str, arguments: &Json, response: Option<&Json>) -> Vec<agenttrace_domain::agent::FileChange> {
    let hunks =
        response.and_then(|response| response.get("structuredPatch")).filter(|hunks| hunks.as_array().is_some_and(|h| !h.is_empty()));
    let path = ["filePath", "file_path"].iter().find_map(|name| response?.get(name).or_else(|| arguments.get(name))?.as_str());
    let patched = hunks.zip(path).and_then(|(hunks, path)| edits::of_structured_patch(path, &hunks.to_string()));
    patched.map_or_else(|| edits::of_arguments(name, arguments), |change| vec![change])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exit_code_is_read_or_unknown_never_made_up() {
        for (error, expected) in [
            ("Exit code 3\n1 bad price", Some(3)),
            ("Exit code 127", Some(127)),
            ("Exit code x", None),
            ("\nExit code 1", None),
            ("", None),
        ] {
            assert_eq!(exit_code(error), expected, "{error}");
        }
        for (response, expected) in [
            (r#"{"stdout":"","stderr":"","interrupted":false}"#, true),
            (r#"{"stdout":"","interrupted":false,"returnCodeInterpretation":"No matches found"}"#, false),
            (r#"{"stdout":"","interrupted":true}"#, false),
            (r#"{"stdout":"","backgroundTaskId":"b1"}"#, false),
            (r#"{"type":"text"}"#, false),
            (r#""text""#, false),
        ] {
            assert_eq!(ended_well(&serde_json::from_str(response).expect("JSON")), expected, "{response}");
        }
    }
}
