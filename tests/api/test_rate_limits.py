"""Limits of requests per API key and minute. The deployed limits are far above what tests send, so these lower them for one function."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.caller import Caller, bearer, new_key, new_project, refused, signed_in, with_key
from harness.aws import configured
from harness.waiting import wait_until

PROJECTS = "/api/public/projects"


def limited(aws, function: str, **limits: int):
    """The function with these limits, and with those of the deployment again afterwards."""
    return configured(aws, function, **{f"RATE_LIMIT_{what.upper()}": str(limit) for what, limit in limits.items()})


def fresh_key() -> Caller:
    made = new_key(new_project(signed_in()))
    return with_key(made["publicKey"], made["secretKey"])


def calm() -> None:
    """Waits until at least 20 seconds of a minute are left: the counts below are of one minute."""
    wait_until(lambda: time.time() % 60 < 40, within=30)


@pytest.fixture(scope="module")
def low(aws):
    with limited(aws, "projects", reads=5):
        yield


def test_a_key_that_has_used_its_limit_is_told_when_to_come_again(low):
    key, other = fresh_key(), fresh_key()
    calm()

    answers = [key.get(PROJECTS) for _ in range(9)]

    assert [a.status_code for a in answers] == [200] * 5 + [429] * 4
    for answer in answers[5:]:
        body = refused(answer, 429, "RateLimitError")
        wait, reset = int(answer.headers["retry-after"]), int(answer.headers["x-ratelimit-reset"])
        assert 1 <= wait <= 60 and abs(reset - (time.time() + wait)) < 3 and reset % 60 == 0
        assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == ("5", "0")
        assert "5" in body["message"] and "reads" in body["message"]
    assert other.get(PROJECTS).status_code == 200, "another key has a limit of its own"
    assert key.post("/api/public/ingestion", json={"batch": []}).status_code == 207, "another class has a limit of its own"


def test_the_limit_holds_over_instances(low):
    key = fresh_key()
    calm()

    with ThreadPoolExecutor(8) as pool:
        statuses = [answer.status_code for answer in pool.map(lambda _: key.get(PROJECTS), range(40))]

    # Each instance may let in the one request that it does not wait with.
    assert 5 <= statuses.count(200) <= 5 + 8 and set(statuses) == {200, 429}, statuses


def test_both_forms_of_a_key_share_its_limit(low):
    made = new_key(new_project(signed_in()))
    key, alone = with_key(made["publicKey"], made["secretKey"]), bearer(made["secretKey"])
    calm()

    statuses = [caller.get(PROJECTS).status_code for _ in range(4) for caller in (key, alone)]

    assert statuses == [200] * 5 + [429] * 3


def test_signed_in_users_are_not_counted(low):
    project = new_project(signed_in())
    owner = signed_in(project)

    assert {owner.get(PROJECTS).status_code for _ in range(12)} == {200}


def test_nobody_is_refused_while_the_table_is_away(aws, faults, low):
    key = fresh_key()
    assert key.get(PROJECTS).status_code == 200

    with faults.rule("dynamodb", mode="throttle", match="UpdateItem"):
        statuses = {key.get(PROJECTS).status_code for _ in range(12)}

    assert statuses == {200}


def test_no_limit_is_no_limit(aws):
    with limited(aws, "projects", reads=0):
        key = fresh_key()

        assert {key.get(PROJECTS).status_code for _ in range(30)} == {200}


def test_the_limits_are_told(low):
    told = {limit["kind"]: limit["requestsPerMinute"] for limit in fresh_key().get("/api/public/v2/rate-limits").json()["data"]}

    assert told["reads"] == 5 and set(told) == {"ingestion", "prompts", "reads", "others"}
    assert all(limit is None or limit > 5 for kind, limit in told.items() if kind != "reads")
