//! `ExportLogsServiceRequest` in JSON.

use super::*;
use crate::otlp::signals::{LogRecord, OfResource, OfScope};

/// A whole request.
pub(crate) fn request<'a>(json: &'a str, budget: &Budget<'_>) -> Result<Vec<OfResource<'a, LogRecord<'a>>>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let request = LogsRequest(budget, 0).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(request)
}

object!(LogsRequest -> Vec<OfResource<'de, LogRecord<'de>>> {
    "resourceLogs" | "resource_logs" => |out, map, budget| *out = map.next_value_seed(List(|| ResourceLogsSeed(budget, 0), budget, Counted::Spans))?,
    "resourceSpans" | "resource_spans" => |_out, _map, _budget| return Err(A::Error::custom("it holds spans")),
    "resourceMetrics" | "resource_metrics" => |_out, _map, _budget| return Err(A::Error::custom("it holds metrics")),
});

object!(ResourceLogsSeed -> OfResource<'de, LogRecord<'de>> {
    "resource" => |out, map, budget| out.resource = map.next_value_seed(ResourceSeed(budget, 0))?,
    "scopeLogs" | "scope_logs" | "instrumentationLibraryLogs" =>
        |out, map, budget| out.scopes = map.next_value_seed(List(|| ScopeLogsSeed(budget, 0), budget, Counted::Spans))?,
});

object!(ScopeLogsSeed -> OfScope<'de, LogRecord<'de>> {
    "scope" | "instrumentationLibrary" => |out, map, budget| out.scope = map.next_value_seed(ScopeSeed(budget, 0))?,
    "logRecords" | "log_records" | "logs" => |out, map, budget| out.items = map.next_value_seed(List(|| RecordSeed(budget, 0), budget, Counted::Spans))?,
});

object!(RecordSeed -> LogRecord<'de> {
    "timeUnixNano" | "time_unix_nano" => |out, map, _budget| out.time = map.next_value_seed(Integer)?.unwrap_or(0).cast_unsigned(),
    "observedTimeUnixNano" | "observed_time_unix_nano" =>
        |out, map, _budget| out.observed = map.next_value_seed(Integer)?.unwrap_or(0).cast_unsigned(),
    "eventName" | "event_name" => |out, map, _budget| out.event_name = map.next_value_seed(Text)?,
    "body" => |out, map, budget| {
        let (body, too_deep) = map.next_value_seed(AnyValue(budget, budget.json_depth()))?;
        out.body = body;
        out.too_deep |= too_deep;
    },
    "attributes" => |out, map, budget| {
        let (attributes, too_deep) = map.next_value_seed(Attributes(budget, budget.json_depth(), budget.limits.max_attributes))?;
        out.attributes = attributes;
        out.too_deep |= too_deep;
    },
    "traceId" | "trace_id" => |out, map, _budget| out.trace_id = id(&map.next_value_seed(Text)?),
    "spanId" | "span_id" => |out, map, _budget| out.span_id = id(&map.next_value_seed(Text)?),
});
