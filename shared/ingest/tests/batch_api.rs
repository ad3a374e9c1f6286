//! The batch API, scores and the single routes: tables of bodies and what becomes of them.

mod support;

use agenttrace_domain::{Event, Observation, ObservationType, Timestamp, merge};
use agenttrace_ingest::{
    BatchOutcome, BatchScope, Limits, Refusal, ScoresRequest, Stated, batch, create_observation, create_trace, patch_observation,
    patch_score, patch_trace, price_observation, score_body, scores_request,
};
use agenttrace_pricing::Prices;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{NOW, check_subset, observations, scores, traces, view, view_score, view_trace, with_context};

fn send(body: &str) -> Result<BatchOutcome, Refusal> {
    with_context(("", ""), &Limits::default(), |ctx| batch(body.as_bytes(), ctx, BatchScope::All))
}

fn event(id: &str, kind: &str, at: &str, body: Value) -> Value {
    json!({"id": id, "type": kind, "timestamp": at, "body": body})
}

fn send_events(events: &[Value]) -> BatchOutcome {
    send(&json!({"batch": events, "metadata": {"sdk_name": "x"}}).to_string()).expect("a batch")
}

const AT: &str = "2026-01-01T00:00:00.000Z";

#[test]
fn every_type_is_known() {
    for (kind, body, expected) in [
        ("trace-create", json!({"id": "x"}), Some("trace")),
        ("event-create", json!({"id": "x", "traceId": "t"}), Some("EVENT")),
        ("span-create", json!({"id": "x", "traceId": "t"}), Some("SPAN")),
        ("span-update", json!({"id": "x", "traceId": "t"}), Some("no type")),
        ("generation-create", json!({"id": "x", "traceId": "t"}), Some("GENERATION")),
        ("generation-update", json!({"id": "x", "traceId": "t"}), Some("GENERATION")),
        ("agent-create", json!({"id": "x", "traceId": "t"}), Some("AGENT")),
        ("tool-create", json!({"id": "x", "traceId": "t"}), Some("TOOL")),
        ("chain-create", json!({"id": "x", "traceId": "t"}), Some("CHAIN")),
        ("retriever-create", json!({"id": "x", "traceId": "t"}), Some("RETRIEVER")),
        ("evaluator-create", json!({"id": "x", "traceId": "t"}), Some("EVALUATOR")),
        ("embedding-create", json!({"id": "x", "traceId": "t"}), Some("EMBEDDING")),
        ("guardrail-create", json!({"id": "x", "traceId": "t"}), Some("GUARDRAIL")),
        ("observation-create", json!({"id": "x", "traceId": "t", "type": "GENERATION"}), Some("GENERATION")),
        ("observation-create", json!({"id": "x", "traceId": "t"}), Some("SPAN")),
        ("observation-update", json!({"id": "x", "traceId": "t", "type": "EVENT"}), Some("EVENT")),
        ("score-create", json!({"id": "x", "traceId": "t", "name": "n", "value": 1}), Some("score")),
        ("sdk-log", json!({"log": "anything"}), None),
    ] {
        let outcome = send_events(&[event("e", kind, AT, body)]);
        let found = outcome.events.first().map(|event| match event {
            Event::Trace { .. } => "trace",
            Event::Score(_) => "score",
            Event::ObservationPatch { patch, .. } => patch.kind.map_or("no type", ObservationType::as_str),
            other => panic!("{other:?}"),
        });
        assert_eq!((found, outcome.successes, outcome.errors), (expected, vec![("e".to_owned(), 201)], vec![]), "{kind}");
    }
}

