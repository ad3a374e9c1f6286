//! `agenttrace hook <agent> [event]`: what the hooks of coding agents call. It puts what the agent says into the spool and is gone.
//!
//! The agent waits meanwhile, so nothing here starts git or speaks to a server, and nothing may ever go wrong for it: standard output stays empty,
//! since agents read decisions there, and the exit code is 0 whatever happens. What went wrong is noted for `agenttrace doctor`.

mod calls;
mod head;
mod payload;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

pub use calls::open_calls;

use crate::agent::Agent;
use crate::gitdir::GitDir;
use crate::spool::Spool;
use crate::{background, dirs, transcripts};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Whose hook calls.
    #[arg(value_enum)]
    agent: Agent,
    /// The event, for agents whose payload does not name it.
    event: Option<String>,
}

/// Takes over when the program is called as a hook, before a parser of arguments could find a fault with the call.
#[must_use]
pub fn called() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    if args.next()? != "hook" {
        return None;
    }
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    // `--help` is for people: the parser answers it.
    if args.iter().any(|arg| matches!(arg.as_str(), "-h" | "--help")) {
        return None;
    }
    std::panic::set_hook(Box::new(|_| {}));
    drop(std::panic::catch_unwind(|| {
        let Some(agent) = args.first().and_then(|name| Agent::parse(name)) else { return };
        run(agent, args.get(1).map(String::as_str));
    }));
    Some(ExitCode::SUCCESS)
}

/// The same behind the parser, which names the command in `--help` and completions.
pub fn run_args(args: &Args) {
    run(args.agent, args.event.as_deref());
}

fn run(agent: Agent, event: Option<&str>) {
    let at = SystemTime::now();
    let told = take(agent, event, at);
    drop(note(agent, at, &told));
    background::start();
}

/// One call into the spool; gives the event's name.
fn take(agent: Agent, event: Option<&str>, at: SystemTime) -> Result<String> {
    let bytes = payload::read(std::io::stdin().lock())?;
    let text = String::from_utf8_lossy(&bytes);
    let said: Value = serde_json::from_str(&text).context("the payload is not JSON")?;
    if !said.is_object() {
        bail!("the payload is not a JSON object");
    }
    let named = ["hook_event_name", "hookName"].iter().find_map(|key| said[*key].as_str());
    let repository = folder(&said).as_deref().and_then(GitDir::around);
    let envelope = envelope(named.is_none().then_some(event).flatten(), at, &text, repository.as_ref());
    let spool = put(|spool| spool.put_text(&agent.hooks_path(), &envelope))?;
    let name = named.or(event).or_else(|| said["kind"].as_str()).unwrap_or("unknown").to_owned();
    // Beside the point of the call: what fails here costs a link, not the event.
    drop(calls::note(agent, &name, &said));
    drop(transcripts::note(agent, &name, &said));
    if let Some(repository) = &repository {
        drop(head::compare(agent, &name, &said, repository, &spool));
    }
    Ok(name)
}

/// Puts something into the spool, or beside it where the home cannot be written to.
pub fn put(write: impl Fn(&Spool) -> Result<()>) -> Result<Spool> {
    let failed = match Spool::open().and_then(|spool| write(&spool).map(|()| spool)) {
        Ok(spool) => return Ok(spool),
        Err(error) => error,
    };
    let beside = Spool::beside().and_then(|spool| write(&spool).map(|()| spool));
    beside.map_err(|_| failed)
}

/// Where the agent works: what the payload says, else where it started us.
fn folder(said: &Value) -> Option<PathBuf> {
    let told = ["cwd", "directory"].iter().find_map(|key| said[*key].as_str()).or_else(|| said["workspace_roots"][0].as_str());
    let told = told.map(PathBuf::from).filter(|path| path.is_absolute());
    told.or_else(|| std::env::current_dir().ok())
}

/// The envelope around the payload. The payload's own text goes in, so that nothing of it changes.
fn envelope(event: Option<&str>, at: SystemTime, payload: &str, repository: Option<&GitDir>) -> String {
    let mut rest = json!({"id": uuid::Uuid::now_v7().simple().to_string(), "at": rfc3339(at)});
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            rest[key] = value;
        }
    };
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    set("eventName", event.map(Into::into));
    set("traceparent", variable("TRACEPARENT").filter(|text| is_traceparent(text)).map(Into::into));
    set("userId", variable("AGENTTRACE_USER_ID").map(Into::into));
    set("environment", variable("AGENTTRACE_ENVIRONMENT").map(Into::into));
    if let (Some(trace), Some(observation)) = (variable("AGENTTRACE_TRACE_ID"), variable("AGENTTRACE_OBSERVATION_ID")) {
        set("wrap", Some(json!({"traceId": trace, "observationId": observation})));
    }
    set("git", repository.map(facts));
    let rest = rest.to_string();
    let open = rest.strip_suffix('}').unwrap_or(&rest);
    format!(r#"{open},"event":{}}}"#, payload.trim())
}

