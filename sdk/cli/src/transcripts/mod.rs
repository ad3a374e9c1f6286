//! `agenttrace import claude-code` and its like: sends the sessions that a coding agent keeps on this machine, from before it was traced or beside
//! its telemetry.
//!
//! What is read goes into the spool and from there to the server ([`crate::upload`], which takes secrets out) while reading goes on. How far each
//! transcript was read is noted ([`state`]), so that the same command goes on after an interruption and brings only what is new when it is run again.
//! Steps have the ids that the agent's telemetry and hooks give them: a call that was told already is not told twice (docs/coding-agents.md).
//!
//! The transcript of a session that is under way is read in the same way, after its hooks ([`follow`]).

mod around;
mod follow;
mod lines;
mod opencode;
mod report;
mod sending;
mod sources;
mod state;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use agenttrace_transcripts::{Lines, Skip, Story};
use anyhow::{Context as _, Result};

use crate::config::Config;
use crate::spool::Spool;
use crate::upload::Outcome;
use around::Machine;
use lines::{Line, LineReader};
use report::Report;
use sending::Sending;
use sources::Transcript;
use state::State;

pub use follow::{Following, note};

/// A story is sent when it has grown to this. 1 MiB.
const ENOUGH: usize = 1 << 20;

/// Whose transcripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    ClaudeCode,
    Codex,
    GeminiCli,
    CopilotCli,
    OpenCode,
    Aider,
}

impl Agent {
    /// The one whose hooks these are, if it keeps transcripts.
    const fn of_hooks(agent: crate::agent::Agent) -> Option<Self> {
        Some(match agent {
            crate::agent::Agent::ClaudeCode => Self::ClaudeCode,
            crate::agent::Agent::Codex => Self::Codex,
            crate::agent::Agent::GeminiCli => Self::GeminiCli,
            crate::agent::Agent::CopilotCli => Self::CopilotCli,
            crate::agent::Agent::OpenCode => Self::OpenCode,
            crate::agent::Agent::Cursor => return None,
        })
    }

    /// The one that a program is, if its sessions tell where they were held.
    fn of_program(name: &str) -> Option<Self> {
        Some(match name {
            "claude" => Self::ClaudeCode,
            "codex" => Self::Codex,
            "gemini" => Self::GeminiCli,
            "copilot" => Self::CopilotCli,
            "opencode" => Self::OpenCode,
            _ => return None,
        })
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Codex => "codex",
            Self::GeminiCli => "gemini-cli",
            Self::CopilotCli => "copilot-cli",
            Self::OpenCode => "opencode",
            Self::Aider => "aider",
        }
    }

    const fn lines(self) -> Option<Lines> {
        match self {
            Self::ClaudeCode => Some(Lines::ClaudeCode),
            Self::Codex => Some(Lines::Codex),
            Self::GeminiCli => Some(Lines::GeminiCli),
            Self::CopilotCli => Some(Lines::CopilotCli),
            Self::Aider => Some(Lines::Aider),
            // A database.
            Self::OpenCode => None,
        }
    }
}

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only what was written since then: `30d`, `12h`, or a date such as 2026-01-31.
    #[arg(long, value_name = "TIME", value_parser = parse_since)]
    since: Option<SystemTime>,
    /// Read these transcripts, or all in these folders, instead of the agent's own.
    #[arg(long, value_name = "DIR|FILE", num_args = 1..)]
    path: Vec<PathBuf>,
    /// Read and count, and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Give up on a server that takes nothing for this many seconds; what was read waits.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    within: u64,
}

/// An import on its way.
struct Import<'a> {
    since: Option<SystemTime>,
    /// Of a database.
    only: Option<Only<'a>>,
    machine: &'a Machine,
    state: State,
    out: Out,
    report: Report,
}

/// Which sessions of a database are read.
#[derive(Clone, Copy)]
enum Only<'a> {
    /// This one, and those that it started.
    Session(&'a str),
    /// Those in a folder.
    Folder(&'a Path),
}

/// Where goes what was read?
enum Out {
    Nowhere,
    Server(Sending),
    /// It is sent by whoever asked for it.
    Spool(Spool),
}

pub fn run(agent: Agent, args: &Args, as_json: bool) -> Result<ExitCode> {
    let config = if args.dry_run { Config::load()? } else { Config::require()? };
    let transcripts = sources::find(agent, &args.path, args.since)?;
    let state = if args.dry_run { State::nowhere() } else { State::open(&config)? };
    let machine = Machine::new(state.claims()?);
    let out = if args.dry_run { Out::Nowhere } else { Out::Server(Sending::start(&config, Duration::from_secs(args.within))?) };
    let user = Some(config.user_id.clone()).filter(|user| !user.is_empty());
    let environment = Some(config.environment.clone()).filter(|environment| !environment.is_empty());
    let mut story = Story::new(&machine, user, environment);
    let report = Report::new(agent, args.dry_run, as_json, &transcripts);
    let mut import = Import { since: args.since, only: None, machine: &machine, state, out, report };
    let read = transcripts.iter().try_for_each(|transcript| match import.read(agent, transcript, &mut story) {
        Err(error) if error.is::<sending::Stopped>() => Err(error),
        Err(error) => {
            import.report.failed(transcript, &error);
            Ok(())
        }
        Ok(()) => Ok(()),
    });
    let outcome = match std::mem::replace(&mut import.out, Out::Nowhere) {
        Out::Server(sending) => sending.finish()?,
        Out::Nowhere | Out::Spool(_) => Outcome::default(),
    };
    read?;
    Ok(import.report.print(&story, &outcome))
}

/// A run of an agent under `wrap`.
pub struct Run<'a> {
    /// The agent's program.
    pub program: &'a str,
    pub folder: &'a Path,
    pub began: SystemTime,
    /// The run's trace and its first step.
    pub trace: &'a str,
    pub step: &'a str,
    pub user: Option<String>,
    pub environment: Option<String>,
}

