//! The compiler alone: what it refuses, and that nothing of a caller's reaches the text.

use agenttrace_api::metrics::query;
use serde_json::{Value, json};

use super::*;

const HOSTILE: &str = "x') FROM url('http://evil', CSV) --";

fn base(view: &str) -> Value {
    json!({
        "view": view, "metrics": [{"measure": "count", "aggregation": "count"}],
        "fromTimestamp": "2026-01-01T00:00:00Z", "toTimestamp": "2026-02-01T00:00:00Z",
    })
}

fn compiled(view: &str, more: &Value, version: Version) -> Result<Compiled, String> {
    let mut query = base(view);
    for (name, value) in more.as_object().expect("an object") {
        query[name] = value.clone();
    }
    compile(&query::parse(Some(&query.to_string())).expect("a query that parses"), version)
}

/// Everything that becomes part of the SQL.
fn sql(compiled: &Compiled) -> String {
    [&compiled.joins, &compiled.bucket, &compiled.columns, &compiled.groups, &compiled.order].map(String::as_str).join("\n")
        + compiled.condition.sql()
}

#[test]
fn what_is_unknown_is_refused_with_a_sentence() {
    for (view, more, needle) in [
        ("observations", json!({"dimensions": [{"field": HOSTILE}]}), "is unknown; use one of id, traceId"),
        ("observations", json!({"dimensions": [{"field": "startTime"}]}), "is unknown"),
        ("observations", json!({"dimensions": [{"field": "name"}, {"field": "name"}]}), "named twice"),
        ("observations", json!({"metrics": [{"measure": HOSTILE, "aggregation": "sum"}]}), "is unknown; use one of count"),
        ("scores-categorical", json!({"metrics": [{"measure": "value", "aggregation": "avg"}]}), "use one of count"),
        ("traces", json!({"filters": [{"column": HOSTILE, "operator": "=", "value": "a", "type": "string"}]}), "`filters[0]`: column"),
        ("traces", json!({"filters": [{"column": "name", "operator": ">", "value": 1, "type": "number"}]}), "does not take"),
        ("traces", json!({"orderBy": [{"field": HOSTILE, "direction": "asc"}]}), "`orderBy` field"),
        ("traces", json!({"orderBy": [{"field": "time_dimension", "direction": "asc"}]}), "`orderBy` field"),
        ("traces", json!({"orderBy": [{"field": "sum_count", "direction": "asc"}]}), "`orderBy` field"),
        (
            "traces",
            json!({"metrics": [{"measure": "latency", "aggregation": "histogram"}], "orderBy": [{"field": "histogram_latency", "direction": "asc"}]}),
            "`orderBy` field",
        ),
        ("traces", json!({"timeDimension": {"granularity": "minute"}}), "gives more than 10000 rows"),
    ] {
        let error = compiled(view, &more, Version::V1).expect_err(&more.to_string());
        assert!(error.contains(needle), "{more}: {error}");
        assert!(error.len() < 1_000, "{error}");
    }
}

#[test]
fn a_step_is_not_counted_once_for_each_of_its_types() {
    let filter = json!([{"column": "costType", "operator": "any of", "value": ["input", "output"], "type": "stringOptions"}]);
    for (more, needle) in [
        (json!({"filters": filter}), "needs \"costType\" among the dimensions"),
        (json!({"dimensions": [{"field": "costType"}, {"field": "usageType"}]}), "two queries"),
        (json!({"dimensions": [{"field": "usageType"}], "metrics": [{"measure": "costByType", "aggregation": "sum"}]}), "two queries"),
    ] {
        let error = compiled("observations", &more, Version::V2).expect_err(&more.to_string());
        assert!(error.contains(needle), "{more}: {error}");
    }
    for more in [
        json!({"filters": filter, "dimensions": [{"field": "costType"}]}),
        json!({"filters": filter, "metrics": [{"measure": "costByType", "aggregation": "sum"}, {"measure": "count", "aggregation": "count"}]}),
    ] {
        let query = compiled("observations", &more, Version::V2).expect("a query");
        assert!(query.groups.contains("d0"), "{more}");
    }
}

