//! How many requests an API key may make in a minute, by kind of operation.
//!
//! Each (key, class, minute) has one counter in the table. A function instance takes lots of it and spends them from memory, so that not every
//! request writes. A lot grows with the instance's own traffic and shrinks as the limit comes near: over all instances the limit is kept to
//! within what they hold at the moment. The next lot is taken while an operation runs; only the last few requests before the limit wait for
//! one. While the table is away nobody is refused: limits protect from floods, and must not become an outage of their own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agenttrace_api::RateClass;
use agenttrace_domain::Timestamp;
use agenttrace_records::Records;
use agenttrace_records::throttle::Window;

use crate::{Error, config};

const WINDOW_SECONDS: i64 = 60;
/// The largest lot, as a part of the limit.
const LARGEST: i64 = 20;
/// The first lot of a minute, as a part of the limit.
const FIRST: i64 = 1_000;
/// A lot leaves so many of itself to the others near the limit.
const CAUTION: i64 = 8;
/// A request that waits for a lot waits no longer.
const WAIT: Duration = Duration::from_millis(300);
/// After a failure nothing is asked for so long.
const AWAY_SECONDS: i64 = 5;
/// Keys that are remembered; more make room for each other.
const CAPACITY: usize = 10_000;

/// Requests a minute for each class; 0 is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub ingestion: i64,
    pub prompts: i64,
    pub reads: i64,
    pub others: i64,
}

impl Limits {
    /// What `template.yaml` says; a value that is no number is no limit, and said in the log.
    #[must_use]
    pub fn from_environment() -> Self {
        let read = |variable: config::Variable| match variable.number(0, 0, 1_000_000_000) {
            Ok(limit) => i64::try_from(limit).unwrap_or_default(),
            Err(error) => {
                tracing::error!(error = crate::telemetry::chain(&error), "a rate limit is not enforced");
                0
            }
        };
        Self {
            ingestion: read(config::RATE_LIMIT_INGESTION),
            prompts: read(config::RATE_LIMIT_PROMPTS),
            reads: read(config::RATE_LIMIT_READS),
            others: read(config::RATE_LIMIT_OTHERS),
        }
    }

    /// Those of one class.
    #[must_use]
    pub const fn of(self, class: RateClass) -> i64 {
        match class {
            RateClass::Ingestion => self.ingestion,
            RateClass::Prompts => self.prompts,
            RateClass::Reads => self.reads,
            RateClass::Others => self.others,
        }
    }
}

/// A lot that is to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    public_key: String,
    class: RateClass,
    window: i64,
    lot: i64,
}

/// What one instance holds of one counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    window: i64,
    limit: i64,
    /// Below zero: requests that went ahead of their lot.
    tokens: i64,
    /// The size of the next lot.
    lot: i64,
    /// A lot is on its way.
    leasing: bool,
    asked: bool,
    /// The counter has reached the limit.
    exhausted: bool,
}

/// What to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Go,
    /// Go, and take a lot of this size meanwhile.
    GoAndLease(i64),
    /// Take a lot first.
    Lease(i64),
    Refuse,
}

impl Held {
    fn new(limit: i64, window: i64) -> Self {
        Self { window, limit, tokens: 0, lot: (limit / FIRST).max(1), leasing: false, asked: false, exhausted: false }
    }

    fn step(&mut self) -> Step {
        if self.tokens > 0 {
            self.tokens -= 1;
            if self.tokens <= self.lot / 4 && self.lot > 1 && !self.leasing && !self.exhausted {
                self.leasing = true;
                return Step::GoAndLease(self.lot);
            }
            return Step::Go;
        }
        if self.exhausted {
            return Step::Refuse;
        }
        if self.leasing {
            self.tokens -= 1;
            return Step::Go;
        }
        self.leasing = true;
        if self.asked {
            return Step::Lease(self.lot);
        }
        // Nobody waits for the first lot of a minute.
        self.asked = true;
        self.tokens -= 1;
        Step::GoAndLease(self.lot)
    }

    /// A lot was added to the counter, which then stood at `total`.
    fn leased(&mut self, lot: i64, total: i64) {
        let granted = (self.limit - (total - lot)).clamp(0, lot);
        self.leasing = false;
        self.tokens += granted;
        self.exhausted = total >= self.limit;
        let left = (self.limit - total).max(0);
        self.lot = (lot * 2).min(self.limit / LARGEST).min(left / CAUTION).max(1);
    }

    /// The table did not answer: go on without it for this lot.
    fn failed(&mut self, lot: i64) {
        self.leasing = false;
        self.tokens = self.tokens.max(0) + lot;
    }
}

/// Limits of all keys that this instance has met.
#[derive(Debug)]
pub struct Limiter {
    limits: Limits,
    held: Mutex<HashMap<(String, RateClass), Held>>,
    away_until: AtomicI64,
}

