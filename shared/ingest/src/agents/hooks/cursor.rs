//! Cursor's hooks, as its documentation has them. They name the conversation and, by its generation, the turn.
//!
//! The same call comes twice: `postToolUse` names it by id, `afterShellExecution`, `afterMCPExecution` and `afterFileEdit` tell more of it and
//! don't; those are loose tellings that find their twins (`agenttrace_domain::agent::twins`), and stand alone in versions that have no
//! `postToolUse`. No exit code is told, except in a result that has a field for it.

use agenttrace_domain::agent::{Rank, key, step_id};
use agenttrace_domain::{Level, Observation, Timestamp};

use super::call::{self, Ended, ToolCall};
use super::payload::{Payload, arguments, as_text};
use super::{Hook, Reader, payload};
use crate::agents::command::ExitSource;
use crate::agents::{Session, Statements, edits};

pub(super) const READER: Reader = Reader { agent: "cursor", title: "Cursor", about, session, read };
const SHELL: &str = "Shell";

fn about<'h>(event: &Payload<'h>) -> (Option<&'h str>, Option<Timestamp>) {
    (event.text(&["hook_event_name"]), None)
}

fn session<'h>(event: &Payload<'h>) -> Result<Option<&'h str>, &'static str> {
    let id = event.text(&["parent_conversation_id", "conversation_id", "session_id"]);
    id.map(Some).ok_or("`conversation_id` is missing: the payload names no session")
}

fn read(hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    let event = &hook.event;
    let turn = event.text(&["generation_id"]).map(|id| call::turn(session, hook, id, out));
    let parent = turn.as_deref();
    if event.text(&["model"]).is_some_and(|model| model != "default") {
        call::model(session, hook, out);
    }
    match hook.name {
        "sessionStart" => call::session_note(session, hook, key::SESSION_SOURCE, event.text(&["source", "composer_mode"]), out),
        "sessionEnd" => call::session_note(session, hook, key::SESSION_END, event.text(&["reason", "final_status"]), out),
        "beforeSubmitPrompt" => {
            if let Some(turn) = parent {
                call::prompt(session, hook, turn, event.owned(&["prompt"]), out);
            }
        }
        "preToolUse" | "postToolUse" | "postToolUseFailure" => tool(hook, session, parent, out),
        "afterShellExecution" => {
            let command = event.owned(&["command"]);
            let output = event.owned(&["output"]).unwrap_or_default();
            let ended = Ended { exit_code: code(&hook.event), output: Some(output), ..Ended::default() };
            let arguments = serde_json::json!({"command": command});
            loose(hook, session, ToolCall { name: SHELL, parent, arguments, command, ended: Some(ended), ..ToolCall::default() }, out);
        }
        "afterMCPExecution" => {
            let name = event.text(&["tool_name"]).unwrap_or("tool");
            let name = if name.starts_with("MCP:") { name.to_owned() } else { format!("MCP:{name}") };
            let ended = Ended { output: event.get("result_json").map(as_text), success: Some(true), ..Ended::default() };
            let arguments = arguments(event.get("tool_input"));
            loose(hook, session, ToolCall { name: &name, parent, arguments, ended: Some(ended), ..ToolCall::default() }, out);
        }
        "afterFileEdit" => {
            let arguments = serde_json::json!({"file_path": event.get("file_path"), "edits": event.get("edits")});
            let changes = edits::of_arguments("edit", &arguments);
            let ended = Some(Ended { success: Some(true), ..Ended::default() });
            loose(hook, session, ToolCall { name: "Write", parent, arguments, changes, ended, ..ToolCall::default() }, out);
        }
        "subagentStart" | "subagentStop" => subagent(hook, session, parent, out),
        "afterAgentResponse" => call::answer(session, hook, parent, event.owned(&["text"]), out),
        "stop" => stop(hook, session, parent, out),
        "preCompact" => call::event(session, hook, "compaction", Level::Default, event.owned(&["trigger"]), parent, out),
        _ => {}
    }
}