/// Reads what an agent wrote of its sessions in the run's folder, since the run began, into the spool.
pub fn read_run(run: Run<'_>, config: &Config, spool: Spool) -> Result<()> {
    let Some(agent) = Agent::of_program(run.program) else { return Ok(()) };
    let mut transcripts = sources::find(agent, &[], Some(run.began))?;
    transcripts.retain(|transcript| agent == Agent::OpenCode || sources::is_about(agent, &transcript.path, run.folder));
    let state = State::open(config)?;
    let machine = Machine::new(state.claims()?);
    let mut story = Story::new(&machine, run.user, run.environment);
    story.in_run(run.trace, run.step);
    let report = Report::new(agent, false, true, &[]);
    let only = Some(Only::Folder(run.folder));
    let mut import = Import { since: Some(run.began), only, machine: &machine, state, out: Out::Spool(spool), report };
    transcripts.iter().try_for_each(|transcript| import.read(agent, transcript, &mut story))
}

impl Import<'_> {
    fn read(&mut self, agent: Agent, transcript: &Transcript, story: &mut Story<'_>) -> Result<()> {
        match agent.lines() {
            Some(kind) => self.read_lines(kind, transcript, story),
            None => self.read_database(transcript, story),
        }
    }

    /// Reads a transcript of lines, from its begin: what was sent before is needed to understand what follows it.
    fn read_lines(&mut self, kind: Lines, transcript: &Transcript, story: &mut Story<'_>) -> Result<()> {
        let mut file = LineReader::open(&transcript.path)?;
        let begin = file.begin()?;
        let Some(sent) = self.state.sent(transcript, begin) else {
            self.report.unchanged(transcript);
            return Ok(());
        };
        let mut reader = kind.reader(sources::beside(kind, &transcript.path));
        let mut any = false;
        while let Some((from, line)) = file.next_line()? {
            let fresh = from >= sent;
            story.fresh(fresh);
            any |= fresh;
            let told = match line {
                Line::Text("") => Ok(()),
                Line::Text(text) => reader.line(text, story),
                Line::NotText => Err(Skip::NotText),
                Line::TooLong => Err(Skip::TooLong),
                // The rest is being written: it is read when it is whole.
                Line::Half => break,
            };
            self.report.line(file.offset(), fresh, told.err());
            if story.bytes() >= ENOUGH {
                self.send(transcript, begin, file.offset(), story)?;
            }
        }
        story.fresh(any);
        reader.end(story);
        self.send(transcript, begin, file.offset(), story)?;
        self.report.read(transcript);
        Ok(())
    }

    /// Passes on what was read, then notes that it was.
    fn send(&mut self, transcript: &Transcript, begin: u64, offset: u64, story: &mut Story<'_>) -> Result<()> {
        self.pass_on(story)?;
        if !matches!(self.out, Out::Nowhere) {
            self.state.note(transcript, begin, offset, &self.machine.claimed()).context("cannot note how far was read")?;
        }
        Ok(())
    }

    fn pass_on(&mut self, story: &mut Story<'_>) -> Result<()> {
        let events = story.take();
        self.report.events(events.len());
        match &self.out {
            Out::Nowhere => Ok(()),
            Out::Server(sending) => sending.put(&events),
            Out::Spool(spool) => sending::put(spool, &events, || Ok(())),
        }
    }
}

fn parse_since(text: &str) -> Result<SystemTime, String> {
    let unit = |letter: char| match letter {
        'h' => Some(3_600),
        'd' => Some(86_400),
        'w' => Some(7 * 86_400),
        _ => None,
    };
    let mut letters = text.chars();
    if let Some(seconds) = letters.next_back().and_then(unit)
        && let Ok(count) = letters.as_str().parse::<u32>()
    {
        let before = Duration::from_secs(u64::from(count) * seconds);
        return SystemTime::now().checked_sub(before).ok_or_else(|| "too long ago".to_owned());
    }
    agenttrace_domain::Timestamp::parse(text)
        .and_then(|at| u64::try_from(at.0).ok())
        .map(|micros| SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
        .ok_or_else(|| "write it as 30d, 12h, 2026-01-31 or 2026-01-31T10:00:00Z".to_owned())
}
