//! Commits: what was pushed and what sessions are linked to, as one row each.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use agenttrace_api::agents::{Commit, CommitSession};
use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::linked::{CommitName, STEM, Share};
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::both::Tests;
use super::changes::{Gathered, Gathering, Runs};
use crate::connection::Project;
use crate::text::{some, time};
use crate::{Error, TimeRange};

/// Which commits.
#[derive(Debug, Clone, Default)]
pub struct CommitFilter {
    /// As [`agenttrace_domain::repository_url`] writes it.
    pub repository: Option<String>,
    pub branch: Option<String>,
    pub author: Option<String>,
    pub agent: Option<String>,
    pub search: Option<String>,
}

impl CommitFilter {
    /// For each filter, what a push and what a link must say; one of them has to.
    fn tests(&self) -> Tests {
        let mut tests = Tests::default();
        if let Some(url) = &self.repository {
            let of_link = "repository_url = ? OR (repository_url = '' AND trace_id IN (SELECT id FROM traces FINAL \
                           WHERE project_id = {project:String} AND metadata['vcs.repository.url.full'] = ?))";
            tests.add(("repository_url = ?", &[url]), (of_link, &[url, url]));
        }
        if let Some(branch) = &self.branch {
            tests.add(("branch = ?", &[branch]), ("branch = ?", &[branch]));
        }
        if let Some(part) = &self.author {
            let sql = "positionCaseInsensitiveUTF8(author_name, ?) > 0 OR positionCaseInsensitiveUTF8(author_email, ?) > 0";
            tests.add((sql, &[part, part]), (sql, &[part, part]));
        }
        if let Some(agent) = &self.agent {
            let of_link = "agent = ? OR (agent = '' AND startsWith(trace_id, concat(?, '-')))";
            tests.add(("has(agents, ?)", &[agent]), (of_link, &[agent, agent]));
        }
        if let Some(part) = &self.search {
            let sha = part.to_ascii_lowercase();
            let of_push = "startsWith(sha, ?) OR positionCaseInsensitiveUTF8(message, ?) > 0";
            let of_link = "startsWith(commit_sha, ?) OR positionCaseInsensitiveUTF8(commit_message, ?) > 0";
            tests.add((of_push, &[&sha, part]), (of_link, &[&sha, part]));
        }
        tests
    }
}

/// Where a list goes on: behind this commit. What a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CommitPosition {
    /// The time in microseconds; the newest first.
    t: Reverse<i64>,
    /// The begin of the id, under which a commit's tellings meet.
    s: Reverse<String>,
    r: String,
    c: String,
}

impl CommitPosition {
    #[must_use]
    pub fn is_possible(&self) -> bool {
        (Timestamp::MIN.0..=Timestamp::MAX.0).contains(&self.t.0)
    }

    fn of(first: i64, name: &CommitName) -> Self {
        Self { t: Reverse(first), s: Reverse(name.stem().to_owned()), r: name.repository_url.clone(), c: name.sha.clone() }
    }
}

/// What a list of commits is asked for.
#[derive(Debug, Clone)]
pub struct CommitList {
    pub range: TimeRange,
    pub filter: CommitFilter,
    pub after: Option<CommitPosition>,
    pub limit: usize,
}

#[derive(Row, Deserialize)]
struct Found {
    stem: String,
    first: i64,
}

