"""B44: another tenant's ids on every GET, PATCH and DELETE are not found, with the body and about the time of ids that nobody has."""

import statistics
import time

import pytest
from harness.api import event
from harness.telemetry import unique
from harness.waiting import wait_until

from api.world import at


@pytest.fixture(scope="module")
def theirs(other):
    """A trace with a step, a session and a score of the other tenant, and as many ids of the same look that nobody has."""
    found, nobody = {}, {}
    for kind in ("trace", "step", "session", "score"):
        found[kind], nobody[kind] = unique(f"their-{kind}"), unique(f"their-{kind}")
    other.store_batch(
        event("trace-create", {"id": found["trace"], "name": "theirs", "sessionId": found["session"], "timestamp": at(0)}, at(0)),
        event("span-create", {"id": found["step"], "traceId": found["trace"], "name": "their step", "startTime": at(0)}, at(0)),
        event("score-create", {"id": found["score"], "traceId": found["trace"], "name": "their score", "value": 1}, at(0)),
    )
    wait_until(lambda: other.trace(found["trace"], steps=1)["scores"])
    return found, nobody


READS = [("/api/public/traces/{}", "trace"), ("/api/public/v2/traces/{}", "trace"), ("/api/public/observations/{}", "step"), ("/api/public/sessions/{}", "session"), ("/api/public/v2/sessions/{}", "session"),
         ("/api/public/scores/{}", "score"), ("/api/public/v2/scores/{}", "score")]


@pytest.mark.parametrize(("path", "kind"), READS, ids=[path for path, _ in READS])
def test_b44_reads_answer_as_if_it_were_not_there(tenant, theirs, path, kind):
    found, nobody = theirs

    stranger, absent = tenant.get(path.format(found[kind])), tenant.get(path.format(nobody[kind]))

    assert (stranger.status_code, absent.status_code) == (404, 404)
    assert stranger.json()["error"] == "LangfuseNotFoundError"
    assert stranger.text.replace(found[kind], "ID") == absent.text.replace(nobody[kind], "ID")
    assert {name for name in stranger.headers} == {name for name in absent.headers}


@pytest.mark.parametrize(("path", "kind"), [READS[0], READS[5]], ids=["trace", "score"])
def test_b44_and_about_as_fast(tenant, theirs, path, kind):
    """Only a gross difference is asserted: the answer must not come from another place."""
    found, nobody = theirs
    times = {"found": [], "nobody": []}
    for _ in range(15):
        for name, ids in (("found", found), ("nobody", nobody)):
            began = time.perf_counter()
            tenant.get(path.format(ids[kind]))
            times[name].append(time.perf_counter() - began)

    fast, slow = sorted(statistics.median(some) for some in times.values())
    assert slow < fast * 3 + 0.05, times


@pytest.mark.parametrize(("path", "parameter", "kind"), [
    ("/api/public/traces", "sessionId", "session"), ("/api/public/observations", "traceId", "trace"), ("/api/public/v2/observations", "traceId", "trace"), ("/api/public/v2/scores", "scoreIds", "score"),
    ("/api/public/scores", "traceId", "trace"), ("/api/public/v3/scores", "id", "score"), ("/api/public/v2/traces", "search", "trace"), ("/api/public/v2/sessions", "search", "session")])
def test_b44_lists_are_empty(tenant, theirs, path, parameter, kind):
    assert tenant.read(path, **{parameter: theirs[0][kind]})["data"] == []


def test_b44_changes_and_deletes_touch_nothing(tenant, other, theirs, clickhouse):
    found, _ = theirs
    before = other.trace(found["trace"])

    tenant.send("PATCH", f"/api/public/traces/{found['trace']}", {"name": "stolen"})
    tenant.send("PATCH", f"/api/public/observations/{found['step']}", {"traceId": found["trace"], "output": "stolen"})
    tenant.send("PATCH", f"/api/public/scores/{found['score']}", {"value": 99})
    tenant.store_batch(event("trace-create", {"id": found["trace"], "name": "stolen"}), event("span-update", {"id": found["step"], "traceId": found["trace"], "output": "stolen"}))
    tenant.send("POST", "/api/public/scores", {"id": found["score"], "name": "stolen", "value": 99, "traceId": found["trace"]})
    wait_until(lambda: tenant.trace(found["trace"], steps=1))
    tenant.score(found["score"])
    for method, path, body in [("DELETE", f"/api/public/traces/{found['trace']}", None), ("DELETE", "/api/public/traces", {"traceIds": [found["trace"]]}), ("DELETE", f"/api/public/scores/{found['score']}", None)]:
        assert tenant.send(method, path, body).status_code in (200, 202, 404)
    wait_until(lambda: clickhouse.count("traces", tenant.project_id, "id", found["trace"]) == 0)

    assert other.trace(found["trace"]) == before
    assert other.score(found["score"])["value"] == 1
