//! The write side: what the one writer of a trace reads before it merges, and how it inserts.
//!
//! Inserts are RowBinary in blocks whose order follows from the events alone, each with a deduplication token made of the stream position, so
//! that a redelivered batch changes nothing. Only `write-events` and `delete-data` use this; readers have their own user.

mod agents;
mod changes;
mod delete;
mod delete_project;
mod expire;
mod rows;
mod run_items;
mod stored;

pub use agents::{CiRunRow, FileOperationRow, GitLinkRow, MetricRow, StoredCiRun, TerminalCommandRow};
pub use changes::{CommitRow, PullRequestRow};
pub use rows::{ObservationRow, RowOrigin, ScoreRow, TraceMinuteRow, TraceRow, minute_of, preview};
pub use run_items::RunItemRow;
pub use stored::{StoredObservation, StoredScore, StoredTrace};

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use agenttrace_domain::{Step, Timestamp, trace_hash};
use clickhouse::{Client, RowWrite};

use crate::Error;
use rows::{DELETION, trace_hash_64};

/// Texts of one query together; ClickHouse parses at most 256 KiB of a statement by default.
const MAX_QUERY_BYTES: usize = 120_000;
const MAX_QUERY_IDS: usize = 2_000;

/// What is known of traces by their ids alone.
#[derive(Debug, Default)]
pub struct Places {
    /// The minutes in which rows of a trace lie. A trace without rows is not there.
    pub minutes: HashMap<String, Vec<i32>>,
    /// When a trace was last ordered to be deleted.
    pub deleted: HashMap<String, Timestamp>,
}

/// ClickHouse as the writer's user.
#[derive(Clone)]
pub struct Writer {
    client: Client,
}

impl Writer {
    #[must_use]
    pub fn new(url: &str, database: &str, user: &str, password: &str) -> Self {
        // Connects as readers do: with a connect timeout, without Nagle's algorithm, and never on a connection that the server is about to drop.
        let client = crate::connection::client(url, database, user, password)
            .with_setting("max_partitions_per_insert_block", "0")
            .with_setting("max_query_size", "1048576")
            .with_setting("async_insert", "0")
            .with_setting("max_execution_time", "60");
        Self { client }
    }

    /// Runs one statement that gives no rows.
    pub async fn execute(&self, sql: &str) -> Result<(), Error> {
        self.client.query(sql).execute().await.map_err(|e| Error::sort("run a statement", e))
    }

    /// The underlying client, for deletions.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Which of these traces have rows, in which minutes, and which were deleted.
    pub async fn places_of(&self, project_id: &str, trace_ids: &[&str]) -> Result<Places, Error> {
        let by_hash: HashMap<u64, &str> = trace_ids.iter().map(|id| (trace_hash_64(id), *id)).collect();
        let hashes: Vec<u64> = by_hash.keys().copied().collect();
        let mut places = Places::default();
        for chunk in hashes.chunks(MAX_QUERY_IDS) {
            let rows = self
                .client
                .query(include_str!("lookup_minutes.sql"))
                .bind(DELETION)
                .bind(project_id)
                .bind(chunk)
                .fetch_all::<stored::MinutesRecord>()
                .await
                .map_err(|e| Error::sort("look up traces", e))?;
            for row in rows {
                let Some(id) = by_hash.get(&row.trace_hash) else { continue };
                if !row.minutes.is_empty() {
                    places.minutes.insert((*id).to_owned(), row.minutes);
                }
                if row.deleted_micros > 0 {
                    places.deleted.insert((*id).to_owned(), Timestamp(row.deleted_micros));
                }
            }
        }
        Ok(places)
    }

    /// The current rows of known traces. A trace whose timestamp moved may have several; the newest version is its row.
    pub async fn stored_traces(&self, project_id: &str, known: &HashMap<String, Vec<i32>>) -> Result<HashMap<String, StoredTrace>, Error> {
        let mut stored: HashMap<String, StoredTrace> = HashMap::new();
        for chunk in chunks(known) {
            let Chunk { ids, hashes, minutes } = chunk;
            let query = self.client.query(include_str!("stored_traces.sql")).bind(project_id).bind(minutes).bind(hashes).bind(ids);
            for row in query.fetch_all::<stored::TraceRecord>().await.map_err(|e| Error::sort("read stored traces", e))? {
                if row.is_deleted == 0 {
                    let row = StoredTrace::from(row);
                    match stored.get(&row.trace.id) {
                        Some(other) if other.row_version >= row.row_version => {}
                        _ => drop(stored.insert(row.trace.id.clone(), row)),
                    }
                }
            }
        }
        Ok(stored)
    }

    /// The steps of known traces, as far as the traces' facts need them.
    pub async fn stored_steps(&self, project_id: &str, known: &HashMap<String, Vec<i32>>) -> Result<HashMap<String, Vec<Step>>, Error> {
        let mut steps: HashMap<String, Vec<Step>> = HashMap::new();
        for Chunk { ids, hashes, minutes } in chunks(known) {
            let query = self.client.query(include_str!("stored_steps.sql")).bind(project_id).bind(minutes).bind(hashes).bind(ids);
            for row in query.fetch_all::<stored::StepRecord>().await.map_err(|e| Error::sort("read stored steps", e))? {
                if row.is_deleted == 0 {
                    let (trace_id, step) = row.into_step();
                    steps.entry(trace_id).or_default().push(step);
                }
            }
        }
        Ok(steps)
    }

