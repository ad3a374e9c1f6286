//! Loose steps join their twins (`agenttrace_domain::agent::twins`): what a hook or a log event told without the agent's own id becomes part
//! of the step that has it.

use std::collections::{BTreeMap, HashMap, HashSet};

use agenttrace_domain::agent::twins::{Named, called, distance, fit, named, session_of};
use agenttrace_domain::merge::statements_of;
use agenttrace_domain::{Envelope, Event, Level, Observation, Step, Timestamp};

use super::{Folded, Known};

/// (trace id, id)
type Key = (String, String);

/// A step whose name and times are all that is known.
fn light(id: &str) -> Step {
    Step {
        id: id.to_owned(),
        is_root: false,
        app_root: false,
        name: String::new(),
        environment: String::new(),
        start: Timestamp::MAX,
        end: None,
        level: Level::Default,
        model: String::new(),
        input_tokens: 0,
        output_tokens: 0,
        cached_tokens: 0,
        total_tokens: 0,
        total_cost: None,
    }
}

/// The steps of agents' traces, as far as the batch and the store tell them together.
fn told<'a>(stored: &'a HashMap<String, Vec<Step>>, envelopes: &'a [Envelope]) -> BTreeMap<&'a str, BTreeMap<&'a str, Step>> {
    let mut traces: BTreeMap<&str, BTreeMap<&str, Step>> = BTreeMap::new();
    for event in envelopes.iter().flat_map(|envelope| &envelope.events) {
        let Event::ObservationPatch { patch, .. } = event else { continue };
        if session_of(&patch.trace_id).is_none() {
            continue;
        }
        let steps = traces.entry(&patch.trace_id).or_insert_with(|| {
            let known = stored.get(&patch.trace_id).map(Vec::as_slice).unwrap_or_default();
            known.iter().map(|step| (step.id.as_str(), step.clone())).collect()
        });
        let step = steps.entry(&patch.id).or_insert_with(|| light(&patch.id));
        if let Some(name) = &patch.name {
            step.name.clone_from(name);
        }
        step.start = patch.start_time.map_or(step.start, |at| at.min(step.start));
        step.end = patch.end_time.max(step.end);
    }
    traces
}

/// Stored steps that the batch may make twins of: they have to be read whole.
pub fn to_load(stored: &HashMap<String, Vec<Step>>, envelopes: &[Envelope]) -> Vec<Key> {
    let mut found = HashSet::new();
    for (trace_id, steps) in told(stored, envelopes) {
        let Some(session) = session_of(trace_id) else { continue };
        let is_stored: HashSet<&str> = stored.get(trace_id).into_iter().flatten().map(|step| step.id.as_str()).collect();
        let steps: Vec<Step> = steps.into_values().collect();
        for (loose, other, _) in near(session, &steps, Named::ByTime).chain(near(session, &steps, Named::ByHook)) {
            for id in [&loose.id, &other.id] {
                if is_stored.contains(id.as_str()) {
                    found.insert((trace_id.to_owned(), id.clone()));
                }
            }
        }
    }
    found.into_iter().collect()
}

/// Pairs of a step that is named so loosely and a better named one that may be its twin, and how far apart they are.
fn near<'a>(session: &'a str, steps: &'a [Step], strength: Named) -> impl Iterator<Item = (&'a Step, &'a Step, i64)> {
    let mut by_name: HashMap<&str, Vec<&Step>> = HashMap::new();
    let loose: Vec<&Step> = steps.iter().filter(|step| named(session, &step.id) == strength).collect();
    if !loose.is_empty() {
        for step in steps.iter().filter(|step| named(session, &step.id) > strength) {
            by_name.entry(called(&step.name)).or_default().push(step);
        }
    }
    loose.into_iter().flat_map(move |loose| {
        let others = by_name.get(called(&loose.name)).cloned().unwrap_or_default();
        others.into_iter().filter_map(move |other| Some((loose, other, distance(loose, other)?)))
    })
}

impl Folded {
    /// Joins the twins of every agent's trace that this batch touches.
    pub(super) fn join_twins(&mut self, known: &mut Known) {
        let traces: Vec<String> = self.traces.keys().filter(|id| session_of(id).is_some()).cloned().collect();
        for trace_id in traces {
            // What is named by time may have absorbed a hook's telling; so it finds its own twin first, and the hooks' take what is left.
            for strength in [Named::ByTime, Named::ByHook] {
                for (loose, other) in self.twins(&trace_id, known, strength) {
                    self.join(&trace_id, loose, other, known);
                }
            }
        }
    }

    fn twins(&self, trace_id: &str, known: &Known, strength: Named) -> Vec<(String, String)> {
        let Some(session) = session_of(trace_id) else { return Vec::new() };
        let working = |id: &str| self.steps.get(&(trace_id.to_owned(), id.to_owned()));
        let stored = known.steps.get(trace_id).into_iter().flatten().filter(|step| working(&step.id).is_none()).cloned();
        let ours = self.steps.iter().filter(|((of, _), step)| of == trace_id && !step.gone);
        let steps: Vec<Step> = stored.chain(ours.map(|(_, step)| Step::of(&step.observation, step.start))).collect();
        let whole = |id: &str| -> Option<(&Observation, Timestamp)> {
            match working(id) {
                Some(step) => Some((&step.observation, step.start)),
                None => known.observations.get(&(trace_id.to_owned(), id.to_owned())).map(|stored| (&stored.observation, stored.start)),
            }
        };
        let mut pairs: Vec<((bool, i64), &str, &str)> = near(session, &steps, strength)
            .filter_map(|(loose, other, apart)| {
                let ((a, a_start), (b, b_start)) = (whole(&loose.id)?, whole(&other.id)?);
                Some((fit(apart, a, a_start, b, b_start)?, loose.id.as_str(), other.id.as_str()))
            })
            .collect();
        pairs.sort_unstable();
        let (mut joined, mut taken) = (HashSet::new(), HashSet::new());
        let mut found = Vec::new();
        for (_, loose, other) in pairs {
            if !joined.contains(loose) && taken.insert(other) {
                joined.insert(loose);
                found.push((loose.to_owned(), other.to_owned()));
            }
        }
        found
    }

    /// Says of the one step what the other one was told, and takes that one away.
    fn join(&mut self, trace_id: &str, loose: String, other: String, known: &mut Known) {
        let Some(origin) = self.traces.get(trace_id).map(|trace| trace.origin.clone()) else { return };
        let nothing = |id: &str| Observation { trace_id: trace_id.to_owned(), id: id.to_owned(), ..Observation::default() };
        // Brings a stored row into the batch. No statement is as late as this, so its begin stays.
        self.merge_step(nothing(&loose), Timestamp::MAX, known, &origin);
        let Some(gone) = self.steps.get_mut(&(trace_id.to_owned(), loose)) else { return };
        gone.gone = true;
        for (at, said) in statements_of(&gone.observation, &gone.times) {
            self.merge_step(Observation { trace_id: trace_id.to_owned(), id: other.clone(), ..said }, at, known, &origin);
        }
    }
}
