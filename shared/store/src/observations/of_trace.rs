//! The steps of a trace, and steps by their ids.

use std::collections::HashMap;

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
    /// The steps of a trace in the order in which they began, at most `limit`.
    pub async fn observations_of_trace(&self, trace_id: &str, texts: Texts, limit: usize) -> Result<Vec<ObservationRecord>, Error> {
        let ask = texts.put(self.ask("read a trace's observations", include_str!("of_trace.sql"))).part("one", "1");
        let rows = ask.param("hash", trace_hash(trace_id)).param("trace_id", trace_id).param("limit", limit as u64).rows().await?;
        let mut rows = current(rows);
        rows.sort_unstable_by(|a, b| (a.started, &a.id).cmp(&(b.started, &b.id)));
        Ok(rows)
    }

    /// One observation. Without the trace's id the newest of that id.
    pub async fn get_observation(&self, trace_id: Option<&str>, id: &str) -> Result<Option<ObservationRecord>, Error> {
        let ask = match trace_id {
            Some(trace_id) => texts_all(self.ask("read an observation", include_str!("of_trace.sql")))
                .part("one", "id = {id:String}")
                .param("hash", trace_hash(trace_id))
                .param("trace_id", trace_id)
                .param("limit", 100_u64),
            None => texts_all(self.ask("read an observation", include_str!("by_id.sql"))),
        };
        let rows = ask.param("id", id).rows().await?;
        Ok(current(rows).into_iter().max_by_key(|row| row.row_version))
    }

    /// The ids of the steps of these traces.
    pub async fn observation_ids(&self, trace_ids: &[String]) -> Result<HashMap<String, Vec<String>>, Error> {
        if trace_ids.is_empty() {
            return Ok(HashMap::new());
        }
        let hashes: Vec<u32> = trace_ids.iter().map(|id| trace_hash(id)).collect();
        let rows: Vec<Ids> = self
            .ask("read ids of observations", include_str!("ids.sql"))
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
