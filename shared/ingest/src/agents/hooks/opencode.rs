//! What a plugin of OpenCode hears: its own hooks (`chat.message`, `tool.execute.before`, `tool.execute.after`) and the events of the bus.
//!
//! A payload is the bus' event (`{type, properties}`, or that as `event`), or a hook's `{input, output}` with its name as `kind` or in the
//! envelope. Tool calls are named as in the spans, prompts by their message. A subagent is a session of its own with a trace of its own, shown
//! with the one that started it. Most of what the bus says is of no interest, and some of it of no session.

use agenttrace_domain::agent::{FileChange, Rank, key};
use agenttrace_domain::{Level, Observation, Timestamp, Trace};
use serde_json::Value as Json;

use super::call::{self, Ended, ToolCall};
use super::payload::{Payload, arguments, as_text};
use super::{Hook, Reader};
use crate::agents::command::ExitSource;
use crate::agents::{Session, Statements, edits};

pub(super) const READER: Reader = Reader { agent: "opencode", title: "OpenCode", about, session, read };
const SHELLS: &[&str] = &["bash"];

/// The bus' event, when it is one.
fn bus<'h>(event: &Payload<'h>) -> Option<Payload<'h>> {
    event.object("event").or_else(|| event.object("properties").map(|_| Payload(event.0)))
}

fn properties<'h>(event: &Payload<'h>) -> Option<Payload<'h>> {
    bus(event)?.object("properties")
}

fn about<'h>(event: &Payload<'h>) -> (Option<&'h str>, Option<Timestamp>) {
    let name = match bus(event) {
        Some(told) => told.text(&["type"]),
        None => event.text(&["kind", "hook", "type"]),
    };
    let told = properties(event).and_then(|properties| properties.time("time"));
    (name, told.or_else(|| event.time("unix_ms")).or_else(|| event.time("time")))
}

fn session<'h>(event: &Payload<'h>) -> Result<Option<&'h str>, &'static str> {
    let named = |of: Option<Payload<'h>>| of.and_then(|of| of.text(&["sessionID", "sessionId"]));
    let found = match properties(event) {
        Some(told) => named(Some(told)).or_else(|| named(told.object("part"))).or_else(|| {
            let info = told.object("info");
            named(info).or_else(|| info.and_then(|info| info.text(&["id"])).filter(|id| id.starts_with("ses_")))
        }),
        None => named(event.object("input")).or_else(|| named(Some(*event))),
    };
    // The bus also tells of things that are no session's.
    Ok(found)
}

fn read(hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    let event = &hook.event;
    let told = properties(event);
    match hook.name {
        "chat.message" => {
            let message = event.object("output").and_then(|output| output.object("message"));
            if let Some(id) = message.and_then(|message| message.text(&["id"])) {
                let turn = call::turn(session, hook, id, out);
                call::prompt(session, hook, &turn, event.object("output").and_then(typed), out);
            }
        }
        "tool.execute.before" | "tool.execute.after" => executed(hook, session, out),
        "message.part.updated" => {
            if let Some(part) = told.and_then(|told| told.object("part")) {
                updated(&part, hook, session, out);
            }
        }
        "session.created" | "session.updated" => {
            let info = told.and_then(|told| told.object("info"));
            if let Some(parent) = info.and_then(|info| info.text(&["parentID"])) {
                let session_id = Some(parent.to_owned());
                out.say_of_trace(Rank::Whole.at(), Trace { id: session.trace_id.clone(), session_id, ..Trace::default() });
            }
            if let Some(folder) = info.and_then(|info| info.text(&["directory"])) {
                out.latest_note(session, &session.trace_id.clone(), hook.at, key::SESSION_DIR, folder);
            }
        }
        "session.status" => {
            let status = told.and_then(|told| told.object("status"));
            if status.and_then(|status| status.text(&["type"])) == Some("retry") {
                let text = status.and_then(|status| status.owned(&["message"]));
                call::event(session, hook, "api_error", Level::Warning, text, None, out);
            }
        }
        "session.error" => {
            let error = told.and_then(|told| told.get("error"));
            let text = error.map(|error| error.pointer("/data/message").map_or_else(|| as_text(error), as_text));
            call::event(session, hook, "session_error", Level::Error, text, None, out);
        }
        "session.compacted" => call::event(session, hook, "compaction", Level::Default, None, None, out),
        "session.deleted" => call::session_note(session, hook, key::SESSION_END, Some("deleted"), out),
        _ => {}
    }
}

