//! `list_scores_v3`: scores by cursor, with typed values.

use std::sync::Arc;

use agenttrace_api::filter::{Compare, Filter, SetTest, Test};
use agenttrace_api::paging;
use agenttrace_api::scores::{ScoresV3, ScoresV3Meta};
use agenttrace_domain::{ScoreDataType, ScoreSource};
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::Condition;
use agenttrace_store::scores::{COLUMNS, List, Position, V3Fields, value_among};

use crate::query::{self, given};
use crate::score_query::comma_list;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    let limit = paging::limit(request.query("limit"), 50, 100).map_err(Error::bad_request)?;
    let fields = V3Fields::parse(request.query("fields")).map_err(Error::bad_request)?;
    let list = List {
        range: query::range(request, "fromTimestamp", "toTimestamp")?,
        condition: condition(request)?,
        after: query::cursor(request, Position::is_possible)?,
        skip: 0,
        limit: limit as usize,
    };
    let project = state.store.for_project(call.project_id()?);

    let page = project.list_scores(list).await?;

    let meta = ScoresV3Meta { limit, cursor: page.next.as_ref().map(paging::encode_cursor) };
    Ok(Response::json(200, &ScoresV3 { data: page.rows.into_iter().map(|row| row.into_v3(project.id(), fields)).collect(), meta }))
}

fn condition(request: &Request) -> Result<Condition, Error> {
    check_subject(request)?;
    let types = known(request, "dataType", |t| ScoreDataType::parse(t).is_some())?;
    let sources = known(request, "source", |s| ScoreSource::parse(s).is_some())?;
    let mut filters: Vec<Filter> =
        ["id", "name", "environment", "configId", "queueId", "authorUserId", "traceId", "sessionId", "observationId", "experimentId"]
            .into_iter()
            .filter_map(|name| comma_list(request, name, name))
            .collect();
    for (column, values) in [("dataType", &types), ("source", &sources)] {
        if !values.is_empty() {
            filters.push(any_of(column, values.clone()));
        }
    }
    let only = |wanted: &str| types.len() == 1 && types[0] == wanted;
    for (name, compare) in [("valueMin", Compare::Ge), ("valueMax", Compare::Le)] {
        if let Some(bound) = given(request, name) {
            if !only("NUMERIC") {
                return Err(Error::bad_request(format!("`{name}` needs `dataType=NUMERIC` alone")));
            }
            filters.push(Filter { column: "value".to_owned(), key: None, test: Test::Number(compare, number(name, bound)?) });
        }
    }
    let mut condition = query::condition(COLUMNS, &filters)?;
    if let Some(values) = given(request, "value") {
        by_value(&mut condition, values, types.first().filter(|_| types.len() == 1).map(String::as_str))?;
    }
    Ok(condition)
}

/// At most one kind of subject, and an observation only together with its trace.
fn check_subject(request: &Request) -> Result<(), Error> {
    let is = |name| given(request, name).is_some();
    if is("observationId") && !is("traceId") {
        return Err(Error::bad_request("`observationId` needs `traceId`: observation ids are unique within a trace only"));
    }
    if usize::from(is("traceId")) + usize::from(is("sessionId")) + usize::from(is("experimentId")) > 1 {
        return Err(Error::bad_request("use only one of `traceId`, `sessionId` and `experimentId`"));
    }
    Ok(())
}

/// A comma list of names in any case, all of which must be known.
fn known(request: &Request, name: &str, is_known: impl Fn(&str) -> bool) -> Result<Vec<String>, Error> {
    let values = given(request, name).unwrap_or_default().split(',').map(|v| v.trim().to_ascii_uppercase()).filter(|v| !v.is_empty());
    values.map(|v| if is_known(&v) { Ok(v) } else { Err(Error::bad_request(format!("`{name}` does not know {v:?}"))) }).collect()
}

fn by_value(condition: &mut Condition, values: &str, data_type: Option<&str>) -> Result<(), Error> {
    let values = values.split(',').map(str::trim);
    let numbers: Result<Vec<f64>, Error> = match data_type {
        Some("CATEGORICAL") => {
            let labels = any_of("stringValue", values.map(str::to_owned).collect());
            return condition.add(COLUMNS, &labels).map_err(Error::bad_request);
        }
        Some("BOOLEAN") => values
            .map(|v| match v {
                "true" => Ok(1.0),
                "false" => Ok(0.0),
                _ => Err(Error::bad_request("`value` of BOOLEAN scores must be true or false")),
            })
            .collect(),
        Some("NUMERIC") => values.map(|v| number("value", v)).collect(),
        _ => return Err(Error::bad_request("`value` needs exactly one `dataType` of NUMERIC, BOOLEAN, CATEGORICAL")),
    };
    value_among(condition, numbers?);
    Ok(())
}

fn any_of(column: &str, values: Vec<String>) -> Filter {
    Filter { column: column.to_owned(), key: None, test: Test::Set(SetTest::AnyOf, values) }
}

fn number(name: &str, text: &str) -> Result<f64, Error> {
    text.parse().ok().filter(|n: &f64| n.is_finite()).ok_or_else(|| Error::bad_request(format!("`{name}` must be a number")))
}
