//! Rows of commits and pull requests, as they are inserted.

use agenttrace_domain::agent::{Commit, PullRequest};
use clickhouse::Row;
use serde::Serialize;

use super::{Writer, minute_of};
use crate::Error;

#[derive(Debug, Row, Serialize)]
pub struct CommitRow<'a> {
    pub project_id: &'a str,
    pub minute: i32,
    pub sha: &'a str,
    pub repository_url: &'a str,
    pub branch: &'a str,
    pub timestamp: i64,
    pub pushed_at: i64,
    pub message: &'a str,
    pub author_name: &'a str,
    pub author_email: &'a str,
    pub files_changed: &'a [String],
    pub agents: &'a [String],
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> CommitRow<'a> {
    /// Of pushes of a commit to the same branch the first counts: a branch may be deleted and come back.
    #[must_use]
    pub fn new(row: &'a Commit, project_id: &'a str) -> Self {
        Self {
            project_id,
            minute: minute_of(row.timestamp),
            sha: &row.sha,
            repository_url: &row.repository_url,
            branch: &row.branch,
            timestamp: row.timestamp.0,
            pushed_at: row.pushed_at.0,
            message: &row.message,
            author_name: &row.author_name,
            author_email: &row.author_email,
            files_changed: &row.files_changed,
            agents: &row.agents,
            row_version: u64::MAX - u64::try_from(row.pushed_at.0).unwrap_or(0),
            is_deleted: 0,
        }
    }
}

#[derive(Debug, Row, Serialize)]
pub struct PullRequestRow<'a> {
    pub project_id: &'a str,
    pub repository_url: &'a str,
    pub number: u32,
    pub url: &'a str,
    pub title: &'a str,
    pub state: &'a str,
    pub head_branch: &'a str,
    pub head_sha: &'a str,
    pub base_branch: &'a str,
    pub merge_sha: &'a str,
    pub author: &'a str,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub timestamp: i64,
    pub closed_at: Option<i64>,
    pub merged_at: Option<i64>,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> PullRequestRow<'a> {
    #[must_use]
    pub fn new(row: &'a PullRequest, project_id: &'a str) -> Self {
        Self {
            project_id,
            repository_url: &row.repository_url,
            number: row.number,
            url: &row.url,
            title: &row.title,
            state: row.state(),
            head_branch: &row.head_branch,
            head_sha: &row.head_sha,
            base_branch: &row.base_branch,
            merge_sha: &row.merge_sha,
            author: &row.author,
            additions: row.additions,
            deletions: row.deletions,
            timestamp: row.created_at.0,
            closed_at: row.closed_at.map(|t| t.0),
            merged_at: row.merged_at.map(|t| t.0),
            row_version: row.version(),
            is_deleted: 0,
        }
    }
}

impl Writer {
    pub async fn insert_commits(&self, rows: &[CommitRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<CommitRow<'static>>("commits", rows, Some(token)).await
    }

    pub async fn insert_pull_requests(&self, rows: &[PullRequestRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<PullRequestRow<'static>>("pull_requests", rows, Some(token)).await
    }
}
