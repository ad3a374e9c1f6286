//! From a metrics query to SQL, without I/O: names are looked up in the tables of `views`, values are bound, and nothing a caller sends becomes
//! part of a query's text.

use agenttrace_api::metrics::query::{Aggregation, Granularity, Metric, MetricsQuery, View};
use agenttrace_domain::Timestamp;

use super::buckets;
use super::views::{Definition, Dimension, Grouping, Measure, Needs, Unit, definition};
use crate::TimeRange;
use crate::condition::{Column, Condition, Kind};

/// The rows of an answer whose query names no limit; more is an error, not a cut.
pub const MAX_ROWS: u64 = 10_000;
/// The rows of v2 when the query names no limit.
const ROWS_V2: u64 = 100;

/// The two versions differ in their views, in what they group by, and in their limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V1,
    V2,
}

/// A query that can be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    pub(super) view: View,
    pub(super) range: TimeRange,
    pub(super) condition: Condition,
    /// `,` and each column that makes several rows of one.
    pub(super) each: String,
    pub(super) joins: String,
    pub(super) bucket: String,
    /// `,` and each dimension as `d0` …, each metric as `m0` …
    pub(super) columns: String,
    pub(super) groups: String,
    pub(super) order: String,
    pub(super) bins: u32,
    /// What the query may give; `None` when it named none.
    pub(super) limit: Option<u64>,
    pub(super) granularity: Option<Granularity>,
    /// Names and kinds of dimensions.
    pub(super) dimensions: Vec<(String, Kind)>,
    /// Names of metrics, and what they are over no rows.
    pub(super) metrics: Vec<(String, Empty)>,
    /// Buckets without rows are told too: in order of time only.
    pub(super) fill: bool,
}

/// What a metric is in a bucket without rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    ZeroText,
    Zero,
    Null,
    List,
}

/// Compiles. The error is a sentence for the caller.
pub fn compile(query: &MetricsQuery, version: Version) -> Result<Compiled, String> {
    if version == Version::V2 && query.view == View::Traces {
        return Err("`view` must be one of observations, scores-numeric, scores-boolean, scores-categorical".to_owned());
    }
    let definition = definition(query.view);
    let measures: Vec<&Measure> = query.metrics.iter().map(|m| measure(m, definition)).collect::<Result<_, _>>()?;
    let dimensions = dimensions(query, definition, &measures, version)?;
    let (condition, filtered) = filters(query, definition)?;
    let needs: Vec<Needs> = dimensions.iter().map(|d| d.1.group_needs()).chain(measures.iter().map(|m| m.needs)).collect();
    each_counted_once(&needs, &filtered)?;
    let needs: Vec<Needs> = needs.into_iter().chain(filtered).collect();
    let limit = query.row_limit.or((version == Version::V2).then_some(ROWS_V2));
    let fill = query.granularity.is_some() && query.order_by.is_empty();
    if let Some(granularity) = query.granularity.filter(|_| fill && limit.is_none())
        && buckets::count(granularity, query.from, query.to) > MAX_ROWS
    {
        return Err(format!(
            "`timeDimension.granularity` gives more than {MAX_ROWS} rows over this time: use a coarser one, a shorter time or `config.row_limit`"
        ));
    }
    let mut columns = String::new();
    for (i, (_, dimension)) in dimensions.iter().enumerate() {
        columns.push_str(&format!(",\n        {} AS d{i}", dimension.group_sql()));
    }
    for (i, (metric, measure)) in query.metrics.iter().zip(&measures).enumerate() {
        columns.push_str(&format!(",\n        {} AS m{i}", aggregate(measure, metric.aggregation)));
    }
    let grouped: Vec<String> =
        query.granularity.map(|_| "bucket".to_owned()).into_iter().chain((0..dimensions.len()).map(|i| format!("d{i}"))).collect();
    Ok(Compiled {
        view: query.view,
        range: TimeRange { from: Some(query.from), to: Some(Timestamp(query.to.0.saturating_add(1))) },
        condition,
        each: each(&needs),
        joins: joins(query.view, &needs),
        bucket: buckets::sql(query.granularity, if query.view == View::Observations { "r.start_time" } else { "r.timestamp" }),
        columns,
        groups: if grouped.is_empty() { String::new() } else { format!("GROUP BY {}", grouped.join(", ")) },
        order: order(query, &dimensions)?,
        bins: query.bins,
        limit,
        granularity: query.granularity,
        dimensions: dimensions.into_iter().map(|(name, d)| (name, d.group_kind())).collect(),
        metrics: query.metrics.iter().zip(&measures).map(|(metric, measure)| (metric.key(), empty(measure, metric.aggregation))).collect(),
        fill,
    })
}

