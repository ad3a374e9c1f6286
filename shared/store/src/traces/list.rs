//! Lists of traces: by time reading from one end, by another column reading the range.

use std::collections::HashMap;

use agenttrace_domain::trace_hash;
use clickhouse::Row;
use serde::Deserialize;

use super::{Order, Position, Search, Sort, Texts, TraceRecord};
use crate::condition::Condition;
use crate::connection::Project;
use crate::windows::Windows;
use crate::{Error, TimeRange};

/// Beyond this a numbered page is found by sorting the range, not by walking to it.
const MAX_WALK: usize = 2_000;

/// What a list of traces is asked for.
#[derive(Debug, Clone)]
pub struct List {
    pub range: TimeRange,
    pub condition: Condition,
    pub search: Option<Search>,
    pub order: Order,
    pub after: Option<Position>,
    /// Rows to pass over, for numbered pages.
    pub skip: usize,
    pub limit: usize,
    pub texts: Texts,
}

/// How much of its range a list looks through at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Growing,
    Whole,
}

/// A page; `next` is where the next one begins, if there may be one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TraceList {
    pub rows: Vec<TraceRecord>,
    pub next: Option<Position>,
}

/// A version of a trace, found in order.
#[derive(Debug, Clone, Row, Deserialize)]
struct Found {
    minute: i32,
    at: i64,
    id: String,
    row_version: u64,
}

#[derive(Row, Deserialize)]
struct NewestMinute {
    newest: Option<i32>,
}

#[derive(Debug, Clone, Row, Deserialize)]
struct Sorted {
    minute: i32,
    id: String,
    number: f64,
    text: String,
    row_version: u64,
}

