//! Changing a head: read, change, write if nobody else did meanwhile, else again.

use std::time::{Duration, Instant};

use agenttrace_domain::prompt::Head;
use agenttrace_kit::{Error, now};
use agenttrace_records::PromptHead;

use crate::state::State;

/// Clients give up after five seconds.
const PATIENCE: Duration = Duration::from_millis(3_800);
const LONGEST_WAIT_MS: u64 = 160;

/// Attempts that wait a little longer each time, and a random part of it, so that those who met do not meet again.
pub struct Attempts {
    since: Instant,
    wait_ms: u64,
}

impl Attempts {
    #[must_use]
    pub fn new() -> Self {
        Self { since: Instant::now(), wait_ms: 10 }
    }

    /// Waits before the next attempt, or gives up.
    pub async fn again(&mut self) -> Result<(), Error> {
        if self.since.elapsed() > PATIENCE {
            return Err(Error::unavailable("change a prompt", anyhow::anyhow!("too many changes of it at once")));
        }
        tokio::time::sleep(Duration::from_millis(rand::random::<u64>() % self.wait_ms + 1)).await;
        self.wait_ms = (self.wait_ms * 2).min(LONGEST_WAIT_MS);
        Ok(())
    }
}

/// Changes a head, and gives it as it is then. `absent` is the answer when there is none.
pub async fn change<T>(
    state: &State,
    project_id: &str,
    name: &str,
    absent: impl Fn() -> Error,
    mut apply: impl FnMut(&mut Head) -> Result<T, Error>,
) -> Result<(Head, T), Error> {
    let mut attempts = Attempts::new();
    loop {
        let found = state.records.prompt_head(project_id, name).await?.filter(|found| !found.deleted).ok_or_else(&absent)?;
        let mut head = found.head.clone();
        let outcome = apply(&mut head)?;
        if head == found.head {
            return Ok((head, outcome));
        }
        let next = PromptHead { head, revision: found.revision + 1, deleted: false };
        let written = state.records.replace_prompt_head(project_id, &next, found.revision, now()).await;
        state.memory.forget_head(project_id, name);
        match written {
            Ok(true) => return Ok((next.head, outcome)),
            Ok(false) => {}
            // Too many at once, or no answer. If it was written, the next attempt finds nothing left to change.
            Err(error) if error.is_temporary() => {}
            Err(error) => return Err(error.into()),
        }
        attempts.again().await?;
    }
}
