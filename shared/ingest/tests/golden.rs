//! The attribute mapping as tables: `golden/<area>.json` holds spans and what must become of them.
//!
//! A case is `{name, span: {name?, attributes, events?, status?, parent?}, scope?, resource?, sdk?, expected, trace?}`. Attributes are plain JSON:
//! text, numbers, booleans, lists and objects become the corresponding OTLP values. `expected` and `trace` name only the fields that
//! the case is about (`support::view`); `"trace": null` says that the span states nothing about its trace.

mod support;

use std::fs;
use std::path::Path;

use agenttrace_ingest::{Limits, OtlpFormat, otlp_traces};
use serde_json::{Value, json};
use support::{check_subset, observations, traces, view, view_trace, with_context};

fn any_value(value: &Value) -> Value {
    match value {
        Value::String(text) => json!({"stringValue": text}),
        Value::Bool(flag) => json!({"boolValue": flag}),
        Value::Number(n) if n.is_f64() => json!({"doubleValue": n}),
        Value::Number(n) => json!({"intValue": n.to_string()}),
        Value::Array(items) => json!({"arrayValue": {"values": items.iter().map(any_value).collect::<Vec<_>>()}}),
        Value::Object(_) => json!({"kvlistValue": {"values": attributes(value)}}),
        Value::Null => json!({}),
    }
}

fn attributes(object: &Value) -> Value {
    let pairs = object.as_object().into_iter().flatten();
    pairs.map(|(key, value)| json!({"key": key, "value": any_value(value)})).collect()
}

fn request(case: &Value) -> Value {
    let span = &case["span"];
    let events = span["events"].as_array().into_iter().flatten();
    let events: Vec<Value> = events.map(|e| json!({"name": e["name"], "attributes": attributes(&e["attributes"])})).collect();
    json!({"resourceSpans": [{
        "resource": {"attributes": attributes(&case["resource"])},
        "scopeSpans": [{
            "scope": {"name": case["scope"]["name"], "version": case["scope"]["version"]},
            "spans": [{
                "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "parentSpanId": span["parent"],
                "name": span["name"].as_str().unwrap_or("span name"),
                "startTimeUnixNano": "1767225600000000000", "endTimeUnixNano": "1767225601500000000",
                "attributes": attributes(&span["attributes"]), "events": events, "status": span["status"],
            }],
        }],
    }]})
}

fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    let table: Value = serde_json::from_slice(&fs::read(&path).expect(file)).unwrap_or_else(|cause| panic!("{file}: {cause}"));
    let limits = Limits::default();
    for case in table["cases"].as_array().expect("cases") {
        let name = format!("{file}: {}", case["name"].as_str().expect("name"));
        let sdk = (case["sdk"]["name"].as_str().unwrap_or_default(), case["sdk"]["version"].as_str().unwrap_or_default());
        let body = request(case).to_string();
        let batch =
            with_context(sdk, &limits, |ctx| otlp_traces(body.as_bytes(), OtlpFormat::Json, ctx)).unwrap_or_else(|r| panic!("{name}: {r}"));
        let observation = view(observations(&batch.events)[0]);
        check_subset(&name, &observation, &case["expected"]);
        let said = traces(&batch.events).first().map_or(Value::Null, |trace| view_trace(trace));
        match case.get("trace") {
            None => {}
            Some(Value::Null) => assert_eq!(said, Value::Null, "{name}"),
            Some(expected) => check_subset(&name, &said, expected),
        }
        assert_eq!(batch.dropped.amounts, case["dropped_amounts"].as_u64().unwrap_or(0), "{name}: dropped amounts");
    }
}

macro_rules! tables {
    ($($name:ident),+ $(,)?) => { $(#[test] fn $name() { check(concat!(stringify!($name), ".json")); })+ };
}

tables!(kind, io, model, usage, cost, identity, metadata, status);
