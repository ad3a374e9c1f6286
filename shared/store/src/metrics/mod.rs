//! Sums over time. Computed from the current rows at each call: never added to by writes, so never wrong by a redelivery.

mod buckets;
mod compile;
mod run;
mod sums;
pub mod views;

pub use compile::{Compiled, Version, compile};
pub use sums::{GroupBy, Sums, SumsList, SumsRecord};

use agenttrace_api::metrics::query::Granularity;
use agenttrace_api::metrics::{DailyMetrics, ModelUsage};
use clickhouse::Row;
use serde::Deserialize;

use crate::condition::Condition;
use crate::connection::Project;
use crate::{Error, TimeRange, text};

/// What the daily sums are asked for.
#[derive(Debug, Clone)]
pub struct Daily {
    pub range: TimeRange,
    /// On traces: steps count with theirs, whether or not they repeat what was said of it.
    pub traces: Condition,
    pub skip: usize,
    pub limit: usize,
}

/// A trace lies no later than its steps, though its steps may come long after it.
const OF_TRACES: &str =
    "trace_id IN (SELECT id FROM traces FINAL WHERE project_id = {project:String} AND minute <= {to_minute:Int32} AND {{condition}})";

#[derive(Row, Deserialize)]
struct Day {
    day: i32,
    traces: u64,
    observations: u64,
    cost: f64,
}

#[derive(Row, Deserialize)]
struct ModelDay {
    day: i32,
    model: String,
    input_usage: u64,
    output_usage: u64,
    total_usage: u64,
    traces: u64,
    observations: u64,
    cost: f64,
}

impl Project<'_> {
    /// A page of days, newest first, and how many days there are.
    pub async fn daily_metrics(&self, daily: Daily) -> Result<(Vec<DailyMetrics>, u64), Error> {
        let all: Vec<Day> = self.bound("sum up days", include_str!("days.sql"), daily.range).condition(&daily.traces).rows().await?;
        let total = all.len() as u64;
        let days: Vec<Day> = all.into_iter().skip(daily.skip).take(daily.limit).collect();
        let (Some(newest), Some(oldest)) = (days.first(), days.last()) else { return Ok((Vec::new(), total)) };
        let end = buckets::begin(Granularity::Day, buckets::next(Granularity::Day, newest.day));
        let range = TimeRange {
            from: daily.range.from.max(Some(buckets::begin(Granularity::Day, oldest.day))),
            to: Some(daily.range.to.map_or(end, |to| to.min(end))),
        };
        let models: Vec<ModelDay> = self
            .bound("sum up models", include_str!("models.sql"), range)
            .part("of_traces", if daily.traces.is_empty() { "1" } else { OF_TRACES })
            .condition(&daily.traces)
            .rows()
            .await?;
        let mut metrics: Vec<DailyMetrics> = days
            .into_iter()
            .map(|d| DailyMetrics {
                date: buckets::text(Granularity::Day, d.day),
                count_traces: d.traces,
                count_observations: d.observations,
                total_cost: d.cost,
                usage: Vec::new(),
            })
            .collect();
        for m in models {
            let date = buckets::text(Granularity::Day, m.day);
            if let Some(day) = metrics.iter_mut().find(|d| d.date == date) {
                day.usage.push(ModelUsage {
                    model: text::some(m.model),
                    input_usage: m.input_usage,
                    output_usage: m.output_usage,
                    total_usage: m.total_usage,
                    count_traces: m.traces,
                    count_observations: m.observations,
                    total_cost: m.cost,
                });
            }
        }
        Ok((metrics, total))
    }

    fn bound(&self, attempt: &'static str, sql: &'static str, range: TimeRange) -> crate::connection::Ask {
        self.ask(attempt, sql)
            .heavy()
            .param("from_minute", range.first_minute())
            .param("to_minute", range.to_minute())
            .param("from", range.first_micros())
            .param("to", range.to_micros())
    }
}
