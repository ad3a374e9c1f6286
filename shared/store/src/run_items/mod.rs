//! Reads of run items: the tries of dataset runs and experiments, however they were told.

mod wire;

pub use wire::{ExperimentFields, ItemFields, Tried};

use std::collections::HashMap;

use agenttrace_domain::Timestamp;
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use crate::condition::{Column, Condition, Kind};
use crate::connection::{Ask, Project};
use crate::{Error, TimeRange};

/// What callers may filter experiments by.
pub const EXPERIMENT_COLUMNS: &[Column] = &[
    Column::new(&["id"], "run_id", Kind::Text),
    Column::new(&["name"], "experiment_name", Kind::Text),
    Column::new(&["datasetId"], "experiment_dataset", Kind::Text),
];

/// What callers may filter experiment items by.
pub const ITEM_COLUMNS: &[Column] = &[
    Column::new(&["experimentId"], "run_id", Kind::Text),
    Column::new(&["experimentName"], "run_name", Kind::Text),
    Column::new(&["experimentItemId"], "item_id", Kind::Text),
    Column::new(&["datasetId", "experimentDatasetId"], "dataset_id", Kind::Text),
    Column::new(&["traceId"], "trace_id", Kind::Text),
];

/// Of one dataset; what is beyond is a mistake that must not eat a function's memory.
const MAX_RUNS: u64 = 10_000;
const IN_RANGE: &str = "r.run_id IN (
            SELECT DISTINCT s.run_id
            FROM dataset_run_items AS s
            WHERE s.project_id = {project:String}
                AND s.start_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
                AND s.start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
        )";
const OF_DATASET: &str = "r.run_id IN (
            SELECT DISTINCT s.run_id
            FROM dataset_run_items AS s
            WHERE s.project_id = {project:String}
                AND s.dataset_id = {dataset:String}
        )";

/// Where a list goes on: behind this time and id. What a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    t: i64,
    i: String,
}

impl Position {
    #[must_use]
    pub fn is_possible(&self) -> bool {
        (Timestamp::MIN.0..=Timestamp::MAX.0).contains(&self.t)
    }
}

/// What a list of experiments or of their items is asked for.
#[derive(Debug, Clone)]
pub struct List {
    pub range: TimeRange,
    pub condition: Condition,
    pub after: Option<Position>,
    pub limit: usize,
}

/// A page, and where the next one begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub next: Option<Position>,
}

/// A run as its items tell it. Times in microseconds, absent texts empty.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct RunRecord {
    pub run_id: String,
    pub name: String,
    pub description: String,
    pub metadata: String,
    pub created: i64,
    pub updated: i64,
}

/// A try in the list of its run.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct RunItemRecord {
    pub id: String,
    pub item_id: String,
    pub trace_id: String,
    pub observation_id: String,
    pub run_name: String,
    pub started_at: i64,
    pub updated_at: i64,
}

/// An experiment over the time that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct ExperimentRecord {
    pub run_id: String,
    pub experiment_name: String,
    pub description: String,
    pub metadata: String,
    pub experiment_dataset: String,
    pub first: i64,
    pub last: i64,
    pub items: u64,
}

/// Everything that is known of a try.
#[derive(Debug, Clone, PartialEq, Eq, Row, Deserialize)]
pub struct ItemRecord {
    pub id: String,
    pub run_id: String,
    pub item_id: String,
    pub trace_id: String,
    pub observation_id: String,
    pub run_name: String,
    pub run_description: String,
    pub run_metadata: String,
    pub dataset_id: String,
    pub version: Option<i64>,
    pub item_metadata: String,
    pub expected_output: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
}

#[derive(Row, Deserialize)]
struct Found {
    run_id: String,
    item_id: String,
    trace_id: String,
    started_at: i64,
    id: String,
}

#[derive(Row, Deserialize)]
struct Count {
    count: u64,
}