/// Tells a call that has no id.
fn loose(hook: &Hook<'_>, session: &Session, told: ToolCall<'_>, out: &mut Statements<'_>) {
    let id = call::loose_tool_step(session, hook, told.name, &told.arguments);
    let took = hook.event.millis(&["duration", "duration_ms"]);
    ToolCall { id, took, ..told }.tell(session, hook, Rank::Part, out);
}

fn tool(hook: &Hook<'_>, session: &Session, parent: Option<&str>, out: &mut Statements<'_>) {
    let event = &hook.event;
    let Some(call_id) = event.text(&["tool_use_id"]) else { return };
    let name = event.text(&["tool_name"]).unwrap_or("tool");
    let arguments = arguments(event.get("tool_input"));
    let command = call::shell_command(&[SHELL, "run_terminal_cmd"], name, &arguments);
    let ended = match hook.name {
        "postToolUse" => {
            let result = event.get("tool_output").or_else(|| event.get("result_json"));
            let read = payload::arguments(result);
            let exit_code = read.as_object().and_then(|fields| code(&Payload(fields)));
            let output = read.get("output").filter(|_| command.is_some()).or(result).map(as_text);
            Some(Ended { output, success: Some(true), exit_code, ..Ended::default() })
        }
        "postToolUseFailure" => {
            let denied = event.text(&["failure_type"]) == Some("permission_denied");
            Some(Ended {
                success: (!denied).then_some(false),
                error: event.owned(&["error_message", "error"]).or_else(|| event.owned(&["failure_type"])),
                denied_by: denied.then(|| "user".to_owned()),
                ..Ended::default()
            })
        }
        _ => None,
    };
    let changes = edits::of_arguments(name, &arguments);
    let id = call::tool_step(call_id);
    let took = event.millis(&["duration", "duration_ms"]);
    if ended.is_some() {
        // The whole text of a file says less of a change than the edits in `afterFileEdit`.
        out.files(session, &id, Rank::Hint, &changes);
    }
    ToolCall { id, call_id: Some(call_id), name, parent, arguments, command, ended, took, ..ToolCall::default() }.tell(
        session,
        hook,
        Rank::Told,
        out,
    );
}

/// An exit code in a field of its own.
fn code(result: &Payload<'_>) -> Option<(i64, ExitSource)> {
    ["exit_code", "exitCode"].iter().find_map(|name| result.get(name)?.as_i64()).map(|code| (code, ExitSource::Structured))
}

fn subagent(hook: &Hook<'_>, session: &Session, turn: Option<&str>, out: &mut Statements<'_>) {
    let event = &hook.event;
    let Some(agent_id) = event.text(&["subagent_id", "agent_id"]) else { return };
    let id = call::subagent(session, hook, agent_id, event.text(&["subagent_type"]), turn, out);
    if let Some(started_by) = event.text(&["tool_call_id"]) {
        out.parent(session, &id, Rank::Told, &step_id("tool", started_by));
    }
    let ended = hook.name == "subagentStop";
    let failed = event.text(&["status"]) == Some("error");
    out.say(
        session,
        &id,
        Rank::Told.at(),
        Observation {
            input: event.owned(&["task"]),
            output: event.owned(&["summary"]).filter(|_| ended),
            end_time: ended.then_some(hook.at),
            level: failed.then_some(Level::Error),
            status_message: event.owned(&["error_message"]),
            ..Observation::default()
        },
    );
}

/// The loop has ended: as it should, because a person stopped it, or with an error.
fn stop(hook: &Hook<'_>, session: &Session, turn: Option<&str>, out: &mut Statements<'_>) {
    let level = match hook.event.text(&["status"]) {
        Some("error") => Level::Error,
        Some("aborted") => Level::Warning,
        _ => return,
    };
    let Some(turn) = turn else { return };
    let status_message = hook.event.owned(&["error_message"]).or_else(|| hook.event.owned(&["status"]));
    out.say(session, turn, Rank::Told.at(), Observation { level: Some(level), status_message, ..Observation::default() });
}