impl Limiter {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, held: Mutex::new(HashMap::new()), away_until: AtomicI64::new(0) }
    }

    /// Lets a request in, with the lot to take beside it, or refuses it.
    pub async fn admit(&self, records: &Records, public_key: &str, class: RateClass, now: Timestamp) -> Result<Option<Due>, Error> {
        let limit = self.limits.of(class);
        let seconds = now.0 / 1_000_000;
        if limit == 0 || seconds < self.away_until.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let window = seconds.div_euclid(WINDOW_SECONDS);
        let due = |lot| Due { public_key: public_key.to_owned(), class, window, lot };
        match self.step(public_key, class, limit, window) {
            Step::Go => Ok(None),
            Step::GoAndLease(lot) => Ok(Some(due(lot))),
            Step::Refuse => Err(refused(class, limit, seconds)),
            Step::Lease(lot) => {
                self.lease(records, due(lot), WAIT).await;
                match self.step(public_key, class, limit, window) {
                    Step::Refuse => Err(refused(class, limit, seconds)),
                    Step::GoAndLease(lot) | Step::Lease(lot) => Ok(Some(due(lot))),
                    Step::Go => Ok(None),
                }
            }
        }
    }

    /// Takes a lot, or goes on without when the table has not answered in time.
    pub async fn lease(&self, records: &Records, due: Due, wait: Duration) {
        let Due { public_key, class, window, lot } = due;
        let counter = Window { class: class.as_str(), subject: &public_key, number: window, seconds: WINDOW_SECONDS };
        let total = match tokio::time::timeout(wait, records.take(counter, lot)).await {
            Ok(Ok(total)) => Some(total),
            Ok(Err(error)) => {
                tracing::warn!(error = crate::telemetry::chain(&error), "rate limits are not counted for a moment");
                self.away_until.store(crate::now().0 / 1_000_000 + AWAY_SECONDS, Ordering::Relaxed);
                None
            }
            Err(_) => None,
        };
        if let Some(held) = self.lock().get_mut(&(public_key, class)).filter(|h| h.window == window) {
            match total {
                Some(total) => held.leased(lot, total),
                None => held.failed(lot),
            }
        }
    }

    fn step(&self, public_key: &str, class: RateClass, limit: i64, window: i64) -> Step {
        let mut all = self.lock();
        if all.len() >= CAPACITY {
            all.retain(|_, held| held.window == window);
            if all.len() >= CAPACITY {
                all.clear();
            }
        }
        let held = all.entry((public_key.to_owned(), class)).or_insert_with(|| Held::new(limit, window));
        if held.window != window {
            *held = Held::new(limit, window);
        }
        held.step()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, RateClass), Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(class: RateClass, limit: i64, seconds: i64) -> Error {
    let reset = (seconds.div_euclid(WINDOW_SECONDS) + 1) * WINDOW_SECONDS;
    Error::Limited { class: class.as_str(), limit, retry_after: u32::try_from(reset - seconds).unwrap_or(1), reset }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Instances that share one counter, each request to the one whose turn it is; how many got in.
    fn admitted(limit: i64, instances: usize, requests: usize) -> (usize, usize) {
        let mut counter = 0;
        let mut writes = 0;
        let mut all = vec![Held::new(limit, 1); instances];
        let mut inside = 0;
        for request in 0..requests {
            let held = &mut all[request % instances];
            let mut take = |held: &mut Held, lot| {
                writes += 1;
                counter += lot;
                held.leased(lot, counter);
            };
            match held.step() {
                Step::Go => inside += 1,
                Step::GoAndLease(lot) => {
                    inside += 1;
                    take(held, lot);
                }
                Step::Lease(lot) => {
                    take(held, lot);
                    match held.step() {
                        Step::Go => inside += 1,
                        Step::GoAndLease(lot) | Step::Lease(lot) => {
                            inside += 1;
                            take(held, lot);
                        }
                        Step::Refuse => {}
                    }
                }
                Step::Refuse => {}
            }
        }
        (inside, writes)
    }

    #[test]
    fn one_instance_keeps_a_small_limit_exactly() {
        for limit in [1, 2, 5, 20, 100] {
            assert_eq!(admitted(limit, 1, 500).0, usize::try_from(limit).unwrap_or_default(), "limit {limit}");
        }
    }

    #[test]
    fn many_instances_keep_the_limit_within_their_lots_and_write_seldom() {
        for (limit, instances) in [(100, 7), (1_000, 10), (60_000, 1), (60_000, 50)] {
            let (inside, writes) = admitted(limit, instances, 200_000);

            let inside = i64::try_from(inside).unwrap_or_default();
            let slack = i64::try_from(instances).unwrap_or_default() * (limit / LARGEST).max(1) / 2;
            assert!((limit - slack..=limit + slack).contains(&inside), "{inside} of {limit} with {instances} instances");
            assert!(writes < 40 * instances + 100, "{writes} writes for {limit} with {instances} instances");
        }
    }

    #[test]
    fn a_limit_that_is_reached_is_not_asked_for_again() {
        let mut held = Held::new(2, 1);
        assert_eq!(held.step(), Step::GoAndLease(1));
        held.leased(1, 7);

        assert_eq!([held.step(), held.step()], [Step::Refuse, Step::Refuse]);
    }

    #[test]
    fn nobody_is_refused_while_the_table_is_away() {
        let mut held = Held::new(1, 1);
        for _ in 0..100 {
            match held.step() {
                Step::Lease(lot) | Step::GoAndLease(lot) => held.failed(lot),
                step => assert_eq!(step, Step::Go),
            }
        }
    }

    #[test]
    fn a_refusal_says_when_to_come_again() {
        let Error::Limited { limit, retry_after, reset, .. } = refused(RateClass::Reads, 5, 119) else { panic!("limited") };

        assert_eq!((limit, retry_after, reset), (5, 1, 120));
    }
}
