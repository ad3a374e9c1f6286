//! Usage and cost by bucket of time and by group.

use agenttrace_api::filter;
use agenttrace_api::metrics::query::Granularity;
use agenttrace_store::TimeRange;
use agenttrace_store::metrics::{GroupBy, Sums};
use serde_json::json;

use crate::support::{Build, Db, at, second, step, trace};

const DAY: i64 = 86_400;

fn call(trace_id: &str, id: &str, seconds: i64, model: &str, cost: Option<i64>) -> Build {
    let build = step(trace_id, id, &second(seconds))
        .set("model", model)
        .set("usage", json!({"input": 7, "input_cached_tokens": 3, "output": 5}))
        .set("input_tokens", 10)
        .set("output_tokens", 5)
        .set("total_tokens", 15);
    match cost {
        Some(pico) => build.set("total_cost", pico).set("cost", json!({"input": pico, "total": pico})),
        None => build,
    }
}

async fn told(db: &Db) {
    let rows = [
        trace("a", &second(0)).ends(&second(DAY)).set("user_id", "ann"),
        trace("b", &second(0)).ends(&second(DAY)).set("user_id", "bob"),
        call("a", "1", 0, "gpt-5", Some(2_000_000_000_000)),
        call("a", "2", DAY, "gpt-5", Some(500_000_000_000)),
        call("b", "3", DAY, "mystery", None),
        step("b", "4", &second(DAY)),
    ];
    db.insert(&rows).await;
    db.insert(&rows).await;
}

fn sums(of_cost: bool, filters: &str) -> Sums {
    let range = TimeRange { from: Some(at(&second(0))), to: Some(at(&second(5 * DAY))) };
    Sums::new(range, &filter::parse(filters).expect("filters"), 10, of_cost).expect("sums")
}

#[tokio::test]
async fn cost_says_what_it_leaves_out() {
    let db = Db::new().await;
    told(&db).await;
    let mut by_model = sums(true, "");
    by_model.group = Some(GroupBy::parse("model").expect("a group"));

    let list = db.project().sums(&by_model).await.expect("sums");

    let rows: Vec<_> = list.rows.into_iter().map(|row| row.into_cost(None)).collect();
    assert_eq!(
        rows.iter().map(|r| (r.group.as_deref(), r.count_observations, r.total_cost, r.unpriced_count)).collect::<Vec<_>>(),
        [(Some("gpt-5"), 2, Some(2.5), 0), (None, 1, None, 0), (Some("mystery"), 1, None, 1)]
    );
    let total = list.total.into_cost(None);
    assert_eq!((total.total_cost, total.unpriced_count, total.count_traces, total.count_observations), (Some(2.5), 1, 2, 4));
    assert_eq!(total.cost_details, [("input".to_owned(), 2.5)].into());
    assert!(!list.truncated);
    db.done().await;
}

#[tokio::test]
async fn usage_is_summed_by_day_and_by_what_the_trace_says() {
    let db = Db::new().await;
    told(&db).await;
    let mut by_user = sums(false, "");
    by_user.group = Some(GroupBy::parse("userId").expect("a group"));
    by_user.granularity = Some(Granularity::Day);

    let list = db.project().sums(&by_user).await.expect("sums");

    let rows: Vec<_> = list.rows.into_iter().map(|row| row.into_usage(by_user.granularity)).collect();
    assert_eq!(
        rows.iter().map(|r| (r.time.as_deref(), r.group.as_deref(), r.total_tokens, r.count_observations)).collect::<Vec<_>>(),
        [
            (Some("2026-01-01T00:00:00.000Z"), Some("ann"), 15, 1),
            (Some("2026-01-02T00:00:00.000Z"), Some("ann"), 15, 1),
            (Some("2026-01-02T00:00:00.000Z"), Some("bob"), 15, 2),
        ]
    );
    assert_eq!(
        list.total.into_usage(None).usage_details,
        [("input".to_owned(), 21), ("input_cached_tokens".to_owned(), 9), ("output".to_owned(), 15)].into()
    );
    by_user.limit = 1;
    let short = db.project().sums(&by_user).await.expect("sums");
    assert_eq!((short.rows.len(), short.truncated), (1, true));
    db.done().await;
}

#[tokio::test]
async fn filters_and_other_projects_leave_out_what_is_not_meant() {
    let db = Db::new().await;
    told(&db).await;
    let of_bob = sums(true, r#"[{"type":"string","column":"userId","operator":"=","value":"bob"}]"#);

    assert_eq!(db.project().sums(&of_bob).await.expect("sums").total.observations, 2);
    let other = db.other_project().sums(&of_bob).await.expect("sums");
    assert_eq!((other.rows.len(), other.total.observations, other.total.total_cost), (0, 0, None));
    assert!(GroupBy::parse("metadata").is_err());
    db.done().await;
}
