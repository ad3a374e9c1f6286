//! What git's hooks call (`agenttrace git install` puts them there): finds out what makes the commit, by the environment that agents give to what
//! they start, and tells of it through the spool. Like the agents' hooks it never fails and never speaks to a server.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use agenttrace_domain::agent::{step_id, trace_id};
use anyhow::{Context as _, Result};

use crate::agent::Agent;
use crate::gitdir::GitDir;
use crate::hook::open_calls;
use crate::links::{self, Link};
use crate::{background, hook};

/// How sure a link is that followed a commit through an amend or a rebase, in parts of what it was.
const REWRITTEN: f64 = 0.95;
/// The trailer that `--trailer` asks for.
const TRAILER: &str = "AgentTrace-Trace";
/// Commits of one rewrite that are followed.
const MAX_REWRITTEN: usize = 2_000;

/// Takes over when git calls.
#[must_use]
pub fn called() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    if args.next()? != "__git-hook" {
        return None;
    }
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    std::panic::set_hook(Box::new(|_| {}));
    drop(std::panic::catch_unwind(|| drop(run(&args))));
    Some(ExitCode::SUCCESS)
}

fn run(args: &[String]) -> Result<()> {
    let folder = std::env::current_dir()?;
    let repository = GitDir::around(&folder).context("no repository")?;
    match args.first().map(String::as_str) {
        Some("post-commit") => committed(&repository)?,
        Some("post-rewrite") => rewritten(&repository)?,
        Some("prepare-commit-msg") => return add_trailer(args.get(1).context("no message")?, args.get(2).map(String::as_str)),
        _ => return Ok(()),
    }
    background::start();
    Ok(())
}

fn committed(repository: &GitDir) -> Result<()> {
    let made_by = makers(&|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if made_by.is_empty() {
        return Ok(());
    }
    let (branch, commit) = head(repository);
    let commit = commit.context("no commit")?;
    hook::put(|spool| links::tell(spool, repository, &commit, branch.as_deref(), &made_by)).map(drop)
}

/// From the repository's files; where they do not tell, git does.
fn head(repository: &GitDir) -> (Option<String>, Option<String>) {
    let (branch, commit) = repository.branch_and_commit();
    if commit.is_some() {
        return (branch, commit);
    }
    let ask = |args: &[&str]| {
        let out = Command::new("git").args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&out.stdout).trim().to_owned();
        (out.status.success() && !text.is_empty()).then_some(text)
    };
    (ask(&["symbolic-ref", "--quiet", "--short", "HEAD"]), ask(&["rev-parse", "--verify", "--quiet", "HEAD"]))
}

/// Whom the environment names. Each agent whose session this is, the run of `agenttrace wrap` around it, and only where there is neither
/// the trace of whoever else passes its context on.
fn makers(variable: &dyn Fn(&str) -> Option<String>) -> Vec<Link> {
    let link = |agent: &str, session: String, call: Option<String>, confidence: f64| Link {
        trace_id: trace_id(agent, &session),
        observation_id: call.map(|call| step_id("tool", &call)),
        session_id: Some(session),
        agent: Some(agent.to_owned()),
        method: "hook_environment".to_owned(),
        confidence,
    };
    let mut found = Vec::new();
    if let Some(session) = variable("CODEX_THREAD_ID").or_else(|| variable("CODEX_SESSION_ID")) {
        found.push(link(Agent::Codex.name(), session, variable("CODEX_TOOL_CALL_ID"), 1.0));
    }
    if let Some(session) = variable("CLAUDE_CODE_SESSION_ID") {
        let (call, confidence) = claudes_call(&session);
        found.push(link(Agent::ClaudeCode.name(), session, call, confidence));
    }
    if let Some(session) = variable("COPILOT_AGENT_SESSION_ID") {
        found.push(link(Agent::CopilotCli.name(), session, None, 1.0));
    }
    // What our plugin for OpenCode gives to the shells that it starts.
    if let (Some(agent), Some(session)) =
        (variable("AGENTTRACE_AGENT").and_then(|name| Agent::parse(&name)), variable("AGENTTRACE_SESSION_ID"))
    {
        found.push(link(agent.name(), session, variable("AGENTTRACE_TOOL_CALL_ID"), 1.0));
    }
    let plain = |trace: String, observation: Option<String>, confidence: f64| Link {
        trace_id: trace,
        observation_id: observation,
        session_id: None,
        agent: None,
        method: "hook_environment".to_owned(),
        confidence,
    };
    if let Some(trace) = variable("AGENTTRACE_TRACE_ID") {
        found.push(plain(trace, variable("AGENTTRACE_COMMAND_ID").or_else(|| variable("AGENTTRACE_OBSERVATION_ID")), 1.0));
    }
    if found.is_empty()
        && let Some(parent) = variable("TRACEPARENT").filter(|text| hook::is_traceparent(text))
    {
        let mut parts = parent.split('-').skip(1).map(str::to_owned);
        if let (Some(trace), span) = (parts.next(), parts.next()) {
            found.push(plain(trace, span, 0.9));
        }
    }
    found
}

