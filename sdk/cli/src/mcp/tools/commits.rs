//! From a commit to the session that made it, and what CI said.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Ask, limit, page, steps};
use crate::mcp::backend::{Failure, Query, get, segment};

/// Repositories that have the commit, sessions of one, prompts of one: more would say nothing new.
const MOST_COMMITS: usize = 5;
const MOST_SESSIONS: usize = 3;
const MOST_PROMPTS: u64 = 20;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindCommit {
    /// The commit's id, or 7 or more of its first characters.
    sha: String,
}

impl Ask for FindCommit {
    const NAME: &'static str = "find_commit";
    const TITLE: &'static str = "Find what made a commit";
    const DESCRIPTION: &'static str = "From a commit to the agent sessions that made it: which agent, who, the prompts, the cost, how sure the link is (method, confidence 0 to 1), pull request and CI status.";

    fn run(self) -> Result<Value, Failure> {
        if self.sha.len() < 7 || !self.sha.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(Failure::Arguments("`sha` is 7 or more hexadecimal digits".to_owned()));
        }
        let answer = get(&format!("/api/public/commits/{}", segment(&self.sha)), &Query::new())?;
        let mut commits = Vec::new();
        for commit in answer["data"].as_array().into_iter().flatten().take(MOST_COMMITS) {
            let mut commit = commit.clone();
            for session in commit["sessions"].as_array_mut().into_iter().flatten().take(MOST_SESSIONS) {
                let Some(trace_id) = session["traceId"].as_str() else { continue };
                session["prompts"] = steps::prompts(trace_id, MOST_PROMPTS)?.into();
            }
            commits.push(commit);
        }
        Ok(json!({ "commits": commits }))
    }
}

const RUN: &[&str] = &[
    "id",
    "traceId",
    "provider",
    "runId",
    "runUrl",
    "attempt",
    "workflowName",
    "jobName",
    "stage",
    "status",
    "triggerEvent",
    "repositoryUrl",
    "commitSha",
    "branch",
    "prNumber",
    "startedAt",
    "durationMs",
];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Pending,
    Running,
    Success,
    Failure,
    Cancelled,
}

impl Status {
    const fn name(&self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Success => "SUCCESS",
            Self::Failure => "FAILURE",
            Self::Cancelled => "CANCELLED",
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListCiRuns {
    trace_id: Option<String>,
    status: Option<Status>,
    commit_sha: Option<String>,
    branch: Option<String>,
    /// Address of the repository.
    repository: Option<String>,
    pr_number: Option<u32>,
    /// From this time on, ISO 8601.
    from: Option<String>,
    /// Before this time, ISO 8601.
    to: Option<String>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl Ask for ListCiRuns {
    const NAME: &'static str = "list_ci_runs";
    const TITLE: &'static str = "List CI runs";
    const DESCRIPTION: &'static str =
        "CI runs (GitHub Actions, GitLab, Jenkins, CircleCI), newest first, with status, commit, branch, pull request and duration.";

    fn run(self) -> Result<Value, Failure> {
        let query = Query::new()
            .with("limit", Some(limit(self.limit, 20, 50)?))
            .with("cursor", self.cursor)
            .with("traceId", self.trace_id)
            .with("status", self.status.map(|status| status.name()))
            .with("commitSha", self.commit_sha)
            .with("branch", self.branch)
            .with("repositoryUrl", self.repository)
            .with("prNumber", self.pr_number)
            .with("fromTimestamp", self.from)
            .with("toTimestamp", self.to);
        Ok(page("ciRuns", &get("/api/public/ci-runs", &query)?, RUN))
    }
}
