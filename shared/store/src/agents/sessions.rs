//! Sessions of coding agents: a trace each, with what was done in it. The trace's own row says most; a page's steps, commands, files and commits are counted
//! beside it.

use std::collections::{BTreeSet, HashMap};

use agenttrace_api::agents::{AgentSession, PullRequestRef};
use agenttrace_domain::agent::key;
use agenttrace_domain::trace_hash;
use clickhouse::{Row, RowOwned, RowRead};
use serde::Deserialize;

use super::FAILED;
use super::changes::{Gathering, one_of, said};
use crate::condition::Condition;
use crate::connection::{Ask, Project};
use crate::text::{some, time, usd};
use crate::traces::{self, Texts, TraceRecord};
use crate::{Error, TimeRange};

/// Characters of the first prompt that stand for a session's title.
const TITLE: usize = 200;

pub use crate::traces::Position;

/// Which sessions; empty texts are no filters.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    pub agent: Option<String>,
    /// As [`agenttrace_domain::repository_url`] writes it.
    pub repository: Option<String>,
    pub branch: Option<String>,
    pub user_id: Option<String>,
    pub environment: Option<String>,
    pub search: Option<String>,
}

impl SessionFilter {
    /// On columns of `traces`.
    pub(super) fn condition(&self) -> Condition {
        let mut condition = Condition::default();
        let text = |value: &String| ("String", value.as_str().into());
        match &self.agent {
            Some(agent) => condition.and_with("metadata['agent.name'] = ?", vec![text(agent)]),
            None => condition.and_with("metadata['agent.name'] != ''", vec![]),
        }
        if let Some(url) = &self.repository {
            let sql = "metadata['vcs.repository.url.full'] = ? OR id IN \
                       (SELECT trace_id FROM git_links FINAL WHERE project_id = {project:String} AND repository_url = ?)";
            condition.and_with(sql, vec![text(url), text(url)]);
        }
        if let Some(branch) = &self.branch {
            // A name that would read as JSON stands in quotes.
            let quoted = serde_json::to_string(branch).unwrap_or_default();
            let sql = "metadata['vcs.ref.head.name'] IN (?, ?) OR id IN \
                       (SELECT trace_id FROM git_links FINAL WHERE project_id = {project:String} AND branch = ?)";
            condition.and_with(sql, vec![text(branch), text(&quoted), text(branch)]);
        }
        if let Some(user) = &self.user_id {
            condition.and_with("user_id = ?", vec![text(user)]);
        }
        if let Some(environment) = &self.environment {
            condition.and_with("environment = ?", vec![text(environment)]);
        }
        if let Some(part) = &self.search {
            let columns = ["input_preview", "id", "session_id"];
            let sql = columns.map(|c| format!("positionCaseInsensitiveUTF8({c}, ?) > 0")).join(" OR ");
            condition.and_with(&sql, vec![text(part), text(part), text(part)]);
        }
        condition
    }
}

/// The order of a list of sessions; always the newest or the largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionOrder(traces::Order);

impl SessionOrder {
    /// Nothing or an empty text is newest first. The error is a sentence for the caller.
    pub fn parse(text: Option<&str>) -> Result<Self, String> {
        let order = match text.map(str::trim).filter(|t| !t.is_empty()) {
            None | Some("startTime") => traces::Order::NEWEST,
            Some("totalCost") => traces::Order::parse(Some("totalCost.desc"))?,
            Some("durationMs") => traces::Order::parse(Some("latency.desc"))?,
            Some("failedCommands") => traces::Order::joined("failedCommands", "failed_commands", include_str!("failed.sql")),
            Some(_) => return Err("`orderBy` must be one of startTime, totalCost, durationMs, failedCommands".to_owned()),
        };
        Ok(Self(order))
    }

    /// Was the cursor made by a list in this order?
    #[must_use]
    pub fn fits(self, position: &Position) -> bool {
        position.fits(self.0)
    }
}

/// What a list of sessions is asked for.
#[derive(Debug, Clone)]
pub struct SessionList {
    pub range: TimeRange,
    pub filter: SessionFilter,
    pub order: SessionOrder,
    pub after: Option<Position>,
    pub limit: usize,
}

#[derive(Default, Row, Deserialize)]
struct Steps {
    trace_id: String,
    turns: u64,
    model_calls: u64,
    tool_calls: u64,
    subagents: u64,
}

#[derive(Default, Row, Deserialize)]
struct Commands {
    trace_id: String,
    commands: u64,
    failed_commands: u64,
}

#[derive(Default, Row, Deserialize)]
struct Files {
    trace_id: String,
    files_changed: u64,
    lines_added: u64,
    lines_removed: u64,
}

/// What is counted beside the traces, by trace.
#[derive(Default)]
struct Counts {
    steps: HashMap<String, Steps>,
    commands: HashMap<String, Commands>,
    files: HashMap<String, Files>,
    gathering: Gathering,
}