/// The call under way in a session of Claude Code's, and how sure that is. Without our hooks in Claude Code only the session is known.
fn claudes_call(session: &str) -> (Option<String>, f64) {
    let mut open = open_calls(Agent::ClaudeCode, session);
    let certain = open.len() < 2;
    if !certain && open.iter().any(|call| call.speaks_of_git) {
        open.retain(|call| call.speaks_of_git);
    }
    (open.into_iter().next().map(|call| call.id), if certain { 1.0 } else { 0.8 })
}

/// Links follow a commit to what it was rewritten into: `<old> <new>` on each line of standard input.
fn rewritten(repository: &GitDir) -> Result<()> {
    let mut text = String::new();
    std::io::stdin().lock().take(1 << 20).read_to_string(&mut text)?;
    let branch = repository.branch_and_commit().0;
    for (old, new) in text.lines().take(MAX_REWRITTEN).filter_map(|line| line.split_once(' ')) {
        let (old, new) = (old.trim(), new.split(' ').next().unwrap_or_default());
        // These become names of files.
        if ![old, new].iter().all(|id| id.len() >= 40 && id.bytes().all(|b| b.is_ascii_hexdigit())) {
            continue;
        }
        let followed: Vec<Link> =
            links::told(repository, old).into_iter().map(|link| Link { confidence: link.confidence * REWRITTEN, ..link }).collect();
        hook::put(|spool| links::tell(spool, repository, new, branch.as_deref(), &followed))?;
    }
    Ok(())
}

/// Names the trace at the end of the message, once.
fn add_trailer(file: &str, source: Option<&str>) -> Result<()> {
    let made_by = makers(&|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let Some(link) = made_by.first().filter(|_| !matches!(source, Some("merge" | "squash"))) else { return Ok(()) };
    if link.trace_id.chars().any(char::is_control) || !Path::new(file).is_file() {
        return Ok(());
    }
    let trailer = format!("{TRAILER}: {}", link.trace_id);
    let args = ["interpret-trailers", "--in-place", "--if-exists", "addIfDifferent", "--trailer", &trailer, file];
    Command::new("git").args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(variables: &[(&str, &str)]) -> Vec<(String, Option<String>, f64)> {
        let variable = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        makers(&variable).into_iter().map(|link| (link.trace_id, link.observation_id, link.confidence)).collect()
    }

    #[test]
    fn the_environment_names_session_and_call() {
        let codex = [("CODEX_SESSION_ID", "01a2"), ("CODEX_THREAD_ID", "01a3"), ("CODEX_TOOL_CALL_ID", "call_5")];
        assert_eq!(told(&codex), [("codex-01a3".into(), Some("tool-call_5".into()), 1.0)]);

        let copilot = [("COPILOT_AGENT_SESSION_ID", "c4"), ("TRACEPARENT", "00-4bf92f3577b34da6a3ce929d0e0e4736-4a5c7b8cd92a20de-01")];
        assert_eq!(told(&copilot), [("copilot-cli-c4".into(), None, 1.0)]);

        let opencode = [("AGENTTRACE_AGENT", "opencode"), ("AGENTTRACE_SESSION_ID", "ses_1"), ("AGENTTRACE_TOOL_CALL_ID", "c1")];
        assert_eq!(told(&opencode), [("opencode-ses_1".into(), Some("tool-c1".into()), 1.0)]);

        let wrapped = [("AGENTTRACE_TRACE_ID", "ab"), ("AGENTTRACE_OBSERVATION_ID", "cd"), ("AGENTTRACE_COMMAND_ID", "ef")];
        assert_eq!(told(&wrapped), [("ab".into(), Some("ef".into()), 1.0)]);

        let other = [("TRACEPARENT", "00-4bf92f3577b34da6a3ce929d0e0e4736-4a5c7b8cd92a20de-01")];
        assert_eq!(told(&other), [("4bf92f3577b34da6a3ce929d0e0e4736".into(), Some("4a5c7b8cd92a20de".into()), 0.9)]);

        assert_eq!(told(&[("TRACEPARENT", "nonsense"), ("OPENCODE", "1")]), []);
    }
}