/// The dimensions under the names that the query gives them, and those that its measures are told by.
fn dimensions(
    query: &MetricsQuery,
    definition: Definition,
    measures: &[&Measure],
    version: Version,
) -> Result<Vec<(String, &'static Dimension)>, String> {
    let mut found: Vec<(String, &'static Dimension)> = Vec::new();
    let mut names = query.dimensions.clone();
    for by in measures.iter().filter_map(|m| m.by) {
        if !names.iter().any(|name| name == by) {
            names.push(by.to_owned());
        }
    }
    for name in &names {
        let dimension = definition.dimensions.iter().find(|d| d.grouping != Grouping::Never && d.column.names.contains(&name.as_str()));
        let dimension = dimension.ok_or_else(|| {
            let known = definition.dimensions.iter().filter(|d| d.grouping != Grouping::Never).flat_map(|d| d.column.names);
            format!("dimension {:?} is unknown; use one of {}", short(name), known.copied().collect::<Vec<_>>().join(", "))
        })?;
        if found.iter().any(|(known, _)| known == name) {
            return Err(format!("dimension {name:?} is named twice"));
        }
        if version == Version::V2 && dimension.grouping == Grouping::Many {
            only_the_top(query, name)?;
        }
        found.push((name.clone(), dimension));
    }
    Ok(found)
}

/// A step is a row for each of its types of cost or usage. Told by the type each step counts once in each group; otherwise it would count as
/// often as it has types.
fn each_counted_once(told: &[Needs], filtered: &[Needs]) -> Result<(), String> {
    for (pairs, dimension) in [(Needs::CostPairs, "costType"), (Needs::UsagePairs, "usageType")] {
        if filtered.contains(&pairs) && !told.contains(&pairs) {
            return Err(format!("a filter on {dimension:?} needs {dimension:?} among the dimensions too"));
        }
    }
    if told.contains(&Needs::CostPairs) && told.contains(&Needs::UsagePairs) {
        return Err("cost by type and usage by type are two queries: a step has both, and would count once for each pair".to_owned());
    }
    Ok(())
}

/// Grouping by what has a value a row is for the top rows by a measure, not for all of them, and never over time.
fn only_the_top(query: &MetricsQuery, name: &str) -> Result<(), String> {
    let mut descending = query.order_by.iter().filter(|o| o.descending).peekable();
    let by_measures = descending.peek().is_some() && descending.all(|o| query.metrics.iter().any(|m| m.key() == o.field));
    if query.granularity.is_none() && query.row_limit.is_some() && by_measures {
        return Ok(());
    }
    Err(format!(
        "dimension {name:?} has too many values to group by: filter by it instead, or ask for the top rows with `config.row_limit`, `orderBy` a metric with direction desc, and no `timeDimension`"
    ))
}

fn measure(metric: &Metric, definition: Definition) -> Result<&'static Measure, String> {
    definition.measures.iter().find(|m| m.name == metric.measure).ok_or_else(|| {
        let known: Vec<&str> = definition.measures.iter().map(|m| m.name).collect();
        format!("measure {:?} is unknown; use one of {}", short(&metric.measure), known.join(", "))
    })
}

/// The filters as a condition, and what they need.
fn filters(query: &MetricsQuery, definition: Definition) -> Result<(Condition, Vec<Needs>), String> {
    let columns: Vec<Column> = definition.dimensions.iter().map(|d| d.column).collect();
    let mut condition = Condition::default();
    let mut needs = Vec::new();
    for (i, filter) in query.filters.iter().enumerate() {
        condition.add(&columns, filter).map_err(|e| format!("`filters[{i}]`: {e}"))?;
        needs.extend(definition.dimensions.iter().find(|d| d.column.names.contains(&filter.column.as_str())).map(|d| d.needs));
    }
    Ok((condition, needs))
}

/// The columns of the innermost rows that make several of one.
pub(super) fn each(needs: &[Needs]) -> String {
    [
        (Needs::ToolNames, "arrayJoin(tool_names) AS tool_name"),
        (Needs::ToolCalls, "arrayJoin(tool_calls) AS called_tool"),
        (Needs::CostPairs, "arrayJoin(CAST(cost, 'Array(Tuple(String, Int64))')) AS cost_pair"),
        (
            Needs::UsagePairs,
            "arrayJoin(CAST(if(empty(usage) OR mapContains(usage, 'total'), usage, mapUpdate(usage, map('total', total_tokens))), 'Array(Tuple(String, UInt64))')) AS usage_pair",
        ),
    ]
    .into_iter()
    .filter(|(need, _)| needs.contains(need))
    .map(|(_, sql)| format!(",\n            {sql}"))
    .collect()
}

