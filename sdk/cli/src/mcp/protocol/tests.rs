use serde_json::{Value, json};

use super::*;

fn began(version: &str) -> (Session, Value) {
    let session = Session::default();
    let params = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}});
    let answer = ask(&session, json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}));
    (session, answer)
}

fn ask(session: &Session, message: Value) -> Value {
    answer(session, &message).unwrap_or(Value::Null)
}

#[test]
fn versions_are_agreed_on() {
    for version in AGREED {
        let (_, answer) = began(version);
        assert_eq!(answer["result"]["protocolVersion"], version);
        assert_eq!(answer["result"]["capabilities"], json!({"tools": {}}));
    }
    // As a client of tomorrow asks.
    assert_eq!(began("2031-01-01").1["result"]["protocolVersion"], "2025-11-25");
}

#[test]
fn nothing_but_a_ping_comes_before_the_beginning() {
    let session = Session::default();
    assert_eq!(ask(&session, json!({"jsonrpc": "2.0", "id": "a", "method": "ping"})), json!({"jsonrpc": "2.0", "id": "a", "result": {}}));
    assert_eq!(ask(&session, json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"}))["error"]["code"], INVALID_REQUEST);
    let (session, _) = began("2025-06-18");
    assert_eq!(
        ask(&session, json!({"jsonrpc": "2.0", "id": 3, "method": "initialize", "params": {"protocolVersion": "2025-06-18"}}))["error"]["code"],
        INVALID_REQUEST
    );
}

#[test]
fn malformed_messages_are_answered_with_what_is_wrong() {
    let (session, _) = began("2025-11-25");
    assert_eq!(parse(b"{\"jsonrpc\":").expect_err("not JSON")["error"]["code"], PARSE_ERROR);
    for (message, code, id) in [
        (json!([]), INVALID_REQUEST, json!(null)),
        (json!([{"jsonrpc": "2.0", "id": 1, "method": "ping"}]), INVALID_REQUEST, json!(null)),
        (json!(7), INVALID_REQUEST, json!(null)),
        (json!({"jsonrpc": "2.0", "id": 1}), INVALID_REQUEST, json!(null)),
        (json!({"jsonrpc": "1.0", "id": 1, "method": "ping"}), INVALID_REQUEST, json!(1)),
        (json!({"jsonrpc": "2.0", "id": null, "method": "ping"}), INVALID_REQUEST, json!(null)),
        (json!({"jsonrpc": "2.0", "id": {}, "method": "ping"}), INVALID_REQUEST, json!(null)),
        (json!({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}), INVALID_REQUEST, json!(1)),
        (json!({"jsonrpc": "2.0", "id": 1, "method": "resources/list"}), METHOD_NOT_FOUND, json!(1)),
        (json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"cursor": "x"}}), INVALID_PARAMS, json!(1)),
        (json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {}}), INVALID_PARAMS, json!(1)),
        (json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "delete_everything"}}), INVALID_PARAMS, json!(1)),
    ] {
        let answer = ask(&session, message.clone());
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &id), "{message} -> {answer}");
    }
}

#[test]
fn notifications_and_answers_get_no_answer() {
    let (session, _) = began("2025-11-25");
    for message in [
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "never seen"}}),
        json!({"jsonrpc": "2.0", "method": "of the future"}),
        json!({"jsonrpc": "2.0", "id": 9, "result": {}}),
    ] {
        assert_eq!(answer(&session, &message), None, "{message}");
    }
}

#[test]
fn lists_of_messages_belong_to_one_version() {
    let (session, _) = began("2025-03-26");
    let answers =
        ask(&session, json!([{"jsonrpc": "2.0", "id": 1, "method": "ping"}, {"jsonrpc": "2.0", "method": "notifications/initialized"}, 7]));
    assert_eq!(answers.as_array().map(Vec::len), Some(2));
    assert_eq!(answer(&session, &json!([{"jsonrpc": "2.0", "method": "notifications/initialized"}])), None);
}

#[test]
fn a_request_may_state_its_version_instead() {
    let session = Session::default();
    let meta = json!({VERSION_KEY: STATED, CAPABILITIES_KEY: {}});
    let stated =
        |method: &str, meta: &Value| ask(&session, json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta}}));

    let found = stated("server/discover", &meta);
    assert_eq!((&found["result"]["supportedVersions"], &found["result"]["resultType"]), (&json!([STATED]), &json!("complete")));
    assert_eq!(found["result"]["_meta"][SERVER_KEY]["name"], "agenttrace");
    let tools = stated("tools/list", &meta);
    assert!(tools["result"]["ttlMs"].is_u64() && tools["result"]["tools"].as_array().is_some_and(|tools| tools.len() > 10));
    assert_eq!(session.version(), None, "nothing is remembered");

    for (method, meta, code) in [
        ("ping", &meta, METHOD_NOT_FOUND),
        ("tools/list", &json!({VERSION_KEY: "2031-01-01", CAPABILITIES_KEY: {}}), UNSUPPORTED_VERSION),
        ("tools/list", &json!({VERSION_KEY: STATED}), INVALID_PARAMS),
        ("tools/list", &json!({VERSION_KEY: 7}), INVALID_PARAMS),
        ("server/discover", &json!({}), INVALID_PARAMS),
    ] {
        assert_eq!(stated(method, meta)["error"]["code"], code, "{method} {meta}");
    }
}

#[test]
fn every_tool_says_that_it_only_reads_and_takes_nothing_unknown() {
    for tool in tools::described().as_array().expect("a list") {
        assert_eq!(
            tool["annotations"],
            json!({"title": tool["title"], "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false})
        );
        assert_eq!(
            (&tool["inputSchema"]["type"], &tool["inputSchema"]["additionalProperties"]),
            (&json!("object"), &json!(false)),
            "{tool:#}"
        );
        assert!(tool["description"].as_str().is_some_and(|text| text.len() > 40));
    }
}

#[test]
fn wrong_arguments_are_told_to_the_assistant() {
    let (session, _) = began("2025-11-25");
    for (tool, arguments, expected) in [
        ("get_session", json!({}), "traceId"),
        ("get_session", json!({"traceId": "t", "colour": "red"}), "colour"),
        ("search_commands", json!({"limit": 0}), "limit"),
        ("search_commands", json!({"limit": 5_000}), "limit"),
        ("list_traces", json!({"limit": "many"}), "many"),
        ("list_traces", json!([]), "arguments"),
    ] {
        let answer =
            ask(&session, json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}));
        let text = answer["result"]["content"][0]["text"].as_str().unwrap_or_default();
        assert!(answer["result"]["isError"] == true && text.contains(expected), "{tool} {arguments}: {answer}");
    }
}

#[test]
fn what_is_cancelled_before_it_began_gets_no_answer() {
    let (session, _) = began("2025-11-25");
    session.begin(&json!("late"));
    assert_eq!(answer(&session, &json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "late"}})), None);
    assert_eq!(answer(&session, &json!({"jsonrpc": "2.0", "id": "late", "method": "ping"})), None);
    // The id is free again.
    assert_eq!(ask(&session, json!({"jsonrpc": "2.0", "id": "late", "method": "ping"}))["id"], "late");
}
