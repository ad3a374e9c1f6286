//! Deleting for good. A lightweight delete hides rows at once; the mutation that follows rewrites the parts, so that nothing is left on disk.

use agenttrace_domain::trace_hash;

use super::Writer;
use crate::Error;

fn failed(error: clickhouse::error::Error) -> Error {
    Error::sort("delete rows", error)
}

impl Writer {
    /// Deletes traces, their steps and their scores. Gone for readers when this returns; gone from disk soon after.
    pub async fn delete_traces(&self, project_id: &str, trace_ids: &[String]) -> Result<(), Error> {
        let ids: Vec<&str> = trace_ids.iter().map(String::as_str).collect();
        for ids in ids.chunks(500) {
            let known = self.minutes_of(project_id, ids).await?;
            let mut minutes: Vec<i32> = known.values().flatten().copied().collect();
            minutes.sort_unstable();
            minutes.dedup();
            let hashes: Vec<u32> = ids.iter().map(|id| trace_hash(id)).collect();
            if !minutes.is_empty() {
                for sql in [
                    "DELETE FROM observations WHERE project_id = ? AND start_minute IN ? AND xxHash32(trace_id) IN ? AND trace_id IN ?",
                    "DELETE FROM traces WHERE project_id = ? AND minute IN ? AND xxHash32(id) IN ? AND id IN ?",
                ] {
                    self.client
                        .query(sql)
                        .bind(project_id)
                        .bind(&minutes)
                        .bind(&hashes)
                        .bind(ids)
                        .with_setting("lightweight_deletes_sync", "2")
                        .execute()
                        .await
                        .map_err(failed)?;
                }
            }
            self.client
                .query("DELETE FROM scores WHERE project_id = ? AND trace_id IN ?")
                .bind(project_id)
                .bind(ids)
                .with_setting("lightweight_deletes_sync", "2")
                .execute()
                .await
                .map_err(failed)?;
        }
        self.purge(&["observations", "traces", "scores"]).await
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

    /// Rewrites parts that hold hidden rows, in the background.
    async fn purge(&self, tables: &[&str]) -> Result<(), Error> {
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
