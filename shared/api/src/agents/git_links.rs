//! Which trace made which commit.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CreatedBatch, OneOrMany};
use crate::ingestion::IdAnswer;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::CursorPage;

const READ: Access = Access::Project(Scope::Read);
const INGEST: Access = Access::Project(Scope::Ingest);

pub const LIST_GIT_LINKS: Operation =
    Operation::new("list_git_links", Method::Get, "/api/public/git-links", "agents", READ, "Links to commits, newest first.")
        .query(schema::<ListGitLinksQuery>)
        .answers(200, schema::<CursorPage<GitLink>>);
pub const CREATE_GIT_LINK: Operation = Operation::new(
    "create_git_link",
    Method::Post,
    "/api/public/git-links",
    "ingest",
    INGEST,
    "Create or replace a link to a commit, or a batch of them.",
)
.body(schema::<OneOrMany<GitLinkBody>>)
.answers(207, schema::<CreatedBatch>)
.also(&[(200, schema::<IdAnswer>)]);
pub const GET_GIT_LINK: Operation =
    Operation::new("get_git_link", Method::Get, "/api/public/git-links/{id}", "agents", READ, "One link to a commit.")
        .answers(200, schema::<GitLink>);
pub const LIST_GIT_LINKS_OF_COMMIT: Operation = Operation::new(
    "list_git_links_of_commit",
    Method::Get,
    "/api/public/git-links/by-commit/{sha}",
    "agents",
    READ,
    "What is linked to a commit: its id, or 7 or more of its first characters.",
)
.query(schema::<ListGitLinksQuery>)
.answers(200, schema::<CursorPage<GitLink>>);
pub const LIST_GIT_LINKS_OF_TRACE: Operation = Operation::new(
    "list_git_links_of_trace",
    Method::Get,
    "/api/public/git-links/by-trace/{traceId}",
    "agents",
    READ,
    "A trace's links to commits in order of time.",
)
.query(schema::<ListGitLinksQuery>)
.answers(200, schema::<CursorPage<GitLink>>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListGitLinksQuery {
    /// 1 to 200, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    pub trace_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub repository_url: Option<String>,
    pub branch: Option<String>,
    pub pr_number: Option<u32>,
    /// A part of the message, the branch or the commit id, in any case.
    pub search: Option<String>,
}

/// A link to create. Without an id it is made from trace, repository and commit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GitLinkBody {
    pub id: Option<String>,
    pub trace_id: String,
    /// The tool call that made the commit.
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub repository_url: Option<String>,
    /// 7 to 64 hex characters.
    pub commit_sha: String,
    pub branch: Option<String>,
    pub pr_number: Option<u32>,
    pub pr_url: Option<String>,
    pub commit_message: Option<String>,
    pub author_name: Option<String>,
    pub author_email: Option<String>,
    /// At most 10,000.
    pub files_changed: Option<Vec<String>>,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    /// How the link is known: `hook_environment`, `agent_reported`, `trailer`, `tree_match`, `line_match`, `wrap`, `webhook` or `manual`.
    pub method: Option<String>,
    /// 0 to 1; 1 when absent.
    pub confidence: Option<f64>,
    /// When the commit was made, ISO 8601; now when absent.
    pub timestamp: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GitLink {
    pub id: String,
    pub project_id: String,
    pub trace_id: String,
    pub observation_id: Option<String>,
    pub session_id: Option<String>,
    pub agent: Option<String>,
    pub repository_url: Option<String>,
    pub commit_sha: String,
    pub branch: Option<String>,
    pub pr_number: Option<u32>,
    pub pr_url: Option<String>,
    pub commit_message: Option<String>,
    pub author_name: Option<String>,
    pub author_email: Option<String>,
    pub files_changed: Vec<String>,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub method: String,
    pub confidence: f64,
    /// When the commit was made.
    pub timestamp: String,
    pub created_at: String,
}
