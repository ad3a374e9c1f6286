//! `list_observations_v2`: observations by cursor, with the field groups asked for.

use std::collections::HashMap;
use std::sync::Arc;

use agenttrace_api::filter::{Filter, SetTest, Test, TextTest};
use agenttrace_api::observations::{LEVELS, TYPES};
use agenttrace_api::paging::{self, CursorMeta, CursorPage};
use agenttrace_kit::{Call, Error, Request, Response};
use agenttrace_store::TimeRange;
use agenttrace_store::observations::{COLUMNS, List, Position, V2Fields};
use agenttrace_store::traces::{Texts, TraceRecord};

use crate::prompt_ids::{Ids, of};
use crate::query;
use crate::state::State;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let request = &call.request;
    if boolean(request, "parseIoAsJson")? == Some(true) {
        return Err(Error::bad_request(
            "`parseIoAsJson=true` is not supported: input and output are raw text. Leave it out and parse them yourself.",
        ));
    }
    let fields = V2Fields::parse(request.query("fields"), request.query("expandMetadata")).map_err(Error::bad_request)?;
    let list = list(request, &fields)?;
    let project = state.store.for_project(call.project_id()?);

    let page = project.list_observations(list).await?;
    let mut traces: HashMap<String, TraceRecord> = HashMap::new();
    if fields.basic || fields.trace_context {
        let mut ids: Vec<String> = page.rows.iter().map(|row| row.trace_id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        traces = project.traces_by_id(&ids, Texts::None).await?.into_iter().map(|t| (t.id.clone(), t)).collect();
    }

    let prompt_ids = if fields.prompt { state.prompt_ids.of(project.id(), &page.rows).await } else { Ids::new() };
    let meta = CursorMeta { cursor: page.next.as_ref().map(paging::encode_cursor) };
    let data: Vec<_> = page
        .rows
        .into_iter()
        .map(|row| {
            let trace = traces.get(&row.trace_id);
            let prompt_id = of(&prompt_ids, &row);
            row.into_v2(project.id(), &fields, trace, prompt_id)
        })
        .collect();
    Ok(Response::json(200, &CursorPage { data, meta }))
}

fn list(request: &Request, fields: &V2Fields) -> Result<List, Error> {
    let limit = paging::limit(request.query("limit"), 50, 1_000).map_err(Error::bad_request)?;
    let mut range = query::range(request, "fromStartTime", "toStartTime")?;
    let mut filters = query::filters(request)?;
    let mut trace_id = None;
    if filters.is_empty() {
        for name in ["name", "userId", "sessionId", "version"] {
            filters.extend(query::equals(request, name, name));
        }
        filters.extend(query::known(request, "type", TYPES)?);
        filters.extend(query::known(request, "level", LEVELS)?);
        // Here an empty value means something: no parent.
        filters.extend(
            request
                .query("parentObservationId")
                .map(|parent| filter("parentObservationId", Test::Text(TextTest::Equals, parent.to_owned()))),
        );
        filters.extend(boolean(request, "isRootObservation")?.map(|wanted| filter("isRootObservation", Test::Boolean(wanted))));
        filters.extend(query::among(request, "environment", "environment", SetTest::AnyOf));
        trace_id = query::given(request, "traceId").map(str::to_owned);
    } else {
        range = TimeRange::default().narrowed_by("startTime", &filters);
    }
    Ok(List {
        range,
        condition: query::condition(COLUMNS, &filters)?,
        trace_id,
        after: query::cursor(request, Position::is_possible)?,
        skip: 0,
        limit: limit as usize,
        texts: fields.texts(),
    })
}

fn filter(column: &str, test: Test) -> Filter {
    Filter { column: column.to_owned(), key: None, test }
}

fn boolean(request: &Request, name: &str) -> Result<Option<bool>, Error> {
    match query::given(request, name) {
        None => Ok(None),
        Some("true" | "1") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(_) => Err(Error::bad_request(format!("`{name}` must be true or false"))),
    }
}
