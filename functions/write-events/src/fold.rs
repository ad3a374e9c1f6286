//! From a batch of events and what is stored to the rows to insert. Pure: the same events on the same stored rows give the same rows.

mod agents;
mod twins;

use std::collections::HashMap;

use agenttrace_domain::agent::AgentRecord;
use agenttrace_domain::merge::{merge_observation, merge_score, merge_trace, trace_field};
use agenttrace_domain::{Envelope, Event, Facts, FieldTimes, Observation, RunItem, RunTelling, Score, Sdk, Source, Step, Timestamp};
use agenttrace_pricing::Prices;
use agenttrace_store::write::{
    ObservationRow, RowOrigin, RunItemRow, ScoreRow, StoredCiRun, StoredObservation, StoredScore, StoredTrace, TraceMinuteRow, TraceRow,
    minute_of,
};
use indexmap::IndexMap;

use agents::{AgentRows, show_repository};
pub use twins::to_load;

/// What the store knows of the entities that a project's events touch.
#[derive(Debug, Default)]
pub struct Known {
    pub traces: HashMap<String, StoredTrace>,
    pub steps: HashMap<String, Vec<Step>>,
    pub observations: HashMap<(String, String), StoredObservation>,
    pub scores: HashMap<String, StoredScore>,
    pub ci_runs: HashMap<String, StoredCiRun>,
    /// When traces were ordered to be deleted. What was accepted up to then is gone, wherever it still is.
    pub deleted: HashMap<String, Timestamp>,
}

impl Known {
    /// Rows that a deletion is about to remove are not there any more.
    pub fn forget_deleted(&mut self) {
        let Self { traces, steps, observations, deleted, .. } = self;
        for (id, at) in deleted.iter() {
            if traces.get(id).is_some_and(|trace| trace.row_version <= version_of(*at)) {
                traces.remove(id);
                steps.remove(id);
            }
        }
        observations.retain(|(trace_id, _), row| deleted.get(trace_id).is_none_or(|at| row.row_version > version_of(*at)));
    }

    /// Was this accepted before its trace was ordered to be deleted?
    fn is_deleted(&self, event: &Event, received_at: Timestamp) -> bool {
        let trace_id = match event {
            Event::Observation(o) | Event::ObservationPatch { patch: o, .. } => &o.trace_id,
            Event::Trace { patch, .. } => &patch.id,
            Event::Reprice { trace_id, .. } => trace_id,
            Event::Score(s) | Event::ScorePatch { patch: s, .. } => match &s.trace_id {
                Some(id) => id,
                None => return false,
            },
            Event::Agent(AgentRecord::CiRun(_) | AgentRecord::Metric(_) | AgentRecord::Commit(_) | AgentRecord::PullRequest(_)) => {
                return false;
            }
            Event::Agent(record) => record.ordering_key(),
            Event::RunItem(_) => return false,
        };
        self.deleted.get(trace_id).is_some_and(|at| received_at <= *at)
    }
}

/// Which entities a project's events touch, so that they can be looked up.
#[derive(Debug, Default)]
pub struct Touched<'a> {
    pub traces: Vec<&'a str>,
    /// (trace id, id) of steps that are told in part.
    pub patched: Vec<(&'a str, &'a str)>,
    pub patched_scores: Vec<&'a str>,
    pub scores: Vec<&'a str>,
    /// Traces that are only judged: of them it matters alone whether they were deleted.
    pub judged: Vec<&'a str>,
    pub ci_runs: Vec<&'a str>,
}

impl<'a> Touched<'a> {
    pub fn by(envelopes: &'a [Envelope]) -> Self {
        let mut touched = Self::default();
        for event in envelopes.iter().flat_map(|e| &e.events) {
            match event {
                Event::Observation(o) => touched.traces.push(&o.trace_id),
                Event::ObservationPatch { patch, .. } => {
                    touched.traces.push(&patch.trace_id);
                    touched.patched.push((&patch.trace_id, &patch.id));
                }
                Event::Trace { patch, .. } => touched.traces.push(&patch.id),
                Event::Reprice { trace_id, id } => {
                    touched.traces.push(trace_id);
                    touched.patched.push((trace_id, id));
                }
                Event::Score(s) => {
                    touched.scores.push(&s.id);
                    touched.judged.extend(s.trace_id.as_deref());
                }
                Event::ScorePatch { patch, .. } => {
                    touched.patched_scores.push(&patch.id);
                    touched.judged.extend(patch.trace_id.as_deref());
                }
                // Told whole: nothing needs to be known.
                Event::RunItem(_) | Event::Agent(AgentRecord::Metric(_) | AgentRecord::Commit(_) | AgentRecord::PullRequest(_)) => {}
                Event::Agent(AgentRecord::CiRun(run)) => touched.ci_runs.push(&run.id),
                Event::Agent(record) => touched.judged.push(record.ordering_key()),
            }
        }
        for list in [&mut touched.traces, &mut touched.patched_scores, &mut touched.scores, &mut touched.judged, &mut touched.ci_runs] {
            list.sort_unstable();
            list.dedup();
        }
        touched.patched.sort_unstable();
        touched.patched.dedup();
        touched
    }
}

