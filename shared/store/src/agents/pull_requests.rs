//! Pull requests: what the host told of them, or links name, with the commits and sessions in them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use agenttrace_api::agents::PullRequest;
use agenttrace_domain::Timestamp;
use agenttrace_domain::agent::linked::{CommitName, STEM, Share};
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::both::Tests;
use super::changes::{Gathered, Gathering, RequestRecord, Runs, one_of};
use super::commits::status;
use crate::condition::Condition;
use crate::connection::Project;
use crate::text::{some, time};
use crate::{Error, TimeRange};

/// What a pull request may be, in the order of the declaration.
pub const STATES: &[&str] = &["open", "merged", "closed", "unknown"];

/// Which pull requests.
#[derive(Debug, Clone, Default)]
pub struct PullRequestFilter {
    /// As [`agenttrace_domain::repository_url`] writes it.
    pub repository: Option<String>,
    pub branch: Option<String>,
    pub author: Option<String>,
    pub agent: Option<String>,
    pub search: Option<String>,
    /// One of [`STATES`].
    pub state: Option<&'static str>,
}

impl PullRequestFilter {
    fn tests(&self) -> Tests {
        let mut tests = Tests::default();
        if let Some(url) = &self.repository {
            tests.add(("repository_url = ?", &[url]), ("repository_url = ?", &[url]));
        }
        if let Some(branch) = &self.branch {
            tests.add(("head_branch = ?", &[branch]), ("branch = ?", &[branch]));
        }
        if let Some(part) = &self.author {
            tests
                .add(("positionCaseInsensitiveUTF8(author, ?) > 0", &[part]), ("positionCaseInsensitiveUTF8(author_name, ?) > 0", &[part]));
        }
        if let Some(agent) = &self.agent {
            let of_agent =
                "FROM git_links FINAL WHERE project_id = {project:String} AND (agent = ? OR startsWith(trace_id, concat(?, '-')))";
            let told = format!(
                "(repository_url, head_branch) IN (SELECT repository_url, branch {of_agent}) OR left(head_sha, 7) IN (SELECT left(commit_sha, 7) {of_agent}) \
                 OR (merge_sha != '' AND left(merge_sha, 7) IN (SELECT left(commit_sha, 7) {of_agent})) OR (repository_url, head_branch) IN \
                 (SELECT repository_url, branch FROM commits FINAL WHERE project_id = {{project:String}} AND has(agents, ?))"
            );
            tests.add((&told, &[agent; 7]), ("agent = ? OR startsWith(trace_id, concat(?, '-'))", &[agent, agent]));
        }
        if let Some(part) = &self.search {
            let told =
                "toString(number) = ? OR positionCaseInsensitiveUTF8(title, ?) > 0 OR positionCaseInsensitiveUTF8(head_branch, ?) > 0";
            let linked = "toString(pr_number) = ? OR positionCaseInsensitiveUTF8(branch, ?) > 0";
            tests.add((told, &[part; 3]), (linked, &[part; 2]));
        }
        tests
    }

    const fn state(&self) -> &'static str {
        match self.state {
            Some(_) => "if(countIf(told) > 0, anyIf(standing, told), 'unknown') = {state:String}",
            None => "1",
        }
    }
}

/// Where a list goes on: behind this pull request. What a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequestPosition {
    t: i64,
    r: String,
    n: u32,
}

impl PullRequestPosition {
    #[must_use]
    pub fn is_possible(&self) -> bool {
        (Timestamp::MIN.0..=Timestamp::MAX.0).contains(&self.t)
    }
}

/// What a list of pull requests is asked for.
#[derive(Debug, Clone)]
pub struct PullRequestList {
    pub range: TimeRange,
    pub filter: PullRequestFilter,
    pub after: Option<PullRequestPosition>,
    pub limit: usize,
}

#[derive(Row, Deserialize)]
struct Found {
    repository: String,
    number: u32,
    first: i64,
}

