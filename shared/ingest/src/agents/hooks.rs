//! What agents say in their hooks: one payload as the agent itself posts it, or a list of envelopes from `agenttrace hook`.
//!
//! A hook tells the same steps as the agent's telemetry, under the same ids where it names them; where it doesn't, under an id that says so
//! (`agenttrace_domain::agent::twins`). Prompts, answers, tool calls with arguments and results, commands, edits, decisions: yes. Tokens:
//! never, they are the telemetry's. Fields that no one knows are left alone, events that no one knows are only a sign of life.

mod call;
mod claude_code;
mod codex;
mod copilot_cli;
mod cursor;
mod gemini_cli;
mod opencode;
mod payload;

use agenttrace_domain::agent::{Rank, key};
use agenttrace_domain::{Environment, Event, Timestamp, Trace, valid_id};
use serde::Deserialize;
use serde_json::Value as Json;

use self::payload::{Payload, without_nul};
use super::{Run, Session, Statements};
use crate::limits::{Context, Dropped, Refusal};
use crate::text::{json_body, repair_surrogates, short_some};

/// Most calls of one list.
const MAX_CALLS: usize = 1_000;

/// What hooks say.
#[derive(Debug)]
pub struct HookBatch {
    pub events: Vec<Event>,
    pub dropped: Dropped,
    /// Of a list: its elements, each by its place, with its id or what is wrong with it. `None` for one payload.
    pub list: Option<Vec<Result<String, String>>>,
}

/// One call of a hook, as `agenttrace hook` spools it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope {
    id: String,
    at: Option<String>,
    event: Option<Json>,
    event_name: Option<String>,
    traceparent: Option<String>,
    git: Option<Git>,
    user_id: Option<String>,
    environment: Option<String>,
    wrap: Option<Wrap>,
}

/// The work tree in which the hook ran.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Git {
    repository_url: Option<String>,
    branch: Option<String>,
    commit: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrap {
    trace_id: String,
    observation_id: Option<String>,
}

/// A call of a hook.
struct Hook<'h> {
    /// What happened, in the agent's words.
    name: &'h str,
    at: Timestamp,
    event: Payload<'h>,
    envelope: &'h Envelope,
}

/// How an agent's hooks are read.
struct Reader {
    agent: &'static str,
    title: &'static str,
    /// What happened, and when by the payload's own clock.
    about: for<'h> fn(&Payload<'h>) -> (Option<&'h str>, Option<Timestamp>),
    /// The session's id; an error says what is missing, `None` that the event is of no session.
    session: for<'h> fn(&Payload<'h>) -> Result<Option<&'h str>, &'static str>,
    read: fn(&Hook<'_>, &Session, &mut Statements<'_>),
}

const READERS: &[Reader] = &[claude_code::READER, codex::READER, gemini_cli::READER, copilot_cli::READER, opencode::READER, cursor::READER];

/// The agents whose hooks are understood.
pub fn hook_agents() -> impl Iterator<Item = &'static str> {
    READERS.iter().map(|reader| reader.agent)
}

/// Reads the body of a request of an agent's hooks.
///
/// # Errors
/// 400 for an agent that is none, a body that isn't JSON, one payload that can't be read, a list that is too long.
pub fn agent_hooks(agent: &str, body: &[u8], ctx: &Context<'_>) -> Result<HookBatch, Refusal> {
    let Some(reader) = READERS.iter().find(|reader| reader.agent == agent) else {
        let known: Vec<&str> = hook_agents().collect();
        return Err(Refusal::bad(format!("no hooks are known of this agent; known are {}", known.join(", "))));
    };
    let mut out = Statements::new(ctx);
    let list = match parse(body)? {
        Json::Array(calls) if calls.len() > MAX_CALLS => {
            return Err(Refusal::bad(format!("a list takes at most {MAX_CALLS} calls: send several")));
        }
        Json::Array(calls) => Some(calls.into_iter().map(|call| enveloped(reader, call, ctx, &mut out)).collect()),
        payload => {
            one(reader, &payload, &Envelope::default(), ctx, &mut out).map_err(Refusal::bad)?;
            None
        }
    };
    let (events, dropped) = out.finish();
    Ok(HookBatch { events, dropped, list })
}

