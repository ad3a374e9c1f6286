//! Rows of what coding agents did, as they are inserted, and the CI runs that the writer merges into.

use std::collections::HashMap;

use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::{CiProvider, CiRun, CiStatus, FileOperation, GitLink, MetricPoint, TerminalCommand};
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::Writer;
use crate::Error;

#[derive(Debug, Row, Serialize)]
pub struct FileOperationRow<'a> {
    pub project_id: &'a str,
    pub id: &'a str,
    pub trace_id: &'a str,
    pub observation_id: &'a str,
    pub session_id: &'a str,
    pub agent: &'a str,
    pub operation: &'a str,
    pub file_path: &'a str,
    pub new_path: &'a str,
    pub file_type: &'a str,
    pub before_hash: &'a str,
    pub after_hash: &'a str,
    pub before_size: Option<u64>,
    pub after_size: Option<u64>,
    pub lines_added: Option<u64>,
    pub lines_removed: Option<u64>,
    pub diff: &'a str,
    pub timestamp: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> FileOperationRow<'a> {
    #[must_use]
    pub fn new(row: &'a FileOperation, project_id: &'a str, row_version: u64) -> Self {
        Self {
            project_id,
            id: &row.id,
            trace_id: &row.trace_id,
            observation_id: &row.observation_id,
            session_id: &row.session_id,
            agent: &row.agent,
            operation: row.action.as_str(),
            file_path: &row.path,
            new_path: &row.new_path,
            file_type: &row.file_type,
            before_hash: &row.before_hash,
            after_hash: &row.after_hash,
            before_size: row.before_size,
            after_size: row.after_size,
            lines_added: row.lines_added,
            lines_removed: row.lines_removed,
            diff: &row.diff,
            timestamp: row.timestamp.0,
            row_version,
            is_deleted: 0,
        }
    }
}

#[derive(Debug, Row, Serialize)]
pub struct TerminalCommandRow<'a> {
    pub project_id: &'a str,
    pub id: &'a str,
    pub trace_id: &'a str,
    pub observation_id: &'a str,
    pub session_id: &'a str,
    pub agent: &'a str,
    pub command: &'a str,
    pub working_dir: &'a str,
    pub exit_code: Option<i32>,
    pub exit_code_source: &'a str,
    pub success: Option<bool>,
    pub stdout: &'a str,
    pub stderr: &'a str,
    pub duration_ms: Option<u64>,
    pub timestamp: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> TerminalCommandRow<'a> {
    #[must_use]
    pub fn new(row: &'a TerminalCommand, project_id: &'a str, row_version: u64) -> Self {
        Self {
            project_id,
            id: &row.id,
            trace_id: &row.trace_id,
            observation_id: &row.observation_id,
            session_id: &row.session_id,
            agent: &row.agent,
            command: &row.command,
            working_dir: &row.working_dir,
            exit_code: row.exit_code,
            exit_code_source: &row.exit_code_source,
            success: row.success,
            stdout: &row.stdout,
            stderr: &row.stderr,
            duration_ms: row.duration_ms,
            timestamp: row.timestamp.0,
            row_version,
            is_deleted: 0,
        }
    }
}

#[derive(Debug, Row, Serialize)]
pub struct GitLinkRow<'a> {
    pub project_id: &'a str,
    pub id: &'a str,
    pub trace_id: &'a str,
    pub observation_id: &'a str,
    pub session_id: &'a str,
    pub agent: &'a str,
    pub repository_url: &'a str,
    pub commit_sha: &'a str,
    pub branch: &'a str,
    pub pr_number: Option<u32>,
    pub pr_url: &'a str,
    pub commit_message: &'a str,
    pub author_name: &'a str,
    pub author_email: &'a str,
    pub files_changed: &'a [String],
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub method: &'a str,
    pub confidence: f64,
    pub timestamp: i64,
    pub created_at: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> GitLinkRow<'a> {
    #[must_use]
    pub fn new(row: &'a GitLink, project_id: &'a str, created_at: Timestamp, row_version: u64) -> Self {
        Self {
            project_id,
            id: &row.id,
            trace_id: &row.trace_id,
            observation_id: &row.observation_id,
            session_id: &row.session_id,
            agent: &row.agent,
            repository_url: &row.repository_url,
            commit_sha: &row.commit_sha,
            branch: &row.branch,
            pr_number: row.pr_number,
            pr_url: &row.pr_url,
            commit_message: &row.commit_message,
            author_name: &row.author_name,
            author_email: &row.author_email,
            files_changed: &row.files_changed,
            additions: row.additions,
            deletions: row.deletions,
            method: &row.method,
            confidence: row.confidence,
            timestamp: row.timestamp.0,
            created_at: created_at.0,
            row_version,
            is_deleted: 0,
        }
    }
}

