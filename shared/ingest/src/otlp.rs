//! OTLP as it is on the wire: what both encodings decode to, and the answer.

pub(crate) mod json;
pub(crate) mod protobuf;
pub(crate) mod response;
pub(crate) mod signals;

use std::borrow::Cow;
use std::cell::Cell;

use crate::limits::Limits;
use crate::value::Attribute;

/// Who produced the spans.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Resource<'a> {
    pub attributes: Vec<Attribute<'a>>,
}

/// Which library produced the spans.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scope<'a> {
    pub name: Cow<'a, str>,
    pub version: Cow<'a, str>,
    pub attributes: Vec<Attribute<'a>>,
}

/// A span. Ids are `None` when they have the wrong length or are all zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Span<'a> {
    pub trace_id: Option<[u8; 16]>,
    pub id: Option<[u8; 8]>,
    pub parent_id: Option<[u8; 8]>,
    pub name: Cow<'a, str>,
    /// Nanoseconds since 1970, 0 when unknown.
    pub start: u64,
    pub end: u64,
    pub attributes: Vec<Attribute<'a>>,
    pub events: Vec<SpanEvent<'a>>,
    /// 0 unset, 1 ok, 2 error.
    pub status_code: i64,
    pub status_message: Cow<'a, str>,
    /// A value in it is nested too deeply: the span is to be rejected.
    pub too_deep: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SpanEvent<'a> {
    pub name: Cow<'a, str>,
    pub attributes: Vec<Attribute<'a>>,
}

/// The spans of one request, by the resource and the scope that produced them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ResourceSpans<'a> {
    pub resource: Resource<'a>,
    pub scopes: Vec<ScopeSpans<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ScopeSpans<'a> {
    pub scope: Scope<'a>,
    pub spans: Vec<Span<'a>>,
}

/// Most span events that are looked at.
pub(crate) const MAX_EVENTS: usize = 1_000;
/// Most values (attributes and elements of lists and maps) of one request that are held in memory at a time.
pub(crate) const MAX_VALUES: usize = 1_000_000;

/// What decoding may still use up, and what it left out.
pub(crate) struct Budget<'l> {
    pub limits: &'l Limits,
    values: Cell<usize>,
    pub dropped_attributes: Cell<u64>,
}

impl<'l> Budget<'l> {
    pub fn new(limits: &'l Limits) -> Self {
        Self { limits, values: Cell::new(MAX_VALUES), dropped_attributes: Cell::new(0) }
    }

    /// Takes one value; `false` when there are none left.
    pub fn take(&self) -> bool {
        let left = self.values.get();
        self.values.set(left.saturating_sub(1));
        left > 0
    }

    /// Levels that an attribute's value may have in JSON: each takes up to four levels of JSON, of which the parser allows 128.
    pub fn json_depth(&self) -> usize {
        self.limits.max_depth.min(28)
    }

    /// The values of a span that is done with may be used again.
    pub fn refill(&self) {
        self.values.set(MAX_VALUES);
    }

    pub fn drop_attribute(&self) {
        self.dropped_attributes.set(self.dropped_attributes.get() + 1);
    }
}

/// An id of `N` bytes that is not all zero.
pub(crate) fn usable_id<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok().filter(|id: &[u8; N]| id.iter().any(|b| *b != 0))
}
