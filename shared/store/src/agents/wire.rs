//! Rows of the agents' tables as the contract shows them. Columns in the order of the `.sql` files beside.

use agenttrace_api::agents::{CiRun, DiffSummary, FileOperation, GitLink, TerminalCommand};
use clickhouse::Row;
use serde::Deserialize;

use crate::text::{some, time};

#[derive(Debug, Row, Deserialize)]
pub(super) struct FileRecord {
    pub id: String,
    trace_id: String,
    observation_id: String,
    session_id: String,
    agent: String,
    operation: String,
    file_path: String,
    new_path: String,
    file_type: String,
    before_hash: String,
    after_hash: String,
    before_size: Option<u64>,
    after_size: Option<u64>,
    lines_added: Option<u64>,
    lines_removed: Option<u64>,
    diff: String,
    at: i64,
    pub is_deleted: u8,
}

impl FileRecord {
    pub fn wire(self, project_id: &str) -> FileOperation {
        FileOperation {
            id: self.id,
            project_id: project_id.to_owned(),
            trace_id: self.trace_id,
            observation_id: some(self.observation_id),
            session_id: some(self.session_id),
            agent: some(self.agent),
            operation: self.operation,
            file_path: self.file_path,
            new_path: some(self.new_path),
            file_type: some(self.file_type),
            before_content_hash: some(self.before_hash),
            after_content_hash: some(self.after_hash),
            before_size: self.before_size,
            after_size: self.after_size,
            diff_summary: DiffSummary { lines_added: self.lines_added, lines_removed: self.lines_removed },
            diff: some(self.diff),
            timestamp: time(self.at),
        }
    }
}

#[derive(Debug, Row, Deserialize)]
pub(super) struct CommandRecord {
    pub id: String,
    trace_id: String,
    observation_id: String,
    session_id: String,
    agent: String,
    command: String,
    working_dir: String,
    exit_code: Option<i32>,
    exit_code_source: String,
    success: Option<bool>,
    stdout: String,
    stderr: String,
    duration_ms: Option<u64>,
    at: i64,
    pub is_deleted: u8,
}

impl CommandRecord {
    pub fn wire(self, project_id: &str) -> TerminalCommand {
        TerminalCommand {
            id: self.id,
            project_id: project_id.to_owned(),
            trace_id: self.trace_id,
            observation_id: some(self.observation_id),
            session_id: some(self.session_id),
            agent: some(self.agent),
            command: self.command,
            working_dir: some(self.working_dir),
            exit_code: self.exit_code,
            exit_code_source: self.exit_code_source,
            success: self.success,
            stdout: some(self.stdout),
            stderr: some(self.stderr),
            duration_ms: self.duration_ms,
            timestamp: time(self.at),
        }
    }
}

#[derive(Debug, Row, Deserialize)]
pub(super) struct LinkRecord {
    pub id: String,
    trace_id: String,
    observation_id: String,
    session_id: String,
    agent: String,
    repository_url: String,
    commit_sha: String,
    branch: String,
    pr_number: Option<u32>,
    pr_url: String,
    commit_message: String,
    author_name: String,
    author_email: String,
    files_changed: Vec<String>,
    additions: Option<u64>,
    deletions: Option<u64>,
    method: String,
    confidence: f64,
    at: i64,
    created: i64,
    pub is_deleted: u8,
}

impl LinkRecord {
    pub fn wire(self, project_id: &str) -> GitLink {
        GitLink {
            id: self.id,
            project_id: project_id.to_owned(),
            trace_id: self.trace_id,
            observation_id: some(self.observation_id),
            session_id: some(self.session_id),
            agent: some(self.agent),
            repository_url: some(self.repository_url),
            commit_sha: self.commit_sha,
            branch: some(self.branch),
            pr_number: self.pr_number,
            pr_url: some(self.pr_url),
            commit_message: some(self.commit_message),
            author_name: some(self.author_name),
            author_email: some(self.author_email),
            files_changed: self.files_changed,
            additions: self.additions,
            deletions: self.deletions,
            method: self.method,
            confidence: self.confidence,
            timestamp: time(self.at),
            created_at: time(self.created),
        }
    }
}

#[derive(Debug, Row, Deserialize)]
pub(super) struct CiRunRecord {
    pub id: String,
    trace_id: String,
    provider: String,
    run_id: String,
    run_url: String,
    attempt: Option<u32>,
    workflow_name: String,
    job_name: String,
    stage: String,
    status: String,
    trigger_event: String,
    repository_url: String,
    commit_sha: String,
    branch: String,
    pr_number: Option<u32>,
    started: Option<i64>,
    finished: Option<i64>,
    created: i64,
    updated: i64,
    pub is_deleted: u8,
}

impl CiRunRecord {
    pub fn wire(self, project_id: &str) -> CiRun {
        CiRun {
            id: self.id,
            project_id: project_id.to_owned(),
            trace_id: some(self.trace_id),
            provider: self.provider,
            run_id: self.run_id,
            run_url: some(self.run_url),
            attempt: self.attempt,
            workflow_name: some(self.workflow_name),
            job_name: some(self.job_name),
            stage: some(self.stage),
            status: self.status,
            trigger_event: some(self.trigger_event),
            repository_url: some(self.repository_url),
            commit_sha: some(self.commit_sha),
            branch: some(self.branch),
            pr_number: self.pr_number,
            started_at: self.started.map(time),
            finished_at: self.finished.map(time),
            duration_ms: self.started.zip(self.finished).and_then(|(from, to)| u64::try_from((to - from) / 1_000).ok()),
            created_at: time(self.created),
            updated_at: time(self.updated),
        }
    }
}
