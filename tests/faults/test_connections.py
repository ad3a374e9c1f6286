"""LLM connections while KMS is away: nothing is kept unsealed, nothing that was kept is lost, and lists need no KMS."""

import pytest
from harness.telemetry import unique

CONNECTIONS = "/api/public/llm-connections"
RULES = [{"mode": "refuse"}, {"mode": "throttle"}, {"mode": "error", "status": 500}, {"mode": "error", "status": 503}]


def put(api, provider: str, **more):
    return api.send("PUT", CONNECTIONS, {"provider": provider, "adapter": "openai"} | more)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_key_that_cannot_be_sealed_is_refused_for_now(owner, faults, rule):
    api = owner.new_tenant("kms")
    kept = unique("kept")
    before = put(api, kept, secretKey="sk-proj-0123456789abcd").json()
    faults.set("kms", **rule)

    new = put(api, unique("new"), secretKey="sk-proj-0123456789wxyz")
    changed = put(api, kept, secretKey="sk-proj-0123456789wxyz")
    listed = api.read(CONNECTIONS)["data"]

    for answer in (new, changed):
        assert (answer.status_code, answer.json()["error"]) == (503, "ServiceUnavailableError"), answer.text
        assert int(answer.headers["retry-after"]) >= 1 and "wxyz" not in answer.text
    assert listed == [before]
    faults.clear()
    assert put(api, kept, secretKey="sk-proj-0123456789wxyz").json()["displaySecretKey"] == "...wxyz"


def test_a_key_that_stays_is_not_lost_while_it_cannot_be_opened(owner, faults):
    api = owner.new_tenant("kms-keep")
    made = put(api, "mine", secretKey="sk-proj-0123456789abcd", extraHeaders={"x-team": "secret"}).json()
    faults.set("kms", mode="refuse")

    refused = put(api, "mine", extraHeaders={})

    assert refused.status_code == 503 and refused.headers["retry-after"]
    faults.clear()
    assert api.read(CONNECTIONS)["data"] == [made]
    kept = put(api, "mine", extraHeaders={})
    assert (kept.status_code, kept.json()["displaySecretKey"], kept.json()["extraHeaderKeys"]) == (200, "...abcd", [])
