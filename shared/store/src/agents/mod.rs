//! Reads of what coding agents did: sessions, file operations, commands, commits and what is linked to them, pull requests, CI runs, metrics.

mod both;
mod changes;
mod commits;
mod metrics;
mod pull_requests;
mod sessions;
mod usage;
mod wire;

pub use commits::{CommitFilter, CommitList, CommitPosition};
pub use metrics::{Group, MAX_GROUPS, Sums};
pub use pull_requests::{PullRequestFilter, PullRequestList, PullRequestPosition, STATES};
pub use sessions::{Position as SessionPosition, SessionFilter, SessionList, SessionOrder};
pub use usage::UsageGroup;

use std::collections::HashMap;

use agenttrace_api::agents::{CiRun, FileOperation, GitLink, TerminalCommand};
use agenttrace_domain::Timestamp;
use clickhouse::{Row, RowOwned, RowRead};
use serde::{Deserialize, Serialize};

use crate::condition::{Condition, Param};
use crate::connection::Project;
use crate::{Error, TimeRange};
use wire::{CiRunRecord, CommandRecord, FileRecord, LinkRecord};

/// Of commands: is it known to have failed?
const FAILED: &str = "ifNull(exit_code, 0) != 0 OR (exit_code IS NULL AND ifNull(success, true) = false)";

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct List {
    pub range: TimeRange,
    wanted: Condition,
    pub after: Option<Position>,
    /// In order of time; else the newest first.
    pub ascending: bool,
    pub limit: usize,
}

/// Where a list goes on: behind this row. What a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    t: i64,
    i: String,
}

impl Position {
    #[must_use]
    pub fn is_possible(&self) -> bool {
        (Timestamp::MIN.0..=Timestamp::MAX.0).contains(&self.t)
    }
}

/// A column that must equal a text.
#[derive(Debug, Clone, Copy)]
pub enum Text {
    Trace,
    Observation,
    Session,
    Agent,
    Operation,
    Path,
    Repository,
    Branch,
    Commit,
    Provider,
    Status,
    Run,
}

/// A column that must equal a number.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    ExitCode,
    PullRequest,
}

/// Where a text may be found, in any case.
#[derive(Debug, Clone, Copy)]
pub enum Search {
    Paths,
    CommandsAndOutput,
    WorkingDirectories,
    Commits,
}

impl List {
    /// Only rows with this text.
    pub fn only(&mut self, column: Text, value: &str) {
        let sql = match column {
            Text::Trace => "trace_id = ?",
            Text::Observation => "observation_id = ?",
            Text::Session => "session_id = ?",
            Text::Agent => "agent = ?",
            Text::Operation => "operation = ?",
            Text::Path => "file_path = ?",
            Text::Repository => "repository_url = ?",
            Text::Branch => "branch = ?",
            Text::Commit => "startsWith(commit_sha, ?)",
            Text::Provider => "provider = ?",
            Text::Status => "status = ?",
            Text::Run => "run_id = ?",
        };
        self.wanted.and_with(sql, vec![("String", value.into())]);
    }

    pub fn only_number(&mut self, column: Number, value: i64) {
        let sql = match column {
            Number::ExitCode => "exit_code = ?",
            Number::PullRequest => "pr_number = ?",
        };
        self.wanted.and_with(sql, vec![("Int64", value.into())]);
    }

    /// Only commands that are known to have failed.
    pub fn only_failed(&mut self) {
        self.wanted.and_with(FAILED, vec![]);
    }

    pub fn search(&mut self, place: Search, part: &str) {
        let columns: &[&str] = match place {
            Search::Paths => &["file_path", "new_path"],
            Search::CommandsAndOutput => &["command", "stdout", "stderr"],
            Search::WorkingDirectories => &["working_dir"],
            Search::Commits => &["commit_message", "branch", "commit_sha"],
        };
        let sql: Vec<String> = columns.iter().map(|c| format!("positionCaseInsensitiveUTF8({c}, ?) > 0")).collect();
        let values: Vec<(&'static str, Param)> = columns.iter().map(|_| ("String", part.into())).collect();
        self.wanted.and_with(&format!("({})", sql.join(" OR ")), values);
    }
}

/// A page of rows.
#[derive(Debug, Clone)]
pub struct Rows<T> {
    pub rows: Vec<T>,
    pub next: Option<Position>,
}

#[derive(Row, Deserialize)]
struct Found {
    id: String,
    at: i64,
}

/// One of the agents' tables.
trait Table: RowOwned + RowRead {
    const TABLE: &'static str;
    const ROWS: &'static str;
    type Wire;

