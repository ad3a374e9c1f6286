//! Traces of any kind: agents, applications, wrapped programs.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Ask, limit, only, page, steps};
use crate::mcp::backend::{Failure, Query, get, segment};

const ROW: &[&str] = &[
    "id",
    "timestamp",
    "name",
    "userId",
    "sessionId",
    "environment",
    "tags",
    "level",
    "inputPreview",
    "outputPreview",
    "latency",
    "observationCount",
    "errorCount",
    "totalTokens",
    "totalCost",
    "unpricedCount",
    "models",
];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum OrderBy {
    Timestamp,
    Latency,
    TotalCost,
    TotalTokens,
    ErrorCount,
}

impl OrderBy {
    const fn name(&self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp.desc",
            Self::Latency => "latency.desc",
            Self::TotalCost => "totalCost.desc",
            Self::TotalTokens => "totalTokens.desc",
            Self::ErrorCount => "errorCount.desc",
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListTraces {
    name: Option<String>,
    user_id: Option<String>,
    session_id: Option<String>,
    environment: Option<String>,
    /// Traces with this tag; those of agents bear the agent's name.
    tag: Option<String>,
    /// true: only traces with failed steps.
    with_errors: Option<bool>,
    /// From this time on, ISO 8601.
    from: Option<String>,
    /// Before this time, ISO 8601.
    to: Option<String>,
    /// Always the largest first; timestamp when absent.
    order_by: Option<OrderBy>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl Ask for ListTraces {
    const NAME: &'static str = "list_traces";
    const TITLE: &'static str = "List traces";
    const DESCRIPTION: &'static str = "Traces of all kinds (LLM applications, agents, wrapped programs), newest first, with the begin of input and output, latency in seconds, failed steps, tokens and cost. \
        `unpricedCount` above 0: the cost is incomplete.";

    fn run(self) -> Result<Value, Failure> {
        let mut filters = Vec::new();
        for (column, value) in
            [("name", self.name), ("userId", self.user_id), ("sessionId", self.session_id), ("environment", self.environment)]
        {
            filters.extend(value.map(|value| json!({"type": "string", "column": column, "operator": "=", "value": value})));
        }
        filters.extend(self.tag.map(|tag| json!({"type": "arrayOptions", "column": "tags", "operator": "any of", "value": [tag]})));
        if self.with_errors == Some(true) {
            filters.push(json!({"type": "number", "column": "errorCount", "operator": ">", "value": 0}));
        }
        let query = Query::new()
            .with("limit", Some(limit(self.limit, 20, 50)?))
            .with("cursor", self.cursor)
            .with("fromTimestamp", self.from)
            .with("toTimestamp", self.to)
            .with("orderBy", self.order_by.map(|by| by.name()))
            .with("filter", (!filters.is_empty()).then_some(Value::Array(filters)));
        Ok(page("traces", &get("/api/public/v2/traces", &query)?, ROW))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum SearchIn {
    /// Name, id, user, session, tags.
    Ids,
    Input,
    Output,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchTraces {
    /// Words, all of which must be found.
    query: String,
    /// Where to look; everywhere when absent.
    search_in: Option<SearchIn>,
    /// From this time on, ISO 8601.
    from: Option<String>,
    /// Before this time, ISO 8601.
    to: Option<String>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl Ask for SearchTraces {
    const NAME: &'static str = "search_traces";
    const TITLE: &'static str = "Search traces";
    const DESCRIPTION: &'static str = "Traces whose input, output, name, user, session or tags hold all of the words, newest first.";

    fn run(self) -> Result<Value, Failure> {
        if self.query.trim().is_empty() {
            return Err(Failure::Arguments("`query` is empty; list_traces lists without one".to_owned()));
        }
        let place = self.search_in.map(|place| match place {
            SearchIn::Ids => "ids",
            SearchIn::Input => "input",
            SearchIn::Output => "output",
        });
        let query = Query::new()
            .with("limit", Some(limit(self.limit, 20, 50)?))
            .with("cursor", self.cursor)
            .with("search", Some(self.query))
            .with("searchIn", place)
            .with("fromTimestamp", self.from)
            .with("toTimestamp", self.to);
        Ok(page("traces", &get("/api/public/v2/traces", &query)?, ROW))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetTrace {
    trace_id: String,
    /// Steps of a page.
    #[schemars(range(min = 1, max = 40))]
    limit: Option<u64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl Ask for GetTrace {
    const NAME: &'static str = "get_trace";
    const TITLE: &'static str = "Read a trace";
    const DESCRIPTION: &'static str = "One trace of any kind: its figures, then its steps in order of time with input, output, model, tokens and cost. A page at a time; long texts are cut.";

    fn run(self) -> Result<Value, Failure> {
        let mut found = steps::page(&self.trace_id, self.cursor.as_deref(), limit(self.limit, 20, 40)?)?;
        if self.cursor.is_none() {
            let whole =
                get(&format!("/api/public/traces/{}", segment(&self.trace_id)), &Query::new().with("fields", Some("core,io,metrics")))?;
            let fields =
                ["id", "timestamp", "name", "userId", "sessionId", "environment", "tags", "input", "output", "latency", "totalCost"];
            found["trace"] = only(&whole, &fields);
        }
        Ok(found)
    }
}
