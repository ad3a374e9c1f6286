//! Pages without gaps and doubles.

use agenttrace_store::traces::{List, Order};

use crate::support::{Db, second, trace};
use crate::traces::newest;

/// All pages of a list, one after the other; `between` runs after each.
async fn pages(db: &Db, list: List, between: impl AsyncFn(usize)) -> Vec<String> {
    let (mut seen, mut after) = (Vec::new(), None);
    for n in 0.. {
        assert!(n < 100, "the pages do not end");
        let page = db.project().list_traces(List { after, ..list.clone() }).await.expect("a page");
        assert!(page.rows.len() <= list.limit);
        seen.extend(page.rows.into_iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
        between(n).await;
    }
    seen
}

#[tokio::test]
async fn pages_by_time_have_no_gaps_and_no_doubles_while_rows_arrive() {
    let db = Db::new().await;
    // Several in a second, several versions, and deletions between them.
    let all: Vec<_> = (0..40).map(|n| trace(&format!("t{n:02}"), &second(n / 3))).collect();
    db.insert(&all).await;
    let again: Vec<_> = (0..40).step_by(2).map(|n| all[n].clone().version(2)).collect();
    db.insert(&again).await;
    let gone: Vec<_> = (0..40).step_by(5).map(|n| all[n].clone().version(3).deleted()).collect();
    db.insert(&gone).await;
    let mut expected: Vec<String> = (0..40).filter(|n| n % 5 != 0).map(|n| format!("t{n:02}")).collect();

    let ascending = pages(&db, List { order: Order::parse(Some("timestamp.asc")).expect("an order"), ..newest(7) }, async |_| {}).await;
    let arriving = async |n: usize| db.insert(&[trace(&format!("new{n}"), &second(1_000))]).await;
    let descending = pages(&db, newest(7), arriving).await;

    assert_eq!(ascending, expected);
    expected.reverse();
    assert_eq!(descending, expected);
    db.done().await;
}

#[tokio::test]
async fn pages_by_any_column_have_no_gaps_and_no_doubles() {
    let db = Db::new().await;
    let rows: Vec<_> = (0..23_i64)
        .map(|n| {
            let row =
                trace(&format!("t{n:02}"), &second(n)).set("name", format!("n{}", n % 4)).set("total_tokens", n % 5).set("error_count", n);
            if n % 3 == 0 { row } else { row.set("latency_ms", n % 7).set("total_cost", n * 1_000) }
        })
        .collect();
    db.insert(&rows).await;

    for column in [
        "timestamp",
        "id",
        "name",
        "userId",
        "sessionId",
        "release",
        "version",
        "public",
        "bookmarked",
        "latency",
        "totalCost",
        "totalTokens",
        "observationCount",
        "errorCount",
    ] {
        for direction in ["asc", "desc"] {
            let order = Order::parse(Some(&format!("{column}.{direction}"))).expect("an order");
            let whole = pages(&db, List { order, ..newest(100) }, async |_| {}).await;
            let paged = pages(&db, List { order, ..newest(5) }, async |_| {}).await;
            assert_eq!((paged.len(), &paged), (23, &whole), "{column}.{direction}");
        }
    }
    db.done().await;
}

#[tokio::test]
async fn numbered_pages_are_the_same_near_and_far() {
    let db = Db::new().await;
    db.run(
        "INSERT INTO traces (project_id, id, minute, timestamp, row_version) SELECT 'project-a', leftPad(toString(number), 5, '0'), 29453760 + intDiv(number, 100), \
         toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + toIntervalMillisecond(number * 600), 1 FROM numbers(3000)",
    )
    .await;

    for skip in [0, 50, 1_990, 2_500] {
        let list = db.project().list_traces(List { skip, ..newest(10) }).await.expect("a list");
        let expected: Vec<String> = (0..10).map(|n| format!("{:05}", 2_999 - skip - n)).collect();
        assert_eq!(list.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>(), expected, "{skip}");
    }
    db.done().await;
}

#[tokio::test]
async fn a_cursor_of_another_order_does_not_fit() {
    let db = Db::new().await;
    db.insert(&[trace("a", &second(0)), trace("b", &second(1))]).await;

    let next = db.project().list_traces(newest(1)).await.expect("a list").next.expect("a cursor");

    assert!(next.fits(Order::NEWEST));
    assert!(!next.fits(Order::parse(Some("latency.desc")).expect("an order")));
    assert!(Order::parse(Some("latency; DROP TABLE traces.desc")).is_err());
    assert!(Order::parse(Some("timestamp.sideways")).is_err());
    db.done().await;
}
