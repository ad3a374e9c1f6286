//! Lists of observations, newest first.

use std::collections::HashMap;

use agenttrace_domain::{Timestamp, trace_hash};
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::{ObservationRecord, Texts};
use crate::condition::Condition;
use crate::connection::{Ask, Project};
use crate::windows::Windows;
use crate::{Error, TimeRange};

/// Beyond this a numbered page is found by sorting the range, not by walking to it.
const MAX_WALK: usize = 2_000;

/// What a list of observations is asked for.
#[derive(Debug, Clone)]
pub struct List {
    pub range: TimeRange,
    pub condition: Condition,
    /// Only of this trace.
    pub trace_id: Option<String>,
    pub after: Option<Position>,
    /// Rows to pass over, for numbered pages.
    pub skip: usize,
    pub limit: usize,
    pub texts: Texts,
}

/// Where a list goes on: behind this row. What a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    t: i64,
    r: String,
    i: String,
}

impl Position {
    #[must_use]
    pub fn is_possible(&self) -> bool {
        (Timestamp::MIN.0..=Timestamp::MAX.0).contains(&self.t)
    }
}

/// A page; `next` is where the next one begins, if there may be one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ObservationList {
    pub rows: Vec<ObservationRecord>,
    pub next: Option<Position>,
}

/// A version of an observation, found in order.
#[derive(Debug, Clone, Row, Deserialize)]
struct Found {
    start_minute: i32,
    started: i64,
    trace_id: String,
    id: String,
    row_version: u64,
}

impl Found {
    fn position(&self) -> Position {
        Position { t: self.started, r: self.trace_id.clone(), i: self.id.clone() }
    }
}

#[derive(Row, Deserialize)]
struct NewestMinute {
    newest: Option<i32>,
}

#[derive(Row, Deserialize)]
struct Count {
    count: u64,
}

type Place = (i32, String, String);

