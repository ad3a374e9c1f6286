//! Measures the reads against a filled database (`tests/bench/fill.py`):
//! `cargo run --profile fast -p agenttrace-store --example measure_reads -- URL DATABASE [ROUNDS]`. Prints milliseconds: p50, p99, worst.

use std::time::Instant;

use agenttrace_api::filter;
use agenttrace_api::metrics::query::parse;
use agenttrace_domain::Timestamp;
use agenttrace_store::metrics::{Daily, Version, compile};
use agenttrace_store::observations::{self, Texts};
use agenttrace_store::traces::{self, FacetColumn, List, Order, Parts, Search};
use agenttrace_store::{Condition, Error, Project, Store, TimeRange, scores, sessions};

const PROJECTS: [&str; 3] = ["bench-a", "bench-b", "bench-c"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().collect();
    let rounds: usize = arguments.get(3).and_then(|n| n.parse().ok()).unwrap_or(30);
    let store = Store::reader(&arguments[1], &arguments[2], "default", "");
    let newest = store.for_project(PROJECTS[0]).list_traces(list(1)).await?.rows[0].at;
    let far = store.for_project(PROJECTS[1]).list_traces(List { skip: 1_900, limit: 100, ..list(1) }).await?.rows;
    let day = TimeRange { from: Some(Timestamp(newest - 86_400_000_000)), to: None };
    let week = TimeRange { from: Some(Timestamp(newest - 7 * 86_400_000_000)), to: None };
    let named = condition(traces::COLUMNS, r#"[{"type":"string","column":"name","operator":"=","value":"review"}]"#);
    let user = condition(traces::COLUMNS, r#"[{"type":"string","column":"userId","operator":"=","value":"user-17"}]"#);
    let session = condition(traces::COLUMNS, r#"[{"type":"string","column":"sessionId","operator":"=","value":"session-1"}]"#);
    let everything = |range| observations::List {
        range,
        condition: Condition::default(),
        trace_id: None,
        after: None,
        skip: 0,
        limit: 50,
        texts: Texts::ALL,
    };
    let rare = Search::parse(Some("quetzalcoatlus"), None).unwrap_or_default();
    let common = Search::parse(Some("bababa"), None).unwrap_or_default();
    let of_sessions =
        |range| sessions::List { range, condition: Condition::default(), order: sessions::Order::NEWEST, after: None, skip: 0, limit: 50 };
    let of_scores = scores::List { range: TimeRange::default(), condition: Condition::default(), after: None, skip: 0, limit: 50 };
    let daily = |range| Daily { range, traces: Condition::default(), skip: 0, limit: 50 };

    macro_rules! measure {
        ($name:literal, |$p:ident, $i:ident| $call:expr) => {{
            let mut times = Vec::new();
            for $i in 0..rounds {
                let $p: Project<'_> = store.for_project(PROJECTS[$i % 3]);
                let began = Instant::now();
                let _answer = $call.await?;
                times.push(began.elapsed().as_secs_f64() * 1e3);
            }
            report($name, times);
        }};
    }
    measure!("list of 50, newest first", |p, i| p.list_traces(list(50)));
    measure!("list of 50, a random page back", |p, i| p
        .list_traces(List { range: TimeRange { from: None, to: Some(Timestamp(newest - i as i64 * 40_000_000_000)) }, ..list(50) }));
    measure!("list of 50 by name", |p, i| p.list_traces(List { condition: named.clone(), ..list(50) }));
    measure!("list of 50 by user", |p, i| p.list_traces(List { condition: user.clone(), ..list(50) }));
    measure!("list of one old session", |p, i| p.list_traces(List { condition: session.clone(), ..list(50) }));
    measure!("list of 50 by cost, a week", |p, i| p.list_traces(List {
        order: Order::parse(Some("totalCost.desc")).unwrap_or(Order::NEWEST),
        range: week,
        ..list(50)
    }));
    measure!("list of 50 by latency, all", |p, i| p
        .list_traces(List { order: Order::parse(Some("latency.desc")).unwrap_or(Order::NEWEST), ..list(50) }));
    measure!("numbered page of 50 with texts", |p, i| p.list_traces(List { texts: traces::Texts::All, ..list(50) }));
    measure!("count of all", |p, i| p.count_traces(TimeRange::default(), Condition::default(), None));
    measure!("count of a day", |p, i| p.count_traces(day, Condition::default(), None));
    measure!("facets of names, a week", |p, i| p.list_trace_facets(
        FacetColumn::parse("name").unwrap_or_else(|_| unreachable!()),
        "",
        week
    ));
    measure!("rare word", |p, i| p.list_traces(List { search: rare.clone(), ..list(50) }));
    measure!("rare word, input and output only", |p, i| p
        .list_traces(List { search: Search::parse(Some("archaeopteryx"), Some("input,output")).unwrap_or_default(), ..list(50) }));
    measure!("common word", |p, i| p.list_traces(List { search: common.clone(), ..list(50) }));
    measure!("trace by id", |_p, i| async {
        store.for_project(PROJECTS[1]).whole_trace(&far[i % far.len()].id, Parts { observations: None, scores: false }).await
    });
    measure!("whole trace by id: row, steps with texts, scores", |_p, i| async {
        let (id, p) = (&far[i % far.len()].id, store.for_project(PROJECTS[1]));
        p.whole_trace(id, Parts { observations: Some((Texts::ALL, 20_000)), scores: true }).await
    });
    measure!("whole trace by id without texts", |_p, i| async {
        let (id, p) = (&far[i % far.len()].id, store.for_project(PROJECTS[1]));
        p.whole_trace(id, Parts { observations: Some((Texts::NONE, 20_000)), scores: true }).await
    });
    measure!("list of 50 observations with texts", |p, i| p.list_observations(everything(TimeRange::default())));
    measure!("count of all observations", |p, i| async { p.count_observations(&everything(TimeRange::default())).await });
    measure!("observation by id alone", |p, i| p.get_observation(None, "0123456789ABCDEF"));
    measure!("sessions, all", |p, i| p.list_sessions(of_sessions(TimeRange::default())));
    measure!("sessions, a week", |p, i| p.list_sessions(of_sessions(week)));
    measure!("scores, newest", |p, i| p.list_scores(of_scores.clone()));
    measure!("daily cost, 30 days", |p, i| p.daily_metrics(daily(TimeRange::default())));
    let asked = |view: &str, more: &str| {
        let query = format!(
            r#"{{"view":"{view}","fromTimestamp":"{}","toTimestamp":"{}",{more}}}"#,
            Timestamp(newest - 30 * 86_400_000_000).to_rfc3339(),
            Timestamp(newest).to_rfc3339()
        );
        compile(&parse(Some(&query)).expect("a query"), Version::V1).expect("a query that compiles")
    };
    let cost = r#""metrics":[{"measure":"totalCost","aggregation":"sum"}]"#;
    let by_model =
        asked("observations", &format!(r#"{cost},"dimensions":[{{"field":"providedModelName"}}],"timeDimension":{{"granularity":"day"}}"#));
    let by_user = asked("observations", &format!(r#"{cost},"dimensions":[{{"field":"userId"}}]"#));
    let latency = asked("traces", r#""metrics":[{"measure":"latency","aggregation":"p95"}],"timeDimension":{"granularity":"hour"}"#);
    measure!("metrics: cost by model and day, 30 days", |p, i| p.metrics(&by_model));
    measure!("metrics: cost by user of the trace, 30 days", |p, i| p.metrics(&by_user));
    measure!("metrics: p95 of traces by hour, 30 days", |p, i| p.metrics(&latency));
    let of_user = condition(observations::COLUMNS, r#"[{"type":"string","column":"userId","operator":"=","value":"user-17"}]"#);
    measure!("list of 50 observations by user", |p, i| p
        .list_observations(observations::List { condition: of_user.clone(), ..everything(TimeRange::default()) }));
    measure!("daily cost, a week", |p, i| p.daily_metrics(daily(week)));
    Ok(())
}

fn list(limit: usize) -> List {
    List {
        range: TimeRange::default(),
        condition: Condition::default(),
        search: None,
        order: Order::NEWEST,
        after: None,
        skip: 0,
        limit,
        texts: traces::Texts::None,
    }
}

fn condition(columns: &[agenttrace_store::condition::Column], filters: &str) -> Condition {
    filter::parse(filters).and_then(|f| Condition::of(columns, &f)).unwrap_or_default()
}

fn report(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |q: f64| times[((times.len() - 1) as f64 * q).round() as usize];
    println!("{:>8.1} {:>8.1} {:>8.1} {:>8.1}  {name}", times[0], at(0.5), at(0.99), times[times.len() - 1]);
}
