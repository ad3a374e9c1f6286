//! Every declared column with every kind of test: the SQL must be valid, and mean what it says.

use agenttrace_api::filter::{self, Compare, Filter, SetTest, Test, TextTest};
use agenttrace_store::condition::{Column, Kind};
use agenttrace_store::observations::{self, Texts};
use agenttrace_store::traces::List;
use agenttrace_store::{Condition, TimeRange, scores, sessions, traces};

use crate::support::{Db, at, score, second, step, trace};
use crate::traces::{ids, newest};

fn tests(kind: Kind) -> Vec<Test> {
    use TextTest::{Contains, ContainsNot, EndsWith, Equals, Matches, StartsWith};
    let texts = [Equals, Contains, ContainsNot, StartsWith, EndsWith].map(|t| Test::Text(t, "a%_\\'".to_owned()));
    let sets = [SetTest::AnyOf, SetTest::NoneOf].map(|t| Test::Set(t, vec!["a'\\".to_owned(), String::new()]));
    let compares = [Compare::Eq, Compare::Gt, Compare::Lt, Compare::Ge, Compare::Le];
    let numbers = compares.map(|c| Test::Number(c, -1.5e300));
    let nulls = [Test::Null(true), Test::Null(false)];
    let flags = [Test::Boolean(true), Test::Boolean(false)];
    match kind {
        Kind::Text => [texts.to_vec(), sets.to_vec(), nulls.to_vec()].concat(),
        Kind::Words => [texts.to_vec(), nulls.to_vec(), vec![Test::Text(Matches, "two words".to_owned())]].concat(),
        Kind::Number => [numbers.to_vec(), nulls.to_vec()].concat(),
        Kind::Time => [compares.map(|c| Test::Datetime(c, at("2026-01-01T00:00:00Z"))).to_vec(), nulls.to_vec()].concat(),
        Kind::Flag => flags.to_vec(),
        Kind::List => [texts.to_vec(), sets.to_vec(), nulls.to_vec(), vec![Test::Set(SetTest::AllOf, vec!["a".to_owned()])]].concat(),
        Kind::Map => [
            texts.to_vec(),
            sets.to_vec(),
            nulls.to_vec(),
            numbers.to_vec(),
            flags.to_vec(),
            vec![Test::Text(Matches, "two words".to_owned())],
        ]
        .concat(),
    }
}

fn every(columns: &[Column]) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for column in columns {
        for test in tests(column.kind) {
            let filter = Filter { column: column.names[0].to_owned(), key: Some("k'".to_owned()), test };
            conditions.push(Condition::of(columns, &[filter]).expect("the test fits the column"));
        }
    }
    conditions
}

