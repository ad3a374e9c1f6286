//! How several statements about one entity become one, whatever order they come in.
//!
//! Every stated field carries the time of its statement. The later statement wins; of two at the same time the greater value
//! wins, so that the result never depends on the order of arrival and a repeated statement changes nothing. `None` says
//! nothing. Tags are a set union, metadata merges per key (deeply where both values are JSON objects).

use serde::{Deserialize, Serialize};
use serde_json::Value;

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

fn newer_metadata(slot: &mut Vec<(String, String)>, times: &mut FieldTimes, field: u8, said: Vec<(String, String)>, at: i64) {
    if said.is_empty() {
        return;
    }
    let wins = at >= times.get(field);
    merge_metadata(slot, said, wins);
    if wins {
        times.put(field, at);
    }
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
    macro_rules! take {
        ($($field:ident),*) => { $( if said.$field.is_some() { row.$field = said.$field; } )* };
    }
    take!(name, trace_id, observation_id, session_id, dataset_run_id, value, string_value, data_type, source, comment);
    take!(environment, config_id, queue_id, author_user_id, timestamp);
    merge_metadata(&mut row.metadata, said.metadata, true);
}

#[cfg(test)]
mod tests;
