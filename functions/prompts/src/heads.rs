//! All heads of a project, for lists: read whole once, then only what changed. A list is as fresh as the table: changes are asked for each time.
//!
//! Without the memory a list of 10,000 prompts reads some five megabytes for each page.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use agenttrace_domain::Timestamp;
use agenttrace_domain::prompt::Head;
use agenttrace_kit::{Error, now};
use agenttrace_records::Records;
use agenttrace_records::prompts::{CHANGES_OVERLAP_MICROS, PromptChange};

/// More changes than this, and reading all anew is cheaper.
const MAX_CHANGES: usize = 2_000;
/// After this all is read anew, whatever changed.
const LONGEST_MICROS: i64 = 3_600_000_000;
/// Prompts of all projects together. What was used longest ago goes first.
const MAX_HEADS: usize = 60_000;

#[derive(Default)]
pub struct Heads(tokio::sync::Mutex<HashMap<String, Known>>);

/// What is known of a project.
struct Known {
    by_name: BTreeMap<String, Arc<Head>>,
    read_at: Timestamp,
    /// Changes before this are in it.
    settled: Timestamp,
    /// Changes after that, which are in it too.
    seen: HashSet<String>,
    used_at: Timestamp,
}

impl Heads {
    /// The heads of a project by name, as the table has them.
    pub async fn of(&self, records: &Records, project_id: &str) -> Result<Vec<Arc<Head>>, Error> {
        let mut projects = self.0.lock().await;
        let at = now();
        if let Some(known) = projects.get_mut(project_id).filter(|known| known.is_young(at))
            && let Some(changes) = records.prompt_changes(project_id, known.settled, MAX_CHANGES).await?
        {
            let names = known.take(changes, at);
            let found = if names.is_empty() {
                Vec::new()
            } else {
                match records.prompt_heads_named(project_id, names.iter().map(String::as_str)).await {
                    Ok(found) => found,
                    Err(error) => {
                        // What was taken is not in it.
                        projects.remove(project_id);
                        return Err(error.into());
                    }
                }
            };
            known.replace(names, found);
            return Ok(known.by_name.values().cloned().collect());
        }
        let heads: Vec<Arc<Head>> = records.prompt_heads(project_id).await?.into_iter().map(Arc::new).collect();
        projects.remove(project_id);
        make_room(&mut projects, heads.len());
        if heads.len() <= MAX_HEADS {
            projects.insert(project_id.to_owned(), Known::new(&heads, at));
        }
        Ok(heads)
    }
}

impl Known {
    fn new(heads: &[Arc<Head>], at: Timestamp) -> Self {
        Self {
            by_name: heads.iter().map(|head| (head.name.clone(), Arc::clone(head))).collect(),
            read_at: at,
            settled: Timestamp(at.0 - CHANGES_OVERLAP_MICROS),
            seen: HashSet::new(),
            used_at: at,
        }
    }

    fn is_young(&self, at: Timestamp) -> bool {
        // A clock that was set back makes everything old.
        (self.read_at.0..self.read_at.0 + LONGEST_MICROS).contains(&at.0)
    }

    /// Notes changes, and gives the names of the prompts that must be read again.
    fn take(&mut self, changes: Vec<PromptChange>, at: Timestamp) -> HashSet<String> {
        self.used_at = at;
        self.settled = self.settled.max(Timestamp(at.0 - CHANGES_OVERLAP_MICROS));
        let seen = std::mem::take(&mut self.seen);
        let mut names = HashSet::new();
        for change in changes {
            if !seen.contains(&change.key) {
                names.insert(change.name);
            }
            self.seen.insert(change.key);
        }
        names
    }

    /// Those that were not found are gone.
    fn replace(&mut self, names: HashSet<String>, found: Vec<Head>) {
        for name in names {
            self.by_name.remove(&name);
        }
        self.by_name.extend(found.into_iter().map(|head| (head.name.clone(), Arc::new(head))));
    }
}

fn make_room(projects: &mut HashMap<String, Known>, wanted: usize) {
    while projects.values().map(|known| known.by_name.len()).sum::<usize>() + wanted > MAX_HEADS {
        let Some(oldest) = projects.iter().min_by_key(|(_, known)| known.used_at).map(|(id, _)| id.clone()) else { return };
        projects.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use agenttrace_domain::prompt::PromptType;

    use super::*;

    fn head(name: &str, at: i64) -> Head {
        let mut head = Head::new(name.to_owned(), name.to_owned(), PromptType::Text, Timestamp(at));
        head.add_version(&[], None, Timestamp(at));
        head
    }

    fn change(key: &str, name: &str) -> PromptChange {
        PromptChange { key: key.to_owned(), name: name.to_owned() }
    }

    const MINUTE: i64 = CHANGES_OVERLAP_MICROS;

    #[test]
    fn only_changes_that_were_not_seen_are_read_again() {
        let at = Timestamp(100 * MINUTE);
        let mut known = Known::new(&[Arc::new(head("a", 1)), Arc::new(head("b", 1))], at);

        let first = known.take(vec![change("1", "a"), change("2", "b")], at);
        known.replace(first.clone(), vec![head("a", 2)]);
        let again = known.take(vec![change("1", "a"), change("2", "b"), change("3", "c")], at);

        assert_eq!(first.len(), 2);
        assert_eq!(known.by_name.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(again.into_iter().collect::<Vec<_>>(), ["c"]);
    }

    #[test]
    fn the_overlap_moves_on_and_what_fell_out_is_forgotten() {
        let mut known = Known::new(&[], Timestamp(10 * MINUTE));
        known.take(vec![change("1", "a")], Timestamp(10 * MINUTE));

        known.take(Vec::new(), Timestamp(13 * MINUTE));

        assert_eq!((known.settled, known.seen.len()), (Timestamp(12 * MINUTE), 0));
        // A slow clock does not move it back.
        known.take(Vec::new(), Timestamp(11 * MINUTE));
        assert_eq!(known.settled, Timestamp(12 * MINUTE));
    }

    #[test]
    fn it_is_read_anew_after_an_hour_and_when_a_clock_was_set_back() {
        let known = Known::new(&[], Timestamp(100 * MINUTE));

        for (minute, expected) in [(100, true), (159, true), (160, false), (99, false)] {
            assert_eq!(known.is_young(Timestamp(minute * MINUTE)), expected, "{minute}");
        }
    }

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let many: Vec<Arc<Head>> = (0..MAX_HEADS / 2).map(|n| Arc::new(head(&n.to_string(), 1))).collect();
        let mut projects =
            HashMap::from([("old".to_owned(), Known::new(&many, Timestamp(1))), ("new".to_owned(), Known::new(&many, Timestamp(2)))]);

        make_room(&mut projects, 10);

        assert_eq!(projects.keys().collect::<Vec<_>>(), ["new"]);
    }
}
