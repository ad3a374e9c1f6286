//! The ids of the prompts that observations name. What they store is the prompt's name and version; which id that version has, the table knows.
//!
//! A page asks for all of its prompts at once, and only for those that are not in memory: a project uses few. While the table is away an observation
//! shows no id rather than nothing at all.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use agenttrace_kit::now;
use agenttrace_records::Records;
use agenttrace_store::observations::ObservationRecord;

/// A prompt that is deleted and made again has other ids.
const FOUND_MICROS: i64 = 300_000_000;
/// It may be made just now.
const ABSENT_MICROS: i64 = 5_000_000;
const CAPACITY: usize = 20_000;
/// Different prompts of one page that are looked up.
const MAX_ASKED: usize = 1_000;

/// Project, name, version.
type Key = (String, String, u32);
/// Name and version to id.
pub type Ids = HashMap<(String, u32), String>;

/// The id of the prompt that an observation names.
pub fn of(ids: &Ids, observation: &ObservationRecord) -> Option<String> {
    let (name, version) = observation.prompt()?;
    ids.get(&(name.to_owned(), version)).cloned()
}

pub struct PromptIds {
    records: Records,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory(HashMap<Key, (i64, Option<String>)>);

impl PromptIds {
    pub fn new(records: Records) -> Self {
        Self { records, memory: Mutex::default() }
    }

    /// The ids of the prompts that these name.
    pub async fn of(&self, project_id: &str, observations: &[ObservationRecord]) -> Ids {
        let mut named: Vec<(&str, u32)> = observations.iter().filter_map(ObservationRecord::prompt).collect();
        named.sort_unstable();
        named.dedup();
        let mut ids = Ids::new();
        if named.is_empty() {
            return ids;
        }
        let mut missed = Vec::new();
        {
            let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            for (name, version) in named {
                match memory.get(project_id, name, version, now().0) {
                    Some(id) => drop(id.map(|id| ids.insert((name.to_owned(), version), id))),
                    None => missed.push((name, version)),
                }
            }
        }
        missed.truncate(MAX_ASKED);
        if missed.is_empty() {
            return ids;
        }
        match self.records.prompt_version_ids(project_id, &missed).await {
            Ok(found) => {
                self.memory.lock().unwrap_or_else(PoisonError::into_inner).keep(project_id, &missed, &found, now().0);
                ids.extend(found);
            }
            Err(error) => tracing::warn!(error = format!("{error:#}"), "observations are shown without the ids of their prompts"),
        }
        ids
    }
}

impl Memory {
    /// `None`: not known. `Some(None)`: known not to be there.
    fn get(&self, project_id: &str, name: &str, version: u32, at: i64) -> Option<Option<String>> {
        let (kept_at, id) = self.0.get(&(project_id.to_owned(), name.to_owned(), version))?;
        let fresh = if id.is_some() { FOUND_MICROS } else { ABSENT_MICROS };
        (0..fresh).contains(&(at - kept_at)).then(|| id.clone())
    }

    fn keep(&mut self, project_id: &str, asked: &[(&str, u32)], found: &Ids, at: i64) {
        if self.0.len() + asked.len() > CAPACITY {
            self.0.clear();
        }
        for (name, version) in asked {
            let id = found.get(&((*name).to_owned(), *version)).cloned();
            self.0.insert((project_id.to_owned(), (*name).to_owned(), *version), (at, id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_known_for_minutes_and_what_was_not_for_seconds() {
        let mut memory = Memory::default();
        let found = Ids::from([(("a".to_owned(), 1), "id".to_owned())]);

        memory.keep("p", &[("a", 1), ("a", 2)], &found, 1_000);

        for (version, after, expected) in [
            (1, 0, Some(Some("id".to_owned()))),
            (1, FOUND_MICROS - 1, Some(Some("id".to_owned()))),
            (1, FOUND_MICROS, None),
            (2, ABSENT_MICROS - 1, Some(None)),
            (2, ABSENT_MICROS, None),
            (3, 0, None),
            (1, -1, None),
        ] {
            assert_eq!(memory.get("p", "a", version, 1_000 + after), expected, "{version} {after}");
        }
        assert_eq!(memory.get("q", "a", 1, 1_000), None);
    }
}
