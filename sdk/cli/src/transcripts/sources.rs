//! Where agents keep their transcripts, and which of them are asked for.

use std::fs::{self, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use agenttrace_domain::Timestamp;
use agenttrace_transcripts::{Beside, Lines};
use anyhow::{Context as _, Result, bail};

use super::Agent;

/// How deep below a folder transcripts lie at most.
const DEEPEST: usize = 8;
/// In so much of its begin a transcript names its folder.
const MAX_BEGIN: u64 = 1 << 20;
/// The longest file beside a transcript that is read. 64 MiB.
const MAX_BESIDE: u64 = 64 << 20;

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    pub path: PathBuf,
    pub size: u64,
    /// Microseconds since 1970.
    pub modified: i64,
    pub born: i64,
}

/// The transcripts, oldest first: the session that a later one goes on from is read before it.
pub fn find(agent: Agent, paths: &[PathBuf], since: Option<SystemTime>) -> Result<Vec<Transcript>> {
    let places = if paths.is_empty() { places(agent)? } else { paths.to_vec() };
    let mut found = Vec::new();
    for place in &places {
        match fs::metadata(place) {
            Ok(metadata) if metadata.is_dir() => walk(agent, place, 0, &mut found)?,
            Ok(metadata) => found.push(transcript(place.clone(), &metadata)),
            // An agent that never ran here has no folder.
            Err(error) if paths.is_empty() && error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", place.display())),
        }
    }
    if found.is_empty() && !paths.is_empty() {
        bail!(
            "there are no transcripts of {} in {}",
            agent.name(),
            paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
        );
    }
    if let Some(since) = since {
        let since = micros(Ok(since));
        found.retain(|transcript| transcript.modified >= since);
    }
    found.sort_by(|a, b| (a.born, &a.path).cmp(&(b.born, &b.path)));
    found.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}

/// The transcripts of one session: a file with those of its subagents, or the databases of a folder. None that is not there yet.
pub fn of_session(agent: Agent, path: &Path) -> Result<Vec<Transcript>> {
    let subagents = path.with_extension("");
    let places = [path.to_owned()].into_iter().chain(Some(subagents).filter(|_| agent == Agent::ClaudeCode));
    let there: Vec<PathBuf> = places.filter(|place| place.exists()).collect();
    if there.is_empty() { Ok(Vec::new()) } else { find(agent, &there, None) }
}

/// The agent's own folders, as its variables and settings name them.
pub fn places(agent: Agent) -> Result<Vec<PathBuf>> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = variable("HOME").context("HOME is not set: name the transcripts with --path")?;
    let or_home = |name: &str, below: &str| variable(name).unwrap_or_else(|| home.join(below));
    Ok(match agent {
        Agent::ClaudeCode => match variable("CLAUDE_CONFIG_DIR") {
            Some(folder) => vec![folder.join("projects")],
            None => vec![home.join(".claude/projects"), or_home("XDG_CONFIG_HOME", ".config").join("claude/projects")],
        },
        Agent::Codex => {
            let folder = or_home("CODEX_HOME", ".codex");
            vec![folder.join("sessions"), folder.join("archived_sessions")]
        }
        Agent::GeminiCli => vec![variable("GEMINI_CLI_HOME").unwrap_or(home).join(".gemini/tmp")],
        Agent::CopilotCli => vec![or_home("COPILOT_HOME", ".copilot").join("session-state")],
        Agent::OpenCode => vec![or_home("XDG_DATA_HOME", ".local/share").join("opencode")],
        Agent::Aider => {
            let here = std::env::current_dir().context("there is no current folder")?;
            let root = crate::git::head(&here).map_or(here, |head| head.root);
            vec![variable("AIDER_CHAT_HISTORY_FILE").map_or_else(|| root.join(".aider.chat.history.md"), |file| root.join(file))]
        }
    })
}

