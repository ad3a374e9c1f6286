//! Stands in for the shells that an agent starts: runs the real one with the same arguments and notes command, folder, times, exit code and output.
//!
//! Reached in three ways. A folder at the head of `PATH` holds this program under the shells' names. A `-c` of a shell that is started by its full path is
//! handed over by a small library that the linker loads into it ([`preload`]); where that cannot be, by `BASH_ENV` or `.zshenv`, which bash and zsh read.
//! At an interactive prompt bash and zsh tell of each command by hooks.
//!
//! The real shell must not notice: same streams when they are terminals, else pipes whose contents go on at once; signals and exit code as they are;
//! killed with us when we are killed; and what it leaves in the background keeps its output.

mod preload;

use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal as _, Read as _, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::Signals;

use super::capture::Capture;
use super::journal::{self, Line};

const SHELLS: &[&str] = &["sh", "bash", "zsh", "dash", "ksh"];
/// The run's folder: set inside `wrap` only.
const RUN: &str = "AGENTTRACE_RUN";
const BIN: &str = "AGENTTRACE_BIN";
const PARENT: &str = "AGENTTRACE_COMMAND_ID";
/// Whose child a shell is that was noted already.
const NOTED_BY: &str = "AGENTTRACE_SHELL_PID";
const NO_OUTPUT: &str = "AGENTTRACE_NO_OUTPUT";
const USERS_BASH_ENV: &str = "AGENTTRACE_USERS_BASH_ENV";
const USERS_ZDOTDIR: &str = "AGENTTRACE_USERS_ZDOTDIR";

/// How long output may stay silent after the shell has ended before what holds it open counts as left in the background.
const SILENCE: Duration = Duration::from_millis(30);

/// Makes the folder that goes to the head of `PATH`, and the files that shells read.
pub fn install(run: &Path, no_output: bool) -> Result<()> {
    let own = std::env::current_exe().context("the program does not know where it lies")?;
    let bin = run.join("bin");
    std::fs::create_dir_all(&bin)?;
    for shell in SHELLS {
        if real(OsStr::new(shell)).is_some() {
            std::os::unix::fs::symlink(&own, bin.join(shell))?;
        }
    }
    std::fs::create_dir_all(run.join("zsh"))?;
    std::fs::write(run.join("bash_env"), include_str!("shell/bash_env.sh"))?;
    std::fs::write(run.join("bashrc"), include_str!("shell/bashrc.sh"))?;
    std::fs::write(run.join("zsh/.zshenv"), include_str!("shell/zshenv.zsh"))?;
    if no_output {
        std::fs::write(run.join("no-output"), "")?;
    }
    Ok(())
}

/// The environment in which shells are found and heard.
pub fn variables(run: &Path) -> Vec<(String, OsString)> {
    let mut path = run.join("bin").into_os_string();
    if let Some(users) = std::env::var_os("PATH") {
        path.push(":");
        path.push(users);
    }
    let mut variables: Vec<(String, OsString)> = vec![
        ("PATH".to_owned(), path),
        (RUN.to_owned(), run.into()),
        ("BASH_ENV".to_owned(), run.join("bash_env").into()),
        ("ZDOTDIR".to_owned(), run.join("zsh").into()),
    ];
    variables.extend(std::env::current_exe().ok().map(|own| (BIN.to_owned(), own.into())));
    variables.extend(users("BASH_ENV", USERS_BASH_ENV).map(|users| (USERS_BASH_ENV.to_owned(), users)));
    variables.extend(users("ZDOTDIR", USERS_ZDOTDIR).map(|users| (USERS_ZDOTDIR.to_owned(), users)));
    // A run within a run begins anew.
    variables.extend([PARENT, NOTED_BY].map(|name| (name.to_owned(), OsString::new())));
    if run.join("no-output").exists() {
        variables.push((NO_OUTPUT.to_owned(), "1".into()));
    }
    variables.extend(preload::variables());
    // Agents that ask for the user's shell shall get ours.
    if let Some(name) = std::env::var_os("SHELL").as_deref().map(Path::new).and_then(Path::file_name)
        && SHELLS.iter().any(|shell| name == *shell)
    {
        variables.push(("SHELL".to_owned(), run.join("bin").join(name).into()));
    }
    variables
}

