//! The transcript of a session that is under way, read behind its hooks: it tells the tokens, the models and the ids that hooks leave out, and everything
//! in it passes the same redaction as they do. So no agent has to send telemetry of its own for them.
//!
//! A hook only notes whose transcript there is to read ([`note`]): a small file for each session, written anew by each hook. Whoever sends the spool reads
//! those transcripts ([`Following`]): at once when a turn ends, now and then while one goes on, and once more when all is quiet, since agents write the
//! last of a turn behind their hooks. What was read before is known ([`super::state`]), and told twice it changes nothing.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use agenttrace_transcripts::Story;
use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::around::Machine;
use super::report::Report;
use super::state::State;
use super::{Agent, Import, Only, Out, sources};
use crate::config::Config;
use crate::spool::Spool;
use crate::{agent, dirs, hook};

/// How often a transcript is read while a turn goes on: a long one, which takes longer to read, less often.
const DURING_A_TURN: Duration = Duration::from_secs(5);
const OF_THE_TIME: u32 = 20;
/// A session that said nothing for so long is over, though it never said so.
const FORGOTTEN: Duration = Duration::from_secs(24 * 3600);

/// Whose transcript is to be read, as its last hook knew it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    agent: agent::Agent,
    id: String,
    /// A file, or the folder of a database.
    transcript: PathBuf,
    /// The agent waits for its user.
    quiet: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    user_id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    environment: String,
}

fn folder() -> Result<PathBuf> {
    Ok(dirs::state()?.join("follow"))
}

/// Notes that a hook told of a session. Runs in the hook: one small file.
pub fn note(agent: agent::Agent, event: &str, said: &Value) -> Result<()> {
    let Some((id, transcript)) = transcript(agent, said)? else { return Ok(()) };
    let event = said["event"]["type"].as_str().unwrap_or(event);
    let quiet = matches!(
        event,
        "Stop" | "StopFailure" | "Interrupt" | "SessionEnd" | "AfterAgent" | "agentStop" | "sessionEnd" | "session.idle" | "session.error"
    );
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let name = agenttrace_domain::agent::made_id(&[agent.name(), &id, &transcript.to_string_lossy()]);
    let (user_id, environment) = (variable("AGENTTRACE_USER_ID"), variable("AGENTTRACE_ENVIRONMENT"));
    let session = Session { agent, id, transcript, quiet, user_id, environment };
    hook::replace(&folder()?.join(format!("{name}.json")), &serde_json::to_vec(&session)?)
}

/// The session of a payload, and where the agent keeps it.
fn transcript(agent: agent::Agent, said: &Value) -> Result<Option<(String, PathBuf)>> {
    let text = |value: &Value| value.as_str().filter(|text| is_name(text)).map(str::to_owned);
    let properties = &said["event"]["properties"];
    // A subagent's hooks may bear its own id, and name the session as its parent.
    let id = [&said["parentAgentId"], &said["session_id"], &said["sessionId"], &said["input"]["sessionID"], &properties["sessionID"]]
        .into_iter()
        .chain([&properties["info"]["sessionID"], &properties["part"]["sessionID"], &properties["info"]["id"]])
        .find_map(text);
    let Some(id) = id else { return Ok(None) };
    let Some(of) = Agent::of_hooks(agent) else { return Ok(None) };
    let told = ["transcript_path", "transcriptPath"].iter().find_map(|key| said[*key].as_str()).map(PathBuf::from);
    if let Some(told) = told.filter(|path| path.is_absolute() && sources::is_transcript(of, path)) {
        return Ok(Some((id, told)));
    }
    let place = match of {
        Agent::CopilotCli => sources::places(of)?.into_iter().next().map(|folder| folder.join(&id).join("events.jsonl")),
        Agent::OpenCode => sources::places(of)?.into_iter().next(),
        Agent::ClaudeCode | Agent::Codex | Agent::GeminiCli | Agent::Aider => None,
    };
    Ok(place.map(|place| (id, place)))
}

/// It becomes part of a path.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 200 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// What one process has read.
#[derive(Default)]
pub struct Following(HashMap<PathBuf, Read>);

struct Read {
    noted: SystemTime,
    at: Instant,
    took: Duration,
}

