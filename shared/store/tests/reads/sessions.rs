//! Sessions are sums of their traces.

use agenttrace_store::sessions::{List, Order, containing};
use agenttrace_store::{Condition, TimeRange};

use crate::support::{Build, Db, PROJECT, at, second, trace};

fn in_session(id: &str, session: &str, n: i64) -> Build {
    trace(id, &second(n))
        .set("session_id", session)
        .set("end_time", second(n + 2).trim_end_matches('Z').replace('T', " "))
        .set("total_tokens", 5)
}

fn list(order: &str, limit: usize) -> List {
    let order = Order::parse(Some(order)).expect("an order");
    List { range: TimeRange::default(), condition: Condition::default(), order, after: None, skip: 0, limit }
}

#[tokio::test]
async fn a_session_sums_up_its_current_traces() {
    let db = Db::new().await;
    db.insert(&[
        in_session("a", "s", 0).set("total_cost", 1_000_000_000_000_i64).set("user_id", "u").set("models", vec!["m"]).set("error_count", 1),
        in_session("b", "s", 100).set("user_id", "v").set("tags", vec!["x"]).set("environment", "production"),
        in_session("gone", "s", 200),
        in_session("c", "", 300),
    ])
    .await;
    db.insert(&[
        in_session("gone", "s", 200).version(2).deleted(),
        in_session("b", "s", 100).set("user_id", "w").set("environment", "production").version(2),
    ])
    .await;

    let row = db.project().get_session("s").await.expect("an answer").expect("the session").into_row();

    assert_eq!((row.trace_count, row.total_tokens, row.error_count, row.total_cost), (2, 10, 1, Some(1.0)));
    assert_eq!(
        (row.user_ids, row.models, row.environment.as_str()),
        (vec!["u".to_owned(), "w".to_owned()], vec!["m".to_owned()], "production")
    );
    assert_eq!((row.created_at, row.duration_seconds), (second(0), 102.0));
    assert_eq!(db.project().get_session("none").await.expect("an answer"), None);
    let v1 = db.project().get_session("s").await.expect("an answer").expect("the session").into_v1(PROJECT);
    assert_eq!((v1.id.as_str(), v1.created_at), ("s", second(0)));
    db.done().await;
}

#[tokio::test]
async fn pages_of_sessions_have_no_gaps_and_no_doubles_in_any_order() {
    let db = Db::new().await;
    let rows: Vec<_> = (0..30).map(|n| in_session(&format!("t{n}"), &format!("s{:02}", n / 2), n * 7 % 30)).collect();
    db.insert(&rows).await;

    for order in ["createdAt", "updatedAt", "traceCount", "totalCost", "durationSeconds"]
        .iter()
        .flat_map(|c| [format!("{c}.asc"), format!("{c}.desc")])
    {
        let whole = db.project().list_sessions(list(&order, 100)).await.expect("a list").rows;
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = db.project().list_sessions(List { after, ..list(&order, 4) }).await.expect("a page");
            seen.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.iter().map(|s| &s.id).collect::<Vec<_>>(), whole.iter().map(|s| &s.id).collect::<Vec<_>>(), "{order}");
        assert_eq!(seen.len(), 15, "{order}");
    }
    assert_eq!(db.project().count_sessions(&list("", 1)).await.expect("a count"), 15);
    db.done().await;
}

#[tokio::test]
async fn sessions_are_found_by_a_part_of_an_id_and_by_time() {
    let db = Db::new().await;
    db.insert(&[in_session("a", "Alpha", 0).set("user_id", "jo"), in_session("b", "beta", 100).set("user_id", "Ann")]).await;
    let found = async |part: &str| {
        let mut list = list("", 10);
        containing(&mut list.condition, part);
        db.project().list_sessions(list).await.expect("a list").rows.into_iter().map(|s| s.id).collect::<Vec<_>>()
    };

    assert_eq!(found("alph").await, ["Alpha"]);
    assert_eq!(found("ann").await, ["beta"]);
    assert_eq!(found("%").await, [""; 0]);
    let late = List { range: TimeRange { from: Some(at(&second(50))), to: None }, ..list("", 10) };
    assert_eq!(db.project().list_sessions(late).await.expect("a list").rows.len(), 1);
    db.done().await;
}
