//! Which shell calls of a session are under way. Claude Code tells a git hook its session but not the call: with this the commit finds it.

use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{file_name, replace};
use crate::agent::Agent;
use crate::dirs;

/// A call that has begun and, as far as is known, not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    pub id: String,
    /// Its command speaks of git: of several calls at once the likelier one.
    pub speaks_of_git: bool,
    #[serde(skip, default = "now")]
    pub began: SystemTime,
}

fn now() -> SystemTime {
    SystemTime::now()
}

/// What is remembered of a session while it lives.
pub fn folder(agent: Agent, session: &str) -> Result<PathBuf> {
    Ok(dirs::state()?.join("live").join(format!("{agent}-{}", file_name(session))))
}

/// Takes note of a begin or an end.
pub fn note(agent: Agent, event: &str, said: &Value) -> Result<()> {
    let Some(session) = said["session_id"].as_str().filter(|_| agent == Agent::ClaudeCode) else { return Ok(()) };
    let folder = folder(agent, session)?;
    if matches!(event, "Stop" | "SessionEnd") {
        return std::fs::remove_dir_all(folder).or(Ok(()));
    }
    let Some(id) = said["tool_use_id"].as_str() else { return Ok(()) };
    let file = folder.join(format!("call-{}", file_name(id)));
    match event {
        "PreToolUse" if matches!(said["tool_name"].as_str(), Some("Bash" | "PowerShell")) => {
            let command = said["tool_input"]["command"].as_str().unwrap_or_default();
            let open = Open { id: id.to_owned(), speaks_of_git: command.contains("git"), began: now() };
            replace(&file, &serde_json::to_vec(&open)?)
        }
        "PostToolUse" | "PostToolUseFailure" => std::fs::remove_file(file).or(Ok(())),
        _ => Ok(()),
    }
}

/// The open calls of a session, the latest first.
pub fn open_calls(agent: Agent, session: &str) -> Vec<Open> {
    let Ok(folder) = folder(agent, session) else { return Vec::new() };
    let files =
        std::fs::read_dir(folder).into_iter().flatten().flatten().filter(|f| f.file_name().as_encoded_bytes().starts_with(b"call-"));
    let mut open: Vec<Open> = files
        .filter_map(|file| {
            let began = file.metadata().ok()?.modified().ok()?;
            let open: Open = serde_json::from_slice(&std::fs::read(file.path()).ok()?).ok()?;
            Some(Open { began, ..open })
        })
        .collect();
    open.sort_unstable_by_key(|open| std::cmp::Reverse(open.began));
    open
}
