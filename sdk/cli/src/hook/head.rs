//! Finds commits by comparing `HEAD` before and after a call: for agents under which git's own hooks do not run (Gemini CLI), and for repositories
//! without our git hooks. Which moves of `HEAD` were commits is told by its log.

use anyhow::Result;
use serde_json::Value;

use super::calls;
use crate::agent::Agent;
use crate::gitdir::{GitDir, Move};
use crate::links::{self, Link};
use crate::spool::Spool;

const BEFORE: &[&str] =
    &["SessionStart", "PreToolUse", "BeforeTool", "sessionStart", "preToolUse", "beforeShellExecution", "tool.execute.before"];
const AFTER: &[&str] = &["PostToolUse", "PostToolUseFailure", "AfterTool", "postToolUse", "afterShellExecution", "tool.execute.after"];
/// Moves of `HEAD` that make a commit; a checkout, a reset or a pull brings others'.
const COMMITS: &[&str] = &["commit", "cherry-pick", "revert"];

/// Remembers where `HEAD` is before a call, and tells of the commits that were made when it has moved after it.
pub fn compare(agent: Agent, event: &str, said: &Value, repository: &GitDir, spool: &Spool) -> Result<()> {
    let (before, after) = (BEFORE.contains(&event), AFTER.contains(&event));
    let session = ["session_id", "sessionId", "conversation_id"].iter().find_map(|key| said[*key].as_str());
    let Some(session) = session.or_else(|| said["input"]["sessionID"].as_str()).filter(|_| before || after) else { return Ok(()) };
    let (branch, commit) = repository.branch_and_commit();
    let now = commit.unwrap_or_default();
    let root = agenttrace_domain::agent::made_id(&[&repository.root.to_string_lossy()]);
    let file = calls::folder(agent, session)?.join(format!("head-{root}"));
    let was = std::fs::read_to_string(&file).ok();
    if was.as_deref() == Some(now.as_str()) {
        return Ok(());
    }
    if let (true, Some(was)) = (after, &was) {
        let call = said["tool_use_id"].as_str().or_else(|| said["input"]["callID"].as_str());
        let speaks_of_git = ["tool_input", "toolArgs", "input", "command"].iter().any(|key| said[*key].to_string().contains("git"));
        let link = Link {
            trace_id: agenttrace_domain::agent::trace_id(agent.name(), session),
            observation_id: call.map(|call| agenttrace_domain::agent::step_id("tool", call)),
            session_id: Some(session.to_owned()),
            agent: Some(agent.name().to_owned()),
            method: "hook_environment".to_owned(),
            // Another session in the same working tree may have committed meanwhile.
            confidence: if speaks_of_git { 0.9 } else { 0.7 },
        };
        for commit in commits_between(&repository.moves(), was) {
            links::tell(spool, repository, &commit, branch.as_deref(), std::slice::from_ref(&link))?;
        }
    }
    super::replace(&file, now.as_bytes())
}

/// The commits that were made since `HEAD` stood somewhere (nowhere: in a repository without one), oldest first.
fn commits_between(moves: &[Move], was: &str) -> Vec<String> {
    let first = if was.is_empty() { Some(0) } else { moves.iter().rposition(|step| step.to == was).map(|at| at + 1) };
    let since = first.map_or(&[][..], |first| &moves[first..]);
    let made = |step: &&Move| COMMITS.contains(&step.what.split([':', ' ']).next().unwrap_or_default());
    since.iter().filter(made).map(|step| step.to.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_commit_made_counts() {
        let step = |from: &str, to: &str, what: &str| Move { from: from.into(), to: to.into(), what: what.into() };
        let moves = [
            step("0", "a", "commit (initial): first"),
            step("a", "b", "commit: second"),
            step("b", "z", "checkout: moving from main to other"),
            step("z", "c", "commit (amend): third"),
            step("c", "y", "pull: Fast-forward"),
            step("y", "d", "cherry-pick: fourth"),
        ];
        for (was, expected) in [("", &["a", "b", "c", "d"][..]), ("a", &["b", "c", "d"]), ("y", &["d"]), ("d", &[]), ("unknown", &[])] {
            assert_eq!(commits_between(&moves, was), expected, "{was}");
        }
    }
}
