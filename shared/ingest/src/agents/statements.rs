//! Collects what one request says of agents' sessions, folded per step and rank, as events for the stream.

use std::borrow::Cow;
use std::collections::HashMap;

use agenttrace_domain::agent::{Rank, earliest, key, trace_id};
use agenttrace_domain::merge::merge_observation;
use agenttrace_domain::{Environment, Event, FieldTimes, Observation, ObservationType, Timestamp, Trace, repository_url, valid_id};

use super::Said;
use crate::limits::{Context, Dropped};
use crate::text::{long, metadata_string, short, short_some};

/// Whose session it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// `claude-code`
    pub agent: &'static str,
    /// `Claude Code`
    pub title: &'static str,
    pub id: String,
    pub trace_id: String,
    pub version: Option<String>,
    pub user: Option<String>,
    pub environment: Option<Environment>,
    /// What the sender says of itself and isn't about its machine: team, repository …
    pub labels: Vec<(String, String)>,
    /// The run of `agenttrace wrap` in which it ran.
    pub run: Option<Run>,
}

/// A run of `agenttrace wrap`: its trace, and the step that is the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub trace_id: String,
    pub step_id: Option<String>,
}

impl Run {
    /// `None` for ids that no trace can have.
    pub fn of(trace_id: Option<String>, step_id: Option<String>) -> Option<Self> {
        Some(Self { trace_id: trace_id.filter(|id| valid_id(id))?, step_id: step_id.filter(|id| valid_id(id)) })
    }
}

/// Attributes of a resource that say nothing of the session.
const NO_LABELS: &[&str] =
    &["host.", "os.", "process.", "telemetry.", "service.", "session.id", "wsl.", "deployment.", "opencode.run", "agenttrace."];
/// Who a person is, best first.
const USERS: &[&str] = &["user.email", "user.id", "user.account_uuid", "user.account_id", "enduser.id"];
/// Most labels of a session.
const MAX_LABELS: usize = 50;

impl Session {
    pub fn new(agent: &'static str, title: &'static str, id: &str, said: Said<'_, '_>, resource: Said<'_, '_>) -> Self {
        let first = |keys: &[&str]| keys.iter().find_map(|key| said.owned(key).or_else(|| resource.owned(key)));
        let labels = resource
            .0
            .iter()
            .filter(|a| !NO_LABELS.iter().any(|prefix| a.key.starts_with(prefix)) && a.value.is_meaningful())
            .take(MAX_LABELS)
            .map(|a| (a.key.to_string(), one_form(&a.key, &a.value.to_text()).into_owned()))
            .collect();
        Self {
            agent,
            title,
            trace_id: trace_id(agent, id),
            id: id.to_owned(),
            version: first(&["app.version"]).or_else(|| resource.owned("service.version")),
            user: first(USERS),
            environment: first(&["deployment.environment.name", "deployment.environment"]).map(|text| Environment::normalise(&text)),
            labels,
            run: Run::of(first(&[key::RUN_TRACE]), first(&[key::RUN_STEP])),
        }
    }
}

/// A repository's address in its one form; everything else as it is.
fn one_form<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if name == key::REPOSITORY { Cow::Owned(repository_url(value)) } else { Cow::Borrowed(value) }
}

/// A step in this request.
struct Step {
    trace_id: String,
    id: String,
    first: Timestamp,
    last: Timestamp,
    /// What was said, by the time of the statement.
    said: Vec<(Timestamp, Observation, FieldTimes)>,
    /// What every patch of it carries, so that lists need no join.
    common: Observation,
}

/// What one request says.
pub(crate) struct Statements<'c> {
    ctx: &'c Context<'c>,
    pub dropped: Dropped,
    steps: Vec<Step>,
    by_id: HashMap<(String, String), usize>,
    traces: Vec<(String, Trace)>,
    /// What is said of traces beside that, and when.
    beside: Vec<(Timestamp, Trace)>,
}