impl Project<'_> {
    /// A page of traces in order.
    pub async fn list_traces(&self, mut list: List) -> Result<TraceList, Error> {
        let Some(search) = list.search.take() else { return self.list_in_order(list, Reach::Growing).await };
        if self.search_traces(&search, list.range, &mut list.condition).await? {
            return self.list_in_order(list, Reach::Whole).await;
        }
        self.list_by_windows(&search, list).await
    }

    pub(super) async fn list_in_order(&self, list: List, reach: Reach) -> Result<TraceList, Error> {
        match list.order.sort {
            Sort::Timestamp if list.skip + list.limit <= MAX_WALK => self.walk_traces(list, reach).await,
            Sort::Timestamp => self.sort_traces(list, "toUnixTimestamp64Micro(timestamp)", "''", "").await,
            Sort::Number(sql) => self.sort_traces(list, sql, "''", "").await,
            Sort::Text(sql) => self.sort_traces(list, "0", sql, "").await,
            Sort::Joined { number, join } => self.sort_traces(list, number, "''", join).await,
        }
    }

    /// Walks from one end of the range until the page is full.
    pub(super) async fn walk_traces(&self, list: List, reach: Reach) -> Result<TraceList, Error> {
        let wanted = list.skip + list.limit + 1;
        let mut rows: Vec<TraceRecord> = Vec::new();
        let mut after = list.after.as_ref().map(|p| (p.t, p.i.clone()));
        let mut windows = windows(&list, reach);
        loop {
            // A few more than are missing, because some versions turn out to be old.
            let limit = (wanted - rows.len()) * 9 / 8 + 8;
            let found = self.find_traces(&list, &mut windows, after.clone(), limit).await?;
            let exhausted = found.len() < limit;
            after = found.last().map(|f| (f.at, f.id.clone())).or(after);
            let current = self.current_traces(found.iter().map(|f| (f.minute, f.id.as_str())), list.texts).await?;
            rows.extend(keep(found, current));
            if exhausted || rows.len() >= wanted {
                break;
            }
        }
        rows.truncate(wanted);
        Ok(page(rows, &list, |row| Position { o: Position::label(list.order), n: 0.0, t: row.at, s: String::new(), i: row.id.clone() }))
    }

    /// The next versions in order, window by window.
    async fn find_traces(
        &self,
        list: &List,
        windows: &mut Windows,
        mut after: Option<(i64, String)>,
        limit: usize,
    ) -> Result<Vec<Found>, Error> {
        let mut found: Vec<Found> = Vec::new();
        while let Some(window) = windows.current() {
            found.extend(self.find_traces_in(list, window, after.as_ref(), limit - found.len()).await?);
            if found.len() >= limit {
                break;
            }
            after = found.last().map(|f| (f.at, f.id.clone())).or(after);
            windows.step();
            if found.is_empty()
                && windows.may_jump()
                && let Some((_, last)) = windows.current()
            {
                let ask = self.ask("find the newest trace", include_str!("newest_minute.sql"));
                let newest: Option<NewestMinute> =
                    ask.param("from_minute", list.range.first_minute()).param("to_minute", last).row().await?;
                windows.jump(newest.and_then(|n| n.newest));
            }
        }
        Ok(found)
    }

    async fn find_traces_in(
        &self,
        list: &List,
        window: (i32, i32),
        after: Option<&(i64, String)>,
        limit: usize,
    ) -> Result<Vec<Found>, Error> {
        let (position, order) = if list.order.descending {
            (
                "(timestamp, id) < (fromUnixTimestamp64Micro({after_at:Int64}, 'UTC'), {after_id:String})",
                "timestamp DESC, id DESC, row_version DESC",
            )
        } else {
            ("(timestamp, id) > (fromUnixTimestamp64Micro({after_at:Int64}, 'UTC'), {after_id:String})", "timestamp, id, row_version DESC")
        };
        let ask = self.ask("list traces", include_str!("newest.sql"));
        let ask = match after {
            Some((at, id)) => ask.part("position", position).param("after_at", *at).param("after_id", id.as_str()),
            None => ask.part("position", "1"),
        };
        ask.part("order", order)
            .param("from_minute", window.0)
            .param("to_minute", window.1)
            .param("from", list.range.first_micros())
            .param("to", list.range.to_micros())
            .param("limit", limit as u64)
            .condition(&list.condition)
            .rows()
            .await
    }

    /// What these places hold now, by minute and id. Deletions are among it.
    pub(crate) async fn current_traces<'a>(
        &self,
        places: impl Iterator<Item = (i32, &'a str)>,
        texts: Texts,
    ) -> Result<HashMap<(i32, String), TraceRecord>, Error> {
        let (places, ids): (Vec<_>, Vec<_>) = places.map(|(minute, id)| ((minute, trace_hash(id)), id.to_owned())).unzip();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ask = texts.put(self.ask("read traces", include_str!("rows.sql"))).param("places", places).param("ids", ids);
        let rows = ask.rows::<TraceRecord>().await?;
        Ok(rows.into_iter().map(|row| ((row.minute, row.id.clone()), row)).collect())
    }

    async fn sort_traces(&self, list: List, number: &'static str, text: &'static str, join: &'static str) -> Result<TraceList, Error> {
        let (position, order) = if list.order.descending {
            ("(number, text, id) < ({after_number:Float64}, {after_text:String}, {after_id:String})", "number DESC, text DESC, id DESC")
        } else {
            ("(number, text, id) > ({after_number:Float64}, {after_text:String}, {after_id:String})", "number, text, id")
        };
        let ask = self.ask("sort traces", include_str!("sorted.sql")).heavy().part("join", join);
        let mut ask = ask.part("number", number).part("text", text).part("order", order);
        ask = match &list.after {
            Some(p) => {
                ask.part("position", position).param("after_number", p.n).param("after_text", p.s.as_str()).param("after_id", p.i.as_str())
            }
            None => ask.part("position", "1"),
        };
        let found: Vec<Sorted> = ask
            .param("from_minute", list.range.first_minute())
            .param("to_minute", list.range.to_minute())
            .param("from", list.range.first_micros())
            .param("to", list.range.to_micros())
            .param("limit", list.limit as u64 + 1)
            .param("skip", list.skip as u64)
            .condition(&list.condition)
            .rows()
            .await?;
        let more = found.len() > list.limit;
        let next = found.get(list.limit.saturating_sub(1)).filter(|_| more).map(|last| Position {
            o: Position::label(list.order),
            n: last.number,
            t: 0,
            s: last.text.clone(),
            i: last.id.clone(),
        });
        let mut current = self.current_traces(found.iter().map(|f| (f.minute, f.id.as_str())), list.texts).await?;
        let rows = found
            .into_iter()
            .take(list.limit)
            .filter_map(|f| current.remove(&(f.minute, f.id)).filter(|row| row.is_deleted == 0 && row.row_version >= f.row_version));
        Ok(TraceList { rows: rows.collect(), next })
    }
}

/// Newest first in growing windows; everything at once where a window saves nothing.
fn windows(list: &List, reach: Reach) -> Windows {
    let (mut first, mut last) = (list.range.first_minute(), list.range.to_minute());
    if let Some(minute) = list.after.as_ref().map(|p| crate::range::minute_of(p.t)) {
        if list.order.descending {
            last = last.min(minute);
        } else {
            first = first.max(minute);
        }
    }
    if reach == Reach::Growing && list.order.descending {
        Windows::growing(first, last, crate::range::minute_of(crate::range::now().0))
    } else {
        Windows::whole(first, last)
    }
}

/// Keeps the versions that are their places' current ones, in order.
fn keep(found: Vec<Found>, mut current: HashMap<(i32, String), TraceRecord>) -> impl Iterator<Item = TraceRecord> {
    found.into_iter().filter_map(move |f| match current.entry((f.minute, f.id)) {
        std::collections::hash_map::Entry::Occupied(entry) if entry.get().row_version == f.row_version && entry.get().is_deleted == 0 => {
            Some(entry.remove())
        }
        _ => None,
    })
}

fn page(rows: Vec<TraceRecord>, list: &List, position: impl Fn(&TraceRecord) -> Position) -> TraceList {
    let more = rows.len() > list.skip + list.limit;
    let rows: Vec<TraceRecord> = rows.into_iter().skip(list.skip).take(list.limit).collect();
    let next = rows.last().filter(|_| more).map(position);
    TraceList { rows, next }
}
