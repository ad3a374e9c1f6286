//! What is known of commits, gathered: links, pushes, the sessions and pull requests around them. Which tellings are of one commit, and what it cost, is
//! `agenttrace_domain::agent::linked`'s to say.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use agenttrace_domain::agent::linked::{CommitName, ModelCall, Request, Share, full_names, request_of, shares};
use agenttrace_domain::agent::{CiStatus, key};
use agenttrace_domain::{Timestamp, Usd, trace_hash};
use clickhouse::Row;
use serde::Deserialize;

use crate::Error;
use crate::condition::Condition;
use crate::connection::Project;
use crate::traces::{Texts, TraceRecord};

/// Most rows of one kind that are gathered for a page.
const MOST: u64 = 20_000;
/// Most traces of one question.
const TRACES: usize = 1_000;

#[derive(Debug, Clone, Row, Deserialize)]
pub(super) struct Link {
    pub id: String,
    pub trace_id: String,
    pub session_id: String,
    pub agent: String,
    pub repository_url: String,
    pub commit_sha: String,
    pub branch: String,
    pub pr_number: Option<u32>,
    pub pr_url: String,
    pub message: String,
    pub author_name: String,
    pub author_email: String,
    pub files: Vec<String>,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub method: String,
    pub confidence: f64,
    pub at: i64,
    pub is_deleted: u8,
}

#[derive(Debug, Clone, Row, Deserialize)]
pub(super) struct Pushed {
    pub sha: String,
    pub repository_url: String,
    pub branch: String,
    pub at: i64,
    pub pushed: i64,
    pub message: String,
    pub author_name: String,
    pub author_email: String,
    pub files_changed: Vec<String>,
    pub agents: Vec<String>,
}

#[derive(Debug, Clone, Row, Deserialize)]
pub(super) struct RequestRecord {
    pub repository_url: String,
    pub number: u32,
    pub url: String,
    pub title: String,
    pub state: String,
    pub head_branch: String,
    pub head_sha: String,
    pub base_branch: String,
    pub merge_sha: String,
    pub author: String,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub created: i64,
    pub closed: Option<i64>,
    pub merged: Option<i64>,
}

#[derive(Row, Deserialize)]
struct CallRecord {
    trace_id: String,
    at: i64,
    paid: Option<i64>,
}

#[derive(Row, Deserialize)]
struct RunRecord {
    repository_url: String,
    commit_sha: String,
    provider: String,
    run_id: String,
    job_name: String,
    status: String,
    #[allow(dead_code)]
    is_deleted: u8,
}

/// A commit with all that was told of it.
#[derive(Debug, Clone)]
pub(super) struct Gathered {
    pub name: CommitName,
    /// The surest first.
    pub links: Vec<Link>,
    /// The first push first.
    pub pushed: Vec<Pushed>,
    pub request: Option<u32>,
}

/// Commits with the sessions and pull requests around them.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    pub commits: Vec<Gathered>,
    pub traces: HashMap<String, TraceRecord>,
    pub requests: HashMap<(String, u32), RequestRecord>,
}

/// The CI runs of a commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Runs {
    pub count: u64,
    pub status: Option<CiStatus>,
}

impl Gathered {
    pub fn at(&self) -> i64 {
        let linked = self.links.iter().map(|link| link.at).min();
        self.pushed.first().map(|pushed| pushed.at).or(linked).unwrap_or_default()
    }

    /// Where it was first.
    pub fn branch(&self) -> Option<&str> {
        self.branches().next()
    }

    fn branches(&self) -> impl Iterator<Item = &str> {
        let pushed = self.pushed.iter().map(|pushed| pushed.branch.as_str());
        pushed.chain(self.links.iter().map(|link| link.branch.as_str())).filter(|branch| !branch.is_empty())
    }

    pub fn traces(&self) -> BTreeSet<&str> {
        self.links.iter().map(|link| link.trace_id.as_str()).collect()
    }
}

impl Gathering {
    /// Of a trace's metadata, empty when it isn't said.
    fn said(&self, trace_id: &str, name: &str) -> String {
        self.traces.get(trace_id).map(|trace| said(trace, name)).unwrap_or_default()
    }

    pub fn agent_of(&self, link: &Link) -> String {
        if link.agent.is_empty() { self.said(&link.trace_id, key::AGENT) } else { link.agent.clone() }
    }

    fn name_of(&self, link: &Link) -> CommitName {
        let known = &link.repository_url;
        let repository_url = if known.is_empty() { self.said(&link.trace_id, key::REPOSITORY) } else { known.clone() };
        CommitName { repository_url, sha: link.commit_sha.clone() }
    }
}

fn slot(commits: &mut BTreeMap<CommitName, Gathered>, name: CommitName) -> &mut Gathered {
    commits.entry(name.clone()).or_insert_with(|| Gathered { name, links: Vec::new(), pushed: Vec::new(), request: None })
}

/// A text of a trace's metadata: strings that would read as JSON stand in quotes.
pub(super) fn said(trace: &TraceRecord, name: &str) -> String {
    let value = trace.metadata.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    plain(value)
}

