//! What the reads of sums have in common: times, and single parameters as filters.

use std::time::{SystemTime, UNIX_EPOCH};

use agenttrace_api::filter::{self, Filter, SetTest, Test, TextTest};
use agenttrace_api::metrics::SumsMeta;
use agenttrace_api::metrics::query::Granularity;
use agenttrace_api::paging;
use agenttrace_domain::Timestamp;
use agenttrace_kit::{Error, Request};
use agenttrace_store::TimeRange;
use agenttrace_store::metrics::{GroupBy, Sums};

/// Without a begin, sums are of so much time.
const SPAN_MICROS: i64 = 30 * 86_400_000_000;

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

/// A parameter that a column must equal.
pub fn equals(request: &Request, name: &str, column: &str) -> Option<Filter> {
    given(request, name).map(|value| Filter { column: column.to_owned(), key: None, test: Test::Text(TextTest::Equals, value.to_owned()) })
}

/// A repeatable parameter: the column is one of its values, or (a list) holds all of them.
pub fn among(request: &Request, name: &str, column: &str, test: SetTest) -> Option<Filter> {
    let values: Vec<String> = request.query_all(name).map(str::to_owned).collect();
    (!values.is_empty()).then(|| Filter { column: column.to_owned(), key: None, test: Test::Set(test, values) })
}

/// What the reads of usage and of cost ask for.
pub fn sums(request: &Request, of_cost: bool) -> Result<Sums, Error> {
    let to = time(request, "toTimestamp")?.unwrap_or_else(now);
    let from = time(request, "fromTimestamp")?.unwrap_or(Timestamp(to.0.saturating_sub(SPAN_MICROS)));
    if from >= to {
        return Err(Error::bad_request("`fromTimestamp` must be before `toTimestamp`"));
    }
    let limit = paging::limit(request.query("limit"), 100, 1_000).map_err(Error::bad_request)?;
    let mut filters = given(request, "filter").map_or(Ok(Vec::new()), |text| filter::parse(text).map_err(Error::bad_request))?;
    for (name, column) in [("traceName", "traceName"), ("userId", "userId"), ("sessionId", "sessionId"), ("model", "providedModelName")] {
        filters.extend(equals(request, name, column));
    }
    filters.extend(among(request, "tags", "tags", SetTest::AllOf));
    filters.extend(among(request, "environment", "environment", SetTest::AnyOf));
    let range = TimeRange { from: Some(from), to: Some(to) };
    let mut sums = Sums::new(range, &filters, usize::try_from(limit).unwrap_or(1_000), of_cost).map_err(Error::bad_request)?;
    sums.granularity = given(request, "granularity")
        .map(|text| {
            Granularity::parse(text).ok_or_else(|| Error::bad_request("`granularity` must be one of minute, hour, day, week, month"))
        })
        .transpose()?;
    sums.group = given(request, "groupBy").map(|name| GroupBy::parse(name).map_err(Error::bad_request)).transpose()?;
    Ok(sums)
}

/// What the answer says of itself.
pub fn meta(request: &Request, sums: &Sums, truncated: bool) -> SumsMeta {
    let text = |at: Option<Timestamp>| at.map(Timestamp::to_rfc3339).unwrap_or_default();
    SumsMeta {
        from_timestamp: text(sums.range.from),
        to_timestamp: text(sums.range.to),
        granularity: sums.granularity.map(|g| g.as_str().to_owned()),
        group_by: given(request, "groupBy").map(str::to_owned),
        truncated,
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