/// What the user has set, also when a run around this one has set something of ours.
fn users(name: &str, kept: &str) -> Option<OsString> {
    std::env::var_os(if std::env::var_os(RUN).is_some() { kept } else { name }).filter(|value| !value.is_empty())
}

fn parent() -> Option<String> {
    std::env::var(PARENT).ok().filter(|id| !id.is_empty())
}

/// Was the program started under a shell's name, inside a run?
#[must_use]
pub fn asked_for() -> Option<String> {
    let first = std::env::args_os().next()?;
    let name = Path::new(&first).file_name()?.to_str()?.trim_start_matches('-').to_owned();
    (SHELLS.contains(&name.as_str()) && std::env::var_os(RUN).is_some()).then_some(name)
}

/// The shell itself: the path that was asked for, else the first on the `PATH`. Never this program: a run within a run finds the folders of both.
fn real(shell: &OsStr) -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    let a_shell = |file: &PathBuf| file.is_file() && std::fs::canonicalize(file).is_ok_and(|file| file != own);
    if shell.as_encoded_bytes().contains(&b'/') && a_shell(&PathBuf::from(shell)) {
        return Some(PathBuf::from(shell));
    }
    let name = Path::new(shell).file_name()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/bin".into(), "/usr/bin".into(), "/usr/local/bin".into()]);
    folders.map(|folder| folder.join(name)).find(a_shell)
}

/// Runs a shell. Whatever fails on our side, the shell runs.
pub fn run(shell: &str, argv: Vec<OsString>) -> ExitCode {
    let folder = std::env::var_os(RUN).map(PathBuf::from).unwrap_or_default();
    let Some(program) = real(OsStr::new(shell)) else {
        eprintln!("agenttrace: there is no {shell} on this machine");
        return ExitCode::from(127);
    };
    let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let noted = std::env::var(NOTED_BY).is_ok_and(|pid| Some(pid) == parent_pid());
    let interactive =
        command_at(&argv).is_none() && argv.iter().all(|arg| arg.as_encoded_bytes().starts_with(b"-")) && std::io::stdin().is_terminal();
    // A version manager's `python` is a script that runs a dozen others.
    let script_of_a_command = parent().is_some() && command_at(&argv).is_none() && !interactive;
    if folder.as_os_str().is_empty() || noted || script_of_a_command || !folder.is_dir() {
        return replaced(Command::new(&program).args(argv));
    }
    if interactive {
        let mut command = Command::new(&program);
        if name == "bash" {
            // Before all other options, as bash wants its long ones.
            command.arg("--rcfile").arg(folder.join("bashrc"));
        } else if name == "zsh" {
            command.env("ZDOTDIR", folder.join("zsh"));
        }
        return replaced(command.args(argv));
    }
    match noted_run(&folder, &program, &name, &argv) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("agenttrace: {error:#}");
            replaced(Command::new(&program).args(argv))
        }
    }
}

fn parent_pid() -> Option<String> {
    rustix::process::getppid().map(|pid| pid.as_raw_nonzero().to_string())
}

/// This process becomes the shell.
fn replaced(command: &mut Command) -> ExitCode {
    let error = command.exec();
    eprintln!("agenttrace: cannot run {}: {error}", command.get_program().to_string_lossy());
    ExitCode::from(126)
}

/// Where among a shell's arguments the text of its `-c` stands: behind all options, of which `-o` and such take one argument more.
fn command_at(argv: &[OsString]) -> Option<usize> {
    let mut given = false;
    let mut at = 0;
    while let Some(option) = argv.get(at).map(|arg| arg.as_encoded_bytes()) {
        match option {
            b"--" | b"-" => {
                at += 1;
                break;
            }
            [b'-', b'-', name @ ..] => at += if [&b"rcfile"[..], b"init-file"].contains(&name) { 2 } else { 1 },
            [sign @ (b'-' | b'+'), letters @ ..] => {
                given |= *sign == b'-' && letters.contains(&b'c');
                at += 1 + letters.iter().filter(|letter| matches!(letter, b'o' | b'O')).count();
            }
            _ => break,
        }
    }
    given.then_some(at).filter(|at| *at < argv.len())
}