pub(super) fn plain(value: &str) -> String {
    if value.starts_with('"') { serde_json::from_str(value).unwrap_or_else(|_| value.to_owned()) } else { value.to_owned() }
}

pub(super) fn one_of(sql: &str, values: impl IntoIterator<Item = String>) -> Condition {
    let mut condition = Condition::default();
    condition.and_with(sql, vec![("Array(String)", values.into_iter().collect::<Vec<String>>().into())]);
    condition
}

impl Project<'_> {
    pub(super) async fn links(&self, condition: &Condition, whole: bool) -> Result<Vec<Link>, Error> {
        let ask = self.ask("read links to commits", include_str!("links.sql"));
        let ask = if whole {
            ask.part("message", "commit_message").part("files", "files_changed")
        } else {
            ask.part("message", "''").part("files", "CAST([], 'Array(String)')")
        };
        let mut links: Vec<Link> = ask.condition(condition).param("limit", MOST).rows().await?;
        links.retain(|link| link.is_deleted == 0);
        links.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.at.cmp(&b.at)).then_with(|| a.id.cmp(&b.id)));
        Ok(links)
    }

    pub(super) async fn pushed(&self, condition: &Condition) -> Result<Vec<Pushed>, Error> {
        let mut rows: Vec<Pushed> =
            self.ask("read pushed commits", include_str!("pushed.sql")).condition(condition).param("limit", MOST).rows().await?;
        rows.sort_unstable_by(|a, b| (a.pushed, &a.branch).cmp(&(b.pushed, &b.branch)));
        Ok(rows)
    }

    pub(super) async fn requests(&self, condition: &Condition) -> Result<Vec<RequestRecord>, Error> {
        self.ask("read pull requests", include_str!("requests.sql")).condition(condition).param("limit", MOST).rows().await
    }

    /// The commits whose ids begin with these.
    pub(super) async fn gather(&self, stems: &BTreeSet<String>) -> Result<Gathering, Error> {
        if stems.is_empty() {
            return Ok(Gathering::default());
        }
        let (of_links, of_pushes) =
            (one_of("left(commit_sha, 7) IN ?", stems.iter().cloned()), one_of("left(sha, 7) IN ?", stems.iter().cloned()));
        let (links, pushed) = futures::try_join!(self.links(&of_links, true), self.pushed(&of_pushes))?;
        let traces = self.traces_of(links.iter().map(|link| link.trace_id.as_str())).await?;
        let mut gathering = Gathering { traces, ..Gathering::default() };
        let of_link = links.iter().map(|link| gathering.name_of(link));
        let of_push = pushed.iter().map(|row| CommitName { repository_url: row.repository_url.clone(), sha: row.sha.clone() });
        let mut names = full_names(&of_link.chain(of_push).collect::<Vec<_>>()).into_iter();
        let mut commits: BTreeMap<CommitName, Gathered> = BTreeMap::new();
        for (link, name) in links.into_iter().zip(names.by_ref()) {
            slot(&mut commits, name).links.push(link);
        }
        for (row, name) in pushed.into_iter().zip(names) {
            slot(&mut commits, name).pushed.push(row);
        }
        gathering.commits = commits.into_values().collect();
        self.find_requests(&mut gathering).await?;
        Ok(gathering)
    }

    /// Puts each commit into its pull request.
    async fn find_requests(&self, gathering: &mut Gathering) -> Result<(), Error> {
        let commits = || gathering.commits.iter().filter(|commit| !commit.name.repository_url.is_empty());
        let repositories: BTreeSet<String> = commits().map(|commit| commit.name.repository_url.clone()).collect();
        if repositories.is_empty() {
            return Ok(());
        }
        let branches: BTreeSet<String> = commits().flat_map(Gathered::branches).map(str::to_owned).collect();
        let stems: BTreeSet<String> = commits().map(|commit| commit.name.stem().to_owned()).collect();
        let stated: BTreeSet<String> = commits().flat_map(|c| &c.links).filter_map(|link| link.pr_number).map(|n| n.to_string()).collect();
        let mut condition = one_of("repository_url IN ?", repositories);
        let list = |values: BTreeSet<String>| ("Array(String)", values.into_iter().collect::<Vec<String>>().into());
        condition.and_with(
            "head_branch IN ? OR left(head_sha, 7) IN ? OR left(merge_sha, 7) IN ? OR toString(number) IN ?",
            vec![list(branches), list(stems.clone()), list(stems), list(stated)],
        );
        let found = self.requests(&condition).await?;
        let requests: Vec<Request> = found.iter().map(RequestRecord::rule).collect();
        for commit in &mut gathering.commits {
            let stated = commit.links.iter().find_map(|link| link.pr_number);
            let branches: Vec<&str> = commit.branches().collect();
            let request = request_of(&commit.name, &branches, Timestamp(commit.at()), stated, &requests);
            commit.request = request;
        }
        gathering.requests = found.into_iter().map(|row| ((row.repository_url.clone(), row.number), row)).collect();
        Ok(())
    }

    pub(super) async fn traces_of<'t>(&self, ids: impl Iterator<Item = &'t str>) -> Result<HashMap<String, TraceRecord>, Error> {
        let ids: Vec<String> = ids.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect();
        let mut traces = HashMap::new();
        for ids in ids.chunks(TRACES) {
            traces.extend(self.traces_by_id(ids, Texts::Metadata).await?.into_iter().map(|row| (row.id.clone(), row)));
        }
        Ok(traces)
    }

    /// What each commit cost. Takes in all commits of the sessions that made them: each session's calls are split among its own.
    pub(super) async fn costs(&self, gathering: &Gathering) -> Result<HashMap<CommitName, Share>, Error> {
        let traces: BTreeSet<String> = gathering.commits.iter().flat_map(Gathered::traces).map(str::to_owned).collect();
        let mut costs: HashMap<CommitName, Share> = HashMap::new();
        for traces in traces.into_iter().collect::<Vec<_>>().chunks(TRACES) {
            let condition = one_of("trace_id IN ?", traces.iter().cloned());
            let (links, mut calls) = futures::try_join!(self.links(&condition, false), self.model_calls(traces))?;
            let known = gathering.commits.iter().map(|commit| commit.name.clone());
            let names = full_names(&links.iter().map(|link| gathering.name_of(link)).chain(known).collect::<Vec<_>>());
            let mut made: HashMap<&str, BTreeMap<CommitName, i64>> = HashMap::new();
            for (link, name) in links.iter().zip(names) {
                let first = made.entry(&link.trace_id).or_default().entry(name).or_insert(link.at);
                *first = link.at.min(*first);
            }
            for (trace_id, made) in made {
                let made: Vec<(Timestamp, CommitName)> = made.into_iter().map(|(name, at)| (Timestamp(at), name)).collect();
                for (name, share) in shares(&made, &calls.remove(trace_id).unwrap_or_default()) {
                    costs.entry(name).or_default().add(share);
                }
            }
        }
        Ok(costs)
    }

    async fn model_calls(&self, trace_ids: &[String]) -> Result<HashMap<String, Vec<ModelCall>>, Error> {
        let minutes = self.minutes_of(trace_ids).await?;
        let mut calls: HashMap<String, Vec<ModelCall>> = HashMap::new();
        if minutes.is_empty() {
            return Ok(calls);
        }
        let rows: Vec<CallRecord> = self
            .ask("read sessions' model calls", include_str!("model_calls.sql"))
            .heavy()
            .param("minutes", minutes)
            .param("hashes", trace_ids.iter().map(|id| trace_hash(id)).collect::<Vec<u32>>())
            .param("trace_ids", trace_ids)
            .rows()
            .await?;
        for row in rows {
            calls.entry(row.trace_id).or_default().push(ModelCall { at: Timestamp(row.at), cost: row.paid.map(Usd) });
        }
        Ok(calls)
    }

    /// The CI runs of commits, as far as they are known for the commit's repository or for none.
    pub(super) async fn runs_of(&self, names: &[CommitName]) -> Result<HashMap<CommitName, Runs>, Error> {
        let stems: BTreeSet<String> = names.iter().map(|name| name.stem().to_owned()).collect();
        if stems.is_empty() {
            return Ok(HashMap::new());
        }
        let stems: Vec<String> = stems.into_iter().collect();
        let ask = self.ask("read commits' CI runs", include_str!("runs_of_commits.sql")).param("stems", stems).param("limit", MOST);
        let mut rows: Vec<RunRecord> = ask.rows().await?;
        rows.retain(|row| row.is_deleted == 0);
        Ok(names.iter().map(|name| (name.clone(), runs_of(name, &rows))).collect())
    }
}