fn parse(body: &[u8]) -> Result<Json, Refusal> {
    let text = json_body(body);
    let read = serde_json::from_str(&text).or_else(|cause| match repair_surrogates(&text) {
        std::borrow::Cow::Borrowed(_) => Err(cause),
        std::borrow::Cow::Owned(repaired) => serde_json::from_str(&repaired),
    });
    let mut json = read.map_err(|cause| Refusal::bad(format!("the body is not JSON: {cause}")))?;
    without_nul(&mut json);
    Ok(json)
}

/// Reads an element of a list: its id, or what is wrong with it.
fn enveloped(reader: &Reader, call: Json, ctx: &Context<'_>, out: &mut Statements<'_>) -> Result<String, String> {
    let mut envelope: Envelope = serde_json::from_value(call).map_err(|cause| cause.to_string())?;
    if !valid_id(&envelope.id) {
        return Err("`id` must be text of 1 to 800 characters, without control characters".to_owned());
    }
    let event = envelope.event.take().ok_or("`event` is missing: the agent's payload")?;
    one(reader, &event, &envelope, ctx, out)?;
    Ok(envelope.id)
}

fn one(reader: &Reader, event: &Json, envelope: &Envelope, ctx: &Context<'_>, out: &mut Statements<'_>) -> Result<(), String> {
    let Json::Object(fields) = event else { return Err("a hook's payload is a JSON object".to_owned()) };
    let event = Payload(fields);
    let ran = match envelope.at.as_deref() {
        None => None,
        Some(text) => Some(Timestamp::parse(text).ok_or("`at` must be an ISO 8601 time such as 2026-01-31T10:00:00.000000Z")?),
    };
    let (name, told) = (reader.about)(&event);
    let name = name.or(envelope.event_name.as_deref()).unwrap_or_default();
    let Some(id) = (reader.session)(&event)? else { return Ok(()) };
    let wrap = envelope.wrap.as_ref();
    let session = Session {
        agent: reader.agent,
        title: reader.title,
        trace_id: agenttrace_domain::agent::trace_id(reader.agent, id),
        id: id.to_owned(),
        version: event.owned(&["cursor_version", "version"]),
        user: envelope.user_id.clone().or_else(|| event.owned(&["user_email"])).filter(|user| !user.is_empty()),
        environment: envelope.environment.as_deref().filter(|name| !name.is_empty()).map(Environment::normalise),
        labels: Vec::new(),
        run: wrap.and_then(|wrap| Run::of(Some(wrap.trace_id.clone()), wrap.observation_id.clone())),
    };
    // The payload's clock is the one of the agent's telemetry; the hook's process began later.
    let hook = Hook { name, at: told.or(ran).unwrap_or(ctx.now), event, envelope };
    out.session(&session, hook.at);
    hook.surroundings(&session, out);
    (reader.read)(&hook, &session, out);
    Ok(())
}

impl Hook<'_> {
    /// Where the session runs, and for whom. The last word counts: branches change.
    fn surroundings(&self, session: &Session, out: &mut Statements<'_>) {
        let root = session.trace_id.clone();
        if let Some(folder) = self.folder() {
            out.latest_note(session, &root, self.at, key::SESSION_DIR, folder);
        }
        if let Some(git) = &self.envelope.git {
            for (name, value) in [(key::REPOSITORY, &git.repository_url), (key::BRANCH, &git.branch), (key::COMMIT, &git.commit)] {
                out.latest_note(session, &root, self.at, name, value.as_deref().unwrap_or_default());
            }
        }
        let traceparent = self.envelope.traceparent.as_deref().unwrap_or_default();
        out.latest_note(session, &root, self.at, key::TRACEPARENT, traceparent);
        // What a person set for himself is more than what the agent knows of its account.
        let user_id = self.envelope.user_id.as_deref().and_then(|user| short_some(user, &mut out.dropped));
        if user_id.is_some() {
            out.say_of_trace(Rank::Whole.at(), Trace { id: root, user_id, ..Trace::default() });
        }
    }

    /// The folder in which the agent works.
    fn folder(&self) -> Option<&str> {
        let first = || self.event.get("workspace_roots")?.as_array()?.first()?.as_str();
        self.event.text(&["cwd", "directory"]).or_else(first).filter(|folder| !folder.is_empty())
    }
}
