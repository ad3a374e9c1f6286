//! Finding and deleting what is older than a project keeps it.

use agenttrace_domain::Timestamp;
use clickhouse::Row;
use serde::Deserialize;

use super::{Writer, minute_of};
use crate::Error;

/// Tables whose rows may stand without a trace, each with its time.
const BY_TIME: &[&str] = &["scores", "file_operations", "terminal_commands", "git_links", "ci_runs", "agent_metrics"];

#[derive(Row, Deserialize)]
struct Found {
    id: String,
}

impl Writer {
    /// Some traces of a project that ended before a time: one that still goes on is kept whole.
    pub async fn expired_traces(&self, project_id: &str, before: Timestamp, limit: u32) -> Result<Vec<String>, Error> {
        let found = self
            .client
            .query(include_str!("expired_traces.sql"))
            .bind(project_id)
            .bind(minute_of(before))
            .bind(before.0)
            .bind(limit)
            .fetch_all::<Found>()
            .await
            .map_err(|e| Error::sort("look for old traces", e))?;
        Ok(found.into_iter().map(|row| row.id).collect())
    }

    /// Deletes old rows that are not part of a trace that is there. Gone for readers when this returns.
    pub async fn delete_expired_rows(&self, project_id: &str, before: Timestamp) -> Result<(), Error> {
        for table in BY_TIME {
            let of_a_trace = if *table == "agent_metrics" {
                ""
            } else {
                " AND trace_id NOT IN (SELECT id FROM traces WHERE project_id = ? AND id != '')"
            };
            let sql = format!("DELETE FROM {table} WHERE project_id = ? AND timestamp < fromUnixTimestamp64Micro(?, 'UTC'){of_a_trace}");
            let mut query = self.client.query(&sql).bind(project_id).bind(before.0);
            if !of_a_trace.is_empty() {
                query = query.bind(project_id);
            }
            query
                .with_setting("lightweight_deletes_sync", "2")
                .with_setting("max_execution_time", "250")
                .execute()
                .await
                .map_err(|e| Error::sort("delete old rows", e))?;
        }
        self.purge(BY_TIME).await
    }
}
