//! What real SDKs sent (`tests/fixtures/sdk`), end to end: body in, events out.

mod support;

use std::fs;

use agenttrace_domain::Event;
use agenttrace_ingest::{
    BatchScope, Limits, ScoresRequest, batch, decompress, otlp_content_type, otlp_traces, scores_request, sdk_from_headers,
};
use serde_json::{Value, json};
use support::{check_subset, fixtures, observations, scores, traces, view, view_score, view_trace, with_context};

/// All events of a recording, its requests in order. Nothing of it may be refused or dropped.
fn events(recording: &str) -> Vec<Event> {
    let limits = Limits::default();
    let mut requests: Vec<_> = fs::read_dir(fixtures().join(recording)).expect(recording).map(|e| e.expect("entry").path()).collect();
    requests.retain(|path| path.extension().is_some_and(|e| e == "bin"));
    requests.sort();
    let mut events = Vec::new();
    for path in requests {
        let about: Value = serde_json::from_slice(&fs::read(path.with_extension("json")).expect("headers")).expect("JSON");
        let header = |name: &str| about["headers"][name].as_str();
        let sdk = sdk_from_headers(header);
        let body = fs::read(&path).expect("body");
        let body = decompress(&body, header("content-encoding"), &limits).expect("encoding");
        with_context((&sdk.name, &sdk.version), &limits, |ctx| {
            let route = about["path"].as_str().expect("path");
            if route.ends_with("/ingestion") {
                let outcome = batch(&body, ctx, BatchScope::All).expect("batch");
                assert_eq!(outcome.errors, [], "{path:?}");
                assert!(outcome.dropped.is_empty());
                events.extend(outcome.events);
            } else if route.ends_with("/scores") {
                let ScoresRequest::Many(scores) = scores_request(&body, ctx).expect("scores") else { panic!("expected a list") };
                events.extend(scores.into_iter().map(|score| Event::Score(score.expect("score"))));
            } else {
                let format = otlp_content_type(header("content-type")).expect("content type");
                let batch = otlp_traces(&body, format, ctx).expect("export");
                assert_eq!((batch.rejected, batch.message.as_str()), (0, ""), "{path:?}");
                assert!(batch.dropped.is_empty(), "{:?}", batch.dropped);
                events.extend(batch.events);
            }
        });
    }
    events
}

/// The telling of the step with this name, the later one when there are several.
fn step(events: &[Event], name: &str) -> Value {
    let found = observations(events).into_iter().rfind(|o| o.name.as_deref() == Some(name));
    view(found.unwrap_or_else(|| panic!("no step {name}")))
}

