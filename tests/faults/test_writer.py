"""R7, R8, R11 to R13, R16, R22: what may break between the stream and ClickHouse."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.stack import ROOT
from harness.telemetry import generation, span, trace_id, unique
from harness.waiting import wait_until

from faults.test_ingest import STEPS, each_once, story

CATCHING_UP = 60.0
RECORDS = ROOT / "tests/fixtures/records"


def test_r7_killed_before_the_insert(api, clickhouse, faults, functions):
    trace = trace_id()
    faults.set("clickhouse", mode="delay", match="observations", seconds=60, times=1)
    api.store(*story(trace))
    faults.wait_for("clickhouse")

    functions.kill("write-events")

    each_once(api, clickhouse, trace)


@pytest.mark.parametrize("table", ["trace_minutes", "observations", "traces"])
def test_r8_killed_between_insert_and_checkpoint(api, clickhouse, faults, functions, table):
    """ClickHouse has the block, the stream does not know: the same block comes again and changes nothing at once."""
    trace = trace_id()
    faults.set("clickhouse", mode="drop", match=["INSERT", table], hold=60, times=1)
    api.store(*story(trace))
    faults.wait_for("clickhouse")
    if table == "observations":
        wait_until(lambda: len(clickhouse.observations(api.project_id, trace)) == STEPS)

    functions.kill("write-events")

    each_once(api, clickhouse, trace)
    assert [row["lying"] for row in clickhouse.observations(api.project_id, trace)] == [1] * STEPS


@pytest.mark.parametrize("table", ["observations", "traces"])
def test_r11_an_answer_that_never_comes(api, clickhouse, faults, table):
    trace = trace_id()
    faults.set("clickhouse", mode="drop", match=["INSERT", table], hold=2, times=1)

    api.store(*story(trace))

    faults.wait_for("clickhouse")
    wait_until(lambda: each_once(api, clickhouse, trace) is None, CATCHING_UP)
    assert [row["lying"] for row in clickhouse.observations(api.project_id, trace)] == [1] * STEPS


FULL = [(243, "disk full"), (242, "read-only"), (252, "too many parts"), (202, "too many queries"), (241, "out of memory"), (164, "a read-only server"), (60, "a missing table"), (516, "a changed password")]


@pytest.mark.parametrize(("code", "what"), FULL, ids=[what for _, what in FULL])
def test_r12_a_clickhouse_that_takes_nothing(api, clickhouse, faults, aws, code, what):
    trace, aside = trace_id(), aws.failed_keys()
    faults.set("clickhouse", mode="error", match="INSERT", status=500, clickhouse_code=code)
    api.store(*story(trace))
    faults.wait_for("clickhouse", 2)
    assert not api.has_trace(trace)

    faults.clear()

    wait_until(lambda: api.has_trace(trace), CATCHING_UP)
    each_once(api, clickhouse, trace)
    assert aws.failed_keys() == aside, "records were put aside although the store was only away"


def test_r12_clickhouse_killed_and_started_again(api, clickhouse, stack):
    """The real server, killed; telemetry is taken meanwhile and readable afterwards."""
    traces = [trace_id() for _ in range(5)]
    with stack.killed("clickhouse"):
        for trace in traces:
            api.store(*story(trace))
        answer = api.get(f"/api/public/traces/{traces[0]}")
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]

    for trace in traces:
        wait_until(lambda trace=trace: api.get(f"/api/public/traces/{trace}").status_code == 200, CATCHING_UP)
        each_once(api, clickhouse, trace)


def reason(aws, key: str) -> str:
    return json.loads(aws.object(key))["reason"]


def test_r13_a_poison_record_among_five_hundred(api, clickhouse, aws):
    traces = [[trace_id() for _ in range(20)] for _ in range(120)]
    before = aws.failed_keys()
    poison = unique("poison").encode()
    with aws.writer_paused():
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda some: api.store(*[span(trace) for trace in some]), traces[:60]))
            aws.put_record(b"\x01" + poison)
            list(pool.map(lambda some: api.store(*[span(trace) for trace in some]), traces[60:]))

    every = [trace for some in traces for trace in some]
    count = "SELECT uniqExact(trace_id) FROM observations WHERE project_id = {project:String} AND trace_id IN {traces:Array(String)}"
    wait_until(lambda: clickhouse.value(count, project=api.project_id, traces=every) == len(every), CATCHING_UP)
    (key,) = wait_until(lambda: aws.failed_keys() - before)
    assert "decompress" in reason(aws, key) or "decode" in reason(aws, key)
    # The shard goes on.
    later = trace_id()
    api.store(*story(later))
    each_once(api, clickhouse, later)
    aws.delete(key)


def test_r13_poison_of_every_kind(api, clickhouse, aws):
    before = aws.failed_keys()
    poison = [b"\x01", b"\x09from the future", b"\x02elsewhere/key", b"\x02overflow/no-such-object", b"\x01\x28\xb5\x2f\xfd garbage", os.urandom(900_000), b"\x01" + bytes(100), b"\xff" * 10]

    aws.put_records(poison)

    later = trace_id()
    api.store(*story(later))
    each_once(api, clickhouse, later)
    keys = wait_until(lambda: (lambda new: new if len(new) == len(poison) else None)(aws.failed_keys() - before))
    assert all(reason(aws, key) for key in keys)
    for key in keys:
        aws.delete(key)


def test_r16_what_was_put_aside_is_redriven_by_one_command(api, clickhouse, faults, aws, stack):
    """ClickHouse will not take a record's rows; its neighbours are stored; after a fix every span appears once."""
    before = aws.failed_keys()
    bad, good = trace_id(), trace_id()
    faults.set("clickhouse", mode="error", match=["INSERT", bad], status=400, clickhouse_code=117)
    with aws.writer_paused():
        api.store(*story(good))
        api.store(*story(bad))
        api.store(*story(trace := trace_id()))
    (key,) = wait_until(lambda: aws.failed_keys() - before, CATCHING_UP)
    assert "117" in reason(aws, key)
    each_once(api, clickhouse, good)
    each_once(api, clickhouse, trace)
    assert not api.has_trace(bad)

    faults.clear()
    told = json.loads(stack.cloud("redrive"))

    assert told["redriven"] >= 1
    each_once(api, clickhouse, bad)
    assert key not in aws.failed_keys()
    # Twice changes nothing.
    stack.cloud("redrive")
    each_once(api, clickhouse, bad)


