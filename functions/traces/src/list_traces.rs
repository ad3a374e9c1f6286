//! `list_traces`: Langfuse's numbered page of traces.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::filter::SetTest;
use agenttrace_api::paging::{Page, PageMeta};
use agenttrace_api::traces::TraceWithDetails;
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::traces::{COLUMNS, List, Order, Texts, TraceRecord, V1Fields};

use crate::query::{self, PageQuery};
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let page = PageQuery::of(&call.request)?;
    let fields = V1Fields::parse(call.request.query("fields"));
    let list = list(&call.request, page, fields)?;
    let project = state.store.for_project(call.project_id()?);

    let (found, total) =
        tokio::try_join!(project.list_traces(list.clone()), project.count_traces(list.range, list.condition.clone(), None))?;
    let ids: Vec<String> = found.rows.iter().map(|row| row.id.clone()).collect();
    let (observations, scores) =
        tokio::try_join!(async { if fields.observations { project.observation_ids(&ids).await } else { Ok(HashMap::new()) } }, async {
            if fields.scores { project.scores_of_traces(&ids).await } else { Ok(Vec::new()) }
        },)?;

    let data: Vec<TraceWithDetails> = found
        .rows
        .into_iter()
        .map(|row| {
            let scores = scores.iter().filter(|s| s.trace_id == row.id).map(|s| s.id.clone()).collect();
            let observations = observations.get(&row.id).cloned().unwrap_or_default();
            let metrics = metrics(&call.request, &row, fields);
            with_details(row, metrics, project.id(), observations, scores)
        })
        .collect();
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, total.0) }))
}

fn list(request: &Request, page: PageQuery, fields: V1Fields) -> Result<List, Error> {
    let mut range = query::range(request, "fromTimestamp", "toTimestamp")?;
    let mut filters = query::filters(request)?;
    if filters.is_empty() {
        for name in ["userId", "name", "sessionId", "version", "release"] {
            filters.extend(query::equals(request, name, name));
        }
        filters.extend(query::among(request, "tags", "tags", SetTest::AllOf));
        filters.extend(query::among(request, "environment", "environment", SetTest::AnyOf));
    } else {
        range = agenttrace_store::TimeRange::default().narrowed_by("timestamp", &filters);
    }
    Ok(List {
        range,
        condition: query::condition(COLUMNS, &filters)?,
        search: None,
        order: Order::parse_v1(request.query("orderBy")).map_err(Error::bad_request)?,
        after: None,
        skip: page.skip(),
        limit: page.limit(),
        texts: if fields.io { Texts::All } else { Texts::None },
    })
}

/// Where the dashboard shows a trace.
pub fn html_path(project_id: &str, trace_id: &str) -> String {
    format!("/project/{project_id}/traces/{trace_id}")
}

/// Seconds and USD; -1 when not asked for. An unknown cost is `None`, and 0 for the first SDKs, which demand a number.
pub fn metrics(request: &Request, row: &TraceRecord, fields: V1Fields) -> (f64, Option<f64>) {
    if !fields.metrics {
        return (-1.0, Some(-1.0));
    }
    (row.latency().unwrap_or(0.0), row.cost().or_else(|| query::is_first_sdk(request).then_some(0.0)))
}

fn with_details(
    row: TraceRecord,
    (latency, total_cost): (f64, Option<f64>),
    project_id: &str,
    observations: Vec<String>,
    scores: Vec<String>,
) -> TraceWithDetails {
    TraceWithDetails {
        html_path: html_path(project_id, &row.id),
        latency,
        total_cost,
        observations,
        scores,
        trace: row.into_v1(project_id),
    }
}
