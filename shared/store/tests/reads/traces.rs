//! One current row a trace, whatever versions the table still holds.

use agenttrace_store::traces::{FacetColumn, List, Order, Parts, Texts, TraceRecord};
use agenttrace_store::{Condition, TimeRange};

use crate::support::{Db, at, second, step, trace};

pub fn newest(limit: usize) -> List {
    List {
        range: TimeRange::default(),
        condition: Condition::default(),
        search: None,
        order: Order::NEWEST,
        after: None,
        skip: 0,
        limit,
        texts: Texts::None,
    }
}

async fn alone(db: &Db, id: &str) -> Option<TraceRecord> {
    db.project().whole_trace(id, Parts { observations: None, scores: false }).await.expect("an answer").map(|whole| whole.trace)
}

pub fn ids(rows: &[TraceRecord]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

#[tokio::test]
async fn the_newest_version_of_a_trace_wins() {
    let db = Db::new().await;
    db.insert(&[trace("t", &second(0)).set("name", "old")]).await;
    db.insert(&[trace("t", &second(0)).set("name", "new").set("total_cost", 1_500_000_000_000_i64).version(2)]).await;

    let list = db.project().list_traces(newest(10)).await.expect("a list");
    let one = alone(&db, "t").await.expect("the trace");

    assert_eq!(ids(&list.rows), ["t"]);
    assert_eq!((list.rows[0].name.as_str(), one.name.as_str(), one.cost()), ("new", "new", Some(1.5)));
    assert_eq!(db.project().count_traces(TimeRange::default(), Condition::default(), None).await.expect("a count"), (1, false));
    db.done().await;
}

#[tokio::test]
async fn a_deleted_trace_is_nowhere() {
    let db = Db::new().await;
    db.insert(&[trace("t", &second(0)), trace("kept", &second(1))]).await;
    db.insert(&[trace("t", &second(0)).version(2).deleted()]).await;

    let list = db.project().list_traces(newest(10)).await.expect("a list");

    assert_eq!(ids(&list.rows), ["kept"]);
    assert_eq!(alone(&db, "t").await, None);
    db.done().await;
}

#[tokio::test]
async fn a_trace_whose_time_moved_is_listed_once_at_its_new_place() {
    let db = Db::new().await;
    db.insert(&[trace("moved", &second(600)), trace("other", &second(300))]).await;
    db.insert(&[trace("moved", &second(600)).version(2).deleted(), trace("moved", &second(0)).version(2).set("name", "here")]).await;

    let list = db.project().list_traces(newest(10)).await.expect("a list");
    let one = alone(&db, "moved").await.expect("the trace");

    assert_eq!(ids(&list.rows), ["other", "moved"]);
    assert_eq!((one.name.as_str(), one.at), ("here", at(&second(0)).0));
    db.done().await;
}

#[tokio::test]
async fn an_outdated_version_does_not_answer_a_filter() {
    let db = Db::new().await;
    db.insert(&[trace("t", &second(0)).set("name", "old")]).await;
    db.insert(&[trace("t", &second(0)).set("name", "new").version(2)]).await;
    let named = |name: &str| {
        let filters = agenttrace_api::filter::parse(&format!(r#"[{{"type":"string","column":"name","operator":"=","value":"{name}"}}]"#))
            .expect("a filter");
        List { condition: Condition::of(agenttrace_store::traces::COLUMNS, &filters).expect("a condition"), ..newest(10) }
    };

    assert_eq!(ids(&db.project().list_traces(named("old")).await.expect("a list").rows), [""; 0]);
    assert_eq!(ids(&db.project().list_traces(named("new")).await.expect("a list").rows), ["t"]);
    db.done().await;
}

#[tokio::test]
async fn times_of_broken_clocks_are_listed_in_order_and_found() {
    let db = Db::new().await;
    let times = [
        ("past", "1901-02-03T04:05:06Z"),
        ("epoch", "1969-12-31T23:59:59Z"),
        ("now", "2026-01-01T00:00:00Z"),
        ("future", "2150-01-01T00:00:00Z"),
        ("far", "2290-01-01T00:00:00Z"),
    ];
    for (id, time) in times {
        db.insert(&[trace(id, time), step(id, "s", time)]).await;
    }

    let list = db.project().list_traces(newest(10)).await.expect("a list");

    assert_eq!(ids(&list.rows), ["far", "future", "now", "epoch", "past"]);
    for (id, time) in times {
        let one = alone(&db, id).await.expect(id);
        assert_eq!(one.at, at(time).0, "{id}");
        assert!(db.project().get_observation(Some(id), "s").await.expect("an answer").is_some(), "{id}");
    }
    db.done().await;
}

#[tokio::test]
async fn a_range_holds_its_first_moment_and_not_its_end() {
    let db = Db::new().await;
    for n in 0..5 {
        db.insert(&[trace(&format!("t{n}"), &second(n * 60))]).await;
    }
    let range = TimeRange { from: Some(at(&second(60))), to: Some(at(&second(180))) };

    let list = db.project().list_traces(List { range, ..newest(10) }).await.expect("a list");

    assert_eq!(ids(&list.rows), ["t2", "t1"]);
    assert_eq!(db.project().count_traces(range, Condition::default(), None).await.expect("a count").0, 2);
    db.done().await;
}

#[tokio::test]
async fn facets_count_current_values() {
    let db = Db::new().await;
    db.insert(&[
        trace("a", &second(0)).set("name", "Build").set("tags", vec!["ci", "x"]),
        trace("b", &second(1)).set("name", "Build").set("tags", vec!["ci"]),
        trace("c", &second(2)).set("name", "review"),
    ])
    .await;
    let facets = async |column: &str, search: &str| {
        let column = FacetColumn::parse(column).expect("a column");
        let rows = db.project().list_trace_facets(column, search, TimeRange::default()).await.expect("facets");
        rows.into_iter().map(|f| (f.value, f.count)).collect::<Vec<_>>()
    };

    assert_eq!(facets("name", "").await, [("Build".to_owned(), 2), ("review".to_owned(), 1)]);
    assert_eq!(facets("name", "bui").await, [("Build".to_owned(), 2)]);
    assert_eq!(facets("tags", "").await, [("ci".to_owned(), 2), ("x".to_owned(), 1)]);
    assert_eq!(facets("userId", "").await, []);
    for column in ["sessionId", "environment", "release", "version", "level", "models"] {
        facets(column, "").await;
    }
    assert!(FacetColumn::parse("input").is_err());
    db.done().await;
}

#[tokio::test]
async fn a_trace_shows_what_came_on_the_wire() {
    let db = Db::new().await;
    let row = trace("t", &second(0))
        .set("input", r#"{"b":1,"a":2}"#)
        .set("output", "plain")
        .set("latency_ms", 1_500)
        .set("metadata", serde_json::json!({"n": "1.50", "s": "text"}));
    db.insert(&[row]).await;

    let one = alone(&db, "t").await.expect("the trace");
    let v1 = serde_json::to_string(&one.clone().into_v1("project-a")).expect("JSON");
    let detail = serde_json::to_string(&one.clone().into_detail()).expect("JSON");
    let row = serde_json::to_value(one.into_row()).expect("JSON");

    assert!(v1.contains(r#""input":{"b":1,"a":2},"output":"plain","metadata":{"n":1.50,"s":"text"}"#), "{v1}");
    assert!(v1.contains(r#""timestamp":"2026-01-01T00:00:00.000Z""#) && v1.contains(r#""userId":null"#), "{v1}");
    assert!(detail.contains(r#""metadata":{"n":1.50,"s":"text"},"input":{"b":1,"a":2},"output":"plain""#), "{detail}");
    assert_eq!((&row["latency"], &row["totalCost"], &row["name"]), (&1.5.into(), &serde_json::Value::Null, &serde_json::Value::Null));
    db.done().await;
}
