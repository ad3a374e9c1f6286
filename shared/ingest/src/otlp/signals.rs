//! Logs and metrics as they are on the wire, whatever the encoding.

use std::borrow::Cow;

use super::{Resource, Scope};
use crate::value::{Attribute, Value};

/// What one request holds, by the resource and the scope that sent it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OfResource<'a, T> {
    pub resource: Resource<'a>,
    pub scopes: Vec<OfScope<'a, T>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OfScope<'a, T> {
    pub scope: Scope<'a>,
    pub items: Vec<T>,
}

impl<T> Default for OfResource<'_, T> {
    fn default() -> Self {
        Self { resource: Resource::default(), scopes: Vec::new() }
    }
}

impl<T> Default for OfScope<'_, T> {
    fn default() -> Self {
        Self { scope: Scope::default(), items: Vec::new() }
    }
}

/// A log record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogRecord<'a> {
    /// Nanoseconds since 1970, 0 when unknown.
    pub time: u64,
    pub observed: u64,
    /// The record's own field; agents put theirs into attributes or the body.
    pub event_name: Cow<'a, str>,
    pub body: Value<'a>,
    pub attributes: Vec<Attribute<'a>>,
    pub trace_id: Option<[u8; 16]>,
    pub span_id: Option<[u8; 8]>,
    /// A value in it is nested too deeply: the record is to be rejected.
    pub too_deep: bool,
}

impl Default for LogRecord<'_> {
    fn default() -> Self {
        Self {
            time: 0,
            observed: 0,
            event_name: Cow::Borrowed(""),
            body: Value::Null,
            attributes: Vec::new(),
            trace_id: None,
            span_id: None,
            too_deep: false,
        }
    }
}

/// What a metric's points mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Shape {
    #[default]
    Unknown,
    Gauge,
    Sum,
    /// Explicit or exponential buckets, or a summary: count and sum.
    Histogram,
}

/// A metric with its points.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Metric<'a> {
    pub name: Cow<'a, str>,
    pub unit: Cow<'a, str>,
    pub shape: Shape,
    /// 1 delta, 2 cumulative.
    pub temporality: i64,
    pub monotonic: bool,
    pub points: Vec<Point<'a>>,
    /// Points that can't be read.
    pub broken: u64,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Point<'a> {
    pub attributes: Vec<Attribute<'a>>,
    pub start: u64,
    pub time: u64,
    /// Of a histogram the sum.
    pub value: Option<f64>,
    pub count: u64,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub too_deep: bool,
}
