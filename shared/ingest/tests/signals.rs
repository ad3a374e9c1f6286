//! Logs and metrics: recorded bodies in both encodings, and hostile ones.

mod support;

use std::path::{Path, PathBuf};

use agenttrace_domain::Event;
use agenttrace_domain::agent::{AgentRecord, MetricKind};
use agenttrace_ingest::{Limits, OtlpFormat, decompress, otlp_logs, otlp_metrics, otlp_traces};
use proptest::prelude::*;
use support::with_context;

fn bodies(signal: &str) -> Vec<(PathBuf, OtlpFormat, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/agents");
    let mut found = Vec::new();
    for agent in std::fs::read_dir(root).expect("fixtures").flatten().filter(|e| e.path().is_dir()) {
        for scenario in std::fs::read_dir(agent.path()).expect("scenarios").flatten() {
            let meta: serde_json::Value =
                serde_json::from_slice(&std::fs::read(scenario.path().join("meta.json")).expect("meta.json")).expect("JSON");
            for request in meta["requests"].as_array().expect("requests") {
                let text = |key: &str| request[key].as_str();
                if !text("path").expect("path").ends_with(signal) {
                    continue;
                }
                let path = scenario.path().join(text("file").expect("file"));
                let body = decompress(&std::fs::read(&path).expect("body"), text("contentEncoding"), &Limits::default())
                    .expect("body")
                    .into_owned();
                let json = text("contentType").expect("type").contains("json");
                found.push((path, if json { OtlpFormat::Json } else { OtlpFormat::Protobuf }, body));
            }
        }
    }
    assert!(found.len() > 5);
    found
}

#[test]
fn cut_and_broken_bodies_never_panic() {
    let limits = Limits::default();
    with_context(("", ""), &limits, |ctx| {
        for (signal, all) in [("/logs", bodies("/logs")), ("/metrics", bodies("/metrics"))] {
            for (_, format, body) in all {
                for part in 1..40 {
                    let mut cut = body[..body.len() * part / 40].to_vec();
                    let _ = otlp_logs(&cut, format, ctx);
                    let _ = otlp_metrics(&cut, format, ctx);
                    if let Some(byte) = cut.last_mut() {
                        *byte ^= 0x55;
                    }
                    let _ = otlp_logs(&cut, format, ctx);
                    let _ = otlp_metrics(&cut, format, ctx);
                }
                // On another signal's route it is refused or empty, never something else.
                let _ = otlp_traces(&body, format, ctx);
                if signal == "/logs" && format == OtlpFormat::Json {
                    assert!(otlp_metrics(&body, format, ctx).is_err() && otlp_traces(&body, format, ctx).is_err());
                }
            }
        }
    });
}

#[test]
fn requests_are_bounded() {
    let limits = Limits { max_spans: 3, ..Limits::default() };
    with_context(("", ""), &limits, |ctx| {
        for (_, format, body) in bodies("/logs").into_iter().filter(|(.., body)| body.len() > 10_000) {
            assert_eq!(otlp_logs(&body, format, ctx).expect_err("too many").status(), 413);
        }
    });
}

#[test]
fn points_keep_their_kind_and_their_temporality() {
    let limits = Limits::default();
    let json = br#"{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"codex_exec"}}]},"scopeMetrics":[{"metrics":[
        {"name":"a","unit":"s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"timeUnixNano":"1795360700000000000","asInt":"7","attributes":[{"key":"k","value":{"stringValue":"v"}}]}]}},
        {"name":"b","gauge":{"dataPoints":[{"timeUnixNano":"1795360700000000000","asDouble":1.5}]}},
        {"name":"c","histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1795360700000000000","count":"4","sum":10.5,"min":1,"max":5}]}},
        {"name":"d","sum":{"dataPoints":[{"timeUnixNano":"1795360700000000000","asDouble":"NaN"}]}}
    ]}]}]}"#;

    let batch = with_context(("", ""), &limits, |ctx| otlp_metrics(json, OtlpFormat::Json, ctx)).expect("read");

    assert_eq!(batch.rejected, 1);
    let points: Vec<_> = batch
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Agent(AgentRecord::Metric(point)) => Some(point),
            _ => None,
        })
        .collect();
    let seen: Vec<_> = points.iter().map(|p| (p.name.as_str(), p.kind, p.cumulative, p.value, p.count, p.agent.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("a", MetricKind::Sum, true, 7.0, 1, "codex"),
            ("b", MetricKind::Gauge, false, 1.5, 1, "codex"),
            ("c", MetricKind::Histogram, false, 10.5, 4, "codex"),
        ]
    );
    assert_eq!(points[0].attributes, [("k".to_owned(), "v".to_owned())]);
    assert!(points[0].series != points[1].series);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let limits = Limits::default();
        with_context(("", ""), &limits, |ctx| {
            for format in [OtlpFormat::Protobuf, OtlpFormat::Json] {
                let _ = otlp_logs(&body, format, ctx);
                let _ = otlp_metrics(&body, format, ctx);
            }
        });
    }
}
