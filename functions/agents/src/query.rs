//! What the lists have in common: pages, ranges of time, filters.

use agenttrace_api::paging::{self, CursorMeta, CursorPage};
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Error, Request, Response};
use agenttrace_store::TimeRange;
use agenttrace_store::agents::{List, Number, Position, Rows, Text};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A parameter that is there and not empty.
pub fn given<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.query(name).map(str::trim).filter(|v| !v.is_empty())
}

pub fn owned(request: &Request, name: &str) -> Option<String> {
    given(request, name).map(str::to_owned)
}

pub fn range(request: &Request) -> Result<TimeRange, Error> {
    let time = |name: &str| {
        given(request, name)
            .map(|text| {
                Timestamp::parse(text)
                    .ok_or_else(|| Error::bad_request(format!("`{name}` must be an ISO 8601 time such as 2026-01-31T10:00:00.000Z")))
            })
            .transpose()
    };
    Ok(TimeRange { from: time("fromTimestamp")?, to: time("toTimestamp")? })
}

/// Page, range and cursor of a list; `filters` are its text parameters.
pub fn list(request: &Request, filters: &[(&str, Text)]) -> Result<List, Error> {
    let after = cursor(request, Position::is_possible)?;
    let limit = paging::limit(request.query("limit"), 50, 200).map_err(Error::bad_request)?;
    let mut list = List::default();
    (list.range, list.after, list.limit) = (range(request)?, after, limit as usize);
    for (name, column) in filters {
        if let Some(value) = given(request, name) {
            list.only(*column, value);
        }
    }
    Ok(list)
}

/// A cursor that was made for this list.
pub fn cursor<P: DeserializeOwned>(request: &Request, fits: impl Fn(&P) -> bool) -> Result<Option<P>, Error> {
    given(request, "cursor")
        .map(|text| {
            paging::decode_cursor::<P>(text)
                .filter(|position| fits(position))
                .ok_or_else(|| Error::bad_request("`cursor` must be the `meta.cursor` of an answer to the same query"))
        })
        .transpose()
}

/// The page of lists whose rows are gathered from several tables.
pub fn limit(request: &Request) -> Result<usize, Error> {
    Ok(paging::limit(request.query("limit"), 50, 100).map_err(Error::bad_request)? as usize)
}

/// A commit's id, or 7 or more of its first characters.
pub fn commit_id(text: &str) -> Result<String, Error> {
    let sha = text.to_ascii_lowercase();
    if !(7..=64).contains(&sha.len()) || !sha.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::bad_request("a commit is named by 7 to 64 hex characters"));
    }
    Ok(sha)
}

/// The repository's address, in any of its forms.
pub fn repository(request: &Request, list: &mut List) {
    if let Some(address) = given(request, "repositoryUrl") {
        list.only(Text::Repository, &agenttrace_domain::repository_url(address));
    }
}

/// A whole-number parameter.
pub fn number(request: &Request, list: &mut List, name: &str, column: Number) -> Result<(), Error> {
    if let Some(text) = given(request, name) {
        let value = text.parse::<i32>().map_err(|_| Error::bad_request(format!("`{name}` must be a whole number")))?;
        list.only_number(column, i64::from(value));
    }
    Ok(())
}

/// A parameter that must be one of some names; they are stored in upper case.
pub fn one_of(request: &Request, list: &mut List, name: &str, column: Text, known: &[&str]) -> Result<(), Error> {
    if let Some(text) = given(request, name) {
        let text = text.to_ascii_uppercase();
        if !known.contains(&text.as_str()) {
            return Err(Error::bad_request(format!("`{name}` must be one of {}", known.join(", "))));
        }
        list.only(column, &text);
    }
    Ok(())
}

/// The answer to a list.
pub fn page<T: Serialize>(page: Rows<T>) -> Response {
    cursor_page(page.rows, page.next.as_ref().map(paging::encode_cursor))
}

pub fn cursor_page<T: Serialize>(data: Vec<T>, cursor: Option<String>) -> Response {
    Response::json(200, &CursorPage { data, meta: CursorMeta { cursor } })
}
