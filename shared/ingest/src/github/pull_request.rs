//! `pull_request`: how a pull request stands. Every action tells it whole.

use agenttrace_domain::agent::{AgentRecord, PullRequest};
use serde::Deserialize;

use super::{Records, Repository, commit_id, short, time};

#[derive(Debug, Deserialize)]
pub(super) struct Notice {
    pull_request: Told,
    repository: Repository,
}

#[derive(Debug, Deserialize)]
struct Told {
    number: u32,
    #[serde(default)]
    html_url: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    state: Option<String>,
    head: Head,
    base: Head,
    #[serde(default)]
    merge_commit_sha: Option<String>,
    #[serde(default)]
    user: Option<User>,
    #[serde(default)]
    additions: Option<u64>,
    #[serde(default)]
    deletions: Option<u64>,
    created_at: Option<String>,
    updated_at: Option<String>,
    closed_at: Option<String>,
    merged_at: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Head {
    #[serde(rename = "ref")]
    branch: String,
    sha: String,
}

#[derive(Debug, Deserialize)]
struct User {
    login: String,
}

pub(super) fn records(notice: Notice) -> Records {
    let Notice { pull_request: told, repository } = notice;
    let (Some(created_at), Some(updated_at)) = (time(told.created_at.as_ref()), time(told.updated_at.as_ref())) else {
        return Records::new();
    };
    let merged_at = time(told.merged_at.as_ref());
    let is_closed = told.state.as_deref() == Some("closed");
    let request = PullRequest {
        repository_url: repository.address(),
        number: told.number,
        url: short(told.html_url.as_deref().unwrap_or_default()),
        title: short(told.title.as_deref().unwrap_or_default()),
        head_branch: short(&told.head.branch),
        head_sha: commit_id(&told.head.sha).unwrap_or_default(),
        base_branch: short(&told.base.branch),
        // Before the merge it names a trial merge, which is on no branch.
        merge_sha: merged_at.and(told.merge_commit_sha.as_deref()).and_then(commit_id).unwrap_or_default(),
        author: short(&told.user.map(|user| user.login).unwrap_or_default()),
        additions: told.additions,
        deletions: told.deletions,
        created_at,
        closed_at: time(told.closed_at.as_ref()).or(is_closed.then_some(updated_at)),
        merged_at,
        updated_at,
    };
    vec![AgentRecord::PullRequest(Box::new(request))]
}
