//! Bad input: no panic, memory bounded, one clear status, and neighbours kept.

mod support;

use agenttrace_domain::Timestamp;
use agenttrace_ingest::{Batch, Limits, OtlpFormat, Refusal, Signal, encode_otlp_response, otlp_traces};
use proptest::prelude::*;
use prost::Message as _;
use serde_json::{Value, json};
use support::wire::{self, Kind, attribute, span, text, value};
use support::{NOW, observations, traces, view, with_context};

fn protobuf(body: &[u8]) -> Result<Batch, Refusal> {
    with_context(("", ""), &Limits::default(), |ctx| otlp_traces(body, OtlpFormat::Protobuf, ctx))
}

fn json(body: &str) -> Result<Batch, Refusal> {
    with_context(("", ""), &Limits::default(), |ctx| otlp_traces(body.as_bytes(), OtlpFormat::Json, ctx))
}

fn status(result: &Result<Batch, Refusal>) -> u16 {
    result.as_ref().map_or_else(Refusal::status, |_| 200)
}

/// One span in JSON, with these attributes and other fields.
fn json_span(fields: &str) -> String {
    format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",{fields}}}]}}]}}]}}"#
    )
}

#[test]
fn empty_requests_succeed() {
    for body in [
        "{}",
        r#"{"resourceSpans":[]}"#,
        r#"{"resourceSpans":null}"#,
        r#"{"resourceSpans":[{}]}"#,
        r#"{"resourceSpans":[{"scopeSpans":[]}]}"#,
        r#"{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"s"}}]}]}"#,
        "\u{feff}{}",
    ] {
        assert_eq!(json(body), Ok(Batch::default()), "{body}");
    }
    assert_eq!(protobuf(b""), Ok(Batch::default()));
    assert_eq!(protobuf(&wire::request(Vec::new())), Ok(Batch::default()));
    assert_eq!(protobuf(&[0x0a, 0x00]), Ok(Batch::default()));
}

