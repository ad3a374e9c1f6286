//! OTLP/protobuf, read field by field and without copies.
//!
//! Written by hand because generated readers do three things that lose data here: they refuse a whole request for one string
//! that is not UTF-8, for one broken span among good ones, and they copy every string. Field numbers are those of
//! opentelemetry-proto v1 (trace, common, resource); fields that are not listed are skipped, so later versions can be read.

pub(crate) mod logs;
pub(crate) mod metrics;

use std::borrow::Cow;

use super::{Budget, MAX_EVENTS, Resource, Scope, Span, SpanEvent, usable_id};
use crate::text::lossy;
use crate::value::{Attribute, Value};

/// Why bytes can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// Not protobuf, or cut.
    Wire,
    /// A value is nested deeper than the limit.
    Depth,
    /// More values than may be held in memory.
    Values,
}

/// One field's content.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Field<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(&'a [u8]),
}

/// Reads the fields of one message, in order.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub const fn new(message: &'a [u8]) -> Self {
        Self(message)
    }

    /// The next field's number and content; `None` at the end.
    pub fn next(&mut self) -> Result<Option<(u32, Field<'a>)>, Malformed> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).ok().filter(|n| (1..1 << 29).contains(n)).ok_or(Malformed::Wire)?;
        let field = match tag & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(u64::from_le_bytes(self.take(8)?.try_into().map_err(|_| Malformed::Wire)?)),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Malformed::Wire)?;
                Field::Bytes(self.take(length)?)
            }
            5 => Field::Fixed32(u32::from_le_bytes(self.take(4)?.try_into().map_err(|_| Malformed::Wire)?)),
            _ => return Err(Malformed::Wire),
        };
        Ok(Some((number, field)))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (head, rest) = self.0.split_at_checked(length).ok_or(Malformed::Wire)?;
        self.0 = rest;
        Ok(head)
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        if let Some((&byte, rest)) = self.0.split_first()
            && byte < 0x80
        {
            self.0 = rest;
            return Ok(u64::from(byte));
        }
        let mut value = 0u64;
        for (i, &byte) in self.0.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * i);
            if byte < 0x80 {
                self.0 = &self.0[i + 1..];
                return Ok(value);
            }
        }
        Err(Malformed::Wire)
    }
}

/// `ResourceSpans`: its resource's bytes and the bytes of each `ScopeSpans`.
#[derive(Debug, Default)]
pub(crate) struct RawResourceSpans<'a> {
    pub resource: Option<&'a [u8]>,
    pub scopes: Vec<RawScopeSpans<'a>>,
}

/// `ScopeSpans`: its scope's bytes and the bytes of each span.
#[derive(Debug, Default)]
pub(crate) struct RawScopeSpans<'a> {
    pub scope: Option<&'a [u8]>,
    pub spans: Vec<&'a [u8]>,
}

/// `ExportTraceServiceRequest`, down to spans that are not read yet. `None` when there are more than `max_spans`.
pub(crate) fn request<'a>(body: &'a [u8], max_spans: usize) -> Result<Option<Vec<RawResourceSpans<'a>>>, Malformed> {
    let mut found = Vec::new();
    let mut messages = 0;
    let mut other_fields = false;
    let mut reader = Reader::new(body);
    while let Some((number, field)) = reader.next()? {
        let bytes = match (number, field) {
            (1, Field::Bytes(bytes)) => bytes,
            (1, _) => return Err(Malformed::Wire),
            // Of a version to come.
            _ => {
                other_fields = true;
                continue;
            }
        };
        let mut resource_spans = RawResourceSpans::default();
        let mut reader = Reader::new(bytes);
        while let Some(field) = reader.next()? {
            match field {
                (1, Field::Bytes(bytes)) => resource_spans.resource = Some(bytes),
                (2, Field::Bytes(bytes)) => {
                    let mut scope_spans = RawScopeSpans::default();
                    let mut reader = Reader::new(bytes);
                    while let Some(field) = reader.next()? {
                        match field {
                            (1, Field::Bytes(bytes)) => scope_spans.scope = Some(bytes),
                            (2, Field::Bytes(bytes)) => {
                                messages += 1;
                                scope_spans.spans.push(bytes);
                            }
                            _ => {}
                        }
                        if messages > max_spans {
                            return Ok(None);
                        }
                    }
                    messages += usize::from(scope_spans.spans.is_empty());
                    resource_spans.scopes.push(scope_spans);
                }
                _ => {}
            }
        }
        messages += usize::from(resource_spans.scopes.is_empty());
        if messages > max_spans {
            return Ok(None);
        }
        found.push(resource_spans);
    }
    // A body of nothing but fields that we don't know is something else that happens to parse.
    if found.is_empty() && other_fields {
        return Err(Malformed::Wire);
    }
    Ok(Some(found))
}

