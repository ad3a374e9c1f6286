//! Counts and facets of traces.

use agenttrace_api::traces::Facet;
use clickhouse::Row;
use serde::Deserialize;

use super::Search;
use crate::condition::Condition;
use crate::connection::Project;
use crate::{Error, TimeRange};

#[derive(Row, Deserialize)]
struct Count {
    count: u64,
}

#[derive(Row, Deserialize)]
struct ValueCount {
    value: String,
    count: u64,
}

/// A column's values of one trace as a list of texts.
const FACETS: &[(&str, &str)] = &[
    ("name", "[name]"),
    ("userId", "[user_id]"),
    ("sessionId", "[session_id]"),
    ("environment", "[toString(environment)]"),
    ("tags", "CAST(tags, 'Array(String)')"),
    ("release", "[toString(release)]"),
    ("version", "[toString(version)]"),
    ("level", "[toString(level)]"),
    ("models", "CAST(models, 'Array(String)')"),
];

/// A column that has facets.
#[derive(Debug, Clone, Copy)]
pub struct FacetColumn(&'static str);

impl FacetColumn {
    /// The error is a sentence for the caller.
    pub fn parse(name: &str) -> Result<Self, String> {
        FACETS.iter().find(|(n, _)| *n == name).map(|(_, sql)| Self(sql)).ok_or_else(|| {
            let known: Vec<&str> = FACETS.iter().map(|(n, _)| *n).collect();
            format!("`column` must be one of {}", known.join(", "))
        })
    }
}

impl Project<'_> {
    /// How many traces meet the condition; `true` when the count is a lower bound.
    pub async fn count_traces(&self, range: TimeRange, mut condition: Condition, search: Option<&Search>) -> Result<(u64, bool), Error> {
        if let Some(search) = search
            && !self.search_traces(search, range, &mut condition).await?
        {
            search.everywhere(&mut condition, range);
        }
        let ask = self.ask("count traces", include_str!("count.sql")).heavy();
        let row: Option<Count> = ask
            .param("from_minute", range.first_minute())
            .param("to_minute", range.to_minute())
            .param("from", range.first_micros())
            .param("to", range.to_micros())
            .condition(&condition)
            .row()
            .await?;
        Ok((row.map_or(0, |r| r.count), false))
    }

    /// The 50 most frequent values of a column that contain a text.
    pub async fn list_trace_facets(&self, column: FacetColumn, search: &str, range: TimeRange) -> Result<Vec<Facet>, Error> {
        let rows: Vec<ValueCount> = self
            .ask("list values of traces", include_str!("facets.sql"))
            .part("values", column.0)
            .param("search", search)
            .param("from_minute", range.first_minute())
            .param("to_minute", range.to_minute())
            .param("from", range.first_micros())
            .param("to", range.to_micros())
            .rows()
            .await?;
        Ok(rows.into_iter().map(|r| Facet { value: r.value, count: r.count }).collect())
    }
}