/// A step as it will be stored.
#[derive(Debug)]
struct WorkingStep {
    observation: Observation,
    times: FieldTimes,
    start: Timestamp,
    /// Where the stored row lies, when there is one.
    stored_start: Option<Timestamp>,
    origin: Origin,
    merged: bool,
    /// It was a loose telling of another step, which holds all of it now.
    gone: bool,
}

#[derive(Debug, Clone)]
struct Origin {
    source: Source,
    sdk: Sdk,
    created_at: Timestamp,
    row_version: u64,
}

/// A trace as it will be stored.
#[derive(Debug)]
struct WorkingTrace {
    stored: StoredTrace,
    existed: bool,
    facts: Facts,
    timestamp: Timestamp,
    updated_at: Timestamp,
    origin: Origin,
}

#[derive(Debug)]
struct WorkingScore {
    score: Score,
    created_at: Timestamp,
    updated_at: Timestamp,
    row_version: u64,
}

/// A project's outcome: owns what the rows borrow.
#[derive(Debug)]
pub struct Folded {
    project_id: String,
    steps: IndexMap<(String, String), WorkingStep>,
    traces: IndexMap<String, WorkingTrace>,
    scores: IndexMap<String, WorkingScore>,
    run_items: IndexMap<RunItemKey, WorkingRunItem>,
    agents: AgentRows,
}

/// Run, item, trace, and who tells.
type RunItemKey = (String, String, String, RunTelling);

#[derive(Debug)]
struct WorkingRunItem {
    item: RunItem,
    received_at: Timestamp,
}

fn version_of(time: Timestamp) -> u64 {
    u64::try_from(time.0).unwrap_or(0)
}

/// Folds a project's envelopes, in stream order, over what is stored.
#[must_use]
pub fn fold(project_id: String, envelopes: Vec<Envelope>, mut known: Known, prices: Prices<'_>) -> Folded {
    let mut folded = Folded {
        project_id,
        steps: IndexMap::new(),
        traces: IndexMap::new(),
        scores: IndexMap::new(),
        run_items: IndexMap::new(),
        agents: AgentRows::default(),
    };
    for envelope in envelopes {
        let Envelope { received_at, source, sdk, events, .. } = envelope;
        let origin = Origin { source, sdk, created_at: received_at, row_version: version_of(received_at) };
        for event in events {
            if known.is_deleted(&event, received_at) {
                continue;
            }
            match event {
                Event::Observation(observation) => {
                    folded.touch_trace(&observation.trace_id, &mut known, &origin, received_at);
                    folded.put_step(*observation, &known, &origin, received_at);
                }
                Event::ObservationPatch { at, patch } => {
                    folded.touch_trace(&patch.trace_id, &mut known, &origin, received_at);
                    folded.merge_step(*patch, at, &mut known, &origin);
                }
                Event::Trace { at, patch } => {
                    let trace = folded.touch_trace(&patch.id, &mut known, &origin, received_at);
                    merge_trace(&mut trace.stored.trace, &mut trace.stored.times, *patch, at);
                    if !trace.existed && trace.timestamp == Timestamp::MAX {
                        trace.timestamp = at;
                    }
                }
                Event::Score(score) => folded.put_score(*score, &known, received_at),
                Event::ScorePatch { patch, .. } => folded.patch_score(*patch, &known, received_at),
                Event::RunItem(item) => folded.put_run_item(*item, received_at),
                Event::Reprice { trace_id, id } => folded.reprice_step((trace_id, id), &mut known, &origin, received_at),
                Event::Agent(record) => folded.agents.put(record, &known.ci_runs, received_at),
            }
        }
    }
    folded.join_twins(&mut known);
    folded.price(prices);
    folded.settle_traces(&known);
    folded.derive_agents();
    folded
}