#[derive(Debug, Row, Serialize)]
pub struct CiRunRow<'a> {
    pub project_id: &'a str,
    pub id: &'a str,
    pub trace_id: &'a str,
    pub provider: &'a str,
    pub run_id: &'a str,
    pub run_url: &'a str,
    pub attempt: Option<u32>,
    pub workflow_name: &'a str,
    pub job_name: &'a str,
    pub stage: &'a str,
    pub status: &'a str,
    pub trigger_event: &'a str,
    pub repository_url: &'a str,
    pub commit_sha: &'a str,
    pub branch: &'a str,
    pub pr_number: Option<u32>,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub timestamp: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> CiRunRow<'a> {
    /// A run that said nothing of its begin stands at the time of its first statement.
    #[must_use]
    pub fn new(row: &'a CiRun, project_id: &'a str, created_at: Timestamp, updated_at: Timestamp, row_version: u64) -> Self {
        let text = |value: &'a Option<String>| value.as_deref().unwrap_or_default();
        Self {
            project_id,
            id: &row.id,
            trace_id: text(&row.trace_id),
            provider: row.provider.unwrap_or(CiProvider::Other).as_str(),
            run_id: text(&row.run_id),
            run_url: text(&row.run_url),
            attempt: row.attempt,
            workflow_name: text(&row.workflow_name),
            job_name: text(&row.job_name),
            stage: text(&row.stage),
            status: row.status.unwrap_or(CiStatus::Pending).as_str(),
            trigger_event: text(&row.trigger_event),
            repository_url: text(&row.repository_url),
            commit_sha: text(&row.commit_sha),
            branch: text(&row.branch),
            pr_number: row.pr_number,
            started_at: row.started_at.map(|t| t.0),
            finished_at: row.finished_at.map(|t| t.0),
            timestamp: row.started_at.unwrap_or(created_at).0,
            created_at: created_at.0,
            updated_at: updated_at.0,
            row_version,
            is_deleted: 0,
        }
    }
}

#[derive(Debug, Row, Serialize)]
pub struct MetricRow<'a> {
    pub project_id: &'a str,
    pub name: &'a str,
    pub series: u64,
    pub start_time: i64,
    pub time: i64,
    pub unit: &'a str,
    pub kind: &'a str,
    pub cumulative: bool,
    pub monotonic: bool,
    pub agent: &'a str,
    pub session_id: &'a str,
    pub value: f64,
    pub count: u64,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub attributes: Vec<(&'a str, &'a str)>,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> MetricRow<'a> {
    #[must_use]
    pub fn new(point: &'a MetricPoint, project_id: &'a str, row_version: u64) -> Self {
        Self {
            project_id,
            name: &point.name,
            series: point.series,
            start_time: point.start.0,
            time: point.time.0,
            unit: &point.unit,
            kind: point.kind.as_str(),
            cumulative: point.cumulative,
            monotonic: point.monotonic,
            agent: &point.agent,
            session_id: &point.session_id,
            value: point.value,
            count: point.count,
            min: point.min,
            max: point.max,
            attributes: point.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect(),
            row_version,
            is_deleted: 0,
        }
    }
}

/// A CI run as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCiRun {
    pub run: CiRun,
    pub created_at: Timestamp,
    pub row_version: u64,
}

#[derive(Debug, Row, Deserialize)]
struct CiRunRecord {
    id: String,
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
    started_micros: Option<i64>,
    finished_micros: Option<i64>,
    created_micros: i64,
    row_version: u64,
    is_deleted: u8,
}

impl From<CiRunRecord> for StoredCiRun {
    fn from(row: CiRunRecord) -> Self {
        let said = |text: String| (!text.is_empty()).then_some(text);
        let run = CiRun {
            id: row.id,
            trace_id: said(row.trace_id),
            provider: CiProvider::parse(&row.provider),
            run_id: said(row.run_id),
            run_url: said(row.run_url),
            attempt: row.attempt,
            workflow_name: said(row.workflow_name),
            job_name: said(row.job_name),
            stage: said(row.stage),
            status: CiStatus::parse(&row.status),
            trigger_event: said(row.trigger_event),
            repository_url: said(row.repository_url),
            commit_sha: said(row.commit_sha),
            branch: said(row.branch),
            pr_number: row.pr_number,
            started_at: row.started_micros.map(Timestamp),
            finished_at: row.finished_micros.map(Timestamp),
        };
        Self { run, created_at: Timestamp(row.created_micros), row_version: row.row_version }
    }
}

impl Writer {
    /// The current rows of these CI runs, by id.
    pub async fn stored_ci_runs(&self, project_id: &str, ids: &[&str]) -> Result<HashMap<String, StoredCiRun>, Error> {
        let mut stored = HashMap::new();
        for chunk in ids.chunks(200) {
            let query = self.client.query(include_str!("stored_ci_runs.sql")).bind(project_id).bind(chunk);
            for row in query.fetch_all::<CiRunRecord>().await.map_err(|e| Error::sort("read stored CI runs", e))? {
                if row.is_deleted == 0 {
                    let row = StoredCiRun::from(row);
                    stored.insert(row.run.id.clone(), row);
                }
            }
        }
        Ok(stored)
    }

    pub async fn insert_file_operations(&self, rows: &[FileOperationRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<FileOperationRow<'static>>("file_operations", rows, Some(token)).await
    }

    pub async fn insert_terminal_commands(&self, rows: &[TerminalCommandRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<TerminalCommandRow<'static>>("terminal_commands", rows, Some(token)).await
    }

    pub async fn insert_git_links(&self, rows: &[GitLinkRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<GitLinkRow<'static>>("git_links", rows, Some(token)).await
    }

    pub async fn insert_ci_runs(&self, rows: &[CiRunRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<CiRunRow<'static>>("ci_runs", rows, Some(token)).await
    }

    pub async fn insert_agent_metrics(&self, rows: &[MetricRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<MetricRow<'static>>("agent_metrics", rows, Some(token)).await
    }
}