fn facts(repository: &GitDir) -> Value {
    let head = repository.head();
    let mut facts = json!({"root": head.root});
    for (key, value) in
        [("repositoryUrl", Some(head.repository_url).filter(|url| !url.is_empty())), ("branch", head.branch), ("commit", head.commit)]
    {
        if let Some(value) = value {
            facts[key] = value.into();
        }
    }
    facts
}

/// `00-<32 hex>-<16 hex>-<2 hex>`.
#[must_use]
pub fn is_traceparent(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [2, 32, 16, 2] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// With microseconds.
#[must_use]
pub fn rfc3339(at: SystemTime) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
    OffsetDateTime::from(at).format(form).unwrap_or_default()
}

/// When an agent's hooks last called, and what was wrong last.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Seen {
    pub at: Option<String>,
    pub event: Option<String>,
    /// The last call of which nothing could be kept.
    pub failed_at: Option<String>,
    pub failure: Option<String>,
}

impl Seen {
    #[must_use]
    pub fn of(agent: Agent) -> Self {
        let text = seen_file(agent).ok().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }
}

fn seen_file(agent: Agent) -> Result<PathBuf> {
    Ok(dirs::state()?.join("hooks").join(format!("{agent}.json")))
}

fn note(agent: Agent, at: SystemTime, told: &Result<String>) -> Result<()> {
    let mut seen = Seen::of(agent);
    match told {
        Ok(event) => (seen.at, seen.event) = (Some(rfc3339(at)), Some(event.clone())),
        Err(error) => (seen.failed_at, seen.failure) = (Some(rfc3339(at)), Some(format!("{error:#}"))),
    }
    replace(&seen_file(agent)?, &serde_json::to_vec(&seen)?)
}

/// Writes a small file of ours whole or not at all.
pub fn replace(file: &Path, text: &[u8]) -> Result<()> {
    let folder = file.parent().context("a file without a folder")?;
    let fresh = folder.join(format!(".{}-{}", std::process::id(), file.file_name().unwrap_or_default().to_string_lossy()));
    if std::fs::write(&fresh, text).is_err() {
        dirs::make_private(folder)?;
        std::fs::write(&fresh, text)?;
    }
    std::fs::rename(&fresh, file).map_err(Into::into)
}

/// A part of a name of a file, from text of any kind.
fn file_name(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if text.len() <= 100 && !text.is_empty() && text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(agenttrace_domain::agent::made_id(&[text]))
    }
}

/// Deletes what sessions left behind that ended long ago without saying so.
pub fn forget_old(than: Duration) {
    let Ok(state) = dirs::state() else { return };
    let old = |path: &Path| {
        let age = std::fs::metadata(path).and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age > than)
    };
    for (folder, session) in [("live", true), ("commits", false), ("follow", false)] {
        for entry in std::fs::read_dir(state.join(folder)).into_iter().flatten().flatten().filter(|entry| old(&entry.path())) {
            drop(if session { std::fs::remove_dir_all(entry.path()) } else { std::fs::remove_file(entry.path()) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payload_stands_in_its_envelope_unchanged() {
        let repository = GitDir { root: "/w".into(), own: "/nowhere".into(), common: "/nowhere".into() };
        let payload = "{\"b\": 1.50, \"a\": \"\\u00e9}}\", \"hook_event_name\": \"Stop\"}\n";
        for repository in [None, Some(&repository)] {
            let envelope = envelope(Some("Stop"), SystemTime::UNIX_EPOCH, payload, repository);

            assert!(envelope.contains(payload.trim()), "{envelope}");
            let read: Value = serde_json::from_str(&envelope).expect("JSON");
            assert_eq!(read["at"], "1970-01-01T00:00:00.000000Z");
            assert_eq!((&read["eventName"], &read["event"]["a"]), (&"Stop".into(), &"é}}".into()));
            assert_eq!(read["git"]["root"].as_str(), repository.map(|_| "/w"));
        }
    }

    #[test]
    fn traceparents_are_told_from_other_text() {
        assert!(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-4a5c7b8cd92a20de-01"));
        for wrong in ["", "00-4bf9-4a5c-01", "00-4bf92f3577b34da6a3ce929d0e0e473x-4a5c7b8cd92a20de-01"] {
            assert!(!is_traceparent(wrong), "{wrong}");
        }
    }
}
