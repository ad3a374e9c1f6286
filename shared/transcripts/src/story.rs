//! What a session's transcript says, folded per step and rank, as events of the batch API.

use std::collections::{BTreeSet, HashMap};

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{Rank, earliest, key, made_id, trace_id};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::{LONGEST_TEXT, Surroundings};

/// Whose session it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// `claude-code`
    pub agent: &'static str,
    /// `Claude Code`
    pub title: &'static str,
    pub id: String,
    pub trace_id: String,
    pub version: Option<String>,
}

impl Session {
    #[must_use]
    pub fn new(agent: &'static str, title: &'static str, id: &str) -> Self {
        Self { agent, title, id: id.to_owned(), trace_id: trace_id(agent, id), version: None }
    }
}

type Fields = Map<String, Value>;

struct Step {
    trace_id: String,
    id: String,
    first: Timestamp,
    last: Timestamp,
    /// What every statement of it carries, so that lists need no join.
    common: Fields,
    /// What was said, by the time of the statement.
    said: Vec<(Timestamp, Fields)>,
}

/// What was read so far and not taken yet.
pub struct Story<'s> {
    around: &'s dyn Surroundings,
    user: Option<String>,
    environment: Option<String>,
    /// Is what is being read new? What was sent before is read again only to understand what follows.
    fresh: bool,
    /// Where the session works that is being read.
    folder: String,
    /// Trace and step of the run in which the sessions live.
    run: Option<(String, String)>,
    steps: Vec<Step>,
    by_id: HashMap<(String, String), usize>,
    traces: Vec<(String, Fields)>,
    /// Traces that are shown in another session.
    shown_in: Vec<(String, String)>,
    /// Runs and the sessions in them.
    runs: Vec<(String, String)>,
    bytes: usize,
    tally: Tally,
}

