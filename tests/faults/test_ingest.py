"""R1 to R4, R6, R15, R23, R25: what may break between a client and the stream. Nothing acknowledged is lost, nothing is stored twice."""

import os
import threading

import httpx
import pytest
from harness.api import TRACES
from harness.telemetry import encoded, generation, request, span, trace_id
from harness.waiting import wait_until
from opentelemetry.proto.trace.v1.trace_pb2 import Span

STEPS = 5


def story(trace: str, steps: int = STEPS) -> list[Span]:
    return [generation(trace, id=f"{number:016x}", start=1767225600_000_000_000 + number) for number in range(1, steps + 1)]


def each_once(api, clickhouse, trace: str, steps: int = STEPS) -> None:
    """Every id once in the API and in ClickHouse, every cost once."""
    found = api.trace(trace, steps=steps)
    assert sorted(step["id"] for step in found["observations"]) == [f"{number:016x}" for number in range(1, steps + 1)]
    assert found["totalCost"] == pytest.approx(0.00615 * steps)
    row = api.read(f"/api/public/v2/traces/{trace}")["trace"]
    assert (row["observationCount"], row["totalTokens"]) == (steps, 1700 * steps)
    rows = clickhouse.observations(api.project_id, trace)
    assert [(row["id"], row["rows"]) for row in rows] == [(f"{number:016x}", 1) for number in range(1, steps + 1)]


def stays_away(api, trace: str) -> None:
    """Nothing of the trace is there once something sent after it is."""
    later = trace_id()
    api.store(span(later))
    api.trace(later)
    assert not api.has_trace(trace)


class Sending(threading.Thread):
    """A request that something happens to meanwhile."""

    def __init__(self, api, *spans):
        super().__init__(daemon=True)
        self.api, (self.body, self.headers), self.status = api, encoded(request(*spans)), None
        self.start()

    def run(self) -> None:
        try:
            self.status = self.api.http.post(TRACES, content=self.body, headers=self.headers, timeout=60).status_code
        except httpx.TransportError:
            self.status = 0

    def ended(self) -> int:
        self.join(60)
        assert self.status is not None
        return self.status


def retried(api, spans, within: float = 30) -> httpx.Response:
    """Sends as exporters do: again after 429 and 5xx."""
    return wait_until(lambda: (lambda answer: answer if answer.status_code == 200 else None)(api.export(*spans)), within, every=0.3)


def test_r1_killed_after_the_stream_has_it_and_before_the_answer(api, clickhouse, faults, functions):
    trace = trace_id()
    api.store(span(trace_id()))
    faults.set("kinesis", mode="drop", match="PutRecords", times=1, hold=60)
    sending = Sending(api, *story(trace))
    faults.wait_for("kinesis")
    # The spans are there although nobody was told.
    api.trace(trace, steps=STEPS)

    functions.kill("ingest")

    assert not 200 <= sending.ended() < 300
    faults.clear()
    retried(api, story(trace))
    each_once(api, clickhouse, trace)


def test_r2_killed_before_the_stream_has_it(api, clickhouse, faults, functions):
    trace = trace_id()
    api.store(span(trace_id()))
    faults.set("kinesis", mode="delay", match="PutRecords", seconds=30)
    sending = Sending(api, *story(trace))
    faults.wait_for("kinesis")

    functions.kill("ingest")

    assert not 200 <= sending.ended() < 300
    faults.clear()
    stays_away(api, trace)
    retried(api, story(trace))
    each_once(api, clickhouse, trace)


def test_r3_a_stream_that_throttles_for_a_moment(api, clickhouse, faults):
    trace = trace_id()
    faults.set("kinesis", mode="throttle", match="PutRecords", times=2)

    answer = api.export(*story(trace))

    assert answer.status_code == 200, answer.text
    assert faults.applied("kinesis") == 2
    each_once(api, clickhouse, trace)


@pytest.mark.parametrize("rule", [{"mode": "throttle"}, {"mode": "throttle", "code": "LimitExceededException"}, {"mode": "refuse"}, {"mode": "error", "status": 500}, {"mode": "reset"}], ids=str)
def test_r3_a_stream_that_stays_away(api, clickhouse, faults, rule):
    trace = trace_id()
    faults.set("kinesis", **rule)

    answer = api.export(*story(trace))

    assert answer.status_code in (429, 503), answer.text
    assert int(answer.headers["retry-after"]) > 0 and answer.json()["message"]
    faults.clear()
    stays_away(api, trace)
    retried(api, story(trace))
    each_once(api, clickhouse, trace)


