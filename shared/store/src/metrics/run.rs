//! Asks a compiled query, and makes the API's rows of the answer.

use agenttrace_api::Json;
use agenttrace_api::metrics::MetricsRow;
use agenttrace_api::metrics::query::View;
use clickhouse::Row;
use serde::Deserialize;

use super::buckets;
use super::compile::{Compiled, Empty, MAX_ROWS};
use crate::Error;
use crate::condition::Kind;
use crate::connection::{Ask, Project};

/// Dimensions as texts or as JSON, by their kind; metrics as JSON.
#[derive(Debug, Clone, Row, Deserialize)]
pub(super) struct Found {
    bucket: i32,
    dimensions: Vec<String>,
    metrics: Vec<String>,
}

impl Project<'_> {
    /// The rows of a metrics query.
    pub async fn metrics(&self, query: &Compiled) -> Result<Vec<MetricsRow>, Error> {
        let limit = query.limit.unwrap_or(MAX_ROWS + 1);
        let found: Vec<Found> = self.ask_metrics(query).param("limit", limit).rows().await?;
        if query.limit.is_none() && found.len() as u64 > MAX_ROWS {
            return Err(Error::TooHeavy(format!("more than {MAX_ROWS} rows")));
        }
        let mut rows = if query.fill { filled(query, found) } else { found.into_iter().map(|f| query.row(f)).collect() };
        rows.truncate(usize::try_from(query.limit.unwrap_or(MAX_ROWS)).unwrap_or(usize::MAX));
        Ok(rows)
    }

    fn ask_metrics(&self, query: &Compiled) -> Ask {
        let ask = match query.view {
            View::Traces => self.ask("aggregate traces", include_str!("traces.sql")),
            View::Observations => self.ask("aggregate observations", include_str!("observations.sql")),
            View::ScoresNumeric => self.ask("aggregate scores", include_str!("scores.sql")).part("data_types", "('NUMERIC', 'BOOLEAN')"),
            View::ScoresBoolean => self.ask("aggregate scores", include_str!("scores.sql")).part("data_types", "('BOOLEAN')"),
            View::ScoresCategorical => {
                self.ask("aggregate scores", include_str!("scores.sql")).part("data_types", "('CATEGORICAL', 'TEXT')")
            }
        };
        let dimensions: Vec<String> = query
            .dimensions
            .iter()
            .enumerate()
            .map(|(i, (_, kind))| match kind {
                Kind::Text => format!("toString(d{i})"),
                Kind::Flag => format!("toJSONString(toBool(d{i}))"),
                _ => format!("ifNull(toJSONString(d{i}), 'null')"),
            })
            .collect();
        let metrics: Vec<String> = (0..query.metrics.len()).map(|i| format!("ifNull(toJSONString(m{i}), 'null')")).collect();
        ask.heavy()
            .setting("output_format_json_quote_64bit_integers", "1")
            .fragment(
                "dimensions",
                &if dimensions.is_empty() { "emptyArrayString()".to_owned() } else { format!("[{}]", dimensions.join(", ")) },
            )
            .fragment("metrics", &format!("[{}]", metrics.join(", ")))
            .fragment("bucket", &query.bucket)
            .fragment("columns", &query.columns)
            .fragment("each", &query.each)
            .fragment("joins", &query.joins)
            .fragment("groups", &query.groups)
            .fragment("order", &query.order)
            .condition(&query.condition)
            .param("bins", i64::from(query.bins))
            .param("from_minute", query.range.first_minute())
            .param("to_minute", query.range.to_minute())
            .param("from", query.range.first_micros())
            .param("to", query.range.to_micros())
    }
}

impl Compiled {
    fn row(&self, found: Found) -> MetricsRow {
        let mut row: Vec<(String, Json)> = Vec::with_capacity(found.dimensions.len() + found.metrics.len() + 1);
        for ((name, kind), value) in self.dimensions.iter().zip(found.dimensions) {
            row.push((
                name.clone(),
                if *kind == Kind::Text { crate::text::some(value).map_or_else(Json::null, |v| Json::of(&v)) } else { json(value) },
            ));
        }
        self.time(found.bucket, &mut row);
        row.extend(self.metrics.iter().map(|(name, _)| name.clone()).zip(found.metrics.into_iter().map(json)));
        MetricsRow(row)
    }

    /// The row of a bucket in which nothing happened.
    fn empty_row(&self, bucket: i32) -> MetricsRow {
        let mut row: Vec<(String, Json)> = self
            .dimensions
            .iter()
            .map(|(name, kind)| (name.clone(), if *kind == Kind::List { Json::of::<[String]>(&[]) } else { Json::null() }))
            .collect();
        self.time(bucket, &mut row);
        row.extend(self.metrics.iter().map(|(name, empty)| {
            let value = match empty {
                Empty::ZeroText => Json::of("0"),
                Empty::Zero => Json::of(&0),
                Empty::Null => Json::null(),
                Empty::List => Json::of::<[f64]>(&[]),
            };
            (name.clone(), value)
        }));
        MetricsRow(row)
    }

    fn time(&self, bucket: i32, row: &mut Vec<(String, Json)>) {
        row.extend(self.granularity.map(|g| ("time_dimension".to_owned(), Json::of(&buckets::text(g, bucket)))));
    }
}

/// Rows in order of time, and one for every bucket of the range that has none: from the first one on, without the one that holds the range's end.
fn filled(query: &Compiled, found: Vec<Found>) -> Vec<MetricsRow> {
    let (Some(granularity), Some(from), Some(to)) = (query.granularity, query.range.from, query.range.to) else { return Vec::new() };
    let most = usize::try_from(query.limit.unwrap_or(MAX_ROWS)).unwrap_or(usize::MAX);
    // The range ends behind the query's last microsecond.
    let end = buckets::of(granularity, agenttrace_domain::Timestamp(to.0 - 1));
    let mut rows = Vec::new();
    let mut next = buckets::of(granularity, from);
    for row in found {
        while next < row.bucket.min(end) && rows.len() < most {
            rows.push(query.empty_row(next));
            next = buckets::next(granularity, next);
        }
        next = next.max(buckets::next(granularity, row.bucket));
        rows.push(query.row(row));
    }
    while next < end && rows.len() < most {
        rows.push(query.empty_row(next));
        next = buckets::next(granularity, next);
    }
    rows
}

/// What ClickHouse wrote as JSON; what is none there (not a number, infinite) is unknown.
fn json(text: String) -> Json {
    Json::parse(text).unwrap_or_else(|_| Json::null())
}
