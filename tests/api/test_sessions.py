"""Reads of sessions."""

import pytest
from harness.api import conditions
from harness.telemetry import unique

from api.world import at, build

V1 = "/api/public/sessions"
V2 = "/api/public/v2/sessions"


@pytest.fixture(scope="module")
def world(tenant):
    return build(tenant)


def ids(page):
    return [row["id"] for row in page["data"]]


def test_v1_lists_sessions_newest_first(world):
    page = world.api.read(V1)

    assert ids(page) == ["s-5", "s-4", "s-3", "s-2", "s-1"]
    assert set(page["data"][0]) == {"id", "createdAt", "projectId", "environment"}
    assert page["data"][4]["createdAt"] == at(0)
    assert page["meta"] == {"page": 1, "limit": 50, "totalItems": 5, "totalPages": 1}


@pytest.mark.parametrize(
    ("params", "expected"),
    [({"environment": "staging"}, {"s-2", "s-3"}), ({"fromTimestamp": at(4)}, {"s-3", "s-4", "s-5"}), ({"toTimestamp": at(2)}, {"s-1"}), ({"limit": 2, "page": 3}, {"s-1"})],
)
def test_v1_filters_and_pages(world, params, expected):
    assert set(ids(world.api.read(V1, **params))) == expected


def test_v1_session_with_its_traces(world):
    session = world.api.read(f"{V1}/s-2")

    assert (session["id"], session["projectId"]) == ("s-2", world.api.project_id)
    assert sorted(world.numbers(session["traces"])) == [2, 3]
    assert {"id", "name", "userId", "input", "metadata", "tags"} <= set(session["traces"][0])


def test_v2_sums_a_session(world):
    row = world.api.read(f"{V2}/s-2")

    assert row == next(found for found in world.api.read(V2)["data"] if found["id"] == "s-2")
    assert (row["traceCount"], row["userIds"], row["errorCount"], row["totalTokens"], row["unpricedCount"]) == (2, ["bob"], 1, 720, 0)
    assert row["totalCost"] == pytest.approx(0.0008, rel=1e-9)
    assert row["durationSeconds"] == pytest.approx(90, abs=0.1)
    assert sorted(row["tags"]) == ["eu", "fast", "vip"] and row["models"] == ["claude-haiku-4-5"]
    assert row["createdAt"] == at(2)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"type": "string", "column": "id", "operator": "=", "value": "s-4"}, {"s-4"}),
        ({"type": "arrayOptions", "column": "userIds", "operator": "any of", "value": ["ann"]}, {"s-1", "s-5"}),
        ({"type": "number", "column": "traceCount", "operator": "=", "value": 1}, {"s-4", "s-5"}),
        ({"type": "arrayOptions", "column": "tags", "operator": "any of", "value": ["vip"]}, {"s-2"}),
        ({"type": "number", "column": "totalCost", "operator": ">", "value": 0.001}, {"s-3"}),
    ],
    ids=str,
)
def test_v2_filters(world, filter, expected):
    assert set(ids(world.api.read(V2, filter=conditions(filter)))) == expected


def test_v2_sorts_searches_and_pages(world):
    for column in ("createdAt", "updatedAt", "traceCount", "totalCost", "durationSeconds"):
        values = [row[column] for row in world.api.read(V2, orderBy=f"{column}.asc")["data"]]
        assert values == sorted(values) and len(values) == 5, column
    assert ids(world.api.read(V2, search="bob")) == ["s-2"]
    seen, cursor = [], None
    while True:
        page = world.api.read(V2, limit=2, cursor=cursor)
        seen += ids(page)
        cursor = page["meta"].get("cursor")
        if not cursor:
            break
    assert sorted(seen) == ["s-1", "s-2", "s-3", "s-4", "s-5"]


def test_absent_and_malformed(world):
    for path in (V1, V2):
        answer = world.api.get(f"{path}/{unique('none')}")
        assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError")
        assert world.api.get(path, limit=0).status_code == 400
    assert world.api.get(V2, orderBy="password.asc").status_code == 400
