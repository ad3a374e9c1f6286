//! Langfuse's metrics query: a JSON object of view, dimensions, metrics, filters and a time range. Parsed here into types that cannot be wrong;
//! which dimensions and measures there are, and how they become SQL, is the store's.

use agenttrace_domain::Timestamp;
use serde_json::Value;

use crate::filter::{self, Filter};

/// What is aggregated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Traces,
    Observations,
    ScoresNumeric,
    ScoresBoolean,
    ScoresCategorical,
}

impl View {
    pub const ALL: [Self; 5] = [Self::Traces, Self::Observations, Self::ScoresNumeric, Self::ScoresBoolean, Self::ScoresCategorical];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Observations => "observations",
            Self::ScoresNumeric => "scores-numeric",
            Self::ScoresBoolean => "scores-boolean",
            Self::ScoresCategorical => "scores-categorical",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    Sum,
    Avg,
    Count,
    Max,
    Min,
    P50,
    P75,
    P90,
    P95,
    P99,
    Histogram,
    /// How many different values: newer than the SDKs' descriptions.
    Uniq,
}

impl Aggregation {
    pub const ALL: [Self; 12] = [
        Self::Sum,
        Self::Avg,
        Self::Count,
        Self::Max,
        Self::Min,
        Self::P50,
        Self::P75,
        Self::P90,
        Self::P95,
        Self::P99,
        Self::Histogram,
        Self::Uniq,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Count => "count",
            Self::Max => "max",
            Self::Min => "min",
            Self::P50 => "p50",
            Self::P75 => "p75",
            Self::P90 => "p90",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Histogram => "histogram",
            Self::Uniq => "uniq",
        }
    }
}

/// The width of a bucket of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    Minute,
    Hour,
    Day,
    /// From Monday on.
    Week,
    Month,
}

impl Granularity {
    pub const ALL: [Self; 5] = [Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.as_str() == text)
    }

    /// `auto`: Langfuse's steps, which give some fifty buckets.
    #[must_use]
    pub const fn fitting(from: Timestamp, to: Timestamp) -> Self {
        match (to.0 - from.0).div_euclid(3_600_000_000) {
            ..2 => Self::Minute,
            2..72 => Self::Hour,
            72..1_440 => Self::Day,
            1_440..8_760 => Self::Week,
            _ => Self::Month,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    pub measure: String,
    pub aggregation: Aggregation,
}

impl Metric {
    /// The name of the metric in rows and in `orderBy`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}_{}", self.aggregation.as_str(), self.measure)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderBy {
    pub field: String,
    pub descending: bool,
}

/// A query. Names of dimensions, measures and columns are the caller's and not yet known to exist.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricsQuery {
    pub view: View,
    pub dimensions: Vec<String>,
    /// At least one.
    pub metrics: Vec<Metric>,
    pub filters: Vec<Filter>,
    pub granularity: Option<Granularity>,
    /// Inclusive, and before `to`.
    pub from: Timestamp,
    /// Inclusive.
    pub to: Timestamp,
    pub order_by: Vec<OrderBy>,
    /// 1 to 100.
    pub bins: u32,
    /// 1 to 1000.
    pub row_limit: Option<u64>,
}

/// Longer queries are not read.
const MAX_BYTES: usize = 100_000;
const MAX_DIMENSIONS: usize = 10;
const MAX_METRICS: usize = 20;

