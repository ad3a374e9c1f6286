//! Steps of traces: lists, trees, single ones, and how they look on the wire.

use agenttrace_store::observations::{List, ObservationRecord, Texts, V2Fields};
use agenttrace_store::traces::Parts;
use agenttrace_store::{Condition, TimeRange};
use serde_json::json;

use crate::support::{Build, Db, PROJECT, second, step, trace};

fn newest(limit: usize) -> List {
    List { range: TimeRange::default(), condition: Condition::default(), trace_id: None, after: None, skip: 0, limit, texts: Texts::NONE }
}

fn generation() -> Build {
    step("t", "g", &second(1))
        .set("type", "GENERATION")
        .set("name", "think")
        .set("parent_id", "root")
        .set("end_time", "2026-01-01 00:00:03.500")
        .set("completion_start_time", "2026-01-01 00:00:01.250")
        .set("input", "{\"q\":1}")
        .set("output", "42")
        .set("metadata", json!({"long": "x".repeat(300), "n": "1"}))
        .set("model", "gpt-5-2026")
        .set("model_id", "gpt-5")
        .set("model_parameters", "{\"temperature\":0.2}")
        .set("usage", json!({"input": 100, "input_cached_tokens": 50, "output": 10}))
        .set("cost", json!({"input": 200_000_000, "input_cached_tokens": 10_000_000, "output": 100_000_000, "total": 310_000_000}))
        .set("input_tokens", 150)
        .set("output_tokens", 10)
        .set("total_tokens", 160)
        .set("total_cost", 310_000_000)
        .set("tags", vec!["x"])
        .set("trace_name", "run")
}

#[tokio::test]
async fn pages_have_no_gaps_and_no_doubles_while_rows_arrive() {
    let db = Db::new().await;
    let all: Vec<_> = (0..30).map(|n| step(&format!("t{}", n % 4), &format!("o{n:02}"), &second(n / 3))).collect();
    db.insert(&all).await;
    db.insert(&(0..30).step_by(2).map(|n| all[n].clone().version(2)).collect::<Vec<_>>()).await;
    db.insert(&[all[3].clone().version(3).deleted()]).await;

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = db.project().list_observations(List { after, ..newest(7) }).await.expect("a page");
        seen.extend(page.rows.into_iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
        db.insert(&[step("late", &format!("n{}", seen.len()), &second(500))]).await;
    }

    let distinct: std::collections::BTreeSet<_> = seen.iter().cloned().collect();
    assert_eq!((seen.len(), distinct.len()), (29, 29));
    assert_eq!(db.project().count_observations(&List { trace_id: Some("t3".to_owned()), ..newest(1) }).await.expect("a count"), 6);
    let far = db.project().list_observations(List { skip: 2_000, ..newest(5) }).await.expect("a page");
    assert_eq!(far.rows, []);
    db.done().await;
}

#[tokio::test]
async fn a_traces_steps_come_once_in_order() {
    let db = Db::new().await;
    db.insert(&[trace("t", &second(10)), step("t", "b", &second(90)), step("t", "a", &second(10)), step("u", "a", &second(10))]).await;
    // `b` starts earlier after all: its old place holds a deletion.
    db.insert(&[step("t", "b", &second(90)).version(2).deleted(), step("t", "b", &second(20)).version(2).set("name", "moved")]).await;

    let parts = Parts { observations: Some((Texts::ALL, 100)), scores: false };
    let steps = db.project().whole_trace("t", parts).await.expect("an answer").expect("the trace").observations;
    let ids = db.project().observation_ids(&["t".to_owned(), "u".to_owned(), "none".to_owned()]).await.expect("ids");

    assert_eq!(steps.iter().map(|s| (s.id.as_str(), s.name.as_str())).collect::<Vec<_>>(), [("a", ""), ("b", "moved")]);
    assert_eq!((ids["t"].len(), ids["u"].len(), ids.len()), (2, 1, 2));
    db.done().await;
}

