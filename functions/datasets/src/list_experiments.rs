//! Experiments over a range of time, the one with the latest activity first.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::paging::{self, CursorMeta, CursorPage};
use agenttrace_api::scores::ScoreV3;
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::run_items::{EXPERIMENT_COLUMNS, ExperimentFields};
use agenttrace_store::scores::{COLUMNS, List, V3Fields};
use agenttrace_store::{Condition, Project, TimeRange};

use crate::query;
use crate::state::State;

/// Scores that are read for one page.
const MAX_SCORES: usize = 10_000;
pub const ALL_OF_A_SCORE: V3Fields = V3Fields { details: true, subject: true, annotation: true };

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let fields = ExperimentFields::parse(request.query("fields")).map_err(Error::bad_request)?;
    let score_limit = query::score_limit(request)?;
    let list = query::list(request, EXPERIMENT_COLUMNS, &[("id", "id"), ("name", "name"), ("datasetId", "datasetId")])?;
    let project = state.store.for_project(call.project_id()?);

    let page = project.list_experiments(list).await?;
    let ids: Vec<String> = page.rows.iter().map(|row| row.run_id.clone()).collect();
    let mut scores = if fields.scores { scores_of(project, ids, score_limit).await? } else { HashMap::new() };

    let meta = CursorMeta { cursor: page.next.as_ref().map(paging::encode_cursor) };
    let data: Vec<_> = page
        .rows
        .into_iter()
        .map(|row| {
            let scores = scores.remove(&row.run_id).unwrap_or_default();
            row.into_experiment(fields, scores)
        })
        .collect();
    Ok(Response::json(200, &CursorPage { data, meta }))
}

/// The newest scores of each experiment itself.
async fn scores_of(project: Project<'_>, ids: Vec<String>, most: usize) -> Result<HashMap<String, Vec<ScoreV3>>, Error> {
    let condition = Condition::of(COLUMNS, &[query::any_of("experimentId", ids)]).map_err(Error::bad_request)?;
    let list = List { range: TimeRange::default(), condition, after: None, skip: 0, limit: MAX_SCORES };
    let mut by_id: HashMap<String, Vec<ScoreV3>> = HashMap::new();
    for score in project.list_scores(list).await?.rows {
        let scores = by_id.entry(score.dataset_run_id.clone()).or_default();
        if scores.len() < most {
            scores.push(score.into_v3(project.id(), ALL_OF_A_SCORE));
        }
    }
    Ok(by_id)
}