impl Folded {
    fn touch_trace(&mut self, id: &str, known: &mut Known, origin: &Origin, received_at: Timestamp) -> &mut WorkingTrace {
        if !self.traces.contains_key(id) {
            let stored = known.traces.remove(id);
            let existed = stored.is_some();
            let stored = stored.unwrap_or_else(|| {
                let mut fresh = StoredTrace { created_at: received_at, timestamp: Timestamp::MAX, ..StoredTrace::default() };
                id.clone_into(&mut fresh.trace.id);
                fresh
            });
            let trace = WorkingTrace {
                timestamp: stored.timestamp,
                stored,
                existed,
                facts: Facts::default(),
                updated_at: received_at,
                origin: origin.clone(),
            };
            self.traces.insert(id.to_owned(), trace);
        }
        let trace = &mut self.traces[id];
        trace.updated_at = trace.updated_at.max(received_at);
        trace.origin.row_version = trace.origin.row_version.max(version_of(received_at)).max(trace.stored.row_version + 1);
        trace
    }

    fn put_step(&mut self, observation: Observation, known: &Known, origin: &Origin, received_at: Timestamp) {
        let key = (observation.trace_id.clone(), observation.id.clone());
        let start = observation.start_time.or(observation.end_time).unwrap_or(received_at);
        let stored_start = match self.steps.get(&key) {
            Some(earlier) => earlier.stored_start,
            None => known.steps.get(&key.0).and_then(|steps| steps.iter().find(|s| s.id == key.1)).map(|s| s.start),
        };
        let step = WorkingStep {
            observation,
            times: FieldTimes::default(),
            start,
            stored_start,
            origin: origin.clone(),
            merged: false,
            gone: false,
        };
        self.steps.insert(key, step);
    }

    fn merge_step(&mut self, patch: Observation, at: Timestamp, known: &mut Known, origin: &Origin) {
        let key = (patch.trace_id.clone(), patch.id.clone());
        let step = self.steps.entry(key).or_insert_with_key(|key| match known.observations.remove(key) {
            Some(stored) => WorkingStep {
                origin: Origin { created_at: stored.created_at, row_version: stored.row_version + 1, ..origin.clone() },
                start: stored.start,
                stored_start: Some(stored.start),
                observation: stored.observation,
                times: stored.times,
                merged: true,
                gone: false,
            },
            None => WorkingStep {
                observation: Observation { trace_id: key.0.clone(), id: key.1.clone(), ..Observation::default() },
                times: FieldTimes::default(),
                start: at,
                stored_start: None,
                origin: origin.clone(),
                merged: true,
                gone: false,
            },
        });
        step.merged = true;
        step.origin.row_version = step.origin.row_version.max(origin.row_version);
        merge_observation(&mut step.observation, &mut step.times, patch, at);
        // Until someone says when it began, the earliest statement stands for it.
        step.start = step.observation.start_time.unwrap_or(step.start.min(at));
    }

    fn put_score(&mut self, score: Score, known: &Known, received_at: Timestamp) {
        let created_at = known.scores.get(&score.id).map_or(received_at, |s| s.created_at);
        let after = known.scores.get(&score.id).map_or(0, |s| s.row_version + 1);
        let row_version = version_of(received_at).max(after);
        self.scores.insert(score.id.clone(), WorkingScore { score, created_at, updated_at: received_at, row_version });
    }

    fn patch_score(&mut self, patch: Score, known: &Known, received_at: Timestamp) {
        let id = patch.id.clone();
        if let Some(working) = self.scores.get_mut(&id) {
            merge_score(&mut working.score, patch);
            working.updated_at = received_at;
        } else if let Some(stored) = known.scores.get(&id) {
            let mut score = stored.score.clone();
            merge_score(&mut score, patch);
            let row_version = version_of(received_at).max(stored.row_version + 1);
            self.scores.insert(id, WorkingScore { score, created_at: stored.created_at, updated_at: received_at, row_version });
        }
        // A patch of a score that nobody made says too little to make one.
    }

    /// The same telling again replaces the earlier one.
    fn put_run_item(&mut self, item: RunItem, received_at: Timestamp) {
        let key = (item.run_id.clone(), item.item_id.clone(), item.trace_id.clone(), item.telling);
        self.run_items.insert(key, WorkingRunItem { item, received_at });
    }

    /// A step of this batch was priced when it came; one that is gone stays away.
    fn reprice_step(&mut self, key: (String, String), known: &mut Known, origin: &Origin, received_at: Timestamp) {
        if self.steps.contains_key(&key) || !known.observations.contains_key(&key) {
            return;
        }
        self.touch_trace(&key.0, known, origin, received_at);
        let nothing = Observation { trace_id: key.0, id: key.1, ..Observation::default() };
        self.merge_step(nothing, received_at, known, origin);
    }

