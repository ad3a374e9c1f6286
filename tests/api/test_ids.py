"""Ids that clients choose are texts of 1 to 800 characters without a carriage return, at every door that takes one."""

import base64
import hashlib
import os
from urllib.parse import quote

import pytest
from harness.api import event
from harness.telemetry import unique
from harness.waiting import wait_until

from api.caller import refused
from api.test_media import id_of, upload
from api.world import at

LONGEST, TOO_LONG, BROKEN = "x" * 800, "x" * 801, "a\rb"
# Of three bytes each: keys and limits of stores count in bytes.
WIDEST = "東" * 800

SCORE = {"name": "n", "value": 1}
STEP = {"traceId": "t", "name": "n", "startTime": at(0)}
EVENTS = [
    ("trace-create", "id", {}), ("span-create", "id", STEP), ("span-create", "traceId", STEP), ("span-create", "parentObservationId", STEP), ("span-update", "id", STEP),
    ("generation-create", "id", STEP), ("generation-update", "id", STEP), ("event-create", "id", STEP), ("score-create", "id", SCORE | {"traceId": "t"}),
    ("score-create", "traceId", SCORE), ("score-create", "sessionId", SCORE), ("score-create", "datasetRunId", SCORE), ("score-create", "observationId", SCORE | {"traceId": "t"}),
]


@pytest.mark.parametrize(("kind", "field", "body"), EVENTS, ids=[f"{kind} {field}" for kind, field, _ in EVENTS])
def test_an_event_of_the_batch_api_is_refused_alone(tenant, kind, field, body):
    answer = tenant.batch(*[event(kind, body | {field: id}, id=name) for name, id in (("longest", LONGEST), ("widest", WIDEST), ("too long", TOO_LONG), ("broken", BROKEN), ("no text", ["a"]))])

    assert sorted(found["id"] for found in answer.json()["successes"]) == ["longest", "widest"], answer.text
    assert {found["id"]: found["status"] for found in answer.json()["errors"]} == {"too long": 400, "broken": 400, "no text": 400}


@pytest.mark.parametrize("id", ["", TOO_LONG, BROKEN, None, 7], ids=lambda id: repr(id)[:12])
def test_an_event_is_named_by_such_an_id_itself(tenant, id):
    answer = tenant.batch({"id": id, "type": "trace-create", "timestamp": at(0), "body": {"id": unique("t")}}, event("trace-create", {"id": unique("t")}, id="good"))

    assert [found["id"] for found in answer.json()["successes"]] == ["good"]
    assert [found["status"] for found in answer.json()["errors"]] == [400]


def media(**owner) -> dict:
    data = unique("file").encode()
    return {"contentType": "text/plain", "contentLength": len(data), "sha256Hash": base64.b64encode(hashlib.sha256(data).digest()).decode(), "field": "input"} | owner


@pytest.fixture(scope="module")
def dataset(tenant) -> str:
    return tenant.send("POST", "/api/public/v2/datasets", {"name": unique("data")}).json()["name"]


@pytest.fixture(scope="module")
def queue(tenant) -> str:
    config = tenant.send("POST", "/api/public/score-configs", {"name": "c", "dataType": "NUMERIC"}).json()["id"]
    return tenant.send("POST", "/api/public/annotation-queues", {"name": unique("queue"), "scoreConfigIds": [config]}).json()["id"]


DOORS = [
    ("traces", "id", lambda **_: {"name": "n"}), ("observations", "id", lambda **_: STEP), ("observations", "traceId", lambda **_: STEP), ("spans", "id", lambda **_: STEP),
    ("generations", "id", lambda **_: STEP), ("events", "id", lambda **_: STEP), ("scores", "id", lambda **_: SCORE | {"traceId": "t"}), ("scores", "traceId", lambda **_: SCORE),
    ("scores", "sessionId", lambda **_: SCORE), ("scores", "datasetRunId", lambda **_: SCORE), ("scores", "observationId", lambda **_: SCORE | {"traceId": "t"}),
    ("scores", "queueId", lambda **_: SCORE | {"traceId": "t"}),
    ("dataset-items", "id", lambda dataset, **_: {"datasetName": dataset, "input": 1}), ("dataset-items", "sourceTraceId", lambda dataset, **_: {"datasetName": dataset, "input": 1}),
    ("dataset-items", "sourceObservationId", lambda dataset, **_: {"datasetName": dataset, "input": 1}),
    ("media", "traceId", lambda **_: media()), ("media", "observationId", lambda **_: media(traceId="t")),
    ("media", "datasetId", lambda **_: media(datasetItemId="i")), ("media", "datasetItemId", lambda **_: media(datasetId="d")),
    ("annotation-queues/{queue}/items", "objectId", lambda **_: {"objectType": "TRACE"}),
]


