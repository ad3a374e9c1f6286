//! From what was read to the server: into the spool, which a second thread sends while reading goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Result, anyhow};
use serde_json::Value;

use crate::config::Config;
use crate::spool::Spool;
use crate::upload::{self, Outcome};

const INGESTION: &str = "/api/public/ingestion";
/// Of one request: well under what the server takes at once.
const MAX_BYTES: usize = 2_000_000;
const MAX_EVENTS: usize = 2_000;
/// Reading waits while so many requests do.
const MAX_WAITING: usize = 24;

/// Nothing more is taken.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Stopped(String);

pub struct Sending {
    spool: Spool,
    finished: Arc<AtomicBool>,
    thread: JoinHandle<Result<Outcome>>,
}

impl Sending {
    /// `within`: how long a server may take nothing.
    pub fn start(config: &Config, within: Duration) -> Result<Self> {
        let spool = Spool::open()?;
        let finished = Arc::new(AtomicBool::new(false));
        let (theirs, config, done) = (Spool::open()?, config.clone(), Arc::clone(&finished));
        let thread = std::thread::spawn(move || send(&theirs, &config, within, &done));
        Ok(Self { spool, finished, thread })
    }

    /// Puts events into the spool, as requests. Waits while too many wait.
    pub fn put(&self, events: &[Value]) -> Result<()> {
        put(&self.spool, events, || {
            while self.spool.files()?.len() > MAX_WAITING {
                if self.thread.is_finished() {
                    return Err(Stopped(
                        "the server takes nothing for now: what was read waits, and the same command goes on from there".to_owned(),
                    )
                    .into());
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        })
    }

    /// Waits until everything is sent, or the server was away for too long.
    pub fn finish(self) -> Result<Outcome> {
        self.finished.store(true, Ordering::Release);
        self.thread.join().map_err(|_| anyhow!("sending broke off"))?
    }
}

/// Puts events into the spool, as requests; `then` is called after each.
pub fn put(spool: &Spool, events: &[Value], then: impl Fn() -> Result<()>) -> Result<()> {
    let mut batch = String::new();
    let mut count = 0;
    for event in events {
        let text = event.to_string();
        if count > 0 && (batch.len() + text.len() > MAX_BYTES || count >= MAX_EVENTS) {
            put_batch(spool, &batch)?;
            then()?;
            batch.clear();
            count = 0;
        }
        if count > 0 {
            batch.push(',');
        }
        batch.push_str(&text);
        count += 1;
    }
    if count > 0 {
        put_batch(spool, &batch)?;
        then()?;
    }
    Ok(())
}

fn put_batch(spool: &Spool, batch: &str) -> Result<()> {
    spool.put_text(INGESTION, &format!(r#"{{"batch":[{batch}]}}"#))
}

fn send(spool: &Spool, config: &Config, within: Duration, finished: &AtomicBool) -> Result<Outcome> {
    let mut all = Outcome::default();
    let mut lock = None;
    loop {
        let last = finished.load(Ordering::Acquire);
        if lock.is_none() {
            lock = upload::lock(spool)?;
        }
        if lock.is_some() {
            let outcome = upload::send_all(spool, config, within)?;
            all.sent += outcome.sent;
            all.refused += outcome.refused;
            all.redacted += outcome.redacted;
            (all.left, all.waiting_for) = (outcome.left, outcome.waiting_for);
            if all.left > 0 {
                return Ok(all);
            }
        }
        // Another upload may hold the lock: it sends what is ours, too.
        if last && spool.files()?.is_empty() {
            return Ok(all);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
