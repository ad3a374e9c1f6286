//! What was read a moment ago: heads, which count for [`FRESH_MILLIS`], and versions, which never change. Both are bounded by their bytes, and what
//! was used longest ago goes first.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use agenttrace_domain::prompt::Head;

use crate::read::Version;

/// How long a head counts without a second look. A label that was moved is seen everywhere after this.
pub const FRESH_MILLIS: i64 = 500;
/// How long it serves while the table is away.
pub const STALE_MILLIS: i64 = 600_000;

const HEAD_BYTES: usize = 32_000_000;
const VERSION_BYTES: usize = 96_000_000;

type HeadKey = (String, String);
type VersionKey = (String, u32);

/// By project and name, and by prompt and number.
pub struct Memory {
    heads: Mutex<Bounded<HeadKey, (i64, Arc<Head>)>>,
    versions: Mutex<Bounded<VersionKey, Arc<Version>>>,
}

impl Memory {
    #[must_use]
    pub fn new() -> Self {
        Self { heads: Mutex::new(Bounded::new(HEAD_BYTES)), versions: Mutex::new(Bounded::new(VERSION_BYTES)) }
    }

    /// A head with its age in milliseconds.
    pub fn head(&self, project_id: &str, name: &str, now: i64) -> Option<(i64, Arc<Head>)> {
        let (at, head) = lock(&self.heads).get(&(project_id.to_owned(), name.to_owned()))?;
        // A clock that was set back makes everything old.
        (now >= at && now - at <= STALE_MILLIS).then_some((now - at, head))
    }

    /// `at`: when it was asked for, not when it came.
    pub fn keep_head(&self, project_id: &str, name: &str, head: &Arc<Head>, at: i64) {
        let bytes = 400 + name.len() * 2 + head.versions.len() * 16 + head.labels.len() * 64 + head.config.as_ref().map_or(0, String::len);
        lock(&self.heads).put((project_id.to_owned(), name.to_owned()), (at, Arc::clone(head)), bytes);
    }

    pub fn forget_head(&self, project_id: &str, name: &str) {
        lock(&self.heads).remove(&(project_id.to_owned(), name.to_owned()));
    }

    pub fn version(&self, prompt_id: &str, version: u32) -> Option<Arc<Version>> {
        lock(&self.versions).get(&(prompt_id.to_owned(), version))
    }

    pub fn keep_version(&self, version: &Arc<Version>) {
        let bytes = 500 + version.content.texts().map(str::len).sum::<usize>() + version.config.as_str().len();
        lock(&self.versions).put((version.prompt_id.clone(), version.version), Arc::clone(version), bytes);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Bounded<K, V> {
    entries: HashMap<K, Entry<V>>,
    bytes: usize,
    capacity: usize,
    uses: u64,
}

struct Entry<V> {
    value: V,
    bytes: usize,
    used: u64,
}

impl<K: Eq + Hash + Clone, V: Clone> Bounded<K, V> {
    fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), bytes: 0, capacity, uses: 0 }
    }

    fn get(&mut self, key: &K) -> Option<V> {
        self.uses += 1;
        let entry = self.entries.get_mut(key)?;
        entry.used = self.uses;
        Some(entry.value.clone())
    }

    fn put(&mut self, key: K, value: V, bytes: usize) {
        self.remove(&key);
        if bytes > self.capacity / 4 {
            return;
        }
        self.uses += 1;
        self.bytes += bytes;
        self.entries.insert(key, Entry { value, bytes, used: self.uses });
        if self.bytes > self.capacity {
            self.make_room();
        }
    }

    fn remove(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.bytes;
        }
    }

    /// Down to three quarters, so that it is not done at every turn.
    fn make_room(&mut self) {
        let mut by_use: Vec<(u64, K)> = self.entries.iter().map(|(k, e)| (e.used, k.clone())).collect();
        by_use.sort_unstable_by_key(|(used, _)| *used);
        for (_, key) in by_use {
            if self.bytes <= self.capacity / 4 * 3 {
                break;
            }
            self.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let mut memory = Bounded::new(1_000);
        for n in 0..10 {
            memory.put(n, n, 100);
        }
        assert_eq!(memory.get(&0), Some(0));

        memory.put(10, 10, 100);

        assert!(memory.bytes <= 1_000, "{}", memory.bytes);
        assert_eq!((memory.get(&0), memory.get(&1), memory.get(&10)), (Some(0), None, Some(10)));
    }

    #[test]
    fn the_same_key_counts_once_and_a_giant_not_at_all() {
        let mut memory = Bounded::new(1_000);
        memory.put("a", 1, 100);
        memory.put("a", 2, 200);
        memory.put("giant", 3, 900);

        assert_eq!((memory.bytes, memory.get(&"a"), memory.get(&"giant")), (200, Some(2), None));
        memory.remove(&"a");
        assert_eq!(memory.bytes, 0);
    }
}