impl Project<'_> {
    /// A page of sessions in order, and where the next one begins.
    pub async fn list_agent_sessions(&self, list: SessionList) -> Result<(Vec<AgentSession>, Option<Position>), Error> {
        let asked = traces::List {
            range: list.range,
            condition: list.filter.condition(),
            search: None,
            order: list.order.0,
            after: list.after,
            skip: 0,
            limit: list.limit,
            texts: Texts::Metadata,
        };
        let found = self.list_traces(asked).await?;
        Ok((self.sessions_of(found.rows).await?, found.next))
    }

    /// `None` when there is no such trace, or it is no agent's.
    pub async fn get_agent_session(&self, trace_id: &str) -> Result<Option<AgentSession>, Error> {
        let mut found = self.traces_by_id(&[trace_id.to_owned()], Texts::Metadata).await?;
        found.retain(|trace| !said(trace, key::AGENT).is_empty());
        Ok(self.sessions_of(found).await?.pop())
    }

    async fn sessions_of(&self, traces: Vec<TraceRecord>) -> Result<Vec<AgentSession>, Error> {
        let ids: Vec<String> = traces.iter().map(|trace| trace.id.clone()).collect();
        let mut counts = self.count_in_sessions(&ids).await?;
        Ok(traces.into_iter().map(|trace| counts.session(trace)).collect())
    }

    async fn count_in_sessions(&self, ids: &[String]) -> Result<Counts, Error> {
        if ids.is_empty() {
            return Ok(Counts::default());
        }
        let minutes = self.minutes_of(ids).await?;
        let steps = self
            .ask("count sessions' steps", include_str!("session_steps.sql"))
            .param("minutes", minutes)
            .param("hashes", ids.iter().map(|id| trace_hash(id)).collect::<Vec<u32>>());
        let commands = self.ask("count sessions' commands", include_str!("session_commands.sql")).part("failed", FAILED);
        let files = self.ask("count sessions' files", include_str!("session_files.sql"));
        let of_links = one_of("trace_id IN ?", ids.iter().cloned());
        let (steps, commands, files, links) = futures::try_join!(
            by_trace(steps, ids, |row: &Steps| &row.trace_id),
            by_trace(commands, ids, |row: &Commands| &row.trace_id),
            by_trace(files, ids, |row: &Files| &row.trace_id),
            self.links(&of_links, false),
        )?;
        let stems: BTreeSet<String> = links.iter().map(|link| link.commit_sha.chars().take(7).collect()).collect();
        Ok(Counts { steps, commands, files, gathering: self.gather(&stems).await? })
    }
}

async fn by_trace<T: RowOwned + RowRead>(ask: Ask, ids: &[String], id: impl Fn(&T) -> &String) -> Result<HashMap<String, T>, Error> {
    let rows: Vec<T> = ask.param("trace_ids", ids).rows().await?;
    Ok(rows.into_iter().map(|row| (id(&row).clone(), row)).collect())
}

impl Counts {
    fn session(&mut self, trace: TraceRecord) -> AgentSession {
        let steps = self.steps.remove(&trace.id).unwrap_or_default();
        let commands = self.commands.remove(&trace.id).unwrap_or_default();
        let files = self.files.remove(&trace.id).unwrap_or_default();
        let linked: Vec<_> = self.gathering.commits.iter().filter(|c| c.links.iter().any(|link| link.trace_id == trace.id)).collect();
        let mut requests: Vec<PullRequestRef> = Vec::new();
        for commit in &linked {
            let Some(number) = commit.request else { continue };
            let known = self.gathering.requests.get(&(commit.name.repository_url.clone(), number)).map(|r| r.url.clone());
            let told = || commit.links.iter().find(|link| link.pr_number == Some(number)).map(|link| link.pr_url.clone());
            requests.push(PullRequestRef { number, url: known.or_else(told).and_then(some) });
        }
        requests.sort_unstable();
        requests.dedup();
        let first = |name: fn(&super::changes::Gathered) -> Option<&str>| linked.iter().find_map(|commit| name(commit)).map(str::to_owned);
        let repository = some(said(&trace, key::REPOSITORY))
            .or_else(|| first(|commit| Some(commit.name.repository_url.as_str()).filter(|url| !url.is_empty())));
        let branch = some(said(&trace, key::BRANCH)).or_else(|| first(|commit| commit.branch()));
        let duration_ms = trace.latency_ms.unwrap_or(0);
        let end = trace.at.saturating_add(i64::try_from(duration_ms).unwrap_or(i64::MAX).saturating_mul(1_000));
        AgentSession {
            agent: said(&trace, key::AGENT),
            agent_version: some(said(&trace, key::AGENT_VERSION)).or_else(|| some(trace.version.clone())),
            title: some(trace.input_preview.chars().take(TITLE).collect()),
            user_id: some(trace.user_id),
            environment: trace.environment,
            repository_url: repository,
            branch,
            models: trace.models,
            start_time: time(trace.at),
            end_time: time(end),
            duration_ms,
            turns: steps.turns,
            model_calls: steps.model_calls,
            tool_calls: steps.tool_calls,
            subagents: steps.subagents,
            commands: commands.commands,
            failed_commands: commands.failed_commands,
            files_changed: files.files_changed,
            lines_added: files.lines_added,
            lines_removed: files.lines_removed,
            commits: linked.len() as u64,
            pull_requests: requests,
            input_tokens: trace.input_tokens,
            output_tokens: trace.output_tokens,
            total_tokens: trace.total_tokens,
            total_cost: trace.total_cost.map(usd),
            cost_complete: trace.unpriced_count == 0,
            errors: trace.error_count,
            session_id: trace.session_id,
            trace_id: trace.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filters_text_never_stands_in_the_query() {
        let hostile = || Some("x') OR 1 --".to_owned());
        let filter = SessionFilter {
            agent: hostile(),
            repository: hostile(),
            branch: hostile(),
            user_id: hostile(),
            environment: hostile(),
            search: hostile(),
        };

        assert!(!filter.condition().sql().contains("OR 1"));
    }

    #[test]
    fn orders_are_the_declared_ones() {
        for name in ["startTime", "totalCost", "durationMs", "failedCommands", ""] {
            assert!(SessionOrder::parse(Some(name)).is_ok(), "{name}");
        }
        assert!(SessionOrder::parse(Some("startTime.asc")).is_err());
    }
}
