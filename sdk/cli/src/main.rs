//! `agenttrace`: records what coding agents do on this machine and sends it to AgentTrace.
//!
//! Answers go to standard output, as text or (`--json`) as one JSON document; progress and complaints go to standard error. It ends with 0 when
//! all was done, 1 when something was not, 2 when it was called wrongly. `wrap` ends as the command that it ran.

// No runtime runs here that a sleeping thread would hold up.
#![allow(clippy::disallowed_methods)]

mod agent;
mod api;
mod background;
mod client;
mod config;
mod dirs;
mod doctor;
mod git;
mod git_hook;
mod git_install;
mod gitdir;
mod hook;
mod import;
mod init;
mod large;
mod links;
mod login;
mod mcp;
mod otel_headers;
mod spool;
mod status;
mod transcripts;
mod upload;
mod withhold;
mod wrap;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

/// Trace coding agents: every prompt, model call, command, file and commit.
#[derive(Debug, Parser)]
#[command(name = "agenttrace", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
struct Arguments {
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Save the address and the keys of a project, after trying them.
    Login(login::Args),
    /// Set up the coding agents on this machine.
    Init(init::Args),
    /// What is set up, and what waits to be sent.
    Status,
    /// Find out why nothing arrives: address, keys, server, spool.
    Doctor,
    /// Run a command, usually a coding agent, and record what it does as a trace.
    Wrap(wrap::Args),
    /// Called by an agent's hooks: keeps what the agent says on standard input, to be sent in the background.
    Hook(hook::Args),
    /// Send what waits in the spool.
    Upload(upload::Args),
    /// Hooks of git that link commits to what made them.
    Git {
        #[command(subcommand)]
        what: Git,
    },
    /// Bring data in from elsewhere.
    Import {
        #[command(subcommand)]
        source: Source,
    },
    /// Let an assistant query traces, costs and commands, by the Model Context Protocol.
    McpServer(mcp::Args),
    /// Print the completion script of a shell.
    Completions { shell: clap_complete::Shell },
    /// Print the manual page, in roff.
    Man,
    /// Headers for the telemetry of an agent that asks for them.
    #[command(hide = true)]
    OtelHeaders,
    /// Stands in for a shell inside `wrap`.
    #[command(name = "__shell", hide = true, disable_help_flag = true, disable_version_flag = true)]
    Shell {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        argv: Vec<OsString>,
    },
    /// Becomes a shell, and ends with its parent.
    #[command(name = "__child", hide = true, disable_help_flag = true, disable_version_flag = true)]
    Child {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        argv: Vec<OsString>,
    },
    /// Notes the begin or end of a command typed at a prompt inside `wrap`.
    #[command(name = "__mark", hide = true)]
    Mark(wrap::MarkArgs),
    /// Copies its input to its output, for what outlives its shell.
    #[command(name = "__relay", hide = true)]
    Relay,
}

#[derive(Debug, Subcommand)]
enum Git {
    /// Put the hooks into a repository, or in front of all.
    Install(git_install::Args),
}

#[derive(Debug, Subcommand)]
enum Source {
    /// Copy a project from a Langfuse server, by its public API, into an AgentTrace project.
    Langfuse(Box<import::Arguments>),
    /// Send the sessions of Claude Code on this machine.
    ClaudeCode(transcripts::Args),
    /// Send the sessions of Codex on this machine.
    Codex(transcripts::Args),
    /// Send the sessions of Gemini CLI on this machine.
    GeminiCli(transcripts::Args),
    /// Send the sessions of Copilot CLI on this machine.
    CopilotCli(transcripts::Args),
    /// Send the sessions of OpenCode on this machine.
    #[command(name = "opencode")]
    OpenCode(transcripts::Args),
    /// Send the chats of Aider, from the history file in this repository.
    Aider(transcripts::Args),
}

fn import_from(source: Source, json: bool) -> anyhow::Result<ExitCode> {
    use transcripts::Agent;
    let (agent, args) = match source {
        Source::Langfuse(args) => {
            return import::run(&args, json).map(|whole| if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Source::ClaudeCode(args) => (Agent::ClaudeCode, args),
        Source::Codex(args) => (Agent::Codex, args),
        Source::GeminiCli(args) => (Agent::GeminiCli, args),
        Source::CopilotCli(args) => (Agent::CopilotCli, args),
        Source::OpenCode(args) => (Agent::OpenCode, args),
        Source::Aider(args) => (Agent::Aider, args),
    };
    transcripts::run(agent, &args, json)
}

fn main() -> ExitCode {
    if let Some(code) = hook::called().or_else(git_hook::called) {
        return code;
    }
    // Under the name of a shell the program is that shell: with a parser of its own it would take the shell's options for ours.
    if let Some(shell) = wrap::shell_asked_for() {
        return wrap::run_shell(&shell, std::env::args_os().skip(1).collect());
    }
    let Arguments { json, command } = Arguments::parse();
    let outcome = match command {
        Command::Login(args) => login::run(&args, json),
        Command::Init(args) => init::run(&args, json),
        Command::OtelHeaders => otel_headers::run(),
        Command::Status => status::run(json),
        Command::Doctor => doctor::run(json),
        Command::Wrap(args) => return wrap::run(&args),
        Command::Hook(args) => {
            hook::run_args(&args);
            Ok(ExitCode::SUCCESS)
        }
        Command::Upload(args) => upload::run(&args, json),
        Command::Git { what: Git::Install(args) } => git_install::run(&args, json),
        Command::Import { source } => import_from(source, json),
        Command::McpServer(args) => mcp::run(&args),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "agenttrace", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
        Command::Man => {
            let page = clap_mangen::Man::new(Arguments::command());
            page.render(&mut std::io::stdout()).map(|()| ExitCode::SUCCESS).map_err(Into::into)
        }
        Command::Shell { mut argv } => {
            let shell = argv.remove(0);
            return wrap::run_shell(&shell.to_string_lossy(), argv);
        }
        Command::Child { argv } => return wrap::child(argv),
        Command::Mark(args) => {
            wrap::mark(&args);
            Ok(ExitCode::SUCCESS)
        }
        Command::Relay => {
            drop(std::io::copy(&mut std::io::stdin().lock(), &mut std::io::stdout().lock()));
            Ok(ExitCode::SUCCESS)
        }
    };
    outcome.unwrap_or_else(|error| {
        if json {
            println!("{}", serde_json::json!({"error": format!("{error:#}")}));
        } else {
            eprintln!("agenttrace: {error:#}");
        }
        ExitCode::FAILURE
    })
}
