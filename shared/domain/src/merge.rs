//! How several statements about one entity become one, whatever order they come in.
//!
//! Every stated field carries the time of its statement. The later statement wins; of two at the same time the greater value
//! wins, so that the result never depends on the order of arrival and a repeated statement changes nothing. `None` says
//! nothing. Tags are a set union, metadata merges per key (deeply where both values are JSON objects); the facts that coding agents tell
//! of their steps ([`crate::agent::key::RANKED`]) merge as fields do, each with the time of its own statement.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::agent::key::RANKED as RANKED_KEYS;
use crate::{Observation, Score, Timestamp, Trace};

/// When each field was last stated. Field numbers are stored: never reuse one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FieldTimes(pub Vec<(u8, i64)>);

impl FieldTimes {
    fn get(&self, field: u8) -> i64 {
        self.0.iter().find(|(f, _)| *f == field).map_or(i64::MIN, |(_, t)| *t)
    }

    fn put(&mut self, field: u8, at: i64) {
        match self.0.binary_search_by_key(&field, |(f, _)| *f) {
            Ok(i) => self.0[i].1 = at,
            Err(i) => self.0.insert(i, (field, at)),
        }
    }

    /// Was the field ever stated?
    #[must_use]
    pub fn states(&self, field: u8) -> bool {
        self.0.iter().any(|(f, _)| *f == field)
    }
}

/// The stored numbers of a trace's fields that others ask about.
pub mod trace_field {
    pub const TIMESTAMP: u8 = 1;
    pub const NAME: u8 = 2;
    pub const INPUT: u8 = 5;
    pub const OUTPUT: u8 = 6;
    pub const ENVIRONMENT: u8 = 11;
}

fn newer<T: PartialOrd>(slot: &mut Option<T>, times: &mut FieldTimes, field: u8, said: Option<T>, at: i64) {
    let Some(said) = said else { return };
    let before = times.get(field);
    if at > before || (at == before && slot.as_ref().is_none_or(|old| said > *old)) {
        *slot = Some(said);
        times.put(field, at);
    }
}

/// A list that is replaced as a whole (usage, costs): not empty means stated.
fn newer_list<T: PartialOrd>(slot: &mut Vec<T>, times: &mut FieldTimes, field: u8, said: Vec<T>, at: i64) {
    if said.is_empty() {
        return;
    }
    let before = times.get(field);
    if at > before || (at == before && said > *slot) {
        *slot = said;
        times.put(field, at);
    }
}

/// Adds `said` to a sorted set.
pub fn union_tags(tags: &mut Vec<String>, said: Vec<String>) {
    tags.extend(said);
    tags.sort_unstable();
    tags.dedup();
}

/// Merges metadata per key; on a conflict the side that `said_wins` names. Two JSON objects merge deeply.
pub fn merge_metadata(metadata: &mut Vec<(String, String)>, said: Vec<(String, String)>, said_wins: bool) {
    for (key, value) in said {
        match metadata.iter_mut().find(|(k, _)| *k == key) {
            None => metadata.push((key, value)),
            Some((_, old)) if *old == value => {}
            Some((_, old)) => {
                let merged = match (object(old), object(&value)) {
                    (Some(a), Some(b)) => {
                        let (mut under, over) = if said_wins { (a, b) } else { (b, a) };
                        deep_merge(&mut under, over, 0);
                        under.to_string()
                    }
                    _ if said_wins => value,
                    _ => continue,
                };
                *old = merged;
            }
        }
    }
    metadata.sort_unstable_by(|a, b| a.0.cmp(&b.0));
}

fn object(text: &str) -> Option<Value> {
    if !text.starts_with('{') {
        return None;
    }
    serde_json::from_str(text).ok().filter(Value::is_object)
}

fn deep_merge(under: &mut Value, over: Value, depth: usize) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) if depth < 64 => {
            for (key, value) in over {
                match under.get_mut(&key) {
                    Some(slot) => deep_merge(slot, value, depth + 1),
                    None => {
                        under.insert(key, value);
                    }
                }
            }
        }
        (_, Value::Null) => {}
        (under, over) => *under = over,
    }
}

/// Facts of agents' steps come from sources of several ranks, so each has a time of its own; all other keys share the field's.
fn newer_metadata(slot: &mut Vec<(String, String)>, times: &mut FieldTimes, field: u8, said: Vec<(String, String)>, at: i64) {
    let (ranked, plain): (Vec<_>, Vec<_>) = said.into_iter().partition(|(key, _)| ranked_field(key).is_some());
    for (key, value) in ranked {
        let Some(own) = ranked_field(&key) else { continue };
        // A row from before facts had times of their own knows the field's only.
        let before = if times.states(own) { times.get(own) } else { times.get(field) };
        match slot.iter_mut().find(|(k, _)| *k == key) {
            None => slot.push((key, value)),
            Some((_, old)) if at > before || (at == before && value > *old) => *old = value,
            Some(_) => continue,
        }
        times.put(own, at);
    }
    if !plain.is_empty() {
        let wins = at >= times.get(field);
        merge_metadata(slot, plain, wins);
        if wins {
            times.put(field, at);
        }
    }
    slot.sort_unstable_by(|a, b| a.0.cmp(&b.0));
}

/// The first number of the times of agents' facts.
const RANKED: u8 = 64;

fn ranked_field(key: &str) -> Option<u8> {
    let index = RANKED_KEYS.iter().position(|ranked| *ranked == key)?;
    u8::try_from(index).ok().and_then(|index| RANKED.checked_add(index))
}

