"""R24, R31 to R34: revoked keys, wrong clocks, late spans, repeated batches and equal ids."""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.api import Api, event
from harness.telemetry import SECOND, encoded, generation, request, span, span_id, trace_id, unique
from harness.waiting import wait_until

from faults.test_ingest import each_once, story

DAY = 86_400


@pytest.fixture(scope="module", autouse=True)
def revoked(owner, other):
    """A key that every function knew when it was revoked: what uses it, and when that was."""
    key = owner.new_key(other.project_id)
    caller = Api(other.base_url, key)
    doors = {
        "ingest": lambda: caller.export(span(trace_id())), "traces": lambda: caller.get("/api/public/traces", limit=1), "metrics": lambda: caller.get("/api/public/metrics/daily"),
        "projects": lambda: caller.get("/api/public/projects"),
    }
    assert {name: door().status_code for name, door in doors.items()} == dict.fromkeys(doors, 200)
    owner.revoke(key)
    return doors, time.monotonic()


@pytest.mark.parametrize(("name", "offset"), [("a day ahead", DAY), ("a year back", -365 * DAY), ("ten years ahead", 3_650 * DAY)])
def test_r31_wrong_clocks(tenant, name, offset):
    trace, now = trace_id(), time.time()
    told = datetime.datetime.fromtimestamp(now + offset, datetime.timezone.utc)

    tenant.store(generation(trace, name=name, start=int((now + offset) * SECOND)))

    found = tenant.trace(trace, steps=1)
    assert found["timestamp"][:10] == told.strftime("%Y-%m-%d")
    # By its time, and by that of its arrival.
    day = {"fromTimestamp": (told - datetime.timedelta(hours=1)).isoformat(), "toTimestamp": (told + datetime.timedelta(hours=1)).isoformat()}
    assert trace in [row["id"] for row in tenant.rows(**day)]
    assert trace in [row["id"] for row in tenant.read("/api/public/traces", limit=100)["data"]]
    created = datetime.datetime.fromisoformat(found["createdAt"].replace("Z", "+00:00"))
    assert abs((created - datetime.datetime.fromtimestamp(now, datetime.timezone.utc)).total_seconds()) < 60
    # Dashboards are unharmed: one day more, each with sums that make sense.
    days = {day["date"]: day for day in tenant.read("/api/public/metrics/daily")["data"]}
    assert days[told.strftime("%Y-%m-%d")]["countTraces"] >= 1


def test_r32_children_before_their_root(tenant):
    trace, root, now = trace_id(), span_id(), time.time_ns()
    tenant.store(span(trace, parent=root, name="child", start=now, attributes={"input.value": "child in"}))
    early = tenant.trace(trace, steps=1)
    assert [step["name"] for step in early["observations"]] == ["child"]
    assert trace in [row["id"] for row in tenant.rows()]

    tenant.store(span(trace, id=root, name="root", start=now - 5 * 3_600 * SECOND, milliseconds=5 * 3_600_000 + 100,
                      attributes={"user.id": "late user", "session.id": "late session", "langfuse.trace.tags": ["late"], "input.value": "root in"}))

    # The trace's own row is written last.
    found = wait_until(lambda: (lambda t: t if t["name"] == "root" else None)(tenant.trace(trace, steps=2)))
    assert (found["name"], found["userId"], found["sessionId"], found["tags"], found["input"]) == ("root", "late user", "late session", ["late"], "root in")
    assert found["latency"] == pytest.approx(5 * 3_600 + 0.1, abs=0.5)
    rows = [row for row in tenant.rows(limit=200) if row["id"] == trace]
    assert [(row["name"], row["observationCount"]) for row in rows] == [("root", 2)]


def test_r32_children_long_after_their_root(tenant, clickhouse):
    trace, root, now = trace_id(), span_id(), time.time_ns()
    tenant.store(span(trace, id=root, name="root", start=now - 6 * 3_600 * SECOND))
    tenant.trace(trace, steps=1)

    for hours in (5, 2, 0):
        tenant.store(generation(trace, id=f"{hours + 1:016x}", parent=root, start=now - hours * 3_600 * SECOND))

    wait_until(lambda: tenant.read(f"/api/public/v2/traces/{trace}")["trace"]["observationCount"] == 4)
    found = tenant.trace(trace, steps=4)
    assert found["name"] == "root" and found["totalCost"] == pytest.approx(3 * 0.00615)
    assert tenant.read(f"/api/public/v2/traces/{trace}")["trace"]["observationCount"] == 4
    assert len(tenant.read("/api/public/observations", traceId=trace)["data"]) == 4
    assert len(tenant.read("/api/public/v2/observations", traceId=trace)["data"]) == 4
    assert [row["id"] for row in tenant.rows(limit=200)].count(trace) == 1