    /// Whole steps came with their cost; merged ones are priced from what is now known of them.
    fn price(&mut self, prices: Prices<'_>) {
        for step in self.steps.values_mut().filter(|s| s.merged) {
            agenttrace_ingest::price_stored(&mut step.observation, prices, step.start);
        }
    }

    fn settle_traces(&mut self, known: &Known) {
        // `None` for what is no step any more.
        let mut fresh: HashMap<&str, Vec<(&str, Option<Step>)>> = HashMap::new();
        for ((trace_id, id), step) in &self.steps {
            fresh.entry(trace_id).or_default().push((id, (!step.gone).then(|| Step::of(&step.observation, step.start))));
        }
        let none = Vec::new();
        for (id, trace) in &mut self.traces {
            let new = fresh.remove(id.as_str()).unwrap_or_default();
            let stored = known.steps.get(id).unwrap_or(&none);
            let retold: std::collections::HashSet<&str> = new.iter().map(|(id, _)| *id).collect();
            let steps = stored.iter().filter(|s| !retold.contains(s.id.as_str())).chain(new.iter().filter_map(|(_, s)| s.as_ref()));
            trace.facts = Facts::of(steps);
            let session = self.steps.get(&(id.clone(), id.clone()));
            show_repository(&mut trace.stored.trace.metadata, session.map(|step| step.observation.metadata.as_slice()));
            if let Some(root) = trace.facts.root_id.clone().and_then(|root| self.steps.get(&(id.clone(), root))) {
                if !trace.stored.times.states(trace_field::INPUT) {
                    trace.stored.trace.input.clone_from(&root.observation.input);
                }
                if !trace.stored.times.states(trace_field::OUTPUT) {
                    trace.stored.trace.output.clone_from(&root.observation.output);
                }
            }
            let said = trace.stored.trace.timestamp;
            let fallback = if trace.timestamp == Timestamp::MAX { trace.updated_at } else { trace.timestamp };
            trace.timestamp = said.or(trace.facts.start).unwrap_or(fallback);
        }
    }

    pub fn minute_rows(&self) -> Vec<TraceMinuteRow<'_>> {
        let steps = self.steps.iter().map(|((trace_id, _), step)| TraceMinuteRow::new(&self.project_id, trace_id, minute_of(step.start)));
        let traces = self.traces.iter().map(|(id, trace)| TraceMinuteRow::new(&self.project_id, id, minute_of(trace.timestamp)));
        let mut rows: Vec<TraceMinuteRow<'_>> = steps.chain(traces).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    pub fn observation_rows(&self) -> Vec<ObservationRow<'_>> {
        let mut rows = Vec::with_capacity(self.steps.len());
        for step in self.steps.values() {
            let row = |version| ObservationRow::new(&step.observation, step.start, &step.times, self.row_origin(&step.origin, version));
            if let Some(old) = step.stored_start.filter(|old| step.gone || minute_of(*old) != minute_of(step.start)) {
                rows.push(row(step.origin.row_version).into_tombstone(old));
            }
            if !step.gone {
                rows.push(row(step.origin.row_version));
            }
        }
        rows
    }

    pub fn trace_rows(&self) -> Vec<TraceRow<'_>> {
        let mut rows = Vec::with_capacity(self.traces.len());
        for trace in self.traces.values() {
            let mut origin = self.row_origin(&trace.origin, trace.origin.row_version);
            origin.created_at = trace.stored.created_at;
            let row = TraceRow::new(&trace.stored, &trace.facts, trace.timestamp, trace.updated_at, origin);
            if trace.existed && minute_of(trace.stored.timestamp) != row.minute {
                rows.push(row.tombstone(trace.stored.timestamp));
            }
            rows.push(row);
        }
        rows
    }

    pub fn score_rows(&self) -> Vec<ScoreRow<'_>> {
        self.scores.values().map(|s| ScoreRow::new(&s.score, &self.project_id, s.created_at, s.updated_at, s.row_version)).collect()
    }

    pub fn run_item_rows(&self) -> Vec<RunItemRow<'_>> {
        self.run_items.values().map(|r| RunItemRow::new(&r.item, &self.project_id, r.received_at, version_of(r.received_at))).collect()
    }

    fn row_origin<'a>(&'a self, origin: &'a Origin, row_version: u64) -> RowOrigin<'a> {
        RowOrigin { project_id: &self.project_id, source: origin.source, sdk: &origin.sdk, created_at: origin.created_at, row_version }
    }
}

#[cfg(test)]
mod imported;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;