#[test]
fn what_is_no_export_request_is_refused_with_a_hint() {
    for body in [
        "",
        "[]",
        "\"text\"",
        "nonsense",
        "{",
        r#"{"resourceSpans":{}}"#,
        r#"{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}"#,
        r#"{"resourceSpans":[{"scopeSpans":7}]}"#,
        r#"{"resourceSpans":[{"scopeSpans":[{"spans":["x"]}]}]}"#,
        "{} trailing",
        // NaN, Infinity and numbers beyond doubles aren't JSON.
        &json_span(r#""attributes":[{"key":"a","value":{"doubleValue":NaN}}]"#),
        &json_span(r#""droppedLinksCount":Infinity"#),
        &json_span(r#""attributes":[{"key":"a","value":{"doubleValue":1e400}}]"#),
        // Attributes and events must be lists.
        &json_span(r#""attributes":{"a":"b"}"#),
        &json_span(r#""events":{"name":"e"}"#),
        &"[".repeat(100_000),
        &r#"{"resourceSpans":"#.repeat(100_000),
    ] {
        assert_eq!(status(&json(body)), 400, "{}", &body[..body.len().min(200)]);
    }
    for body in [b"nonsense".as_slice(), b"{}", &[0xff; 100], b"\x12\x01a", &[0x0a, 0x05, 0x01]] {
        let Err(refusal) = protobuf(body) else { panic!("{body:?} was taken") };
        assert!(refusal.to_string().contains("content-type"), "{refusal}");
    }
}

#[test]
fn logs_posted_to_the_traces_route_get_a_400_that_says_so() {
    // ResourceLogs{scope_logs: [ScopeLogs{log_records: [LogRecord{time 1, severity 2, text 3, body 5, attributes 6, trace 9, span 10}]}]}
    let record = [
        vec![0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 9, 0x1a, 4],
        b"INFO".to_vec(),
        vec![0x2a, 7, 0x0a, 5],
        b"hello".to_vec(),
        vec![0x4a, 16],
        vec![7; 16],
        vec![0x52, 8],
        vec![8; 8],
    ]
    .concat();
    for body in [
        wire::request_of(vec![record.clone(), record]),
        wire::request(vec![wire::Span { name: b"cpu.load".to_vec(), ..wire::Span::default() }]),
    ] {
        let Err(refusal) = protobuf(&body) else { panic!("taken") };
        assert_eq!(refusal.status(), 400);
        assert!(refusal.to_string().contains("/v1/logs"), "{refusal}");
    }
    for body in [r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]}"#, r#"{"resource_metrics":[]}"#] {
        let Err(refusal) = json(body) else { panic!("{body} was taken") };
        assert!(refusal.status() == 400 && refusal.to_string().contains("/v1/logs"), "{refusal}");
    }
}

#[test]
fn one_bad_span_does_not_reject_its_neighbours() {
    let good = span(vec![text("langfuse.observation.input", "kept")]);
    let mut deep = value(Kind::Int(1));
    for _ in 0..10_000 {
        deep = value(Kind::Map(wire::Map { values: vec![wire::KeyValue { key: "k".into(), value: Some(deep) }] }));
    }
    let deep_attribute = wire::KeyValue { key: "deep".into(), value: Some(deep) };
    let deep = wire::Span { attributes: vec![], ..span(vec![]) };
    let deep = [deep.encode_to_vec(), encode_deep(&deep_attribute)].concat();
    std::mem::forget(deep_attribute); // dropping 10,000 levels recurses in the test's own types
    let mut broken = good.encode_to_vec();
    broken.truncate(broken.len() - 3);

    for (name, bad) in [
        ("no ids", wire::Span::default().encode_to_vec()),
        ("trace id of 15 bytes", wire::Span { trace_id: vec![1; 15], ..good.clone() }.encode_to_vec()),
        ("trace id of 17 bytes", wire::Span { trace_id: vec![1; 17], ..good.clone() }.encode_to_vec()),
        ("trace id of 32 bytes", wire::Span { trace_id: vec![1; 32], ..good.clone() }.encode_to_vec()),
        ("trace id all zero", wire::Span { trace_id: vec![0; 16], ..good.clone() }.encode_to_vec()),
        ("span id all zero", wire::Span { span_id: vec![0; 8], ..good.clone() }.encode_to_vec()),
        ("span id of a megabyte", wire::Span { span_id: vec![1; 1 << 20], ..good.clone() }.encode_to_vec()),
        ("cut", broken),
        ("not protobuf", b"nonsense".to_vec()),
        ("nested 10,000 levels", deep),
    ] {
        let batch =
            protobuf(&wire::request_of(vec![good.encode_to_vec(), bad, good.encode_to_vec()])).unwrap_or_else(|r| panic!("{name}: {r}"));
        assert_eq!((batch.rejected, observations(&batch.events).len()), (1, 2), "{name}");
        assert!(batch.message.starts_with("rejected spans: 1 "), "{name}: {}", batch.message);
    }
}

/// Field 9 of a span, written without recursion: prost's encoder would need a deep stack.
fn encode_deep(attribute: &wire::KeyValue) -> Vec<u8> {
    let mut depth = 0;
    let mut at = attribute.value.as_ref();
    while let Some(wire::AnyValue { kind: Some(Kind::Map(map)) }) = at {
        depth += 1;
        at = map.values[0].value.as_ref();
    }
    let frame = |tag: u8, inner: Vec<u8>| {
        let mut out = vec![tag];
        prost::encoding::encode_varint(inner.len() as u64, &mut out);
        out.extend(inner);
        out
    };
    let mut inner = vec![0x18, 1];
    for _ in 0..depth {
        inner = frame(0x32, frame(0x0a, frame(0x12, inner)));
    }
    frame(0x4a, frame(0x12, inner))
}

#[test]
fn a_deep_value_in_json_rejects_only_its_span() {
    let mut deep = String::from(r#"{"intValue":1}"#);
    for _ in 0..5_000 {
        deep = format!(r#"{{"kvlistValue":{{"values":[{{"key":"k","value":{deep}}}]}}}}"#);
    }
    let spans = format!(
        r#"{{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","attributes":[{{"key":"d","value":{deep}}}]}},
           {{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203332"}}"#
    );
    let batch = json(&format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{spans}]}}]}}]}}"#)).expect("the other span");

    assert_eq!((batch.rejected, observations(&batch.events).len()), (1, 1));
}