/// What a pull request is made of.
#[derive(Default)]
struct Sum {
    commits: u64,
    traces: BTreeSet<String>,
    agents: BTreeSet<String>,
    additions: Option<u64>,
    deletions: Option<u64>,
    cost: Share,
    url: Option<String>,
    branch: Option<String>,
    newest: Option<(i64, CommitName)>,
}

impl Project<'_> {
    /// A page of pull requests, newest first, and where the next one begins.
    pub async fn list_pull_requests(&self, list: PullRequestList) -> Result<(Vec<PullRequest>, Option<PullRequestPosition>), Error> {
        let ask = self.ask("list pull requests", include_str!("requests_page.sql")).heavy();
        let ask = list.filter.tests().put(ask, "told_tests", "link_tests").part("state", list.filter.state());
        let ask = match list.filter.state {
            Some(state) => ask.param("state", state),
            None => ask,
        };
        let ask = match &list.after {
            None => ask.part("position", "1"),
            Some(p) => ask
                .part("position", "(first, repository, number) < ({after:Int64}, {after_repository:String}, {after_number:UInt32})")
                .param("after", p.t)
                .param("after_repository", p.r.as_str())
                .param("after_number", p.n),
        };
        let mut found: Vec<Found> = ask
            .param("from", list.range.first_micros())
            .param("to", list.range.to_micros())
            .param("limit", list.limit as u64 + 1)
            .rows()
            .await?;
        let more = found.len() > list.limit;
        found.truncate(list.limit);
        let next = found.last().filter(|_| more).map(|f| PullRequestPosition { t: f.first, r: f.repository.clone(), n: f.number });
        Ok((self.request_rows(found).await?, next))
    }

    async fn request_rows(&self, found: Vec<Found>) -> Result<Vec<PullRequest>, Error> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut condition = one_of("repository_url IN ?", found.iter().map(|f| f.repository.clone()));
        let numbers: Vec<String> = found.iter().map(|f| f.number.to_string()).collect();
        condition.and_with("toString(number) IN ?", vec![("Array(String)", numbers.into())]);
        let known: HashMap<(String, u32), RequestRecord> =
            self.requests(&condition).await?.into_iter().map(|row| ((row.repository_url.clone(), row.number), row)).collect();
        let gathering = self.gather(&self.stems_of(&found, &known).await?).await?;
        let costs = self.costs(&gathering).await?;
        let mut sums: BTreeMap<(String, u32), Sum> = BTreeMap::new();
        for commit in &gathering.commits {
            let Some(number) = commit.request else { continue };
            let share = costs.get(&commit.name).copied().unwrap_or_default();
            sums.entry((commit.name.repository_url.clone(), number)).or_default().add(commit, &gathering, share);
        }
        let mut rows: Vec<(Found, Option<&RequestRecord>, Sum)> = Vec::new();
        for f in found {
            let key = (f.repository.clone(), f.number);
            let sum = sums.remove(&key).unwrap_or_default();
            rows.push((f, known.get(&key), sum));
        }
        let heads: Vec<CommitName> = rows.iter().filter_map(|(_, row, sum)| head(*row, sum)).collect();
        let runs = self.runs_of(&heads).await?;
        let of = |row: Option<&RequestRecord>, sum: &Sum| head(row, sum).and_then(|name| runs.get(&name).copied()).unwrap_or_default();
        Ok(rows.into_iter().map(|(f, row, sum)| wire(f, row, of(row, &sum), sum)).collect())
    }

    /// The begins of the ids of all commits that may be in these: on their branches, at their ends, or named by a link.
    async fn stems_of(&self, found: &[Found], known: &HashMap<(String, u32), RequestRecord>) -> Result<BTreeSet<String>, Error> {
        let repositories: BTreeSet<String> = found.iter().map(|f| f.repository.clone()).collect();
        let branches: BTreeSet<String> = known.values().filter(|r| r.head_branch != r.base_branch).map(|r| r.head_branch.clone()).collect();
        let numbers: BTreeSet<String> = found.iter().map(|f| f.number.to_string()).collect();
        let list = |values: &BTreeSet<String>| ("Array(String)", values.iter().cloned().collect::<Vec<String>>().into());
        let mut pushed = Condition::default();
        pushed.and_with("repository_url IN ? AND branch IN ?", vec![list(&repositories), list(&branches)]);
        let mut linked = Condition::default();
        linked.and_with(
            "(repository_url IN ? OR repository_url = '') AND (branch IN ? OR toString(pr_number) IN ?)",
            vec![list(&repositories), list(&branches), list(&numbers)],
        );
        let (pushed, links) = futures::try_join!(self.pushed(&pushed), self.links(&linked, false))?;
        let ids = known.values().flat_map(|r| [&r.head_sha, &r.merge_sha]).filter(|sha| !sha.is_empty());
        let ids = ids.chain(pushed.iter().map(|row| &row.sha)).chain(links.iter().map(|link| &link.commit_sha));
        Ok(ids.map(|sha| sha.chars().take(STEM).collect()).collect())
    }
}