#[tokio::test]
async fn every_column_takes_every_test_of_its_kind() {
    let db = Db::new().await;
    db.insert(&[trace("t", &second(0)).set("session_id", "s"), step("t", "o", &second(0)), score("c", &second(0))]).await;
    // Within one window, so that each test is one query.
    let range = TimeRange { from: Some(at(&second(-60))), to: Some(at(&second(60))) };
    let project = db.project();

    for condition in every(traces::COLUMNS) {
        project
            .list_traces(List { range, condition: condition.clone(), ..newest(5) })
            .await
            .unwrap_or_else(|e| panic!("{condition:?}: {e:?}"));
    }
    for condition in every(observations::COLUMNS) {
        let list =
            observations::List { range, condition: condition.clone(), trace_id: None, after: None, skip: 0, limit: 5, texts: Texts::NONE };
        project.list_observations(list).await.unwrap_or_else(|e| panic!("{condition:?}: {e:?}"));
    }
    for condition in every(scores::COLUMNS) {
        let list = scores::List { range, condition: condition.clone(), after: None, skip: 0, limit: 5 };
        project.list_scores(list).await.unwrap_or_else(|e| panic!("{condition:?}: {e:?}"));
    }
    for condition in every(sessions::COLUMNS) {
        let list = sessions::List { range, condition: condition.clone(), order: sessions::Order::NEWEST, after: None, skip: 0, limit: 5 };
        project.list_sessions(list).await.unwrap_or_else(|e| panic!("{condition:?}: {e:?}"));
    }
    db.done().await;
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let db = Db::new().await;
    db.insert(&[
        trace("a", &second(2))
            .set("name", "Build 100%")
            .set("tags", vec!["ci", "x"])
            .set("latency_ms", 1_500)
            .set("metadata", serde_json::json!({"n": "7", "ok": "true", "who": "me"})),
        trace("b", &second(1))
            .set("name", "build_1")
            .set("tags", vec!["ci"])
            .set("total_cost", 2_000_000_000_000_i64)
            .set("bookmarked", true),
        trace("c", &second(0)).set("user_id", "u").set("models", vec!["gpt-5"]).set("level", "ERROR"),
    ])
    .await;

    for (filter, expected) in [
        (r#"{"type":"string","column":"name","operator":"=","value":"build_1"}"#, vec!["b"]),
        (r#"{"type":"string","column":"name","operator":"contains","value":"%"}"#, vec!["a"]),
        (r#"{"type":"string","column":"name","operator":"contains","value":"_"}"#, vec!["b"]),
        (r#"{"type":"string","column":"name","operator":"does not contain","value":"uild"}"#, vec!["c"]),
        (r#"{"type":"string","column":"name","operator":"starts with","value":"Build"}"#, vec!["a"]),
        (r#"{"type":"string","column":"name","operator":"ends with","value":"1"}"#, vec!["b"]),
        (r#"{"type":"stringOptions","column":"level","operator":"any of","value":["ERROR","WARNING"]}"#, vec!["c"]),
        (r#"{"type":"stringOptions","column":"level","operator":"none of","value":["ERROR"]}"#, vec!["a", "b"]),
        (r#"{"type":"arrayOptions","column":"tags","operator":"all of","value":["ci","x"]}"#, vec!["a"]),
        (r#"{"type":"arrayOptions","column":"tags","operator":"any of","value":["ci","y"]}"#, vec!["a", "b"]),
        (r#"{"type":"arrayOptions","column":"tags","operator":"none of","value":["ci"]}"#, vec!["c"]),
        (r#"{"type":"arrayOptions","column":"models","operator":"any of","value":["gpt-5"]}"#, vec!["c"]),
        (r#"{"type":"number","column":"latency","operator":">=","value":1.5}"#, vec!["a"]),
        (r#"{"type":"number","column":"totalCost","operator":"=","value":2}"#, vec!["b"]),
        (r#"{"type":"null","column":"totalCost","operator":"is null","value":""}"#, vec!["a", "c"]),
        (r#"{"type":"null","column":"userId","operator":"is not null","value":""}"#, vec!["c"]),
        (r#"{"type":"boolean","column":"bookmarked","operator":"=","value":true}"#, vec!["b"]),
        (r#"{"type":"boolean","column":"bookmarked","operator":"<>","value":true}"#, vec!["a", "c"]),
        (r#"{"type":"datetime","column":"timestamp","operator":"<","value":"2026-01-01T00:00:01Z"}"#, vec!["c"]),
        (r#"{"type":"stringObject","column":"metadata","key":"who","operator":"=","value":"me"}"#, vec!["a"]),
        (r#"{"type":"stringObject","column":"metadata","key":"who","operator":"does not contain","value":"me"}"#, vec![]),
        (r#"{"type":"numberObject","column":"metadata","key":"n","operator":">","value":6}"#, vec!["a"]),
        (r#"{"type":"booleanObject","column":"metadata","key":"ok","operator":"=","value":true}"#, vec!["a"]),
    ] {
        let parsed = filter::parse(&format!("[{filter}]")).expect(filter);
        let condition = Condition::of(traces::COLUMNS, &parsed).expect(filter);
        let range = TimeRange::default().narrowed_by("timestamp", &parsed);

        let list = db.project().list_traces(List { condition, range, ..newest(10) }).await.expect(filter);

        assert_eq!(ids(&list.rows), expected, "{filter}");
    }
    db.done().await;
}
