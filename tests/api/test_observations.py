"""Reads of observations: Langfuse's v1, and v2 with its field groups."""

import pytest
from harness.api import conditions
from harness.telemetry import span_id

from api.world import at, build

V1 = "/api/public/observations"
V2 = "/api/public/v2/observations"
ALL_GROUPS = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context"


@pytest.fixture(scope="module")
def world(tenant):
    return build(tenant)


def numbers(rows):
    return [int(row["id"].split("-")[-2]) for row in rows]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"name": "call"}, [7, 6, 5, 4, 3, 2, 1, 0]),
        ({"type": "GENERATION"}, [7, 6, 5, 4, 3, 2, 1, 0]),
        ({"type": "GENERATION", "level": "ERROR"}, [7, 2]),
        ({"name": "root", "environment": "staging"}, [5, 2]),
        ({"name": "root", "version": "v2"}, [5, 2]),
        ({"name": "root", "fromStartTime": at(6)}, [7, 6]),
        ({"name": "root", "toStartTime": at(1)}, [0]),
        ({"type": "TOOL"}, []),
    ],
)
def test_both_versions_filter_alike(world, params, expected):
    assert numbers(world.api.read(V1, **params)["data"]) == expected
    assert numbers(world.api.read(V2, **params)["data"]) == expected


def test_steps_of_one_trace_and_of_one_parent(world):
    trace = world.id(4)
    for path in (V1, V2):
        assert {row["id"] for row in world.api.read(path, traceId=trace)["data"]} == {f"{trace}-root", f"{trace}-call"}
        assert [row["id"] for row in world.api.read(path, parentObservationId=f"{trace}-root")["data"]] == [f"{trace}-call"]
    assert numbers(world.api.read(V2, parentObservationId="")["data"]) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert numbers(world.api.read(V2, isRootObservation="false", traceId=trace)["data"]) == [4]


def test_v1_observation_has_exactly_langfuses_fields(world):
    id = f"{world.id(2)}-call"

    step = world.api.read(f"{V1}/{id}")

    assert step == world.api.read(f"{V1}/{id}", traceId=world.id(2))
    assert {"id", "traceId", "projectId", "type", "name", "startTime", "endTime", "completionStartTime", "model", "modelParameters", "input", "output",
            "metadata", "version", "usage", "level", "statusMessage", "parentObservationId", "environment", "usageDetails", "costDetails", "promptId",
            "promptName", "promptVersion", "modelId", "inputPrice", "outputPrice", "totalPrice", "calculatedInputCost", "calculatedOutputCost",
            "calculatedTotalCost", "latency", "timeToFirstToken"} <= set(step)
    assert (step["type"], step["level"], step["statusMessage"]) == ("GENERATION", "ERROR", "odd")
    assert step["usage"] == {"unit": "TOKENS", "input": 300, "output": 10, "total": 310}
    assert (step["usageDetails"]["input"], step["usageDetails"]["output"], step["usageDetails"].get("total", 310)) == (300, 10, 310)
    assert step["costDetails"]["total"] == pytest.approx(0.00035, rel=1e-9)
    assert step["calculatedInputCost"] == pytest.approx(0.0003, rel=1e-9)
    assert step["calculatedOutputCost"] == pytest.approx(0.00005, rel=1e-9)
    assert step["metadata"] == {"long": "y" * 500, "short": "z"}
    assert step["output"] == {"text": "x" * 500}
    assert step["latency"] == pytest.approx(3, abs=0.01)
    assert (step["startTime"], step["timeToFirstToken"]) == (at(2 + 1 / 60), None)


def test_v1_pages(world):
    pages = [world.api.read(V1, page=page, limit=6) for page in (1, 2, 3)]

    assert [len(page["data"]) for page in pages] == [6, 6, 4]
    assert pages[1]["meta"] == {"page": 2, "limit": 6, "totalItems": 16, "totalPages": 3}
    assert len({row["id"] for page in pages for row in page["data"]}) == 16


def test_v2_field_groups(world):
    trace = world.id(3)

    (core,) = world.api.read(V2, traceId=trace, name="call", fields="core")["data"]
    (default,) = world.api.read(V2, traceId=trace, name="call")["data"]
    (full,) = world.api.read(V2, traceId=trace, name="call", fields=ALL_GROUPS)["data"]

    prices = {"modelId", "inputPrice", "outputPrice", "totalPrice"}  # there in every group, null without the model's
    assert set(core) - prices == {"id", "traceId", "startTime", "endTime", "projectId", "parentObservationId", "type"}
    assert set(core) | {"name", "level", "statusMessage", "version", "environment", "bookmarked", "public", "userId", "sessionId"} <= set(default)
    assert "input" not in default and "metadata" not in default
    assert full["input"] == "prompt 3"
    assert full["output"] == '{"text":"%s"}' % ("x" * 500)
    assert (full["userId"], full["sessionId"], full["traceName"], sorted(full["tags"])) == ("bob", "s-2", "refund", ["eu", "fast", "vip"])
    assert full["usageDetails"]["input"] == 400
    assert full["latency"] == pytest.approx(4, abs=0.01)


def test_v2_cuts_metadata_unless_it_is_asked_for_whole(world):
    (cut,) = world.api.read(V2, traceId=world.id(3), name="call", fields="metadata")["data"]
    (whole,) = world.api.read(V2, traceId=world.id(3), name="call", fields="metadata", expandMetadata="long")["data"]

    assert len(cut["metadata"]["long"]) <= 210
    assert (whole["metadata"]["long"], whole["metadata"]["short"]) == ("y" * 500, "z")


def test_v2_cursors_cover_everything_once(world):
    seen, cursor = [], None
    for _ in range(6):
        page = world.api.read(V2, limit=5, cursor=cursor)
        seen += [row["id"] for row in page["data"]]
        cursor = page["meta"].get("cursor")
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 16
    assert cursor is None


def test_v2_filter_array(world):
    tokens = conditions({"type": "number", "column": "totalTokens", "operator": ">", "value": 700}, {"type": "string", "column": "type", "operator": "=", "value": "GENERATION"})

    assert numbers(world.api.read(V2, filter=tokens)["data"]) == [7, 6]


@pytest.mark.parametrize("params", [{"parseIoAsJson": "true"}, {"limit": 1001}, {"limit": 0}, {"cursor": "nonsense"},
                                    {"fromStartTime": "now"}, {"filter": "x"}])
def test_v2_refuses_what_it_does_not_understand(world, params):
    answer = world.api.get(V2, **params)

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"] == "InvalidRequestError"


def test_an_absent_observation_is_not_found(world):
    answer = world.api.get(f"{V1}/{span_id()}")

    assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError")
    assert world.api.get(f"{V1}/{world.id(1)}-call", traceId=world.id(2)).status_code == 404
