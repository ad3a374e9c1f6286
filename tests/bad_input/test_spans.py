"""B17 to B22: ids, trees, times, amounts and model names that cannot be, in spans and in events that are well formed otherwise."""

import json
import time

import pytest
from harness.api import event
from harness.telemetry import JSON, SECOND, generation, otlp_json, request, span, span_id, trace_id, unique
from harness.waiting import wait_until
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bad_input.checks import alive, clear, rejected, stored_beside

ROW = "/api/public/v2/traces"


@pytest.fixture(scope="module", autouse=True)
def still_alive(tenant, other):
    yield
    alive(tenant, other)


# B17


@pytest.mark.parametrize(("trace", "id"), [(0, 8), (15, 8), (17, 8), (32, 8), (16, 0), (16, 7), (16, 9), (16, 16)], ids=str)
def test_b17_otlp_ids_of_another_length_are_rejected_alone(tenant, trace, id):
    odd = Span(trace_id=b"\x01" * trace, span_id=b"\x01" * id, name="odd", start_time_unix_nano=time.time_ns())

    answer = stored_beside(tenant, [odd])

    assert rejected(answer) == 1


def test_b17_ids_of_zeros_are_none(tenant):
    zeros = [Span(trace_id=bytes(16), span_id=b"12345678", name="odd"), Span(trace_id=b"1" * 16, span_id=bytes(8), name="odd")]

    assert rejected(stored_beside(tenant, zeros)) == 2
    clear(tenant.export(*zeros), 400)


@pytest.mark.parametrize("id", ["", "xyz", "abc", "0" * 32, "../../../etc/passwd", "'; DROP TABLE observations; --", 5, None, ["a"]], ids=repr)
def test_b17_json_ids_that_are_not_hex(tenant, id):
    before = trace_id()
    body = otlp_json(request(span(before, name="before"), span(trace_id(), name="odd")))
    body["resourceSpans"][0]["scopeSpans"][0]["spans"][1]["traceId"] = id

    answer = clear(tenant.http.post("/v1/traces", content=json.dumps(body), headers={"content-type": JSON}), 200, 400)

    if answer.status_code == 200:
        assert rejected(answer) == 1
        assert tenant.trace(before)["name"] == "before"


@pytest.mark.parametrize("id", ["a/../b", "..", "'\"`;--", "a b", "<b>", "\u202e", "%00", "{id:Identifier}", "x" * 800], ids=ascii)
def test_b17_batch_ids_are_any_text(tenant, id):
    mark = unique("m")

    answer = tenant.batch(event("span-create", {"id": f"{mark}-s", "traceId": (id + mark)[-800:], "name": mark}, id="e"))

    clear(answer, 207)
    assert answer.json()["errors"] == []
    (step,) = wait_until(lambda: tenant.read("/api/public/observations", name=mark)["data"])
    assert step["traceId"] == (id + mark)[-800:]


@pytest.mark.parametrize("id", ["x" * 801, "x" * 1_000_000, "a\rb", ["a"], {"a": 1}], ids=lambda id: repr(id)[:20])
def test_b17_batch_ids_that_are_refused(tenant, id):
    good = unique("good")

    answer = tenant.batch(event("trace-create", {"id": id}, id="bad"), event("trace-create", {"id": good}, id="good"))

    clear(answer, 207)
    assert ([found["id"] for found in answer.json()["successes"]], [found["id"] for found in answer.json()["errors"]]) == (["good"], ["bad"])
    tenant.trace(good)


# B18, B19


def test_b18_the_same_span_twice_in_a_request(tenant, clickhouse):
    trace, id = trace_id(), span_id()
    start = time.time_ns()

    tenant.store(generation(trace, id=id, name="one", start=start), generation(trace, id=id, name="two", start=start))

    found = tenant.trace(trace, steps=1)
    assert [step["name"] for step in found["observations"]] == ["two"]
    assert found["totalCost"] == pytest.approx(0.00615)
    assert [row["rows"] for row in clickhouse.observations(tenant.project_id, trace)] == [1]


def test_b18_the_same_span_with_another_start(tenant, clickhouse):
    """Hours apart, so that the two lie in different places."""
    trace, id, now = trace_id(), span_id(), time.time_ns()

    tenant.store(generation(trace, id=id, name="old", start=now - 7_200 * SECOND))
    tenant.trace(trace, steps=1)
    tenant.store(generation(trace, id=id, name="new", start=now))

    found = wait_until(lambda: (lambda t: t if [s["name"] for s in t["observations"]] == ["new"] else None)(tenant.trace(trace)))
    assert found["totalCost"] == pytest.approx(0.00615)
    assert tenant.read(f"{ROW}/{trace}")["trace"]["observationCount"] == 1
    assert [row["rows"] for row in clickhouse.observations(tenant.project_id, trace)] == [1]


def test_b19_parents_that_cannot_be(tenant):
    trace = trace_id()
    own, a, b, c = (span_id() for _ in range(4))
    tenant.store(span(trace, id=own, parent=own, name="own"), span(trace, id=a, parent=b, name="a"), span(trace, id=b, parent=c, name="b"), span(trace, id=c, parent=a, name="c"),
                 span(trace, parent=span_id(), name="orphan"))

    assert {step["name"] for step in tenant.trace(trace, steps=5)["observations"]} == {"own", "a", "b", "c", "orphan"}
    tree = tenant.read(f"{ROW}/{trace}")
    assert tree["trace"]["observationCount"] == 5
    assert trace in [row["id"] for row in tenant.rows()]


