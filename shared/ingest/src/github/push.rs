//! `push`: commits that a branch got, and links to the sessions that their messages name.

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{AgentRecord, Commit, GitLink, made_id};
use agenttrace_domain::vcs::Trailers;
use serde::Deserialize;

use super::{MAX_MESSAGE, Records, Repository, commit_id, cut, short};

/// Most files of a commit that are kept, and their paths' bytes together.
const MAX_FILES: usize = 3_000;
const MAX_FILE_BYTES: usize = 128 << 10;
/// Most sessions that one commit links to.
const MAX_SESSIONS: usize = 20;
/// Whoever wrote the message may have written anything: surer than a guess, less sure than what the session itself told.
const CONFIDENCE: f64 = 0.9;
/// Agents by which ids of traces begin.
const AGENTS: &[&str] = &["claude-code", "codex", "gemini-cli", "copilot-cli", "copilot-chat", "opencode", "cursor", "aider"];

#[derive(Debug, Deserialize)]
pub(super) struct Push {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default)]
    commits: Vec<Pushed>,
    /// The newest commit; alone there when a branch begins at commits that were pushed before.
    #[serde(default)]
    head_commit: Option<Pushed>,
    repository: Repository,
}

#[derive(Debug, Deserialize)]
struct Pushed {
    id: String,
    #[serde(default)]
    message: String,
    timestamp: String,
    #[serde(default)]
    author: Author,
    #[serde(default)]
    added: Vec<String>,
    #[serde(default)]
    removed: Vec<String>,
    #[serde(default)]
    modified: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Author {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

/// Tags tell nothing that a branch did not tell.
pub(super) fn records(push: &Push, now: Timestamp) -> Records {
    let Some(branch) = push.reference.strip_prefix("refs/heads/") else { return Records::new() };
    let (repository, branch) = (push.repository.address(), short(branch));
    let pushed_at = push.repository.pushed().unwrap_or(now);
    let mut records = Records::new();
    let mut seen: Vec<&str> = Vec::new();
    for pushed in push.commits.iter().chain(&push.head_commit) {
        let (Some(sha), Some(timestamp)) = (commit_id(&pushed.id), Timestamp::parse(&pushed.timestamp)) else { continue };
        if seen.contains(&pushed.id.as_str()) {
            continue;
        }
        seen.push(&pushed.id);
        let trailers = Trailers::of(&pushed.message);
        let commit = Commit {
            repository_url: repository.clone(),
            sha,
            branch: branch.clone(),
            message: cut(&pushed.message, MAX_MESSAGE),
            author_name: short(pushed.author.name.as_deref().unwrap_or_default()),
            author_email: short(pushed.author.email.as_deref().unwrap_or_default()),
            files_changed: files(pushed),
            agents: trailers.agents,
            timestamp,
            pushed_at,
        };
        records.extend(trailers.sessions.into_iter().take(MAX_SESSIONS).map(|trace_id| link(trace_id, &commit)));
        records.push(AgentRecord::Commit(Box::new(commit)));
    }
    records
}

fn files(pushed: &Pushed) -> Vec<String> {
    let mut bytes = 0;
    let all = pushed.added.iter().chain(&pushed.removed).chain(&pushed.modified).take(MAX_FILES);
    let mut files: Vec<String> = all
        .take_while(|path| {
            bytes += path.len();
            bytes <= MAX_FILE_BYTES
        })
        .cloned()
        .collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// A row of its own, so that it takes nothing from what the session's side tells of the same commit.
fn link(trace_id: String, commit: &Commit) -> AgentRecord {
    let agent = AGENTS.iter().find(|agent| trace_id.strip_prefix(**agent).is_some_and(|rest| rest.starts_with('-')));
    AgentRecord::GitLink(Box::new(GitLink {
        id: made_id(&["trailer", &trace_id, &commit.repository_url, &commit.sha]),
        agent: agent.copied().unwrap_or_default().to_owned(),
        trace_id,
        observation_id: String::new(),
        session_id: String::new(),
        repository_url: commit.repository_url.clone(),
        commit_sha: commit.sha.clone(),
        branch: commit.branch.clone(),
        pr_number: None,
        pr_url: String::new(),
        commit_message: commit.message.clone(),
        author_name: commit.author_name.clone(),
        author_email: commit.author_email.clone(),
        files_changed: commit.files_changed.clone(),
        additions: None,
        deletions: None,
        method: "trailer".to_owned(),
        confidence: CONFIDENCE,
        timestamp: commit.timestamp,
    }))
}
