//! `agenttrace init`: finds the coding agents on this machine and sets up each, so that its sessions become traces. Every change is shown before it is
//! made, is written whole or not at all, and can be undone: exactly, or, where the user changed the file since, for our part of it alone.

mod agents;
mod diff;
mod json;
mod record;

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::agent::Agent;
use crate::config::Config;
use crate::hook::Seen;
use agents::{Place, Plan, Telemetry, Tool};
use record::Record;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these: claude-code, codex, gemini-cli, copilot-cli, opencode, cursor, aider. All that are found by default.
    #[arg(long = "agent", value_name = "AGENT", value_enum)]
    agents: Vec<Tool>,
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take everything back.
    #[arg(long, conflicts_with_all = ["import", "no_telemetry", "unredacted_telemetry"])]
    undo: bool,
    /// Hooks and transcripts only: switch on no agent's own telemetry.
    #[arg(long)]
    no_telemetry: bool,
    /// Switch on the telemetry of Codex and Gemini CLI too, which sends what tools are given and print, and prompts, without our redaction.
    #[arg(long, conflicts_with = "no_telemetry")]
    unredacted_telemetry: bool,
    /// Also import the sessions of the last 30 days.
    #[arg(long)]
    import: bool,
}

/// An agent, and what is to be done for it.
struct Found {
    tool: Tool,
    /// Where its program lies, and its folder of settings.
    signs: Vec<PathBuf>,
    plan: Plan,
}

pub fn run(args: &Args, as_json: bool) -> Result<ExitCode> {
    let config = Config::load()?;
    let telemetry = match (args.no_telemetry, args.unredacted_telemetry) {
        (true, _) => Telemetry::None,
        (false, false) => Telemetry::WithoutContents,
        (false, true) => Telemetry::Any,
    };
    let place = Place::here(&config, telemetry)?;
    let mut record = Record::load()?;
    let mut found = Vec::new();
    for tool in Tool::ALL {
        let signs = tool.signs(&place);
        let asked = args.agents.contains(&tool);
        if !asked && (!args.agents.is_empty() || signs.is_empty() && !args.undo) {
            continue;
        }
        let mut plan = if args.undo { agents::undo(tool, &place, &record)? } else { agents::plan(tool, &place, &record)? };
        plan.edits.retain(|edit| edit.before != edit.after);
        found.push(Found { tool, signs, plan });
    }
    if !as_json {
        tell(&found, args.undo);
    }
    let work = found.iter().any(|found| !found.plan.edits.is_empty());
    let go = work && !args.dry_run && (args.yes || !as_json && ask(if args.undo { "Take this back?" } else { "Write this?" })?);
    if go {
        for edit in found.iter().flat_map(|found| &found.plan.edits) {
            record.write(edit)?;
        }
    }
    if as_json {
        println!("{}", answer(&found, go));
    } else if go {
        println!("done.{}", if args.undo { "" } else { " `agenttrace init --undo` takes it back." });
        if !config.is_complete() && !args.undo {
            println!("What the agents do is kept on this machine until you run `agenttrace login`.");
        }
    }
    // Somebody was asked and said no, or nobody could be asked: not done.
    let whole = !work || go || args.dry_run;
    if whole && !args.undo && !args.dry_run {
        return import(args, as_json, &found);
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(found: &[Found], undo: bool) {
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if found.is_empty() {
        println!("no coding agent was found on this machine; name one with --agent");
    }
    for Found { tool, signs, plan } in found {
        let signs: Vec<String> = signs.iter().map(|path| path.display().to_string()).collect();
        if undo && plan.edits.is_empty() {
            continue;
        }
        println!("{} ({})", tool.title(), if signs.is_empty() { "not found".to_owned() } else { signs.join(", ") });
        for edit in &plan.edits {
            print!("{}", diff::shown(&edit.file, edit.before.as_deref(), edit.after.as_deref(), colours));
        }
        if plan.edits.is_empty() {
            println!("  nothing to do");
        }
        for note in &plan.notes {
            println!("  note: {note}");
        }
    }
    if undo && found.iter().all(|found| found.plan.edits.is_empty()) {
        println!("nothing to do");
    }
}

fn answer(found: &[Found], written: bool) -> Value {
    let rows: Vec<Value> = found
        .iter()
        .map(|Found { tool, signs, plan }| {
            let files: Vec<Value> = plan
                .edits
                .iter()
                .map(|edit| {
                    let what = match (&edit.before, &edit.after) {
                        (None, _) => "create",
                        (_, None) => "delete",
                        _ => "change",
                    };
                    json!({"file": edit.file, "action": what, "diff": diff::shown(&edit.file, edit.before.as_deref(), edit.after.as_deref(), false)})
                })
                .collect();
            json!({"agent": tool.name(), "found": signs, "files": files, "notes": plan.notes})
        })
        .collect();
    json!({"agents": rows, "written": written})
}

/// No is the answer of an empty line, and of a machine without somebody to ask.
fn ask(question: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        eprintln!("agenttrace: nobody to ask; use --yes");
        return Ok(false);
    }
    eprint!("{question} [y/N] ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Sessions of the last 30 days, by the program's own `import`.
fn import(args: &Args, as_json: bool, found: &[Found]) -> Result<ExitCode> {
    let agents: Vec<Tool> =
        found.iter().filter(|found| !found.signs.is_empty()).map(|found| found.tool).filter(|tool| tool.keeps_sessions()).collect();
    let wanted = args.import
        || !args.yes
            && !as_json
            && std::io::stdin().is_terminal()
            && !agents.is_empty()
            && ask("Import the sessions of the last 30 days?")?;
    if !wanted {
        return Ok(ExitCode::SUCCESS);
    }
    let own = std::env::current_exe().context("the program does not know where it lies")?;
    let mut whole = true;
    for tool in agents {
        let mut command = Command::new(&own);
        command.args(["import", tool.name(), "--since", "30d"]);
        if as_json {
            command.arg("--json").stdout(std::process::Stdio::null());
        }
        whole &= command.status().context("cannot start the import")?.success();
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is set up for an agent.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetUp {
    pub agent: &'static str,
    /// It is on this machine.
    pub found: bool,
    /// Our hooks are in its settings.
    pub hooks: bool,
    /// When they last called.
    pub last_hook: Seen,
}

/// For `status` and `doctor`: the agents that are on this machine, or of which something came.
pub fn set_up() -> Result<Vec<SetUp>> {
    let place = Place::here(&Config::load()?, Telemetry::None)?;
    let all = Tool::ALL.into_iter().map(|tool| SetUp {
        agent: tool.name(),
        found: !tool.signs(&place).is_empty(),
        hooks: agents::is_set_up(tool, &place),
        last_hook: Agent::parse(tool.name()).map(Seen::of).unwrap_or_default(),
    });
    Ok(all.filter(|one| one.found || one.hooks || one.last_hook.at.is_some() || one.last_hook.failed_at.is_some()).collect())
}