/// The statements that a merged observation consists of, so that they can be made of another one. The parent isn't among them: each
/// has its own place.
#[must_use]
pub fn statements_of(row: &Observation, times: &FieldTimes) -> Vec<(Timestamp, Observation)> {
    let mut said: BTreeMap<i64, Observation> = BTreeMap::new();
    for (field, at) in &times.0 {
        let patch = said.entry(*at).or_default();
        match field {
            2 => patch.kind = row.kind,
            3 => patch.name.clone_from(&row.name),
            4 => patch.start_time = row.start_time,
            5 => patch.end_time = row.end_time,
            6 => patch.completion_start_time = row.completion_start_time,
            7 => patch.level = row.level,
            8 => patch.status_message.clone_from(&row.status_message),
            9 => patch.version.clone_from(&row.version),
            10 => patch.environment.clone_from(&row.environment),
            11 => patch.input.clone_from(&row.input),
            12 => patch.output.clone_from(&row.output),
            13 => patch.metadata.extend(row.metadata.iter().filter(|(key, _)| ranked_field(key).is_none()).cloned()),
            14 => patch.model.clone_from(&row.model),
            15 => patch.model_parameters.clone_from(&row.model_parameters),
            16 => patch.usage.clone_from(&row.usage),
            17 => patch.stated_cost.clone_from(&row.stated_cost),
            21 => patch.user_id.clone_from(&row.user_id),
            22 => patch.session_id.clone_from(&row.session_id),
            23 => patch.trace_name.clone_from(&row.trace_name),
            field => patch.metadata.extend(row.metadata.iter().filter(|(key, _)| ranked_field(key) == Some(*field)).cloned()),
        }
    }
    if let Some(first) = said.values_mut().next() {
        first.tags.clone_from(&row.tags);
    }
    said.into_iter().map(|(at, patch)| (Timestamp(at), patch)).collect()
}

/// Merges what was said `at` into an observation. `cost` and `model_id` follow from the rest: the caller prices again.
pub fn merge_observation(row: &mut Observation, times: &mut FieldTimes, said: Observation, at: Timestamp) {
    let at = at.0;
    newer(&mut row.parent_id, times, 1, said.parent_id, at);
    newer(&mut row.kind, times, 2, said.kind, at);
    newer(&mut row.name, times, 3, said.name, at);
    newer(&mut row.start_time, times, 4, said.start_time, at);
    newer(&mut row.end_time, times, 5, said.end_time, at);
    newer(&mut row.completion_start_time, times, 6, said.completion_start_time, at);
    newer(&mut row.level, times, 7, said.level, at);
    newer(&mut row.status_message, times, 8, said.status_message, at);
    newer(&mut row.version, times, 9, said.version, at);
    newer(&mut row.environment, times, 10, said.environment, at);
    newer(&mut row.input, times, 11, said.input, at);
    newer(&mut row.output, times, 12, said.output, at);
    newer_metadata(&mut row.metadata, times, 13, said.metadata, at);
    newer(&mut row.model, times, 14, said.model, at);
    newer(&mut row.model_parameters, times, 15, said.model_parameters, at);
    newer_list(&mut row.usage, times, 16, said.usage, at);
    newer_list(&mut row.stated_cost, times, 17, said.stated_cost, at);
    newer(&mut row.prompt_name, times, 18, said.prompt_name, at);
    newer(&mut row.prompt_version, times, 19, said.prompt_version, at);
    newer(&mut row.app_root, times, 20, said.app_root, at);
    newer(&mut row.user_id, times, 21, said.user_id, at);
    newer(&mut row.session_id, times, 22, said.session_id, at);
    newer(&mut row.trace_name, times, 23, said.trace_name, at);
    union_tags(&mut row.tags, said.tags);
    newer(&mut row.release, times, 24, said.release, at);
    newer(&mut row.scope_name, times, 25, said.scope_name, at);
}

/// Merges what was said `at` into a trace.
pub fn merge_trace(row: &mut Trace, times: &mut FieldTimes, said: Trace, at: Timestamp) {
    let at = at.0;
    newer(&mut row.timestamp, times, trace_field::TIMESTAMP, said.timestamp, at);
    newer(&mut row.name, times, trace_field::NAME, said.name, at);
    newer(&mut row.user_id, times, 3, said.user_id, at);
    newer(&mut row.session_id, times, 4, said.session_id, at);
    newer(&mut row.input, times, trace_field::INPUT, said.input, at);
    newer(&mut row.output, times, trace_field::OUTPUT, said.output, at);
    newer_metadata(&mut row.metadata, times, 7, said.metadata, at);
    newer(&mut row.public, times, 8, said.public, at);
    newer(&mut row.release, times, 9, said.release, at);
    newer(&mut row.version, times, 10, said.version, at);
    newer(&mut row.environment, times, trace_field::ENVIRONMENT, said.environment, at);
    newer(&mut row.bookmarked, times, 12, said.bookmarked, at);
    // Tags add up, but a person's edit clears what was said before it.
    if let Some(mut edited) = said.replace_tags {
        if at >= times.get(13) {
            edited.sort_unstable();
            edited.dedup();
            row.tags = edited;
            times.put(13, at);
        }
    } else if at >= times.get(13) {
        union_tags(&mut row.tags, said.tags);
    }
}

/// Merges a patch of a score, `None` fields stay.
pub fn merge_score(row: &mut Score, said: Score) {
    if said.data_type.is_some() {
        // A value comes whole: with its number and its text, and held to the config that is named with it or to none.
        row.value = None;
        row.string_value = None;
        row.config_id = None;
    }
    macro_rules! take {
        ($($field:ident),*) => { $( if said.$field.is_some() { row.$field = said.$field; } )* };
    }
    take!(name, trace_id, observation_id, session_id, dataset_run_id, value, string_value, data_type, source, comment);
    take!(environment, config_id, queue_id, author_user_id, timestamp);
    merge_metadata(&mut row.metadata, said.metadata, true);
}

#[cfg(test)]
mod tests;
