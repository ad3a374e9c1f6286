//! What agents did beside the trace itself: files, commands, commits, CI runs, metrics. One row each, replaced by id.

use serde::{Deserialize, Serialize};

use super::{Commit, PullRequest};
use crate::Timestamp;

/// A statement about one of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AgentRecord {
    FileOperation(Box<FileOperation>),
    TerminalCommand(Box<TerminalCommand>),
    GitLink(Box<GitLink>),
    /// Merges with what is stored: only what it names.
    CiRun(Box<CiRun>),
    Metric(Box<MetricPoint>),
    /// Told whole: the same commit on the same branch again replaces the row.
    Commit(Box<Commit>),
    /// Told whole: the newest standing counts.
    PullRequest(Box<PullRequest>),
}

impl AgentRecord {
    /// Statements with the same key are written in the order in which they came.
    #[must_use]
    pub fn ordering_key(&self) -> &str {
        match self {
            Self::FileOperation(row) => &row.trace_id,
            Self::TerminalCommand(row) => &row.trace_id,
            Self::GitLink(row) => &row.trace_id,
            Self::CiRun(row) => &row.id,
            Self::Metric(point) => &point.session_id,
            Self::Commit(commit) => &commit.sha,
            Self::PullRequest(request) => &request.repository_url,
        }
    }
}

/// Declares an enum of names as they are on the wire.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// In any case.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str().eq_ignore_ascii_case(text))
            }
        }
    };
}

names! {
    /// What was done to a file.
    FileAction { Create = "CREATE", Read = "READ", Update = "UPDATE", Delete = "DELETE", Move = "MOVE", Copy = "COPY" }
}

names! {
    CiProvider { GithubActions = "GITHUB_ACTIONS", GitlabCi = "GITLAB_CI", Jenkins = "JENKINS", CircleCi = "CIRCLECI", Other = "OTHER" }
}

names! {
    CiStatus { Pending = "PENDING", Running = "RUNNING", Success = "SUCCESS", Failure = "FAILURE", Cancelled = "CANCELLED" }
}

names! {
    MetricKind { Sum = "sum", Gauge = "gauge", Histogram = "histogram" }
}

/// Absent texts are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileOperation {
    pub id: String,
    pub trace_id: String,
    pub observation_id: String,
    pub session_id: String,
    pub agent: String,
    pub action: FileAction,
    pub path: String,
    pub new_path: String,
    pub file_type: String,
    pub before_hash: String,
    pub after_hash: String,
    pub before_size: Option<u64>,
    pub after_size: Option<u64>,
    pub lines_added: Option<u64>,
    pub lines_removed: Option<u64>,
    /// Unified diff.
    pub diff: String,
    pub timestamp: Timestamp,
}

/// Absent texts are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalCommand {
    pub id: String,
    pub trace_id: String,
    pub observation_id: String,
    pub session_id: String,
    pub agent: String,
    pub command: String,
    pub working_dir: String,
    /// Unknown is not zero.
    pub exit_code: Option<i32>,
    /// `shim`, `agent_structured`, `agent_text` or `none`
    pub exit_code_source: String,
    pub success: Option<bool>,
    pub stdout: String,
    pub stderr: String,
    pub duration_ms: Option<u64>,
    /// When it began.
    pub timestamp: Timestamp,
}

/// A trace's share in a commit. Absent texts are empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GitLink {
    pub id: String,
    pub trace_id: String,
    pub observation_id: String,
    pub session_id: String,
    pub agent: String,
    pub repository_url: String,
    pub commit_sha: String,
    pub branch: String,
    pub pr_number: Option<u32>,
    pub pr_url: String,
    pub commit_message: String,
    pub author_name: String,
    pub author_email: String,
    pub files_changed: Vec<String>,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    /// How the link is known.
    pub method: String,
    /// 0 to 1.
    pub confidence: f64,
    pub timestamp: Timestamp,
}

/// What is said of a CI run; `None` was not said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CiRun {
    pub id: String,
    pub trace_id: Option<String>,
    pub provider: Option<CiProvider>,
    pub run_id: Option<String>,
    pub run_url: Option<String>,
    pub attempt: Option<u32>,
    pub workflow_name: Option<String>,
    pub job_name: Option<String>,
    pub stage: Option<String>,
    pub status: Option<CiStatus>,
    pub trigger_event: Option<String>,
    pub repository_url: Option<String>,
    pub commit_sha: Option<String>,
    pub branch: Option<String>,
    pub pr_number: Option<u32>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