impl<'c> Statements<'c> {
    pub fn new(ctx: &'c Context<'c>) -> Self {
        Self { ctx, dropped: Dropped::default(), steps: Vec::new(), by_id: HashMap::new(), traces: Vec::new(), beside: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Something happened in the session: its trace and its own step, which spans everything in it.
    pub fn session(&mut self, session: &Session, at: Timestamp) {
        if let Some((_, trace)) = self.traces.iter_mut().find(|(id, _)| *id == session.trace_id) {
            // Not each call of a request tells whose session it is and where it runs.
            trace.environment = trace.environment.take().or_else(|| session.environment.clone());
            if trace.user_id.is_none() {
                trace.user_id = session.user.as_deref().and_then(|user| short_some(user, &mut self.dropped));
            }
        } else {
            let mut metadata = vec![(key::AGENT.to_owned(), session.agent.to_owned())];
            metadata.extend(session.version.iter().map(|v| (key::AGENT_VERSION.to_owned(), metadata_string(v))));
            for (name, value) in &session.labels {
                metadata.push((short(name, &mut self.dropped), long(metadata_string(value), self.ctx.limits, &mut self.dropped)));
            }
            metadata.sort_unstable();
            metadata.dedup_by(|later, first| later.0 == first.0);
            let trace = Trace {
                id: session.trace_id.clone(),
                name: Some(session.title.to_owned()),
                user_id: session.user.as_deref().and_then(|user| short_some(user, &mut self.dropped)),
                session_id: short_some(&session.id, &mut self.dropped),
                tags: vec![session.agent.to_owned()],
                environment: session.environment.clone(),
                metadata,
                ..Trace::default()
            };
            self.traces.push((session.trace_id.clone(), trace));
        }
        let root = session.trace_id.clone();
        self.seen(session, &root, at);
        self.step(session, &root, ObservationType::Agent, "session", session.title, None);
        if let Some(run) = &session.run {
            self.within(session, run);
        }
    }

    /// The session ran in a run of `agenttrace wrap`: each names the other, and one page shows both.
    fn within(&mut self, session: &Session, run: &Run) {
        let root = session.trace_id.clone();
        self.note(session, &root, key::RUN_TRACE, &run.trace_id);
        self.note(session, &root, key::RUN_STEP, run.step_id.as_deref().unwrap_or_default());
        let session_id = short_some(&session.id, &mut self.dropped);
        self.say_of_trace(Rank::Hint.at(), Trace { id: run.trace_id.clone(), session_id, ..Trace::default() });
    }

    /// States fields of a trace.
    pub fn say_of_trace(&mut self, at: Timestamp, said: Trace) {
        if !self.beside.contains(&(at, said.clone())) {
            self.beside.push((at, said));
        }
    }

    /// Names a step: its type, its kind of record, its name. Without a stated parent it stands below the session.
    pub fn step(&mut self, session: &Session, id: &str, kind: ObservationType, record: &str, name: &str, parent: Option<&str>) {
        self.step_at(session, id, Rank::Told, kind, record, name, parent);
    }

    /// The same of a source whose name for the step isn't the agent's own.
    #[allow(clippy::too_many_arguments)]
    pub fn step_at(
        &mut self,
        session: &Session,
        id: &str,
        rank: Rank,
        kind: ObservationType,
        record: &str,
        name: &str,
        parent: Option<&str>,
    ) {
        let name = short_some(name, &mut self.dropped);
        self.say(session, id, Rank::Told.at(), Observation { kind: Some(kind), ..Observation::default() });
        self.say(session, id, rank.at(), Observation { name, ..Observation::default() });
        match parent {
            Some(parent) => self.parent(session, id, Rank::Told, parent),
            None => self.parent(session, id, Rank::Hint, &session.trace_id),
        }
        self.note(session, id, key::RECORD, record);
    }

    /// Below which step a step stands.
    pub fn parent(&mut self, session: &Session, id: &str, rank: Rank, parent: &str) {
        if id != session.trace_id && id != parent {
            self.say(session, id, rank.at(), Observation { parent_id: Some(parent.to_owned()), ..Observation::default() });
        }
    }

    /// Begin and end reach at least this far.
    pub fn seen(&mut self, session: &Session, id: &str, at: Timestamp) {
        let step = self.slot(session, id, at);
        step.first = step.first.min(at);
        step.last = step.last.max(at);
    }

    /// States fields. Texts are cut to what is allowed.
    pub fn say(&mut self, session: &Session, id: &str, at: Timestamp, mut said: Observation) {
        let (limits, dropped) = (self.ctx.limits, &mut self.dropped);
        for text in [&mut said.input, &mut said.output, &mut said.status_message, &mut said.model_parameters] {
            *text = text.take().filter(|t| !t.is_empty()).map(|t| long(t, limits, dropped));
        }
        said.model = said.model.take().and_then(|model| short_some(&model, dropped));
        let seen_at = said.start_time.or(said.end_time).unwrap_or(Timestamp::MAX);
        let step = self.slot(session, id, seen_at);
        let slot = match step.said.iter().position(|(t, ..)| *t == at) {
            Some(found) => found,
            None => {
                step.said.push((at, Observation::default(), FieldTimes::default()));
                step.said.len() - 1
            }
        };
        let (_, row, times) = &mut step.said[slot];
        merge_observation(row, times, said, at);
    }

    /// A fact that every source tells in the same words.
    pub fn note(&mut self, session: &Session, id: &str, name: &str, value: &str) {
        self.note_at(session, id, Rank::Told, name, value);
    }

    pub fn note_at(&mut self, session: &Session, id: &str, rank: Rank, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let value = long(metadata_string(&one_form(name, value)), self.ctx.limits, &mut self.dropped);
        self.raw_note(session, id, rank, name, value);
    }

    /// A fact that may change: what is said last counts.
    pub fn latest_note(&mut self, session: &Session, id: &str, at: Timestamp, name: &str, value: &str) {
        if !value.is_empty() {
            let value = long(metadata_string(value), self.ctx.limits, &mut self.dropped);
            self.say(session, id, at, Observation { metadata: vec![(name.to_owned(), value)], ..Observation::default() });
        }
    }

    /// A number, a flag or a structure, as JSON text.
    pub fn raw_note(&mut self, session: &Session, id: &str, rank: Rank, name: &str, json: String) {
        let json = long(json, self.ctx.limits, &mut self.dropped);
        self.say(session, id, rank.at(), Observation { metadata: vec![(name.to_owned(), json)], ..Observation::default() });
    }

    /// The first prompt of a session stands for its input, the last answer for its output.
    pub fn conversation(&mut self, session: &Session, at: Timestamp, input: Option<String>, output: Option<String>) {
        let root = session.trace_id.clone();
        if input.is_some() {
            self.say(session, &root, earliest(at), Observation { input, ..Observation::default() });
        }
        if output.is_some() {
            self.say(session, &root, at, Observation { output, ..Observation::default() });
        }
    }

    fn slot(&mut self, session: &Session, id: &str, at: Timestamp) -> &mut Step {
        let index = *self.by_id.entry((session.trace_id.clone(), id.to_owned())).or_insert_with(|| {
            let dropped = &mut self.dropped;
            self.steps.push(Step {
                trace_id: session.trace_id.clone(),
                id: id.to_owned(),
                first: at,
                last: Timestamp::MIN,
                said: Vec::new(),
                common: Observation {
                    session_id: short_some(&session.id, dropped),
                    user_id: session.user.as_deref().and_then(|user| short_some(user, dropped)),
                    trace_name: Some(session.title.to_owned()),
                    version: session.version.as_deref().and_then(|version| short_some(version, dropped)),
                    environment: session.environment.clone(),
                    tags: vec![session.agent.to_owned()],
                    metadata: vec![(key::AGENT.to_owned(), session.agent.to_owned())],
                    ..Observation::default()
                },
            });
            self.steps.len() - 1
        });
        let step = &mut self.steps[index];
        step.common.environment = step.common.environment.take().or_else(|| session.environment.clone());
        step
    }

    /// The events: for each step when it is seen first, then its statements, the weakest first; then the traces.
    pub fn finish(self) -> (Vec<Event>, Dropped) {
        let mut events = Vec::with_capacity(self.steps.len() * 3 + self.traces.len());
        for step in self.steps {
            let Step { trace_id, id, first, last, mut said, common } = step;
            let mut patch = |at: Timestamp, said: Observation| {
                let patch = Box::new(Observation { trace_id: trace_id.clone(), id: id.clone(), ..said });
                events.push(Event::ObservationPatch { at, patch });
            };
            if first < Timestamp::MAX {
                patch(earliest(first), Observation { start_time: Some(first), ..Observation::default() });
            }
            let end_time = (last > Timestamp::MIN).then_some(last);
            patch(Rank::Hint.at(), Observation { end_time, ..common });
            said.sort_by_key(|(at, ..)| *at);
            for (at, row, _) in said {
                patch(at, row);
            }
        }
        for (_, trace) in self.traces {
            events.push(Event::Trace { at: Rank::Told.at(), patch: Box::new(trace) });
        }
        events.extend(self.beside.into_iter().map(|(at, trace)| Event::Trace { at, patch: Box::new(trace) }));
        (events, self.dropped)
    }
}
