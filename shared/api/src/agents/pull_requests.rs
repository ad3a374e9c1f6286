//! Pull requests: what the host told of them, with the commits and sessions in them and what those cost.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::paging::CursorPage;

pub const LIST_PULL_REQUESTS: Operation = Operation::new(
    "list_pull_requests",
    Method::Get,
    "/api/public/pull-requests",
    "agents",
    Access::Project(Scope::Read),
    "Pull requests, newest first.",
)
.query(schema::<ListPullRequestsQuery>)
.answers(200, schema::<CursorPage<PullRequest>>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListPullRequestsQuery {
    /// 1 to 100, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    /// Opened at this time or later.
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    /// The repository's address in any of its forms.
    pub repository: Option<String>,
    /// The branch with the changes.
    pub branch: Option<String>,
    /// A part of the author's name, in any case.
    pub author: Option<String>,
    /// Pull requests with commits of this agent's sessions.
    pub agent: Option<String>,
    /// The number, or a part of the title or of the branch, in any case.
    pub search: Option<String>,
    /// open, merged, closed or unknown.
    pub state: Option<String>,
}

/// A pull request. Null is unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PullRequest {
    /// As `https://host/owner/name`.
    pub repository_url: String,
    pub number: u32,
    pub url: Option<String>,
    pub title: Option<String>,
    /// open, merged, closed; unknown when only links name it.
    pub state: String,
    pub head_branch: Option<String>,
    pub author: Option<String>,
    pub created_at: Option<String>,
    pub merged_at: Option<String>,
    /// Different commits that are known to be in it.
    pub commits: u64,
    /// Different sessions that are linked to its commits.
    pub sessions: u64,
    pub agents: Vec<String>,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    /// USD: the sum of its commits' costs. Null when none has one.
    pub cost: Option<f64>,
    pub cost_complete: bool,
    /// Of its newest commit: success, failure, running, pending or cancelled; null when no run is known.
    pub ci_status: Option<String>,
}
