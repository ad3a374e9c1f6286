//! Reading what a batch touches and inserting what it gives.

use agenttrace_domain::Envelope;
use agenttrace_pricing::PriceBook;
use agenttrace_store::Error;
use agenttrace_store::write::Writer;
use indexmap::IndexMap;

use crate::fold::{Folded, Known, Touched, fold};

/// Merges and inserts the envelopes of any number of projects. `token` names the batch's place in the stream.
pub async fn store(writer: &Writer, envelopes: Vec<Envelope>, token: &str) -> Result<usize, Error> {
    let mut by_project: IndexMap<String, Vec<Envelope>> = IndexMap::new();
    for envelope in envelopes {
        by_project.entry(envelope.project_id.clone()).or_default().push(envelope);
    }
    let mut folded = Vec::with_capacity(by_project.len());
    for (project_id, envelopes) in by_project {
        let known = look_up(writer, &project_id, &envelopes).await?;
        folded.push(fold(project_id, envelopes, known, PriceBook::managed()));
    }
    insert(writer, &folded, token).await
}

async fn look_up(writer: &Writer, project_id: &str, envelopes: &[Envelope]) -> Result<Known, Error> {
    let touched = Touched::by(envelopes);
    let mut known = Known::default();
    if !touched.traces.is_empty() {
        let minutes = writer.minutes_of(project_id, &touched.traces).await?;
        if !minutes.is_empty() {
            let (traces, steps, observations) = futures::try_join!(
                writer.stored_traces(project_id, &minutes),
                writer.stored_steps(project_id, &minutes),
                writer.stored_observations(project_id, &minutes, &touched.patched),
            )?;
            (known.traces, known.steps, known.observations) = (traces, steps, observations);
        }
    }
    let score_ids: Vec<&str> = touched.patched_scores.into_iter().chain(touched.scores).collect();
    if !score_ids.is_empty() {
        known.scores = writer.stored_scores(project_id, &score_ids).await?;
    }
    Ok(known)
}

/// Minutes first, so that a row can always be found by its id; the traces last, so that a listed trace has its steps.
async fn insert(writer: &Writer, folded: &[Folded], token: &str) -> Result<usize, Error> {
    let minutes: Vec<_> = folded.iter().flat_map(Folded::minute_rows).collect();
    writer.insert_minutes(&minutes).await?;
    let observations: Vec<_> = folded.iter().flat_map(Folded::observation_rows).collect();
    writer.insert_observations(&observations, token).await?;
    let traces: Vec<_> = folded.iter().flat_map(Folded::trace_rows).collect();
    writer.insert_traces(&traces, token).await?;
    let scores: Vec<_> = folded.iter().flat_map(Folded::score_rows).collect();
    writer.insert_scores(&scores, token).await?;
    Ok(observations.len() + traces.len() + scores.len())
}