impl Sum {
    fn add(&mut self, commit: &Gathered, gathering: &Gathering, share: Share) {
        self.commits += 1;
        self.cost.add(share);
        self.newest = self.newest.take().max(Some((commit.at(), commit.name.clone())));
        self.traces.extend(commit.traces().into_iter().map(str::to_owned));
        self.agents.extend(commit.links.iter().map(|link| gathering.agent_of(link)).filter(|agent| !agent.is_empty()));
        let sum = |a: Option<u64>, b: Option<u64>| if a.is_some() || b.is_some() { Some(a.unwrap_or(0) + b.unwrap_or(0)) } else { None };
        self.agents.extend(commit.pushed.iter().flat_map(|pushed| pushed.agents.clone()));
        self.additions = sum(self.additions, commit.links.iter().find_map(|link| link.additions));
        self.deletions = sum(self.deletions, commit.links.iter().find_map(|link| link.deletions));
        let stated = commit.links.iter().find(|link| link.pr_number == commit.request && !link.pr_url.is_empty());
        self.url = self.url.take().or_else(|| stated.map(|link| link.pr_url.clone()));
        self.branch = self.branch.take().or_else(|| commit.branch().map(str::to_owned));
    }
}

/// The commit that stands for how a pull request's CI went.
fn head(row: Option<&RequestRecord>, sum: &Sum) -> Option<CommitName> {
    match row {
        Some(row) if !row.head_sha.is_empty() => Some(CommitName { repository_url: row.repository_url.clone(), sha: row.head_sha.clone() }),
        _ => sum.newest.as_ref().map(|(_, name)| name.clone()),
    }
}

fn wire(found: Found, row: Option<&RequestRecord>, runs: Runs, sum: Sum) -> PullRequest {
    let said = |text: fn(&RequestRecord) -> &String| row.and_then(|row| some(text(row).clone()));
    PullRequest {
        number: found.number,
        url: said(|row| &row.url).or(sum.url),
        title: said(|row| &row.title),
        state: said(|row| &row.state).unwrap_or_else(|| "unknown".to_owned()),
        head_branch: said(|row| &row.head_branch).or(sum.branch),
        author: said(|row| &row.author),
        created_at: row.map(|row| time(row.created)),
        merged_at: row.and_then(|row| row.merged).map(time),
        commits: sum.commits,
        sessions: sum.traces.len() as u64,
        agents: sum.agents.into_iter().collect(),
        additions: row.and_then(|row| row.additions).or(sum.additions),
        deletions: row.and_then(|row| row.deletions).or(sum.deletions),
        cost: sum.cost.cost.map(agenttrace_domain::Usd::as_f64),
        cost_complete: sum.cost.complete,
        ci_status: status(runs),
        repository_url: found.repository,
    }
}