#[test]
fn lenient_json_reads_what_clients_write() {
    let read = |body: &str| view(observations(&json(body).unwrap_or_else(|r| panic!("{body}: {r}")).events)[0]);
    let with_ids = |ids: &str| format!(r#"{{"resource_spans":[{{"scope_spans":[{{"spans":[{{{ids}}}]}}]}}]}}"#);
    for (name, body) in [
        ("upper-case hex", with_ids(r#""traceId":"0AF7651916CD43DD8448EB211C80319C","spanId":"B7AD6B7169203331""#)),
        ("snake case", with_ids(r#""trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331""#)),
        ("base64", with_ids(r#""traceId":"CvdlGRbNQ92ESOshHIAxnA==","spanId":"t61rcWkgMzE=""#)),
        ("base64 without padding", with_ids(r#""traceId":"CvdlGRbNQ92ESOshHIAxnA","spanId":"t61rcWkgMzE""#)),
        (
            "twice, the last counts",
            with_ids(
                r#""traceId":"00000000000000000000000000000001","traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331""#,
            ),
        ),
    ] {
        let found = read(&body);
        assert_eq!((&found["trace_id"], &found["id"]), (&json!("0af7651916cd43dd8448eb211c80319c"), &json!("b7ad6b7169203331")), "{name}");
    }
    for nanos in [
        "1767225600000000000",
        r#""1767225600000000000""#,
        r#"{"low":3992584192,"high":411464273}"#,
        "1767225600000",
        "1767225600000000",
        "1767225600",
    ] {
        let start = read(&json_span(&format!(r#""startTimeUnixNano":{nanos}"#)))["start_time"].clone();
        assert_eq!(start, "2026-01-01T00:00:00.000Z", "{nanos}");
    }
    let found = read(&json_span(
        r#""name":7,"status":{"code":"STATUS_CODE_ERROR"},"kind":"SPAN_KIND_CLIENT","attributes":[{"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}},
           {"key":"gen_ai.usage.output_tokens","value":{"int_value":5}},{"key":"model","value":"bare"},{"key":"user.id","value":{"stringValue":"first"}},
           {"key":"user.id","value":{"stringValue":"last"}},{"key":"session.id","value":{"stringValue":"cut \ud83d"}},{"key":"n","value":{"bytesValue":"AAEC"}}],
           "unknownField":{"deep":[[[]]]}"#,
    ));
    assert_eq!((&found["name"], &found["level"], &found["usage"]), (&json!("7"), &json!("ERROR"), &json!({"input": 12, "output": 5})));
    assert_eq!((&found["model"], &found["user_id"], &found["session_id"]), (&json!("bare"), &json!("last"), &json!("cut \u{fffd}")));
}

#[test]
fn texts_are_kept_whatever_their_bytes() {
    let long = "ü".repeat(5 << 20);
    let bad = span(vec![
        attribute("langfuse.observation.input", Kind::Text(b"a\xff\xc0\x80b\0c".to_vec())),
        attribute("langfuse.observation.output", Kind::Text(long.as_bytes().to_vec())),
        text("langfuse.observation.metadata.rtl", "\u{202e}\u{200b}😀"),
        attribute(&"k".repeat(1 << 20), Kind::Bool(true)),
        attribute("bytes", Kind::Bytes(vec![0, 255])),
    ]);
    let bad = wire::Span { name: [b"n\xff".as_slice(), &[b'x'; 5_000]].concat(), from_the_future: "field 999".into(), flags: 257, ..bad };

    let batch = protobuf(&wire::request(vec![bad])).expect("kept");
    let kept = observations(&batch.events)[0];

    assert_eq!(kept.input.as_deref(), Some("a\u{fffd}\u{fffd}\u{fffd}b\u{fffd}c"));
    let output = kept.output.as_deref().expect("output");
    assert!(output.len() < (8 << 20) + 100 && output.ends_with("more bytes]"), "{}", output.len());
    assert!(kept.name.as_deref().is_some_and(|name| name.starts_with("n\u{fffd}x") && name.len() < 1_010));
    assert!(kept.metadata.contains(&("rtl".to_owned(), "\u{202e}\u{200b}😀".to_owned())));
    assert!(batch.dropped.texts >= 2, "{:?}", batch.dropped);
}

#[test]
fn too_much_is_dropped_and_counted_or_refused() {
    let many = span((0..10_000).map(|i| text(&format!("key{i}"), "v")).collect());
    let tags = (0..10_000).map(|i| value(Kind::Text(format!("t{i}").into_bytes()))).collect();
    let tagged = span(vec![attribute("langfuse.tags", Kind::List(wire::List { values: tags }))]);
    let eventful = wire::Span {
        events: (0..10_000).map(|i| wire::Event { time: i, name: "e".into(), attributes: vec![text("a", "b")] }).collect(),
        links: vec![wire::Link { trace_id: vec![1; 16] }; 10_000],
        ..span(vec![])
    };
    let batch = protobuf(&wire::request(vec![many, tagged, eventful])).expect("kept");
    assert_eq!((batch.rejected, batch.dropped.attributes), (0, (10_000 - 4_096) + 9_000));
    assert_eq!(observations(&batch.events)[1].tags.len(), 1_000);

    // Two bytes a span, forty a value: a small body must not become a large memory.
    let empty = wire::request_of(vec![Vec::new(); 100_001]);
    assert_eq!(status(&protobuf(&empty)), 413);
    assert_eq!(status(&protobuf(&[[0x0a, 0x00]; 200_000].concat())), 413);
    assert_eq!(status(&json(&format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{}{{}}]}}]}}]}}"#, "{},".repeat(100_000)))), 413);
    assert_eq!(status(&json(&format!(r#"{{"resourceSpans":[{}{{}}]}}"#, "{},".repeat(3_000_000)))), 413);
    let empties = [vec![0x2a], varint(4_000_000), [0x0a, 0x00].repeat(2_000_000)].concat();
    let bomb = [span(vec![]).encode_to_vec(), frame(0x4a, &frame(0x12, &empties))].concat();
    let batch = protobuf(&wire::request_of(vec![bomb, span(vec![]).encode_to_vec()])).expect("the other span");
    assert_eq!((batch.rejected, observations(&batch.events).len()), (1, 1));
}

fn varint(n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    prost::encoding::encode_varint(n, &mut out);
    out
}

fn frame(tag: u8, inner: &[u8]) -> Vec<u8> {
    [vec![tag], varint(inner.len() as u64), inner.to_vec()].concat()
}

#[test]
fn a_hundred_thousand_spans_fit() {
    let body = wire::request((1..=100_000u64).map(|i| wire::Span { span_id: i.to_be_bytes().to_vec(), ..span(vec![]) }).collect());

    assert_eq!(protobuf(&body).map(|b| b.events.len()), Ok(100_000));
}

#[test]
fn times_that_clocks_get_wrong() {
    let read = |start: u64, end: u64| {
        let batch = protobuf(&wire::request(vec![wire::Span { start, end, ..span(vec![]) }])).expect("kept");
        let o = observations(&batch.events)[0].clone();
        (o.start_time, o.end_time)
    };
    let second = 1_767_225_600_000_000_000;
    let at = Timestamp(1_767_225_600_000_000);
    for (name, start, end, expected) in [
        ("end before start is kept", second, second - 1_000_000, (Some(at), Some(Timestamp(at.0 - 1_000)))),
        ("start 0 is the end", 0, second, (Some(at), Some(at))),
        ("neither is now", 0, 0, (Some(NOW), None)),
        ("milliseconds in place of nanoseconds", second / 1_000_000, second / 1_000_000, (Some(at), Some(at))),
        ("seconds in place of nanoseconds", second / 1_000_000_000, 0, (Some(at), None)),
        ("beyond what can be stored", u64::MAX, u64::MAX, (Some(NOW), None)),
        ("the year 2262", 9_223_372_036_854_775_807, 0, (Some(Timestamp(9_223_372_036_854_775)), None)),
    ] {
        assert_eq!(read(start, end), expected, "{name}");
    }
}

#[test]
fn trees_may_be_wrong() {
    let with = |id: u8, parent: u8| wire::Span { span_id: vec![id; 8], parent_span_id: vec![parent; 8], ..span(vec![]) };
    let batch = protobuf(&wire::request(vec![with(1, 1), with(2, 3), with(3, 2), with(4, 9), with(4, 0)])).expect("kept");

    let parents: Vec<Option<&str>> = observations(&batch.events).iter().map(|o| o.parent_id.as_deref()).collect();
    assert_eq!(parents, [None, Some("0303030303030303"), Some("0202020202020202"), Some("0909090909090909"), None]);
    let mut chain: Vec<wire::Span> = (1..=5_000u64)
        .map(|i| wire::Span { span_id: i.to_be_bytes().to_vec(), parent_span_id: (i - 1).to_be_bytes().to_vec(), ..span(vec![]) })
        .collect();
    chain.push(wire::Span { span_id: 1u64.to_be_bytes().to_vec(), name: b"the same id again".to_vec(), ..span(vec![]) });
    assert_eq!(protobuf(&wire::request(chain)).map(|b| b.events.len()), Ok(5_001));
}

#[test]
fn the_latest_statement_about_a_trace_wins() {
    let at = |end: u64, attributes| wire::Span { end: 1_767_225_600_000_000_000 + end, ..span(attributes) };
    let body = wire::request(vec![
        at(3_000_000, vec![text("langfuse.trace.name", "late"), text("langfuse.tags", "b")]),
        at(1_000_000, vec![text("langfuse.trace.name", "early"), text("user.id", "u"), text("langfuse.tags", "a")]),
        at(2_000_000, vec![]),
    ]);
    let batch = protobuf(&body).expect("kept");

    let said = traces(&batch.events);
    assert_eq!(said.len(), 1);
    assert_eq!(
        (said[0].name.as_deref(), said[0].user_id.as_deref(), said[0].tags.as_slice()),
        (Some("late"), Some("u"), &["a".to_owned(), "b".to_owned()][..])
    );
    let Some(agenttrace_domain::Event::Trace { at, .. }) = batch.events.last() else { panic!("the trace comes last") };
    assert_eq!(*at, Timestamp(1_767_225_600_003_000));
    assert_eq!(protobuf(&body), Ok(batch), "a repeated delivery says the same at the same time");

    let ahead = wire::Span { end: 4_102_444_800_000_000_000, ..span(vec![text("user.id", "u")]) };
    let batch = protobuf(&wire::request(vec![ahead])).expect("kept");
    let Some(agenttrace_domain::Event::Trace { at, .. }) = batch.events.last() else { panic!("a statement") };
    assert_eq!(*at, NOW, "a clock that is ahead doesn't freeze the trace");
}

#[test]
fn answers_are_in_the_format_of_the_request() {
    assert_eq!(encode_otlp_response(OtlpFormat::Json, Signal::Traces, 0, ""), b"{}");
    assert_eq!(encode_otlp_response(OtlpFormat::Protobuf, Signal::Traces, 0, ""), b"");
    let said: Value = serde_json::from_slice(&encode_otlp_response(OtlpFormat::Json, Signal::Traces, 3, "no \"ids\"")).expect("JSON");
    assert_eq!(said, json!({"partialSuccess": {"rejectedSpans": "3", "errorMessage": "no \"ids\""}}));
    for (rejected, message) in
        [(1, "m".to_owned()), (300, "x".repeat(1_000)), (0, "a warning".to_owned()), (u64::from(u32::MAX), String::new())]
    {
        let answer = wire::Response::decode(encode_otlp_response(OtlpFormat::Protobuf, Signal::Traces, rejected, &message).as_slice())
            .expect("protobuf");
        let partial = answer.partial_success.expect("partial success");
        assert_eq!((partial.rejected_spans.cast_unsigned(), partial.error_message), (rejected, message));
    }
}

fn full_request() -> Vec<u8> {
    let inner = value(Kind::List(wire::List { values: vec![value(Kind::Double(0.5)), value(Kind::Int(-1)), value(Kind::Bytes(vec![1]))] }));
    let map = Kind::Map(wire::Map { values: vec![wire::KeyValue { key: "k".into(), value: Some(inner) }] });
    let attributes = vec![
        text("langfuse.trace.name", "t"),
        attribute("gen_ai.usage.input_tokens", Kind::Int(5)),
        attribute("m", map),
        attribute("b", Kind::Bool(true)),
    ];
    let whole = wire::Span {
        events: vec![wire::Event { time: 1, name: "exception".into(), attributes: vec![text("exception.message", "x")] }],
        status: Some(wire::Status { message: String::new(), code: 2 }),
        parent_span_id: vec![3; 8],
        ..span(attributes)
    };
    let scope = wire::Scope { name: "s".into(), version: "1".into(), attributes: vec![text("a", "b")] };
    let scope_spans = vec![wire::ScopeSpans { scope: Some(scope), spans: vec![whole.encode_to_vec(); 2] }];
    let resource = wire::Resource { attributes: vec![text("service.name", "x")] };
    wire::Request { resource_spans: vec![wire::ResourceSpans { resource: Some(resource), scope_spans, schema_url: "u".into() }] }
        .encode_to_vec()
}

#[test]
fn truncated_at_every_byte() {
    let body = full_request();
    assert_eq!(protobuf(&body).map(|b| b.events.len()), Ok(3));
    for end in 1..body.len() {
        let result = protobuf(&body[..end]);
        assert_eq!(status(&result), 400, "cut at {end}: {result:?}");
    }
    let text = json_span(
        r#""name":"n","attributes":[{"key":"a\u00fc","value":{"arrayValue":{"values":[{"intValue":"1"}]}}}],"status":{"code":2}"#,
    );
    for end in 0..text.len() {
        assert_eq!(status(&json(&text[..end])), 400, "cut at {end}");
    }
}

#[test]
fn fields_of_a_version_to_come_are_skipped() {
    let body = [full_request(), vec![0x98, 0x06, 0x07]].concat();

    assert_eq!(protobuf(&body).map(|b| b.events.len()), Ok(3));
}

#[test]
fn a_broken_resource_takes_only_its_attributes_with_it() {
    let good = frame(0x12, &frame(0x12, &span(vec![]).encode_to_vec()));
    let body = frame(0x0a, &[frame(0x0a, b"\x0a\x05nonsense"), good].concat());
    let batch = protobuf(&body).expect("kept");

    assert_eq!((observations(&batch.events).len(), batch.rejected, batch.dropped.attributes), (1, 0, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = protobuf(&body);
        let _ = with_context(("", ""), &Limits::default(), |ctx| otlp_traces(&body, OtlpFormat::Json, ctx));
    }

    #[test]
    fn changed_bytes_never_panic(changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8)) {
        let mut body = full_request();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        let _ = protobuf(&body);
    }
}
