"""Media: announced, sent to a signed address, reported, fetched; and lifted out of texts by the server."""

import base64
import hashlib
import json
import os
import urllib.parse

import httpx
import pytest

from harness.api import event
from harness.telemetry import span, trace_id, unique
from harness.waiting import wait_until

MEDIA = "/api/public/media"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def id_of(data: bytes) -> str:
    return sha256(data).replace("+", "-").replace("/", "_")[:22]


def announcement(data: bytes, **more) -> dict:
    body = {"traceId": trace_id(), "contentType": "image/png", "contentLength": len(data), "sha256Hash": sha256(data), "field": "input"}
    return {name: value for name, value in (body | more).items() if value is not None}


def announce(api, data: bytes, **more) -> dict:
    answer = api.send("POST", MEDIA, announcement(data, **more))
    assert answer.status_code == 201, answer.text
    return answer.json()


def put(url: str, data: bytes, content_type: str = "image/png", checksum: str | None = None, **headers) -> httpx.Response:
    """As Python's SDK sends it, without any key of ours."""
    said = {"Content-Type": content_type, "x-amz-checksum-sha256": checksum or sha256(data), "x-ms-blob-type": "BlockBlob"} | headers
    return httpx.put(url, content=data, headers=said, trust_env=False)


def report(api, media_id: str, status: int = 200) -> httpx.Response:
    body = {"uploadedAt": "2026-03-01T10:00:00.000Z", "uploadHttpStatus": status, "uploadHttpError": "", "uploadTimeMs": 12}
    return api.send("PATCH", f"{MEDIA}/{media_id}", body)


def upload(api, data: bytes, **more) -> str:
    made = announce(api, data, **more)
    assert put(made["uploadUrl"], data, more.get("contentType", "image/png")).status_code == 200
    assert report(api, made["mediaId"]).status_code == 204
    return made["mediaId"]


def listed(api, trace: str) -> list[dict]:
    return api.read(f"/api/public/v2/traces/{urllib.parse.quote(trace, safe='')}/media")["data"]


def fetched(file: dict) -> bytes:
    answer = httpx.get(file["url"], trust_env=False)
    assert answer.status_code == 200, answer.text[:300]
    return answer.content


def objects(aws, project: str) -> list[str]:
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=aws.output("MediaBucket"), Prefix=f"{project}/")
    return [found["Key"] for page in pages for found in page.get("Contents", [])]


def test_a_file_goes_its_way_and_comes_back(tenant):
    data, trace = os.urandom(5_000), trace_id()

    made = announce(tenant, data, traceId=trace, observationId="abcdef0123456789", field="output")

    assert made["mediaId"] == id_of(data)
    assert tenant.get(f"{MEDIA}/{made['mediaId']}").status_code == 404, "not before it is uploaded"
    assert put(made["uploadUrl"], data).status_code == 200
    assert tenant.get(f"{MEDIA}/{made['mediaId']}").status_code == 404, "not before that is reported"
    assert report(tenant, made["mediaId"]).status_code == 204
    found = tenant.read(f"{MEDIA}/{made['mediaId']}")
    assert (found["mediaId"], found["contentType"], found["contentLength"]) == (made["mediaId"], "image/png", 5_000)
    assert found["uploadedAt"] == "2026-03-01T10:00:00.000Z" and found["urlExpiry"] > found["uploadedAt"]
    answer = httpx.get(found["url"], trust_env=False)
    assert answer.content == data
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == ("image/png", f'attachment; filename="{found["mediaId"]}.png"')
    [link] = listed(tenant, trace)
    assert (link["observationId"], link["field"], link["mediaId"]) == ("abcdef0123456789", "output", made["mediaId"])
    assert fetched(link) == data


def test_the_same_bytes_are_sent_once_and_linked_everywhere(tenant):
    data, first, second = os.urandom(300), trace_id(), trace_id()
    upload(tenant, data, traceId=first)

    again = announce(tenant, data, traceId=second, field="metadata")

    assert again == {"mediaId": id_of(data), "uploadUrl": None}
    assert [(link["field"], link["observationId"]) for link in listed(tenant, second)] == [("metadata", None)]
    assert len(listed(tenant, first)) == 1


