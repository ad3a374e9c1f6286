//! Past steps whose cost may be computed anew, in slices of bounded size.

use agenttrace_domain::{Observation, Sdk, Source, Timestamp, Usd};
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use crate::write::minute_of;
use crate::{Error, Project};

/// Where a slice ended: the key of its last step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    minute: i32,
    hash: u32,
    trace_id: String,
    id: String,
}

impl Position {
    /// Before every step that starts at `from` or later.
    #[must_use]
    pub fn before(from: Timestamp) -> Self {
        Self { minute: minute_of(from), hash: 0, trace_id: String::new(), id: String::new() }
    }

    /// All steps before this time have been passed.
    #[must_use]
    pub fn reached(&self) -> Timestamp {
        Timestamp(i64::from(self.minute) * 60_000_000)
    }
}

/// A step as far as its price depends on it, with the cost that is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct PricedStep {
    /// Ids, times, model and its parameters, usage, metadata; with `cost` and `model_id` as they are stored.
    pub observation: Observation,
    /// As its rows say it.
    pub source: Source,
    pub sdk: Sdk,
}

/// Steps in the order of the key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Slice {
    /// Those that state no cost of their own.
    pub steps: Vec<PricedStep>,
    /// Where to go on; `None` when there are no more.
    pub next: Option<Position>,
}

/// What a slice is cut out of.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// The first start time.
    pub from: Timestamp,
    /// The first start time that is not meant.
    pub to: Timestamp,
    /// All of the metadata, or only what span attributes it keeps.
    pub all_metadata: bool,
    pub limit: u64,
}

#[derive(Debug, Row, Deserialize)]
struct Record {
    start_minute: i32,
    trace_hash: u32,
    trace_id: String,
    id: String,
    start_micros: i64,
    end_micros: Option<i64>,
    model: String,
    model_id: String,
    model_parameters: String,
    usage: Vec<(String, u64)>,
    cost: Vec<(String, i64)>,
    kept_metadata: Vec<(String, String)>,
    source: String,
    sdk_name: String,
    sdk_version: String,
    has_stated_cost: bool,
    is_deleted: u8,
}

impl Project<'_> {
    /// The steps with a model after a position.
    pub async fn steps_to_price(&self, range: Range, after: &Position) -> Result<Slice, Error> {
        let rows = self
            .ask("read steps to price", include_str!("slice.sql"))
            .param("from_minute", minute_of(range.from).max(after.minute))
            .param("last_minute", minute_of(Timestamp(range.to.0 - 1)))
            .param("from", range.from.0)
            .param("to", range.to.0)
            .param("after_minute", after.minute)
            .param("after_hash", after.hash)
            .param("after_trace", after.trace_id.as_str())
            .param("after_id", after.id.as_str())
            .param("all_metadata", if range.all_metadata { "true" } else { "false" })
            .param("limit", range.limit)
            .heavy()
            .rows::<Record>()
            .await?;
        let next = rows.last().filter(|_| rows.len() as u64 >= range.limit).map(|last| Position {
            minute: last.start_minute,
            hash: last.trace_hash,
            trace_id: last.trace_id.clone(),
            id: last.id.clone(),
        });
        let steps = rows.into_iter().filter(|row| row.is_deleted == 0 && !row.has_stated_cost).map(PricedStep::from).collect();
        Ok(Slice { steps, next })
    }
}

impl From<Record> for PricedStep {
    fn from(row: Record) -> Self {
        let said = |text: String| (!text.is_empty()).then_some(text);
        Self {
            observation: Observation {
                trace_id: row.trace_id,
                id: row.id,
                start_time: Some(Timestamp(row.start_micros)),
                end_time: row.end_micros.map(Timestamp),
                model: said(row.model),
                model_id: said(row.model_id),
                model_parameters: said(row.model_parameters),
                usage: row.usage,
                cost: row.cost.into_iter().map(|(key, cost)| (key, Usd(cost))).collect(),
                metadata: row.kept_metadata,
                ..Observation::default()
            },
            source: Source::parse(&row.source).unwrap_or(Source::Api),
            sdk: Sdk { name: row.sdk_name, version: row.sdk_version },
        }
    }
}
