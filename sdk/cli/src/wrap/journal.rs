//! The run's journal of commands: one JSON line for each begin and each end, appended by whoever ran it. A begin without an end is a command that was
//! killed, or still runs.

use std::collections::HashMap;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

const FILE: &str = "commands.jsonl";

/// A line. Times are microseconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    Begin { id: String, parent: Option<String>, command: String, argv: Vec<String>, cwd: String, at: u64 },
    End { id: String, at: u64, code: i32, stdout: String, stderr: String, stdout_bytes: u64, stderr_bytes: u64 },
}

/// A command of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    pub id: String,
    pub parent: Option<String>,
    pub command: String,
    pub argv: Vec<String>,
    pub cwd: String,
    pub began: u64,
    pub ended: Option<u64>,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub stdout_bytes: u64,
    pub stderr_bytes: u64,
}

#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as u64
}

/// Appends a line in one write, so that lines of commands that run at once do not mix.
pub fn append(folder: &Path, line: &Line) -> Result<()> {
    let mut text = serde_json::to_vec(line).context("cannot encode a command")?;
    text.push(b'\n');
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(folder.join(FILE))
        .and_then(|mut file| file.write_all(&text))
        .context("cannot write the run's journal")
}

/// All commands of a run in the order in which they began. A line that is no line is left out.
pub fn read(folder: &Path) -> Result<Vec<Ran>> {
    let text = match std::fs::read(folder.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context("cannot read the run's journal"),
    };
    let mut commands: Vec<Ran> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut ends = Vec::new();
    for line in text.split(|b| *b == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Line::Begin { id, parent, command, argv, cwd, at }) => {
                places.insert(id.clone(), commands.len());
                commands.push(Ran {
                    id,
                    parent,
                    command,
                    argv,
                    cwd,
                    began: at,
                    ended: None,
                    code: None,
                    stdout: String::new(),
                    stderr: String::new(),
                    stdout_bytes: 0,
                    stderr_bytes: 0,
                });
            }
            Ok(end @ Line::End { .. }) => ends.push(end),
            Err(_) => {}
        }
    }
    for end in ends {
        let Line::End { id, at, code, stdout, stderr, stdout_bytes, stderr_bytes } = end else { continue };
        if let Some(ran) = places.get(&id).and_then(|place| commands.get_mut(*place)) {
            (ran.ended, ran.code) = (Some(at), Some(code));
            (ran.stdout, ran.stderr, ran.stdout_bytes, ran.stderr_bytes) = (stdout, stderr, stdout_bytes, stderr_bytes);
        }
    }
    commands.sort_by_key(|ran| ran.began);
    Ok(commands)
}
