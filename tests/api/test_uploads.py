"""Bodies that are too large for a request: announced, put into the bucket, named, and taken as any other body."""

import base64
import gzip
import hashlib
import json
import os

import httpx
import pytest
from harness.api import event
from harness.telemetry import encoded, request, span, trace_id, unique
from harness.waiting import wait_until

UPLOADS = "/api/public/uploads"
PROTOBUF = "application/x-protobuf"


def digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def announce(api, data: bytes, **more) -> httpx.Response:
    return api.send("POST", UPLOADS, {"contentLength": len(data), "sha256Hash": digest(data)} | more)


def put(made: dict, data: bytes) -> httpx.Response:
    return httpx.put(made["uploadUrl"], content=data, headers={"content-type": made["contentType"], "x-amz-checksum-sha256": digest(data)}, trust_env=False, timeout=60)


def uploaded(api, data: bytes) -> str:
    made = announce(api, data)
    assert made.status_code == 201, made.text
    assert put(made.json(), data).status_code == 200
    return made.json()["uploadId"]


def ingest(api, upload: str, target: str = "traces", content_type: str = PROTOBUF, encoding: str | None = None) -> httpx.Response:
    body = {"target": target, "contentType": content_type} | ({"contentEncoding": encoding} if encoding else {})
    return api.send("POST", f"{UPLOADS}/{upload}", body, timeout=60)


def large(trace: str, megabytes: int = 20) -> tuple[bytes, int]:
    """A body of so many megabytes that does not compress, and how many spans it has."""
    count = megabytes * 10
    body, _ = encoded(request(*[span(trace, id=f"{number + 1:016x}", attributes={"input.value": os.urandom(50_000).hex()}) for number in range(count)]))
    assert len(body) >= megabytes * 1_000_000
    return body, count


def test_a_body_of_twenty_megabytes_is_taken_once_however_often_it_is_named(tenant, clickhouse):
    trace = trace_id()
    body, count = large(trace)
    refused = tenant.http.post("/v1/traces", content=body, headers={"content-type": PROTOBUF}, timeout=60)
    assert refused.status_code == 413

    upload = uploaded(tenant, body)
    answers = [ingest(tenant, upload) for _ in range(2)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 2, answers[0].text
    wait_until(lambda: tenant.read(f"/api/public/v2/traces/{trace}")["trace"]["observationCount"] == count, within=90)
    rows = clickhouse.observations(tenant.project_id, trace)
    assert len(rows) == count and {row["rows"] for row in rows} == {1}


def test_every_target_answers_as_its_own_address_does(tenant):
    trace, packed = trace_id(), trace_id()
    batch = json.dumps({"batch": [event("trace-create", {"id": trace, "name": "uploaded"}), {"id": "bad", "type": "nothing", "timestamp": "2026-01-01T00:00:00Z", "body": {}}]}).encode()
    answer = ingest(tenant, uploaded(tenant, batch), "ingestion", "application/json")
    assert answer.status_code == 207 and [len(answer.json()[part]) for part in ("successes", "errors")] == [1, 1]
    body = gzip.compress(encoded(request(span(packed)))[0])
    assert ingest(tenant, uploaded(tenant, body), encoding="gzip").status_code == 200
    for target in ("logs", "metrics"):
        assert ingest(tenant, uploaded(tenant, b"{}"), target, "application/json").status_code == 200

    assert tenant.trace(trace)["name"] == "uploaded"
    tenant.trace(packed, steps=1)
    for data, target, content_type, status in [(b"{", "ingestion", "application/json", 400), (b"\xff" * 100, "traces", PROTOBUF, 400), (b"{}", "traces", "text/plain", 415)]:
        assert ingest(tenant, uploaded(tenant, data), target, content_type).status_code == status


def test_a_bomb_is_a_bomb_by_this_door_too(tenant):
    body = gzip.compress(b"\0" * (1 << 28), 9)

    assert ingest(tenant, uploaded(tenant, body), encoding="gzip").status_code == 413


@pytest.mark.parametrize(("change", "status"), [
    ({"contentLength": 0}, 413), ({"contentLength": (32 << 20) + 1}, 413), ({"contentLength": -1}, 400), ({"contentLength": "x"}, 400), ({"sha256Hash": "x"}, 400), ({"sha256Hash": digest(b"")[:-4]}, 400), ({"sha256Hash": None}, 400)], ids=str)
def test_announcements_that_cannot_be_are_refused(tenant, change, status):
    assert announce(tenant, b"data", **change).status_code == status


def test_only_the_announced_bytes_are_taken_and_only_once_they_are_there(tenant):
    made = announce(tenant, b"announced").json()
    assert ingest(tenant, made["uploadId"]).status_code == 404
    for body in (b"others of", b"longer than announced"):
        httpx.put(made["uploadUrl"], content=body, headers={"content-type": made["contentType"], "x-amz-checksum-sha256": digest(b"announced")}, trust_env=False)
    put(made, b"something else")

    assert ingest(tenant, made["uploadId"]).status_code in (400, 404)
    for upload in ("none", "00000000-0000-0000-0000-000000000000", "..%2F..%2Fx"):
        assert ingest(tenant, upload).status_code == 404
    for body in ({}, {"target": "elsewhere", "contentType": PROTOBUF}, {"target": "traces"}):
        assert tenant.send("POST", f"{UPLOADS}/{made['uploadId']}", body).status_code == 400


def test_another_projects_upload_is_absent(tenant, other):
    body, _ = encoded(request(span(trace_id())))
    upload = uploaded(tenant, body)

    foreign, absent = ingest(other, upload), ingest(other, "00000000-0000-0000-0000-000000000000")

    assert (foreign.status_code, foreign.json()["message"]) == (404, absent.json()["message"])
    assert ingest(tenant, upload).status_code == 200


def test_a_public_key_alone_uploads_nothing(tenant):
    anyone = httpx.Client(base_url=tenant.base_url, headers={"Authorization": f"Bearer {tenant.key.public_key}"}, trust_env=False)

    assert anyone.post(UPLOADS, json={"contentLength": 1, "sha256Hash": digest(b"x")}).status_code == 403
    assert anyone.post(f"{UPLOADS}/{unique('x')}", json={"target": "traces", "contentType": PROTOBUF}).status_code == 403