/// Parses the `query` parameter. The error is a sentence for the caller.
pub fn parse(text: Option<&str>) -> Result<MetricsQuery, String> {
    let text = text
        .filter(|t| !t.trim().is_empty())
        .ok_or("`query` is missing: it is a JSON object with view, metrics, fromTimestamp and toTimestamp")?;
    if text.len() > MAX_BYTES {
        return Err(format!("`query` may hold at most {MAX_BYTES} bytes"));
    }
    let Ok(Value::Object(query)) = serde_json::from_str::<Value>(text) else {
        return Err("`query` must be a JSON object with view, metrics, fromTimestamp and toTimestamp".to_owned());
    };
    let given = |name: &str| query.get(name).filter(|v| !v.is_null());
    let (from, to) = (time(given("fromTimestamp"), "fromTimestamp")?, time(given("toTimestamp"), "toTimestamp")?);
    if from >= to {
        return Err("`fromTimestamp` must be before `toTimestamp`".to_owned());
    }
    let config = given("config").or_else(|| given("chartConfig"));
    Ok(MetricsQuery {
        view: one_of("view", given("view"), &View::ALL, View::as_str)?,
        dimensions: list(given("dimensions"), "dimensions", MAX_DIMENSIONS)?
            .iter()
            .enumerate()
            .map(|(i, d)| text_of(d.get("field"), &format!("dimensions[{i}].field")))
            .collect::<Result<_, _>>()?,
        metrics: metrics(given("metrics"))?,
        filters: match given("filters") {
            None => Vec::new(),
            Some(Value::Array(items)) => filter::parse_items(items, "filters")?,
            Some(_) => return Err("`filters` must be a list of {column, operator, value, type}".to_owned()),
        },
        granularity: given("timeDimension").map(|d| granularity(d, from, to)).transpose()?,
        from,
        to,
        order_by: order_by(given("orderBy"))?,
        bins: config.map_or(Ok(None), |c| number(c, "bins", 100))?.map_or(10, |n| u32::try_from(n).unwrap_or(100)),
        row_limit: config.map_or(Ok(None), |c| number(c, "row_limit", 1_000))?,
    })
}

fn metrics(given: Option<&Value>) -> Result<Vec<Metric>, String> {
    let metrics: Vec<Metric> = list(given, "metrics", MAX_METRICS)?
        .iter()
        .enumerate()
        .map(|(i, metric)| {
            Ok(Metric {
                measure: text_of(metric.get("measure"), &format!("metrics[{i}].measure"))?,
                aggregation: one_of(
                    &format!("metrics[{i}].aggregation"),
                    metric.get("aggregation"),
                    &Aggregation::ALL,
                    Aggregation::as_str,
                )?,
            })
        })
        .collect::<Result<_, String>>()?;
    if metrics.is_empty() { Err("`metrics` must hold at least one {measure, aggregation}".to_owned()) } else { Ok(metrics) }
}

fn granularity(dimension: &Value, from: Timestamp, to: Timestamp) -> Result<Granularity, String> {
    if dimension.get("granularity").and_then(Value::as_str) == Some("auto") {
        return Ok(Granularity::fitting(from, to));
    }
    one_of("timeDimension.granularity", dimension.get("granularity"), &Granularity::ALL, Granularity::as_str)
        .map_err(|e| e.replace("one of ", "one of auto, "))
}

fn order_by(given: Option<&Value>) -> Result<Vec<OrderBy>, String> {
    list(given, "orderBy", MAX_DIMENSIONS + MAX_METRICS)?
        .iter()
        .enumerate()
        .map(|(i, order)| {
            let descending = match order.get("direction").and_then(Value::as_str) {
                Some("asc") => false,
                Some("desc") => true,
                _ => return Err(format!("`orderBy[{i}].direction` must be asc or desc")),
            };
            Ok(OrderBy { field: text_of(order.get("field"), &format!("orderBy[{i}].field"))?, descending })
        })
        .collect()
}

fn list<'a>(given: Option<&'a Value>, name: &str, most: usize) -> Result<&'a [Value], String> {
    match given {
        None => Ok(&[]),
        Some(Value::Array(items)) if items.len() <= most => Ok(items),
        Some(Value::Array(_)) => Err(format!("`{name}` may hold at most {most} entries")),
        Some(_) => Err(format!("`{name}` must be a list")),
    }
}

fn text_of(given: Option<&Value>, name: &str) -> Result<String, String> {
    given.and_then(Value::as_str).filter(|t| !t.is_empty()).map(str::to_owned).ok_or_else(|| format!("`{name}` must be a text"))
}

fn one_of<T: Copy>(name: &str, given: Option<&Value>, known: &[T], as_str: impl Fn(T) -> &'static str) -> Result<T, String> {
    given
        .and_then(Value::as_str)
        .and_then(|text| known.iter().copied().find(|k| as_str(*k) == text))
        .ok_or_else(|| format!("`{name}` must be one of {}", known.iter().map(|k| as_str(*k)).collect::<Vec<_>>().join(", ")))
}

fn time(given: Option<&Value>, name: &str) -> Result<Timestamp, String> {
    given
        .and_then(Value::as_str)
        .and_then(Timestamp::parse)
        .ok_or_else(|| format!("`{name}` must be an ISO 8601 time such as 2026-01-31T10:00:00.000Z"))
}

