//! Reads of scores.

mod wire;

pub use wire::V3Fields;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use agenttrace_domain::Timestamp;
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use crate::condition::{Column, Condition, Kind, Param};
use crate::connection::{Ask, Project};
use crate::{Error, TimeRange};

/// Beyond this a numbered page is found by sorting all scores, not by walking to it.
const MAX_WALK: usize = 2_000;

/// What callers may filter by, under Langfuse's names.
pub const COLUMNS: &[Column] = &[
    Column::new(&["timestamp"], "timestamp", Kind::Time),
    Column::new(&["id"], "id", Kind::Text),
    Column::new(&["name"], "name", Kind::Text),
    Column::new(&["traceId"], "trace_id", Kind::Text),
    Column::new(&["observationId"], "observation_id", Kind::Text),
    Column::new(&["sessionId"], "session_id", Kind::Text),
    Column::new(&["datasetRunId", "experimentId"], "dataset_run_id", Kind::Text),
    Column::new(&["value"], "value", Kind::Number),
    Column::new(&["stringValue"], "ifNull(string_value, '')", Kind::Text),
    Column::new(&["dataType"], "data_type", Kind::Text),
    Column::new(&["source"], "source", Kind::Text),
    Column::new(&["comment"], "ifNull(comment, '')", Kind::Text),
    Column::new(&["environment"], "environment", Kind::Text),
    Column::new(&["configId"], "config_id", Kind::Text),
    Column::new(&["queueId"], "queue_id", Kind::Text),
    Column::new(&["authorUserId"], "author_user_id", Kind::Text),
    Column::new(&["metadata"], "metadata", Kind::Map),
];

/// The operators that compare with `value` in v1 and v2.
const OPERATORS: &[(&str, &str)] =
    &[("=", "value = ?"), ("!=", "value != ?"), ("<", "value < ?"), (">", "value > ?"), ("<=", "value <= ?"), (">=", "value >= ?")];

/// Adds a comparison with the value. The error is a sentence for the caller.
pub fn compare_value(condition: &mut Condition, operator: &str, value: f64) -> Result<(), String> {
    let (_, sql) = OPERATORS.iter().find(|(name, _)| *name == operator).ok_or("`operator` must be one of =, !=, <, >, <=, >=")?;
    condition.and_with(sql, vec![("Float64", value.into())]);
    Ok(())
}

/// Adds: the value is one of these numbers.
pub fn value_among(condition: &mut Condition, values: Vec<f64>) {
    condition.and_with("value IN ?", vec![("Array(Float64)", values.into())]);
}

/// Adds: the score judges a trace or an observation, all that v1 knows of.
pub fn of_a_trace(condition: &mut Condition) {
    condition.and_with("trace_id != ''", vec![]);
}

