//! `workflow_run` and `workflow_job`: CI runs and their jobs, under the ids that `POST /api/public/ci-runs` would give them.

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{AgentRecord, CiProvider, CiRun, CiStatus, made_id};
use serde::Deserialize;

use super::{Records, Repository, commit_id, short, time};

#[derive(Debug, Deserialize)]
pub(super) struct RunNotice {
    workflow_run: Run,
    repository: Repository,
}

#[derive(Debug, Deserialize)]
struct Run {
    id: u64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    head_branch: Option<String>,
    head_sha: String,
    #[serde(default)]
    event: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    conclusion: Option<String>,
    #[serde(default)]
    html_url: Option<String>,
    #[serde(default)]
    run_attempt: Option<u32>,
    #[serde(default)]
    created_at: Option<String>,
    #[serde(default)]
    run_started_at: Option<String>,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    pull_requests: Vec<Numbered>,
}

#[derive(Debug, Deserialize)]
struct Numbered {
    number: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct JobNotice {
    workflow_job: Job,
    repository: Repository,
}

#[derive(Debug, Deserialize)]
struct Job {
    run_id: u64,
    name: String,
    #[serde(default)]
    workflow_name: Option<String>,
    #[serde(default)]
    head_branch: Option<String>,
    head_sha: String,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    conclusion: Option<String>,
    #[serde(default)]
    html_url: Option<String>,
    #[serde(default)]
    run_attempt: Option<u32>,
    #[serde(default)]
    started_at: Option<String>,
    #[serde(default)]
    completed_at: Option<String>,
}

pub(super) fn run(notice: RunNotice) -> Records {
    let RunNotice { workflow_run: run, repository } = notice;
    let status = status(run.status.as_deref(), run.conclusion.as_deref());
    let said = CiRun {
        workflow_name: said(run.name),
        run_url: said(run.html_url),
        attempt: run.run_attempt,
        trigger_event: said(run.event),
        branch: said(run.head_branch),
        pr_number: run.pull_requests.first().map(|p| p.number),
        // The end is told by nothing else.
        finished_at: time(run.updated_at.as_ref()).filter(|_| status.is_some_and(has_ended)),
        started_at: time(run.run_started_at.as_ref()).or_else(|| time(run.created_at.as_ref())),
        status,
        ..begun(&repository, run.id, "", &run.head_sha)
    };
    vec![AgentRecord::CiRun(Box::new(in_order(said)))]
}

pub(super) fn job(notice: JobNotice) -> Records {
    let JobNotice { workflow_job: job, repository } = notice;
    let status = status(job.status.as_deref(), job.conclusion.as_deref());
    let name = short(&job.name);
    let said = CiRun {
        workflow_name: said(job.workflow_name),
        run_url: said(job.html_url),
        attempt: job.run_attempt,
        branch: said(job.head_branch),
        // A job that waits has no begin yet; GitHub tells when it was queued.
        started_at: time(job.started_at.as_ref()).filter(|_| status != Some(CiStatus::Pending)),
        finished_at: time(job.completed_at.as_ref()).filter(|_| status.is_some_and(has_ended)),
        status,
        ..begun(&repository, job.run_id, &name, &job.head_sha)
    };
    vec![AgentRecord::CiRun(Box::new(in_order(said)))]
}

/// What identifies a run or a job of one.
fn begun(repository: &Repository, run_id: u64, job: &str, sha: &str) -> CiRun {
    let (repository, run_id, provider) = (repository.address(), run_id.to_string(), CiProvider::GithubActions);
    CiRun {
        id: made_id(&["ci", provider.as_str(), &repository, &run_id, job]),
        provider: Some(provider),
        run_id: Some(run_id),
        job_name: (!job.is_empty()).then(|| job.to_owned()),
        repository_url: Some(repository),
        commit_sha: commit_id(sha),
        ..CiRun::default()
    }
}

/// Nothing ends before it began: payloads with such times are about (a run's begin is told to the second, and anew for each attempt).
fn in_order(mut run: CiRun) -> CiRun {
    let began = run.started_at.unwrap_or(Timestamp::MIN);
    run.finished_at = run.finished_at.map(|end| end.max(began));
    run
}

fn said(text: Option<String>) -> Option<String> {
    text.map(|text| short(&text)).filter(|text| !text.is_empty())
}

const fn has_ended(status: CiStatus) -> bool {
    !matches!(status, CiStatus::Pending | CiStatus::Running)
}

/// What GitHub lets through counts as a success, as for its required checks; what waits for a person has not ended.
fn status(status: Option<&str>, conclusion: Option<&str>) -> Option<CiStatus> {
    Some(match (status?, conclusion) {
        ("completed", Some("success" | "neutral" | "skipped")) => CiStatus::Success,
        ("completed", Some("cancelled" | "stale")) => CiStatus::Cancelled,
        ("completed", Some("action_required")) => CiStatus::Pending,
        ("completed", Some(_)) => CiStatus::Failure,
        ("in_progress", _) => CiStatus::Running,
        ("queued" | "requested" | "waiting" | "pending", _) => CiStatus::Pending,
        _ => return None,
    })
}
