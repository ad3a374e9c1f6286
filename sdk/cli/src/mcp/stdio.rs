//! The transport of an assistant that starts us itself: a message a line on standard input, answers on standard output, and nothing else there.

use std::io::{BufRead, BufReader, Read as _, Write};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::protocol::{self, Session};

/// A line that is longer is no message.
const LONGEST: u64 = 4 << 20;
/// Calls at the same time; more wait.
const MOST_CALLS: usize = 8;
/// How long answers that are on their way may take when the assistant has gone.
const FAREWELL: Duration = Duration::from_secs(5);

/// How many calls are running.
#[derive(Default)]
struct Running {
    count: Mutex<usize>,
    changed: Condvar,
}

impl Running {
    fn wait_below(&self, most: usize, within: Duration) {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.changed.wait_timeout_while(count, within, |count| *count >= most));
    }

    fn add(&self, change: isize) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count = count.saturating_add_signed(change);
        self.changed.notify_all();
    }
}

/// Answers until the input ends.
pub fn serve() -> Result<()> {
    let (session, running) = (Arc::new(Session::default()), Arc::new(Running::default()));
    let mut input = BufReader::new(std::io::stdin());
    loop {
        let mut line = Vec::new();
        let read = (&mut input).take(LONGEST).read_until(b'\n', &mut line).context("cannot read what the assistant asks")?;
        if read == 0 {
            break;
        }
        if read as u64 == LONGEST && line.last() != Some(&b'\n') {
            input.skip_until(b'\n').context("cannot read what the assistant asks")?;
            say(&protocol::error(&Value::Null, protocol::INVALID_REQUEST, "the message is too long"));
            continue;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let message = match protocol::parse(&line) {
            Ok(message) => message,
            Err(refusal) => {
                say(&refusal);
                continue;
            }
        };
        if is_quick(&message) {
            if let Some(answer) = protocol::answer(&session, &message) {
                say(&answer);
            }
            continue;
        }
        running.wait_below(MOST_CALLS, Duration::MAX);
        running.add(1);
        session.begin(&message["id"]);
        let (session, running) = (Arc::clone(&session), Arc::clone(&running));
        std::thread::spawn(move || {
            if let Some(answer) = protocol::answer(&session, &message) {
                say(&answer);
            }
            running.add(-1);
        });
    }
    running.wait_below(1, FAREWELL);
    Ok(())
}

/// Is it answered without asking anybody? Then at once and in order: a call may follow `initialize` without waiting for its answer, and what cancels a
/// call must not wait behind it.
fn is_quick(message: &Value) -> bool {
    message["method"] != "tools/call" && !message.is_array()
}

fn say(answer: &Value) {
    let mut out = std::io::stdout().lock();
    // Nobody is there to be told when the assistant has gone.
    drop(writeln!(out, "{answer}").and_then(|()| out.flush()));
}