impl Project<'_> {
    /// A page of commits, newest first, and where the next one begins.
    pub async fn list_commits(&self, list: CommitList) -> Result<(Vec<Commit>, Option<CommitPosition>), Error> {
        let (wanted, mut from) = (list.limit + 1, list.after.clone());
        let mut page: Vec<(CommitPosition, Gathered)> = Vec::new();
        let mut gathering = Gathering::default();
        loop {
            // The first one may have been shown already.
            let limit = wanted + 1;
            let found = self.find_commits(&list, from.as_ref(), limit).await?;
            let Some(last) = found.last() else { break };
            let exhausted = found.len() < limit;
            let name = CommitName { sha: last.stem.clone(), ..CommitName::default() };
            from = Some(CommitPosition::of(last.first, &name));
            let firsts: HashMap<String, i64> = found.into_iter().map(|f| (f.stem, f.first)).collect();
            let read = self.gather(&firsts.keys().cloned().collect()).await?;
            for commit in read.commits {
                let Some(first) = firsts.get(commit.name.stem()) else { continue };
                let at = CommitPosition::of(*first, &commit.name);
                let is_new = list.after.as_ref().is_none_or(|after| at > *after) && page.iter().all(|(known, _)| *known != at);
                let elsewhere = list.filter.repository.as_ref().is_some_and(|url| *url != commit.name.repository_url);
                if is_new && !elsewhere {
                    page.push((at, commit));
                }
            }
            gathering.traces.extend(read.traces);
            gathering.requests.extend(read.requests);
            if exhausted || page.len() >= wanted {
                break;
            }
        }
        page.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let more = page.len() > list.limit;
        page.truncate(list.limit);
        let next = page.last().filter(|_| more).map(|(at, _)| at.clone());
        gathering.commits = page.into_iter().map(|(_, commit)| commit).collect();
        Ok((self.commit_rows(gathering).await?, next))
    }

    /// The commits whose id begins so, or of which only a begin of it is known; one for each repository.
    pub async fn get_commits(&self, sha: &str) -> Result<Vec<Commit>, Error> {
        let stem: String = sha.chars().take(STEM).collect();
        let mut gathering = self.gather(&BTreeSet::from([stem])).await?;
        gathering.commits.retain(|commit| commit.name.sha.starts_with(sha) || sha.starts_with(&commit.name.sha));
        self.commit_rows(gathering).await
    }

    async fn find_commits(&self, list: &CommitList, from: Option<&CommitPosition>, limit: usize) -> Result<Vec<Found>, Error> {
        let ask = self.ask("list commits", include_str!("commits_page.sql")).heavy();
        let ask = list.filter.tests().put(ask, "pushed_tests", "link_tests");
        let ask = match from {
            None => ask.part("position", "1"),
            Some(p) => ask
                .part("position", "(first, stem) <= ({after:Int64}, {after_stem:String})")
                .param("after", p.t.0)
                .param("after_stem", p.s.0.as_str()),
        };
        ask.param("from_minute", list.range.first_minute())
            .param("to_minute", list.range.to_minute())
            .param("from", list.range.first_micros())
            .param("to", list.range.to_micros())
            .param("limit", limit as u64)
            .rows()
            .await
    }

    async fn commit_rows(&self, gathering: Gathering) -> Result<Vec<Commit>, Error> {
        let names: Vec<CommitName> = gathering.commits.iter().map(|commit| commit.name.clone()).collect();
        let (costs, runs) = futures::try_join!(self.costs(&gathering), self.runs_of(&names))?;
        let row = |commit: &Gathered| {
            let cost = costs.get(&commit.name).copied().unwrap_or_default();
            let runs = runs.get(&commit.name).copied().unwrap_or_default();
            wire(commit, &gathering, cost, runs)
        };
        Ok(gathering.commits.iter().map(row).collect())
    }
}

/// The wire's word for a status.
pub(super) fn status(runs: Runs) -> Option<String> {
    runs.status.map(|status| status.as_str().to_ascii_lowercase())
}

fn wire(commit: &Gathered, gathering: &Gathering, cost: Share, runs: Runs) -> Commit {
    let (pushed, links) = (commit.pushed.first(), &commit.links);
    let text = |of_push: fn(&super::changes::Pushed) -> &String, of_link: fn(&super::changes::Link) -> &String| {
        let told = pushed.map(of_push).into_iter().chain(links.iter().map(of_link));
        told.into_iter().find(|text| !text.is_empty()).cloned()
    };
    let files =
        pushed.map(|row| &row.files_changed).into_iter().chain(links.iter().map(|link| &link.files)).find(|files| !files.is_empty());
    let request = commit.request.and_then(|number| gathering.requests.get(&(commit.name.repository_url.clone(), number)));
    let stated = links.iter().find(|link| link.pr_number.is_some() && !link.pr_url.is_empty()).map(|link| link.pr_url.clone());
    let mut sessions: Vec<CommitSession> = Vec::new();
    for link in links {
        if sessions.iter().all(|known| known.trace_id != link.trace_id) {
            let trace = gathering.traces.get(&link.trace_id);
            sessions.push(CommitSession {
                session_id: some(link.session_id.clone()).or_else(|| trace.and_then(|trace| some(trace.session_id.clone()))),
                agent: some(gathering.agent_of(link)),
                user_id: trace.and_then(|trace| some(trace.user_id.clone())),
                method: link.method.clone(),
                confidence: link.confidence,
                trace_id: link.trace_id.clone(),
            });
        }
    }
    Commit {
        repository_url: some(commit.name.repository_url.clone()),
        commit_sha: commit.name.sha.clone(),
        branch: commit.branch().map(str::to_owned),
        message: text(|row| &row.message, |link| &link.message),
        author_name: text(|row| &row.author_name, |link| &link.author_name),
        author_email: text(|row| &row.author_email, |link| &link.author_email),
        timestamp: time(commit.at()),
        pr_number: commit.request,
        pr_url: request.and_then(|row| some(row.url.clone())).or(stated),
        additions: links.iter().find_map(|link| link.additions),
        deletions: links.iter().find_map(|link| link.deletions),
        files_changed: files.cloned().unwrap_or_default(),
        sessions,
        cost: cost.cost.map(agenttrace_domain::Usd::as_f64),
        cost_complete: cost.complete,
        ci_status: status(runs),
        ci_runs: runs.count,
    }
}