    /// The whole rows of these steps of known traces, by (trace id, id).
    pub async fn stored_observations(
        &self,
        project_id: &str,
        known: &HashMap<String, Vec<i32>>,
        keys: &[(&str, &str)],
    ) -> Result<HashMap<(String, String), StoredObservation>, Error> {
        let mut stored = HashMap::new();
        let keys: Vec<(&str, &str)> = keys.iter().copied().filter(|(trace, _)| known.contains_key(*trace)).collect();
        for chunk in keys.chunks(200) {
            let traces: HashSet<&str> = chunk.iter().map(|(t, _)| *t).collect();
            let hashes: Vec<u32> = traces.iter().map(|t| trace_hash(t)).collect();
            let mut minutes: Vec<i32> = traces.iter().filter_map(|t| known.get(*t)).flatten().copied().collect();
            minutes.sort_unstable();
            minutes.dedup();
            let query = self.client.query(include_str!("stored_observations.sql")).bind(project_id).bind(minutes).bind(hashes).bind(chunk);
            for row in query.fetch_all::<stored::ObservationRecord>().await.map_err(|e| Error::sort("read stored observations", e))? {
                if row.is_deleted == 0 {
                    let row = StoredObservation::from(row);
                    stored.insert((row.observation.trace_id.clone(), row.observation.id.clone()), row);
                }
            }
        }
        Ok(stored)
    }

    /// The current rows of these scores, by id.
    pub async fn stored_scores(&self, project_id: &str, ids: &[&str]) -> Result<HashMap<String, StoredScore>, Error> {
        let mut stored = HashMap::new();
        for chunk in ids.chunks(200) {
            let query = self.client.query(include_str!("stored_scores.sql")).bind(project_id).bind(chunk);
            for row in query.fetch_all::<stored::ScoreRecord>().await.map_err(|e| Error::sort("read stored scores", e))? {
                if row.is_deleted == 0 {
                    let row = StoredScore::from(row);
                    stored.insert(row.score.id.clone(), row);
                }
            }
        }
        Ok(stored)
    }

    /// Says in which minutes traces have rows. A set: needs no token. To be written before the rows themselves.
    pub async fn insert_minutes(&self, rows: &[TraceMinuteRow<'_>]) -> Result<(), Error> {
        self.insert::<TraceMinuteRow<'static>>("trace_minutes", rows, None).await
    }

    pub async fn insert_observations(&self, rows: &[ObservationRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<ObservationRow<'static>>("observations", rows, Some(token)).await
    }

    pub async fn insert_traces(&self, rows: &[TraceRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<TraceRow<'static>>("traces", rows, Some(token)).await
    }

    pub async fn insert_scores(&self, rows: &[ScoreRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<ScoreRow<'static>>("scores", rows, Some(token)).await
    }

    pub async fn insert_run_items(&self, rows: &[RunItemRow<'_>], token: &str) -> Result<(), Error> {
        self.insert::<RunItemRow<'static>>("dataset_run_items", rows, Some(token)).await
    }

    /// `R` is the row with any lifetime; `rows` borrow from what is being stored.
    async fn insert<R: RowWrite>(&self, table: &str, rows: &[R::Value<'_>], token: Option<&str>) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut client = self.client.clone();
        if let Some(token) = token {
            client = client.with_setting("insert_deduplication_token", token);
        }
        let failed = |e| Error::sort("insert rows", e);
        let mut insert =
            client.insert::<R>(table).await.map_err(failed)?.with_timeouts(Some(Duration::from_secs(10)), Some(Duration::from_secs(40)));
        for row in rows {
            insert.write(row).await.map_err(failed)?;
        }
        insert.end().await.map_err(failed)
    }
}

struct Chunk<'a> {
    ids: Vec<&'a str>,
    hashes: Vec<u32>,
    minutes: Vec<i32>,
}

/// Cuts known traces into queries of bounded size.
fn chunks(known: &HashMap<String, Vec<i32>>) -> Vec<Chunk<'_>> {
    let mut chunks: Vec<Chunk<'_>> = Vec::new();
    let mut bytes = MAX_QUERY_BYTES;
    for (id, minutes) in known {
        let size = id.len() + 16 + minutes.len() * 12;
        if bytes + size > MAX_QUERY_BYTES {
            chunks.push(Chunk { ids: Vec::new(), hashes: Vec::new(), minutes: Vec::new() });
            bytes = 0;
        }
        bytes += size;
        if let Some(chunk) = chunks.last_mut() {
            chunk.ids.push(id);
            chunk.hashes.push(trace_hash(id));
            chunk.minutes.extend_from_slice(minutes);
        }
    }
    for chunk in &mut chunks {
        chunk.minutes.sort_unstable();
        chunk.minutes.dedup();
    }
    chunks
}