impl Following {
    /// Reads the transcripts that are due into the spool; `all` of them when nothing else is to be done. Tells whether something came of it.
    pub fn read(&mut self, spool: &Spool, all: bool) -> bool {
        let before = spool.files().map_or(0, |files| files.len());
        let mut any = false;
        let Ok(folder) = folder() else { return false };
        for file in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            let Ok(noted) = std::fs::metadata(&file).and_then(|metadata| metadata.modified()) else { continue };
            if file.extension().is_none_or(|extension| extension != "json") || !all && !self.may_be_due(&file, noted) {
                continue;
            }
            let Some(session) = std::fs::read(&file).ok().and_then(|text| serde_json::from_slice::<Session>(&text).ok()) else {
                // Of another version of this program.
                drop(std::fs::remove_file(&file));
                continue;
            };
            if !all
                && !session.quiet
                && self.0.get(&file).is_some_and(|read| read.at.elapsed() < DURING_A_TURN.max(read.took * OF_THE_TIME))
            {
                continue;
            }
            let Ok(config) = Config::require() else { return any };
            let began = Instant::now();
            // Whatever is wrong with a transcript is nothing to the hooks; `agenttrace import` tells it.
            drop(read(&session, &config));
            any |= spool.files().map_or(0, |files| files.len()) > before;
            self.0.insert(file.clone(), Read { noted, at: began, took: began.elapsed() });
            let over = session.quiet || noted.elapsed().is_ok_and(|age| age > FORGOTTEN);
            let is_still = std::fs::metadata(&file).and_then(|metadata| metadata.modified()).is_ok_and(|now| now == noted);
            if all && over && is_still {
                self.0.remove(&file);
                drop(std::fs::remove_file(&file));
            }
        }
        any
    }

    /// Was it not read since its last hook?
    fn may_be_due(&self, file: &Path, noted: SystemTime) -> bool {
        self.0.get(file).is_none_or(|read| read.noted != noted)
    }
}

/// Reads what is new in a session's transcript into the spool.
fn read(session: &Session, config: &Config) -> Result<()> {
    let of = Agent::of_hooks(session.agent).context("this agent keeps no transcripts")?;
    let transcripts = sources::of_session(of, &session.transcript)?;
    let state = State::open(config)?;
    let machine = Machine::new(state.claims()?);
    let named = |own: &str, else_: &str| Some(if own.is_empty() { else_ } else { own }.to_owned()).filter(|name| !name.is_empty());
    let mut story = Story::new(&machine, named(&session.user_id, &config.user_id), named(&session.environment, &config.environment));
    let report = Report::new(of, false, true, &[]);
    let mut import =
        Import { since: None, only: Some(Only::Session(&session.id)), machine: &machine, state, out: Out::Spool(Spool::open()?), report };
    transcripts.iter().try_for_each(|transcript| import.read(of, transcript, &mut story))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_hooks_payload_names_the_session_and_its_transcript() {
        let rollout = "/h/.codex/sessions/2026/11/22/rollout-2026-11-22T15-18-48-01a2.jsonl";
        let found = |agent, said: Value| transcript(agent, &said).expect("a home").map(|(id, path)| (id, path.display().to_string()));

        let said = json!({"session_id": "01a2", "transcript_path": rollout});
        assert_eq!(found(agent::Agent::Codex, said), Some(("01a2".to_owned(), rollout.to_owned())));
        for no in [
            json!({"session_id": "01a2"}),
            json!({"session_id": "01a2", "transcript_path": "/etc/passwd"}),
            json!({"session_id": "../x", "transcript_path": rollout}),
            json!({"transcript_path": rollout}),
        ] {
            assert_eq!(found(agent::Agent::Codex, no.clone()), None, "{no}");
        }
        assert_eq!(found(agent::Agent::Cursor, json!({"session_id": "x", "transcript_path": "/h/x.jsonl"})), None);
        let said = json!({"sessionId": "child", "agentId": "child", "parentAgentId": "parent"});
        let (id, path) = found(agent::Agent::CopilotCli, said).expect("a place");
        assert!(id == "parent" && path.ends_with("/session-state/parent/events.jsonl"), "{path}");
        for said in [
            json!({"kind": "event", "event": {"type": "session.idle", "properties": {"sessionID": "ses_1"}}}),
            json!({"kind": "event", "event": {"type": "session.updated", "properties": {"info": {"id": "ses_1"}}}}),
            json!({"kind": "event", "event": {"type": "message.updated", "properties": {"info": {"id": "msg_1", "sessionID": "ses_1"}}}}),
            json!({"kind": "tool.execute.after", "input": {"sessionID": "ses_1"}}),
        ] {
            assert_eq!(found(agent::Agent::OpenCode, said).map(|(id, _)| id), Some("ses_1".to_owned()));
        }
    }
}
