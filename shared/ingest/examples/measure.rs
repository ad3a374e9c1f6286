//! How long a span takes: `cargo run --profile fast -p agenttrace-ingest --example measure`.
//!
//! Deterministic exports of 512 spans of about 2.1 KB in protobuf, as an instrumented agent sends them, decoded and mapped to events,
//! priced and serialised to nothing. Prints the best and the median of many rounds, in microseconds a span.

#[path = "../tests/support/wire.rs"]
mod wire;

use std::time::Instant;

use agenttrace_domain::{Sdk, Timestamp};
use agenttrace_ingest::{Context, Limits, OtlpFormat, otlp_traces};
use agenttrace_pricing::Prices;
use prost::Message as _;
use wire::{KeyValue, Kind, attribute, text};

const SPANS: u64 = 512;
const ROUNDS: usize = 200;

/// Text of `length` bytes with words and quotes in it.
fn words(seed: u64, length: usize) -> String {
    let mut out = String::with_capacity(length + 16);
    let mut state = seed | 1;
    while out.len() < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        out.push_str(["the ", "agent ", "reads \\\"file\\\" ", "and ", "writes ", "line "][(state >> 33) as usize % 6]);
    }
    out.truncate(length);
    out.trim_end_matches('\\').to_owned()
}

fn langfuse(i: u64) -> Vec<KeyValue> {
    vec![
        text("user.id", "user-1"),
        text("session.id", "session-1"),
        text("langfuse.trace.name", "support chat"),
        text("langfuse.trace.metadata.plan", "pro"),
        text("langfuse.environment", "production"),
        text("langfuse.release", "r-7"),
        text("langfuse.observation.type", "generation"),
        text("langfuse.observation.input", &format!(r#"[{{"role":"user","content":"{}"}}]"#, words(i, 700))),
        text("langfuse.observation.output", &format!(r#"{{"role":"assistant","content":"{}"}}"#, words(i + 1, 500))),
        text("langfuse.observation.model.name", "gpt-4o-2024-08-06"),
        text("langfuse.observation.model.parameters", r#"{"temperature": 0.5, "max_tokens": 256}"#),
        text("langfuse.observation.usage_details", r#"{"input": 120, "output": 30, "input_cached_tokens": 80}"#),
        text("langfuse.observation.metadata.step", "3"),
        text("langfuse.observation.metadata.tool", "bash"),
        text("langfuse.observation.completion_start_time", "2026-01-01T00:00:00.500000Z"),
    ]
}

fn conventions(i: u64) -> Vec<KeyValue> {
    let numbers = [
        ("gen_ai.usage.input_tokens", 1_200),
        ("gen_ai.usage.output_tokens", 60),
        ("gen_ai.usage.cache_read.input_tokens", 1_000),
        ("gen_ai.request.max_tokens", 4_096),
        ("server.port", 443),
    ];
    let mut attributes = vec![
        text("gen_ai.operation.name", "chat"),
        text("gen_ai.provider.name", "anthropic"),
        text("gen_ai.request.model", "claude-sonnet-4-5"),
        text("gen_ai.response.model", "claude-sonnet-4-5-20250929"),
        text("gen_ai.response.id", &format!("msg_{i}")),
        text("gen_ai.conversation.id", "conversation-1"),
        text("gen_ai.input.messages", &format!(r#"[{{"role":"user","parts":[{{"type":"text","content":"{}"}}]}}]"#, words(i, 650))),
        text(
            "gen_ai.output.messages",
            &format!(r#"[{{"role":"assistant","parts":[{{"type":"text","content":"{}"}}]}}]"#, words(i + 1, 450)),
        ),
        text("server.address", "api.example.com"),
        text("code.function", "run_step"),
        text("thread.name", "main"),
    ];
    attributes.extend(numbers.map(|(key, n)| attribute(key, Kind::Int(n))));
    attributes
}

fn body(attributes: fn(u64) -> Vec<KeyValue>, scope: &str) -> Vec<u8> {
    let spans: Vec<Vec<u8>> = (1..=SPANS)
        .map(|i| {
            let ids = (u128::from(i / 16 + 1).to_be_bytes().to_vec(), i.to_be_bytes().to_vec());
            let parent = if i % 16 == 0 { Vec::new() } else { (i / 16 * 16).to_be_bytes().to_vec() };
            wire::Span { trace_id: ids.0, span_id: ids.1, parent_span_id: parent, ..wire::span(attributes(i)) }.encode_to_vec()
        })
        .collect();
    let resource = wire::Resource {
        attributes: ["service.name", "telemetry.sdk.language", "telemetry.sdk.version", "host.arch"]
            .map(|key| text(key, "some value"))
            .to_vec(),
    };
    let scope = wire::Scope { name: scope.into(), version: "1.0".into(), attributes: Vec::new() };
    let scope_spans = vec![wire::ScopeSpans { scope: Some(scope), spans }];
    wire::Request { resource_spans: vec![wire::ResourceSpans { resource: Some(resource), scope_spans, schema_url: String::new() }] }
        .encode_to_vec()
}

/// The same spans as OTLP/JSON; only text and integers occur.
fn json(attributes: fn(u64) -> Vec<KeyValue>, scope: &str) -> Vec<u8> {
    let value = |kv: &KeyValue| match kv.value.as_ref().and_then(|v| v.kind.as_ref()) {
        Some(Kind::Int(n)) => serde_json::json!({"key": kv.key, "value": {"intValue": n.to_string()}}),
        Some(Kind::Text(text)) => serde_json::json!({"key": kv.key, "value": {"stringValue": String::from_utf8_lossy(text)}}),
        _ => serde_json::Value::Null,
    };
    let spans: Vec<serde_json::Value> = (1..=SPANS)
        .map(|i| serde_json::json!({"traceId": format!("{:032x}", i / 16 + 1), "spanId": format!("{i:016x}"), "name": "step", "kind": 1, "startTimeUnixNano": "1767225600000000000",
            "endTimeUnixNano": "1767225601000000000", "attributes": attributes(i).iter().map(value).collect::<Vec<_>>(), "status": {"code": 0}}))
        .collect();
    serde_json::json!({"resourceSpans": [{"scopeSpans": [{"scope": {"name": scope}, "spans": spans}]}]}).to_string().into_bytes()
}

fn main() {
    let sdk = Sdk::default();
    let new_id = || String::from("unused");
    let limits = Limits::default();
    let ctx = Context {
        now: Timestamp(1_796_083_200_000_000),
        sdk: &sdk,
        ingestion_version: None,
        prices: Prices::managed(),
        score_configs: &|_| None,
        new_id: &new_id,
        limits: &limits,
    };
    for (name, body, format) in [
        ("langfuse attributes, protobuf", body(langfuse, "langfuse-sdk"), OtlpFormat::Protobuf),
        ("gen_ai conventions, protobuf", body(conventions, "my.agent"), OtlpFormat::Protobuf),
        ("langfuse attributes, JSON", json(langfuse, "langfuse-sdk"), OtlpFormat::Json),
        ("gen_ai conventions, JSON", json(conventions, "my.agent"), OtlpFormat::Json),
    ] {
        let mut times: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                let batch = otlp_traces(&body, format, &ctx).map(|b| b.events.len());
                let took = start.elapsed().as_secs_f64() * 1e6 / SPANS as f64;
                assert!(batch.is_ok_and(|events| events >= SPANS as usize), "{name}");
                took
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{name}: {:.2} µs/span best, {:.2} median ({} bytes/span)", times[0], times[ROUNDS / 2], body.len() / SPANS as usize);
    }
}
