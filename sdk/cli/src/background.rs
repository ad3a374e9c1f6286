//! The uploader in the background: started by whoever put something into the spool, when none runs; a process and a session of its own.
//!
//! One runs at a time. Its right is a lock that its starter takes and hands over as its standard input, so that of many hooks at once
//! exactly one starts it, and that ends with the process, however that ends. It stays for a while when all is sent: an agent at work calls a hook every
//! few seconds, and programs are dear to start.

use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::fs::{FlockOperation, flock};

use crate::config::Config;
use crate::spool::Spool;
use crate::transcripts::Following;
use crate::{hook, upload};

/// How long it waits for more when all is sent.
const IDLE: Duration = Duration::from_secs(10);
/// How long it tries when nothing can be sent. The next hook starts another.
const PATIENCE: Duration = Duration::from_secs(300);
/// What comes in such a while goes out together.
const GATHER: Duration = Duration::from_millis(300);
const LOOK: Duration = Duration::from_millis(100);
/// How often it looks for what was put beside the spool.
const TIDY: Duration = Duration::from_secs(2);
/// What is only of use while its session lives is forgotten after this.
const FORGET: Duration = Duration::from_secs(90 * 24 * 3600);

/// Variables of a call, of a run or of a repository.
const PASSING: &[&str] = &[
    "AGENTTRACE_ENVIRONMENT",
    "AGENTTRACE_OBSERVATION_ID",
    "AGENTTRACE_RUN",
    "AGENTTRACE_TRACE_ID",
    "AGENTTRACE_USER_ID",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "TRACEPARENT",
];

fn open_lock(spool: &Spool) -> Result<File> {
    let path = spool.folder().join("uploader");
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    options.open(&path).with_context(|| format!("cannot open {}", path.display()))
}

fn lock(file: impl AsFd) -> bool {
    flock(file, FlockOperation::NonBlockingLockExclusive).is_ok()
}

/// Is one running? Only for telling: by the time of the answer it may be otherwise.
pub fn is_running() -> bool {
    Spool::open().and_then(|spool| open_lock(&spool)).is_ok_and(|file| !lock(file))
}

/// Starts one unless one runs. Silent: the next hook tries again.
pub fn start() {
    // An agent's sandbox without a network is no place to send from; the hook after the call runs outside.
    if std::env::var_os("CODEX_SANDBOX_NETWORK_DISABLED").is_some() {
        return;
    }
    let Ok(lock_file) = Spool::open().and_then(|spool| open_lock(&spool)) else { return };
    if !lock(&lock_file) {
        return;
    }
    let Ok(own) = std::env::current_exe() else { return };
    // Whatever the agent left open for us is not for a process that outlives it.
    close_fds::set_fds_cloexec(3, &[]);
    let mut command = Command::new(own);
    command.args(["upload", "--detached"]).stdin(Stdio::from(lock_file)).stdout(Stdio::null()).stderr(Stdio::null());
    // What is of one call or one run is in what they put; the uploader sends everybody's.
    for name in PASSING {
        command.env_remove(name);
    }
    drop(command.spawn());
}

/// What runs in it. The lock is its standard input.
pub fn run() {
    // No terminal, no group of the agent's whose end would be ours, no folder that cannot be unmounted.
    let _ = rustix::process::setsid();
    drop(std::env::set_current_dir("/"));
    let stdin = rustix::stdio::stdin();
    let Ok(spool) = Spool::open() else { return };
    // The lock's own file names who holds it.
    drop(std::fs::write(spool.folder().join("uploader"), std::process::id().to_string()));
    hook::forget_old(FORGET);
    // Without a login there is nobody to send to, for however long; the next hook starts another.
    if Config::require().is_err() {
        return;
    }
    loop {
        if !serve(&spool) {
            return;
        }
        // Between the last look and here somebody may have put something and seen us running.
        let _ = flock(stdin, FlockOperation::Unlock);
        if spool.files().map_or(0, |files| files.len()) == 0 || !lock(stdin) {
            return;
        }
    }
}

/// Sends until all was quiet for a while (true), or nothing could be sent for too long.
fn serve(spool: &Spool) -> bool {
    let began = Instant::now();
    let mut quiet_since = Instant::now();
    let mut pause = Duration::from_millis(500);
    let mut tidied = None::<Instant>;
    let mut following = Following::default();
    loop {
        if tidied.is_none_or(|at| at.elapsed() > TIDY) {
            spool.tidy();
            tidied = Some(Instant::now());
        }
        let is_empty = spool.files().map_or(0, |files| files.len()) == 0;
        let over = is_empty && quiet_since.elapsed() >= IDLE;
        if !follow(&mut following, spool, over) && is_empty {
            if over {
                return true;
            }
            std::thread::sleep(LOOK);
            continue;
        }
        std::thread::sleep(GATHER);
        match attempt(spool) {
            Some(None) => {
                quiet_since = Instant::now();
                pause = Duration::from_millis(500);
            }
            waiting => {
                let wait = waiting.flatten().unwrap_or(pause);
                if began.elapsed() + wait >= PATIENCE {
                    return false;
                }
                std::thread::sleep(wait);
                pause = (pause * 2).min(Duration::from_secs(60));
            }
        }
    }
}

/// Reads what is due of transcripts; not while somebody else sends, who may be reading them.
fn follow(following: &mut Following, spool: &Spool, all: bool) -> bool {
    upload::lock(spool).is_ok_and(|lock| lock.is_some() && following.read(spool, all))
}

/// One try: `Some(None)` when all went out, `Some` of how long the server wants us to wait, or nothing of what is left to us.
fn attempt(spool: &Spool) -> Option<Option<Duration>> {
    let lock = upload::lock(spool).ok()??;
    drop(spool.trim());
    let config = Config::require().ok()?;
    let outcome = upload::send_all(spool, &config, Duration::ZERO).ok()?;
    drop(lock);
    if outcome.left == 0 { Some(None) } else { outcome.wait.map(Some) }
}
