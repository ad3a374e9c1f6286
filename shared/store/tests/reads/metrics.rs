//! Daily sums.

use agenttrace_store::metrics::Daily;
use agenttrace_store::{Condition, TimeRange};

use crate::support::{Build, Db, step, trace};

fn daily(skip: usize, limit: usize) -> Daily {
    Daily { range: TimeRange::default(), traces: Condition::default(), skip, limit }
}

fn generation(trace_id: &str, id: &str, time: &str, model: &str) -> Build {
    step(trace_id, id, time)
        .set("model", model)
        .set("input_tokens", 10)
        .set("output_tokens", 5)
        .set("total_tokens", 15)
        .set("total_cost", 500_000_000_000_i64)
}

#[tokio::test]
async fn days_sum_up_each_row_once() {
    let db = Db::new().await;
    let (first, second) = ("2026-01-01T23:59:59.999Z", "2026-01-02T00:00:00Z");
    db.insert(&[
        trace("a", first).set("observation_count", 3).set("total_cost", 1_000_000_000_000_i64),
        trace("b", second).set("observation_count", 1),
        generation("a", "1", first, "gpt-5"),
        generation("a", "2", first, "gpt-5"),
        generation("a", "3", second, "claude"),
        step("b", "4", second),
    ])
    .await;
    db.insert(&[
        generation("a", "1", first, "gpt-5").version(2),
        trace("a", first).set("observation_count", 3).set("total_cost", 1_000_000_000_000_i64).version(2),
    ])
    .await;

    let (days, total) = db.project().daily_metrics(daily(0, 10)).await.expect("days");
    let (page, _) = db.project().daily_metrics(daily(1, 1)).await.expect("days");

    assert_eq!(total, 2);
    assert_eq!(
        days.iter().map(|d| (d.date.as_str(), d.count_traces, d.count_observations, d.total_cost)).collect::<Vec<_>>(),
        [("2026-01-02", 1, 1, 0.0), ("2026-01-01", 1, 3, 1.0)]
    );
    let usage = &days[1].usage;
    assert_eq!(usage.len(), 1);
    assert_eq!(
        (usage[0].model.as_deref(), usage[0].total_usage, usage[0].count_observations, usage[0].count_traces, usage[0].total_cost),
        (Some("gpt-5"), 30, 2, 1, 1.0)
    );
    assert_eq!(days[0].usage[0].model.as_deref(), Some("claude"));
    assert_eq!((page.len(), &page[0]), (1, &days[1]));
    db.done().await;
}