@pytest.mark.parametrize("path", ["/api/public/ingestion", "/api/public/scores", "/api/public/traces"])
def test_r3_every_door_says_so(api, faults, path):
    body = {"batch": [{"id": "e", "type": "trace-create", "timestamp": "2026-01-01T00:00:00Z", "body": {"id": trace_id()}}]} if path.endswith("ingestion") else {"name": "n", "value": 1, "traceId": trace_id()}
    with faults.rule("kinesis", mode="refuse"):
        answer = api.send("POST", path, body)

    assert answer.status_code in (429, 503), answer.text
    assert answer.headers["retry-after"]


def test_r4_some_records_of_a_put_fail(api, clickhouse, faults):
    traces = [trace_id() for _ in range(40)]
    spans = [one for trace in traces for one in story(trace, 1)]
    faults.set("kinesis", mode="partial", match="PutRecords", fail=[0, 2], times=1)

    answer = api.export(*spans)

    assert answer.status_code == 200, answer.text
    assert faults.seen("kinesis")["rule"]["matched"] == 2  # once for all, once for those that failed
    for trace in traces:
        each_once(api, clickhouse, trace, 1)
    # Only the refused ones were put again: no row was ever written twice.
    assert clickhouse.value("SELECT count() FROM observations WHERE project_id = {project:String} AND trace_id IN {traces:Array(String)}", project=api.project_id, traces=traces) == 40


def test_r4_records_that_never_get_in(api, clickhouse, faults):
    trace = trace_id()
    faults.set("kinesis", mode="partial", match="PutRecords", fail=1)

    answer = api.export(*story(trace))

    assert answer.status_code in (429, 503), answer.text
    faults.clear()
    retried(api, story(trace))
    each_once(api, clickhouse, trace)


def test_r6_a_stream_that_has_it_and_does_not_say_so(api, clickhouse, faults):
    """The put times out and is repeated: the record is there twice, its rows once."""
    trace = trace_id()
    faults.set("kinesis", mode="drop", match="PutRecords", times=1, hold=60)

    answer = api.export(*story(trace))

    assert answer.status_code in (200, 429, 503), answer.text
    faults.clear()
    if answer.status_code != 200:
        retried(api, story(trace))
    each_once(api, clickhouse, trace)


def test_r15_a_span_that_cannot_be_mapped_leaves_its_neighbours(api, clickhouse):
    from bad_input.checks import rejected

    trace = trace_id()
    odd = Span(trace_id=b"short", span_id=b"12345678", name="odd")

    answer = api.export(*story(trace), odd)

    assert answer.status_code == 200
    assert rejected(answer) == 1
    each_once(api, clickhouse, trace)


def test_r23_a_table_that_is_away(api, owner, other, clickhouse, faults, functions):
    """Known keys go on from memory; unknown ones hear that it is for now, never that they are wrong."""
    fresh = owner.new_key(other.project_id)
    functions.kill("ingest")
    retried(api, [span(trace_id())])
    trace = trace_id()
    for rule in ({"mode": "refuse"}, {"mode": "throttle"}, {"mode": "error", "status": 500}):
        faults.set("dynamodb", **rule)

        answers = [api.export(*story(trace)) for _ in range(3)]
        unknown = httpx.post(f"{api.base_url}{TRACES}", content=b"", auth=(fresh.public_key, fresh.secret_key), headers={"content-type": "application/x-protobuf"}, trust_env=False, timeout=30)

        assert [answer.status_code for answer in answers] == [200] * 3, rule
        assert unknown.status_code == 503, (rule, unknown.status_code, unknown.text)
        assert unknown.headers["retry-after"]
        faults.clear()
    each_once(api, clickhouse, trace)
    wait_until(lambda: httpx.post(f"{api.base_url}{TRACES}", content=b"", auth=(fresh.public_key, fresh.secret_key), headers={"content-type": "application/x-protobuf"}, trust_env=False, timeout=30).status_code == 200)


@pytest.mark.parametrize("rule", [{"mode": "refuse"}, {"mode": "throttle"}, {"mode": "error", "status": 500}], ids=str)
def test_r25_a_bucket_that_is_away_when_a_body_needs_it(api, clickhouse, faults, rule):
    trace = trace_id()
    large = generation(trace, id=f"{1:016x}", attributes={"langfuse.observation.input": os.urandom(1_200_000).hex()})
    faults.set("s3", **rule)

    answer = api.export(large)

    assert answer.status_code == 503, answer.text[:300]
    assert answer.headers["retry-after"]
    faults.clear()
    stays_away(api, trace)
    retried(api, [large])
    each_once(api, clickhouse, trace, 1)
    assert len(api.trace(trace)["observations"][0]["input"]) == 2_400_000
