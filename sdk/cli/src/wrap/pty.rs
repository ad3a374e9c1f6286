//! Running the command: with a terminal of its own when we have one, else on our own standard streams. Colours, sizes, signals and the exit code
//! pass through.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{OptionalActions, Termios, isatty, tcgetattr, tcgetwinsize, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;

/// How the command ended.
#[derive(Debug, Clone)]
pub struct Status {
    /// 128 + the signal's number when a signal ended it, as shells say it.
    pub code: u8,
    pub signal: Option<String>,
}

/// After the command has ended, what it left behind in the background may still print for this long.
const LAST_WORDS: Duration = Duration::from_millis(200);

pub fn run(command: &[OsString], variables: &[(String, OsString)]) -> Result<Status> {
    let terminal = isatty(rustix::stdio::stdin()) && isatty(rustix::stdio::stdout());
    if terminal { on_a_terminal(command, variables) } else { on_our_streams(command, variables) }
}

fn on_our_streams(command: &[OsString], variables: &[(String, OsString)]) -> Result<Status> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    let mut child = Command::new(&command[0])
        .args(&command[1..])
        .envs(variables.iter().map(|(k, v)| (k, v)))
        .spawn()
        .context("it cannot be started")?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    std::thread::spawn(move || {
        for signal in signals.forever() {
            // An interrupt typed at a terminal reached the child already; twice does no harm that once does not.
            if let (Some(pid), Some(signal)) = (pid, Signal::from_named_raw(signal)) {
                let _ = kill_process(pid, signal);
            }
        }
    });
    let status = child.wait()?;
    Ok(match status.signal() {
        Some(signal) => Status { code: 128_u8.wrapping_add(signal as u8), signal: Some(signal.to_string()) },
        None => Status { code: status.code().unwrap_or(1) as u8, signal: None },
    })
}

fn on_a_terminal(command: &[OsString], variables: &[(String, OsString)]) -> Result<Status> {
    let pair = native_pty_system().openpty(size()).context("no pseudo-terminal")?;
    let mut builder = CommandBuilder::new(&command[0]);
    builder.args(&command[1..]);
    builder.cwd(std::env::current_dir()?);
    for (name, value) in variables {
        builder.env(name, value);
    }
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH])?;
    let mut child = pair.slave.spawn_command(builder).context("it cannot be started")?;
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader()?;
    let mut writer = pair.master.take_writer()?;
    let raw = Raw::new();

    let pid = child.process_id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let master = pair.master;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if signal == SIGWINCH {
                drop(master.resize(size()));
            } else if let (Some(pid), Some(signal)) = (pid, Signal::from_named_raw(signal)) {
                let _ = kill_process(pid, signal);
            }
        }
    });
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        let mut buffer = [0; 8_192];
        while let Ok(read @ 1..) = stdin.read(&mut buffer) {
            if writer.write_all(&buffer[..read]).and_then(|()| writer.flush()).is_err() {
                return;
            }
        }
    });
    let (done, all_read) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stdout = std::io::stdout().lock();
        let mut buffer = [0; 65_536];
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            if stdout.write_all(&buffer[..read]).and_then(|()| stdout.flush()).is_err() {
                break;
            }
        }
        let _ = done.send(());
    });
    let status = child.wait()?;
    let _ = all_read.recv_timeout(LAST_WORDS);
    drop(raw);
    Ok(match status.signal() {
        Some(name) => Status { code: 128_u8.wrapping_add(number_of(name)), signal: Some(name.to_owned()) },
        None => Status { code: status.exit_code() as u8, signal: None },
    })
}

/// `strsignal`'s texts, which is what the terminal's crate gives.
fn number_of(name: &str) -> u8 {
    [
        ("Hangup", 1),
        ("Interrupt", 2),
        ("Quit", 3),
        ("Aborted", 6),
        ("Killed", 9),
        ("Segmentation", 11),
        ("Broken pipe", 13),
        ("Terminated", 15),
    ]
    .iter()
    .find(|(text, _)| name.starts_with(text))
    .map_or(0, |(_, number)| *number)
}

fn size() -> PtySize {
    tcgetwinsize(rustix::stdio::stdout()).map_or_else(
        |_| PtySize::default(),
        |size| PtySize { rows: size.ws_row, cols: size.ws_col, pixel_width: size.ws_xpixel, pixel_height: size.ws_ypixel },
    )
}

/// Our terminal hands every key through, until dropped.
struct Raw(Option<Termios>);

impl Raw {
    fn new() -> Self {
        let Ok(before) = tcgetattr(rustix::stdio::stdin()) else { return Self(None) };
        let mut raw = before.clone();
        raw.make_raw();
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw);
        Self(Some(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, before);
        }
    }
}