/// Steps that were told, each counted once.
#[derive(Debug, Default)]
pub struct Tally(HashMap<&'static str, BTreeSet<String>>);

impl Tally {
    /// Of a kind of record: `session`, `turn`, `model_call`, `tool_call`, `command`, `subagent`.
    #[must_use]
    pub fn of(&self, record: &str) -> usize {
        self.0.get(record).map_or(0, BTreeSet::len)
    }
}

impl<'s> Story<'s> {
    #[must_use]
    pub fn new(around: &'s dyn Surroundings, user: Option<String>, environment: Option<String>) -> Self {
        Self {
            around,
            user,
            environment,
            fresh: true,
            folder: String::new(),
            run: None,
            steps: Vec::new(),
            by_id: HashMap::new(),
            traces: Vec::new(),
            shown_in: Vec::new(),
            runs: Vec::new(),
            bytes: 0,
            tally: Tally::default(),
        }
    }

    /// The sessions live in a run of a command that is a trace of its own: each names the other.
    pub fn in_run(&mut self, trace: &str, step: &str) {
        self.run = Some((trace.to_owned(), step.to_owned()));
    }

    /// What is said from now on is new, or was told before.
    pub const fn fresh(&mut self, fresh: bool) {
        self.fresh = fresh;
    }

    #[must_use]
    pub const fn around(&self) -> &'s dyn Surroundings {
        self.around
    }

    /// What follows happens in this folder.
    pub fn work_in(&mut self, folder: &str) {
        folder.clone_into(&mut self.folder);
    }

    #[must_use]
    pub fn folder(&self) -> &str {
        &self.folder
    }

    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// About how much waits to be taken.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Something happened in the session: its trace and its own step, which spans everything in it.
    pub fn session(&mut self, session: &Session, at: Timestamp) {
        if !self.fresh {
            return;
        }
        if !self.traces.iter().any(|(id, _)| *id == session.trace_id) {
            let mut metadata = json!({key::AGENT: session.agent});
            if let Some(version) = &session.version {
                metadata[key::AGENT_VERSION] = version.as_str().into();
            }
            let mut fields = object(json!({
                "id": session.trace_id, "name": session.title, "sessionId": session.id, "tags": [session.agent], "metadata": metadata,
            }));
            set(&mut fields, "userId", self.user.as_deref());
            set(&mut fields, "environment", self.environment.as_deref());
            self.traces.push((session.trace_id.clone(), fields));
            self.name_run(session);
        }
        let root = session.trace_id.clone();
        self.seen(session, &root, at);
        self.step(session, &root, "AGENT", "session", session.title, None);
    }

    fn name_run(&mut self, session: &Session) {
        let Some((trace, step)) = self.run.clone() else { return };
        let root = session.trace_id.clone();
        self.note(session, &root, Rank::Told, key::RUN_TRACE, trace.as_str());
        self.note(session, &root, Rank::Told, key::RUN_STEP, step);
        self.runs.push((trace, session.id.clone()));
    }

    /// A subagent's session is shown with the one that started it.
    pub fn shown_in(&mut self, session: &Session, parent: &str) {
        if self.fresh {
            self.shown_in.push((session.trace_id.clone(), parent.to_owned()));
        }
    }

    /// A fact of the session, which its trace and its own step tell.
    pub fn label(&mut self, session: &Session, name: &str, value: &str) {
        if !self.fresh || value.is_empty() {
            return;
        }
        if let Some((_, trace)) = self.traces.iter_mut().find(|(id, _)| *id == session.trace_id) {
            merge(trace, object(json!({"metadata": {name: value}})));
        }
        self.note(session, &session.trace_id.clone(), Rank::Told, name, value);
    }

    /// Names a step: its type, its kind of record, its name. Without a stated parent it stands below the session.
    pub fn step(&mut self, session: &Session, id: &str, kind: &str, record: &'static str, name: &str, parent: Option<&str>) {
        let mut fields = object(json!({"type": kind, "metadata": {key::RECORD: record}}));
        if !name.is_empty() {
            fields.insert("name".to_owned(), name.into());
        }
        self.say(session, id, Rank::Told.at(), Value::Object(fields));
        match parent {
            Some(parent) => self.parent(session, id, Rank::Told, parent),
            None => self.parent(session, id, Rank::Hint, &session.trace_id),
        }
        self.count(session, record, id);
    }

    /// One more of a kind of record.
    pub fn count(&mut self, session: &Session, record: &'static str, id: &str) {
        if self.fresh {
            self.tally.0.entry(record).or_default().insert(format!("{} {id}", session.trace_id));
        }
    }

    /// Below which step a step stands.
    pub fn parent(&mut self, session: &Session, id: &str, rank: Rank, parent: &str) {
        if id != session.trace_id && id != parent {
            self.say(session, id, rank.at(), json!({"parentObservationId": parent}));
        }
    }

    /// Begin and end reach at least this far.
    pub fn seen(&mut self, session: &Session, id: &str, at: Timestamp) {
        if self.fresh {
            let step = self.slot(session, id);
            step.first = step.first.min(at);
            step.last = step.last.max(at);
        }
    }

    /// States fields, at the time of a rank. Texts are cut.
    pub fn say(&mut self, session: &Session, id: &str, at: Timestamp, fields: Value) {
        let Value::Object(mut fields) = fields else { return };
        fields.retain(|_, value| !is_empty(value));
        if !self.fresh || fields.is_empty() {
            return;
        }
        for value in fields.values_mut() {
            cut(value);
        }
        self.bytes += fields.values().map(size).sum::<usize>();
        let step = self.slot(session, id);
        match step.said.iter_mut().find(|(t, _)| *t == at) {
            Some((_, said)) => merge(said, fields),
            None => step.said.push((at, fields)),
        }
    }

    /// What another source takes for the turn, without its id, is a part of it.
    pub fn interaction(&mut self, session: &Session, id: &str, turn: &str, at: Timestamp) {
        if id == turn {
            return;
        }
        self.seen(session, id, at);
        self.say(session, id, Rank::Hint.at(), json!({"type": "SPAN", "name": "prompt"}));
        self.say(session, id, Rank::Told.at(), json!({"level": "DEBUG"}));
        self.parent(session, id, Rank::Told, turn);
        self.note(session, id, Rank::Whole, key::RECORD, "interaction");
    }

    /// A fact among the metadata.
    pub fn note(&mut self, session: &Session, id: &str, rank: Rank, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if !is_empty(&value) {
            self.say(session, id, rank.at(), json!({"metadata": {name: value}}));
        }
    }

    /// The first prompt of a session stands for its input, the last answer for its output.
    pub fn conversation(&mut self, session: &Session, at: Timestamp, input: Option<&str>, output: Option<&str>) {
        let root = session.trace_id.clone();
        if let Some(input) = input {
            self.say(session, &root, earliest(at), json!({"input": input}));
        }
        if let Some(output) = output {
            self.say(session, &root, at, json!({"output": output}));
        }
    }

    fn slot(&mut self, session: &Session, id: &str) -> &mut Step {
        let index = *self.by_id.entry((session.trace_id.clone(), id.to_owned())).or_insert_with(|| {
            let mut common = object(json!({
                "sessionId": session.id, "traceName": session.title, "tags": [session.agent], "metadata": {key::AGENT: session.agent},
            }));
            set(&mut common, "version", session.version.as_deref());
            set(&mut common, "userId", self.user.as_deref());
            set(&mut common, "environment", self.environment.as_deref());
            self.bytes += 400;
            self.steps.push(Step {
                trace_id: session.trace_id.clone(),
                id: id.to_owned(),
                first: Timestamp::MAX,
                last: Timestamp::MIN,
                common,
                said: Vec::new(),
            });
            self.steps.len() - 1
        });
        &mut self.steps[index]
    }

    /// Takes what was read: events in the order in which they are to be sent, the traces last.
    #[must_use]
    pub fn take(&mut self) -> Vec<Value> {
        self.by_id.clear();
        self.bytes = 0;
        let mut events = Vec::new();
        for step in self.steps.drain(..) {
            let Step { trace_id, id, first, last, common, mut said } = step;
            let mut told = |at: Timestamp, mut fields: Fields| {
                fields.insert("id".to_owned(), id.as_str().into());
                fields.insert("traceId".to_owned(), trace_id.as_str().into());
                events.push(event("observation-update", at, &[&trace_id, &id], fields));
            };
            if first < Timestamp::MAX {
                told(earliest(first), object(json!({"startTime": moment(first)})));
            }
            let mut hint = common;
            if last > Timestamp::MIN {
                hint.insert("endTime".to_owned(), moment(last).into());
            }
            match said.iter_mut().find(|(at, _)| *at == Rank::Hint.at()) {
                Some((_, fields)) => merge(fields, hint),
                None => said.push((Rank::Hint.at(), hint)),
            }
            said.sort_by_key(|(at, _)| *at);
            for (at, fields) in said {
                told(at, fields);
            }
        }
        events.extend(self.traces.drain(..).map(|(id, fields)| event("trace-create", Rank::Told.at(), &[&id], fields)));
        let shown = self.shown_in.drain(..).map(|(id, parent)| {
            let fields = object(json!({"id": id, "sessionId": parent}));
            event("trace-create", Rank::Whole.at(), &[&id], fields)
        });
        events.extend(shown);
        let runs = self.runs.drain(..).map(|(id, session)| {
            let fields = object(json!({"id": id, "sessionId": session}));
            event("trace-create", Rank::Hint.at(), &[&id], fields)
        });
        events.extend(runs);
        events
    }
}

