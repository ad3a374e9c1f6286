//! What coding agents did: rows that are told, and rows that follow from merged tool calls.

use std::collections::{HashMap, HashSet};

use agenttrace_domain::agent::{
    AgentRecord, CiRun, Commit, Derived, FileOperation, GitLink, MetricPoint, PullRequest, TerminalCommand, derive, key,
};
use agenttrace_domain::{Timestamp, repository_url};
use agenttrace_store::write::{
    CiRunRow, CommitRow, FileOperationRow, GitLinkRow, MetricRow, PullRequestRow, StoredCiRun, TerminalCommandRow,
};
use indexmap::IndexMap;

use super::{Folded, version_of};

/// A row and when it was told, and its version.
type Told<T> = (T, Timestamp, u64);

#[derive(Debug)]
struct WorkingCiRun {
    run: CiRun,
    created_at: Timestamp,
    updated_at: Timestamp,
    row_version: u64,
}

/// A batch's outcome of one project.
#[derive(Debug, Default)]
pub struct AgentRows {
    files: IndexMap<String, Told<FileOperation>>,
    commands: IndexMap<String, Told<TerminalCommand>>,
    links: IndexMap<String, Told<GitLink>>,
    /// Ids of files and commands of steps that are gone: their rows are taken away.
    gone: HashSet<String>,
    runs: IndexMap<String, WorkingCiRun>,
    metrics: IndexMap<(u64, i64, i64), Told<MetricPoint>>,
    commits: Vec<Commit>,
    pull_requests: Vec<PullRequest>,
}

impl AgentRows {
    /// The same id again replaces the row; CI runs merge.
    pub(super) fn put(&mut self, record: AgentRecord, known: &HashMap<String, StoredCiRun>, received_at: Timestamp) {
        let version = version_of(received_at);
        match record {
            AgentRecord::FileOperation(row) => drop(self.files.insert(row.id.clone(), (*row, received_at, version))),
            AgentRecord::TerminalCommand(row) => drop(self.commands.insert(row.id.clone(), (*row, received_at, version))),
            AgentRecord::GitLink(row) => drop(self.links.insert(row.id.clone(), (*row, received_at, version))),
            AgentRecord::Metric(point) => {
                let key = (point.series, point.start.0, point.time.0);
                self.metrics.insert(key, (*point, received_at, version));
            }
            // Their rows' versions say which one counts, in the table as in a batch.
            AgentRecord::Commit(row) => self.commits.push(*row),
            AgentRecord::PullRequest(row) => self.pull_requests.push(*row),
            AgentRecord::CiRun(said) => {
                let working = self.runs.entry(said.id.clone()).or_insert_with_key(|id| match known.get(id) {
                    Some(stored) => WorkingCiRun {
                        run: stored.run.clone(),
                        created_at: stored.created_at,
                        updated_at: received_at,
                        row_version: stored.row_version + 1,
                    },
                    None => WorkingCiRun {
                        run: CiRun { id: id.clone(), ..CiRun::default() },
                        created_at: received_at,
                        updated_at: received_at,
                        row_version: 0,
                    },
                });
                working.run.merge(*said);
                working.updated_at = working.updated_at.max(received_at);
                working.row_version = working.row_version.max(version);
            }
        }
    }

    /// What followed from a step that is gone. A link is of its commit, not of the step: the twin's takes its place.
    fn drop_of(&mut self, derived: Derived, at: Timestamp, version: u64) {
        let Derived { files, command, .. } = derived;
        self.gone.extend(files.iter().map(|file| file.id.clone()).chain(command.iter().map(|command| command.id.clone())));
        self.take(Derived { files, command, link: None }, at, version);
    }

    /// What follows from a step, with the step's version.
    fn take(&mut self, derived: Derived, at: Timestamp, version: u64) {
        for file in derived.files {
            self.files.insert(file.id.clone(), (file, at, version));
        }
        if let Some(command) = derived.command {
            self.commands.insert(command.id.clone(), (command, at, version));
        }
        if let Some(link) = derived.link {
            self.links.insert(link.id.clone(), (link, at, version));
        }
    }
}

/// An agent's session says where it works in its own step; its trace shows it, so that lists of sessions need no other table. A repository has one
/// form there, whoever told it.
pub(super) fn show_repository(of_trace: &mut Vec<(String, String)>, of_session: Option<&[(String, String)]>) {
    let told = of_session.unwrap_or_default().iter().filter(|(name, _)| name == key::REPOSITORY || name == key::BRANCH);
    for (name, value) in told {
        match of_trace.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => old.clone_from(value),
            None => of_trace.push((name.clone(), value.clone())),
        }
    }
    if of_trace.iter().any(|(name, _)| name == key::AGENT)
        && let Some((_, address)) = of_trace.iter_mut().find(|(name, _)| name == key::REPOSITORY)
    {
        *address = repository_url(address);
    }
    of_trace.sort_unstable_by(|a, b| a.0.cmp(&b.0));
}

impl Folded {
    /// Rows that follow from the tool calls of this batch, now that they are merged.
    pub(super) fn derive_agents(&mut self) {
        for step in self.steps.values() {
            let derived = || derive(&step.observation, step.start);
            match (step.gone, step.stored_start) {
                (false, _) => self.agents.take(derived(), step.origin.created_at, step.origin.row_version),
                (true, Some(_)) => self.agents.drop_of(derived(), step.origin.created_at, step.origin.row_version),
                (true, None) => {}
            }
        }
    }

    pub fn file_operation_rows(&self) -> Vec<FileOperationRow<'_>> {
        let deleted = |id: &str| u8::from(self.agents.gone.contains(id));
        let row = |row, version| FileOperationRow::new(row, &self.project_id, version);
        let rows = self.agents.files.values();
        rows.map(|(told, _, version)| FileOperationRow { is_deleted: deleted(&told.id), ..row(told, *version) }).collect()
    }

    pub fn terminal_command_rows(&self) -> Vec<TerminalCommandRow<'_>> {
        let deleted = |id: &str| u8::from(self.agents.gone.contains(id));
        let row = |row, version| TerminalCommandRow::new(row, &self.project_id, version);
        let rows = self.agents.commands.values();
        rows.map(|(told, _, version)| TerminalCommandRow { is_deleted: deleted(&told.id), ..row(told, *version) }).collect()
    }

    pub fn git_link_rows(&self) -> Vec<GitLinkRow<'_>> {
        self.agents.links.values().map(|(row, at, version)| GitLinkRow::new(row, &self.project_id, *at, *version)).collect()
    }

    pub fn ci_run_rows(&self) -> Vec<CiRunRow<'_>> {
        self.agents.runs.values().map(|r| CiRunRow::new(&r.run, &self.project_id, r.created_at, r.updated_at, r.row_version)).collect()
    }

    pub fn commit_rows(&self) -> Vec<CommitRow<'_>> {
        self.agents.commits.iter().map(|row| CommitRow::new(row, &self.project_id)).collect()
    }

    pub fn pull_request_rows(&self) -> Vec<PullRequestRow<'_>> {
        self.agents.pull_requests.iter().map(|row| PullRequestRow::new(row, &self.project_id)).collect()
    }

    pub fn metric_rows(&self) -> Vec<MetricRow<'_>> {
        self.agents.metrics.values().map(|(point, _, version)| MetricRow::new(point, &self.project_id, *version)).collect()
    }
}