def test_b19_a_tree_of_five_thousand_levels(tenant):
    trace = trace_id()
    ids = [span_id() for _ in range(5_000)]
    start = time.time_ns() - 60 * SECOND
    tenant.store(*[span(trace, id=id, parent=parent, name=f"level {level}", start=start + level * 1_000) for level, (id, parent) in enumerate(zip(ids, [None, *ids]))], gzip=True)

    tree = wait_until(lambda: (lambda t: t if len(t.get("observations", [])) == 5_000 else None)(tenant.get(f"{ROW}/{trace}").json()), within=60)
    assert [step["parentObservationId"] for step in tree["observations"]] == [None, *ids[:-1]]


# B20


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [("end before start", 1767225600 * SECOND, 1767225590 * SECOND), ("start 0", 0, 1767225600 * SECOND), ("both 0", 0, 0), ("end 0", 1767225600 * SECOND, 0), ("year 2262", 9_223_372_036 * SECOND, 9_223_372_036 * SECOND),
     ("beyond", 2**64 - 1, 2**64 - 1), ("milliseconds", 1767225600_000, 1767225601_000), ("1970", 1 * SECOND, 2 * SECOND), ("year 2106", 4_294_967_296 * SECOND, 4_294_967_297 * SECOND), ("a long step", 0 + SECOND, 1767225600 * SECOND)],
)
def test_b20_times_of_otlp(tenant, name, start, end):
    trace = trace_id()

    tenant.store(Span(trace_id=bytes.fromhex(trace), span_id=b"12345678", name=name, start_time_unix_nano=start, end_time_unix_nano=end))

    found = tenant.trace(trace, steps=1)
    assert found["observations"][0]["name"] == name
    assert found["observations"][0]["startTime"] and found["timestamp"]
    latency = found["observations"][0]["latency"]
    assert latency is None or latency >= 0 or name == "end before start"
    # Found by its id and, from the time of its arrival on, without a time.
    assert tenant.read(f"{ROW}/{trace}")["trace"]["id"] == trace
    assert tenant.read("/api/public/traces", limit=1)["data"]


@pytest.mark.parametrize("at", ["1969-07-20T20:17:40Z", "2262-04-12T00:00:00Z", "2299-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "0000-00-00", "-1", 1767225600000, "2026-02-30T00:00:00Z", "2026-06-30T23:59:60Z"], ids=str)
def test_b20_times_of_the_batch_api(tenant, at):
    trace = unique("time")

    answer = clear(tenant.batch(event("span-create", {"id": f"{trace}-s", "traceId": trace, "startTime": at, "name": "t"}, id="odd"), event("trace-create", {"id": trace}, id="good")), 207)

    assert "good" in [found["id"] for found in answer.json()["successes"]]
    tenant.trace(trace, steps=1 if "odd" in [found["id"] for found in answer.json()["successes"]] else None)


# B21


@pytest.mark.parametrize("count", [-1, 1.5, 2**63, 2**64, 1e300, "12", "twelve", None, True, [1], {"a": 1}], ids=repr)
def test_b21_token_counts_that_cannot_be(tenant, count):
    trace = trace_id()
    usage = {"input": 100, "odd": count, "output": 10}

    stored_beside(tenant, [generation(trace, model="claude-haiku-4-5", usage=usage)])
    batch = unique("usage")
    clear(tenant.batch(event("generation-create", {"id": batch, "traceId": batch, "model": "claude-haiku-4-5", "usageDetails": usage})), 207)

    found = tenant.trace(trace, steps=1)
    assert (found["observations"][0]["usageDetails"]["input"], found["observations"][0]["usageDetails"]["output"]) == (100, 10)
    # An unknown key has no price, so it can't make the known ones dearer.
    assert found["totalCost"] == pytest.approx(0.00015)


@pytest.mark.parametrize("cost", ["NaN", -1, 1e308, "free", None, True, [], "0.25"], ids=repr)
def test_b21_costs_that_cannot_be(tenant, cost):
    trace = trace_id()

    stored_beside(tenant, [span(trace, attributes={"langfuse.observation.type": "generation", "langfuse.observation.cost_details": json.dumps({"total": cost}), "gen_ai.usage.cost": float("nan")})])

    found = tenant.trace(trace, steps=1)
    # A cost that is none is unknown, not zero.
    assert found["totalCost"] == (pytest.approx(0.25) if cost == "0.25" else None)
    assert tenant.read("/api/public/metrics/daily")["data"][0]["totalCost"] >= 0


def test_b21_sums_of_huge_counts_do_not_wrap(tenant):
    trace = trace_id()
    most = 2**53
    tenant.store(*[generation(trace, usage={"input": most, "output": most}) for _ in range(5)])

    found = tenant.read(f"{ROW}/{trace}") if tenant.trace(trace, steps=5) else {}
    assert found["trace"]["totalTokens"] >= most
    assert found["trace"]["totalCost"] is None or found["trace"]["totalCost"] >= 0


# B22


@pytest.mark.parametrize("model", ["'; DROP TABLE observations; --", '"', "a" * 100_000, "(a+)+$" + "a" * 5_000 + "!", "../../etc/passwd", "\x00", "gpt-4o" + " " * 10_000 + "x", "claude-" * 5_000, "[[[[", "🙂", "%s%n"], ids=lambda m: ascii(m)[:20])
def test_b22_model_names(tenant, model):
    trace = trace_id()

    began = time.monotonic()
    stored_beside(tenant, [generation(trace, model=model, usage={"input": 1, "output": 1})])

    found = tenant.trace(trace, steps=1)
    assert found["observations"][0]["type"] == "GENERATION"
    assert found["totalCost"] is None
    assert time.monotonic() - began < 30
