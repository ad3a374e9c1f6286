//! Filters on what only the trace says of its steps, and on what only the steps say of their trace.

use agenttrace_api::filter;
use agenttrace_store::observations::{self, List, Texts};
use agenttrace_store::{Condition, TimeRange, traces};
use serde_json::json;

use crate::support::{Db, second, step, trace};
use crate::traces::{ids, newest};

#[tokio::test]
async fn steps_are_found_by_what_their_trace_says() {
    let db = Db::new().await;
    let plain = |id: &str, seconds: i64| step("ann-trace", id, &second(seconds));
    db.insert(&[
        trace("ann-trace", &second(0))
            .ends(&second(40 * 86_400))
            .set("user_id", "ann")
            .set("session_id", "s")
            .set("name", "fix")
            .set("tags", vec!["a", "b"])
            .set("release", "r1"),
        trace("bob-trace", &second(0)).ends(&second(9)).set("user_id", "bob").set("name", "ask"),
        plain("plain", 1),
        // Days after its trace began.
        plain("late", 40 * 86_400),
        plain("own", 2).set("user_id", "eve").set("session_id", "t").set("trace_name", "own").set("tags", vec!["c"]).set("release", "r2"),
        step("bob-trace", "other", &second(3)),
        step("lost", "alone", &second(4)),
    ])
    .await;
    // What was said before does not count any more.
    db.insert(&[trace("bob-trace", &second(0)).ends(&second(9)).set("user_id", "bea").set("name", "ask").version(2)]).await;

    for (filter, expected) in [
        (r#"{"type":"string","column":"userId","operator":"=","value":"ann"}"#, vec!["late", "plain"]),
        (r#"{"type":"string","column":"userId","operator":"=","value":"eve"}"#, vec!["own"]),
        (r#"{"type":"string","column":"userId","operator":"=","value":"bob"}"#, vec![]),
        (r#"{"type":"stringOptions","column":"userId","operator":"any of","value":["bea","eve"]}"#, vec!["other", "own"]),
        (r#"{"type":"stringOptions","column":"userId","operator":"none of","value":["ann"]}"#, vec!["other", "own"]),
        (r#"{"type":"string","column":"sessionId","operator":"=","value":"s"}"#, vec!["late", "plain"]),
        (r#"{"type":"null","column":"sessionId","operator":"is null","value":""}"#, vec!["other"]),
        (r#"{"type":"string","column":"traceName","operator":"starts with","value":"a"}"#, vec!["other"]),
        (r#"{"type":"arrayOptions","column":"tags","operator":"all of","value":["a","b"]}"#, vec!["late", "plain"]),
        (r#"{"type":"arrayOptions","column":"tags","operator":"none of","value":["a"]}"#, vec!["other", "own"]),
        (r#"{"type":"string","column":"release","operator":"=","value":"r1"}"#, vec!["late", "plain"]),
    ] {
        let condition = Condition::of(observations::COLUMNS, &filter::parse(&format!("[{filter}]")).expect(filter)).expect(filter);
        let list = List { range: TimeRange::default(), condition, trace_id: None, after: None, skip: 0, limit: 10, texts: Texts::NONE };

        let found = db.project().list_observations(list.clone()).await.expect(filter);

        assert_eq!(found.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), expected, "{filter}");
        assert_eq!(db.project().count_observations(&list).await.expect(filter), expected.len() as u64, "{filter}");
        let far = db.project().list_observations(List { skip: 2_000, ..list.clone() }).await.expect(filter);
        assert_eq!(far.rows, [], "{filter}");
        assert_eq!(db.other_project().list_observations(list).await.expect(filter).rows, [], "{filter}");
    }
    db.done().await;
}

#[tokio::test]
async fn traces_are_found_by_sums_over_their_steps() {
    let db = Db::new().await;
    let dollars = |input: i64, output: i64| json!({"input": input * 1_000_000_000_000, "output": output * 1_000_000_000_000});
    db.insert(&[
        trace("a", &second(2)),
        trace("b", &second(1)),
        trace("c", &second(0)),
        step("a", "1", &second(2)).set("cost", dollars(1, 2)),
        step("a", "2", &second(3)).set("cost", dollars(1, 2)).set("level", "DEBUG"),
        step("b", "3", &second(1)).set("cost", dollars(1, 9)),
        step("c", "4", &second(0)).set("level", "ERROR"),
    ])
    .await;
    db.insert(&[step("b", "3", &second(1)).set("cost", dollars(3, 9)).version(2)]).await;

    for (column, operator, value, expected) in [
        ("inputCost", "=", 2.0, vec!["a"]),
        ("inputCost", ">", 2.0, vec!["b"]),
        // A trace without a priced step has no cost, and so none of this size.
        ("outputCost", "<=", 4.0, vec!["a"]),
        ("defaultCount", ">=", 1.0, vec!["a", "b"]),
        ("defaultCount", "=", 0.0, vec!["c"]),
        ("debugCount", "=", 1.0, vec!["a"]),
    ] {
        let filter = json!([{"type": "number", "column": column, "operator": operator, "value": value}]).to_string();
        let condition = Condition::of(traces::COLUMNS, &filter::parse(&filter).expect("filters")).expect("a condition");

        let found = db.project().list_traces(traces::List { condition: condition.clone(), ..newest(10) }).await.expect("a list");

        assert_eq!(ids(&found.rows), expected, "{filter}");
        let (count, _) = db.project().count_traces(TimeRange::default(), condition, None).await.expect("a count");
        assert_eq!(count, expected.len() as u64, "{filter}");
    }
    db.done().await;
}
