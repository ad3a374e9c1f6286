"""Score configs while the table is away: one that is known goes on being enforced, one that is not is asked for later. How long a config counts without
a second look is tested with a clock of the test's own (functions/ingest/src/score_configs.rs)."""

from harness.telemetry import trace_id, unique

CONFIGS = "/api/public/score-configs"


def config(api) -> str:
    answer = api.send("POST", CONFIGS, {"name": unique("c")[:30], "dataType": "NUMERIC", "minValue": 0, "maxValue": 1})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


def score(api, config_id: str, value: float):
    return api.send("POST", "/api/public/scores", {"name": "s", "value": value, "traceId": trace_id(), "configId": config_id})


def test_a_known_config_is_enforced_and_an_unknown_one_asked_for_later(tenant, faults):
    known, unknown = config(tenant), config(tenant)
    assert score(tenant, known, 0.5).status_code == 200
    faults.set("dynamodb", mode="throttle", match="BatchGetItem")

    assert score(tenant, known, 0.5).status_code == 200
    assert score(tenant, known, 7).status_code == 400
    refused = score(tenant, unknown, 0.5)
    assert refused.status_code == 503 and refused.headers["retry-after"], refused.text

    faults.clear()
    assert score(tenant, unknown, 7).status_code == 400
    assert score(tenant, unknown, 0.5).status_code == 200
