//! Traces by their ids alone.

use agenttrace_domain::trace_hash;

use super::{Texts, TraceRecord};
use crate::Error;
use crate::connection::Project;
use crate::observations::{self, ObservationRecord};
use crate::scores::ScoreRecord;

/// What of a trace is read with it.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// Its steps in the order in which they began: with which texts, and how many at most.
    pub observations: Option<(observations::Texts, usize)>,
    pub scores: bool,
}

/// A trace and what was asked for with it.
#[derive(Debug, Clone)]
pub struct WholeTrace {
    pub trace: TraceRecord,
    pub observations: Vec<ObservationRecord>,
    pub scores: Vec<ScoreRecord>,
}

impl Project<'_> {
    /// The trace of this id with its parts, at the same time: its place is looked up once.
    pub async fn whole_trace(&self, id: &str, parts: Parts) -> Result<Option<WholeTrace>, Error> {
        let ids = [id.to_owned()];
        let placed = async {
            let minutes = self.minutes_of(&ids).await?;
            if minutes.is_empty() {
                return Ok((None, Vec::new()));
            }
            let steps = async {
                match parts.observations {
                    Some((texts, limit)) => self.observations_at(minutes.clone(), id, texts, limit).await,
                    None => Ok(Vec::new()),
                }
            };
            let (mut traces, steps) = tokio::try_join!(self.traces_at(minutes.clone(), &ids, Texts::All), steps)?;
            Ok((traces.pop(), steps))
        };
        let scores = async { if parts.scores { self.scores_of_traces(&ids).await } else { Ok(Vec::new()) } };
        let ((trace, observations), scores) = tokio::try_join!(placed, scores)?;
        Ok(trace.map(|trace| WholeTrace { trace, observations, scores }))
    }

    /// The traces of these ids, in no order. Unknown ones are left out.
    pub async fn traces_by_id(&self, ids: &[String], texts: Texts) -> Result<Vec<TraceRecord>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let minutes = self.minutes_of(ids).await?;
        if minutes.is_empty() {
            return Ok(Vec::new());
        }
        self.traces_at(minutes, ids, texts).await
    }

    async fn traces_at(&self, minutes: Vec<i32>, ids: &[String], texts: Texts) -> Result<Vec<TraceRecord>, Error> {
        let hashes: Vec<u32> = ids.iter().map(|id| trace_hash(id)).collect();
        let ask = texts
            .put(self.ask("read traces by id", include_str!("by_id.sql")))
            .param("minutes", minutes)
            .param("hashes", hashes)
            .param("ids", ids);
        let mut rows: Vec<TraceRecord> = ask.rows().await?;
        // A trace whose time moved leaves a deletion at its old place; between the two writes both places hold a row, and the later one counts.
        rows.retain(|row| row.is_deleted == 0);
        rows.sort_unstable_by(|a, b| a.id.cmp(&b.id).then(b.row_version.cmp(&a.row_version)));
        rows.dedup_by(|a, b| a.id == b.id);
        Ok(rows)
    }
}
