//! What coding agents did and cost, summed by agent, repository, branch, person, model or day.

use agenttrace_api::agents::AgentUsageRow;
use clickhouse::Row;
use serde::Deserialize;

use super::FAILED;
use super::changes::plain;
use super::sessions::SessionFilter;
use crate::connection::Project;
use crate::text::time;
use crate::{Error, TimeRange};

/// By what sessions are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageGroup {
    Agent,
    Repository,
    Branch,
    User,
    Model,
    Day,
}

impl UsageGroup {
    /// The error is a sentence for the caller.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(match text.trim() {
            "agent" => Self::Agent,
            "repository" => Self::Repository,
            "branch" => Self::Branch,
            "userId" => Self::User,
            "model" => Self::Model,
            "day" => Self::Day,
            _ => return Err("`groupBy` must be one of agent, repository, branch, userId, model, day".to_owned()),
        })
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Repository => "if(repository != '', repository, linked_repository)",
            Self::Branch => "if(branch != '', branch, linked_branch)",
            Self::User => "user_id",
            Self::Model => "toString(used_model)",
            Self::Day => "toString(intDiv(at - positiveModulo(at, toInt64(86400000000)), toInt64(86400000000)))",
        }
    }
}

#[derive(Row, Deserialize)]
struct Sum {
    key: String,
    sessions: u64,
    people: u64,
    turn_count: u64,
    command_count: u64,
    failed_count: u64,
    commits: u64,
    lines_added: u64,
    lines_removed: u64,
    tokens: u64,
    cost: Option<f64>,
    unpriced: u64,
}

impl Project<'_> {
    /// Sums by group: days newest first, else the groups with the most sessions first.
    pub async fn agent_usage(
        &self,
        group: UsageGroup,
        range: TimeRange,
        filter: &SessionFilter,
        limit: u64,
    ) -> Result<Vec<AgentUsageRow>, Error> {
        let by_model = group == UsageGroup::Model;
        let ask = self.ask("sum what agents did", include_str!("usage.sql")).heavy().part("key", group.key()).part("failed", FAILED);
        let ask = ask.part("models", if by_model { include_str!("usage_models.sql") } else { "" });
        let ask = ask.part("tokens", if by_model { "model_tokens" } else { "total_tokens" });
        let ask = ask.part("cost", if by_model { "model_cost" } else { "total_cost" });
        let ask = ask.part("unpriced", if by_model { "model_unpriced" } else { "unpriced_count" });
        let rows: Vec<Sum> = ask
            .part("order", if group == UsageGroup::Day { "toInt64(key) DESC" } else { "sessions DESC, key" })
            .param("from_minute", range.first_minute())
            .param("to_minute", range.to_minute())
            .param("from", range.first_micros())
            .param("to", range.to_micros())
            .param("limit", limit)
            .condition(&filter.condition())
            .rows()
            .await?;
        Ok(rows.into_iter().map(|row| row.wire(group)).collect())
    }
}

impl Sum {
    fn wire(self, group: UsageGroup) -> AgentUsageRow {
        let key = match group {
            UsageGroup::Day => self.key.parse::<i64>().map(|day| time(day * 86_400_000_000)).unwrap_or_default().chars().take(10).collect(),
            _ => plain(&self.key),
        };
        AgentUsageRow {
            key,
            sessions: self.sessions,
            people: self.people,
            turns: self.turn_count,
            commands: self.command_count,
            failed_commands: self.failed_count,
            commits: self.commits,
            lines_added: self.lines_added,
            lines_removed: self.lines_removed,
            total_tokens: self.tokens,
            total_cost: self.cost,
            cost_complete: self.unpriced == 0,
        }
    }
}