fn number(config: &Value, name: &str, most: u64) -> Result<Option<u64>, String> {
    match config.get(name).filter(|v| !v.is_null()) {
        None => Ok(None),
        Some(value) => value
            .as_u64()
            .filter(|n| (1..=most).contains(n))
            .map(Some)
            .ok_or_else(|| format!("`config.{name}` must be a whole number from 1 to {most}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn base() -> Value {
        json!({
            "view": "observations", "metrics": [{"measure": "count", "aggregation": "count"}],
            "fromTimestamp": "2026-01-01T00:00:00Z", "toTimestamp": "2026-01-02T00:00:00+00:00",
        })
    }

    fn with(name: &str, value: Value) -> Result<MetricsQuery, String> {
        let mut query = base();
        query[name] = value;
        parse(Some(&query.to_string()))
    }

    #[test]
    fn a_whole_query_parses() {
        let mut query = base();
        for (name, value) in [
            ("dimensions", json!([{"field": "name"}])),
            ("filters", json!([{"column": "type", "operator": "=", "value": "GENERATION", "type": "string"}])),
            ("timeDimension", json!({"granularity": "auto"})),
            ("orderBy", json!([{"field": "count_count", "direction": "desc"}])),
            ("config", json!({"bins": 5, "row_limit": 1000})),
        ] {
            query[name] = value;
        }

        let parsed = parse(Some(&query.to_string())).expect("a query");

        assert_eq!((parsed.view, parsed.dimensions, parsed.filters.len()), (View::Observations, vec!["name".to_owned()], 1));
        assert_eq!(parsed.metrics[0].key(), "count_count");
        assert_eq!((parsed.granularity, parsed.bins, parsed.row_limit), (Some(Granularity::Hour), 5, Some(1000)));
        assert_eq!(parsed.order_by, [OrderBy { field: "count_count".to_owned(), descending: true }]);
    }

    #[test]
    fn absent_and_null_are_the_same() {
        for name in ["dimensions", "filters", "timeDimension", "orderBy", "config"] {
            assert_eq!(with(name, Value::Null), parse(Some(&base().to_string())), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_a_sentence() {
        for (name, value, needle) in [
            ("view", json!("users"), "`view` must be one of traces, observations"),
            ("view", json!(["traces"]), "`view`"),
            ("metrics", json!([]), "at least one"),
            ("metrics", json!([{"measure": "count"}]), "`metrics[0].aggregation` must be one of sum"),
            ("metrics", json!([{"measure": 1, "aggregation": "sum"}]), "`metrics[0].measure` must be a text"),
            ("metrics", json!(vec![json!({"measure": "count", "aggregation": "sum"}); 21]), "at most 20"),
            ("dimensions", json!("name"), "must be a list"),
            ("dimensions", json!([{"field": ""}]), "`dimensions[0].field`"),
            ("filters", json!({}), "`filters` must be a list"),
            ("filters", json!([{"column": "x", "operator": "~", "value": "a", "type": "string"}]), "`filters[0]`"),
            ("timeDimension", json!({"granularity": "second"}), "one of auto, minute"),
            ("fromTimestamp", json!("yesterday"), "`fromTimestamp`"),
            ("fromTimestamp", json!("2026-01-02T00:00:00Z"), "must be before"),
            ("orderBy", json!([{"field": "x", "direction": "up"}]), "asc or desc"),
            ("config", json!({"bins": 0}), "`config.bins`"),
            ("config", json!({"bins": 101}), "`config.bins`"),
            ("config", json!({"row_limit": 1001}), "`config.row_limit`"),
            ("config", json!({"row_limit": "5"}), "`config.row_limit`"),
        ] {
            let error = with(name, value.clone()).expect_err(name);
            assert!(error.contains(needle), "{name} {value}: {error}");
        }
        for text in [None, Some(""), Some("[]"), Some("{"), Some("null")] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn auto_gives_some_fifty_buckets() {
        let hour = 3_600_000_000_i64;
        for (hours, expected) in [
            (1, Granularity::Minute),
            (2, Granularity::Hour),
            (71, Granularity::Hour),
            (72, Granularity::Day),
            (1_439, Granularity::Day),
            (1_440, Granularity::Week),
            (8_760, Granularity::Month),
        ] {
            assert_eq!(Granularity::fitting(Timestamp(0), Timestamp(hours * hour)), expected, "{hours}");
        }
    }
}
