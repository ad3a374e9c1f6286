//! `ExportMetricsServiceRequest` in JSON.

use super::*;
use crate::otlp::signals::{Metric, OfResource, OfScope, Point, Shape as PointShape};

/// A whole request.
pub(crate) fn request<'a>(json: &'a str, budget: &Budget<'_>) -> Result<Vec<OfResource<'a, Metric<'a>>>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let request = MetricsRequest(budget, 0).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(request)
}

object!(MetricsRequest -> Vec<OfResource<'de, Metric<'de>>> {
    "resourceMetrics" | "resource_metrics" =>
        |out, map, budget| *out = map.next_value_seed(List(|| ResourceMetricsSeed(budget, 0), budget, Counted::Spans))?,
    "resourceSpans" | "resource_spans" => |_out, _map, _budget| return Err(A::Error::custom("it holds spans")),
    "resourceLogs" | "resource_logs" => |_out, _map, _budget| return Err(A::Error::custom("it holds logs")),
});

object!(ResourceMetricsSeed -> OfResource<'de, Metric<'de>> {
    "resource" => |out, map, budget| out.resource = map.next_value_seed(ResourceSeed(budget, 0))?,
    "scopeMetrics" | "scope_metrics" | "instrumentationLibraryMetrics" =>
        |out, map, budget| out.scopes = map.next_value_seed(List(|| ScopeMetricsSeed(budget, 0), budget, Counted::Spans))?,
});

object!(ScopeMetricsSeed -> OfScope<'de, Metric<'de>> {
    "scope" | "instrumentationLibrary" => |out, map, budget| out.scope = map.next_value_seed(ScopeSeed(budget, 0))?,
    "metrics" => |out, map, budget| out.items = map.next_value_seed(List(|| MetricSeed(budget, 0), budget, Counted::Spans))?,
});

object!(MetricSeed -> Metric<'de> {
    "name" => |out, map, _budget| out.name = map.next_value_seed(Text)?,
    "unit" => |out, map, _budget| out.unit = map.next_value_seed(Text)?,
    "gauge" => |out, map, budget| data(out, PointShape::Gauge, map.next_value_seed(DataSeed(budget, 0))?),
    "sum" => |out, map, budget| data(out, PointShape::Sum, map.next_value_seed(DataSeed(budget, 0))?),
    "histogram" | "exponentialHistogram" | "exponential_histogram" | "summary" =>
        |out, map, budget| data(out, PointShape::Histogram, map.next_value_seed(DataSeed(budget, 0))?),
});

/// What stands under `sum`, `gauge`, `histogram` …
#[derive(Default)]
struct Data<'a> {
    points: Vec<Point<'a>>,
    temporality: i64,
    monotonic: bool,
}

fn data<'a>(metric: &mut Metric<'a>, shape: PointShape, data: Data<'a>) {
    metric.shape = shape;
    metric.points = data.points;
    metric.temporality = data.temporality;
    metric.monotonic = data.monotonic;
    for point in &mut metric.points {
        if shape == PointShape::Histogram {
            point.value = point.value.or(Some(0.0));
        } else {
            point.count = 1;
        }
    }
}

object!(DataSeed -> Data<'de> {
    "dataPoints" | "data_points" => |out, map, budget| out.points = map.next_value_seed(List(|| PointSeed(budget, 0), budget, Counted::Spans))?,
    "aggregationTemporality" | "aggregation_temporality" => |out, map, _budget| out.temporality = match map.next_value_seed(Text)?.as_ref() {
        "1" | "AGGREGATION_TEMPORALITY_DELTA" => 1,
        "2" | "AGGREGATION_TEMPORALITY_CUMULATIVE" => 2,
        _ => 0,
    },
    "isMonotonic" | "is_monotonic" => |out, map, _budget| out.monotonic = map.next_value_seed(Text)?.eq_ignore_ascii_case("true"),
});

object!(PointSeed -> Point<'de> {
    "attributes" => |out, map, budget| {
        let (attributes, too_deep) = map.next_value_seed(Attributes(budget, budget.json_depth(), budget.limits.max_attributes))?;
        out.attributes = attributes;
        out.too_deep |= too_deep;
    },
    "startTimeUnixNano" | "start_time_unix_nano" => |out, map, _budget| out.start = map.next_value_seed(Integer)?.unwrap_or(0).cast_unsigned(),
    "timeUnixNano" | "time_unix_nano" => |out, map, _budget| out.time = map.next_value_seed(Integer)?.unwrap_or(0).cast_unsigned(),
    "asDouble" | "as_double" | "asInt" | "as_int" | "sum" => |out, map, _budget| out.value = map.next_value_seed(Text)?.trim().parse().ok(),
    "count" => |out, map, _budget| out.count = map.next_value_seed(Integer)?.unwrap_or(0).cast_unsigned(),
    "min" => |out, map, _budget| out.min = map.next_value_seed(Text)?.trim().parse().ok(),
    "max" => |out, map, _budget| out.max = map.next_value_seed(Text)?.trim().parse().ok(),
});
