//! Codex' hooks. They name turns and tool calls; its log events name the calls only, so that a logged prompt finds the turn of its hook as
//! its twin (`agenttrace_domain::agent::twins`).
//!
//! Of a command they tell the bare output and no exit code, and the tool by another name than the log: so everything of a call is told at a
//! lower rank. A call that a hook blocks is told here alone.

use agenttrace_domain::agent::{Rank, key};
use agenttrace_domain::{Level, Observation};
use serde_json::Value as Json;

use super::call::{self, Ended, ToolCall};
use super::payload::{arguments, as_text};
use super::{Hook, Reader, claude_code};
use crate::agents::command::framed;
use crate::agents::{Session, Statements, edits};

pub(super) const READER: Reader = Reader { agent: "codex", title: "Codex", about: claude_code::about, session: claude_code::session, read };
const SHELLS: &[&str] = &["Bash", "exec_command", "shell", "local_shell"];

fn read(hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    let event = &hook.event;
    let turn = event.text(&["turn_id"]).map(|id| call::turn(session, hook, id, out));
    let subagent = event.text(&["agent_id"]).map(|id| call::subagent(session, hook, id, event.text(&["agent_type"]), turn.as_deref(), out));
    let parent = subagent.as_deref().or(turn.as_deref());
    call::model(session, hook, out);
    match hook.name {
        "SessionStart" => call::session_note(session, hook, key::SESSION_SOURCE, event.text(&["source"]), out),
        "SessionEnd" => call::session_note(session, hook, key::SESSION_END, event.text(&["reason"]), out),
        "UserPromptSubmit" => {
            if let Some(turn) = &turn {
                call::prompt(session, hook, turn, event.owned(&["prompt"]), out);
            }
        }
        "PreToolUse" | "PostToolUse" | "PostToolUseFailure" => tool(hook, session, parent, out),
        "SubagentStop" => {
            if let Some(subagent) = &subagent {
                let output = event.owned(&["last_assistant_message"]);
                out.say(session, subagent, Rank::Told.at(), Observation { output, end_time: Some(hook.at), ..Observation::default() });
            }
        }
        "Stop" => call::answer(session, hook, turn.as_deref(), event.owned(&["last_assistant_message"]), out),
        "StopFailure" => call::event(session, hook, "stop_failure", Level::Error, event.get("error").map(as_text), parent, out),
        "Interrupt" => call::event(session, hook, "interrupt", Level::Warning, event.owned(&["reason"]), parent, out),
        "PostCompact" => call::event(session, hook, "compaction", Level::Default, event.owned(&["trigger"]), parent, out),
        _ => {}
    }
}

fn tool(hook: &Hook<'_>, session: &Session, parent: Option<&str>, out: &mut Statements<'_>) {
    let event = &hook.event;
    let Some(call_id) = event.text(&["tool_use_id"]) else { return };
    let name = event.text(&["tool_name"]).unwrap_or("tool");
    let arguments = arguments(event.get("tool_input"));
    let patch = arguments.get("command").and_then(Json::as_str).filter(|_| name == "apply_patch");
    let changes = patch.map_or_else(|| edits::of_arguments(name, &arguments), edits::of_patch);
    let command = call::shell_command(SHELLS, name, &arguments);
    let ended = (hook.name != "PreToolUse").then(|| {
        let output = event.get("tool_response").or_else(|| event.get("error")).map(as_text);
        // A patch says how it went; a command's text is its own.
        let patched = output.as_deref().filter(|_| name == "apply_patch").and_then(|output| framed(output).exit_code);
        let failed = (hook.name == "PostToolUseFailure").then_some(false);
        Ended { output, success: failed.or(patched.map(|code| code == 0)), ..Ended::default() }
    });
    let id = call::tool_step(call_id);
    ToolCall { id, call_id: Some(call_id), name, parent, arguments, command, changes, ended, took: event.millis(&["duration_ms"]) }.tell(
        session,
        hook,
        Rank::Part,
        out,
    );
}