pub(super) fn joins(view: View, needs: &[Needs]) -> String {
    let of_observations = view == View::Observations;
    [
        (Needs::Trace, if of_observations { include_str!("joins/trace.sql") } else { include_str!("joins/trace_of_score.sql") }),
        (Needs::Observation, include_str!("joins/observation.sql")),
        (Needs::Experiment, include_str!("joins/experiment.sql")),
        (Needs::Experiment, if of_observations { "" } else { include_str!("joins/experiment_of_score.sql") }),
        (
            Needs::Scores,
            if of_observations { include_str!("joins/scores_of_observations.sql") } else { include_str!("joins/scores_of_traces.sql") },
        ),
    ]
    .into_iter()
    .filter(|(need, _)| needs.contains(need))
    .map(|(_, sql)| sql)
    .collect()
}

/// The aggregate's SQL, in the unit that is told.
pub(super) fn aggregate(measure: &Measure, aggregation: Aggregation) -> String {
    use Aggregation::{Avg, Count, Histogram, Max, Min, P50, P75, P90, P95, P99, Sum, Uniq};
    let sql = measure.sql;
    if measure.unit == Unit::Identifier && matches!(aggregation, Count | Uniq) {
        return format!("uniqExactIf({sql}, {sql} != '')");
    }
    let value = match measure.unit {
        Unit::Integer | Unit::Float => sql.to_owned(),
        Unit::Money => format!("toFloat64({sql}) / 1e12"),
        Unit::Identifier => format!("toUInt64({sql} != '')"),
    };
    let quantile = |q: &str| format!("quantile({q})({value})");
    match aggregation {
        // Summed as whole numbers, so that no order of rows changes the last digit.
        Sum if measure.unit == Unit::Money => format!("toFloat64(sum(toInt128({sql}))) / 1e12"),
        Sum => format!("sum({value})"),
        Avg => format!("avg({value})"),
        Count => format!("count({sql})"),
        Max => format!("max({value})"),
        Min => format!("min({value})"),
        P50 => quantile("0.5"),
        P75 => quantile("0.75"),
        P90 => quantile("0.9"),
        P95 => quantile("0.95"),
        P99 => quantile("0.99"),
        Histogram => format!("histogram({{bins:UInt8}})(toFloat64({value}))"),
        Uniq => format!("uniqExact({sql})"),
    }
}

fn empty(measure: &Measure, aggregation: Aggregation) -> Empty {
    match aggregation {
        Aggregation::Count | Aggregation::Uniq => Empty::ZeroText,
        Aggregation::Sum if matches!(measure.unit, Unit::Integer | Unit::Identifier) => Empty::ZeroText,
        Aggregation::Sum => Empty::Zero,
        Aggregation::Histogram => Empty::List,
        _ => Empty::Null,
    }
}

/// By what the query says; else by time, or by the first metric, largest first. Equal rows stand in the order of their dimensions.
fn order(query: &MetricsQuery, dimensions: &[(String, &Dimension)]) -> Result<String, String> {
    let mut order: Vec<String> = Vec::new();
    for by in &query.order_by {
        let direction = if by.descending { "DESC" } else { "ASC" };
        let place = if by.field == "time_dimension" && query.granularity.is_some() {
            "bucket".to_owned()
        } else if let Some(i) = dimensions.iter().position(|(name, _)| *name == by.field) {
            format!("d{i}")
        } else if let Some(i) = query.metrics.iter().position(|m| m.key() == by.field && m.aggregation != Aggregation::Histogram) {
            format!("m{i}")
        } else {
            return Err(format!(
                "`orderBy` field {:?} is none of the query's dimensions and metrics (such as sum_totalCost)",
                short(&by.field)
            ));
        };
        order.push(format!("{place} {direction} NULLS LAST"));
    }
    if order.is_empty() && query.granularity.is_none() && query.metrics.first().is_some_and(|m| m.aggregation != Aggregation::Histogram) {
        order.push("m0 DESC NULLS LAST".to_owned());
    }
    order.push("bucket".to_owned());
    order.extend((0..dimensions.len()).map(|i| format!("d{i}")));
    Ok(order.join(", "))
}

fn short(name: &str) -> String {
    name.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
