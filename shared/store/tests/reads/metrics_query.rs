//! The metrics query against ClickHouse: that everything declared can be asked, and that the numbers are those of the rows.

use agenttrace_api::metrics::query::{self, Aggregation, Granularity, View};
use agenttrace_store::condition::Kind;
use agenttrace_store::metrics::views::{Grouping, Needs, definition};
use agenttrace_store::metrics::{Version, compile};
use serde_json::{Value, json};

use crate::support::{Build, Db, score, second, step, trace};

async fn ask(db: &Db, query: &Value, version: Version) -> Vec<Value> {
    let compiled = compile(&query::parse(Some(&query.to_string())).expect("a query"), version).unwrap_or_else(|e| panic!("{query}: {e}"));
    let rows = db.project().metrics(&compiled).await.unwrap_or_else(|e| panic!("{query}: {e:?}"));
    rows.iter().map(|row| serde_json::to_value(row).expect("JSON")).collect()
}

fn asked(view: &str, metrics: &[(&str, &str)], more: Value) -> Value {
    let metrics: Vec<Value> =
        metrics.iter().map(|(measure, aggregation)| json!({"measure": measure, "aggregation": aggregation})).collect();
    let mut query =
        json!({"view": view, "metrics": metrics, "fromTimestamp": "2026-01-01T00:00:00Z", "toTimestamp": "2026-01-05T00:00:00Z"});
    for (name, value) in more.as_object().expect("an object") {
        query[name] = value.clone();
    }
    query
}

const DAY: i64 = 86_400;
const USD: i64 = 1_000_000_000_000;

