"""Files inside texts, when the bucket is away: nothing is acknowledged that is not safe, and the client's next try makes all well."""

import base64
import hashlib
import json
import os

import httpx
import pytest
from harness.telemetry import span, trace_id


def with_file(trace: str, data: bytes):
    uri = "data:image/png;base64," + base64.b64encode(data).decode()
    return span(trace, id="00000000000000aa", attributes={"input.value": json.dumps({"picture": uri})})


@pytest.mark.parametrize("service, rule", [
    ("s3", {"mode": "error", "status": 503, "match": ["PUT "]}), ("s3", {"mode": "refuse"}), ("dynamodb", {"mode": "throttle", "match": "TransactWriteItems"}),
], ids=["s3 answers 503", "s3 is away", "links are throttled"])
def test_a_file_that_cannot_be_kept_is_not_acknowledged(api, faults, service, rule):
    trace, data = trace_id(), os.urandom(2_000)
    media = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()[:22]
    api.store(span(trace_id()))
    faults.set(service, **rule)

    refused = api.export(with_file(trace, data))

    assert refused.status_code == 503 and refused.headers["retry-after"]
    faults.clear()
    assert not api.has_trace(trace)
    api.store(with_file(trace, data))
    step = api.trace(trace, steps=1)["observations"][0]
    assert step["input"]["picture"] == f"@@@langfuseMedia:type=image/png|id={media}|source=base64_data_uri@@@"
    [link] = api.read(f"/api/public/v2/traces/{trace}/media")["data"]
    assert httpx.get(link["url"], trust_env=False).content == data


def test_spans_without_files_need_no_bucket(api, faults):
    faults.set("s3", mode="refuse")
    trace = trace_id()

    api.store(span(trace, attributes={"input.value": "just text"}))

    api.trace(trace, steps=1)
