"""Reads of observations: Langfuse's v1, and v2 with its field groups."""

import pytest
from harness.api import conditions, event
from harness.telemetry import span_id, unique
from harness.waiting import wait_until

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
        # Said of the trace alone.
        ({"name": "root", "userId": "bob"}, [3, 2]),
        ({"name": "root", "userId": "nobody"}, []),
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
    assert step["usageDetails"] == {"input": 300, "output": 10, "total": 310}  # the client stated no total
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


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"type": "string", "column": "sessionId", "operator": "=", "value": "s-3"}, [5, 4]),
        ({"type": "string", "column": "traceName", "operator": "starts with", "value": "check"}, [1, 0]),
        ({"type": "arrayOptions", "column": "tags", "operator": "all of", "value": ["fast", "eu"]}, [3, 0]),
        ({"type": "stringOptions", "column": "userId", "operator": "none of", "value": ["ann", "cem"]}, [3, 2]),
        ({"type": "string", "column": "release", "operator": "=", "value": "r1"}, [7, 5, 3, 1]),
    ],
)
def test_steps_are_found_by_what_only_their_trace_says(world, condition, expected):
    filters = conditions(condition, {"type": "string", "column": "name", "operator": "=", "value": "root"})

    assert numbers(world.api.read(V1, filter=filters)["data"]) == expected
    assert numbers(world.api.read(V2, filter=filters)["data"]) == expected


def test_unknown_types_and_levels_are_refused(world):
    for path in (V1, V2):
        for params in ({"type": "NONSENSE"}, {"type": "generation"}, {"level": "FATAL"}):
            answer = world.api.get(path, **params)
            assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


@pytest.mark.parametrize("params", [{"parseIoAsJson": "true"}, {"limit": 1001}, {"limit": 0}, {"cursor": "nonsense"}, {"fields": "core,everything"},
                                    {"fromStartTime": "now"}, {"filter": "x"}])
def test_v2_refuses_what_it_does_not_understand(world, params):
    answer = world.api.get(V2, **params)

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"] == "InvalidRequestError"


CONDITION = {"type": "string", "column": "name", "operator": "=", "value": "x"}
ODD = [
    {"type": "text"}, {"type": None}, {"column": "secret"}, {"column": None}, {"operator": "is"}, {"operator": None}, {"value": 1}, {"value": None}, {"operator": "matches"},
    {"type": "number", "column": "latency", "operator": ">", "value": "much"}, {"type": "number", "column": "latency", "operator": "contains", "value": 1},
    {"type": "datetime", "column": "startTime", "operator": ">", "value": "yesterday"}, {"type": "datetime", "column": "name", "operator": ">", "value": at(0)},
    {"type": "stringOptions", "operator": "all of", "value": ["x"]}, {"type": "stringOptions", "operator": "any of", "value": "x"}, {"type": "arrayOptions", "column": "tags", "operator": "any of", "value": [1]},
    {"type": "boolean", "column": "isRootObservation", "operator": "=", "value": "yes"}, {"type": "null", "operator": "=", "value": ""},
    {"type": "stringObject", "column": "metadata", "operator": "=", "value": "x"}, {"type": "numberObject", "column": "metadata", "key": "k", "operator": "=", "value": "x"},
    {"type": "booleanObject", "column": "metadata", "key": "k", "operator": "=", "value": 1}, {"type": "categoryOptions", "column": "metadata", "operator": "any of", "value": ["x"]},
]


@pytest.mark.parametrize("change", ODD, ids=str)
def test_conditions_that_cannot_be_meant_are_refused(world, change):
    for path in (V1, V2, "/api/public/traces"):
        known = change | {"column": "timestamp"} if path.endswith("traces") and change.get("column") == "startTime" else change
        answer = world.api.get(path, filter=conditions(CONDITION | known))
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), (path, answer.text)


def test_full_text_is_for_what_goes_in_and_out_and_metadata(world):
    words = {"type": "string", "operator": "matches"}

    assert numbers(world.api.read(V2, filter=conditions(words | {"column": "input", "value": "prompt 3"}))["data"]) == [3]
    assert numbers(world.api.read(V2, filter=conditions(words | {"column": "metadata", "type": "stringObject", "key": "short", "value": "z"}), limit=100)["data"]) == [7, 6, 5, 4, 3, 2, 1, 0]
    for column in ("name", "userId", "traceId", "level", "tags", "version", "statusMessage"):
        answer = world.api.get(V2, filter=conditions(words | {"column": column, "value": "x"}))
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), (column, answer.text)


def test_an_absent_observation_is_not_found(world):
    answer = world.api.get(f"{V1}/{span_id()}")

    assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError")
    assert world.api.get(f"{V1}/{world.id(1)}-call", traceId=world.id(2)).status_code == 404


def test_the_prompt_of_a_step_has_its_id_everywhere(owner):
    api = owner.new_tenant("prompt-ids")
    name = f"folder/{unique('prompt')}"
    ids = {}
    for version in (1, 2):
        ids[version] = api.send("POST", "/api/public/v2/prompts", {"name": name, "prompt": f"v{version}"}).json()["id"]
    trace = unique("trace")

    def told(step: str, **prompt) -> dict:
        return event("generation-create", {"id": f"{trace}-{step}", "traceId": trace, "name": step, "startTime": at(0)} | prompt)

    later = f"{name} later"
    api.store_batch(told("one", promptName=name, promptVersion=1), told("two", promptName=name, promptVersion=2), told("none"),
                    told("absent", promptName=name, promptVersion=9), told("later", promptName=later, promptVersion=1))
    expected = {"one": ids[1], "two": ids[2], "none": None, "absent": None, "later": None}

    whole = api.trace(trace, steps=5)["observations"]
    assert {step["name"]: step["promptId"] for step in whole} == expected
    assert {step["name"]: step["promptId"] for step in api.read("/api/public/observations", traceId=trace)["data"]} == expected
    assert {step["name"]: step["promptId"] for step in api.read("/api/public/v2/observations", traceId=trace, fields="core,basic,prompt")["data"]} == expected
    assert api.read(f"/api/public/observations/{trace}-two")["promptId"] == ids[2]
    # One that is made afterwards is found too, once the absence is forgotten.
    made = api.send("POST", "/api/public/v2/prompts", {"name": later, "prompt": "x"}).json()["id"]
    wait_until(lambda: api.read(f"/api/public/observations/{trace}-later")["promptId"] == made)


def test_a_prompt_of_another_project_gives_no_id(owner, other):
    api, name, trace = owner.new_tenant("prompt-ids"), unique("prompt"), unique("trace")
    assert other.send("POST", "/api/public/v2/prompts", {"name": name, "prompt": "x"}).status_code == 201

    api.store_batch(event("generation-create", {"id": f"{trace}-g", "traceId": trace, "promptName": name, "promptVersion": 1}))

    assert api.trace(trace, steps=1)["observations"][0]["promptId"] is None
