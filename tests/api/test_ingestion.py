"""The batch API and single creates: what is told in parts is merged, in whatever order it comes."""

import itertools

import pytest
from harness.api import event
from harness.telemetry import otlp_json, request, span, span_id, trace_id, unique
from harness.waiting import wait_until

from api.world import at

KINDS = {"span": "SPAN", "generation": "GENERATION", "event": "EVENT", "agent": "AGENT", "tool": "TOOL", "chain": "CHAIN", "retriever": "RETRIEVER",
         "evaluator": "EVALUATOR", "embedding": "EMBEDDING", "guardrail": "GUARDRAIL"}


def test_every_kind_of_event_is_answered_for_itself(tenant):
    trace = unique("kinds")
    events = [event("trace-create", {"id": trace, "name": "all kinds"}, id="t")]
    events += [event(f"{kind}-create", {"id": f"{trace}-{kind}", "traceId": trace, "name": kind, "startTime": at(0)}, id=kind) for kind in KINDS]
    events += [
        event("observation-create", {"id": f"{trace}-old", "traceId": trace, "type": "GENERATION", "name": "old"}, id="old"),
        event("observation-update", {"id": f"{trace}-old", "traceId": trace, "type": "GENERATION", "output": "late"}, id="old-update"),
        event("span-update", {"id": f"{trace}-span", "traceId": trace, "output": "late"}, id="span-update"),
        event("generation-update", {"id": f"{trace}-generation", "traceId": trace, "output": "late"}, id="generation-update"),
        event("score-create", {"id": f"{trace}-score", "traceId": trace, "name": "s", "value": 1}, id="score"),
        event("sdk-log", {"log": "kept nowhere"}, id="log"),
        event("dataset-run-item-create", {"id": "x"}, id="internal"),
        event("nonsense-create", {"id": "x"}, id="nonsense"),
        event("span-create", {"id": f"{trace}-bad", "traceId": trace, "startTime": "yesterday"}, id="bad"),
        event("generation-create", {"id": f"{trace}-bad2", "traceId": trace, "promptName": "only half"}, id="half"),
    ]

    answer = tenant.batch(*events)

    assert answer.status_code == 207
    assert {found["id"]: found["status"] for found in answer.json()["errors"]} == {"internal": 400, "nonsense": 400, "bad": 400, "half": 400}
    assert all(found["message"] for found in answer.json()["errors"])
    assert {found["id"] for found in answer.json()["successes"]} == {e["id"] for e in events} - {"internal", "nonsense", "bad", "half"}
    assert {found["status"] for found in answer.json()["successes"]} == {201}
    steps = {step["name"]: step for step in tenant.trace(trace, steps=11)["observations"]}
    assert {name: step["type"] for name, step in steps.items()} == KINDS | {"old": "GENERATION"}
    assert [steps[name]["output"] for name in ("old", "span", "generation")] == ["late"] * 3


def parts(trace):
    """One story in five statements, which say some things twice."""
    step = f"{trace}-g"
    return [
        event("trace-create", {"id": trace, "name": "first", "userId": "ann", "tags": ["b"], "metadata": {"a": {"x": 1}, "k": 1}, "timestamp": at(0)}, at(0)),
        event("generation-create", {"id": step, "traceId": trace, "name": "g", "startTime": at(0), "model": "claude-haiku-4-5", "input": "q", "metadata": {"a": {"x": 1}}}, at(0)),
        event("generation-update", {"id": step, "traceId": trace, "output": "partial", "usageDetails": {"input": 1, "output": 1}, "metadata": {"a": {"y": 2}}}, at(1)),
        event("generation-update", {"id": step, "traceId": trace, "output": "final", "endTime": at(0.5), "usageDetails": {"input": 100, "output": 10}, "level": None}, at(2)),
        event("trace-create", {"id": trace, "name": "last", "userId": None, "tags": ["a"], "metadata": {"a": {"y": 2}, "k": 2}, "sessionId": "s"}, at(3)),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (3, 0, 4, 2, 1), (2, 4, 1, 3, 0)], ids=str)
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "a batch each"])
def test_the_order_of_arrival_does_not_matter(tenant, order, together):
    trace = unique("order")
    told = [parts(trace)[place] for place in order]
    for events in [told] if together else [[one] for one in told]:
        tenant.store_batch(*events)

    def settled():
        found = tenant.trace(trace, steps=1)
        assert (found["name"], found["sessionId"], found["observations"][0]["output"], found["observations"][0]["input"]) == ("last", "s", "final", "q")
        assert (found["userId"], sorted(found["tags"]), found["timestamp"]) == ("ann", ["a", "b"], at(0))
        return found

    found = wait_until(settled)
    assert found["metadata"] == {"a": {"x": 1, "y": 2}, "k": 2}
    (step,) = found["observations"]
    assert step["metadata"] == {"a": {"x": 1, "y": 2}}
    assert (step["usageDetails"]["input"], step["usageDetails"]["output"], step["usage"]["total"]) == (100, 10, 110)
    assert (step["startTime"], step["endTime"], step["level"]) == (at(0), at(0.5), "DEFAULT")
    assert found["totalCost"] == step["calculatedTotalCost"] == pytest.approx(0.00015, rel=1e-9)