fn noted_run(folder: &Path, program: &Path, name: &str, argv: &[OsString]) -> Result<ExitCode> {
    let id = uuid::Uuid::new_v4().simple().to_string()[..16].to_owned();
    let texts: Vec<String> = argv.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let command = match command_at(argv) {
        Some(at) => texts[at].clone(),
        None => std::iter::once(name).chain(texts.iter().map(String::as_str)).collect::<Vec<_>>().join(" "),
    };
    journal::append(
        folder,
        &Line::Begin {
            id: id.clone(),
            parent: parent(),
            command,
            argv: std::iter::once(name.to_owned()).chain(texts).collect(),
            cwd: std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned(),
            at: journal::now(),
        },
    )?;

    let keep = std::env::var_os(NO_OUTPUT).is_none();
    let pipe = |terminal: bool| if terminal || !keep { Stdio::inherit() } else { Stdio::piped() };
    let own = std::env::var_os(BIN).map_or_else(std::env::current_exe, |own| Ok(own.into()))?;
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2])?;
    let mut child = Command::new(own);
    // What an agent's command runs by full path (such as each line of a makefile) is part of that command. The run's own command may start the agent.
    if std::env::var(preload::WRAP).ok() != parent_pid() {
        preload::take_back(&mut child);
    }
    let mut child = child
        .arg("__child")
        .arg(program)
        .args(argv)
        .env(NOTED_BY, std::process::id().to_string())
        .env(PARENT, &id)
        .stdout(pipe(std::io::stdout().is_terminal()))
        .stderr(pipe(std::io::stderr().is_terminal()))
        .spawn()
        .context("the shell cannot be started")?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if let (Some(pid), Some(signal)) = (pid, Signal::from_named_raw(signal)) {
                let _ = kill_process(pid, signal);
            }
        }
    });
    let ended = Arc::new(AtomicBool::new(false));
    let stdout = child.stdout.take().map(|pipe| Copy::start(pipe.into(), std::io::stdout(), &ended));
    let stderr = child.stderr.take().map(|pipe| Copy::start(pipe.into(), std::io::stderr(), &ended));
    let status = child.wait().context("the shell was lost")?;
    ended.store(true, Ordering::Release);
    let (stdout, stderr) = (stdout.map(|copy| copy.finish(false)), stderr.map(|copy| copy.finish(true)));

    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    let (stdout, stdout_bytes) = stdout.map_or_else(Default::default, told);
    let (stderr, stderr_bytes) = stderr.map_or_else(Default::default, told);
    drop(journal::append(folder, &Line::End { id, at: journal::now(), code, stdout, stderr, stdout_bytes, stderr_bytes }));
    if let Some(signal) = status.signal() {
        // Whoever waits for us shall see the signal, not a number.
        drop(signal_hook::low_level::emulate_default_handler(signal));
    }
    Ok(ExitCode::from(code as u8))
}

fn told(capture: Capture) -> (String, u64) {
    let total = capture.total();
    (capture.into_text(), total)
}

/// What [`noted_run`] starts: ends with its parent, and becomes the shell.
pub fn child(mut argv: Vec<OsString>) -> ExitCode {
    let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    // Had it died before the line above, nobody would tell.
    if std::env::var(NOTED_BY).ok() != parent_pid() {
        return ExitCode::from(137);
    }
    let program = argv.remove(0);
    let name = Path::new(&program).file_name().unwrap_or_default().to_owned();
    replaced(Command::new(&program).arg0(name).args(argv))
}

/// Passes a pipe on while it keeps what went through.
struct Copy(JoinHandle<(Capture, Option<OwnedFd>)>);