fn event(kind: &str, at: Timestamp, of: &[&str], body: Fields) -> Value {
    let at = moment(at);
    let mut parts = of.to_vec();
    parts.extend([kind, &at]);
    json!({"id": made_id(&parts), "type": kind, "timestamp": at, "body": body})
}

/// A time to the microsecond, which ranks and begins need.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let at = at.clamp(Timestamp::MIN, Timestamp::MAX);
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000).ok().and_then(|t| t.format(&Rfc3339).ok()).unwrap_or_default()
}

fn object(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    }
}

fn set(fields: &mut Fields, name: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        fields.insert(name.to_owned(), value.into());
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Adds what is said at the same time: metadata per key; of two texts the greater one stays, as on the server.
fn merge(into: &mut Fields, said: Fields) {
    for (name, value) in said {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(old)), Value::Object(new)) if name == "metadata" => old.extend(new),
            (Some(Value::String(old)), Value::String(new)) if name == "level" && gravity(old) >= gravity(&new) => {}
            (Some(Value::String(old)), Value::String(new)) if name != "level" && *old >= new => {}
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}

fn gravity(level: &str) -> Option<usize> {
    ["DEBUG", "DEFAULT", "WARNING", "ERROR"].iter().position(|known| *known == level)
}

/// Cuts every text in a value, and says how much is missing.
fn cut(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => {
            let end = text.floor_char_boundary(LONGEST_TEXT);
            let missing = text.len() - end;
            text.truncate(end);
            text.push_str(&format!("… [cut: {missing} more bytes]"));
        }
        Value::Array(items) => items.iter_mut().for_each(cut),
        Value::Object(fields) => fields.values_mut().for_each(cut),
        _ => {}
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 16,
        Value::Array(items) => items.iter().map(size).sum::<usize>() + 2,
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + size(value)).sum::<usize>() + 2,
        _ => 16,
    }
}
