//! Reads of sessions: what traces with the same session id have in common.

use std::collections::HashMap;

use agenttrace_api::sessions::{Session, SessionRow};
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use crate::condition::{Column, Condition, Kind};
use crate::connection::{Ask, Project};
use crate::{Error, TimeRange, text};

const UPDATED: &str = "max(greatest(timestamp, ifNull(end_time, timestamp)))";
const DURATION: &str =
    "(toUnixTimestamp64Micro(max(greatest(timestamp, ifNull(end_time, timestamp)))) - toUnixTimestamp64Micro(min(timestamp))) / 1e6";
const COST: &str = "toFloat64(sum(toInt128(total_cost))) / 1e12";

/// What callers may filter by: sums over the session's traces.
pub const COLUMNS: &[Column] = &[
    Column::new(&["id"], "session_id", Kind::Text),
    Column::new(&["userIds", "userId"], "groupUniqArray(user_id)", Kind::List),
    Column::new(&["environment"], "groupUniqArray(toString(environment))", Kind::List),
    Column::new(&["tags"], "groupUniqArrayArray(tags)", Kind::List),
    Column::new(&["traceCount"], "count()", Kind::Number),
    Column::new(&["totalCost"], COST, Kind::Number),
    Column::new(&["durationSeconds"], DURATION, Kind::Number),
    Column::new(&["createdAt"], "min(timestamp)", Kind::Time),
    Column::new(&["updatedAt"], UPDATED, Kind::Time),
];

const SORTS: &[(&str, &str)] = &[
    ("createdAt", "toUnixTimestamp64Micro(min(timestamp))"),
    ("updatedAt", "toUnixTimestamp64Micro(max(greatest(timestamp, ifNull(end_time, timestamp))))"),
    ("traceCount", "count()"),
    ("totalCost", "ifNull(sum(toInt128(total_cost)), -1)"),
    (
        "durationSeconds",
        "toUnixTimestamp64Micro(max(greatest(timestamp, ifNull(end_time, timestamp)))) - toUnixTimestamp64Micro(min(timestamp))",
    ),
];

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    name: &'static str,
    sql: &'static str,
    descending: bool,
}

impl Order {
    pub const NEWEST: Self = Self { name: SORTS[0].0, sql: SORTS[0].1, descending: true };

    /// `traceCount.desc`; nothing or an empty text is newest first. The error is a sentence for the caller.
    pub fn parse(text: Option<&str>) -> Result<Self, String> {
        let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(Self::NEWEST) };
        let (column, direction) = text.split_once('.').unwrap_or((text, ""));
        let (name, sql) = SORTS
            .iter()
            .find(|(name, _)| *name == column)
            .ok_or("`orderBy` knows the columns createdAt, updatedAt, traceCount, totalCost, durationSeconds")?;
        match direction.to_ascii_lowercase().as_str() {
            "asc" => Ok(Self { name, sql, descending: false }),
            "desc" => Ok(Self { name, sql, descending: true }),
            _ => Err("`orderBy` must end in `.asc` or `.desc`".to_owned()),
        }
    }

    fn label(self) -> String {
        format!("{}.{}", self.name, if self.descending { "desc" } else { "asc" })
    }
}

/// Where a list goes on: behind this session. What a cursor holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    o: String,
    n: f64,
    i: String,
}

impl Position {
    /// Was the cursor made by a list in this order?
    #[must_use]
    pub fn fits(&self, order: Order) -> bool {
        self.o == order.label() && self.n.is_finite()
    }
}

/// What a list of sessions is asked for.
#[derive(Debug, Clone)]
pub struct List {
    /// Of the traces that are looked at.
    pub range: TimeRange,
    pub condition: Condition,
    pub order: Order,
    pub after: Option<Position>,
    pub skip: usize,
    pub limit: usize,
}

#[derive(Debug, Clone, Default)]
pub struct SessionList {
    pub rows: Vec<SessionRecord>,
    pub next: Option<Position>,
}

#[derive(Row, Deserialize)]
struct Found {
    id: String,
    value: f64,
}

#[derive(Row, Deserialize)]
struct Count {
    count: u64,
}

