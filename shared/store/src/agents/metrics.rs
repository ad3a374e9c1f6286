//! Sums of the metrics that agents report.

use std::collections::BTreeMap;

use agenttrace_api::agents::AgentMetricSum;
use clickhouse::Row;
use serde::Deserialize;

use crate::condition::Condition;
use crate::connection::Project;
use crate::{Error, TimeRange, text};

/// Most parts of a group.
pub const MAX_GROUPS: usize = 4;

/// By what sums are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    Session,
    Agent,
    Hour,
    Day,
    /// A point's attribute.
    Attribute(String),
}

impl Group {
    /// A comma list, each name once. The error is a sentence for the caller.
    pub fn parse(text: Option<&str>) -> Result<Vec<Self>, String> {
        let mut groups = Vec::new();
        for name in text.unwrap_or_default().split(',').map(str::trim).filter(|n| !n.is_empty()) {
            let group = match name {
                "session" | "sessionId" => Self::Session,
                "agent" => Self::Agent,
                "hour" => Self::Hour,
                "day" => Self::Day,
                name if name.len() <= 200 => Self::Attribute(name.to_owned()),
                _ => return Err("`groupBy` holds a name of more than 200 bytes".to_owned()),
            };
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        if groups.len() > MAX_GROUPS {
            return Err(format!("`groupBy` takes at most {MAX_GROUPS} names"));
        }
        if groups.contains(&Self::Hour) && groups.contains(&Self::Day) {
            return Err("`groupBy` takes `hour` or `day`, not both".to_owned());
        }
        Ok(groups)
    }

    fn name(&self) -> &str {
        match self {
            Self::Session => "session",
            Self::Agent => "agent",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Attribute(name) => name,
        }
    }

    const fn is_time(&self) -> bool {
        matches!(self, Self::Hour | Self::Day)
    }
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Sums<'a> {
    pub name: Option<&'a str>,
    pub agent: Option<&'a str>,
    pub session_id: Option<&'a str>,
    pub range: TimeRange,
    pub groups: Vec<Group>,
    pub limit: u64,
}

#[derive(Row, Deserialize)]
struct Sum {
    name: String,
    unit: String,
    kind: String,
    groups: Vec<String>,
    bucket: i64,
    value: f64,
    count: u64,
    points: u64,
}

impl Project<'_> {
    /// Sums by metric and group, the largest first.
    pub async fn agent_metrics(&self, sums: Sums<'_>) -> Result<Vec<AgentMetricSum>, Error> {
        let mut condition = Condition::default();
        for (sql, value) in [("name = ?", sums.name), ("agent = ?", sums.agent), ("session_id = ?", sums.session_id)] {
            if let Some(value) = value {
                condition.and_with(sql, vec![("String", value.into())]);
            }
        }
        let parts: Vec<&Group> = sums.groups.iter().filter(|g| !g.is_time()).collect();
        let mut fragment = String::from("CAST([");
        let mut attributes: Vec<(String, String)> = Vec::new();
        for (i, group) in parts.iter().enumerate() {
            if i > 0 {
                fragment.push_str(", ");
            }
            match group {
                Group::Session => fragment.push_str("session_id"),
                Group::Agent => fragment.push_str("toString(agent)"),
                Group::Attribute(name) => {
                    fragment.push_str(&format!("attributes[{{group_{i}:String}}]"));
                    attributes.push((format!("group_{i}"), name.clone()));
                }
                Group::Hour | Group::Day => {}
            }
        }
        fragment.push_str("] AS Array(String))");
        let time = sums.groups.iter().find(|g| g.is_time());
        let bucket = match time {
            Some(Group::Hour) => "intDiv(point.1, toInt64(3600000000)) * toInt64(3600000000)",
            Some(_) => "intDiv(point.1, toInt64(86400000000)) * toInt64(86400000000)",
            None => "toInt64(0)",
        };
        let mut ask = self
            .ask("sum metrics", include_str!("metrics.sql"))
            .heavy()
            .fragment("groups", &fragment)
            .part("bucket", bucket)
            .param("from", sums.range.first_micros())
            .param("to", sums.range.to_micros())
            .param("limit", sums.limit)
            .condition(&condition);
        for (name, value) in attributes {
            ask = ask.param(&name, value);
        }
        let rows: Vec<Sum> = ask.rows().await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let mut group: BTreeMap<String, String> = parts.iter().map(|g| g.name().to_owned()).zip(row.groups).collect();
                if let Some(time) = time {
                    group.insert(time.name().to_owned(), text::time(row.bucket));
                }
                AgentMetricSum {
                    name: row.name,
                    unit: row.unit,
                    kind: row.kind,
                    group,
                    value: row.value,
                    count: row.count,
                    points: row.points,
                }
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_bounded_and_each_once() {
        assert_eq!(Group::parse(None), Ok(vec![]));
        assert_eq!(Group::parse(Some("agent, type,agent")), Ok(vec![Group::Agent, Group::Attribute("type".into())]));
        assert!(Group::parse(Some("a,b,c,d,e")).is_err());
        assert!(Group::parse(Some("hour,day")).is_err());
    }
}
