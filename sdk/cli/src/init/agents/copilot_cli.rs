//! Copilot CLI: a file of hooks of our own. Its payloads do not name their event, so each command does. Its tokens come from
//! its events on disk; its telemetry is switched on by the environment alone, as `agenttrace wrap` does.

use anyhow::Result;
use jsonc_parser::cst::CstInputValue;

use super::super::json::{edited, object, taken, text};
use super::super::record::Record;
use super::{Place, Plan, Tool, is_ours};
use crate::agent::Agent;

pub const FILE: &str = "hooks/agenttrace.json";
const EVENTS: &[&str] = &[
    "sessionStart",
    "userPromptSubmitted",
    "preToolUse",
    "permissionRequest",
    "postToolUse",
    "postToolUseFailure",
    "errorOccurred",
    "subagentStart",
    "subagentStop",
    "preCompact",
    "agentStop",
    "sessionEnd",
];

pub fn plan(place: &Place, plan: &mut Plan) -> Result<()> {
    let change = |before: Option<&str>| {
        edited(before, |document| {
            document.set("", "version", CstInputValue::Number("1".to_owned()))?;
            for event in EVENTS {
                let command = place.command(&format!("hook copilot-cli {event}"));
                let handler =
                    vec![("type", text("command")), ("bash", text(&command)), ("timeoutSec", CstInputValue::Number("5".to_owned()))];
                document.add_hook(event, object(handler), &is_ours(Agent::CopilotCli))?;
            }
            Ok(())
        })
    };
    plan.edit(Tool::CopilotCli.settings(place).join(FILE), false, &change, &take)
}

/// The file is ours: with our hooks gone and nothing of somebody else's in it, it goes.
fn take(now: &str) -> Result<Option<String>> {
    taken(now, |document| {
        document.remove_hooks(&is_ours(Agent::CopilotCli))?;
        if document.value()["hooks"].is_null() {
            document.remove("", "version", |version| version == 1);
        }
        Ok(())
    })
}

pub fn undo(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    plan.back(Tool::CopilotCli.settings(place).join(FILE), record, &take)
}
