//! What the operations ask for in common: pages, times, ids, comma lists as filters.

use agenttrace_api::filter::{self, Filter, SetTest, Test};
use agenttrace_api::paging;
use agenttrace_domain::{Timestamp, valid_id};
use agenttrace_kit::{Error, Request};
use agenttrace_store::TimeRange;
use agenttrace_store::condition::{Column, Condition};
use agenttrace_store::run_items::{List, Position};

/// A numbered page.
#[derive(Debug, Clone, Copy)]
pub struct PageQuery {
    pub page: u64,
    pub limit: u64,
}

impl PageQuery {
    /// Langfuse's `page` and `limit` (1 to 100, 50 when absent).
    pub fn of(request: &Request) -> Result<Self, Error> {
        let page = paging::page(request.query("page")).map_err(Error::bad_request)?;
        let limit = paging::limit(request.query("limit"), 50, 100).map_err(Error::bad_request)?;
        Ok(Self { page, limit })
    }

    pub const fn skip(self) -> usize {
        ((self.page - 1) * self.limit) as usize
    }

    pub const fn limit(self) -> usize {
        self.limit as usize
    }
}

/// A parameter that is there and not empty.
pub fn given<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.query(name).map(str::trim).filter(|v| !v.is_empty())
}

/// A time that a caller wrote.
pub fn time(name: &str, text: &str) -> Result<Timestamp, Error> {
    Timestamp::parse(text).ok_or_else(|| Error::bad_request(format!("`{name}` must be an ISO 8601 time such as 2026-01-31T10:00:00.000Z")))
}

/// An id that a caller chose.
pub fn id(name: &str, text: &str) -> Result<String, Error> {
    if valid_id(text) {
        Ok(text.to_owned())
    } else {
        Err(Error::bad_request(format!("`{name}` must have 1 to 800 characters, none of them a control character")))
    }
}

/// Now, in whole milliseconds, as the API shows times.
pub fn now() -> Timestamp {
    Timestamp(agenttrace_kit::now().0.div_euclid(1_000) * 1_000)
}

/// A list by cursor over a range of time that must begin somewhere: comma lists (parameter, column) and the `filter` parameter.
pub fn list(request: &Request, columns: &[Column], commas: &[(&str, &str)]) -> Result<List, Error> {
    let from = given(request, "fromStartTime").ok_or_else(|| Error::bad_request("`fromStartTime` is required"))?;
    let range = TimeRange {
        from: Some(time("fromStartTime", from)?),
        to: given(request, "toStartTime").map(|text| time("toStartTime", text)).transpose()?,
    };
    let mut filters = given(request, "filter").map_or(Ok(Vec::new()), |text| filter::parse(text).map_err(Error::bad_request))?;
    filters.extend(commas.iter().filter_map(|(name, column)| comma_list(request, name, column)));
    let limit = paging::limit(request.query("limit"), 50, 100).map_err(Error::bad_request)?;
    let after = given(request, "cursor")
        .map(|text| {
            paging::decode_cursor::<Position>(text)
                .filter(Position::is_possible)
                .ok_or_else(|| Error::bad_request("`cursor` must be the `meta.cursor` of an answer to the same query"))
        })
        .transpose()?;
    Ok(List { range, condition: Condition::of(columns, &filters).map_err(Error::bad_request)?, after, limit: limit as usize })
}

/// `scoreLimit`: 1 to 50, 50 when absent.
pub fn score_limit(request: &Request) -> Result<usize, Error> {
    let limit = paging::limit(request.query("scoreLimit"), 50, 50);
    limit.map(|l| l as usize).map_err(|e| Error::bad_request(e.replace("`limit`", "`scoreLimit`")))
}

/// A comma list: the column is one of its values.
fn comma_list(request: &Request, name: &str, column: &str) -> Option<Filter> {
    let values: Vec<String> = given(request, name)?.split(',').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect();
    (!values.is_empty()).then(|| any_of(column, values))
}

/// The column is one of these values.
pub fn any_of(column: &str, values: Vec<String>) -> Filter {
    Filter { column: column.to_owned(), key: None, test: Test::Set(SetTest::AnyOf, values) }
}
