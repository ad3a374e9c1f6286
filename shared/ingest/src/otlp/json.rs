//! OTLP/JSON, read leniently and in one pass.
//!
//! The specification wants camelCase names, hex ids, 64-bit integers as strings and enums as numbers. Clients send more: snake_case
//! names, base64 ids, integers as numbers or `{low, high}`, enum names, bare values. All of it is read; of a key that stands
//! twice the last one counts. Structure is not negotiable: what must be a list and isn't refuses the request, because
//! nothing sensible can be kept of it.

mod scalar;

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Budget, MAX_EVENTS, Resource, ResourceSpans, Scope, ScopeSpans, Span, SpanEvent};
use crate::text::without_nul;
use crate::value::{Attribute, Value};
pub(crate) use scalar::Text;
use scalar::{Integer, id};

/// The text of the error that stands for "too many spans or values".
pub(crate) const TOO_MANY: &str = "too many spans or values in one request";

/// A whole `ExportTraceServiceRequest`.
pub(crate) fn request<'a>(json: &'a str, budget: &Budget<'_>) -> Result<Vec<ResourceSpans<'a>>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let request = Request(budget, 0).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(request)
}

/// Declares a seed that reads a JSON object into a struct: `"name" | "other_name" => |out, map, budget| …`.
macro_rules! object {
    ($seed:ident -> $out:ty { $($($name:literal)|+ => |$o:ident, $map:ident, $budget:ident| $read:expr),+ $(,)? }) => {
        #[derive(Clone, Copy)]
        struct $seed<'b, 'l>(&'b Budget<'l>, #[allow(dead_code)] usize);

        impl<'de> DeserializeSeed<'de> for $seed<'_, '_> {
            type Value = $out;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_any(self)
            }
        }

        impl<'de> Visitor<'de> for $seed<'_, '_> {
            type Value = $out;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!("an object (", stringify!($seed), ")"))
            }

            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(<$out>::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut out = <$out>::default();
                while let Some(key) = map.next_key_seed(Text)? {
                    match key.as_ref() {
                        $($($name)|+ => { let ($o, $map, $budget) = (&mut out, &mut map, self.0); $read }),+
                        _ => { map.next_value::<IgnoredAny>()?; }
                    }
                }
                Ok(out)
            }
        }
    };
}

pub(crate) mod logs;
pub(crate) mod metrics;

object!(Request -> Vec<ResourceSpans<'de>> {
    "resourceSpans" | "resource_spans" => |out, map, budget| *out = map.next_value_seed(List(|| ResourceSpansSeed(budget, 0), budget, Counted::Spans))?,
    "resourceLogs" | "resource_logs" => |_out, _map, _budget| return Err(A::Error::custom("it holds logs")),
    "resourceMetrics" | "resource_metrics" => |_out, _map, _budget| return Err(A::Error::custom("it holds metrics")),
});

object!(ResourceSpansSeed -> ResourceSpans<'de> {
    "resource" => |out, map, budget| out.resource = map.next_value_seed(ResourceSeed(budget, 0))?,
    "scopeSpans" | "scope_spans" | "instrumentationLibrarySpans" =>
        |out, map, budget| out.scopes = map.next_value_seed(List(|| ScopeSpansSeed(budget, 0), budget, Counted::Spans))?,
});

object!(ResourceSeed -> Resource<'de> {
    "attributes" => |out, map, budget| out.attributes = map.next_value_seed(Attributes(budget, budget.json_depth(), budget.limits.max_attributes))?.0,
});

object!(ScopeSpansSeed -> ScopeSpans<'de> {
    "scope" | "instrumentationLibrary" => |out, map, budget| out.scope = map.next_value_seed(ScopeSeed(budget, 0))?,
    "spans" => |out, map, budget| out.spans = map.next_value_seed(List(|| SpanSeed(budget, 0), budget, Counted::Spans))?,
});

object!(ScopeSeed -> Scope<'de> {
    "name" => |out, map, _budget| out.name = map.next_value_seed(Text)?,
    "version" => |out, map, _budget| out.version = map.next_value_seed(Text)?,
    "attributes" => |out, map, budget| out.attributes = map.next_value_seed(Attributes(budget, budget.json_depth(), budget.limits.max_attributes))?.0,
});