def test_a_deleted_trace_does_not_come_back_by_a_redrive(api, clickhouse, faults, aws, stack):
    """A part of a trace was put aside when the trace was deleted: nobody sees it again."""
    before = aws.failed_keys()
    trace, other = trace_id(), trace_id()
    faults.set("clickhouse", mode="error", match=["INSERT", trace], status=400, clickhouse_code=117)
    with aws.writer_paused():
        api.store(*story(trace))
        api.store(*story(other))
    (key,) = wait_until(lambda: aws.failed_keys() - before, CATCHING_UP)
    put_aside = aws.object(key)
    faults.clear()
    assert api.send("DELETE", f"/api/public/traces/{trace}").status_code == 200
    wait_until(lambda: clickhouse.value("SELECT count() FROM trace_minutes WHERE deleted_at > 0 AND trace_hash = xxHash64({trace:String})", trace=trace))
    wait_until(lambda: key not in aws.failed_keys())
    # Had the writer put it aside a moment later, it would lie there still.
    aws.client("s3").put_object(Bucket=aws.bucket, Key=key, Body=put_aside)

    stack.cloud("redrive")

    assert key not in aws.failed_keys()
    # What is sent after the redriven record is written after it.
    api.store(*story(later := trace_id()))
    each_once(api, clickhouse, later)
    assert not api.has_trace(trace)
    assert clickhouse.count("observations", api.project_id, "trace_id", trace) == 0


def test_what_was_put_aside_of_a_deleted_trace_is_deleted_too(api, clickhouse, faults, aws, stack):
    """Two traces in one record that could not be stored; one of them is deleted. The other is still there to be redriven."""
    def bucket(trace):
        return clickhouse.value("SELECT xxHash32({trace:String}) % 256", trace=trace)

    before = aws.failed_keys()
    gone = trace_id()
    stays = next(trace for trace in iter(trace_id, None) if bucket(trace) == bucket(gone))
    faults.set("clickhouse", mode="error", match=["INSERT", gone], status=400, clickhouse_code=117)
    api.store(*story(gone), *story(stays))
    (key,) = wait_until(lambda: aws.failed_keys() - before, CATCHING_UP)
    put_aside = aws.object(key)
    faults.clear()

    assert api.send("DELETE", f"/api/public/traces/{gone}").status_code == 200

    wait_until(lambda: aws.object(key) != put_aside)
    stack.cloud("redrive")
    assert key not in aws.failed_keys()
    each_once(api, clickhouse, stays)
    assert not api.has_trace(gone)
    assert clickhouse.count("observations", api.project_id, "trace_id", gone) == 0


def test_r22_records_of_every_format_are_read(api, clickhouse, aws):
    """Inline and by pointer, side by side; one of a version that is not known yet waits in the failure bucket."""
    before = aws.failed_keys()
    inline, large = trace_id(), trace_id()
    api.store(*story(inline))
    api.store(generation(large, id=f"{1:016x}", attributes={"langfuse.observation.input": os.urandom(1_200_000).hex()}))
    each_once(api, clickhouse, inline)
    each_once(api, clickhouse, large, 1)
    records = [record for record in aws.stream_records() if record[:1] in (b"\x01", b"\x02")]
    assert {record[:1] for record in records[-8:]} >= {b"\x01"}

    # A rollback: the new version's records, then the old ones again.
    aws.put_records([b"\x7fnew", *records[-2:], b"\x7fnew"])

    keys = wait_until(lambda: (lambda new: new if len(new) == 2 else None)(aws.failed_keys() - before))
    assert all("version 127" in reason(aws, key) for key in keys)
    each_once(api, clickhouse, inline)
    each_once(api, clickhouse, large, 1)
    for key in keys:
        aws.delete(key)


def test_r22_a_record_of_the_first_release_is_still_read(clickhouse, aws):
    """A record as version 1 wrote it, committed. It names a project of its own, so it is looked for in ClickHouse itself."""
    told = json.loads((RECORDS / "version-1.json").read_text())

    aws.put_record((RECORDS / "version-1.bin").read_bytes())

    wait_until(lambda: [row["id"] for row in clickhouse.observations(told["project"], told["trace"])] == told["steps"])


def test_an_export_may_hold_hundreds_of_traces(api, clickhouse):
    """More than one record, more than one block, each once."""
    traces = [trace_id() for _ in range(300)]
    answer = api.export(*[one for trace in traces for one in story(trace, 2)])
    assert answer.status_code == 200

    for trace in traces[::60]:
        each_once(api, clickhouse, trace, 2)
    count = "SELECT count() FROM observations WHERE project_id = {project:String} AND trace_id IN {traces:Array(String)}"
    wait_until(lambda: clickhouse.value(count, project=api.project_id, traces=traces) == 600)
