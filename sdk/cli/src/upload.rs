//! `agenttrace upload`: sends the spool, oldest first, after what is new in the transcripts of sessions that hooks told of. Secrets are taken out here, at the one place through which everything leaves
//! ([`clean`]).

mod batch;
mod clean;

use std::fs::File;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::fs::{FlockOperation, flock};
use serde_json::json;

use crate::background;
use crate::client::Client;
use crate::config::Config;
use crate::spool::Spool;
use crate::transcripts::Following;

pub use clean::is_id;

use batch::Sender;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Say nothing, and give up quietly when another upload runs.
    #[arg(long)]
    background: bool,
    /// Stop trying after this many seconds; what is left waits.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    within: u64,
    /// The uploader that a hook starts.
    #[arg(long, hide = true)]
    detached: bool,
}

/// What an upload did. Of hooks each counts, however many went in one request.
#[derive(Debug, Default)]
pub struct Outcome {
    pub sent: u64,
    pub refused: u64,
    /// Secrets taken out.
    pub redacted: u64,
    pub left: u64,
    /// Why the last request was not taken.
    pub waiting_for: Option<String>,
    /// How long the server wants us to wait at least.
    pub wait: Option<Duration>,
}

pub fn run(args: &Args, as_json: bool) -> Result<ExitCode> {
    if args.detached {
        background::run();
        return Ok(ExitCode::SUCCESS);
    }
    let spool = Spool::open()?;
    let config = Config::require()?;
    let within = Duration::from_secs(args.within);
    let began = Instant::now();
    let _lock = loop {
        match lock(&spool)? {
            Some(lock) => break lock,
            None if args.background => return Ok(ExitCode::SUCCESS),
            None if began.elapsed() >= within => bail!("another upload is running"),
            // The one in the background holds it only while it sends.
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    spool.tidy();
    Following::default().read(&spool, true);
    let outcome = send_all(&spool, &config, within)?;
    if as_json {
        println!("{}", json!({"sent": outcome.sent, "refused": outcome.refused, "redacted": outcome.redacted, "left": outcome.left}));
    } else if !args.background {
        println!("sent {}, refused {}, left {}; {} secrets taken out", outcome.sent, outcome.refused, outcome.left, outcome.redacted);
        if let Some(reason) = outcome.waiting_for.as_ref().filter(|_| outcome.left > 0) {
            eprintln!("agenttrace: {reason}");
        }
    }
    Ok(if outcome.left > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The right to upload: one process at a time. It ends with the process, however that ends.
pub fn lock(spool: &Spool) -> Result<Option<File>> {
    let path = spool.folder().join("lock");
    let file =
        File::options().create(true).truncate(false).write(true).open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error).context("cannot lock the spool"),
    }
}

/// Sends until the spool is empty or time is up.
pub fn send_all(spool: &Spool, config: &Config, within: Duration) -> Result<Outcome> {
    spool.trim()?;
    let deadline = Instant::now() + within;
    let mut sender = Sender::new(spool, Client::new(config), config);
    let mut pause = Duration::from_millis(500);
    loop {
        let files = spool.files()?;
        if files.is_empty() {
            return Ok(sender.outcome);
        }
        let sent = sender.outcome.sent;
        if sender.round(&files)? {
            continue;
        }
        if sender.outcome.sent > sent {
            pause = Duration::from_millis(500);
        }
        let wait = sender.outcome.wait.unwrap_or(pause);
        if Instant::now() + wait >= deadline {
            sender.outcome.left = spool.files()?.len() as u64;
            return Ok(sender.outcome);
        }
        std::thread::sleep(wait);
        pause = (pause * 2).min(Duration::from_secs(60));
    }
}
