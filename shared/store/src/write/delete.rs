//! Deleting for good. A lightweight delete hides rows at once; the mutation that follows rewrites the parts, so that nothing is left on disk.

use agenttrace_domain::{Timestamp, trace_hash};

use super::Writer;
use super::rows::DeletionRow;
use crate::Error;

/// Tables that are keyed by their own id and name the trace.
const OF_TRACES: &[&str] = &["scores", "file_operations", "terminal_commands", "git_links", "ci_runs"];

fn failed(error: clickhouse::error::Error) -> Error {
    Error::sort("delete rows", error)
}

impl Writer {
    /// Deletes what was accepted of traces, their steps and their scores up to `ordered_at`. Gone for readers when this returns; gone from disk
    /// soon after. What is still on its way to the store is noted, and the writer leaves it out.
    pub async fn delete_traces(&self, project_id: &str, trace_ids: &[String], ordered_at: Timestamp) -> Result<(), Error> {
        let notes: Vec<DeletionRow<'_>> = trace_ids.iter().map(|id| DeletionRow::new(project_id, id, ordered_at)).collect();
        self.insert::<DeletionRow<'static>>("trace_minutes", &notes, None).await?;
        let until = u64::try_from(ordered_at.0).unwrap_or(0);
        let ids: Vec<&str> = trace_ids.iter().map(String::as_str).collect();
        for ids in ids.chunks(500) {
            let known = self.places_of(project_id, ids).await?.minutes;
            let mut minutes: Vec<i32> = known.values().flatten().copied().collect();
            minutes.sort_unstable();
            minutes.dedup();
            let hashes: Vec<u32> = ids.iter().map(|id| trace_hash(id)).collect();
            if !minutes.is_empty() {
                for sql in [
                    "DELETE FROM observations WHERE project_id = ? AND start_minute IN ? AND xxHash32(trace_id) IN ? AND trace_id IN ? AND row_version <= ?",
                    "DELETE FROM traces WHERE project_id = ? AND minute IN ? AND xxHash32(id) IN ? AND id IN ? AND row_version <= ?",
                ] {
                    self.client
                        .query(sql)
                        .bind(project_id)
                        .bind(&minutes)
                        .bind(&hashes)
                        .bind(ids)
                        .bind(until)
                        .with_setting("lightweight_deletes_sync", "2")
                        .execute()
                        .await
                        .map_err(failed)?;
                }
            }
            for table in OF_TRACES {
                self.client
                    .query(&format!("DELETE FROM {table} WHERE project_id = ? AND trace_id IN ? AND row_version <= ?"))
                    .bind(project_id)
                    .bind(ids)
                    .bind(until)
                    .with_setting("lightweight_deletes_sync", "2")
                    .execute()
                    .await
                    .map_err(failed)?;
            }
        }
        self.purge(&["observations", "traces"]).await?;
        self.purge(OF_TRACES).await
    }

    pub async fn delete_scores(&self, project_id: &str, score_ids: &[String]) -> Result<(), Error> {
        self.client
            .query("DELETE FROM scores WHERE project_id = ? AND id IN ?")
            .bind(project_id)
            .bind(score_ids)
            .with_setting("lightweight_deletes_sync", "2")
            .execute()
            .await
            .map_err(failed)?;
        self.purge(&["scores"]).await
    }

    /// Deletes what was told of these runs until `before` (a row version); that they were deleted stays known.
    pub async fn delete_runs(&self, project_id: &str, run_ids: &[String], before: u64) -> Result<(), Error> {
        self.client
            .query("DELETE FROM dataset_run_items WHERE project_id = ? AND run_id IN ? AND row_version <= ? AND telling != 'deleted'")
            .bind(project_id)
            .bind(run_ids)
            .bind(before)
            .with_setting("lightweight_deletes_sync", "2")
            .execute()
            .await
            .map_err(failed)?;
        self.purge(&["dataset_run_items"]).await
    }

    /// Rewrites parts that hold hidden rows, in the background.
    pub(super) async fn purge(&self, tables: &[&str]) -> Result<(), Error> {
        for table in tables {
            self.client
                .query(&format!("ALTER TABLE {table} APPLY DELETED MASK"))
                .with_setting("mutations_sync", "0")
                .execute()
                .await
                .map_err(failed)?;
        }
        Ok(())
    }
}