object!(SpanSeed -> Span<'de> {
    "traceId" | "trace_id" => |out, map, _budget| out.trace_id = id(&map.next_value_seed(Text)?),
    "spanId" | "span_id" => |out, map, _budget| out.id = id(&map.next_value_seed(Text)?),
    "parentSpanId" | "parent_span_id" => |out, map, _budget| out.parent_id = id(&map.next_value_seed(Text)?),
    "name" => |out, map, _budget| out.name = map.next_value_seed(Text)?,
    "startTimeUnixNano" | "start_time_unix_nano" => |out, map, _budget| out.start = map.next_value_seed(Integer)?.unwrap_or(0).cast_unsigned(),
    "endTimeUnixNano" | "end_time_unix_nano" => |out, map, _budget| out.end = map.next_value_seed(Integer)?.unwrap_or(0).cast_unsigned(),
    "attributes" => |out, map, budget| {
        let (attributes, too_deep) = map.next_value_seed(Attributes(budget, budget.json_depth(), budget.limits.max_attributes))?;
        out.attributes = attributes;
        out.too_deep |= too_deep;
    },
    "events" => |out, map, budget| out.events = map.next_value_seed(List(|| EventSeed(budget, 0), budget, Counted::Events))?,
    "status" => |out, map, budget| (out.status_code, out.status_message) = map.next_value_seed(StatusSeed(budget, 0))?,
});

object!(EventSeed -> SpanEvent<'de> {
    "name" => |out, map, _budget| out.name = map.next_value_seed(Text)?,
    "attributes" => |out, map, budget| out.attributes = map.next_value_seed(Attributes(budget, budget.json_depth(), budget.limits.max_attributes))?.0,
});

object!(StatusSeed -> (i64, Cow<'de, str>) {
    "code" => |out, map, _budget| out.0 = match map.next_value_seed(Text)?.as_ref() {
        "2" | "STATUS_CODE_ERROR" => 2,
        "1" | "STATUS_CODE_OK" => 1,
        _ => 0,
    },
    "message" => |out, map, _budget| out.1 = map.next_value_seed(Text)?,
});

/// What a list's elements count against.
#[derive(Clone, Copy, PartialEq)]
enum Counted {
    Spans,
    Events,
}

/// A list of objects. `null` is an empty one; anything else is an error.
struct List<'b, 'l, F>(F, &'b Budget<'l>, Counted);

impl<'de, S: DeserializeSeed<'de>, F: Fn() -> S> DeserializeSeed<'de> for List<'_, '_, F> {
    type Value = Vec<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: DeserializeSeed<'de>, F: Fn() -> S> Visitor<'de> for List<'_, '_, F> {
    type Value = Vec<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        loop {
            if self.2 == Counted::Events && list.len() >= MAX_EVENTS {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(list);
            }
            let Some(item) = seq.next_element_seed(self.0())? else { return Ok(list) };
            if !self.1.take() || (self.2 == Counted::Spans && list.len() >= self.1.limits.max_spans) {
                return Err(Error::custom(TOO_MANY));
            }
            list.push(item);
        }
    }
}

/// A list of `{key, value}`; says too whether a value was nested too deeply.
#[derive(Clone, Copy)]
struct Attributes<'b, 'l>(&'b Budget<'l>, usize, usize);

