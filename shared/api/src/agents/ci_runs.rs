//! CI runs of GitHub, GitLab, Jenkins and CircleCI.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CreatedBatch, OneOrMany};
use crate::ingestion::IdAnswer;
use crate::operation::{Access, Method, Operation, schema};
use crate::paging::CursorPage;

const READ: Access = Access::Project(Scope::Read);
const INGEST: Access = Access::Project(Scope::Ingest);

pub const LIST_CI_RUNS: Operation =
    Operation::new("list_ci_runs", Method::Get, "/api/public/ci-runs", "agents", READ, "CI runs, newest first.")
        .query(schema::<ListCiRunsQuery>)
        .answers(200, schema::<CursorPage<CiRun>>);
pub const CREATE_CI_RUN: Operation = Operation::new(
    "create_ci_run",
    Method::Post,
    "/api/public/ci-runs",
    "ingest",
    INGEST,
    "Create a CI run or add to it, or a batch of them.",
)
.body(schema::<OneOrMany<CiRunBody>>)
.answers(207, schema::<CreatedBatch>)
.also(&[(200, schema::<IdAnswer>)]);
pub const GET_CI_RUN: Operation =
    Operation::new("get_ci_run", Method::Get, "/api/public/ci-runs/{id}", "agents", READ, "One CI run.").answers(200, schema::<CiRun>);
pub const UPDATE_CI_RUN: Operation =
    Operation::new("update_ci_run", Method::Patch, "/api/public/ci-runs/{id}", "ingest", INGEST, "Change what the body names.")
        .body(schema::<CiRunPatch>)
        .answers(200, schema::<IdAnswer>);
pub const LIST_CI_RUNS_OF_TRACE: Operation = Operation::new(
    "list_ci_runs_of_trace",
    Method::Get,
    "/api/public/traces/{traceId}/ci-runs",
    "agents",
    READ,
    "A trace's CI runs in order of time.",
)
.query(schema::<ListCiRunsQuery>)
.answers(200, schema::<CursorPage<CiRun>>);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListCiRunsQuery {
    /// 1 to 200, 50 when absent.
    pub limit: Option<u64>,
    pub cursor: Option<String>,
    pub from_timestamp: Option<String>,
    pub to_timestamp: Option<String>,
    pub trace_id: Option<String>,
    /// GITHUB_ACTIONS, GITLAB_CI, JENKINS, CIRCLECI or OTHER.
    pub provider: Option<String>,
    /// PENDING, RUNNING, SUCCESS, FAILURE or CANCELLED.
    pub status: Option<String>,
    pub run_id: Option<String>,
    pub commit_sha: Option<String>,
    pub branch: Option<String>,
    pub repository_url: Option<String>,
    pub pr_number: Option<u32>,
}

/// A CI run to create. Without an id it is made from provider, repository, run and job, so that a later statement finds it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CiRunBody {
    pub id: Option<String>,
    /// GITHUB_ACTIONS, GITLAB_CI, JENKINS, CIRCLECI or OTHER.
    pub provider: String,
    /// GitHub's run id, GitLab's pipeline id, Jenkins' build number with its job, CircleCI's workflow id.
    pub run_id: String,
    #[serde(flatten)]
    pub rest: CiRunPatch,
}

/// Fields of a CI run that may become known later. An absent one stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CiRunPatch {
    pub trace_id: Option<String>,
    pub run_url: Option<String>,
    /// GitHub's run attempt.
    pub attempt: Option<u32>,
    /// GitHub's workflow, GitLab's pipeline, Jenkins' job, CircleCI's workflow.
    pub workflow_name: Option<String>,
    pub job_name: Option<String>,
    /// GitLab's stage.
    pub stage: Option<String>,
    /// PENDING, RUNNING, SUCCESS, FAILURE or CANCELLED.
    pub status: Option<String>,
    /// push, pull_request, merge_request_event, schedule …
    pub trigger_event: Option<String>,
    pub repository_url: Option<String>,
    pub commit_sha: Option<String>,
    pub branch: Option<String>,
    pub pr_number: Option<u32>,
    /// ISO 8601
    pub started_at: Option<String>,
    /// ISO 8601
    pub finished_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CiRun {
    pub id: String,
    pub project_id: String,
    pub trace_id: Option<String>,
    pub provider: String,
    pub run_id: String,
    pub run_url: Option<String>,
    pub attempt: Option<u32>,
    pub workflow_name: Option<String>,
    pub job_name: Option<String>,
    pub stage: Option<String>,
    pub status: String,
    pub trigger_event: Option<String>,
    pub repository_url: Option<String>,
    pub commit_sha: Option<String>,
    pub branch: Option<String>,
    pub pr_number: Option<u32>,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
    /// Milliseconds from begin to end, when both are known.
    pub duration_ms: Option<u64>,
    pub created_at: String,
    pub updated_at: String,
}
