//! Words in texts and names.

use agenttrace_store::traces::{List, Search};
use agenttrace_store::{Condition, TimeRange};

use crate::support::{Db, second, step, trace};
use crate::traces::{ids, newest};

async fn found(db: &Db, words: &str, places: Option<&str>) -> Vec<String> {
    let search = Search::parse(Some(words), places).expect("a search");
    let list = db.project().list_traces(List { search: search.clone(), ..newest(50) }).await.expect("a list");
    let (count, _) = db.project().count_traces(TimeRange::default(), Condition::default(), search.as_ref()).await.expect("a count");
    assert_eq!(list.rows.len() as u64, count.min(50), "{words}");
    ids(&list.rows).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn words_are_found_where_they_are_looked_for() {
    let db = Db::new().await;
    db.insert(&[
        trace("t-in", &second(0)).set("name", "Alpha Run"),
        trace("t-out", &second(1)).set("user_id", "Käthe@example.com").set("tags", vec!["nightly"]),
        trace("t-own", &second(2)).set("input", "its own Wombat"),
        step("t-in", "s1", &second(0)).set("input", "{\"q\":\"find the Wombat, please\"}"),
        step("t-out", "s2", &second(4_000)).set("output", "a wombat? 100% of_them"),
    ])
    .await;

    for (words, places, expected) in [
        ("wombat", None, vec!["t-own", "t-out", "t-in"]),
        ("WOMBAT", Some("input"), vec!["t-own", "t-in"]),
        ("wombat", Some("output"), vec!["t-out"]),
        ("wombat please", None, vec!["t-in"]),
        ("wombat missing", None, vec![]),
        ("womb", None, vec![]),
        ("alpha", None, vec!["t-in"]),
        ("alpha", Some("input,output"), vec![]),
        ("run alph", Some("ids"), vec!["t-in"]),
        ("t-o", Some("ids"), vec!["t-own", "t-out"]),
        ("nightly", None, vec!["t-out"]),
        ("example.com", Some("ids"), vec!["t-out"]),
        ("%", None, vec![]),
        ("' OR 1=1 --", None, vec![]),
        ("100% of_them", None, vec!["t-out"]),
    ] {
        assert_eq!(found(&db, words, places).await, expected, "{words:?} {places:?}");
    }
    assert_eq!(Search::parse(Some("  "), None), Ok(None));
    assert!(Search::parse(Some("x"), Some("metadata")).is_err());
    db.done().await;
}

#[tokio::test]
async fn a_word_that_was_overwritten_is_not_found() {
    let db = Db::new().await;
    db.insert(&[trace("t", &second(0)), step("t", "s", &second(0)).set("input", "secret")]).await;
    db.insert(&[step("t", "s", &second(0)).set("input", "redacted").version(2)]).await;

    assert_eq!(found(&db, "secret", None).await, [""; 0]);
    assert_eq!(found(&db, "redacted", None).await, ["t"]);
    db.done().await;
}

#[tokio::test]
async fn a_common_word_pages_through_all_of_time() {
    let db = Db::new().await;
    db.run(
        "INSERT INTO traces (project_id, id, minute, timestamp, row_version) SELECT 'project-a', leftPad(toString(number), 5, '0'), 29453760 + number, \
         toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalMinute(number), 1 FROM numbers(2500)",
    )
    .await;
    db.run(
        "INSERT INTO observations (project_id, trace_id, id, start_minute, start_time, input, row_version) SELECT 'project-a', leftPad(toString(number), 5, '0'), 's', \
         29453760 + number, toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalMinute(number), 'everywhere', 1 FROM numbers(2500)",
    )
    .await;
    let search = Search::parse(Some("everywhere"), None).expect("a search");

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = db.project().list_traces(List { search: search.clone(), after, ..newest(200) }).await.expect("a page");
        seen.extend(page.rows.into_iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }

    assert_eq!(seen, (0..2_500).rev().map(|n| format!("{n:05}")).collect::<Vec<_>>());
    db.done().await;
}