/// What a person typed: the text parts of a message that the agent didn't add.
fn typed(output: Payload<'_>) -> Option<String> {
    let parts = output.get("parts")?.as_array()?;
    let texts: Vec<&str> = parts
        .iter()
        .filter(|part| part.get("type").and_then(Json::as_str) == Some("text"))
        .filter(|part| part.get("synthetic").and_then(Json::as_bool) != Some(true))
        .filter_map(|part| part.get("text")?.as_str())
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn executed(hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    let (Some(input), output) = (hook.event.object("input"), hook.event.object("output")) else { return };
    let Some(call_id) = input.text(&["callID"]) else { return };
    let name = input.text(&["tool"]).unwrap_or("tool");
    let said = output.and_then(|output| output.get("args")).or_else(|| input.get("args"));
    let ended = (hook.name == "tool.execute.after").then(|| ended(output, None));
    tool(hook, session, (call_id, name), arguments(said), ended, output.and_then(|output| output.object("metadata")), out);
}

/// A part of a message. Only what is complete is told: parts come again with every word.
fn updated(part: &Payload<'_>, hook: &Hook<'_>, session: &Session, out: &mut Statements<'_>) {
    match part.text(&["type"]) {
        Some("text") => {
            // A person's text has no time; the agent's has an end when it is complete.
            let ended = part.object("time").is_some_and(|time| time.get("end").is_some());
            if ended {
                call::answer(session, hook, None, part.owned(&["text"]), out);
            }
        }
        Some("tool") => {
            let (Some(call_id), Some(state)) = (part.text(&["callID"]), part.object("state")) else { return };
            let name = part.text(&["tool"]).unwrap_or("tool");
            let how = match state.text(&["status"]) {
                Some("running") => None,
                Some("completed") => Some(ended(Some(state), None)),
                Some("error") => Some(ended(Some(state), Some(state.owned(&["error"]).unwrap_or_default()))),
                _ => return,
            };
            let id = call::tool_step(call_id);
            tool(hook, session, (call_id, name), arguments(state.get("input")), how, state.object("metadata"), out);
            if let Some(times) = state.object("time") {
                let times = Observation { start_time: times.time("start"), end_time: times.time("end"), ..Observation::default() };
                out.say(session, &id, Rank::Told.at(), times);
            }
        }
        _ => {}
    }
}

fn ended(result: Option<Payload<'_>>, error: Option<String>) -> Ended {
    let metadata = result.and_then(|result| result.object("metadata"));
    let code = metadata.and_then(|metadata| metadata.get("exit")?.as_i64());
    Ended {
        output: result.and_then(|result| result.owned(&["output"])),
        success: Some(error.is_none()),
        exit_code: code.map(|code| (code, ExitSource::Structured)),
        error,
        ..Ended::default()
    }
}

fn tool(
    hook: &Hook<'_>,
    session: &Session,
    (call_id, name): (&str, &str),
    arguments: Json,
    ended: Option<Ended>,
    metadata: Option<Payload<'_>>,
    out: &mut Statements<'_>,
) {
    let command = call::shell_command(SHELLS, name, &arguments);
    let changes = changes(name, &arguments, metadata);
    let id = call::tool_step(call_id);
    ToolCall { id, call_id: Some(call_id), name, arguments, command, changes, ended, ..ToolCall::default() }.tell(
        session,
        hook,
        Rank::Told,
        out,
    );
}

fn changes(name: &str, arguments: &Json, metadata: Option<Payload<'_>>) -> Vec<FileChange> {
    let mut changes = edits::of_arguments(name, arguments);
    if let ([change], Some(metadata)) = (changes.as_mut_slice(), metadata) {
        if let Some(diff) = metadata.text(&["diff"]) {
            change.diff = Some(diff.to_owned());
        }
        // A file that was there is changed, not made.
        if change.operation == "CREATE" && metadata.flag("exists") == Some(true) {
            change.operation = "UPDATE".to_owned();
        }
    }
    changes
}
