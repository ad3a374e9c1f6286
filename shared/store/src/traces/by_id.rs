//! Traces by their ids alone.

use agenttrace_domain::trace_hash;

use super::{Texts, TraceRecord};
use crate::Error;
use crate::connection::Project;

impl Project<'_> {
    /// The trace of this id.
    pub async fn get_trace(&self, id: &str) -> Result<Option<TraceRecord>, Error> {
        Ok(self.traces_by_id(&[id.to_owned()], Texts::All).await?.pop())
    }

    /// The traces of these ids, in no order. Unknown ones are left out.
    pub async fn traces_by_id(&self, ids: &[String], texts: Texts) -> Result<Vec<TraceRecord>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let hashes: Vec<u32> = ids.iter().map(|id| trace_hash(id)).collect();
        let ask = texts.put(self.ask("read traces by id", include_str!("by_id.sql"))).param("hashes", hashes).param("ids", ids);
        let mut rows: Vec<TraceRecord> = ask.rows().await?;
        // A trace whose time moved leaves a deletion at its old place; between the two writes both places hold a row, and the later one counts.
        rows.retain(|row| row.is_deleted == 0);
        rows.sort_unstable_by(|a, b| a.id.cmp(&b.id).then(b.row_version.cmp(&a.row_version)));
        rows.dedup_by(|a, b| a.id == b.id);
        Ok(rows)
    }
}