@pytest.mark.parametrize(("door", "field", "body"), DOORS, ids=[f"{door} {field}" for door, field, _ in DOORS])
def test_a_body_with_another_id_is_refused(tenant, dataset, queue, door, field, body):
    path = f"/api/public/{door.replace('{queue}', queue)}"

    for id in (TOO_LONG, BROKEN, ["a"]):
        refused(tenant.send("POST", path, body(dataset=dataset) | {field: id}), 400, "InvalidRequestError")
    for id in (LONGEST, WIDEST):
        answer = tenant.send("POST", path, body(dataset=dataset) | {field: id})
        assert answer.status_code in (200, 201), answer.text


def test_traces_to_delete_are_named_by_such_ids(tenant):
    for id in ("", TOO_LONG, BROKEN):
        refused(tenant.send("DELETE", "/api/public/traces", {"traceIds": ["t", id]}), 400, "InvalidRequestError")


def test_run_items_and_comments_name_what_they_are_about_by_such_ids(tenant, dataset):
    item = tenant.send("POST", "/api/public/dataset-items", {"datasetName": dataset, "input": 1}).json()["id"]
    for id in (TOO_LONG, BROKEN):
        for body in ({"traceId": id}, {"traceId": "t", "observationId": id}):
            refused(tenant.send("POST", "/api/public/dataset-run-items", {"runName": "r", "datasetItemId": item} | body), 400, "InvalidRequestError")
        refused(tenant.send("POST", "/api/public/comments", {"projectId": tenant.project_id, "objectType": "TRACE", "objectId": id, "content": "x"}), 400, "InvalidRequestError")


def test_the_widest_ids_are_kept_whole_with_their_files_and_their_deletion(tenant, clickhouse):
    mark = unique("wide")
    trace, step, session, user, score = (f"{mark}-{kind}-".ljust(800, "東") for kind in ("trace", "step", "session", "user", "score"))
    inside = os.urandom(200)
    tenant.store_batch(
        event("trace-create", {"id": trace, "sessionId": session, "userId": user, "name": "東" * 1_000, "timestamp": at(0)}, at(0)),
        event("span-create", {"id": step, "traceId": trace, "startTime": at(0), "input": f"data:image/png;base64,{base64.b64encode(inside).decode()}"}, at(0)),
        event("score-create", {"id": score, "traceId": trace, "observationId": step, "name": "s", "value": 1}, at(0)))
    address = f"/api/public/traces/{quote(trace, safe='')}"

    found = wait_until(lambda: (lambda answer: answer.json() if answer.status_code == 200 and len(answer.json()["scores"]) == 1 else None)(tenant.http.get(address)))

    assert (found["id"], found["sessionId"], found["userId"], found["name"]) == (trace, session, user, "東" * 1_000)
    assert [one["id"] for one in found["observations"]] == [step] and [one["id"] for one in found["scores"]] == [score]
    assert tenant.http.get(f"/api/public/sessions/{quote(session, safe='')}").json()["id"] == session
    files = {id_of(inside), upload(tenant, os.urandom(200), traceId=trace, observationId=step)}
    links = tenant.read(f"/api/public/v2/traces/{quote(trace, safe='')}/media")["data"]
    assert {(link["mediaId"], link["observationId"]) for link in links} == {(file, step) for file in files}
    assert tenant.http.request("DELETE", address).status_code == 200
    wait_until(lambda: clickhouse.count("traces", tenant.project_id, "id", trace) == 0)
    wait_until(lambda: {tenant.get(f"/api/public/media/{file}").status_code for file in files} == {404})


@pytest.mark.parametrize("path", ["traces/{}", "v2/traces/{}", "observations/{}", "sessions/{}", "scores/{}", "v2/scores/{}", "dataset-items/{}", "media/{}"])
def test_nothing_is_found_by_another_id(tenant, path):
    for id in (TOO_LONG, "a%0Db"):
        refused(tenant.http.get(f"/api/public/{path.format(id)}"), 404, "LangfuseNotFoundError")
