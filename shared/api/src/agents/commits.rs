//! Commits: what pushes told of them, with the sessions that made them and what those cost.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::paging::CursorPage;

const READ: Access = Access::Project(Scope::Read);

pub const LIST_COMMITS: Operation = Operation::new(
    "list_commits",
    Method::Get,
    "/api/public/commits",
    "agents",
    READ,
    "Commits that are linked to sessions or were pushed, newest first.",
)
.query(schema::<ListCommitsQuery>)
.answers(200, schema::<CursorPage<Commit>>);
pub const GET_COMMIT: Operation = Operation::new(
    "get_commit",
    Method::Get,
    "/api/public/commits/{sha}",
    "agents",
    READ,
    "A commit, in every repository that has it: by its id, or 7 or more of its first characters.",
)
.answers(200, schema::<CommitList>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListCommitsQuery {
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    /// The repository's address in any of its forms.
    pub repository: Option<String>,
    pub branch: Option<String>,
    /// A part of the author's name or e-mail address, in any case.
    pub author: Option<String>,
    /// Commits of this agent's sessions, or with this agent as co-author.
    pub agent: Option<String>,
    /// The begin of the commit's id, or a part of its message in any case.
    pub search: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CommitList {
    pub data: Vec<Commit>,
}

/// A commit. Null is unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Commit {
    /// As `https://host/owner/name`.
    pub repository_url: Option<String>,
    /// The longest form that was told.
    pub commit_sha: String,
    pub branch: Option<String>,
    pub message: Option<String>,
    pub author_name: Option<String>,
    pub author_email: Option<String>,
    pub timestamp: String,
    pub pr_number: Option<u32>,
    pub pr_url: Option<String>,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub files_changed: Vec<String>,
    /// The surest link first.
    pub sessions: Vec<CommitSession>,
    /// USD: the sessions' model calls since their commit before, up to this one. Null when none of them has a price. A call counts to one commit
    /// of its session, so the costs of a session's commits never add up to more than the session's.
    pub cost: Option<f64>,
    pub cost_complete: bool,
    /// success, failure, running, pending or cancelled; null when no run is known.
    pub ci_status: Option<String>,
    pub ci_runs: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommitSession {
    pub trace_id: String,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub user_id: Option<String>,
    /// How the link is known, as in git links.
    pub method: String,
    /// 0 to 1.
    pub confidence: f64,
}