def test_a_late_update_of_a_stored_observation_changes_only_what_it_says(tenant):
    trace = unique("late")
    tenant.store_batch(event("generation-create", {"id": f"{trace}-g", "traceId": trace, "name": "g", "model": "claude-haiku-4-5", "startTime": at(0), "input": "q",
                                                   "usageDetails": {"input": 100, "output": 10}}, at(0)))
    assert tenant.trace(trace, steps=1)["totalCost"] == pytest.approx(0.00015, rel=1e-9)

    tenant.store_batch(event("generation-update", {"id": f"{trace}-g", "traceId": trace, "output": "a", "usageDetails": {"input": 200, "output": 20}}, at(1)))

    def changed():
        found = tenant.trace(trace)
        assert found["observations"][0]["output"] == "a"
        return found

    found = wait_until(changed)
    assert (found["observations"][0]["input"], found["observations"][0]["model"]) == ("q", "claude-haiku-4-5")
    assert found["totalCost"] == pytest.approx(0.0003, rel=1e-9)


def test_a_moved_start_leaves_one_row(tenant, clickhouse):
    """The start time is part of where a row lies."""
    trace = unique("moved")
    tenant.store_batch(event("span-create", {"id": f"{trace}-s", "traceId": trace, "name": "s", "startTime": at(0)}, at(0)))
    tenant.trace(trace, steps=1)

    tenant.store_batch(event("span-update", {"id": f"{trace}-s", "traceId": trace, "startTime": at(-90), "output": "moved"}, at(1)))

    wait_until(lambda: [step["startTime"] for step in tenant.trace(trace)["observations"]] == [at(-90)])
    (row,) = clickhouse.observations(tenant.project_id, trace)
    assert row["rows"] == 1
    assert tenant.read("/api/public/v2/traces", search=trace, searchIn="ids")["data"][0]["observationCount"] == 1
    assert len(tenant.read("/api/public/observations", traceId=trace)["data"]) == 1


@pytest.mark.parametrize(
    ("usage", "expected", "cost"),
    [
        ({"usage": {"input": 100, "output": 10, "unit": "TOKENS"}}, {"input": 100, "output": 10}, 0.00015),
        ({"usage": {"promptTokens": 100, "completionTokens": 10, "totalTokens": 110}}, {"input": 100, "output": 10}, 0.00015),
        ({"usageDetails": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110, "prompt_tokens_details": {"cached_tokens": 40}}},
         {"input": 60, "input_cached_tokens": 40, "output": 10}, 0.000114),
        ({"usageDetails": {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110, "output_tokens_details": {"reasoning_tokens": 4}}},
         {"input": 100, "output": 6, "output_reasoning_tokens": 4}, 0.00015),
        ({"usageDetails": {"input_tokens": 100, "cache_read_input_tokens": 40, "output_tokens": 10}}, {"input": 100, "output": 10}, 0.000154),
        ({"usageDetails": {"input": 100, "output": 10}, "costDetails": {"input": 5, "output": 1}}, {"input": 100, "output": 10}, 6),
        ({"usage": {"input": 100, "output": 10, "inputCost": 1, "outputCost": 2, "totalCost": 3}}, {"input": 100, "output": 10}, 3),
        ({"costDetails": {"total": 0.25}}, {}, 0.25),
    ],
    ids=str,
)
def test_usage_in_every_form_that_clients_send(tenant, usage, expected, cost):
    trace = unique("usage")
    tenant.store_batch(event("generation-create", {"id": f"{trace}-g", "traceId": trace, "model": "claude-haiku-4-5", "startTime": at(0)} | usage, at(0)))

    (step,) = tenant.trace(trace, steps=1)["observations"]

    assert {key: step["usageDetails"].get(key) for key in expected} == expected
    assert step["calculatedTotalCost"] == pytest.approx(cost, rel=1e-9)