impl Project<'_> {
    /// A page of observations, newest first.
    pub async fn list_observations(&self, list: List) -> Result<ObservationList, Error> {
        let wanted = list.skip + list.limit + 1;
        if wanted > MAX_WALK && list.skip > 0 {
            return self.far_page(&list).await;
        }
        let mut rows: Vec<ObservationRecord> = Vec::new();
        let mut after = list.after.clone();
        let mut windows = windows(&list);
        loop {
            // A few more than are missing, because some versions turn out to be old.
            let limit = (wanted - rows.len()) * 9 / 8 + 8;
            let found = self.find_observations(&list, &mut windows, after.clone(), limit).await?;
            let exhausted = found.len() < limit;
            after = found.last().map(Found::position).or(after);
            let current = self.current_observations(&found, list.texts).await?;
            rows.extend(keep(found, current));
            if exhausted || rows.len() >= wanted {
                break;
            }
        }
        let more = rows.len() > list.skip + list.limit;
        let rows: Vec<ObservationRecord> = rows.into_iter().skip(list.skip).take(list.limit).collect();
        let next = rows.last().filter(|_| more).map(|row| Position { t: row.started, r: row.trace_id.clone(), i: row.id.clone() });
        Ok(ObservationList { rows, next })
    }

    /// How many observations a list has, all pages together.
    pub async fn count_observations(&self, list: &List) -> Result<u64, Error> {
        let everything = list.condition.is_empty() && list.trace_id.is_none() && list.range == TimeRange::default();
        let row: Option<Count> = if everything {
            // Traces know how many steps they have; there are ten times fewer of them.
            self.ask("count observations", include_str!("count_all.sql")).heavy().row().await?
        } else {
            let ask = place(self.ask("count observations", include_str!("count.sql")).heavy(), list.trace_id.as_deref());
            bounds(ask, list, (list.range.first_minute(), list.range.to_minute())).condition(&list.condition).row().await?
        };
        Ok(row.map_or(0, |r| r.count))
    }

    /// The next versions in order, window by window.
    async fn find_observations(
        &self,
        list: &List,
        windows: &mut Windows,
        mut after: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Found>, Error> {
        let mut found: Vec<Found> = Vec::new();
        while let Some(window) = windows.current() {
            found.extend(self.find_observations_in(list, window, after.as_ref(), limit - found.len()).await?);
            if found.len() >= limit {
                break;
            }
            after = found.last().map(Found::position).or(after);
            windows.step();
            if found.is_empty()
                && windows.may_jump()
                && let Some((_, last)) = windows.current()
            {
                let ask = self.ask("find the newest observation", include_str!("newest_minute.sql"));
                let newest: Option<NewestMinute> =
                    ask.param("from_minute", list.range.first_minute()).param("to_minute", last).row().await?;
                windows.jump(newest.and_then(|n| n.newest));
            }
        }
        Ok(found)
    }

    async fn find_observations_in(
        &self,
        list: &List,
        window: (i32, i32),
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Vec<Found>, Error> {
        let ask = place(self.ask("list observations", include_str!("newest.sql")), list.trace_id.as_deref());
        let ask = match after {
            Some(p) => {
                let position = "(start_time, trace_id, id) < (fromUnixTimestamp64Micro({after_at:Int64}, 'UTC'), {after_trace:String}, {after_id:String})";
                ask.part("position", position).param("after_at", p.t).param("after_trace", p.r.as_str()).param("after_id", p.i.as_str())
            }
            None => ask.part("position", "1"),
        };
        bounds(ask, list, window).param("limit", limit as u64).condition(&list.condition).rows().await
    }

    async fn far_page(&self, list: &List) -> Result<ObservationList, Error> {
        let ask = place(self.ask("list observations", include_str!("page.sql")).heavy(), list.trace_id.as_deref());
        let ask = bounds(ask, list, (list.range.first_minute(), list.range.to_minute()))
            .param("limit", list.limit as u64)
            .param("skip", list.skip as u64);
        let found: Vec<Found> = ask.condition(&list.condition).rows().await?;
        let current = self.current_observations(&found, list.texts).await?;
        Ok(ObservationList { rows: keep(found, current).collect(), next: None })
    }

    async fn current_observations(&self, found: &[Found], texts: Texts) -> Result<HashMap<Place, ObservationRecord>, Error> {
        if found.is_empty() {
            return Ok(HashMap::new());
        }
        let mut places: Vec<(i32, u32)> = found.iter().map(|f| (f.start_minute, trace_hash(&f.trace_id))).collect();
        places.sort_unstable();
        places.dedup();
        let mut trace_ids: Vec<String> = found.iter().map(|f| f.trace_id.clone()).collect();
        trace_ids.sort_unstable();
        trace_ids.dedup();
        let ids: Vec<String> = found.iter().map(|f| f.id.clone()).collect();
        let ask = texts
            .put(self.ask("read observations", include_str!("rows.sql")))
            .param("places", places)
            .param("trace_ids", trace_ids)
            .param("ids", ids);
        let rows: Vec<ObservationRecord> = ask.rows().await?;
        Ok(rows.into_iter().map(|row| ((row.start_minute, row.trace_id.clone(), row.id.clone()), row)).collect())
    }
}

/// Keeps the versions that are their places' current ones, in order.
fn keep(found: Vec<Found>, mut current: HashMap<Place, ObservationRecord>) -> impl Iterator<Item = ObservationRecord> {
    found.into_iter().filter_map(move |f| {
        let version = f.row_version;
        match current.entry((f.start_minute, f.trace_id, f.id)) {
            std::collections::hash_map::Entry::Occupied(entry) if entry.get().row_version == version && entry.get().is_deleted == 0 => {
                Some(entry.remove())
            }
            _ => None,
        }
    })
}

/// Growing windows; everything at once where the trace says which minutes there are.
fn windows(list: &List) -> Windows {
    let (first, mut last) = (list.range.first_minute(), list.range.to_minute());
    if let Some(after) = &list.after {
        last = last.min(crate::range::minute_of(after.t));
    }
    if list.trace_id.is_some() {
        Windows::whole(first, last)
    } else {
        Windows::growing(first, last, crate::range::minute_of(crate::range::now().0))
    }
}

fn bounds(ask: Ask, list: &List, minutes: (i32, i32)) -> Ask {
    ask.param("from_minute", minutes.0)
        .param("to_minute", minutes.1)
        .param("from", list.range.first_micros())
        .param("to", list.range.to_micros())
}

/// Of one trace: only the places that `trace_minutes` names.
fn place(ask: Ask, trace_id: Option<&str>) -> Ask {
    match trace_id {
        None => ask.part("place", "1"),
        Some(trace_id) => ask
            .part(
                "place",
                "start_minute IN (SELECT minute FROM trace_minutes WHERE project_id = {project:String} AND trace_hash = xxHash64({trace_id:String})) \
                 AND xxHash32(trace_id) = {hash:UInt32} AND trace_id = {trace_id:String}",
            )
            .param("hash", trace_hash(trace_id))
            .param("trace_id", trace_id),
    }
}