def test_other_bytes_than_announced_never_become_downloadable(tenant):
    data, other = os.urandom(400), os.urandom(400)
    made = announce(tenant, data)

    assert put(made["uploadUrl"], other, checksum=sha256(data)).status_code == 400, "S3 checks the checksum"
    assert put(made["uploadUrl"], other).status_code in (400, 403), "the checksum is signed"
    assert put(made["uploadUrl"], data + b"x", checksum=sha256(data)).status_code in (400, 403)
    assert put(made["uploadUrl"], data, content_type="text/html").status_code == 403, "the type is signed"
    answer = report(tenant, made["mediaId"])
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError")
    assert tenant.get(f"{MEDIA}/{made['mediaId']}").status_code == 404
    # Announced again it gets an address again, and then all is well.
    assert announce(tenant, data)["uploadUrl"]
    assert tenant.get(f"{MEDIA}/{upload(tenant, data)}").status_code == 200


def test_a_failed_upload_that_is_reported_stays_absent(tenant):
    made = announce(tenant, os.urandom(100))

    assert report(tenant, made["mediaId"], 500).status_code == 204
    assert tenant.get(f"{MEDIA}/{made['mediaId']}").status_code == 404


def test_what_a_browser_would_run_is_only_saved(tenant):
    for content_type, seen in (("text/html", "text/plain; charset=utf-8"), ("image/svg+xml", "application/octet-stream")):
        media = upload(tenant, os.urandom(64), contentType=content_type)
        found = tenant.read(f"{MEDIA}/{media}")
        answer = httpx.get(found["url"], trust_env=False)
        assert found["contentType"] == content_type
        assert answer.headers["content-type"] == seen and answer.headers["content-disposition"].startswith("attachment")


def test_the_address_is_good_for_a_browser_of_any_origin(tenant):
    made = announce(tenant, os.urandom(64))
    asked = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "PUT",
             "Access-Control-Request-Headers": "content-type,x-amz-checksum-sha256,x-ms-blob-type"}
    answer = httpx.options(made["uploadUrl"], headers=asked, trust_env=False)
    assert answer.status_code == 200 and answer.headers["access-control-allow-origin"] in ("*", "https://app.example.com")


def test_files_of_dataset_items_have_their_own_fields(tenant):
    item = {"traceId": None, "datasetId": unique("set"), "datasetItemId": unique("item")}
    assert announce(tenant, os.urandom(64), field="expectedOutput", **item)["uploadUrl"]

    for bad in ({"field": "output"}, {"traceId": trace_id(), "field": "input"}, {"datasetItemId": None, "field": "input"}, {"observationId": "x", "field": "input"}):
        answer = tenant.send("POST", MEDIA, announcement(b"x" * 70, **(item | bad)))
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), bad


@pytest.mark.parametrize("change", [
    {"contentType": "application/x-msdownload"}, {"contentType": ""}, {"contentLength": 0}, {"contentLength": -1}, {"contentLength": 10**12},
    {"contentLength": "7"}, {"sha256Hash": "abc"}, {"sha256Hash": "!" * 44}, {"field": "expectedOutput"}, {"field": None}, {"traceId": None},
    {"traceId": ""}, {"traceId": "a\u0000b"}, {"traceId": "x" * 801}, {"observationId": "y" * 801}, {"traceId": "東" * 801},
], ids=str)
def test_malformed_announcements_are_refused(tenant, change):
    answer = tenant.send("POST", MEDIA, announcement(b"x" * 70, **change))
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError") and answer.json()["message"], answer.text


def test_malformed_reports_are_refused(tenant):
    made = announce(tenant, os.urandom(64))
    for body in ({}, {"uploadedAt": "yesterday", "uploadHttpStatus": 200}, {"uploadedAt": "2026-03-01T10:00:00Z", "uploadHttpStatus": "x"}, []):
        assert tenant.send("PATCH", f"{MEDIA}/{made['mediaId']}", body).status_code == 400, body


def test_another_tenants_file_looks_absent(tenant, other):
    data, trace = os.urandom(200), trace_id()
    media = upload(tenant, data, traceId=trace)

    absent = other.get(f"{MEDIA}/{id_of(os.urandom(9))}")
    theirs = other.get(f"{MEDIA}/{media}")

    assert (theirs.status_code, theirs.json()) == (absent.status_code, absent.json()) == (404, absent.json())
    assert theirs.json()["error"] == "LangfuseNotFoundError"
    assert report(other, media).status_code == 404
    assert listed(other, trace) == []
    assert announce(other, data)["uploadUrl"], "its bytes are its own"


