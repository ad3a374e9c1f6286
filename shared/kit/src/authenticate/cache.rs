//! A bounded memory of look-ups: what was found, and for a moment also what was not, so that a flood of unknown keys does not become a flood of
//! reads.
//!
//! Ages are measured by the wall clock: a function is frozen between requests, and a clock that stands still meanwhile would keep a revoked
//! key alive.

use std::collections::HashMap;

/// How long what was looked up counts, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// A find that needs no second look.
    pub fresh: i64,
    /// A find that serves while the table is away.
    pub stale: i64,
    /// A miss.
    pub absent: i64,
}

/// What the memory knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known<V> {
    Fresh(V),
    /// Only good while the table is away.
    Stale(V),
    Absent,
    Nothing,
}

#[derive(Debug)]
pub struct Cache<V> {
    keep: Keep,
    capacity: usize,
    found: HashMap<String, (i64, V)>,
    absent: HashMap<String, i64>,
}

impl<V: Clone> Cache<V> {
    #[must_use]
    pub fn new(keep: Keep, capacity: usize) -> Self {
        Self { keep, capacity, found: HashMap::new(), absent: HashMap::new() }
    }

    #[must_use]
    pub fn get(&self, key: &str, now: i64) -> Known<V> {
        if let Some((at, value)) = self.found.get(key) {
            let age = age(*at, now);
            if age <= self.keep.fresh {
                return Known::Fresh(value.clone());
            }
            if age <= self.keep.stale {
                return Known::Stale(value.clone());
            }
        }
        match self.absent.get(key) {
            Some(at) if age(*at, now) <= self.keep.absent => Known::Absent,
            _ => Known::Nothing,
        }
    }

    /// Remembers the outcome of a look-up.
    pub fn put(&mut self, key: &str, value: Option<V>, now: i64) {
        match value {
            Some(value) => {
                self.absent.remove(key);
                make_room(&mut self.found, self.capacity, |(at, _)| *at, now - self.keep.stale);
                self.found.insert(key.to_owned(), (now, value));
            }
            None => {
                self.found.remove(key);
                make_room(&mut self.absent, self.capacity, |at| *at, now - self.keep.absent);
                self.absent.insert(key.to_owned(), now);
            }
        }
    }

    /// Changes what is remembered, without making it younger.
    pub fn change(&mut self, key: &str, change: impl FnOnce(&mut V)) {
        if let Some((_, value)) = self.found.get_mut(key) {
            change(value);
        }
    }

    pub fn clear(&mut self) {
        self.found.clear();
        self.absent.clear();
    }
}

/// A clock that was set back makes everything old.
const fn age(at: i64, now: i64) -> i64 {
    if now >= at { now - at } else { i64::MAX }
}

/// Drops what is past use when full, and the older half when that does not help.
fn make_room<E>(entries: &mut HashMap<String, E>, capacity: usize, at: impl Fn(&E) -> i64, oldest: i64) {
    if entries.len() < capacity {
        return;
    }
    entries.retain(|_, e| at(e) > oldest);
    if entries.len() >= capacity {
        let mut times: Vec<i64> = entries.values().map(&at).collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        entries.retain(|_, e| at(e) > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: Keep = Keep { fresh: 50, stale: 600, absent: 5 };

    #[test]
    fn finds_age_from_fresh_to_stale_to_nothing() {
        let mut cache = Cache::new(KEEP, 10);
        cache.put("k", Some(1), 1_000);

        for (now, expected) in [
            (1_000, Known::Fresh(1)),
            (1_050, Known::Fresh(1)),
            (1_051, Known::Stale(1)),
            (1_600, Known::Stale(1)),
            (1_601, Known::Nothing),
            (999, Known::Nothing),
        ] {
            assert_eq!(cache.get("k", now), expected, "at {now}");
        }
    }

    #[test]
    fn a_miss_replaces_a_find_and_is_soon_forgotten() {
        let mut cache = Cache::new(KEEP, 10);
        cache.put("k", Some(1), 1_000);
        cache.put("k", None, 1_060);

        assert_eq!(cache.get("k", 1_065), Known::Absent);
        assert_eq!(cache.get("k", 1_066), Known::Nothing);
        cache.put("k", Some(2), 1_062);
        assert_eq!(cache.get("k", 1_063), Known::Fresh(2));
    }

    #[test]
    fn floods_stay_bounded_and_push_no_find_out() {
        let mut cache = Cache::new(KEEP, 100);
        cache.put("k", Some(1), 0);
        for n in 0..10_000 {
            cache.put(&format!("unknown {n}"), None, n / 1_000);
        }
        assert!(cache.absent.len() <= 100, "{}", cache.absent.len());
        assert_eq!(cache.get("k", 10), Known::Fresh(1));

        for n in 0..10_000 {
            cache.put(&format!("known {n}"), Some(1), 10);
        }
        assert!(cache.found.len() <= 100, "{}", cache.found.len());
    }
}