/// Was a session held in this folder? A transcript says so near its begin, or a file beside it does.
pub fn is_about(agent: Agent, path: &Path, folder: &Path) -> bool {
    if let Agent::GeminiCli = agent {
        return Path::new(&beside(Lines::GeminiCli, path).folder) == folder;
    }
    let mut begin = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(MAX_BEGIN).read_to_end(&mut begin));
    let named = serde_json::to_string(&folder.to_string_lossy()).unwrap_or_default();
    read.is_ok() && [":", ": "].iter().any(|colon| memchr::memmem::find(&begin, format!("\"cwd\"{colon}{named}").as_bytes()).is_some())
}

/// What files beside a transcript say of it.
pub fn beside(kind: Lines, path: &Path) -> Beside {
    let (mut folder, mut analytics) = (String::new(), String::new());
    match kind {
        Lines::GeminiCli => {
            let file = path.parent().and_then(Path::parent).map(|project| project.join(".project_root"));
            folder = file.and_then(|file| read_some(&file)).map(|text| text.trim().to_owned()).unwrap_or_default();
        }
        Lines::Aider => {
            let place = fs::canonicalize(path).ok().and_then(|path| Some(path.parent()?.to_owned())).unwrap_or_default();
            folder = place.to_string_lossy().into_owned();
            let name = path.file_name().unwrap_or_default().to_string_lossy().replace("chat.history.md", "analytics.jsonl");
            analytics = read_some(&place.join(name)).unwrap_or_default();
        }
        Lines::ClaudeCode | Lines::Codex | Lines::CopilotCli => {}
    }
    Beside { folder, analytics, local }
}

/// A file that is no longer than such files are.
fn read_some(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok().filter(|metadata| metadata.is_file() && metadata.len() <= MAX_BESIDE)?;
    let mut text = String::with_capacity(usize::try_from(metadata.len()).ok()?);
    fs::File::open(path).ok()?.take(MAX_BESIDE).read_to_string(&mut text).ok()?;
    Some(text)
}

/// A time of this machine's clock on the wall.
fn local(wall: &str) -> Option<Timestamp> {
    let as_utc = Timestamp::parse(wall)?;
    let zone = tz::TimeZone::local().ok();
    let offset = |at: i64| {
        zone.as_ref().and_then(|zone| zone.find_local_time_type(at / 1_000_000).ok()).map_or(0, |kind| i64::from(kind.ut_offset()))
    };
    // The offset then, which differs from that of the time that was parsed only within hours of a change of the clocks.
    let near = as_utc.0 - offset(as_utc.0) * 1_000_000;
    Some(Timestamp(as_utc.0 - offset(near) * 1_000_000))
}

/// Is it one of the agent's transcripts, by its name?
pub fn is_transcript(agent: Agent, path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_jsonl = path.extension().is_some_and(|extension| extension == "jsonl");
    match agent {
        Agent::ClaudeCode => is_jsonl,
        Agent::Codex => is_jsonl && name.starts_with("rollout-"),
        Agent::GeminiCli => is_jsonl && name.starts_with("session-"),
        Agent::CopilotCli => name == "events.jsonl",
        Agent::OpenCode => name.starts_with("opencode") && name.ends_with(".db"),
        Agent::Aider => name.ends_with("aider.chat.history.md"),
    }
}

fn walk(agent: Agent, folder: &Path, depth: usize, found: &mut Vec<Transcript>) -> Result<()> {
    if depth > DEEPEST {
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        // Links are not followed: a transcript is read once.
        let Ok(metadata) = entry.metadata() else { continue };
        let path = entry.path();
        if metadata.is_dir() {
            walk(agent, &path, depth + 1, found)?;
        } else if metadata.is_file() && is_transcript(agent, &path) {
            found.push(transcript(path, &metadata));
        }
    }
    Ok(())
}

fn transcript(path: PathBuf, metadata: &Metadata) -> Transcript {
    let modified = micros(metadata.modified());
    Transcript { path, size: metadata.len(), modified, born: metadata.created().map_or(modified, |born| micros(Ok(born))) }
}

fn micros(time: std::io::Result<SystemTime>) -> i64 {
    let since = time.ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