#[test]
fn events_fail_one_by_one() {
    let deep = format!("{}1{}", "[".repeat(80), "]".repeat(80));
    let raw = |text: &str| text.to_owned();
    for (name, bad, words) in [
        ("no object", raw("7"), "JSON object"),
        ("no id", raw(r#"{"type":"trace-create","body":{}}"#), "id of the event"),
        ("id with a control character", raw(r#"{"id":"a\nb","type":"trace-create","body":{}}"#), "id of the event"),
        ("id of a megabyte", format!(r#"{{"id":"{}","type":"trace-create"}}"#, "x".repeat(1 << 20)), "id of the event"),
        ("no type", raw(r#"{"id":"e","body":{}}"#), "type"),
        ("unknown type", raw(r#"{"id":"e","type":"trace-update","body":{}}"#), "trace-update"),
        ("run item", raw(r#"{"id":"e","type":"dataset-run-item-create","body":{}}"#), "dataset-run-items"),
        ("time that is none", raw(r#"{"id":"e","type":"trace-create","timestamp":"soon","body":{}}"#), "ISO 8601"),
        ("body that is no object", raw(r#"{"id":"e","type":"trace-create","body":[]}"#), "body"),
        ("entity id too long", format!(r#"{{"id":"e","type":"trace-create","body":{{"id":"{}"}}}}"#, "x".repeat(801)), "1 to 800"),
        ("entity id with NUL", raw(r#"{"id":"e","type":"trace-create","body":{"id":"a\rb"}}"#), "control characters"),
        ("level", raw(r#"{"id":"e","type":"span-create","body":{"level":"LOUD"}}"#), "level must be one of"),
        ("start time", raw(r#"{"id":"e","type":"span-create","body":{"startTime":"9999-01-01T00:00:00Z"}}"#), "startTime"),
        ("prompt by half", raw(r#"{"id":"e","type":"generation-create","body":{"promptName":"p"}}"#), "both or neither"),
        ("update of nothing", raw(r#"{"id":"e","type":"span-update","body":{"name":"n"}}"#), "id is missing"),
        ("usage that is a list", raw(r#"{"id":"e","type":"generation-create","body":{"usage":[1]}}"#), "usage must be an object"),
        ("nested too deeply", format!(r#"{{"id":"e","type":"trace-create","body":{{"input":{deep}}}}}"#), "nested deeper"),
        ("score without a subject", raw(r#"{"id":"e","type":"score-create","body":{"name":"n","value":1}}"#), "no subject"),
    ] {
        let good = |id: &str| event(id, "trace-create", AT, json!({"id": id})).to_string();
        let outcome = send(&format!(r#"{{"batch":[{},{bad},{}]}}"#, good("a"), good("b"))).unwrap_or_else(|r| panic!("{name}: {r}"));
        assert_eq!(outcome.successes, [("a".to_owned(), 201), ("b".to_owned(), 201)], "{name}");
        assert_eq!(outcome.errors.len(), 1, "{name}");
        let error = &outcome.errors[0];
        assert!(error.status == 400 && error.error.contains(words), "{name}: {error:?}");
        assert_eq!(outcome.events.len(), 2, "{name}");
    }
}

#[test]
fn only_a_batch_that_is_no_list_is_refused() {
    for (body, expected) in [
        (r#"{"batch":[]}"#, Ok(0)),
        ("\u{feff}{\"batch\":[]}", Ok(0)),
        (r#"{"batch":{}}"#, Err(400)),
        (r#"{"batch":null}"#, Err(400)),
        ("{}", Err(400)),
        ("[]", Err(400)),
        ("", Err(400)),
        ("{\"batch\":[NaN]}", Err(400)),
        (r#"{"batch":[1],"batch":[]}"#, Ok(0)),
    ] {
        assert_eq!(send(body).map(|o| o.successes.len() + o.errors.len()).map_err(|r| r.status()), expected, "{body}");
    }
    let many = format!("{{\"batch\":[{}1]}}", "1,".repeat(100_000));
    assert_eq!(send(&many).map_err(|r| r.status()), Err(413));
    assert_eq!(send(&"[".repeat(100_000)).map_err(|r| r.status()), Err(400));
}

#[test]
fn a_public_key_may_only_create_scores() {
    let body = json!({"batch": [event("a", "trace-create", AT, json!({"id": "t"})), event("b", "score-create", AT, json!({"traceId": "t", "name": "n", "value": 1}))]});
    let outcome =
        with_context(("", ""), &Limits::default(), |ctx| batch(body.to_string().as_bytes(), ctx, BatchScope::ScoresOnly)).expect("a batch");

    assert_eq!(outcome.successes, [("b".to_owned(), 201)]);
    assert_eq!(outcome.errors.iter().map(|e| (e.id.as_str(), e.status)).collect::<Vec<_>>(), [("a", 401)]);
    assert_eq!(outcome.events.len(), 1);
}

/// What the writer makes of the statements about one observation.
fn merged(events: &[Event]) -> Observation {
    let mut row = Observation::default();
    let mut times = agenttrace_domain::FieldTimes::default();
    for event in events {
        let Event::ObservationPatch { at, patch } = event else { panic!("{event:?}") };
        row.id.clone_from(&patch.id);
        merge::merge_observation(&mut row, &mut times, (**patch).clone(), *at);
    }
    price_observation(&mut row, Prices::managed(), NOW);
    row
}

#[test]
fn creates_go_before_updates_whatever_their_stamps() {
    let create = json!({"id": "o", "traceId": "t", "name": "created", "input": "in"});
    let update = json!({"id": "o", "traceId": "t", "name": "updated", "output": "out"});
    let again = json!({"id": "o", "traceId": "t", "name": "a last name"});
    for (name, create_at, update_at, again_at) in [
        ("in order", "00.001", "00.002", "00.003"),
        ("the create is stamped later", "00.003", "00.001", "00.002"),
        ("all at once", "00.001", "00.001", "00.001"),
    ] {
        let at = |seconds: &str| format!("2026-01-01T00:00:{seconds}Z");
        let outcome = send_events(&[
            event("1", "span-update", &at(update_at), update.clone()),
            event("2", "span-update", &at(again_at), again.clone()),
            event("3", "span-create", &at(create_at), create.clone()),
        ]);
        let row = merged(&outcome.events);
        assert_eq!(
            (row.name.as_deref(), row.input.as_deref(), row.output.as_deref()),
            (Some("a last name"), Some("in"), Some("out")),
            "{name}"
        );
        assert_eq!(row.kind, Some(ObservationType::Span), "{name}");
    }
}

#[test]
fn a_clock_that_is_ahead_counts_as_now_with_its_order_kept() {
    let name = |name: &str| json!({"id": "t", "name": name});
    let outcome = send_events(&[
        event("2", "trace-create", "2099-01-01T00:00:02Z", name("second")),
        event("1", "trace-create", "2099-01-01T00:00:01Z", name("first")),
        event("0", "trace-create", AT, name("zeroth")),
    ]);
    let said: Vec<_> = outcome
        .events
        .iter()
        .map(|e| match e {
            Event::Trace { at, patch } => (*at, patch.name.clone().unwrap_or_default()),
            other => panic!("{other:?}"),
        })
        .collect();

    assert_eq!(
        said,
        [(Timestamp::parse(AT).expect("time"), "zeroth".into()), (Timestamp(NOW.0 - 1), "first".into()), (NOW, "second".into())]
    );
}

#[test]
fn trace_bodies() {
    let body = json!({"id": "t", "timestamp": AT, "name": "n", "userId": 42, "sessionId": "s", "input": {"a": [1, 2.50]}, "output": "text", "tags": ["b", "a", "b"],
        "metadata": {"k": "v", "n": 1, "s": "1", "o": {"x": null}, "__proto__": {"y": 1}}, "public": true, "release": "r", "version": "v", "environment": "Langfuse-Prod",
        "unknown": [1]});
    let outcome = send_events(&[event("e", "trace-create", AT, body)]);
    check_subset(
        "trace",
        &view_trace(traces(&outcome.events)[0]),
        &json!({"id": "t", "timestamp": AT, "name": "n", "user_id": "42", "session_id": "s",
        "input": "{\"a\":[1,2.5]}", "output": "text", "tags": ["a", "b"], "public": true, "release": "r", "version": "v", "environment": "-prod",
        "metadata": {"k": "v", "n": "1", "s": "\"1\"", "o": "{\"x\":null}", "__proto__": "{\"y\":1}"}}),
    );

    for (name, body, expected) in [
        ("no id: the envelope's", json!({"name": "n"}), json!({"id": "e", "name": "n"})),
        (
            "null is not said",
            json!({"id": "t", "name": null, "tags": null, "metadata": null, "input": null}),
            json!({"name": null, "tags": [], "metadata": {}, "input": null}),
        ),
        ("metadata that is text", json!({"metadata": "plain"}), json!({"metadata": {"metadata": "plain"}})),
        ("metadata that is a list", json!({"metadata": [1, "a"]}), json!({"metadata": {"metadata": "[1,\"a\"]"}})),
        ("one tag", json!({"tags": "a"}), json!({"tags": ["a"]})),
        ("NUL", json!({"name": "a\0b", "input": {"x": "\0"}}), json!({"name": "a\u{fffd}b", "input": "{\"x\":\"\\ufffd\"}"})),
        ("a number as input", json!({"input": 0}), json!({"input": "0"})),
        ("false as output", json!({"output": false}), json!({"output": "false"})),
        ("an empty text is said", json!({"output": ""}), json!({"output": ""})),
    ] {
        let outcome = send_events(&[event("e", "trace-create", AT, body)]);
        check_subset(name, &view_trace(traces(&outcome.events)[0]), &expected);
    }
}

#[test]
fn observation_bodies() {
    for (name, body, expected) in [
        ("no trace: one of its own", json!({"id": "o"}), json!({"id": "o", "trace_id": "o", "start_time": AT})),
        ("its own parent", json!({"id": "o", "parentObservationId": "o"}), json!({"parent_id": null})),
        (
            "fields",
            json!({"id": "o", "traceId": "t", "parentObservationId": "p", "name": "n", "startTime": "2026-01-01T00:00:01+01:00", "endTime": AT, "completionStartTime": AT, "level": "warning",
                "statusMessage": "m", "version": "v", "environment": "prod", "input": [1], "output": "o", "metadata": {"a": 1}}),
            json!({"trace_id": "t", "parent_id": "p", "start_time": "2025-12-31T23:00:01.000Z", "end_time": AT, "completion_start_time": AT, "level": "WARNING", "status_message": "m",
                "version": "v", "environment": "prod", "input": "[1]", "output": "o", "metadata": {"a": "1"}}),
        ),
        (
            "the first SDKs' words",
            json!({"prompt": [{"role": "user"}], "completion": "hi"}),
            json!({"input": "[{\"role\":\"user\"}]", "output": "hi"}),
        ),
        (
            "model",
            json!({"model": "gpt-4o", "modelParameters": {"temperature": 0.5, "stop": ["a"]}}),
            json!({"model": "gpt-4o", "model_parameters": "{\"stop\":[\"a\"],\"temperature\":0.5}"}),
        ),
        ("prompt", json!({"promptName": "p", "promptVersion": 3}), json!({"prompt_name": "p", "prompt_version": 3})),
        (
            "usage",
            json!({"usage": {"input": 10, "output": 5, "total": 15, "unit": "TOKENS"}}),
            json!({"usage": {"input": 10, "output": 5, "total": 15}}),
        ),
        (
            "usage with costs",
            json!({"usage": {"input": 1, "inputCost": 0.25, "outputCost": 0.5, "totalCost": 1}}),
            json!({"usage": {"input": 1}, "cost": {"input": 0.25, "output": 0.5, "total": 1.0}}),
        ),
        (
            "old openai usage",
            json!({"usage": {"promptTokens": 10, "completionTokens": 5, "totalTokens": 15}}),
            json!({"usage": {"input": 10, "output": 5, "total": 15}}),
        ),
        (
            "usageDetails beat usage",
            json!({"usage": {"input": 1}, "usageDetails": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150, "prompt_tokens_details": {"cached_tokens": 80}}}),
            json!({"usage": {"input": 20, "input_cached_tokens": 80, "output": 50, "total": 150}}),
        ),
        ("any map", json!({"usageDetails": {"input": 1, "images": 2}}), json!({"usage": {"input": 1, "images": 2}})),
        ("usage of nothing", json!({"usage": null, "usageDetails": {}}), json!({"usage": {}})),
        (
            "costDetails",
            json!({"costDetails": {"input": 0.5, "output": "0.25"}, "usage": {"inputCost": 9}}),
            json!({"cost": {"input": 0.5, "output": 0.25, "total": 0.75}}),
        ),
        (
            "priced",
            json!({"model": "gpt-4o", "usageDetails": {"input": 1_000_000}}),
            json!({"cost": {"input": 2.5, "total": 2.5}, "stated_cost": {}}),
        ),
    ] {
        let outcome = send_events(&[event("e", "generation-create", AT, body)]);
        assert_eq!(outcome.errors, [], "{name}");
        check_subset(name, &view(observations(&outcome.events)[0]), &expected);
    }
    let outcome = send_events(&[event(
        "e",
        "generation-create",
        AT,
        json!({"usageDetails": {"input": -1, "output": 1.5, "x": 1e300}, "costDetails": {"total": -1}}),
    )]);
    assert_eq!((outcome.errors, outcome.dropped.amounts), (vec![], 4));
}

#[test]
fn duplicate_keys_numbers_and_half_surrogates_in_raw_json() {
    let body = r#"{"batch":[{"id":"x","id":"e","type":"trace-create","timestamp":1767225600000,"body":{"id":"t","name":"no","name":"cut \ud83d",
        "input":{"big":123456789012345678901234567890,"huge":1e400,"half":"\udead"},"metadata":{"a":1,"a":2}}}]}"#;
    let outcome = send(body).expect("a batch");

    assert_eq!(outcome.successes, [("e".to_owned(), 201)]);
    check_subset(
        "raw",
        &view_trace(traces(&outcome.events)[0]),
        &json!({"name": "cut \u{fffd}", "metadata": {"a": "2"},
        "input": "{\"big\":123456789012345678901234567890,\"huge\":1e400,\"half\":\"\\ufffd\"}"}),
    );
}

#[test]
fn score_rules() {
    let base = |more: Value| {
        let mut body = json!({"name": "n", "value": 1, "traceId": "t"});
        for (key, value) in more.as_object().expect("object") {
            body[key] = value.clone();
        }
        body.to_string()
    };
    for (more, expected) in [
        (
            json!({}),
            Ok(
                json!({"id": "new-1", "value": 1.0, "data_type": "NUMERIC", "source": "API", "string_value": null, "timestamp": NOW.to_rfc3339()}),
            ),
        ),
        (json!({"value": "good"}), Ok(json!({"value": null, "string_value": "good", "data_type": "CATEGORICAL"}))),
        (json!({"value": 0.5, "dataType": "NUMERIC"}), Ok(json!({"value": 0.5}))),
        (json!({"value": "x", "dataType": "NUMERIC"}), Err("finite number")),
        (json!({"value": 1, "dataType": "BOOLEAN"}), Ok(json!({"value": 1.0, "string_value": "True"}))),
        (json!({"value": 0, "dataType": "BOOLEAN"}), Ok(json!({"value": 0.0, "string_value": "False"}))),
        (json!({"value": 2, "dataType": "BOOLEAN"}), Err("0 or 1")),
        (json!({"value": true, "dataType": "BOOLEAN"}), Err("0 or 1")),
        (json!({"value": 5, "dataType": "CATEGORICAL"}), Err("a text")),
        (json!({"value": "x".repeat(500), "dataType": "TEXT"}), Ok(json!({"string_value": "x".repeat(500)}))),
        (json!({"value": "ü".repeat(501), "dataType": "TEXT"}), Err("1 to 500")),
        (json!({"value": "", "dataType": "TEXT"}), Err("1 to 500")),
        (json!({"value": "better", "dataType": "CORRECTION"}), Ok(json!({"string_value": "better", "data_type": "CORRECTION"}))),
        (json!({"value": "better", "dataType": "CORRECTION", "configId": "c"}), Err("no configId")),
        (json!({"value": "better", "dataType": "CORRECTION", "source": "ANNOTATION"}), Ok(json!({"source": "ANNOTATION"}))),
        (json!({"source": "ANNOTATION"}), Err("configId")),
        (json!({"source": "ANNOTATION", "configId": "range"}), Ok(json!({"config_id": "range"}))),
        (json!({"source": "EVAL"}), Err("EVAL")),
        (json!({"source": "me"}), Err("source")),
        (json!({"dataType": "numeric"}), Err("dataType must be one of")),
        (json!({"value": null}), Err("value is missing")),
        (json!({"value": [1]}), Err("number or a text")),
        (json!({"name": ""}), Err("name is missing")),
        (
            json!({"id": "mine", "timestamp": AT, "comment": "c", "environment": "Prod"}),
            Ok(json!({"id": "mine", "timestamp": AT, "comment": "c", "environment": "prod"})),
        ),
        (json!({"traceId": null}), Err("no subject")),
        (json!({"sessionId": "s"}), Err("several subjects")),
        (json!({"traceId": null, "sessionId": "s"}), Ok(json!({"session_id": "s", "trace_id": null}))),
        (json!({"traceId": null, "datasetRunId": "r"}), Ok(json!({"dataset_run_id": "r"}))),
        (json!({"observationId": "o"}), Ok(json!({"observation_id": "o", "trace_id": "t"}))),
        (json!({"traceId": null, "sessionId": "s", "observationId": "o"}), Err("traceId of its trace")),
        (json!({"traceId": "a\nb"}), Err("control characters")),
    ] {
        let body = base(more);
        let found = with_context(("", ""), &Limits::default(), |ctx| score_body(&body, ctx));
        match (found, expected) {
            (Ok(score), Ok(expected)) => check_subset(&body, &view_score(&score), &expected),
            (Err(error), Err(words)) => assert!(error.contains(words), "{body}: {error}"),
            (found, expected) => panic!("{body}: {found:?} for {expected:?}"),
        }
    }
    let numbers = |text: &str| {
        with_context(("", ""), &Limits::default(), |ctx| score_body(&format!(r#"{{"name":"n","traceId":"t","value":{text}}}"#), ctx))
    };
    for text in ["NaN", "Infinity", "1e400", "-1e999"] {
        assert!(numbers(text).is_err(), "{text}");
    }
    assert_eq!(numbers("1e3").map(|s| s.value), Ok(Some(1000.0)));
}

#[test]
fn a_score_is_held_to_the_config_that_it_names() {
    let of = |config: &str, value: Value| json!({"name": "n", "traceId": "t", "configId": config, "value": value});
    let typed = |config: &str, value: Value, data_type: &str| {
        let mut body = of(config, value);
        body["dataType"] = json!(data_type);
        body
    };
    for (body, expected) in [
        (of("range", json!(5)), Ok(json!({"value": 5.0, "data_type": "NUMERIC", "config_id": "range", "name": "name of range"}))),
        (of("range", json!(5.5)), Err("above 5")),
        (of("range", json!(-1)), Err("below 0")),
        (of("range", json!("5")), Err("finite number")),
        (typed("range", json!(1), "NUMERIC"), Ok(json!({"value": 1.0}))),
        (typed("range", json!(1), "BOOLEAN"), Err("dataType must be NUMERIC")),
        (of("flag", json!(1)), Ok(json!({"value": 1.0, "string_value": "True", "data_type": "BOOLEAN"}))),
        (of("flag", json!(-0.0)), Ok(json!({"value": 0.0, "string_value": "False"}))),
        (of("flag", json!(0.5)), Err("0 or 1")),
        (of("labels", json!("good")), Ok(json!({"value": 2.0, "string_value": "good", "data_type": "CATEGORICAL"}))),
        (of("labels", json!("Good")), Err("one of good, bad")),
        (of("labels", json!(2)), Err("a text")),
        (of("text", json!("free")), Ok(json!({"value": null, "string_value": "free", "data_type": "TEXT"}))),
        (of("text", json!("x".repeat(501))), Err("1 to 500")),
        (of("none", json!(1)), Err("not a score config of this project")),
        (of("archived range", json!(1)), Err("archived")),
        (typed("range", json!("x"), "CORRECTION"), Err("no configId")),
    ] {
        let body = body.to_string();
        let found = with_context(("", ""), &Limits::default(), |ctx| score_body(&body, ctx));
        match (found, expected) {
            (Ok(score), Ok(expected)) => check_subset(&body, &view_score(&score), &expected),
            (Err(error), Err(words)) => assert!(error.contains(words), "{body}: {error}"),
            (found, expected) => panic!("{body}: {found:?} for {expected:?}"),
        }
    }
    let batch = send_events(&[
        event("a", "score-create", AT, of("range", json!(9))),
        event("b", "score-create", AT, of("labels", json!("bad"))),
        event("c", "score-create", AT, of("none", json!(1))),
    ]);
    assert_eq!(batch.errors.iter().map(|e| (e.id.as_str(), e.status)).collect::<Vec<_>>(), [("a", 400), ("c", 400)]);
    assert_eq!(scores(&batch.events).iter().map(|s| s.value).collect::<Vec<_>>(), [Some(-1.0)]);
    for (body, fits) in [
        (&br#"{"configId":"range","value":4}"#[..], true),
        (br#"{"configId":"range","value":6}"#, false),
        (br#"{"configId":"range"}"#, false),
        (br#"{"configId":"none","value":1}"#, false),
    ] {
        assert_eq!(single(|ctx| patch_score("s", body, ctx)).is_ok(), fits, "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn scores_come_alone_or_in_a_list() {
    let read = |body: &str| with_context(("", ""), &Limits::default(), |ctx| scores_request(body.as_bytes(), ctx));
    let one = r#"{"name":"n","traceId":"t","value":1}"#;

    assert!(matches!(read(one), Ok(ScoresRequest::Single(Ok(_)))));
    assert!(matches!(read("{}"), Ok(ScoresRequest::Single(Err(_)))));
    assert_eq!(read("nonsense").map_err(|r| r.status()), Err(400));
    assert_eq!(read("").map_err(|r| r.status()), Err(400));
    let Ok(ScoresRequest::Many(many)) = read(&format!("[{one},{{}},7,{one}]")) else { panic!("a list") };
    assert_eq!(many.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, true]);
    let ids: Vec<_> = many.iter().flatten().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["new-1", "new-3"], "every score gets an id of its own");
    let Ok(ScoresRequest::Many(many)) = read(&format!("[{}{one}]", format!("{one},").repeat(9_999))) else { panic!("a list") };
    assert_eq!(many.len(), 10_000);
}

#[test]
fn scores_in_a_batch() {
    let outcome = send_events(&[event("envelope", "score-create", AT, json!({"traceId": "t", "name": "n", "value": "v"}))]);
    check_subset("score", &view_score(scores(&outcome.events)[0]), &json!({"id": "envelope", "timestamp": AT, "string_value": "v"}));
}

fn single(read: impl FnOnce(&agenttrace_ingest::Context<'_>) -> Result<Stated, String>) -> Result<Stated, String> {
    with_context(("", ""), &Limits::default(), read)
}

#[test]
fn single_creates_and_updates() {
    let made = single(|ctx| create_trace(br#"{"name":"n"}"#, ctx)).expect("trace");
    let Event::Trace { at, patch } = &made.event else { panic!("{made:?}") };
    assert_eq!((made.id.as_str(), *at, patch.timestamp), ("new-1", NOW, Some(NOW)));

    let edited = single(|ctx| patch_trace("t", br#"{"tags":["b","a"],"name":"","bookmarked":true}"#, ctx)).expect("edit");
    let Event::Trace { patch, .. } = &edited.event else { panic!("{edited:?}") };
    assert_eq!((patch.id.as_str(), patch.name.as_deref(), patch.bookmarked, patch.timestamp), ("t", Some(""), Some(true), None));
    assert_eq!((patch.replace_tags.as_deref(), patch.tags.len()), (Some(&["a".to_owned(), "b".to_owned()][..]), 0));

    for (name, result, expected) in [
        (
            "generation",
            single(|ctx| create_observation(Some(ObservationType::Generation), br#"{"traceId":"t","model":"gpt-4o"}"#, ctx)),
            json!({"id": "new-1", "kind": "GENERATION", "trace_id": "t"}),
        ),
        (
            "type in the body",
            single(|ctx| create_observation(None, br#"{"id":"o","type":"TOOL"}"#, ctx)),
            json!({"id": "o", "kind": "TOOL", "trace_id": "o"}),
        ),
        (
            "patch by path",
            single(|ctx| patch_observation(Some("o"), None, br#"{"traceId":"t","output":"x"}"#, ctx)),
            json!({"id": "o", "kind": null, "output": "x", "start_time": null}),
        ),
        (
            "patch by body",
            single(|ctx| patch_observation(None, Some(ObservationType::Generation), br#"{"generationId":"o","traceId":"t"}"#, ctx)),
            json!({"id": "o", "kind": "GENERATION"}),
        ),
        (
            "patch by an older body",
            single(|ctx| patch_observation(None, None, br#"{"spanId":"o","traceId":"t"}"#, ctx)),
            json!({"id": "o"}),
        ),
    ] {
        let stated = result.unwrap_or_else(|error| panic!("{name}: {error}"));
        check_subset(name, &view(observations(std::slice::from_ref(&stated.event))[0]), &expected);
    }
    for (name, result) in [
        ("no JSON", single(|ctx| create_trace(b"nonsense", ctx))),
        ("list", single(|ctx| create_trace(b"[]", ctx))),
        ("too deep", single(|ctx| create_trace(format!("{{\"input\":{}1{}}}", "[".repeat(100), "]".repeat(100)).as_bytes(), ctx))),
        ("nothing to update", single(|ctx| patch_observation(None, None, b"{}", ctx))),
        ("a path that is no id", single(|ctx| patch_trace("a\nb", b"{}", ctx))),
        ("the subject of a score", single(|ctx| patch_score("s", br#"{"traceId":"other"}"#, ctx))),
        ("a type without a value", single(|ctx| patch_score("s", br#"{"dataType":"BOOLEAN"}"#, ctx))),
    ] {
        assert!(result.is_err(), "{name}");
    }
    let patched = single(|ctx| patch_score("s", br#"{"value":1,"dataType":"BOOLEAN","comment":"c"}"#, ctx)).expect("patch");
    let Event::ScorePatch { patch, .. } = &patched.event else { panic!("{patched:?}") };
    assert_eq!(
        (patch.id.as_str(), patch.value, patch.string_value.as_deref(), patch.name.as_deref()),
        ("s", Some(1.0), Some("True"), None)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_text_never_panics(body in "[\\[\\]{}:,\"a-z0-9\\\\u.\\-\\x00-\\x1f]{0,200}") {
        let _ = send(&body);
        let _ = send(&format!("{{\"batch\":[{body}]}}"));
        let _ = send(&format!("{{\"batch\":[{{\"id\":\"e\",\"type\":\"generation-create\",\"body\":{{\"id\":\"x\",{body}}}}}]}}"));
        let _ = with_context(("", ""), &Limits::default(), |ctx| scores_request(body.as_bytes(), ctx));
    }
}