/// What every generation of SDKs says of the scenario's steps, by OpenTelemetry.
fn check_spans(recording: &str, events: &[Event]) {
    for (name, expected) in [
        (
            "handle-request",
            json!({"kind": "SPAN", "parent_id": null, "input": "{\"question\":\"hi\"}", "environment": "staging", "user_id": "user-1",
                "session_id": "session-1", "tags": ["a", "b"], "trace_name": "support chat", "release": "r-7", "version": "1.2.3",
                "scope_name": "langfuse-sdk", "level": "DEFAULT", "usage": {}, "cost": {},
                "metadata": {"plan": "pro", "count": "123", "flag": "true", "unicode": "grüße 😀", "attributes": null}}),
        ),
        (
            "answer",
            json!({"kind": "GENERATION", "model": "gpt-4o-2024-08-06", "usage": {"input": 20, "output": 30, "cache_read_input_tokens": 80},
                "stated_cost": {"input": 0.01, "output": 0.02}, "cost": {"input": 0.01, "output": 0.02, "total": 0.03}, "environment": "staging"}),
        ),
        (
            "openai-usage",
            json!({"kind": "GENERATION", "model": "gpt-4o", "stated_cost": {},
                "usage": {"input": 20, "input_cached_tokens": 80, "output": 30, "output_reasoning_tokens": 20, "total": 150}}),
        ),
        ("ls", json!({"kind": "TOOL", "level": "ERROR", "status_message": "no such file", "model": null})),
        ("clicked", json!({"kind": "EVENT", "level": "WARNING", "metadata": {"x": "1"}})),
    ] {
        let mut actual = step(events, name);
        // Python writes blanks into JSON, JavaScript doesn't.
        let input = actual["input"].as_str().map(|text| text.replace(": ", ":"));
        actual["input"] = json!(input);
        check_subset(&format!("{recording} {name}"), &actual, &expected);
    }
    let answer = step(events, "answer");
    assert!(answer["completion_start_time"].is_string(), "{answer:#}");
    assert_eq!(answer["model_parameters"].as_str().map(|p| p.contains("\"temperature\":0.5")), Some(true), "{answer:#}");
    assert!(step(events, "openai-usage")["cost"]["total"].as_f64().is_some_and(|total| total > 0.0));
    let nested = answer["metadata"]["nested"].as_str().map(|text| text.replace(' ', ""));
    assert_eq!(nested.as_deref(), Some(r#"{"a":[1,2]}"#));
    for key in ["resourceAttributes", "scope"] {
        assert!(answer["metadata"][key].as_str().is_some_and(|text| text.starts_with('{')), "{key} of {answer:#}");
    }

    let said = traces(events);
    assert_eq!(said.len(), 1, "one statement a trace");
    let trace = view_trace(said[0]);
    let expected = json!({"name": "support chat", "user_id": "user-1", "session_id": "session-1", "tags": ["a", "b"], "version": "1.2.3",
        "release": "r-7", "environment": "staging", "metadata": {"plan": "pro"}});
    check_subset(recording, &trace, &expected);
}

fn check_scores(recording: &str, events: &[Event]) {
    let found: Vec<Value> = scores(events).into_iter().map(view_score).collect();
    assert_eq!(found.len(), 3, "{recording}");
    let score = |name: &str| found.iter().find(|s| s["name"] == name).unwrap_or_else(|| panic!("{recording}: no score {name}"));
    check_subset(
        recording,
        score("quality"),
        &json!({"value": 0.9, "data_type": "NUMERIC", "source": "API", "comment": "good", "string_value": null}),
    );
    check_subset(
        recording,
        score("mood"),
        &json!({"value": null, "data_type": "CATEGORICAL", "string_value": "happy", "observation_id": null}),
    );
    check_subset(recording, score("helpful"), &json!({"value": 1.0, "data_type": "BOOLEAN", "string_value": "True"}));
    assert!(score("quality")["trace_id"].is_string() && score("quality")["observation_id"].is_string(), "{recording}");
}

#[test]
fn python_5() {
    let events = events("python-5.0.4");

    check_spans("python 5", &events);
    check_scores("python 5", &events);
    let root = step(&events, "handle-request");
    assert_eq!(root["app_root"], true);
    // Every value is JSON on the wire: the text "123" stays a text, the number a number.
    assert_eq!((&root["metadata"]["text_number"], &root["metadata"]["count"]), (&json!("\"123\""), &json!("123")));
    assert_eq!(step(&events, "ls")["metadata"]["metadata"], "plain text");
    assert_eq!(step(&events, "answer")["output"], "hello 😀");
    assert_eq!(view_trace(traces(&events)[0])["public"], true);
}

#[test]
fn python_4() {
    let events = events("python-4.18.0");

    check_spans("python 4", &events);
    check_scores("python 4", &events);
    assert_eq!(step(&events, "ls")["metadata"]["metadata"], "plain text");
    check_subset(
        "python 4",
        &view_trace(traces(&events)[0]),
        &json!({"input": "trace in", "output": "{\"trace\": \"out\"}", "public": true}),
    );
}

#[test]
fn python_3() {
    let mut events = events("python-3.15.0");

    check_scores("python 3", &events);
    let trace = view_trace(traces(&events)[0]);
    check_subset(
        "python 3",
        &trace,
        &json!({"input": "trace in", "output": "{\"trace\": \"out\"}", "public": true, "metadata": {"count": "123"}}),
    );
    // 3 doesn't copy the trace's attributes to every step.
    events.retain(|event| !matches!(event, Event::Score(_)));
    check_spans("python 3", &events);
}

#[test]
fn javascript_5() {
    let events = events("langfuse-js-5.11.1");

    check_spans("js 5", &events);
    check_scores("js 5", &events);
    // JavaScript cut the emoji in half; the half is replaced, the span is kept.
    assert_eq!(step(&events, "answer")["output"], "cut emoji \u{fffd}");
}

/// What the two SDKs of the batch API say of the scenario.
fn check_batch(recording: &str, events: &[Event]) {
    let created = |name: &str| {
        let found = observations(events).into_iter().find(|o| o.name.as_deref() == Some(name));
        found.unwrap_or_else(|| panic!("{recording}: no step {name}"))
    };
    let root = created("handle-request");
    let updates: Vec<Value> = observations(events).into_iter().filter(|o| o.id == root.id).map(view).collect();
    assert_eq!(updates.len(), 3, "{recording}: a create, an update and an end");
    check_subset(
        recording,
        &updates[0],
        &json!({"kind": "SPAN", "input": "{\"question\":\"hi\"}", "parent_id": null, "end_time": null,
        "metadata": {"plan": "pro", "count": "123", "text_number": "\"123\"", "flag": "true", "nested": "{\"a\":[1,2]}", "unicode": "grüße 😀"}}),
    );
    check_subset(recording, &updates[1], &json!({"kind": null, "level": "ERROR", "status_message": "no such file", "end_time": null}));
    check_subset(recording, &updates[2], &json!({"output": "{\"answer\":\"hello\"}", "metadata": {"late": "yes"}}));
    assert!(updates[2]["end_time"].is_string(), "{recording}");

    let answer = created("answer");
    check_subset(
        recording,
        &view(answer),
        &json!({"kind": "GENERATION", "model": "gpt-4o-2024-08-06", "parent_id": root.id, "trace_id": root.trace_id,
        "input": "[{\"role\":\"user\",\"content\":\"hi\"}]"}),
    );
    let ended = observations(events).into_iter().rfind(|o| o.id == answer.id).map(view).expect("end");
    assert_eq!((&ended["usage"]["input"], &ended["usage"]["output"]), (&json!(20), &json!(30)), "{recording}: {ended:#}");
    let openai = created("openai-usage").id.clone();
    let openai = observations(events).into_iter().rfind(|o| o.id == openai).map(view).expect("end");
    assert_eq!(openai["usage"], json!({"input": 100, "output": 50, "total": 150}), "{recording}");
    let details = view(created("details"));
    check_subset(
        recording,
        &details,
        &json!({"usage": {"input": 20, "output": 30, "cache_read_input_tokens": 80}, "stated_cost": {"input": 0.01}, "cost": {"input": 0.01, "total": 0.01}}),
    );
    check_subset(recording, &view(created("clicked")), &json!({"kind": "EVENT", "level": "WARNING", "parent_id": root.id}));

    let said: Vec<Value> = traces(events).into_iter().map(view_trace).collect();
    check_subset(
        recording,
        &said[0],
        &json!({"name": "support chat", "user_id": "user-1", "session_id": "session-1", "tags": ["a", "b"], "public": true,
        "version": "1.2.3", "release": "r-7", "input": "trace in", "metadata": {"plan": "pro", "text_number": "\"123\""}}),
    );
    check_subset(recording, said.last().expect("update"), &json!({"tags": ["c"], "output": "{\"trace\":\"out\"}"}));
}

#[test]
fn python_2() {
    let events = events("python-2.60.10");

    check_batch("python 2", &events);
    check_scores("python 2", &events);
}

#[test]
fn javascript_3() {
    let events = events("langfuse-js-3.39.2");

    check_batch("js 3", &events);
    check_scores("js 3", &events);
    let cut = observations(&events).into_iter().any(|o| o.output.as_deref() == Some("cut emoji \u{fffd}"));
    assert!(cut, "half an emoji is replaced");
}

/// OpenAI says 100 in (80 of them cached) and 50 out (20 of them reasoning), Anthropic 7 in, 16,399 read, 2,089 written, 445 out.
const OPENAI: [(&str, u64); 4] = [("input", 20), ("input_cached_tokens", 80), ("output", 30), ("output_reasoning_tokens", 20)];
const ANTHROPIC_SUM: u64 = 7 + 16_399 + 2_089 + 445;

#[test]
fn instrumentations_count_every_token_once() {
    for (recording, openai_calls) in [("openinference", 2), ("openllmetry", 2), ("pydantic-ai", 1), ("vercel-ai", 1)] {
        let events = events(recording);
        let calls: Vec<_> = observations(&events).into_iter().filter(|o| !o.usage.is_empty()).collect();
        let openai: Vec<_> = calls.iter().filter(|o| o.model.as_deref().is_some_and(|m| m.starts_with("gpt-4o"))).collect();
        assert_eq!(openai.len(), openai_calls, "{recording}");
        for call in &openai {
            for (key, count) in OPENAI {
                assert_eq!(call.usage_of(key), Some(count), "{recording} {key} of {:?}", call.usage);
            }
            assert!(call.total_cost().is_some_and(|c| c.0 > 0), "{recording}: priced");
        }
        let claude: Vec<_> = calls.iter().filter(|o| o.model.as_deref().is_some_and(|m| m.starts_with("claude"))).collect();
        // OpenInference starts its span beside the SDK's own, not around it; what the two have in common is only the response.
        assert_eq!(claude.len(), 1, "{recording}: {:?}", claude.iter().map(|o| (&o.scope_name, &o.usage)).collect::<Vec<_>>());
        let usage = &claude[0].usage;
        assert_eq!(
            (claude[0].usage_of("input"), claude[0].usage_of("input_cached_tokens"), claude[0].usage_of("output")),
            (Some(7), Some(16_399), Some(445)),
            "{recording}: {usage:?}"
        );
        let sum: u64 = usage.iter().filter(|(k, _)| k != "total").map(|(_, n)| n).sum();
        assert_eq!(sum, ANTHROPIC_SUM, "{recording}: {usage:?}");
        assert!(claude[0].input.as_deref().is_some_and(|i| i.contains("Hi")), "{recording}: content");
        assert!(claude[0].output.as_deref().is_some_and(|i| i.contains("Hello!")), "{recording}: content");
    }
}

#[test]
fn agents_above_model_calls_carry_no_counts() {
    let events = events("pydantic-ai");
    let agent = step(&events, "greeter run");
    check_subset(
        "pydantic-ai",
        &agent,
        &json!({"kind": "AGENT", "usage": {}, "cost": {}, "model": null, "output": "Hello!", "environment": "staging", "version": "1.0"}),
    );

    let events = self::events("vercel-ai");
    let outer = step(&events, "greet:ai.generateText");
    check_subset(
        "vercel",
        &outer,
        &json!({"kind": "SPAN", "usage": {}, "cost": {}, "user_id": "user-1", "session_id": "session-1", "tags": ["a", "b"],
        "input": "{\"system\":\"Be brief.\",\"prompt\":\"Hi\"}", "output": "Hello!", "metadata": {"plan": "pro", "userId": null}}),
    );
}