def test_an_unknown_model_has_no_cost_rather_than_none_to_pay(tenant):
    trace = unique("unknown")
    tenant.store_batch(event("generation-create", {"id": f"{trace}-g", "traceId": trace, "model": "nobodys-model-9", "startTime": at(0), "usageDetails": {"input": 100, "output": 10}}, at(0)))

    (step,) = tenant.trace(trace, steps=1)["observations"]

    assert step["calculatedTotalCost"] is None
    row = tenant.read(f"/api/public/v2/traces/{trace}")["trace"]
    assert (row["totalCost"], row["unpricedCount"], row["totalTokens"]) == (None, 1, 110)


@pytest.mark.parametrize(
    ("said", "stored"),
    [("Production", "production"), ("langfuse-prod", "prod"), ("x" * 60, "x" * 40), ("with space", "default"), ("", "default"), (None, "default"), ("sdk-experiment", "sdk-experiment")],
)
def test_environments_are_normalised_and_never_an_error(tenant, said, stored):
    trace = unique("environment")
    tenant.store_batch(event("trace-create", {"id": trace, "environment": said}, at(0)))

    found = tenant.trace(trace)["environment"]
    assert found.lstrip("-") == stored


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"batch":{}}', b'{"batch":null}', b'{"events":[]}', b"\xff\xfe"])
def test_a_body_that_is_no_batch_is_refused_as_a_whole(tenant, body):
    answer = tenant.http.post("/api/public/ingestion", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 400, answer.text
    assert answer.json()["message"] and answer.json()["errors"] == [answer.json()["message"]]
    assert answer.json()["error"] == "InvalidRequestError"


def test_an_empty_batch_is_a_batch(tenant):
    answer = tenant.batch()

    assert (answer.status_code, answer.json()) == (207, {"successes": [], "errors": []})


# Single creates and changes


def test_traces_and_observations_are_made_and_changed_one_by_one(tenant):
    trace = unique("single")
    assert tenant.send("POST", "/api/public/traces", {"id": trace, "name": "made", "tags": ["a", "b"], "userId": "ann"}).json() == {"id": trace}
    assert tenant.send("POST", "/api/public/observations", {"id": f"{trace}-o", "traceId": trace, "type": "TOOL", "name": "tool", "startTime": at(0)}).json() == {"id": f"{trace}-o"}
    assert tenant.send("POST", "/api/public/spans", {"id": f"{trace}-s", "traceId": trace, "name": "span", "startTime": at(0)}).status_code == 200
    assert tenant.send("POST", "/api/public/generations", {"id": f"{trace}-g", "traceId": trace, "name": "generation", "startTime": at(0)}).status_code == 200
    assert tenant.send("POST", "/api/public/events", {"id": f"{trace}-e", "traceId": trace, "name": "event", "startTime": at(0)}).status_code == 200
    tenant.trace(trace, steps=4)

    answers = [
        tenant.send("PATCH", f"/api/public/traces/{trace}", {"name": "changed", "tags": ["c"], "bookmarked": True, "public": True, "metadata": {"k": "v"}}),
        tenant.send("PATCH", f"/api/public/observations/{trace}-o", {"traceId": trace, "output": "done", "level": "WARNING"}),
        tenant.send("PATCH", "/api/public/spans", {"spanId": f"{trace}-s", "traceId": trace, "output": "span done"}),
        tenant.send("PATCH", "/api/public/generations", {"generationId": f"{trace}-g", "traceId": trace, "output": "generation done"}),
    ]

    assert [answer.status_code for answer in answers] == [200] * 4, [answer.text for answer in answers]

    def changed():
        found = tenant.trace(trace, steps=4)
        assert (found["name"], found["tags"], found["bookmarked"], found["public"], found["userId"], found["metadata"]) == ("changed", ["c"], True, True, "ann", {"k": "v"})
        outputs = {step["name"]: step["output"] for step in found["observations"]}
        assert outputs == {"tool": "done", "span": "span done", "generation": "generation done", "event": None}
        return True

    wait_until(changed)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/public/traces", b"nonsense"), ("POST", "/api/public/traces", b"[]"), ("POST", "/api/public/traces", b'{"timestamp":"never"}'),
        ("POST", "/api/public/observations", b'{"type":"NONSENSE"}'), ("POST", "/api/public/spans", b'{"startTime":"never"}'),
        ("PATCH", "/api/public/traces/x", b"nonsense"), ("PATCH", "/api/public/traces/x", b'{"public":"maybe"}'),
        ("PATCH", "/api/public/observations/x", b'{"endTime":1e400}'), ("PATCH", "/api/public/spans", b"{}"), ("PATCH", "/api/public/generations", b'{"output":1}'),
        ("PATCH", "/api/public/scores/x", b'{"value":{}}'), ("POST", "/api/public/events", b""), ("POST", "/api/public/generations", b'{"level":"LOUD"}'),
    ],
)
def test_malformed_single_statements_are_refused(tenant, method, path, body):
    answer = tenant.http.request(method, path, content=body, headers={"content-type": "application/json"})

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


