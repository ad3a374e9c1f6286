//! Numbered pages, and the checks of texts that several operations make.

use agenttrace_api::paging::{self, Page, PageMeta};
use agenttrace_kit::{Error, Request, Response};
use agenttrace_records::{PageRange, Paged};
use serde::Serialize;

/// The page that a request asks for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    page: u64,
    limit: u64,
}

impl Asked {
    /// `page` (from 1) and `limit` (1 to 100, 50 when absent).
    pub fn of(request: &Request) -> Result<Self, Error> {
        let page = paging::page(request.query("page")).map_err(Error::bad_request)?;
        let limit = paging::limit(request.query("limit"), 50, 100).map_err(Error::bad_request)?;
        Ok(Self { page, limit })
    }

    pub const fn range(self) -> PageRange {
        PageRange { skip: (self.page - 1) * self.limit, limit: self.limit }
    }

    /// The answer.
    pub fn answer<T, U: Serialize>(self, found: Paged<T>, describe: impl FnMut(T) -> U) -> Response {
        let meta = PageMeta::new(self.page, self.limit, found.total);
        Response::json(200, &Page { data: found.rows.into_iter().map(describe).collect(), meta })
    }
}

/// A name of 1 to `max` characters, without blanks around it.
pub fn name(text: &str, max: usize) -> Result<String, Error> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > max || name.chars().any(char::is_control) {
        return Err(Error::bad_request(format!("`name` must have 1 to {max} characters.")));
    }
    Ok(name.to_owned())
}

/// A description; an empty one is none.
pub fn description(text: Option<String>, max: usize) -> Result<Option<String>, Error> {
    if text.as_ref().is_some_and(|t| t.chars().count() > max) {
        return Err(Error::bad_request(format!("`description` must have at most {max} characters.")));
    }
    Ok(text.filter(|t| !t.is_empty()))
}

/// An object's id, as traces, observations and sessions have them.
pub fn object_id(id: &str) -> Result<String, Error> {
    if agenttrace_domain::valid_id(id) {
        Ok(id.to_owned())
    } else {
        Err(Error::bad_request("`objectId` must be text of 1 to 800 characters, without control characters."))
    }
}
