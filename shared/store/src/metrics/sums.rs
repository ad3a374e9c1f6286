//! Usage and cost of steps by bucket of time and by group: what the API's two own endpoints show.

use std::collections::BTreeMap;

use agenttrace_api::filter::Filter;
use agenttrace_api::metrics::query::{Granularity, View};
use agenttrace_api::metrics::{CostRow, UsageRow};
use clickhouse::Row;
use serde::Deserialize;

use super::buckets;
use super::compile::joins;
use super::views::{Dimension, Needs, definition};
use crate::condition::{Column, Condition};
use crate::connection::Project;
use crate::{Error, TimeRange, text};

/// Names that steps may be grouped by, and those of their dimensions.
const GROUPS: &[(&str, &str)] = &[
    ("model", "providedModelName"),
    ("userId", "userId"),
    ("sessionId", "sessionId"),
    ("traceId", "traceId"),
    ("traceName", "traceName"),
    ("name", "name"),
    ("type", "type"),
    ("environment", "environment"),
    ("release", "release"),
    ("version", "version"),
    ("promptName", "promptName"),
    ("level", "level"),
];

/// What steps are grouped by.
#[derive(Debug, Clone, Copy)]
pub struct GroupBy(&'static Dimension);

impl GroupBy {
    /// The error is a sentence for the caller.
    pub fn parse(name: &str) -> Result<Self, String> {
        let dimension = GROUPS.iter().find(|(group, _)| *group == name).and_then(|(_, name)| dimension(name));
        dimension.map(Self).ok_or_else(|| {
            let known: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
            format!("`groupBy` must be one of {}", known.join(", "))
        })
    }
}

fn dimension(name: &str) -> Option<&'static Dimension> {
    definition(View::Observations).dimensions.iter().find(|d| d.column.names.contains(&name))
}

/// What sums are asked for.
#[derive(Debug, Clone)]
pub struct Sums {
    pub range: TimeRange,
    condition: Condition,
    filtered: Vec<Needs>,
    pub granularity: Option<Granularity>,
    pub group: Option<GroupBy>,
    pub limit: usize,
    /// Sorted by cost, with what it consists of; else by tokens.
    pub of_cost: bool,
}

impl Sums {
    /// Of the steps that meet all filters. The error is a sentence for the caller.
    pub fn new(range: TimeRange, filters: &[Filter], limit: usize, of_cost: bool) -> Result<Self, String> {
        let columns: Vec<Column> = definition(View::Observations).dimensions.iter().map(|d| d.column).collect();
        let condition = Condition::of(&columns, filters)?;
        let filtered = filters.iter().filter_map(|f| dimension(&f.column)).map(|d| d.needs).collect();
        Ok(Self { range, condition, filtered, granularity: None, group: None, limit, of_cost })
    }
}

/// Rows in order of time, the largest first; and whether there are more.
#[derive(Debug, Clone, PartialEq)]
pub struct SumsList {
    pub rows: Vec<SumsRecord>,
    pub total: SumsRecord,
    pub truncated: bool,
}

/// One sum. Money in USD; keys of `cost` in 1e-12 USD.
#[derive(Debug, Clone, PartialEq, Default, Row, Deserialize)]
pub struct SumsRecord {
    pub bucket: i32,
    pub grouped: String,
    pub observations: u64,
    pub traces: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub total_tokens: u64,
    pub usage: Vec<(String, u64)>,
    pub cost: Vec<(String, i64)>,
    pub total_cost: Option<f64>,
    pub unpriced: u64,
}

impl Project<'_> {
    /// Sums by bucket and group, and the sum of everything.
    pub async fn sums(&self, sums: &Sums) -> Result<SumsList, Error> {
        let parted = sums.granularity.is_some() || sums.group.is_some();
        let (mut rows, total) = tokio::try_join!(
            async { if parted { self.sums_of(sums, sums.granularity, sums.group, sums.limit + 1).await } else { Ok(Vec::new()) } },
            self.sums_of(sums, None, None, 1),
        )?;
        let total = total.into_iter().next().unwrap_or_default();
        if !parted && total.observations > 0 {
            rows.push(total.clone());
        }
        let truncated = rows.len() > sums.limit;
        rows.truncate(sums.limit);
        Ok(SumsList { rows, total, truncated })
    }

    async fn sums_of(
        &self,
        sums: &Sums,
        by_time: Option<Granularity>,
        group: Option<GroupBy>,
        limit: usize,
    ) -> Result<Vec<SumsRecord>, Error> {
        let needs: Vec<Needs> = sums.filtered.iter().copied().chain(group.map(|g| g.0.needs)).collect();
        let ask = self.ask("sum up usage and cost", include_str!("sums.sql")).heavy();
        let (usage, cost) = if sums.of_cost {
            ("CAST(map(), 'Map(String, UInt64)')", "CAST(sumMap(r.cost), 'Map(String, Int64)')")
        } else {
            ("CAST(sumMap(r.usage), 'Map(String, UInt64)')", "CAST(map(), 'Map(String, Int64)')")
        };
        ask.fragment("bucket", &buckets::sql(by_time, "r.start_time"))
            .part("group", group.map_or("''", |g| g.0.column.sql))
            .part("usage", usage)
            .part("cost", cost)
            .part("order", if sums.of_cost { "ifNull(total_cost, -1)" } else { "total_tokens" })
            .fragment("joins", &joins(View::Observations, &needs))
            .condition(&sums.condition)
            .param("from_minute", sums.range.first_minute())
            .param("to_minute", sums.range.to_minute())
            .param("from", sums.range.first_micros())
            .param("to", sums.range.to_micros())
            .param("limit", limit as u64)
            .rows()
            .await
    }
}

impl SumsRecord {
    fn time(&self, granularity: Option<Granularity>) -> Option<String> {
        granularity.map(|g| buckets::begin(g, self.bucket).to_rfc3339())
    }

    #[must_use]
    pub fn into_usage(self, granularity: Option<Granularity>) -> UsageRow {
        UsageRow {
            time: self.time(granularity),
            group: text::some(self.grouped),
            count_observations: self.observations,
            count_traces: self.traces,
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
            total_tokens: self.total_tokens,
            usage_details: self.usage.into_iter().collect(),
        }
    }

    #[must_use]
    pub fn into_cost(self, granularity: Option<Granularity>) -> CostRow {
        let cost_details: BTreeMap<String, f64> =
            self.cost.iter().filter(|(k, _)| k != "total").map(|(k, v)| (k.clone(), text::usd(*v))).collect();
        CostRow {
            time: self.time(granularity),
            group: text::some(self.grouped),
            count_observations: self.observations,
            count_traces: self.traces,
            total_cost: self.total_cost,
            cost_details,
            unpriced_count: self.unpriced,
        }
    }
}