impl<'de> DeserializeSeed<'de> for Attributes<'_, '_> {
    type Value = (Vec<Attribute<'de>>, bool);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Attributes<'_, '_> {
    type Value = (Vec<Attribute<'de>>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("attributes as a list of {key, value}")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Self::Value::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut attributes = Vec::new();
        let mut too_deep = false;
        loop {
            if attributes.len() >= self.2 {
                while seq.next_element::<IgnoredAny>()?.is_some() {
                    self.0.drop_attribute();
                }
                return Ok((attributes, too_deep));
            }
            let Some((key, (value, deep))) = seq.next_element_seed(KeyValue(self.0, self.1))? else {
                return Ok((attributes, too_deep));
            };
            too_deep |= deep;
            attributes.push(Attribute { key, value });
        }
    }
}

#[derive(Clone, Copy)]
struct KeyValue<'b, 'l>(&'b Budget<'l>, usize);

impl<'de> DeserializeSeed<'de> for KeyValue<'_, '_> {
    type Value = (Cow<'de, str>, (Value<'de>, bool));

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeyValue<'_, '_> {
    type Value = (Cow<'de, str>, (Value<'de>, bool));

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute {key, value}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut out = (Cow::Borrowed(""), (Value::Null, false));
        while let Some(name) = map.next_key_seed(Text)? {
            match name.as_ref() {
                "key" => out.0 = map.next_value_seed(Text)?,
                "value" => out.1 = map.next_value_seed(AnyValue(self.0, self.1))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(out)
    }
}

/// `AnyValue` with as many levels as the second field says, or a bare JSON scalar. The flag says "nested too deeply".
#[derive(Clone, Copy)]
struct AnyValue<'b, 'l>(&'b Budget<'l>, usize);

impl<'de> DeserializeSeed<'de> for AnyValue<'_, '_> {
    type Value = (Value<'de>, bool);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue<'_, '_> {
    type Value = (Value<'de>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute's value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok((Value::Null, false))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok((Value::Bool(value), false))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok((Value::Int(value), false))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok((i64::try_from(value).map_or(Value::Double(value as f64), Value::Int), false))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok((Value::Double(value), false))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok((Value::Text(without_nul(value)), false))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok((Value::Text(Cow::Owned(without_nul(value).into_owned())), false))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if !self.0.take() {
            return Err(Error::custom(TOO_MANY));
        }
        let mut out = (Value::Null, false);
        while let Some(name) = map.next_key_seed(Text)? {
            match name.as_ref() {
                "stringValue" | "string_value" => out.0 = Value::Text(map.next_value_seed(Text)?),
                "boolValue" | "bool_value" => out.0 = Value::Bool(map.next_value_seed(Text)?.eq_ignore_ascii_case("true")),
                "intValue" | "int_value" => out.0 = map.next_value_seed(Integer)?.map_or(Value::Null, Value::Int),
                "doubleValue" | "double_value" => out.0 = map.next_value_seed(Text)?.parse().map_or(Value::Null, Value::Double),
                "bytesValue" | "bytes_value" => {
                    let text = map.next_value_seed(Text)?;
                    out.0 = STANDARD.decode(text.as_bytes()).map_or(Value::Text(text), |bytes| Value::Bytes(Cow::Owned(bytes)));
                }
                "arrayValue" | "array_value" | "kvlistValue" | "kvlist_value" if self.1 == 0 => {
                    map.next_value::<IgnoredAny>()?;
                    out.1 = true;
                }
                "arrayValue" | "array_value" => {
                    let (list, deep) = map.next_value_seed(Values(self.0, self.1 - 1, Shape::List))?;
                    out = (list, out.1 | deep);
                }
                "kvlistValue" | "kvlist_value" => {
                    let (list, deep) = map.next_value_seed(Values(self.0, self.1 - 1, Shape::Map))?;
                    out = (list, out.1 | deep);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(out)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok((Value::Null, false))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    List,
    Map,
}

/// `{values: […]}` of an `arrayValue` or a `kvlistValue`.
#[derive(Clone, Copy)]
struct Values<'b, 'l>(&'b Budget<'l>, usize, Shape);

impl<'de> DeserializeSeed<'de> for Values<'_, '_> {
    type Value = (Value<'de>, bool);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values<'_, '_> {
    type Value = (Value<'de>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a list of values")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok((if self.2 == Shape::List { Value::List(Vec::new()) } else { Value::Map(Vec::new()) }, false))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut out = self.visit_unit::<A::Error>()?;
        while let Some(name) = map.next_key_seed(Text)? {
            match (name.as_ref(), self.2) {
                ("values", Shape::List) => {
                    let items = map.next_value_seed(List(|| AnyValue(self.0, self.1), self.0, Counted::Spans))?;
                    out.1 |= items.iter().any(|(_, deep)| *deep);
                    out.0 = Value::List(items.into_iter().map(|(value, _)| value).collect());
                }
                ("values", Shape::Map) => {
                    let (items, deep) = map.next_value_seed(Attributes(self.0, self.1, usize::MAX))?;
                    out = (Value::Map(items), out.1 | deep);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(out)
    }
}