impl Project<'_> {
    /// The tries of a run, newest first.
    pub async fn run_items(&self, run_id: &str, skip: usize, limit: usize) -> Result<Vec<RunItemRecord>, Error> {
        of_run(self.ask("list run items", include_str!("of_run.sql")), run_id)
            .param("skip", skip as u64)
            .param("limit", limit as u64)
            .rows()
            .await
    }

    pub async fn count_run_items(&self, run_id: &str) -> Result<u64, Error> {
        let ask = self.ask("count run items", include_str!("count_of_run.sql"));
        let row: Option<Count> = of_run(ask, run_id).row().await?;
        Ok(row.map_or(0, |r| r.count))
    }

    /// The runs with tries on items of a dataset, newest first.
    pub async fn runs_of_dataset(&self, dataset_id: &str) -> Result<Vec<RunRecord>, Error> {
        self.ask("list runs", include_str!("runs_of_dataset.sql"))
            .part("merged", include_str!("merged.sql"))
            .part("which", OF_DATASET)
            .param("dataset", dataset_id)
            .param("limit", MAX_RUNS)
            .rows()
            .await
    }

    /// Experiments, the one with the latest activity first.
    pub async fn list_experiments(&self, list: List) -> Result<Listed<ExperimentRecord>, Error> {
        let ask = self.ask("list experiments", include_str!("experiments.sql"));
        let ask = ask.part("merged", include_str!("merged.sql")).part("which", IN_RANGE);
        let ask = behind(ask, "(last, run_id) < ({after_at:Int64}, {after_id:String})", &list);
        let mut rows: Vec<ExperimentRecord> = ask.rows().await?;
        let more = rows.len() > list.limit;
        rows.truncate(list.limit);
        let next = rows.last().filter(|_| more).map(|r| Position { t: r.last, i: r.run_id.clone() });
        Ok(Listed { rows, next })
    }

    /// Tries, newest first.
    pub async fn list_experiment_items(&self, list: List) -> Result<Listed<ItemRecord>, Error> {
        let ask = self.ask("list experiment items", include_str!("items.sql"));
        let ask = ask.part("merged", include_str!("merged.sql")).part("which", IN_RANGE);
        let ask = behind(ask, "(started, id) < (fromUnixTimestamp64Micro({after_at:Int64}, 'UTC'), {after_id:String})", &list);
        let mut found: Vec<Found> = ask.rows().await?;
        let more = found.len() > list.limit;
        found.truncate(list.limit);
        let next = found.last().filter(|_| more).map(|f| Position { t: f.started_at, i: f.id.clone() });
        let mut rows = self.items_by_key(&found).await?;
        Ok(Listed { rows: found.into_iter().filter_map(|f| rows.remove(&f.id)).collect(), next })
    }

    async fn items_by_key(&self, found: &[Found]) -> Result<HashMap<String, ItemRecord>, Error> {
        if found.is_empty() {
            return Ok(HashMap::new());
        }
        let texts = |of: fn(&Found) -> &String| found.iter().map(|f| of(f).clone()).collect::<Vec<String>>();
        let rows: Vec<ItemRecord> = self
            .ask("read run items", include_str!("rows.sql"))
            .part("merged", include_str!("merged.sql"))
            .part(
                "which",
                "r.run_id IN {runs:Array(String)} AND r.item_id IN {items:Array(String)} AND r.trace_id IN {traces:Array(String)}",
            )
            .param("runs", texts(|f| &f.run_id))
            .param("items", texts(|f| &f.item_id))
            .param("traces", texts(|f| &f.trace_id))
            .rows()
            .await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
    }
}

fn of_run(ask: Ask, run_id: &str) -> Ask {
    ask.part("merged", include_str!("merged.sql")).part("which", "r.run_id = {run:String}").param("run", run_id)
}

/// The range, the condition and the place where the page before ended.
fn behind(ask: Ask, position: &'static str, list: &List) -> Ask {
    let ask = match &list.after {
        None => ask.part("position", "1"),
        Some(p) => ask.part("position", position).param("after_at", p.t).param("after_id", p.i.as_str()),
    };
    ask.param("from", list.range.first_micros())
        .param("to", list.range.to_micros())
        .param("limit", list.limit as u64 + 1)
        .condition(&list.condition)
}
