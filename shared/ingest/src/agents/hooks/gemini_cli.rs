//! Gemini CLI's hooks. They name the session and nothing in it: a prompt is a turn of its time, a tool call is told by the hook after it, of
//! its time, name and arguments, and finds its twin in the telemetry (`agenttrace_domain::agent::twins`).
//!
//! A command's exit code stands below its output, only when it isn't 0. `PreCompress` runs before every model call and says nothing.

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{FileChange, Rank, key};
use serde_json::Value as Json;

use super::call::{self, Ended, ToolCall};
use super::payload::{Payload, arguments, as_text};
use super::{Hook, Reader, claude_code};
use crate::agents::command::ExitSource;
use crate::agents::{Session, Statements, edits};

pub(super) const READER: Reader = Reader { agent: "gemini-cli", title: "Gemini CLI", about, session: claude_code::session, read };
const SHELLS: &[&str] = &["run_shell_command"];

fn about<'h>(event: &Payload<'h>) -> (Option<&'h str>, Option<Timestamp>) {
    (event.text(&["hook_event_name"]), event.time("timestamp"))
}

fn read(hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    let event = &hook.event;
    match hook.name {
        "SessionStart" => call::session_note(session, hook, key::SESSION_SOURCE, event.text(&["source"]), out),
        "SessionEnd" => call::session_note(session, hook, key::SESSION_END, event.text(&["reason"]), out),
        "BeforeAgent" => {
            let turn = call::loose_turn(session, hook, out);
            call::prompt(session, hook, &turn, event.owned(&["prompt"]), out);
        }
        "AfterAgent" => call::answer(session, hook, None, event.owned(&["prompt_response"]), out),
        "AfterTool" => tool(hook, session, out),
        _ => {}
    }
}

fn tool(hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    let event = &hook.event;
    let name = event.text(&["tool_name"]).unwrap_or("tool");
    let arguments = arguments(event.get("tool_input"));
    let response = event.object("tool_response");
    let told = response.and_then(|response| response.get("llmContent")).map(as_text);
    let error =
        response.and_then(|response| response.get("error")).map(|error| error.get("message").map_or_else(|| as_text(error), as_text));
    let command = call::shell_command(SHELLS, name, &arguments);
    let exit_code = told.as_deref().filter(|_| command.is_some()).and_then(exit_code).map(|code| (code, ExitSource::Text));
    let ended = Ended { success: Some(error.is_none()), exit_code, output: told, error, ..Ended::default() };
    let changes = changes(name, &arguments, response.and_then(|response| response.get("returnDisplay")));
    let id = call::loose_tool_step(session, hook, name, &arguments);
    ToolCall { id, name, arguments, command, changes, ended: Some(ended), ..ToolCall::default() }.tell(session, hook, Rank::Part, out);
}

/// What stands below a command's output.
const BELOW: &[&str] = &["</untrusted_context>", "Exit Code: ", "Signal: ", "Process Group PGID: ", "Background PIDs: ", "Error: "];

/// The exit code of a command, which is told when it isn't 0. `None` when it didn't end by itself, or isn't told to have ended.
fn exit_code(told: &str) -> Option<i64> {
    let mut code = 0;
    let mut ended = false;
    for line in told.lines().rev().map(str::trim_end) {
        if line.is_empty() {
            continue;
        }
        let Some(below) = BELOW.iter().find(|below| line.starts_with(*below)) else { break };
        match *below {
            "Exit Code: " => code = line.strip_prefix(below)?.trim().parse().ok()?,
            "Process Group PGID: " => ended = true,
            "Signal: " | "Background PIDs: " | "Error: " => return None,
            _ => {}
        }
    }
    (ended || code != 0).then_some(code)
}

/// The arguments say what was to change, the display what did.
fn changes(name: &str, arguments: &Json, display: Option<&Json>) -> Vec<FileChange> {
    let mut changes = edits::of_arguments(name, arguments);
    if let ([change], Some(display)) = (changes.as_mut_slice(), display) {
        let count = |name: &str| display.pointer(&format!("/diffStat/{name}")).and_then(Json::as_u64);
        if let (Some(added), Some(removed)) = (count("model_added_lines"), count("model_removed_lines")) {
            (change.lines_added, change.lines_removed) = (Some(added), Some(removed));
        }
        if let Some(diff) = display.get("fileDiff").and_then(Json::as_str) {
            change.diff = Some(diff.to_owned());
        }
        if display.get("isNewFile").and_then(Json::as_bool) == Some(false) && change.operation == "CREATE" {
            change.operation = "UPDATE".to_owned();
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_below_the_output_is_the_exit_code() {
        for (told, expected) in [
            ("<untrusted_context>\nOutput: x\nExit Code: 3\nProcess Group PGID: 85\n</untrusted_context>", Some(3)),
            ("<untrusted_context>\nOutput: x\nProcess Group PGID: 85\n</untrusted_context>", Some(0)),
            ("<untrusted_context>\nOutput: Exit Code: 7\nmore\nProcess Group PGID: 85\n</untrusted_context>", Some(0)),
            ("Output: x\nSignal: 9\nProcess Group PGID: 85", None),
            ("Output: x\nBackground PIDs: 12\nProcess Group PGID: 85", None),
            ("Command was refused", None),
            ("", None),
        ] {
            assert_eq!(exit_code(told), expected, "{told}");
        }
    }
}
