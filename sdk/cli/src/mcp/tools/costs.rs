//! What agents cost.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Ask;
use crate::mcp::backend::{Failure, Query, get};

/// Groups of an answer.
const MOST: usize = 100;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum GroupBy {
    Day,
    Agent,
    Model,
    Repository,
    Branch,
    UserId,
}

impl GroupBy {
    const fn name(&self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Agent => "agent",
            Self::Model => "model",
            Self::Repository => "repository",
            Self::Branch => "branch",
            Self::UserId => "userId",
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CostSummary {
    group_by: GroupBy,
    agent: Option<String>,
    /// Address of the repository.
    repository: Option<String>,
    branch: Option<String>,
    user_id: Option<String>,
    environment: Option<String>,
    /// From this time on, ISO 8601.
    from: Option<String>,
    /// Before this time, ISO 8601.
    to: Option<String>,
}

impl Ask for CostSummary {
    const NAME: &'static str = "cost_summary";
    const TITLE: &'static str = "Sum up cost and activity";
    const DESCRIPTION: &'static str = "Cost in USD, tokens, sessions, people, turns, commands, failures, commits and changed lines of coding agents, by day, agent, model, repository, branch or person. \
        `costComplete` false: some calls have no known price, so the true cost is higher.";

    fn run(self) -> Result<Value, Failure> {
        let query = Query::new()
            .with("groupBy", Some(self.group_by.name()))
            .with("agent", self.agent)
            .with("repository", self.repository)
            .with("branch", self.branch)
            .with("userId", self.user_id)
            .with("environment", self.environment)
            .with("fromTimestamp", self.from)
            .with("toTimestamp", self.to);
        let answer = get("/api/public/agent-usage", &query)?;
        let rows = answer["data"].as_array().cloned().unwrap_or_default();
        let more = rows.len() > MOST;
        let mut summary = json!({"groupedBy": self.group_by.name(), "groups": rows.into_iter().take(MOST).collect::<Vec<_>>()});
        if more {
            summary["incomplete"] = format!("only the first {MOST} groups; narrow the time or the filters").into();
        }
        Ok(summary)
    }
}
