//! `agenttrace wrap -- <command>`: runs a command as it would run without us, and records it as a trace.
//!
//! On a terminal the command gets a terminal of its own ([`pty`]); elsewhere it inherits ours. Shells that it starts are stood in for by this very
//! program ([`shell`]), which writes each command into the run's journal ([`journal`]). What the run changed in a git working tree is the
//! difference of two snapshots. Whatever fails on our side, the command runs and its exit code is ours.

mod capture;
mod journal;
mod pty;
mod report;
mod shell;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};

use crate::config::Config;
use crate::spool::Spool;
use crate::{background, dirs, git, transcripts, upload};

pub use shell::{MarkArgs, asked_for as shell_asked_for, child, mark, run as run_shell};

/// How long the end of a run may wait for the server; the rest goes with the next upload.
const FAREWELL: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name of the trace; the command's own by default.
    #[arg(long)]
    name: Option<String>,
    /// Whose trace it is.
    #[arg(long, value_name = "ID")]
    user_id: Option<String>,
    /// Session to which the trace belongs; one of its own by default.
    #[arg(long, value_name = "ID")]
    session_id: Option<String>,
    /// Tags of the trace, separated by commas.
    #[arg(long, value_delimiter = ',', value_name = "TAG,...")]
    tags: Vec<String>,
    /// Such as `production` or `ci`.
    #[arg(long)]
    environment: Option<String>,
    /// Link the commits that appear during the run to the trace.
    #[arg(long)]
    git_auto_link: bool,
    /// Do not keep what commands print.
    #[arg(long)]
    no_output: bool,
    /// Do not look for changed files.
    #[arg(long)]
    no_files: bool,
    /// What to run, with its arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// A run: who it is and where its notes lie.
pub struct Run {
    /// 32 hexadecimal digits, as OpenTelemetry has them.
    pub trace_id: String,
    /// 16 hexadecimal digits: the observation of the whole run.
    pub root_id: String,
    pub folder: PathBuf,
    pub began: SystemTime,
    pub head: Option<git::Head>,
    pub cwd: PathBuf,
}

pub fn run(args: &Args) -> ExitCode {
    let config = Config::load().unwrap_or_default();
    let recording = match Recording::begin(args, config) {
        Ok(recording) => Some(recording),
        Err(error) => {
            eprintln!("agenttrace: this run is not recorded: {error:#}");
            None
        }
    };
    let variables = recording.as_ref().map(Recording::variables).unwrap_or_default();
    let status = match pty::run(&args.command, &variables) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("agenttrace: cannot run {}: {error:#}", args.command[0].to_string_lossy());
            pty::Status { code: 127, signal: None }
        }
    };
    if let Some(recording) = recording
        && let Err(error) = recording.end(args, &status)
    {
        eprintln!("agenttrace: the run was not recorded whole: {error:#}");
    }
    ExitCode::from(status.code)
}

struct Recording {
    run: Run,
    config: Config,
    spool: Spool,
    snapshots: Option<(git::Snapshots, String)>,
    tips: Vec<String>,
}

impl Recording {
    fn begin(args: &Args, config: Config) -> Result<Self> {
        let trace_id = uuid::Uuid::new_v4().simple().to_string();
        let root_id = uuid::Uuid::new_v4().simple().to_string()[..16].to_owned();
        let folder = dirs::state()?.join("runs").join(&trace_id);
        dirs::make_private(&folder)?;
        let cwd = std::env::current_dir().context("there is no current folder")?;
        let head = git::head(&cwd);
        let snapshots = match &head {
            Some(head) if !args.no_files => git::Snapshots::new(&head.root, &folder.join("git"))
                .and_then(|snapshots| snapshots.take().map(|tree| (snapshots, tree)))
                .inspect_err(|error| eprintln!("agenttrace: changed files are not recorded: {error:#}"))
                .ok(),
            _ => None,
        };
        let tips = head.as_ref().map(|head| git::tips(&head.root)).unwrap_or_default();
        shell::install(&folder, args.no_output)?;
        let spool = Spool::open()?;
        let run = Run { trace_id, root_id, folder, began: SystemTime::now(), head, cwd };
        spool.put("/api/public/ingestion", report::begin(&run, args, &config))?;
        Ok(Self { run, config, spool, snapshots, tips })
    }

    /// What the child finds in its environment: our shells first, the trace to belong to, and the agents' own telemetry switched on.
    fn variables(&self) -> Vec<(String, OsString)> {
        let mut variables = shell::variables(&self.run.folder);
        let mut set = |name: &str, value: String| variables.push((name.to_owned(), value.into()));
        set("AGENTTRACE_TRACE_ID", self.run.trace_id.clone());
        set("AGENTTRACE_OBSERVATION_ID", self.run.root_id.clone());
        set("TRACEPARENT", format!("00-{}-{}-01", self.run.trace_id, self.run.root_id));
        if self.config.is_complete() {
            for (name, value) in report::telemetry(&self.config) {
                // What the user set already is meant so.
                if std::env::var_os(name).is_none() {
                    set(name, value);
                }
            }
            let theirs = std::env::var("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
            set("OTEL_RESOURCE_ATTRIBUTES", report::resource_attributes(&self.run, &theirs));
        }
        variables
    }

    fn end(self, args: &Args, status: &pty::Status) -> Result<()> {
        let Self { run, config, spool, snapshots, tips } = self;
        let commands = journal::read(&run.folder)?;
        for body in report::commands(&run, args, &commands) {
            spool.put(body.0, body.1)?;
        }
        if let Some((snapshots, before)) = snapshots {
            match snapshots.take().and_then(|after| report::files(&run, &snapshots, &before, &after)) {
                Ok(Some(body)) => spool.put(body.0, body.1)?,
                Ok(None) => {}
                Err(error) => eprintln!("agenttrace: changed files were not recorded: {error:#}"),
            }
        }
        if let (true, Some(head)) = (args.git_auto_link, &run.head) {
            let commits = git::commits_since(&head.root, &tips)?;
            if let Some(body) = report::commits(&run, head, &commits) {
                spool.put(body.0, body.1)?;
            }
        }
        spool.put("/api/public/ingestion", report::end(&run, args, &config, status, commands.len()))?;
        if config.is_complete() {
            let program = Path::new(&args.command[0]).file_name().unwrap_or_default().to_string_lossy();
            let (user, environment) = (report::user(args, &config), report::environment(args, &config));
            let of = transcripts::Run {
                program: &program,
                folder: &run.cwd,
                began: run.began,
                trace: &run.trace_id,
                step: &run.root_id,
                user,
                environment,
            };
            let told = transcripts::read_run(of, &config, Spool::open()?);
            if let Err(error) = told {
                eprintln!("agenttrace: the agent's transcript was not read: {error:#}");
            }
        }
        std::fs::remove_dir_all(&run.folder).with_context(|| format!("cannot delete {}", run.folder.display()))?;
        if config.is_complete()
            && let Some(_lock) = upload::lock(&spool)?
        {
            upload::send_all(&spool, &config, FAREWELL)?;
        }
        if config.is_complete() && !spool.files()?.is_empty() {
            background::start();
        }
        Ok(())
    }
}
