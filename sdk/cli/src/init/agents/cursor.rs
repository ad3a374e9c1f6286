//! Cursor: `hooks.json`. Only events that cannot be mistaken for a question are taken where there is a choice: what Cursor asks before a command, it
//! tells after it, too.

use anyhow::Result;
use jsonc_parser::cst::CstInputValue;

use super::super::json::{edited, object, taken, text};
use super::super::record::Record;
use super::{Place, Plan, Tool, is_ours};
use crate::agent::Agent;

pub const FILE: &str = "hooks.json";
const EVENTS: &[&str] = &[
    "sessionStart",
    "beforeSubmitPrompt",
    "preToolUse",
    "postToolUse",
    "postToolUseFailure",
    "afterShellExecution",
    "afterMCPExecution",
    "afterFileEdit",
    "afterAgentResponse",
    "subagentStart",
    "subagentStop",
    "preCompact",
    "stop",
    "sessionEnd",
];

pub fn plan(place: &Place, plan: &mut Plan) -> Result<()> {
    let change = |before: Option<&str>| {
        edited(before, |document| {
            document.set("", "version", CstInputValue::Number("1".to_owned()))?;
            for event in EVENTS {
                document.add_hook(event, object(vec![("command", text(&place.command("hook cursor")))]), &is_ours(Agent::Cursor))?;
            }
            Ok(())
        })
    };
    plan.edit(Tool::Cursor.settings(place).join(FILE), false, &change, &take)
}

fn take(now: &str) -> Result<Option<String>> {
    taken(now, |document| {
        document.remove_hooks(&is_ours(Agent::Cursor))?;
        if document.value()["hooks"].is_null() {
            document.remove("", "version", |version| version == 1);
        }
        Ok(())
    })
}

pub fn undo(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    plan.back(Tool::Cursor.settings(place).join(FILE), record, &take)
}
