//! What the reads have in common: pages, ranges of time, cursors, and single parameters as filters.

use agenttrace_api::filter::{self, Filter, SetTest, Test, TextTest};
use agenttrace_api::paging;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Error, Request};
use agenttrace_store::TimeRange;
use agenttrace_store::condition::{Column, Condition};

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

/// A time parameter.
pub fn time(request: &Request, name: &str) -> Result<Option<Timestamp>, Error> {
    given(request, name)
        .map(|text| {
            Timestamp::parse(text)
                .ok_or_else(|| Error::bad_request(format!("`{name}` must be an ISO 8601 time such as 2026-01-31T10:00:00.000Z")))
        })
        .transpose()
}

/// Two time parameters: from the first on, before the second.
pub fn range(request: &Request, from: &str, to: &str) -> Result<TimeRange, Error> {
    Ok(TimeRange { from: time(request, from)?, to: time(request, to)? })
}

/// The `filter` parameter.
pub fn filters(request: &Request) -> Result<Vec<Filter>, Error> {
    given(request, "filter").map_or(Ok(Vec::new()), |text| filter::parse(text).map_err(Error::bad_request))
}

/// A parameter that a column must equal.
pub fn equals(request: &Request, name: &str, column: &str) -> Option<Filter> {
    given(request, name).map(|value| Filter { column: column.to_owned(), key: None, test: Test::Text(TextTest::Equals, value.to_owned()) })
}

/// A repeatable parameter: the column is one of its values, or (a list) holds all of them.
pub fn among(request: &Request, name: &str, column: &str, test: SetTest) -> Option<Filter> {
    let values: Vec<String> = request.query_all(name).map(str::to_owned).collect();
    (!values.is_empty()).then(|| Filter { column: column.to_owned(), key: None, test: Test::Set(test, values) })
}

/// A parameter that must be one of these names, as a filter on the column of its name.
pub fn known(request: &Request, name: &str, names: &[&str]) -> Result<Option<Filter>, Error> {
    let filter = equals(request, name, name);
    match given(request, name) {
        Some(value) if !names.contains(&value) => Err(Error::bad_request(format!("`{name}` must be one of {}", names.join(", ")))),
        _ => Ok(filter),
    }
}

/// Does the request come from an SDK of the first generation (Python 2, JavaScript 3)? Their models demand numbers where later ones know `null`.
pub fn is_first_sdk(request: &Request) -> bool {
    let said = |name: &str| request.header(name).or_else(|| request.header(&name.replace('-', "_"))).map(str::trim).unwrap_or_default();
    let major = said("x-langfuse-sdk-version").split('.').next().unwrap_or_default().to_owned();
    match said("x-langfuse-sdk-name") {
        "python" => major == "2" || major == "1",
        "langfuse-js" => major == "3" || major == "2" || major == "1",
        _ => false,
    }
}

/// Filters as a condition.
pub fn condition(columns: &[Column], filters: &[Filter]) -> Result<Condition, Error> {
    Condition::of(columns, filters).map_err(Error::bad_request)
}

/// The cursor's position, if it is one of ours that fits this list.
pub fn cursor<T: serde::de::DeserializeOwned>(request: &Request, fits: impl Fn(&T) -> bool) -> Result<Option<T>, Error> {
    given(request, "cursor")
        .map(|text| {
            paging::decode_cursor::<T>(text)
                .filter(fits)
                .ok_or_else(|| Error::bad_request("`cursor` must be the `meta.cursor` of an answer to the same query"))
        })
        .transpose()
}