impl CiStatus {
    /// Of several runs together: a failure stands over all, then what goes on, then a success. `None` of none.
    #[must_use]
    pub fn together(statuses: impl IntoIterator<Item = Self>) -> Option<Self> {
        let rank = |status: &Self| match status {
            Self::Failure => 4,
            Self::Running => 3,
            Self::Pending => 2,
            Self::Success => 1,
            Self::Cancelled => 0,
        };
        statuses.into_iter().max_by_key(rank)
    }
}

impl CiRun {
    /// Takes over what `said` names. A run that has ended doesn't begin again, and one that runs doesn't wait again: notices arrive in any order, only
    /// another attempt restarts it.
    pub fn merge(&mut self, said: Self) {
        let restarts = said.attempt.is_some() && said.attempt > self.attempt;
        let older = said.attempt.is_some() && said.attempt < self.attempt;
        if older {
            return;
        }
        if restarts {
            (self.started_at, self.finished_at, self.status) = (None, None, None);
        }
        let ended = self.status.is_some_and(|s| !matches!(s, CiStatus::Pending | CiStatus::Running));
        let begins = said.status.is_some_and(|s| matches!(s, CiStatus::Pending | CiStatus::Running));
        let goes_back = self.status == Some(CiStatus::Running) && said.status == Some(CiStatus::Pending);
        if !(ended && begins || goes_back) {
            self.status = said.status.or(self.status);
        }
        macro_rules! take {
            ($($field:ident),*) => { $( if said.$field.is_some() { self.$field = said.$field; } )* };
        }
        take!(trace_id, provider, run_id, run_url, attempt, workflow_name, job_name, stage, trigger_event);
        take!(repository_url, commit_sha, branch, pr_number, started_at, finished_at);
    }
}

/// One point of a metric's series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricPoint {
    pub name: String,
    pub unit: String,
    pub kind: MetricKind,
    /// Counts since `start` (`true`), or since the point before (`false`).
    pub cumulative: bool,
    pub monotonic: bool,
    pub agent: String,
    /// Empty when the point names none.
    pub session_id: String,
    /// Which series: the same for points whose attributes and sender are the same.
    pub series: u64,
    pub start: Timestamp,
    pub time: Timestamp,
    /// Of a histogram the sum.
    pub value: f64,
    /// Of a histogram how many; else 1.
    pub count: u64,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Sorted by key, keys once.
    pub attributes: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_ended_begins_again_only_with_another_attempt() {
        let run = |attempt, status| CiRun { id: "r".into(), attempt: Some(attempt), status: Some(status), ..CiRun::default() };
        let mut stored = run(1, CiStatus::Failure);

        stored.merge(run(1, CiStatus::Running));
        assert_eq!(stored.status, Some(CiStatus::Failure));
        stored.merge(run(2, CiStatus::Running));
        stored.merge(run(2, CiStatus::Pending));
        assert_eq!(stored.status, Some(CiStatus::Running));
        stored.merge(run(1, CiStatus::Success));
        assert_eq!((stored.attempt, stored.status), (Some(2), Some(CiStatus::Running)));
    }

    #[test]
    fn one_failure_fails_them_all_and_nothing_is_decided_while_one_goes_on() {
        use CiStatus::{Cancelled, Failure, Pending, Running, Success};
        for (statuses, expected) in [
            (vec![Success, Failure, Running], Some(Failure)),
            (vec![Success, Pending, Running], Some(Running)),
            (vec![Success, Pending], Some(Pending)),
            (vec![Cancelled, Success], Some(Success)),
            (vec![Cancelled], Some(Cancelled)),
            (vec![], None),
        ] {
            assert_eq!(CiStatus::together(statuses), expected);
        }
    }

    #[test]
    fn what_a_statement_does_not_name_stays() {
        let mut stored = CiRun { id: "r".into(), branch: Some("main".into()), ..CiRun::default() };

        stored.merge(CiRun { id: "r".into(), status: Some(CiStatus::Success), ..CiRun::default() });

        assert_eq!((stored.branch.as_deref(), stored.status), (Some("main"), Some(CiStatus::Success)));
    }
}
