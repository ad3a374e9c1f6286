//! Scores, in three generations.

use agenttrace_store::scores::{self, List, ScoreRecord, V3Fields};
use agenttrace_store::{Condition, TimeRange};
use serde_json::{Value, json};

use crate::support::{Build, Db, PROJECT, score, second, trace};

fn newest(limit: usize) -> List {
    List { range: TimeRange::default(), condition: Condition::default(), after: None, skip: 0, limit }
}

fn ids(rows: &[ScoreRecord]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

#[tokio::test]
async fn the_newest_version_of_a_score_wins_and_deleted_ones_are_gone() {
    let db = Db::new().await;
    db.insert(&[
        score("a", &second(0)).set("value", 1).set("trace_id", "t"),
        score("b", &second(1)).set("trace_id", "t"),
        score("c", &second(2)),
    ])
    .await;
    db.insert(&[
        score("a", &second(5)).set("value", 2).set("trace_id", "t").version(2),
        score("b", &second(1)).set("trace_id", "t").version(2).deleted(),
    ])
    .await;

    let list = db.project().list_scores(newest(10)).await.expect("a list");

    assert_eq!(ids(&list.rows), ["a", "c"]);
    assert_eq!(list.rows[0].value, Some(2.0));
    assert_eq!(ids(&db.project().scores_of_traces(&["t".to_owned()]).await.expect("rows")), ["a"]);
    assert_eq!(db.project().get_score("b").await.expect("an answer"), None);
    assert_eq!(db.project().count_scores(&newest(1)).await.expect("a count"), 2);
    db.done().await;
}

#[tokio::test]
async fn pages_of_scores_have_no_gaps_and_no_doubles() {
    let db = Db::new().await;
    db.insert(&(0..25).map(|n| score(&format!("s{n:02}"), &second(n / 4))).collect::<Vec<_>>()).await;

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = db.project().list_scores(List { after, ..newest(7) }).await.expect("a page");
        seen.extend(page.rows.into_iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let skipped = db.project().list_scores(List { skip: 20, ..newest(10) }).await.expect("a page");

    assert_eq!(seen, (0..25).rev().map(|n| format!("s{n:02}")).collect::<Vec<_>>());
    assert_eq!(ids(&skipped.rows), ["s04", "s03", "s02", "s01", "s00"]);
    db.done().await;
}

#[tokio::test]
async fn values_compare_and_traces_are_joined() {
    let db = Db::new().await;
    db.insert(&[
        score("low", &second(0)).set("value", 0.25).set("trace_id", "t"),
        score("high", &second(1)).set("value", 0.75).set("trace_id", "u"),
        score("session", &second(2)).set("value", 0.5).set("session_id", "s"),
        trace("t", &second(0)).set("user_id", "jo").set("tags", vec!["x", "y"]),
        trace("u", &second(0)).set("user_id", "ann").set("tags", vec!["x"]),
    ])
    .await;
    let found = async |fill: &dyn Fn(&mut Condition)| {
        let mut list = newest(10);
        fill(&mut list.condition);
        db.project().list_scores(list).await.expect("a list").rows.into_iter().map(|s| s.id).collect::<Vec<_>>()
    };

    for (operator, expected) in [
        ("=", vec!["session"]),
        ("!=", vec!["high", "low"]),
        ("<", vec!["low"]),
        (">", vec!["high"]),
        ("<=", vec!["session", "low"]),
        (">=", vec!["session", "high"]),
    ] {
        assert_eq!(found(&|c| scores::compare_value(c, operator, 0.5).expect("an operator")).await, expected, "{operator}");
    }
    assert!(scores::compare_value(&mut Condition::default(), "; DROP", 1.0).is_err());
    assert_eq!(found(&|c| scores::value_among(c, vec![0.25, 0.75])).await, ["high", "low"]);
    assert_eq!(found(&scores::of_a_trace).await, ["high", "low"]);
    assert_eq!(found(&|c| scores::of_traces_with(c, Some("jo"), vec![])).await, ["low"]);
    assert_eq!(found(&|c| scores::of_traces_with(c, None, vec!["x".to_owned()])).await, ["high", "low"]);
    assert_eq!(found(&|c| scores::of_traces_with(c, None, vec!["x".to_owned(), "y".to_owned()])).await, ["low"]);
    db.done().await;
}

async fn shown(row: Build) -> (Value, Value) {
    let db = Db::new().await;
    db.insert(&[row]).await;
    let row = db.project().get_score("s").await.expect("an answer").expect("the score");
    let fields = V3Fields::parse(Some("details,subject,annotation")).expect("fields");
    let (v2, v3) = (serde_json::to_value(row.clone().into_v2(PROJECT)), serde_json::to_value(row.into_v3(PROJECT, fields)));
    db.done().await;
    (v2.expect("JSON"), v3.expect("JSON"))
}

#[tokio::test]
async fn values_look_as_each_generation_wants_them() {
    for (data_type, value, text, v2_value, v2_text, v3_value) in [
        ("NUMERIC", json!(0.5), json!(null), json!(0.5), None, json!(0.5)),
        ("BOOLEAN", json!(1), json!("True"), json!(1.0), Some("True"), json!(true)),
        ("CATEGORICAL", json!(null), json!("good"), json!(0.0), Some("good"), json!("good")),
        ("TEXT", json!(null), json!("words"), json!(null), Some("words"), json!("words")),
        ("CORRECTION", json!(null), json!("better"), json!(0.0), Some("better"), json!("better")),
    ] {
        let row = score("s", &second(0))
            .set("data_type", data_type)
            .set("value", value)
            .set("string_value", text)
            .set("trace_id", "t")
            .set("observation_id", "o");

        let (v2, v3) = shown(row).await;

        assert_eq!(v2.get("value").cloned().unwrap_or_default(), v2_value, "{data_type}");
        assert_eq!(v2.get("stringValue").and_then(Value::as_str), v2_text, "{data_type}");
        assert_eq!((&v3["value"], v3.get("stringValue")), (&v3_value, None), "{data_type}");
        assert_eq!(v3["subject"], json!({"kind": "observation", "id": "o", "traceId": "t"}));
    }
}

#[tokio::test]
async fn pages_hold_current_versions_once_without_gaps() {
    let db = Db::new().await;
    let all: Vec<Build> = (0..40).map(|n| score(&format!("s{n:02}"), &second(n / 3)).set("value", 1)).collect();
    db.insert(&all).await;
    // Most were said again, some are gone, one moved to the newest end.
    db.insert(&all[..30].iter().map(|s| s.clone().version(2).set("value", 2)).collect::<Vec<_>>()).await;
    db.insert(&all[10..15].iter().map(|s| s.clone().version(3).deleted()).collect::<Vec<_>>()).await;
    db.insert(&[score("s00", &second(900)).version(4).set("value", 2)]).await;

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = db.project().list_scores(List { after, ..newest(3) }).await.expect("a page");
        seen.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }

    let whole = db.project().list_scores(newest(100)).await.expect("a page").rows;
    assert_eq!((whole.len(), whole[0].id.as_str(), whole[0].value), (35, "s00", Some(2.0)));
    assert_eq!(seen, whole);
    assert_eq!(whole.iter().filter(|s| s.value == Some(2.0)).count(), 25);
    assert!(whole.is_sorted_by(|a, b| (a.at, &a.id) > (b.at, &b.id)));
    let second_page = db.project().list_scores(List { skip: 10, ..newest(10) }).await.expect("a page").rows;
    assert_eq!(second_page, whole[10..20]);
    let far = db.project().list_scores(List { skip: 2_000, ..newest(10) }).await.expect("a page").rows;
    assert_eq!(far, []);
    assert_eq!(db.project().count_scores(&newest(1)).await.expect("a count"), 35);
    db.done().await;
}

#[tokio::test]
async fn a_trace_has_the_scores_that_judge_it_now() {
    let db = Db::new().await;
    let of = |id: &str, trace: &str| score(id, &second(0)).set("trace_id", trace);
    db.insert(&[of("stays", "t"), of("moved", "t"), of("gone", "t"), of("other", "u")]).await;
    db.insert(&[of("moved", "u").version(2), of("gone", "t").version(2).deleted(), of("stays", "t").version(2).set("value", 7)]).await;

    let found = db.project().scores_of_traces(&["t".to_owned()]).await.expect("scores");

    assert_eq!(found.iter().map(|s| (s.id.as_str(), s.value)).collect::<Vec<_>>(), [("stays", Some(7.0))]);
    db.done().await;
}