def test_data_uris_in_spans_are_lifted_out(tenant):
    """OTLP, from a client that knows nothing of media."""
    trace, sound = trace_id(), os.urandom(900)
    picture = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    messages = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": picture}},
                                              {"type": "input_audio", "input_audio": {"data": base64.b64encode(sound).decode(), "format": "wav"}}]}]
    told = span(trace, attributes={"input.value": json.dumps(messages), "output.value": f"here: {picture}."})

    tenant.store(told)
    tenant.store(told)

    reference = f"@@@langfuseMedia:type=image/png|id={id_of(PNG)}|source=base64_data_uri@@@"
    step = tenant.trace(trace, steps=1)["observations"][0]
    assert step["input"][0]["content"][0]["image_url"]["url"] == reference
    assert step["input"][0]["content"][1]["input_audio"]["data"] == f"@@@langfuseMedia:type=audio/wav|id={id_of(sound)}|source=base64_data_uri@@@"
    assert step["output"] == f"here: {reference}."
    links = listed(tenant, trace)
    assert sorted((link["observationId"], link["field"], link["mediaId"]) for link in links) == sorted(
        [(step["id"], "input", id_of(PNG)), (step["id"], "input", id_of(sound)), (step["id"], "output", id_of(PNG))])
    assert {fetched(link) for link in links} == {PNG, sound}
    assert fetched(tenant.read(f"{MEDIA}/{id_of(PNG)}")) == PNG


def test_files_in_batch_events_are_lifted_out_of_every_field(tenant, aws):
    trace, data = unique("media/ü?"), os.urandom(120)
    anthropic = {"type": "base64", "media_type": "application/pdf", "data": base64.b64encode(data).decode()}
    tenant.store_batch(
        event("trace-create", {"id": trace, "name": "n", "input": {"source": anthropic}, "metadata": {"file": anthropic, "other": 1}}),
        event("generation-create", {"id": f"{trace}-g", "traceId": trace, "name": "g", "output": [anthropic]}))

    stored = tenant.trace(urllib.parse.quote(trace, safe=""), steps=1)

    reference = f"@@@langfuseMedia:type=application/pdf|id={id_of(data)}|source=base64_data_uri@@@"
    assert stored["input"]["source"]["data"] == stored["metadata"]["file"]["data"] == stored["observations"][0]["output"][0]["data"] == reference
    places = {(link["observationId"], link["field"]) for link in listed(tenant, trace)}
    assert places == {(None, "input"), (None, "metadata"), (f"{trace}-g", "output")}
    assert len([key for key in objects(aws, tenant.project_id) if id_of(data) in key]) == 1


def test_what_only_looks_like_a_file_stays_text(tenant):
    trace = trace_id()
    texts = ["data:image/png;base64,short", "data:image/png;base64," + "A" * 101, "data:application/unheard;base64," + "QUJD" * 60]

    tenant.store(span(trace, attributes={"input.value": json.dumps(texts)}))

    assert tenant.trace(trace, steps=1)["observations"][0]["input"] == texts
    assert listed(tenant, trace) == []


def test_deleting_a_trace_deletes_the_files_that_only_it_had(tenant, aws):
    alone, shared = os.urandom(100), os.urandom(100)
    gone, stays = trace_id(), trace_id()
    tenant.store(span(gone), span(stays))
    upload(tenant, alone, traceId=gone)
    for trace in (gone, stays):
        made = announce(tenant, shared, traceId=trace)
        if made["uploadUrl"]:
            upload(tenant, shared, traceId=trace)
    tenant.trace(gone, steps=1)

    tenant.send("DELETE", f"/api/public/traces/{gone}")

    wait_until(lambda: tenant.get(f"{MEDIA}/{id_of(alone)}").status_code == 404)
    wait_until(lambda: listed(tenant, gone) == [])
    wait_until(lambda: not [key for key in objects(aws, tenant.project_id) if id_of(alone) in key])
    assert fetched(tenant.read(f"{MEDIA}/{id_of(shared)}")) == shared
    # The same bytes may be announced anew, and are then sent anew.
    assert announce(tenant, alone)["uploadUrl"]


def test_a_page_may_show_media_and_nothing_else(stack, tenant):
    media = tenant.read(f"{MEDIA}/{upload(tenant, os.urandom(64))}")
    origin = "/".join(media["url"].split("/")[:3])

    policy = httpx.get(f"{stack.base_url}/", trust_env=False).headers["content-security-policy"]

    assert f"img-src 'self' data: {origin};" in policy and f"media-src {origin};" in policy
    assert "connect-src 'self';" in policy and "script-src 'self';" in policy