pub(crate) fn resource<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<Resource<'a>, Malformed> {
    let mut resource = Resource::default();
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        if let (1, Field::Bytes(bytes)) = field {
            attribute(bytes, &mut resource.attributes, budget)?;
        }
    }
    Ok(resource)
}

pub(crate) fn scope<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<Scope<'a>, Malformed> {
    let mut scope = Scope::default();
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Field::Bytes(bytes)) => scope.name = lossy(bytes),
            (2, Field::Bytes(bytes)) => scope.version = lossy(bytes),
            (3, Field::Bytes(bytes)) => attribute(bytes, &mut scope.attributes, budget)?,
            _ => {}
        }
    }
    Ok(scope)
}

/// Reads a span into `span`, whose lists keep their capacity from the span before.
pub(crate) fn span<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<Span<'a>, Malformed> {
    let mut span = Span { attributes: Vec::with_capacity(24), ..Span::default() };
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Field::Bytes(bytes)) => span.trace_id = usable_id(bytes),
            (2, Field::Bytes(bytes)) => span.id = usable_id(bytes),
            (4, Field::Bytes(bytes)) => span.parent_id = usable_id(bytes),
            (5, Field::Bytes(bytes)) => span.name = lossy(bytes),
            (7, Field::Fixed64(nanos)) => span.start = nanos,
            (8, Field::Fixed64(nanos)) => span.end = nanos,
            (9, Field::Bytes(bytes)) => attribute(bytes, &mut span.attributes, budget)?,
            (11, Field::Bytes(bytes)) if span.events.len() < MAX_EVENTS => span.events.push(event(bytes, budget)?),
            (15, Field::Bytes(bytes)) => {
                let mut reader = Reader::new(bytes);
                while let Some(field) = reader.next()? {
                    match field {
                        (2, Field::Bytes(bytes)) => span.status_message = lossy(bytes),
                        (3, Field::Varint(code)) => span.status_code = code.cast_signed(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(span)
}

fn event<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<SpanEvent<'a>, Malformed> {
    let mut event = SpanEvent::default();
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (2, Field::Bytes(bytes)) => event.name = lossy(bytes),
            (3, Field::Bytes(bytes)) => attribute(bytes, &mut event.attributes, budget)?,
            _ => {}
        }
    }
    Ok(event)
}

fn attribute<'a>(bytes: &'a [u8], attributes: &mut Vec<Attribute<'a>>, budget: &Budget<'_>) -> Result<(), Malformed> {
    if attributes.len() >= budget.limits.max_attributes {
        budget.drop_attribute();
        return Ok(());
    }
    attributes.push(key_value(bytes, budget.limits.max_depth, budget)?);
    Ok(())
}

fn key_value<'a>(bytes: &'a [u8], depth: usize, budget: &Budget<'_>) -> Result<Attribute<'a>, Malformed> {
    let mut attribute = Attribute { key: Cow::Borrowed(""), value: Value::Null };
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Field::Bytes(bytes)) => attribute.key = lossy(bytes),
            (2, Field::Bytes(bytes)) => attribute.value = value(bytes, depth, budget)?,
            _ => {}
        }
    }
    Ok(attribute)
}

/// `AnyValue`; `depth` is how many levels it may still have.
fn value<'a>(bytes: &'a [u8], depth: usize, budget: &Budget<'_>) -> Result<Value<'a>, Malformed> {
    if !budget.take() {
        return Err(Malformed::Values);
    }
    let mut value_found = Value::Null;
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Field::Bytes(bytes)) => value_found = Value::Text(lossy(bytes)),
            (2, Field::Varint(flag)) => value_found = Value::Bool(flag != 0),
            (3, Field::Varint(number)) => value_found = Value::Int(number.cast_signed()),
            (4, Field::Fixed64(bits)) => value_found = Value::Double(f64::from_bits(bits)),
            (5 | 6, Field::Bytes(_)) if depth == 0 => return Err(Malformed::Depth),
            (5, Field::Bytes(bytes)) => {
                let mut list = Vec::new();
                let mut reader = Reader::new(bytes);
                while let Some(field) = reader.next()? {
                    if let (1, Field::Bytes(bytes)) = field {
                        list.push(value(bytes, depth - 1, budget)?);
                    }
                }
                value_found = Value::List(list);
            }
            (6, Field::Bytes(bytes)) => {
                let mut map = Vec::new();
                let mut reader = Reader::new(bytes);
                while let Some(field) = reader.next()? {
                    if let (1, Field::Bytes(bytes)) = field {
                        map.push(key_value(bytes, depth - 1, budget)?);
                    }
                }
                value_found = Value::Map(map);
            }
            (7, Field::Bytes(bytes)) => value_found = Value::Bytes(Cow::Borrowed(bytes)),
            _ => {}
        }
    }
    Ok(value_found)
}