impl Copy {
    fn start(pipe: OwnedFd, mut to: impl Write + Send + 'static, ended: &Arc<AtomicBool>) -> Self {
        let ended = Arc::clone(ended);
        Self(std::thread::spawn(move || {
            let mut capture = Capture::default();
            let mut from = std::fs::File::from(pipe);
            let mut buffer = vec![0; 64 << 10];
            let mut heard = Instant::now();
            loop {
                let ready = poll(&mut [PollFd::new(&from, PollFlags::IN)], Some(&Timespec { tv_sec: 0, tv_nsec: 10_000_000 }));
                match ready {
                    Ok(0) if ended.load(Ordering::Acquire) && heard.elapsed() >= SILENCE => return (capture, Some(from.into())),
                    Ok(0) | Err(rustix::io::Errno::INTR) => continue,
                    Ok(_) => {}
                    Err(_) => return (capture, Some(from.into())),
                }
                match from.read(&mut buffer) {
                    Ok(0) | Err(_) => return (capture, None),
                    Ok(read) => {
                        heard = Instant::now();
                        capture.push(&buffer[..read]);
                        // A reader that went away: the shell shall learn it as it would have, by its pipe.
                        if to.write_all(&buffer[..read]).and_then(|()| to.flush()).is_err() {
                            return (capture, None);
                        }
                    }
                }
            }
        }))
    }

    /// What was kept. A pipe that something in the background still holds goes on in a process of its own.
    fn finish(self, to_stderr: bool) -> Capture {
        let Ok((capture, rest)) = self.0.join() else { return Capture::default() };
        if let Some(pipe) = rest {
            let to =
                if to_stderr { std::io::stderr().as_fd().try_clone_to_owned() } else { std::io::stdout().as_fd().try_clone_to_owned() };
            if let (Ok(to), Some(own)) = (to, std::env::var_os(BIN)) {
                drop(Command::new(own).arg("__relay").stdin(pipe).stdout(to).stderr(Stdio::null()).spawn());
            }
        }
        capture
    }
}

/// What the hooks of an interactive shell tell.
#[derive(Debug, clap::Args)]
pub struct MarkArgs {
    #[arg(long)]
    shell_pid: u32,
    /// The line, at its begin. bash puts its number in the history before it.
    #[arg(long, allow_hyphen_values = true)]
    command: Option<String>,
    /// The exit code, at its end.
    #[arg(long, allow_hyphen_values = true)]
    code: Option<i32>,
}

/// Notes a command of an interactive shell. Fails in silence: it runs at somebody's prompt.
pub fn mark(args: &MarkArgs) {
    let Some(folder) = std::env::var_os(RUN).map(PathBuf::from) else { return };
    let at_prompt = folder.join(format!("prompt-{}", args.shell_pid));
    let id = match &args.command {
        Some(_) => uuid::Uuid::new_v4().simple().to_string()[..16].to_owned(),
        // Nothing was begun: an empty line.
        None => match std::fs::read_to_string(&at_prompt) {
            Ok(id) => id,
            Err(_) => return,
        },
    };
    let line = match &args.command {
        Some(command) => Line::Begin {
            id: id.clone(),
            parent: parent(),
            command: command.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['*', ' ']).to_owned(),
            argv: Vec::new(),
            cwd: std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned(),
            at: journal::now(),
        },
        None => Line::End {
            id: id.clone(),
            at: journal::now(),
            code: args.code.unwrap_or(0),
            stdout: String::new(),
            stderr: String::new(),
            stdout_bytes: 0,
            stderr_bytes: 0,
        },
    };
    drop(journal::append(&folder, &line));
    drop(if args.command.is_some() { std::fs::write(&at_prompt, &id) } else { std::fs::remove_file(&at_prompt) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_stands_behind_all_options() {
        for (line, command) in [
            ("-c it", Some("it")),
            ("-lc it zero one", Some("it")),
            ("-euo pipefail -c it", Some("it")),
            ("-ceuo pipefail it", Some("it")),
            ("--rcfile file +O extglob -c -- it", Some("it")),
            ("script.sh -c no", None),
            ("-x -- -c", None),
            ("-c", None),
            ("", None),
        ] {
            let argv: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            assert_eq!(command_at(&argv).map(|at| argv[at].to_str().expect("text")), command, "{line}");
        }
    }
}