impl RequestRecord {
    fn rule(&self) -> Request {
        Request {
            repository_url: self.repository_url.clone(),
            number: self.number,
            head_branch: self.head_branch.clone(),
            base_branch: self.base_branch.clone(),
            head_sha: self.head_sha.clone(),
            merge_sha: self.merge_sha.clone(),
            closed_at: self.closed.map(Timestamp),
        }
    }
}

/// A run's own row counts; where only its jobs are known, what follows from them.
fn runs_of(name: &CommitName, rows: &[RunRecord]) -> Runs {
    let here = |row: &&RunRecord| {
        let repository = row.repository_url.is_empty() || row.repository_url == name.repository_url;
        repository && (row.commit_sha.starts_with(&name.sha) || name.sha.starts_with(&row.commit_sha))
    };
    let mut runs: BTreeMap<(&str, &str), Vec<&RunRecord>> = BTreeMap::new();
    for row in rows.iter().filter(here) {
        runs.entry((&row.provider, &row.run_id)).or_default().push(row);
    }
    let statuses = runs.values().map(|rows| {
        let own: Vec<_> = rows.iter().filter(|row| row.job_name.is_empty()).collect();
        let counted = if own.is_empty() { rows.iter().collect() } else { own };
        CiStatus::together(counted.into_iter().filter_map(|row| CiStatus::parse(&row.status)))
    });
    Runs { count: runs.len() as u64, status: CiStatus::together(statuses.flatten()) }
}