# OTLP


def test_a_trace_in_two_exports_is_one(tenant):
    trace, root = trace_id(), span_id()
    tenant.store(span(trace, parent=root, name="child", attributes={"user.id": "ann"}))
    tenant.trace(trace, steps=1)

    tenant.store(span(trace, id=root, name="root", attributes={"session.id": "s", "langfuse.trace.tags": ["x"]}))

    # The trace's own row is written last.
    found = wait_until(lambda: (lambda t: t if t["name"] == "root" else None)(tenant.trace(trace, steps=2)))
    assert (found["name"], found["userId"], found["sessionId"], found["tags"]) == ("root", "ann", "s", ["x"])


def test_both_addresses_and_both_formats_take_the_same(tenant):
    from harness.telemetry import JSON, PROTOBUF

    for path, format, gzip in itertools.product(("/v1/traces", "/api/public/otel/v1/traces"), (PROTOBUF, JSON), (True, False)):
        trace = trace_id()
        answer = tenant.export(span(trace, name="same", attributes={"input.value": "naïve 🙂"}), path=path, format=format, gzip=gzip)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, format)
        assert answer.content == (b"" if format == PROTOBUF else answer.content)
        if format == JSON:
            assert "partialSuccess" not in answer.json() or not answer.json()["partialSuccess"]
        assert tenant.trace(trace)["observations"][0]["input"] == "naïve 🙂"


@pytest.mark.parametrize(("version", "status"), [("4", 200), ("1", 200), ("5", 400), ("4.1", 400), ("x", 400), ("-1", 400), ("", 400)])
@pytest.mark.parametrize("path", ["/v1/traces", "/api/public/otel/v1/traces"])
def test_the_ingestion_version_is_checked(tenant, path, version, status):
    answer = tenant.export(span(trace_id()), path=path, headers={"x-langfuse-ingestion-version": version})

    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"] == "InvalidRequestError" and "x-langfuse-ingestion-version" in answer.json()["message"]


@pytest.mark.parametrize("path", ["/v1/traces", "/api/public/otel/v1/traces", "/v1/logs", "/api/public/otel/v1/logs", "/v1/metrics", "/api/public/otel/v1/metrics"])
def test_an_export_without_a_content_type_is_refused(tenant, path):
    for headers in ({}, {"content-type": ""}):
        answer = tenant.http.post(path, content=b"{}", headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text
        assert "application/x-protobuf" in answer.json()["message"] and "application/json" in answer.json()["message"]


@pytest.mark.parametrize("place", ["scopeSpans", "spans", "attributes", "events"])
@pytest.mark.parametrize("value", [{}, {"key": "k"}, "text", 7, True], ids=repr)
def test_an_export_with_something_else_where_a_list_must_be_is_refused_with_a_hint(tenant, place, value):
    good, odd = trace_id(), trace_id()
    body = otlp_json(request(span(good), span(odd)))
    resource_spans = body["resourceSpans"][0]
    scope_spans = resource_spans["scopeSpans"][0]
    within = {"scopeSpans": resource_spans, "spans": scope_spans}.get(place, scope_spans["spans"][1])
    within[place] = value

    answer = tenant.http.post("/api/public/otel/v1/traces", json=body)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text
    assert "/v1/logs" in answer.json()["message"]


def test_a_batch_above_what_a_request_may_carry_is_refused_in_words(tenant):
    large = event("trace-create", {"id": unique("large"), "input": "x" * 12_000_000})

    answer = tenant.batch(large)

    assert answer.status_code == 413 and answer.json()["message"], answer.text[:300]
    assert tenant.batch(event("trace-create", {"id": unique("large"), "input": "x" * 4_300_000})).status_code == 207
