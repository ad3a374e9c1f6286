//! Reading what a batch touches and inserting what it gives.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_domain::{Envelope, Event};
use agenttrace_pricing::{OwnModels, Prices};
use agenttrace_records::ModelCache;
use agenttrace_store::Error;
use agenttrace_store::write::{Places, Writer};
use indexmap::IndexMap;

use crate::fold::{Folded, Known, Touched, fold, to_load};

/// Models of their own of projects, by id.
pub type ModelsOf = HashMap<String, Arc<OwnModels>>;

/// The models of those projects whose steps are priced here: told in part, or to be priced anew. For the latter they are read anew.
pub async fn models_of(cache: &ModelCache, envelopes: &[Envelope]) -> Result<ModelsOf, agenttrace_records::Error> {
    let mut models = ModelsOf::new();
    for envelope in envelopes {
        if envelope.events.iter().any(|e| matches!(e, Event::Reprice { .. })) {
            models.insert(envelope.project_id.clone(), cache.renewed(&envelope.project_id).await?);
        } else if !models.contains_key(&envelope.project_id) && envelope.events.iter().any(|e| matches!(e, Event::ObservationPatch { .. }))
        {
            models.insert(envelope.project_id.clone(), cache.of(&envelope.project_id).await?);
        }
    }
    Ok(models)
}

/// Merges and inserts the envelopes of any number of projects. `token` names the batch's place in the stream.
pub async fn store(writer: &Writer, envelopes: Vec<Envelope>, models: &ModelsOf, token: &str) -> Result<usize, Error> {
    let mut by_project: IndexMap<String, Vec<Envelope>> = IndexMap::new();
    for envelope in envelopes {
        by_project.entry(envelope.project_id.clone()).or_default().push(envelope);
    }
    let mut folded = Vec::with_capacity(by_project.len());
    for (project_id, envelopes) in by_project {
        let known = look_up(writer, &project_id, &envelopes).await?;
        let own: &OwnModels = match models.get(&project_id) {
            Some(own) => own,
            None => OwnModels::none(),
        };
        folded.push(fold(project_id, envelopes, known, Prices::of(own)));
    }
    insert(writer, &folded, token).await
}

async fn look_up(writer: &Writer, project_id: &str, envelopes: &[Envelope]) -> Result<Known, Error> {
    let touched = Touched::by(envelopes);
    let mut known = Known::default();
    let asked: Vec<&str> = touched.traces.iter().chain(&touched.judged).copied().collect();
    if !asked.is_empty() {
        let Places { mut minutes, deleted } = writer.places_of(project_id, &asked).await?;
        minutes.retain(|id, _| touched.traces.binary_search(&id.as_str()).is_ok());
        known.deleted = deleted;
        if !minutes.is_empty() {
            let (traces, steps, observations) = futures::try_join!(
                writer.stored_traces(project_id, &minutes),
                writer.stored_steps(project_id, &minutes),
                writer.stored_observations(project_id, &minutes, &touched.patched),
            )?;
            (known.traces, known.steps, known.observations) = (traces, steps, observations);
            let twins = to_load(&known.steps, envelopes);
            let twins: Vec<(&str, &str)> = twins
                .iter()
                .map(|(trace_id, id)| (trace_id.as_str(), id.as_str()))
                .filter(|key| touched.patched.binary_search(key).is_err())
                .collect();
            if !twins.is_empty() {
                known.observations.extend(writer.stored_observations(project_id, &minutes, &twins).await?);
            }
            known.forget_deleted();
        }
    }
    let score_ids: Vec<&str> = touched.patched_scores.into_iter().chain(touched.scores).collect();
    if !score_ids.is_empty() {
        known.scores = writer.stored_scores(project_id, &score_ids).await?;
    }
    if !touched.ci_runs.is_empty() {
        known.ci_runs = writer.stored_ci_runs(project_id, &touched.ci_runs).await?;
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
    let run_items: Vec<_> = folded.iter().flat_map(Folded::run_item_rows).collect();
    writer.insert_run_items(&run_items, token).await?;
    let commands: Vec<_> = folded.iter().flat_map(Folded::terminal_command_rows).collect();
    writer.insert_terminal_commands(&commands, token).await?;
    let files: Vec<_> = folded.iter().flat_map(Folded::file_operation_rows).collect();
    writer.insert_file_operations(&files, token).await?;
    let links: Vec<_> = folded.iter().flat_map(Folded::git_link_rows).collect();
    writer.insert_git_links(&links, token).await?;
    let runs: Vec<_> = folded.iter().flat_map(Folded::ci_run_rows).collect();
    writer.insert_ci_runs(&runs, token).await?;
    let metrics: Vec<_> = folded.iter().flat_map(Folded::metric_rows).collect();
    writer.insert_agent_metrics(&metrics, token).await?;
    let commits: Vec<_> = folded.iter().flat_map(Folded::commit_rows).collect();
    writer.insert_commits(&commits, token).await?;
    let requests: Vec<_> = folded.iter().flat_map(Folded::pull_request_rows).collect();
    writer.insert_pull_requests(&requests, token).await?;
    let of_agents = commands.len() + files.len() + links.len() + runs.len() + metrics.len() + commits.len() + requests.len();
    Ok(of_agents + observations.len() + traces.len() + scores.len() + run_items.len())
}