/// What the fixture's generations hold: name, second, latency in ms, tokens in and out, cost.
type Call = (&'static str, i64, i64, i64, i64, Option<i64>);
const CALLS: [Call; 6] = [
    ("think", 10, 1_000, 100, 10, Some(1)),
    ("think", 20, 3_000, 200, 20, Some(2)),
    ("think", DAY + 5, 2_000, 300, 30, None),
    ("plan", DAY + 6, 4_000, 400, 40, Some(4)),
    ("plan", 2 * DAY + 7, 500, 500, 50, Some(8)),
    ("plan", 3 * DAY + 3_600, 250, 600, 60, Some(16)),
];

fn call(number: usize, (name, at, latency, input, output, cost): Call) -> Build {
    let build = step(if number < 3 { "ann-1" } else { "bob-1" }, &format!("c{number}"), &second(at))
        .set("type", "GENERATION")
        .set("name", name)
        .set("model", "gpt-5")
        .set("end_time", second(at).trim_end_matches('Z').replace('T', " "))
        .set("input_tokens", input)
        .set("output_tokens", output)
        .set("total_tokens", input + output);
    let end = agenttrace_domain::Timestamp(crate::support::at(&second(at)).0 + latency * 1_000).to_rfc3339();
    let build = build.set("end_time", end.trim_end_matches('Z').replace('T', " "));
    match cost {
        Some(usd) => {
            build.set("total_cost", usd * USD).set("cost", json!({"input": usd * USD / 4, "output": usd * USD * 3 / 4, "total": usd * USD}))
        }
        None => build,
    }
}

/// Two traces that say whose they are, with calls that do not; everything told twice, and one call that is gone.
async fn told(db: &Db) {
    let traces = [
        trace("ann-1", &second(0))
            .ends(&second(DAY + 7))
            .set("user_id", "ann")
            .set("name", "fix")
            .set("tags", vec!["a", "b"])
            .set("release", "r1")
            .set("latency_ms", 5_000)
            .set("observation_count", 3)
            .set("total_tokens", 660)
            .set("total_cost", 3 * USD),
        trace("bob-1", &second(DAY))
            .ends(&second(4 * DAY))
            .set("user_id", "bob")
            .set("name", "ask")
            .set("session_id", "s")
            .set("latency_ms", 7_000)
            .set("observation_count", 3)
            .set("total_tokens", 1_650)
            .set("total_cost", 28 * USD),
    ];
    let mut calls: Vec<Build> = CALLS.into_iter().enumerate().map(|(i, c)| call(i, c)).collect();
    calls.push(step("bob-1", "gone", &second(DAY)).set("name", "plan").set("type", "GENERATION").set("input_tokens", 9_999));
    let scores = [
        score("s1", &second(1)).set("trace_id", "ann-1").set("value", 0.25),
        score("s2", &second(2)).set("trace_id", "ann-1").set("observation_id", "c0").set("value", 0.75),
        score("s3", &second(DAY)).set("trace_id", "bob-1").set("name", "done").set("data_type", "BOOLEAN").set("value", 1),
        score("s4", &second(DAY)).set("trace_id", "bob-1").set("name", "tone").set("data_type", "CATEGORICAL").set("string_value", "kind"),
        score("s5", &second(DAY)).set("trace_id", "bob-1").set("name", "done").set("data_type", "BOOLEAN").set("value", 0),
        score("s6", &second(DAY)).set("trace_id", "bob-1").set("name", "fixed").set("data_type", "CORRECTION").set("string_value", "x"),
    ];
    db.insert(&traces).await;
    db.insert(&calls).await;
    db.insert(&scores).await;
    // Redelivered, changed and deleted: no row may count twice.
    db.insert(&traces).await;
    db.insert(&calls.iter().map(|c| c.clone().version(2)).collect::<Vec<_>>()).await;
    db.insert(&[calls[6].clone().version(3).deleted()]).await;
    db.insert(&scores.iter().map(|s| s.clone().version(2)).collect::<Vec<_>>()).await;
}

fn sum(of: impl Fn(&Call) -> i64, wanted: impl Fn(&Call) -> bool) -> i64 {
    CALLS.iter().filter(|c| wanted(c)).map(of).sum()
}

#[tokio::test]
async fn everything_declared_can_be_asked() {
    let db = Db::new().await;
    told(&db).await;

    for view in View::ALL {
        let definition = definition(view);
        for aggregation in Aggregation::ALL {
            // What is told by a dimension makes several rows of one, and has its own test.
            let whole = definition.measures.iter().filter(|m| m.by.is_none());
            let metrics: Vec<(&str, &str)> = whole.map(|m| (m.name, aggregation.as_str())).collect();
            let rows = ask(&db, &asked(view.as_str(), &metrics, json!({})), Version::V1).await;
            assert_eq!(rows.len(), 1, "{view:?} {aggregation:?}");
            assert_eq!(rows[0].as_object().map(serde_json::Map::len), Some(metrics.len()), "{view:?} {aggregation:?}");
        }
        for dimension in definition.dimensions.iter().filter(|d| d.grouping != Grouping::Never) {
            for name in dimension.column.names {
                let rows =
                    ask(&db, &asked(view.as_str(), &[("count", "count")], json!({"dimensions": [{"field": name}]})), Version::V1).await;
                let of_lists =
                    matches!(dimension.group_needs(), Needs::ToolNames | Needs::ToolCalls | Needs::CostPairs | Needs::UsagePairs);
                // A list may be empty in all rows: there is nothing to group then.
                let told = rows.first().map_or(of_lists, |row| row.get(name).is_some());
                assert!(told, "{view:?} {name}: {rows:?}");
            }
        }
        for dimension in definition.dimensions {
            let filter = match dimension.column.kind {
                Kind::Text | Kind::Words => json!({"type": "stringOptions", "operator": "none of", "value": ["'\\"]}),
                Kind::Number => json!({"type": "number", "operator": ">=", "value": 0}),
                Kind::Time => json!({"type": "datetime", "operator": ">", "value": "2020-01-01T00:00:00Z"}),
                Kind::Flag => json!({"type": "boolean", "operator": "=", "value": true}),
                Kind::List => json!({"type": "arrayOptions", "operator": "any of", "value": ["a"]}),
                Kind::Map => json!({"type": "stringObject", "operator": "contains", "key": "k", "value": "v"}),
            };
            let mut filter = filter;
            filter["column"] = json!(dimension.column.names[0]);
            // A type of cost or usage is filtered by only where rows are told by it.
            let by_type = matches!(dimension.needs, Needs::CostPairs | Needs::UsagePairs);
            let dimensions: Vec<_> = by_type.then(|| json!({"field": dimension.column.names[0]})).into_iter().collect();
            let more = json!({"filters": [filter], "dimensions": dimensions});
            ask(&db, &asked(view.as_str(), &[("count", "count")], more), Version::V1).await;
        }
        for granularity in Granularity::ALL {
            let more = json!({"timeDimension": {"granularity": granularity.as_str()}, "config": {"row_limit": 1000}});
            assert!(
                !ask(&db, &asked(view.as_str(), &[("count", "count")], more), Version::V1).await.is_empty(),
                "{view:?} {granularity:?}"
            );
        }
    }
    db.done().await;
}

#[tokio::test]
async fn numbers_are_those_of_the_current_rows() {
    let db = Db::new().await;
    told(&db).await;
    let metrics = [
        ("count", "count"),
        ("inputTokens", "sum"),
        ("totalTokens", "max"),
        ("totalCost", "sum"),
        ("totalCost", "count"),
        ("inputCost", "sum"),
        ("latency", "avg"),
        ("latency", "min"),
        ("latency", "p50"),
        ("tokensPerSecond", "max"),
        ("uniqueUserIds", "uniq"),
        ("countScores", "sum"),
    ];
    let by_name = json!({"dimensions": [{"field": "name"}], "orderBy": [{"field": "sum_totalCost", "direction": "desc"}]});

    for version in [Version::V1, Version::V2] {
        let rows = ask(&db, &asked("observations", &metrics, by_name.clone()), version).await;

        assert_eq!(rows.iter().map(|r| r["name"].as_str()).collect::<Vec<_>>(), [Some("plan"), Some("think")]);
        for (row, name) in rows.iter().zip(["plan", "think"]) {
            let mine = |c: &Call| c.0 == name;
            let n = sum(|_| 1, mine);
            let mut latencies: Vec<i64> = CALLS.iter().filter(|c| mine(c)).map(|c| c.2).collect();
            latencies.sort_unstable();
            assert_eq!(row["count_count"], json!(n.to_string()));
            assert_eq!(row["sum_inputTokens"], json!(sum(|c| c.3, mine).to_string()));
            assert_eq!(
                row["max_totalTokens"],
                json!(CALLS.iter().filter(|c| mine(c)).map(|c| c.3 + c.4).max().expect("a call").to_string())
            );
            let cost = sum(|c| c.5.unwrap_or(0), mine);
            assert_eq!(row["sum_totalCost"].as_f64(), Some(cost as f64));
            assert_eq!(row["sum_inputCost"].as_f64(), Some(cost as f64 / 4.0));
            assert_eq!(row["count_totalCost"], json!(sum(|c| i64::from(c.5.is_some()), mine).to_string()), "an unknown cost is none");
            assert_eq!(row["avg_latency"].as_f64(), Some(sum(|c| c.2, mine) as f64 / n as f64));
            assert_eq!(row["min_latency"], json!(latencies[0].to_string()));
            assert_eq!(row["p50_latency"].as_f64(), Some(latencies[1] as f64));
            let fastest = CALLS.iter().filter(|c| mine(c)).map(|c| (c.3 + c.4) as f64 * 1_000.0 / c.2 as f64).fold(0.0, f64::max);
            assert!((row["max_tokensPerSecond"].as_f64().expect("a number") - fastest).abs() < 1e-9, "{row}");
            assert_eq!(row["uniq_uniqueUserIds"], json!("1"));
            assert_eq!(row["sum_countScores"], json!(if name == "think" { "1" } else { "0" }));
        }
    }
    db.done().await;
}

#[tokio::test]
async fn what_a_trace_says_holds_for_its_steps() {
    let db = Db::new().await;
    told(&db).await;
    let tokens = [("totalTokens", "sum")];
    let of = |user: &str| sum(|c| c.3 + c.4, |c| (c.1 < DAY + 6) == (user == "ann"));

    for (field, ann, bob) in [
        ("userId", json!("ann"), json!("bob")),
        ("traceName", json!("fix"), json!("ask")),
        ("tags", json!(["a", "b"]), json!([])),
        ("release", json!("r1"), Value::Null),
        ("sessionId", Value::Null, json!("s")),
    ] {
        let rows = ask(&db, &asked("observations", &tokens, json!({"dimensions": [{"field": field}]})), Version::V1).await;
        assert_eq!(
            rows,
            [json!({field: bob, "sum_totalTokens": of("bob").to_string()}), json!({field: ann, "sum_totalTokens": of("ann").to_string()})]
        );
    }
    for (filter, user) in [
        (json!({"column": "userId", "type": "string", "operator": "=", "value": "ann"}), "ann"),
        (json!({"column": "tags", "type": "arrayOptions", "operator": "none of", "value": ["a"]}), "bob"),
        (json!({"column": "sessionId", "type": "null", "operator": "is not null", "value": ""}), "bob"),
    ] {
        let rows = ask(&db, &asked("observations", &tokens, json!({"filters": [filter]})), Version::V2).await;
        assert_eq!(rows, [json!({"sum_totalTokens": of(user).to_string()})], "{filter}");
    }
    let rows = ask(
        &db,
        &asked(
            "scores-numeric",
            &[("value", "avg"), ("count", "count")],
            json!({"dimensions": [{"field": "userId"}, {"field": "observationName"}]}),
        ),
        Version::V1,
    )
    .await;
    assert_eq!(rows.len(), 3);
    assert!(rows.contains(&json!({"userId": "ann", "observationName": "think", "avg_value": 0.75, "count_count": "1"})), "{rows:?}");
    assert!(rows.contains(&json!({"userId": "bob", "observationName": null, "avg_value": 0.5, "count_count": "2"})), "{rows:?}");
    db.done().await;
}

#[tokio::test]
async fn buckets_without_rows_are_told_in_order_of_time() {
    let db = Db::new().await;
    told(&db).await;
    let metrics = [("count", "count"), ("totalCost", "sum"), ("latency", "avg")];
    let daily = json!({"timeDimension": {"granularity": "day"}, "filters": [{"column": "name", "type": "string", "operator": "=", "value": "think"}]});

    let rows = ask(&db, &asked("observations", &metrics, daily.clone()), Version::V1).await;

    assert_eq!(
        rows,
        [
            json!({"time_dimension": "2026-01-01", "count_count": "2", "sum_totalCost": 3, "avg_latency": 2000}),
            json!({"time_dimension": "2026-01-02", "count_count": "1", "sum_totalCost": null, "avg_latency": 2000}),
            json!({"time_dimension": "2026-01-03", "count_count": "0", "sum_totalCost": 0, "avg_latency": null}),
            json!({"time_dimension": "2026-01-04", "count_count": "0", "sum_totalCost": 0, "avg_latency": null}),
        ]
    );
    let mut limited = daily.clone();
    limited["config"] = json!({"row_limit": 3});
    assert_eq!(ask(&db, &asked("observations", &metrics, limited), Version::V1).await, rows[..3]);
    let mut ordered = daily;
    ordered["orderBy"] = json!([{"field": "time_dimension", "direction": "desc"}]);
    assert_eq!(ask(&db, &asked("observations", &metrics, ordered), Version::V1).await, [rows[1].clone(), rows[0].clone()]);
    let hours =
        json!({"timeDimension": {"granularity": "auto"}, "fromTimestamp": "2026-01-04T00:00:00Z", "toTimestamp": "2026-01-04T03:00:00Z"});
    let hours = ask(&db, &asked("observations", &[("count", "sum")], hours), Version::V2).await;
    assert_eq!(
        hours,
        [0, 1, 2].map(|h| json!({"time_dimension": format!("2026-01-04T0{h}:00:00Z"), "sum_count": if h == 1 { "1" } else { "0" }}))
    );
    db.done().await;
}

#[tokio::test]
async fn histograms_hold_every_row_once() {
    let db = Db::new().await;
    told(&db).await;

    let rows = ask(&db, &asked("observations", &[("latency", "histogram")], json!({"config": {"bins": 3}})), Version::V2).await;

    let bins = rows[0]["histogram_latency"].as_array().expect("bins");
    assert!((1..=3).contains(&bins.len()), "{bins:?}");
    assert!(bins.iter().all(|bin| bin.as_array().is_some_and(|b| b.len() == 3 && b[0].as_f64() <= b[1].as_f64())), "{bins:?}");
    assert_eq!(bins.iter().filter_map(|bin| bin[2].as_f64()).sum::<f64>(), CALLS.len() as f64);
    db.done().await;
}

#[tokio::test]
async fn each_view_of_scores_holds_its_types() {
    let db = Db::new().await;
    told(&db).await;
    let count = [("count", "count")];

    for (view, expected) in [("scores-numeric", "4"), ("scores-boolean", "2"), ("scores-categorical", "1")] {
        assert_eq!(ask(&db, &asked(view, &count, json!({})), Version::V2).await, [json!({"count_count": expected})], "{view}");
    }
    let rate = ask(&db, &asked("scores-boolean", &[("value", "avg")], json!({"dimensions": [{"field": "name"}]})), Version::V2).await;
    assert_eq!(rate, [json!({"name": "done", "avg_value": 0.5})]);
    let truth = json!({"dimensions": [{"field": "booleanValue"}], "filters": [{"column": "booleanValue", "type": "boolean", "operator": "=", "value": true}]});
    assert_eq!(ask(&db, &asked("scores-boolean", &count, truth), Version::V2).await, [json!({"booleanValue": true, "count_count": "1"})]);
    let traces = ask(
        &db,
        &asked("traces", &[("scoresCount", "sum"), ("uniqueUserIds", "count"), ("latency", "max"), ("totalCost", "sum")], json!({})),
        Version::V1,
    )
    .await;
    assert_eq!(traces, [json!({"sum_scoresCount": "6", "count_uniqueUserIds": "2", "max_latency": "7000", "sum_totalCost": 31})]);
    db.done().await;
}

#[tokio::test]
async fn nothing_of_another_project_is_counted() {
    let db = Db::new().await;
    told(&db).await;
    db.insert(&[trace("ann-1", &second(0)).set("project_id", "project-b").set("user_id", "eve")]).await;

    for view in View::ALL {
        let query =
            query::parse(Some(&asked(view.as_str(), &[("count", "count")], json!({"dimensions": [{"field": "name"}]})).to_string()))
                .expect("a query");
        let rows = db.store().for_project("project-c").metrics(&compile(&query, Version::V1).expect("it compiles")).await.expect("rows");
        assert_eq!(rows, [], "{view:?}");
    }
    let users = ask(&db, &asked("observations", &[("count", "count")], json!({"dimensions": [{"field": "userId"}]})), Version::V1).await;
    assert!(!users.iter().any(|row| row["userId"] == "eve"), "{users:?}");
    db.done().await;
}