    fn id(&self) -> &str;
    fn is_deleted(&self) -> bool;
    fn into_wire(self, project_id: &str) -> Self::Wire;
}

macro_rules! table {
    ($record:ident, $wire:ident, $name:literal) => {
        impl Table for $record {
            const TABLE: &'static str = $name;
            const ROWS: &'static str = include_str!(concat!($name, ".sql"));
            type Wire = $wire;

            fn id(&self) -> &str {
                &self.id
            }

            fn is_deleted(&self) -> bool {
                self.is_deleted != 0
            }

            fn into_wire(self, project_id: &str) -> $wire {
                self.wire(project_id)
            }
        }
    };
}

table!(FileRecord, FileOperation, "file_operations");
table!(CommandRecord, TerminalCommand, "terminal_commands");
table!(LinkRecord, GitLink, "git_links");
table!(CiRunRecord, CiRun, "ci_runs");

impl Project<'_> {
    async fn page<T: Table>(&self, list: List) -> Result<Rows<T::Wire>, Error> {
        let ask = self.ask("list what agents did", include_str!("list.sql")).part("table", T::TABLE);
        let ask = ask.part("order", if list.ascending { "timestamp, id" } else { "timestamp DESC, id DESC" });
        let ask = match &list.after {
            None => ask.part("position", "1"),
            Some(p) => ask
                .part(
                    "position",
                    if list.ascending {
                        "(timestamp, id) > (fromUnixTimestamp64Micro({after_at:Int64}, 'UTC'), {after_id:String})"
                    } else {
                        "(timestamp, id) < (fromUnixTimestamp64Micro({after_at:Int64}, 'UTC'), {after_id:String})"
                    },
                )
                .param("after_at", p.t)
                .param("after_id", p.i.as_str()),
        };
        let mut found: Vec<Found> = ask
            .param("from", list.range.first_micros())
            .param("to", list.range.to_micros())
            .param("limit", list.limit as u64 + 1)
            .condition(&list.wanted)
            .rows()
            .await?;
        let more = found.len() > list.limit;
        found.truncate(list.limit);
        let next = found.last().filter(|_| more).map(|f| Position { t: f.at, i: f.id.clone() });
        let mut rows = self.by_ids::<T>(found.iter().map(|f| f.id.clone()).collect()).await?;
        Ok(Rows { rows: found.into_iter().filter_map(|f| rows.remove(&f.id)).map(|r| r.into_wire(self.id())).collect(), next })
    }

    async fn by_ids<T: Table>(&self, ids: Vec<String>) -> Result<HashMap<String, T>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<T> = self.ask("read what agents did", T::ROWS).param("ids", ids).rows().await?;
        Ok(rows.into_iter().filter(|row| !row.is_deleted()).map(|row| (row.id().to_owned(), row)).collect())
    }

    async fn one<T: Table>(&self, id: &str) -> Result<Option<T::Wire>, Error> {
        Ok(self.by_ids::<T>(vec![id.to_owned()]).await?.remove(id).map(|row| row.into_wire(self.id())))
    }

    pub async fn list_file_operations(&self, list: List) -> Result<Rows<FileOperation>, Error> {
        self.page::<FileRecord>(list).await
    }

    pub async fn get_file_operation(&self, id: &str) -> Result<Option<FileOperation>, Error> {
        self.one::<FileRecord>(id).await
    }

    pub async fn list_terminal_commands(&self, list: List) -> Result<Rows<TerminalCommand>, Error> {
        self.page::<CommandRecord>(list).await
    }

    pub async fn get_terminal_command(&self, id: &str) -> Result<Option<TerminalCommand>, Error> {
        self.one::<CommandRecord>(id).await
    }

    pub async fn list_git_links(&self, list: List) -> Result<Rows<GitLink>, Error> {
        self.page::<LinkRecord>(list).await
    }

    pub async fn get_git_link(&self, id: &str) -> Result<Option<GitLink>, Error> {
        self.one::<LinkRecord>(id).await
    }

    pub async fn list_ci_runs(&self, list: List) -> Result<Rows<CiRun>, Error> {
        self.page::<CiRunRecord>(list).await
    }

    pub async fn get_ci_run(&self, id: &str) -> Result<Option<CiRun>, Error> {
        self.one::<CiRunRecord>(id).await
    }
}
