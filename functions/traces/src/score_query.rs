//! What the reads of scores ask for, in v1 and v2.

use std::collections::HashMap;

use agenttrace_api::filter::{Filter, SetTest, Test};
use agenttrace_api::paging::{Page, PageMeta};
use agenttrace_api::scores::{ScoreInList, ScoreTrace};
use agenttrace_domain::{ScoreDataType, ScoreSource};
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::Condition;
use agenttrace_store::scores::{COLUMNS, List, compare_value, of_a_trace, of_traces_with};
use agenttrace_store::traces::Texts;

use crate::query::{self, PageQuery};
use crate::state::State;

/// v1 knows scores of traces and observations only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subjects {
    Traces,
    All,
}

pub async fn list(state: &State, call: &Call, subjects: Subjects) -> Result<Response, Error> {
    let request = &call.request;
    let page = PageQuery::of(request)?;
    let with_trace = wants_trace(request)?;
    let list = List {
        range: query::range(request, "fromTimestamp", "toTimestamp")?,
        condition: condition(request, subjects, with_trace)?,
        after: None,
        skip: page.skip(),
        limit: page.limit(),
    };
    let project = state.store.for_project(call.project_id()?);

    let (found, total) = tokio::try_join!(project.list_scores(list.clone()), project.count_scores(&list))?;
    let mut traces: HashMap<String, ScoreTrace> = HashMap::new();
    if with_trace {
        let mut ids: Vec<String> = found.rows.iter().map(|row| row.trace_id.clone()).filter(|id| !id.is_empty()).collect();
        ids.sort_unstable();
        ids.dedup();
        for t in project.traces_by_id(&ids, Texts::None).await? {
            let some = |text: String| (!text.is_empty()).then_some(text);
            traces.insert(
                t.id,
                ScoreTrace { user_id: some(t.user_id), tags: t.tags, environment: t.environment, session_id: some(t.session_id) },
            );
        }
    }

    let data: Vec<ScoreInList> = found
        .rows
        .into_iter()
        .map(|row| {
            let trace = with_trace.then(|| traces.get(&row.trace_id).cloned());
            ScoreInList { score: row.into_v2(project.id()), trace }
        })
        .collect();
    Ok(Response::json(200, &Page { data, meta: PageMeta::new(page.page, page.limit, total) }))
}

fn condition(request: &Request, subjects: Subjects, with_trace: bool) -> Result<Condition, Error> {
    let mut filters = query::filters(request)?;
    for name in ["name", "configId", "sessionId", "datasetRunId", "traceId", "queueId"] {
        filters.extend(query::equals(request, name, name));
    }
    if let Some(source) = query::given(request, "source")
        && ScoreSource::parse(source).is_none()
    {
        return Err(Error::bad_request("`source` must be API, EVAL or ANNOTATION"));
    }
    if let Some(data_type) = query::given(request, "dataType")
        && ScoreDataType::parse(data_type).is_none()
    {
        return Err(Error::bad_request("`dataType` must be NUMERIC, BOOLEAN, CATEGORICAL, TEXT or CORRECTION"));
    }
    filters.extend(query::equals(request, "source", "source"));
    filters.extend(query::equals(request, "dataType", "dataType"));
    filters.extend(query::among(request, "environment", "environment", SetTest::AnyOf));
    filters.extend(comma_list(request, "scoreIds", "id"));
    filters.extend(comma_list(request, "observationId", "observationId"));
    let mut condition = query::condition(COLUMNS, &filters)?;
    if subjects == Subjects::Traces {
        of_a_trace(&mut condition);
    }
    match (query::given(request, "operator"), query::given(request, "value")) {
        (None, None) => {}
        (operator, Some(value)) => {
            let value: f64 =
                value.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| Error::bad_request("`value` must be a number"))?;
            compare_value(&mut condition, operator.unwrap_or("="), value).map_err(Error::bad_request)?;
        }
        (Some(_), None) => return Err(Error::bad_request("`operator` needs a `value`")),
    }
    let tags: Vec<String> = request.query_all("traceTags").map(str::to_owned).collect();
    let user_id = query::given(request, "userId");
    if user_id.is_some() || !tags.is_empty() {
        if !with_trace {
            return Err(Error::bad_request("`userId` and `traceTags` need the field group `trace`"));
        }
        of_traces_with(&mut condition, user_id, tags);
    }
    Ok(condition)
}

/// A comma list: the column is one of its values.
pub fn comma_list(request: &Request, name: &str, column: &str) -> Option<Filter> {
    let values: Vec<String> = query::given(request, name)?.split(',').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect();
    (!values.is_empty()).then(|| Filter { column: column.to_owned(), key: None, test: Test::Set(SetTest::AnyOf, values) })
}

fn wants_trace(request: &Request) -> Result<bool, Error> {
    let Some(fields) = query::given(request, "fields") else { return Ok(true) };
    let fields: Vec<&str> = fields.split(',').map(str::trim).filter(|f| !f.is_empty()).collect();
    if fields.iter().any(|f| !matches!(*f, "score" | "trace")) {
        return Err(Error::bad_request("`fields` is a comma list of score, trace"));
    }
    Ok(fields.contains(&"trace"))
}

pub fn not_found() -> Error {
    Error::not_found("Score not found within authorized project")
}