#[tokio::test]
async fn an_observation_is_found_by_its_id_alone() {
    let db = Db::new().await;
    db.insert(&[step("t", "same", &second(0)), step("u", "same", &second(60)).version(2), step("u", "gone", &second(0))]).await;
    db.insert(&[step("u", "gone", &second(0)).version(9).deleted()]).await;
    let trace_of =
        async |trace_id: Option<&str>, id: &str| db.project().get_observation(trace_id, id).await.expect("an answer").map(|o| o.trace_id);

    assert_eq!(trace_of(None, "same").await.as_deref(), Some("u"));
    assert_eq!(trace_of(Some("t"), "same").await.as_deref(), Some("t"));
    assert_eq!(trace_of(Some("v"), "same").await, None);
    assert_eq!(trace_of(None, "gone").await, None);
    db.done().await;
}

async fn the_generation(db: &Db) -> ObservationRecord {
    db.insert(&[generation()]).await;
    db.project().get_observation(Some("t"), "g").await.expect("an answer").expect("the observation")
}

#[tokio::test]
async fn v1_shows_an_observation_as_langfuse_does() {
    let db = Db::new().await;

    let v1 = serde_json::to_value(the_generation(&db).await.into_v1(PROJECT, None)).expect("JSON");

    for (field, expected) in [
        ("type", json!("GENERATION")),
        ("startTime", json!("2026-01-01T00:00:01.000Z")),
        ("latency", json!(2.5)),
        ("timeToFirstToken", json!(0.25)),
        ("input", json!({"q": 1})),
        ("output", json!(42)),
        ("modelParameters", json!({"temperature": 0.2})),
        ("usage", json!({"unit": "TOKENS", "input": 150, "output": 10, "total": 160})),
        // The client stated no total.
        ("usageDetails", json!({"input": 100, "input_cached_tokens": 50, "output": 10, "total": 160})),
        ("inputPrice", json!(0.000_002)),
        ("calculatedInputCost", json!(0.000_21)),
        ("calculatedOutputCost", json!(0.000_1)),
        ("calculatedTotalCost", json!(0.000_31)),
        ("parentObservationId", json!("root")),
        ("promptName", json!(null)),
        ("environment", json!("default")),
    ] {
        assert_eq!(v1[field], expected, "{field}");
    }
    db.done().await;
}

#[tokio::test]
async fn v2_shows_only_the_groups_asked_for() {
    let db = Db::new().await;
    let row = the_generation(&db).await;
    let keys = |fields: Option<&str>| {
        let fields = V2Fields::parse(fields, None).expect("fields");
        let value = serde_json::to_value(row.clone().into_v2(PROJECT, &fields, None, None)).expect("JSON");
        value.as_object().expect("an object").keys().cloned().collect::<std::collections::BTreeSet<_>>()
    };
    let core = keys(Some("core"));

    assert_eq!(core.len(), 11, "{core:?}");
    for (group, added) in [
        ("basic", 10),
        ("time", 3),
        ("io", 2),
        ("metadata", 1),
        ("model", 3),
        ("usage", 4),
        ("prompt", 3),
        ("metrics", 2),
        ("trace_context", 3),
    ] {
        assert_eq!(keys(Some(group)).difference(&core).count(), added, "{group}");
    }
    assert_eq!(keys(None), keys(Some("core,basic")));
    assert!(V2Fields::parse(Some("everything"), None).is_err());
    db.done().await;
}

#[tokio::test]
async fn v2_keeps_texts_raw_and_cuts_metadata() {
    let db = Db::new().await;
    let row = the_generation(&db).await;
    let shown = |expand: Option<&str>| {
        let fields = V2Fields::parse(Some("io,metadata,model"), expand).expect("fields");
        serde_json::to_value(row.clone().into_v2(PROJECT, &fields, None, None)).expect("JSON")
    };

    assert_eq!((&shown(None)["input"], &shown(None)["output"]), (&json!("{\"q\":1}"), &json!("42")));
    assert_eq!(shown(None)["metadata"]["long"].as_str().map(str::len), Some(200));
    assert_eq!(shown(Some("x,long"))["metadata"]["long"].as_str().map(str::len), Some(300));
    assert_eq!(shown(None)["inputPrice"], json!("0.000002"));
    db.done().await;
}
