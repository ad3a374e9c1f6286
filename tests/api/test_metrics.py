"""Sums of each day."""

import pytest

from api.world import build

DAILY = "/api/public/metrics/daily"


@pytest.fixture(scope="module")
def world(tenant):
    return build(tenant)


def test_a_day_is_summed_once(world):
    (day,) = world.api.read(DAILY)["data"]

    assert (day["date"], day["countTraces"], day["countObservations"]) == ("2026-03-10", 8, 16)
    # 3600 x 1 + 80 x 5 USD a million tokens
    assert day["totalCost"] == pytest.approx(0.004, rel=1e-9)
    usage = {row["model"]: row for row in day["usage"]}
    haiku = usage["claude-haiku-4-5"]
    assert (haiku["inputUsage"], haiku["outputUsage"], haiku["totalUsage"], haiku["countTraces"], haiku["countObservations"]) == (3600, 80, 3680, 8, 8)
    assert haiku["totalCost"] == pytest.approx(0.004, rel=1e-9)


@pytest.mark.parametrize(
    ("params", "traces", "tokens"),
    [({"traceName": "refund"}, 2, 720), ({"userId": "cem"}, 3, 1830), ({"tags": ["fast", "eu"]}, 2, 520), ({"environment": "staging"}, 2, 920)],
)
def test_filters(world, params, traces, tokens):
    (day,) = world.api.read(DAILY, **params)["data"]

    assert day["countTraces"] == traces
    assert sum(row["totalUsage"] for row in day["usage"]) == tokens


def test_days_outside_are_left_out_and_nonsense_is_refused(world):
    page = world.api.read(DAILY, fromTimestamp="2026-03-11T00:00:00Z")

    assert page["data"] == [] and page["meta"]["totalItems"] == 0
    for params in ({"limit": 0}, {"page": -1}, {"fromTimestamp": "never"}):
        assert world.api.get(DAILY, **params).status_code == 400
