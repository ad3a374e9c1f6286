//! Items of experiments, newest first, with what their tries recorded.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::paging::{self, CursorMeta, CursorPage};
use agenttrace_kit::{Call, Error, Response};
use agenttrace_store::Project;
use agenttrace_store::observations::{ObservationRecord, Texts};
use agenttrace_store::run_items::{ITEM_COLUMNS, ItemFields, ItemRecord, Tried};
use agenttrace_store::scores::ScoreRecord;
use agenttrace_store::traces::{Texts as TraceTexts, TraceRecord};

use crate::list_experiments::ALL_OF_A_SCORE;
use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let fields = ItemFields::parse(request.query("fields")).map_err(Error::bad_request)?;
    let score_limit = query::score_limit(request)?;
    let commas = [
        ("experimentId", "experimentId"),
        ("experimentName", "experimentName"),
        ("experimentItemId", "experimentItemId"),
        ("datasetId", "datasetId"),
    ];
    let list = query::list(request, ITEM_COLUMNS, &commas)?;
    let project = state.store.for_project(call.project_id()?);

    let page = project.list_experiment_items(list).await?;
    let (mut tried, scores) = tokio::try_join!(tried(project, &page.rows, fields), scores(project, &page.rows, fields))?;

    let meta = CursorMeta { cursor: page.next.as_ref().map(paging::encode_cursor) };
    let data: Vec<_> = page
        .rows
        .into_iter()
        .map(|row| {
            let of_item = scores.iter().filter(|s| s.trace_id == row.trace_id);
            let of_item = of_item.filter(|s| s.observation_id.is_empty() || s.observation_id == row.observation_id);
            let scores = of_item.take(score_limit).map(|s| s.clone().into_v3(project.id(), ALL_OF_A_SCORE)).collect();
            let what = tried.remove(&row.id).unwrap_or(Tried::Unknown);
            row.into_item(fields, what, scores)
        })
        .collect();
    Ok(Response::json(200, &CursorPage { data, meta }))
}

/// The observation of each try, or its trace, by the run item's id.
async fn tried(project: Project<'_>, rows: &[ItemRecord], fields: ItemFields) -> Result<HashMap<String, Tried>, Error> {
    let steps: Vec<(String, String)> =
        rows.iter().filter(|r| !r.observation_id.is_empty()).map(|r| (r.trace_id.clone(), r.observation_id.clone())).collect();
    let mut whole: Vec<String> = rows.iter().filter(|r| r.observation_id.is_empty()).map(|r| r.trace_id.clone()).collect();
    whole.sort_unstable();
    whole.dedup();
    let texts = Texts { io: fields.io, metadata: fields.metadata };
    let trace_texts = if fields.io || fields.metadata { TraceTexts::All } else { TraceTexts::None };
    let (steps, traces) = tokio::try_join!(project.observations_by_id(&steps, texts), project.traces_by_id(&whole, trace_texts))?;
    let steps: HashMap<(String, String), ObservationRecord> = steps.into_iter().map(|o| ((o.trace_id.clone(), o.id.clone()), o)).collect();
    let traces: HashMap<String, TraceRecord> = traces.into_iter().map(|t| (t.id.clone(), t)).collect();
    let found = rows.iter().filter_map(|row| {
        let step = steps.get(&(row.trace_id.clone(), row.observation_id.clone())).cloned().map(|o| Tried::Observation(Box::new(o)));
        let what = step.or_else(|| traces.get(&row.trace_id).cloned().map(|t| Tried::Trace(Box::new(t))))?;
        Some((row.id.clone(), what))
    });
    Ok(found.collect())
}

/// The scores of the tries' traces, newest first.
async fn scores(project: Project<'_>, rows: &[ItemRecord], fields: ItemFields) -> Result<Vec<ScoreRecord>, Error> {
    if !fields.scores {
        return Ok(Vec::new());
    }
    let mut traces: Vec<String> = rows.iter().map(|row| row.trace_id.clone()).collect();
    traces.sort_unstable();
    traces.dedup();
    Ok(project.scores_of_traces(&traces).await?)
}