#[test]
fn v2_groups_by_many_values_only_for_the_top() {
    let by = |field: &str, more: Value| {
        let mut query = json!({"dimensions": [{"field": field}]});
        for (name, value) in more.as_object().expect("an object") {
            query[name] = value.clone();
        }
        query
    };
    let top = json!({"config": {"row_limit": 5}, "orderBy": [{"field": "count_count", "direction": "desc"}]});
    assert!(compiled("traces", &json!({}), Version::V2).is_err());
    for (view, fields) in [
        ("observations", ["id", "traceId", "userId", "sessionId", "parentObservationId"].as_slice()),
        ("scores-numeric", &["id", "traceId", "userId", "sessionId", "observationId"]),
        ("scores-boolean", &["id", "traceId", "userId", "sessionId", "observationId"]),
        ("scores-categorical", &["id", "traceId", "userId", "sessionId", "observationId"]),
    ] {
        for field in fields {
            let error = compiled(view, &by(field, json!({})), Version::V2).expect_err(field);
            assert!(error.contains("too many values"), "{error}");
            assert!(compiled(view, &by(field, json!({})), Version::V1).is_ok(), "{field}");
            assert!(compiled(view, &by(field, top.clone()), Version::V2).is_ok(), "{field}");
            for (name, value) in [
                ("config", json!({})),
                ("orderBy", json!([{"field": "count_count", "direction": "asc"}])),
                ("orderBy", json!([{"field": field, "direction": "desc"}])),
                ("timeDimension", json!({"granularity": "day"})),
            ] {
                let mut query = by(field, top.clone());
                query[name] = value;
                assert!(compiled(view, &query, Version::V2).is_err(), "{query}");
            }
        }
    }
}

#[test]
fn only_fixed_text_and_parameters_make_a_query() {
    let filters = json!([
        {"column": "name", "operator": "contains", "value": HOSTILE, "type": "string"},
        {"column": "userId", "operator": "any of", "value": [HOSTILE], "type": "stringOptions"},
        {"column": "tags", "operator": "all of", "value": [HOSTILE], "type": "arrayOptions"},
        {"column": "metadata", "key": HOSTILE, "operator": "=", "value": HOSTILE, "type": "stringObject"},
    ]);

    for view in ["traces", "observations", "scores-numeric", "scores-boolean", "scores-categorical"] {
        let query = compiled(view, &json!({"filters": filters, "dimensions": [{"field": "name"}]}), Version::V1).expect(view);

        assert!(!sql(&query).contains("evil"), "{view}: {}", sql(&query));
        assert!(query.condition.params().len() >= 5, "{view}");
    }
}

#[test]
fn only_what_a_query_needs_is_joined() {
    for (more, joins) in [
        (json!({"dimensions": [{"field": "name"}]}), 0),
        (json!({"dimensions": [{"field": "traceName"}]}), 1),
        (json!({"filters": [{"column": "userId", "operator": "=", "value": "a", "type": "string"}]}), 1),
        (json!({"dimensions": [{"field": "tags"}], "metrics": [{"measure": "countScores", "aggregation": "sum"}]}), 2),
    ] {
        let query = compiled("observations", &more, Version::V1).expect("a query");
        assert_eq!(query.joins.matches("LEFT JOIN").count(), joins, "{more}");
        assert_eq!(query.joins.matches("project_id = {project:String}").count(), joins, "{more}");
    }
}

#[test]
fn limits_follow_the_version_and_the_query() {
    assert_eq!(compiled("observations", &json!({}), Version::V1).map(|q| q.limit), Ok(None));
    assert_eq!(compiled("observations", &json!({}), Version::V2).map(|q| q.limit), Ok(Some(100)));
    assert_eq!(compiled("observations", &json!({"config": {"row_limit": 7}}), Version::V2).map(|q| q.limit), Ok(Some(7)));
    assert!(
        compiled("observations", &json!({"config": {"row_limit": 7}, "timeDimension": {"granularity": "minute"}}), Version::V1).is_ok()
    );
}
