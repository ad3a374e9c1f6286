//! The score configs that a request's scores name, read with as few questions to the table as can be.
//!
//! A config that was found counts for 50 s, so a change holds everywhere within a minute; one that was not found is asked for each time, since it
//! may have been made just now. A request is read with what is in memory, and only if it names other configs, these are asked for all at once
//! and it is read again. While the table is away, configs that were found in the last ten minutes go on.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use agenttrace_domain::{ScoreConfig, Timestamp};
use agenttrace_ingest::Context;
use agenttrace_kit::{Error, now};
use agenttrace_pricing::OwnModels;
use agenttrace_records::Records;

use crate::accept::Arrival;
use crate::state::State;

const FRESH_MICROS: i64 = 50_000_000;
const STALE_MICROS: i64 = 600_000_000;
/// About 10 MB when full of long ones.
const CAPACITY: usize = 5_000;
/// Different configs that one request may name beyond those in memory: more is a mistake, and each would be read.
const MAX_ASKED: usize = 500;

type Found = HashMap<String, Arc<ScoreConfig>>;

/// The function's memory of score configs.
#[derive(Debug)]
pub struct ScoreConfigs {
    records: Records,
    kept: Mutex<Memory>,
}

/// Configs by project and id, each with when it was read.
#[derive(Debug, Default)]
struct Memory(HashMap<(String, String), (Timestamp, Arc<ScoreConfig>)>);

impl Memory {
    fn get(&self, project_id: &str, id: &str, max_age: i64, at: Timestamp) -> Option<Arc<ScoreConfig>> {
        let (read_at, config) = self.0.get(&(project_id.to_owned(), id.to_owned()))?;
        (at.0 - read_at.0 < max_age).then(|| Arc::clone(config))
    }

    fn keep(&mut self, project_id: &str, configs: &[Arc<ScoreConfig>], at: Timestamp) {
        if self.0.len() + configs.len() > CAPACITY {
            self.0.clear();
        }
        self.0.extend(configs.iter().map(|config| ((project_id.to_owned(), config.id.clone()), (at, Arc::clone(config)))));
    }
}

impl ScoreConfigs {
    pub fn new(records: Records) -> Self {
        Self { records, kept: Mutex::default() }
    }

    fn get(&self, project_id: &str, id: &str, max_age: i64) -> Option<Arc<ScoreConfig>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(project_id, id, max_age, now())
    }

    /// Those of these configs that the project has.
    async fn load(&self, project_id: &str, ids: Vec<String>) -> Result<Found, Error> {
        let read = match self.records.score_configs(project_id, &ids).await {
            Ok(read) => read,
            Err(error) => {
                let stale = |id: &String| Some((id.clone(), self.get(project_id, id, STALE_MICROS)?));
                let found: Found = ids.iter().filter_map(stale).collect();
                return if error.is_temporary() && found.len() == ids.len() { Ok(found) } else { Err(error.into()) };
            }
        };
        let configs: Vec<Arc<ScoreConfig>> = read.into_iter().map(Arc::new).collect();
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).keep(project_id, &configs, now());
        let found = configs.into_iter().map(|config| (config.id.clone(), config)).collect();
        Ok(found)
    }
}

/// The configs that one request names. To be used so, since reading is not asynchronous and asking is:
///
/// ```ignore
/// let answer = loop {
///     if let Some(answer) = configs.read(&arrival, &models, |ctx| ...) {
///         break answer;
///     }
///     configs.ask().await?;
/// };
/// ```
pub struct Named<'a> {
    state: &'a State,
    project_id: &'a str,
    known: Found,
    /// Not in memory, and not asked for yet.
    missed: BTreeSet<String>,
    asked: bool,
}

impl<'a> Named<'a> {
    pub fn of(state: &'a State, project_id: &'a str) -> Self {
        Self { state, project_id, known: Found::new(), missed: BTreeSet::new(), asked: false }
    }

    /// What `read` says, once all configs that it looks for are known or known to be none.
    pub fn read<T>(&mut self, arrival: &Arrival, models: &OwnModels, read: impl FnOnce(&Context<'_>) -> T) -> Option<T> {
        let (known, missed) = (RefCell::new(std::mem::take(&mut self.known)), RefCell::new(BTreeSet::new()));
        let look_up = |id: &str| {
            if let Some(config) = known.borrow().get(id) {
                return Some(Arc::clone(config));
            }
            let found = self.state.score_configs.get(self.project_id, id, FRESH_MICROS);
            match &found {
                Some(config) => drop(known.borrow_mut().insert(id.to_owned(), Arc::clone(config))),
                None => drop(missed.borrow_mut().insert(id.to_owned())),
            }
            found
        };
        let answer = read(&Context { score_configs: &look_up, ..arrival.context(self.state, models) });
        self.known = known.into_inner();
        self.missed = missed.into_inner();
        (self.asked || self.missed.is_empty()).then_some(answer)
    }

    /// Asks the table for what was missed.
    pub async fn ask(&mut self) -> Result<(), Error> {
        if self.missed.len() > MAX_ASKED {
            return Err(Error::bad_request(format!("The request names more than {MAX_ASKED} score configs. Send smaller batches.")));
        }
        let missed = std::mem::take(&mut self.missed).into_iter().collect();
        self.known.extend(self.state.score_configs.load(self.project_id, missed).await?);
        self.asked = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use agenttrace_domain::ScoreRule;

    use super::*;

    fn config(id: &str) -> Arc<ScoreConfig> {
        Arc::new(ScoreConfig {
            id: id.to_owned(),
            project_id: "p".to_owned(),
            name: "quality".to_owned(),
            description: None,
            rule: ScoreRule::Boolean,
            is_archived: false,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        })
    }

    #[test]
    fn a_config_counts_for_fifty_seconds_and_serves_ten_minutes_while_the_table_is_away() {
        let mut memory = Memory::default();
        memory.keep("p", &[config("c")], Timestamp(1_000));

        for (after, fresh, stale) in [
            (0, true, true),
            (FRESH_MICROS - 1, true, true),
            (FRESH_MICROS, false, true),
            (STALE_MICROS - 1, false, true),
            (STALE_MICROS, false, false),
        ] {
            let at = Timestamp(1_000 + after);
            assert_eq!(memory.get("p", "c", FRESH_MICROS, at).is_some(), fresh, "{after}");
            assert_eq!(memory.get("p", "c", STALE_MICROS, at).is_some(), stale, "{after}");
        }
    }

    #[test]
    fn a_config_read_again_counts_from_then_on_and_other_projects_have_none() {
        let mut memory = Memory::default();
        memory.keep("p", &[config("c")], Timestamp(0));

        memory.keep("p", &[config("c")], Timestamp(FRESH_MICROS));

        assert!(memory.get("p", "c", FRESH_MICROS, Timestamp(FRESH_MICROS + 1)).is_some());
        assert!(memory.get("q", "c", STALE_MICROS, Timestamp(FRESH_MICROS + 1)).is_none());
    }

    #[test]
    fn a_full_memory_begins_anew() {
        let mut memory = Memory::default();
        let many: Vec<Arc<ScoreConfig>> = (0..CAPACITY).map(|n| config(&n.to_string())).collect();
        memory.keep("p", &many, Timestamp(0));

        memory.keep("p", &[config("new")], Timestamp(1));

        assert_eq!(memory.0.len(), 1);
    }
}