/// A session's sums. Times in microseconds.
#[derive(Debug, Clone, PartialEq, Row, Deserialize)]
pub struct SessionRecord {
    pub id: String,
    pub created: i64,
    pub updated: i64,
    pub trace_count: u64,
    pub user_ids: Vec<String>,
    pub environment: String,
    pub total_cost: Option<f64>,
    pub total_tokens: u64,
    pub error_count: u64,
    pub unpriced_count: u64,
    pub models: Vec<String>,
    pub tags: Vec<String>,
}

/// Adds: a part of the session's or a user's id, in any case.
pub fn containing(condition: &mut Condition, part: &str) {
    condition.and_with(
        "positionCaseInsensitiveUTF8(session_id, ?) > 0 OR arrayExists(u -> positionCaseInsensitiveUTF8(u, ?) > 0, groupUniqArray(user_id))",
        vec![("String", part.into()), ("String", part.into())],
    );
}

impl Project<'_> {
    /// A page of sessions in order. Each row sums up the whole session, whatever the range.
    pub async fn list_sessions(&self, list: List) -> Result<SessionList, Error> {
        let ask = bounds(self.ask("list sessions", include_str!("list.sql")).heavy(), &list).part("value", list.order.sql);
        let ask = ask.part("order", if list.order.descending { "value DESC, id DESC" } else { "value, id" });
        let ask = match &list.after {
            None => ask.part("position", "1"),
            Some(p) => ask
                .part(
                    "position",
                    if list.order.descending {
                        "(value, id) < ({after:Float64}, {after_id:String})"
                    } else {
                        "(value, id) > ({after:Float64}, {after_id:String})"
                    },
                )
                .param("after", p.n)
                .param("after_id", p.i.as_str()),
        };
        let mut found: Vec<Found> = ask.param("limit", list.limit as u64 + 1).param("skip", list.skip as u64).rows().await?;
        let more = found.len() > list.limit;
        found.truncate(list.limit);
        let next = found.last().filter(|_| more).map(|f| Position { o: list.order.label(), n: f.value, i: f.id.clone() });
        let mut rows: HashMap<String, SessionRecord> = self.sessions_by_id(found.iter().map(|f| f.id.clone()).collect()).await?;
        Ok(SessionList { rows: found.into_iter().filter_map(|f| rows.remove(&f.id)).collect(), next })
    }

    /// How many sessions a list has, all pages together.
    pub async fn count_sessions(&self, list: &List) -> Result<u64, Error> {
        let row: Option<Count> = bounds(self.ask("count sessions", include_str!("count.sql")).heavy(), list).row().await?;
        Ok(row.map_or(0, |r| r.count))
    }

    pub async fn get_session(&self, id: &str) -> Result<Option<SessionRecord>, Error> {
        Ok(self.sessions_by_id(vec![id.to_owned()]).await?.remove(id))
    }

    async fn sessions_by_id(&self, ids: Vec<String>) -> Result<HashMap<String, SessionRecord>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<SessionRecord> = self.ask("read sessions", include_str!("rows.sql")).heavy().param("ids", ids).rows().await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
    }
}

fn bounds(ask: Ask, list: &List) -> Ask {
    ask.param("from_minute", list.range.first_minute())
        .param("to_minute", list.range.to_minute())
        .param("from", list.range.first_micros())
        .param("to", list.range.to_micros())
        .condition(&list.condition)
}

impl SessionRecord {
    /// Langfuse's session.
    #[must_use]
    pub fn into_v1(self, project_id: &str) -> Session {
        Session { id: self.id, created_at: text::time(self.created), project_id: project_id.to_owned(), environment: self.environment }
    }

    /// A row of the dashboard's list.
    #[must_use]
    pub fn into_row(mut self) -> SessionRow {
        self.user_ids.sort_unstable();
        SessionRow {
            duration_seconds: text::seconds(self.created, self.updated),
            id: self.id,
            created_at: text::time(self.created),
            updated_at: text::time(self.updated),
            trace_count: self.trace_count,
            user_ids: self.user_ids,
            environment: self.environment,
            total_cost: self.total_cost,
            total_tokens: self.total_tokens,
            error_count: self.error_count,
            unpriced_count: self.unpriced_count,
            models: self.models,
            tags: self.tags,
        }
    }
}
