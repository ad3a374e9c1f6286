//! The steps of a trace, and steps by their ids.

use std::collections::{HashMap, HashSet};

use agenttrace_domain::trace_hash;
use clickhouse::Row;
use serde::Deserialize;

use super::{ObservationRecord, Texts};
use crate::Error;
use crate::connection::Project;

#[derive(Row, Deserialize)]
struct Ids {
    trace_id: String,
    ids: Vec<String>,
}

impl Project<'_> {
    /// The steps of a trace in the order in which they began, at most `limit`, from the minutes in which it lies.
    pub(crate) async fn observations_at(
        &self,
        minutes: Vec<i32>,
        trace_id: &str,
        texts: Texts,
        limit: usize,
    ) -> Result<Vec<ObservationRecord>, Error> {
        let ask =
            texts.put(self.ask("read a trace's observations", include_str!("of_trace.sql"))).part("one", "1").param("minutes", minutes);
        let rows = ask.param("hash", trace_hash(trace_id)).param("trace_id", trace_id).param("limit", limit as u64).rows().await?;
        let mut rows = current(rows);
        rows.sort_unstable_by(|a, b| (a.started, &a.id).cmp(&(b.started, &b.id)));
        Ok(rows)
    }

    /// One observation. Without the trace's id the newest of that id.
    pub async fn get_observation(&self, trace_id: Option<&str>, id: &str) -> Result<Option<ObservationRecord>, Error> {
        let ask = match trace_id {
            Some(trace_id) => {
                let minutes = self.minutes_of(&[trace_id.to_owned()]).await?;
                if minutes.is_empty() {
                    return Ok(None);
                }
                texts_all(self.ask("read an observation", include_str!("of_trace.sql")))
                    .part("one", "id = {id:String}")
                    .param("minutes", minutes)
                    .param("hash", trace_hash(trace_id))
                    .param("trace_id", trace_id)
                    .param("limit", 100_u64)
            }
            None => texts_all(self.ask("read an observation", include_str!("by_id.sql"))),
        };
        let rows = ask.param("id", id).rows().await?;
        Ok(current(rows).into_iter().max_by_key(|row| row.row_version))
    }

    /// Steps by (trace id, id), at most one each, in no order. Unknown ones are left out.
    pub async fn observations_by_id(&self, keys: &[(String, String)], texts: Texts) -> Result<Vec<ObservationRecord>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: HashSet<(&str, &str)> = keys.iter().map(|(trace_id, id)| (trace_id.as_str(), id.as_str())).collect();
        let trace_ids: Vec<String> = keys.iter().map(|(trace_id, _)| trace_id.clone()).collect();
        let minutes = self.minutes_of(&trace_ids).await?;
        if minutes.is_empty() {
            return Ok(Vec::new());
        }
        let rows = texts
            .put(self.ask("read observations by id", include_str!("of_traces.sql")))
            .param("minutes", minutes)
            .param("hashes", keys.iter().map(|(trace_id, _)| trace_hash(trace_id)).collect::<Vec<u32>>())
            .param("trace_ids", trace_ids)
            .param("ids", keys.iter().map(|(_, id)| id.clone()).collect::<Vec<String>>())
            .rows()
            .await?;
        let mut rows = current(rows);
        rows.retain(|row| wanted.contains(&(row.trace_id.as_str(), row.id.as_str())));
        Ok(rows)
    }

    /// The ids of the steps of these traces.
    pub async fn observation_ids(&self, trace_ids: &[String]) -> Result<HashMap<String, Vec<String>>, Error> {
        if trace_ids.is_empty() {
            return Ok(HashMap::new());
        }
        let hashes: Vec<u32> = trace_ids.iter().map(|id| trace_hash(id)).collect();
        let minutes = self.minutes_of(trace_ids).await?;
        if minutes.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<Ids> = self
            .ask("read ids of observations", include_str!("ids.sql"))
            .param("minutes", minutes)
            .param("hashes", hashes)
            .param("trace_ids", trace_ids)
            .rows()
            .await?;
        Ok(rows.into_iter().map(|row| (row.trace_id, row.ids)).collect())
    }
}

fn texts_all(ask: crate::connection::Ask) -> crate::connection::Ask {
    Texts::ALL.put(ask)
}

/// Without deletions, and each step once: one whose start moved leaves a deletion at its old place, and between the two writes both hold a row.
fn current(mut rows: Vec<ObservationRecord>) -> Vec<ObservationRecord> {
    rows.retain(|row| row.is_deleted == 0);
    rows.sort_unstable_by(|a, b| (&a.trace_id, &a.id).cmp(&(&b.trace_id, &b.id)).then(b.row_version.cmp(&a.row_version)));
    rows.dedup_by(|a, b| a.trace_id == b.trace_id && a.id == b.id);
    rows
}