/// Adds: the score's trace is of this user and holds all these tags.
pub fn of_traces_with(condition: &mut Condition, user_id: Option<&str>, tags: Vec<String>) {
    let user: (&'static str, Param) = ("String", user_id.unwrap_or_default().into());
    match user_id {
        Some(_) => condition.and_with(
            "trace_id IN (SELECT id FROM traces FINAL WHERE project_id = {project:String} AND user_id = ? AND hasAll(tags, ?))",
            vec![user, ("Array(String)", tags.into())],
        ),
        None => condition.and_with(
            "trace_id IN (SELECT id FROM traces FINAL WHERE project_id = {project:String} AND hasAll(tags, ?))",
            vec![("Array(String)", tags.into())],
        ),
    }
}

/// Where a list goes on: behind this score. What a cursor holds.
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

/// What a list of scores is asked for.
#[derive(Debug, Clone)]
pub struct List {
    pub range: TimeRange,
    pub condition: Condition,
    pub after: Option<Position>,
    pub skip: usize,
    pub limit: usize,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScoreList {
    pub rows: Vec<ScoreRecord>,
    pub next: Option<Position>,
}

#[derive(Row, Deserialize)]
struct Found {
    id: String,
    at: i64,
    row_version: u64,
}

#[derive(Row, Deserialize)]
struct Count {
    count: u64,
}

/// A score as it is stored. Times in microseconds, absent texts empty.
#[derive(Debug, Clone, PartialEq, Row, Deserialize)]
pub struct ScoreRecord {
    pub id: String,
    pub at: i64,
    pub name: String,
    pub trace_id: String,
    pub observation_id: String,
    pub session_id: String,
    pub dataset_run_id: String,
    pub value: Option<f64>,
    pub string_value: Option<String>,
    pub data_type: String,
    pub source: String,
    pub comment: Option<String>,
    pub metadata: Vec<(String, String)>,
    pub environment: String,
    pub config_id: String,
    pub queue_id: String,
    pub author_user_id: String,
    pub created: i64,
    pub updated: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl Project<'_> {
    /// A page of scores, newest first.
    pub async fn list_scores(&self, list: List) -> Result<ScoreList, Error> {
        let wanted = list.skip + list.limit + 1;
        if wanted > MAX_WALK && list.skip > 0 {
            return self.far_page_of_scores(&list).await;
        }
        let mut rows: Vec<ScoreRecord> = Vec::new();
        let mut after = list.after.clone();
        loop {
            // A few more than are missing, because some versions turn out to be old.
            let limit = (wanted - rows.len()) * 9 / 8 + 8;
            let found = self.find_scores(&list, after.as_ref(), limit).await?;
            let exhausted = found.len() < limit;
            after = found.last().map(|f| Position { t: f.at, i: f.id.clone() }).or(after);
            rows.extend(self.current_scores(found).await?);
            if exhausted || rows.len() >= wanted {
                break;
            }
        }
        let more = rows.len() > list.skip + list.limit;
        let rows: Vec<ScoreRecord> = rows.into_iter().skip(list.skip).take(list.limit).collect();
        let next = rows.last().filter(|_| more).map(|row| Position { t: row.at, i: row.id.clone() });
        Ok(ScoreList { rows, next })
    }

    async fn find_scores(&self, list: &List, after: Option<&Position>, limit: usize) -> Result<Vec<Found>, Error> {
        let ask = self.ask("list scores", include_str!("newest.sql"));
        let ask = match after {
            None => ask.part("position", "1"),
            Some(p) => ask
                .part("position", "(timestamp, id) < (fromUnixTimestamp64Micro({after_at:Int64}, 'UTC'), {after_id:String})")
                .param("after_at", p.t)
                .param("after_id", p.i.as_str()),
        };
        bounds(ask, list).param("limit", limit as u64).rows().await
    }

    async fn far_page_of_scores(&self, list: &List) -> Result<ScoreList, Error> {
        let ask = self.ask("list scores", include_str!("page.sql")).heavy();
        let found = bounds(ask, list).param("limit", list.limit as u64).param("skip", list.skip as u64).rows().await?;
        Ok(ScoreList { rows: self.current_scores(found).await?, next: None })
    }

    /// The versions that are their scores' current ones, in order.
    async fn current_scores(&self, found: Vec<Found>) -> Result<Vec<ScoreRecord>, Error> {
        let mut rows = self.scores_by_id(found.iter().map(|f| f.id.clone()).collect()).await?;
        Ok(found
            .into_iter()
            .filter_map(|f| match rows.entry(f.id) {
                Entry::Occupied(entry) if entry.get().row_version == f.row_version => Some(entry.remove()),
                _ => None,
            })
            .collect())
    }

    /// How many scores a list has, all pages together.
    pub async fn count_scores(&self, list: &List) -> Result<u64, Error> {
        let row: Option<Count> = bounds(self.ask("count scores", include_str!("count.sql")), list).row().await?;
        Ok(row.map_or(0, |r| r.count))
    }

    pub async fn get_score(&self, id: &str) -> Result<Option<ScoreRecord>, Error> {
        Ok(self.scores_by_id(vec![id.to_owned()]).await?.remove(id))
    }

    /// The scores of these traces and their observations, newest first.
    pub async fn scores_of_traces(&self, trace_ids: &[String]) -> Result<Vec<ScoreRecord>, Error> {
        if trace_ids.is_empty() {
            return Ok(Vec::new());
        }
        let ask = self.ask("read scores of traces", include_str!("of_traces.sql"));
        let mut rows: Vec<ScoreRecord> = ask.param("trace_ids", trace_ids).rows().await?;
        rows.retain(|row| row.is_deleted == 0 && trace_ids.contains(&row.trace_id));
        rows.sort_unstable_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        Ok(rows)
    }

    async fn scores_by_id(&self, ids: Vec<String>) -> Result<HashMap<String, ScoreRecord>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<ScoreRecord> = self.ask("read scores", include_str!("rows.sql")).param("ids", ids).rows().await?;
        Ok(rows.into_iter().filter(|row| row.is_deleted == 0).map(|row| (row.id.clone(), row)).collect())
    }
}

fn bounds(ask: Ask, list: &List) -> Ask {
    ask.param("from", list.range.first_micros()).param("to", list.range.to_micros()).condition(&list.condition)
}
