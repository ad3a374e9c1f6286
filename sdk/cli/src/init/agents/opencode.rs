//! OpenCode: a plugin, the one way to hear its events. It hands each to `agenttrace hook opencode`, and tells the shells that it starts which call they
//! are, so that a commit finds its call. Tokens come from its database.

use anyhow::Result;

use super::super::record::Record;
use super::{Place, Plan, Tool};

pub const FILE: &str = "plugin/agenttrace.js";
const PLUGIN: &str = include_str!("opencode/plugin.js");
const PROGRAM: &str = "__AGENTTRACE__";

pub fn plan(place: &Place, plan: &mut Plan) -> Result<()> {
    let program = serde_json::to_string(&place.own)?;
    let text = PLUGIN.replace(PROGRAM, &program);
    plan.edit(Tool::OpenCode.settings(place).join(FILE), false, &|_| Ok(text.clone()), &take)
}

/// The file is ours whole.
fn take(now: &str) -> Result<Option<String>> {
    let ours = PLUGIN.lines().next().is_some_and(|first| now.starts_with(first));
    Ok((!ours).then(|| now.to_owned()))
}

pub fn undo(place: &Place, record: &Record, plan: &mut Plan) -> Result<()> {
    plan.back(Tool::OpenCode.settings(place).join(FILE), record, &take)
}