def test_r32_a_root_that_never_comes(tenant):
    trace, never = trace_id(), span_id()
    tenant.store(span(trace, parent=never, name="one", attributes={"user.id": "u"}), generation(trace, parent=never))

    found = tenant.trace(trace, steps=2)
    assert (found["userId"], found["totalCost"]) == ("u", pytest.approx(0.00615))
    assert trace in [row["id"] for row in tenant.rows()]


def test_r33_the_same_batch_five_times_in_parallel(tenant, clickhouse):
    trace = trace_id()
    body, headers = encoded(request(*story(trace, 20)))

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: tenant.http.post("/v1/traces", content=body, headers=headers).status_code, range(5)))

    assert answers == [200] * 5
    # All five have been written when something sent after them is there.
    later = trace_id()
    tenant.store(span(later))
    tenant.trace(later)
    each_once(tenant, clickhouse, trace, 20)
    (day,) = [day for day in tenant.read("/api/public/metrics/daily")["data"] if day["date"] == "2026-01-01"]
    assert (day["countObservations"], day["totalCost"]) == (20, pytest.approx(20 * 0.00615))


def test_r33_the_same_batch_of_events_five_times_in_parallel(tenant, clickhouse):
    trace = unique("five")
    events = [event("trace-create", {"id": trace, "name": "n", "tags": ["a", "b"], "timestamp": "2026-02-01T00:00:00Z"}, "2026-02-01T00:00:00Z"),
              event("generation-create", {"id": f"{trace}-g", "traceId": trace, "model": "claude-sonnet-4-5", "startTime": "2026-02-01T00:00:00Z", "usageDetails": {"input": 1000, "input_cached_tokens": 500, "output": 200}}, "2026-02-01T00:00:00Z"),
              event("generation-update", {"id": f"{trace}-g", "traceId": trace, "output": "done"}, "2026-02-01T00:00:01Z"),
              event("score-create", {"id": f"{trace}-s", "traceId": trace, "name": "s", "value": 1}, "2026-02-01T00:00:01Z")]

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: tenant.store_batch(*events), range(5)))

    found = wait_until(lambda: (lambda t: t if t["scores"] and t["observations"] and t["observations"][0]["output"] == "done" else None)(tenant.trace(trace)))
    assert (found["tags"], len(found["scores"]), len(found["observations"])) == (["a", "b"], 1, 1)
    assert found["totalCost"] == pytest.approx(0.00615)
    assert [row["rows"] for row in clickhouse.observations(tenant.project_id, trace)] == [1]


def test_r34_two_tenants_with_equal_ids(tenant, other, clickhouse):
    trace = trace_id()
    tenant.store(*story(trace, 2), span(trace, id="00000000000000ff", name="mine"))
    other.store(span(trace, id=f"{1:016x}", name="theirs", start=1767225600_000_000_001))

    mine, theirs = tenant.trace(trace, steps=3), other.trace(trace, steps=1)
    assert {step["name"] for step in mine["observations"]} == {"generation", "mine"} and mine["totalCost"] == pytest.approx(2 * 0.00615)
    assert [step["name"] for step in theirs["observations"]] == ["theirs"] and theirs["totalCost"] is None
    assert {step["projectId"] for step in mine["observations"]} == {tenant.project_id}

    other.send("DELETE", f"/api/public/traces/{trace}")
    wait_until(lambda: clickhouse.count("observations", other.project_id, "trace_id", trace) == 0)
    assert len(tenant.trace(trace)["observations"]) == 3


def test_r24_a_revoked_key_is_refused_everywhere_within_a_minute(revoked, other):
    """It was revoked before the other tests of this module, which pass the time."""
    doors, at = revoked

    wait_until(lambda: all(door().status_code == 401 for door in doors.values()), within=max(1.0, at + 60 - time.monotonic()), every=0.5)
    assert other.get("/api/public/traces").status_code == 200
