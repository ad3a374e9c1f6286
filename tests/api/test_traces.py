"""Reads of traces: Langfuse's numbered pages, the dashboard's cursor lists, one trace, and its tree."""

import json
import os
from urllib.parse import quote

import pytest
from harness.api import conditions, event
from harness.telemetry import span, span_id, trace_id, unique
from harness.waiting import wait_until

from api.world import PEOPLE, at, build

V1 = "/api/public/traces"
V2 = "/api/public/v2/traces"


@pytest.fixture(scope="module")
def world(tenant):
    return build(tenant)


@pytest.fixture(scope="module")
def v1(world):
    """Numbers of the traces that a v1 list gives."""
    return lambda **params: world.numbers(world.api.read(V1, **params)["data"])


@pytest.fixture(scope="module")
def v2(world):
    return lambda *filters, **params: world.numbers(world.api.rows(filter=conditions(*filters) if filters else None, **params))


# Langfuse's list


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [7, 6, 5, 4, 3, 2, 1, 0]),
        ({"userId": "ann"}, [7, 1, 0]),
        ({"name": "refund"}, [3, 2]),
        ({"sessionId": "s-3"}, [5, 4]),
        ({"tags": ["fast", "eu"]}, [3, 0]),
        ({"tags": "ünï"}, [7]),
        ({"version": "v1"}, [7, 4, 1]),
        ({"release": "r1"}, [7, 5, 3, 1]),
        ({"environment": ["staging", "nowhere"]}, [5, 2]),
        ({"fromTimestamp": at(5)}, [7, 6, 5]),
        ({"toTimestamp": at(2)}, [1, 0]),
        ({"orderBy": "timestamp.asc"}, [0, 1, 2, 3, 4, 5, 6, 7]),
        ({"userId": "nobody"}, []),
        ({"name": "search 100%"}, [4]),
        ({"name": "search%"}, []),
        ({"name": ""}, [7, 6, 5, 4, 3, 2, 1, 0]),
    ],
)
def test_v1_filters(v1, params, expected):
    assert v1(**params) == expected


def test_v1_filter_array_takes_the_place_of_single_parameters(v1):
    by_user = conditions({"type": "string", "column": "userId", "operator": "=", "value": "bob"})

    assert v1(filter=by_user, name="checkout") == [3, 2]


def test_v1_sorts_by_name_both_ways(world):
    names = [row["name"] for row in world.api.read(V1, orderBy="name.asc")["data"]]

    assert names == sorted(names)
    assert [row["name"] for row in world.api.read(V1, orderBy="name.desc")["data"]] == names[::-1]


def test_v1_pages_cover_everything_once(world):
    pages = [world.api.read(V1, page=page, limit=3) for page in (1, 2, 3, 4)]

    assert [len(page["data"]) for page in pages] == [3, 3, 2, 0]
    assert pages[0]["meta"] == {"page": 1, "limit": 3, "totalItems": 8, "totalPages": 3}
    assert world.numbers([row for page in pages for row in page["data"]]) == [7, 6, 5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": -1}, {"limit": 101}, {"limit": "1e9"}, {"page": 0}, {"page": "x"},
                                    {"orderBy": "timestamp.sideways"}, {"orderBy": "password.asc"}, {"fromTimestamp": "yesterday"},
                                    {"filter": "{"}, {"filter": "[{}]"}])
def test_v1_refuses_what_it_does_not_understand(world, params):
    answer = world.api.get(V1, **params)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text
    assert answer.json()["message"]


def test_v1_row_has_exactly_langfuses_fields(world):
    row = world.api.read(V1, limit=1)["data"][0]

    assert set(row) == {"id", "projectId", "timestamp", "name", "userId", "sessionId", "environment", "tags", "release", "version", "public",
                        "bookmarked", "externalId", "input", "output", "metadata", "createdAt", "updatedAt", "htmlPath", "latency", "totalCost",
                        "observations", "scores"}
    assert sorted(row["observations"]) == [f"{world.id(7)}-call", f"{world.id(7)}-root"]
    assert row["htmlPath"] == f"/project/{world.api.project_id}/traces/{world.id(7)}"
    assert row["projectId"] == world.api.project_id


def test_v1_fields_leave_out_what_was_not_asked_for(world):
    row = world.api.read(V1, limit=1, fields="core")["data"][0]

    assert (row["latency"], row["totalCost"], row["observations"], row["scores"]) == (-1, -1, [], [])
    assert row["name"] == PEOPLE[7].name
    row = world.api.read(V1, limit=1, fields="core,metrics,io")["data"][0]
    assert row["input"] == {"question": "needle7 haystack"}
    assert row["latency"] == pytest.approx(30, abs=0.01)


# One trace


def test_a_trace_is_read_whole(world):
    trace = world.api.read(f"{V1}/{world.id(3)}")

    assert trace["name"] == "refund"
    assert trace["input"] == {"question": "needle3 haystack"}
    assert trace["output"] == "answer zebra3"
    assert trace["metadata"] == {"number": 3, "text": "value 3", "deep": {"x": [3]}}
    assert sorted(trace["tags"]) == ["eu", "fast", "vip"]
    assert trace["timestamp"] == at(3)
    assert trace["latency"] == pytest.approx(30, abs=0.01)
    assert [step["id"] for step in trace["observations"]] == [f"{world.id(3)}-root", f"{world.id(3)}-call"]
    # 400 x 1 + 10 x 5 USD a million tokens
    assert trace["totalCost"] == pytest.approx(0.00045, rel=1e-9)
    assert world.api.read(f"{V1}/{world.id(0)}")["public"] is True


def test_the_fields_of_one_trace(world):
    trace = world.api.read(f"{V1}/{world.id(3)}", fields="core,io")

    assert (trace["latency"], trace["totalCost"], trace["observations"], trace["scores"]) == (-1, -1, [], [])
    assert trace["output"] == "answer zebra3"
    assert len(world.api.read(f"{V1}/{world.id(3)}", fields="observations,nonsense")["observations"]) == 2


def test_an_unknown_cost_is_none_but_for_the_first_sdks(tenant):
    trace = unique("unpriced")
    tenant.store_batch(event("generation-create", {"id": f"{trace}-call", "traceId": trace, "model": "nobody-knows-it", "usageDetails": {"input": 5}}))
    first = [{"X-Langfuse-Sdk-Name": "python", "X-Langfuse-Sdk-Version": "2.60.10"}, {"x_langfuse_sdk_name": "python", "x_langfuse_sdk_version": "2.7.0"},
             {"X-Langfuse-Sdk-Name": "langfuse-js", "X-Langfuse-Sdk-Version": "3.39.2"}]

    assert tenant.trace(trace)["totalCost"] is None
    assert [row["totalCost"] for row in tenant.read(V1)["data"] if row["id"] == trace] == [None]
    for headers in first:
        assert tenant.http.get(f"{V1}/{trace}", headers=headers).json()["totalCost"] == 0, headers
    later = {"X-Langfuse-Sdk-Name": "python", "X-Langfuse-Sdk-Version": "3.15.0"}
    assert tenant.http.get(f"{V1}/{trace}", headers=later).json()["totalCost"] is None


def test_an_absent_trace_is_named_in_the_refusal(world):
    absent = trace_id()

    answer = world.api.get(f"{V1}/{absent}")

    assert answer.status_code == 404
    assert answer.json() == {"error": "LangfuseNotFoundError", "message": f"Trace {absent} not found within authorized project"}


def test_an_answer_above_what_a_function_may_give_is_refused_with_what_to_ask_for(tenant):
    trace, parent = trace_id(), span_id()
    for _ in range(2):
        tenant.store(span(trace, parent=parent, attributes={"input.value": os.urandom(1_550_000).hex()}))
    wait_until(lambda: tenant.read(f"{V2}/{trace}")["trace"]["observationCount"] == 2)

    plain = tenant.http.get(f"{V1}/{trace}", headers={"accept-encoding": "identity"})

    assert (plain.status_code, plain.json()["error"]) == (422, "PayloadTooLargeError"), plain.text[:300]
    assert all(way in plain.json()["message"] for way in ("`limit`", "`fields`", "gzip"))
    assert len(tenant.read(f"{V1}/{trace}")["observations"]) == 2, "compressed it is small enough"
    assert tenant.http.get(f"{V1}/{trace}", params={"fields": "core,metrics"}, headers={"accept-encoding": "identity"}).status_code == 200


@pytest.mark.parametrize("id", ["a/b", "a b", "100%", "wh?t", "h#sh", "plus+plus", "東京🙂", "..", "%2F", "'; DROP TABLE traces; --", '"quoted"', "count", "facets", "x" * 800])
def test_ids_are_any_text(tenant, id):
    made = id if id in ("count", "facets", "..") or len(id) == 800 else f"{id}{unique('')}"
    answer = tenant.batch({"id": "e", "type": "trace-create", "timestamp": at(0), "body": {"id": made, "name": "odd id", "timestamp": at(-600)}})
    assert answer.json()["errors"] == [], answer.text

    # Dots alone are a step in a path, for every client and proxy: such an id is found by a filter only.
    if made == "..":
        own = conditions({"type": "string", "column": "id", "operator": "=", "value": made})
        assert [row["id"] for row in wait_until(lambda: tenant.rows(filter=own))] == [made]
    else:
        assert wait_until(lambda: (lambda a: a.json() if a.status_code == 200 else None)(tenant.http.get(f"{V1}/{quote(made, safe='')}")))["id"] == made


def test_an_id_longer_than_800_characters_is_refused(tenant):
    answer = tenant.batch({"id": "e", "type": "trace-create", "timestamp": at(0), "body": {"id": "x" * 801}})

    assert answer.json()["successes"] == []
    assert answer.json()["errors"][0]["status"] == 400


# The dashboard's list


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"type": "string", "column": "name", "operator": "=", "value": "refund"}, [3, 2]),
        ({"type": "string", "column": "name", "operator": "contains", "value": "search"}, [6, 5, 4]),
        ({"type": "string", "column": "name", "operator": "contains", "value": "h_m"}, [5]),
        ({"type": "string", "column": "name", "operator": "contains", "value": "100%"}, [4]),
        ({"type": "string", "column": "name", "operator": "starts with", "value": "naïve"}, [7]),
        ({"type": "string", "column": "name", "operator": "ends with", "value": "me"}, [6, 5]),
        ({"type": "string", "column": "name", "operator": "does not contain", "value": "e"}, []),
        ({"type": "stringOptions", "column": "name", "operator": "any of", "value": ["refund", "search_me"]}, [5, 3, 2]),
        ({"type": "stringOptions", "column": "userId", "operator": "none of", "value": ["ann", "cem"]}, [3, 2]),
        ({"type": "arrayOptions", "column": "tags", "operator": "any of", "value": ["vip", "us"]}, [6, 5, 3]),
        ({"type": "arrayOptions", "column": "tags", "operator": "all of", "value": ["fast", "eu"]}, [3, 0]),
        ({"type": "arrayOptions", "column": "tags", "operator": "none of", "value": ["fast", "eu", "us"]}, [7, 4]),
        ({"type": "number", "column": "totalTokens", "operator": ">=", "value": 610}, [7, 6, 5]),
        ({"type": "number", "column": "totalCost", "operator": "<", "value": 0.0002}, [0]),
        ({"type": "number", "column": "errorCount", "operator": "=", "value": 1}, [7, 2]),
        # Sums over the steps.
        ({"type": "number", "column": "inputCost", "operator": ">=", "value": 0.0007}, [7, 6]),
        ({"type": "number", "column": "outputCost", "operator": ">", "value": 0.00005}, []),
        ({"type": "number", "column": "defaultCount", "operator": "=", "value": 1}, [7, 4, 2, 1]),
        ({"type": "number", "column": "debugCount", "operator": ">", "value": 0}, [4]),
        ({"type": "number", "column": "observationCount", "operator": ">", "value": 2}, []),
        ({"type": "datetime", "column": "timestamp", "operator": ">=", "value": at(6)}, [7, 6]),
        ({"type": "stringOptions", "column": "level", "operator": "any of", "value": ["ERROR"]}, [7, 2]),
        ({"type": "stringOptions", "column": "environment", "operator": "any of", "value": ["staging"]}, [5, 2]),
        ({"type": "boolean", "column": "bookmarked", "operator": "=", "value": True}, []),
        ({"type": "stringObject", "column": "metadata", "key": "text", "operator": "=", "value": "value 4"}, [4]),
        ({"type": "stringObject", "column": "metadata", "key": "absent", "operator": "=", "value": "x"}, []),
        ({"type": "arrayOptions", "column": "models", "operator": "any of", "value": ["claude-haiku-4-5"]}, [7, 6, 5, 4, 3, 2, 1, 0]),
        ({"type": "string", "column": "sessionId", "operator": "=", "value": "s-5"}, [7]),
        ({"type": "null", "column": "sessionId", "operator": "is null", "value": ""}, []),
    ],
    ids=lambda value: f"{value['column']} {value['operator']} {value['value']}" if isinstance(value, dict) else "",
)
def test_v2_filters(v2, filter, expected):
    found = [number for number in v2(filter, toTimestamp=at(60), fromTimestamp=at(-1))]

    assert found == expected


@pytest.mark.parametrize(
    ("search", "where", "expected"),
    [
        ("needle3", None, [3]),
        ("NEEDLE3", "input", [3]),
        ("needle3", "output", []),
        ("zebra5", "output", [5]),
        ("haystack needle6", "input", [6]),
        ("bob", "ids", [3, 2]),
        ("vip", "ids", [3]),
        ("東京", "ids", [7]),
        ("nosuchword", None, []),
    ],
)
def test_v2_search(v2, search, where, expected):
    assert v2(search=search, searchIn=where, fromTimestamp=at(-1), toTimestamp=at(60)) == expected


def test_v2_sorts(world, v2):
    for column in ("timestamp", "name", "latency", "totalCost", "totalTokens", "observationCount", "errorCount"):
        rows = world.api.rows(orderBy=f"{column}.desc", fromTimestamp=at(-1), toTimestamp=at(60))
        values = [row[column] for row in rows]
        assert values == sorted(values, reverse=True) and len(values) == 8, column
    assert v2(orderBy="totalTokens.asc", fromTimestamp=at(-1), toTimestamp=at(60)) == [0, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("order", ["timestamp.desc", "timestamp.asc", "totalCost.asc", "name.desc", "observationCount.asc", "latency.desc"])
def test_v2_cursors_cover_everything_once(world, order):
    seen, cursor = [], None
    for _ in range(5):
        page = world.api.read(V2, limit=3, cursor=cursor, orderBy=order, fromTimestamp=at(-1), toTimestamp=at(60))
        seen += world.numbers(page["data"])
        cursor = page["meta"].get("cursor")
        if not cursor:
            break

    assert cursor is None
    assert sorted(seen) == list(range(8))
    assert seen == world.numbers(world.api.rows(orderBy=order, fromTimestamp=at(-1), toTimestamp=at(60)))


def test_v2_row(world):
    row = world.api.rows(search="needle2", fromTimestamp=at(-1), toTimestamp=at(60))[0]

    assert set(row) == {"id", "timestamp", "name", "userId", "sessionId", "environment", "tags", "release", "version", "level", "public", "bookmarked",
                        "inputPreview", "outputPreview", "latency", "observationCount", "errorCount", "warningCount", "inputTokens", "outputTokens",
                        "cachedTokens", "totalTokens", "totalCost", "unpricedCount", "models", "updatedAt"}
    assert (row["id"], row["level"], row["errorCount"], row["warningCount"]) == (world.id(2), "ERROR", 1, 0)
    assert (row["inputTokens"], row["outputTokens"], row["totalTokens"]) == (300, 10, 310)
    assert json.loads(row["inputPreview"]) == {"question": "needle2 haystack"}
    assert row["models"] == ["claude-haiku-4-5"]


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 201}, {"cursor": "%%%"}, {"cursor": "e30"}, {"orderBy": "input.asc"}, {"orderBy": "timestamp"},
                                    {"filter": conditions({"type": "string", "column": "password", "operator": "=", "value": "x"})},
                                    {"filter": conditions({"type": "number", "column": "name", "operator": ">", "value": 1})},
                                    {"searchIn": "everywhere", "search": "x"}, {"toTimestamp": "tomorrow"}])
def test_v2_refuses_what_it_does_not_understand(world, params):
    answer = world.api.get(V2, **params)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


def test_v2_counts_what_the_list_would_show(world):
    fast = {"filter": conditions({"type": "arrayOptions", "column": "tags", "operator": "any of", "value": ["fast"]}), "fromTimestamp": at(-1), "toTimestamp": at(60)}

    assert world.api.read(f"{V2}/count", **fast) == {"count": 3, "atLeast": False}
    assert world.api.read(f"{V2}/count", fromTimestamp=at(-1), toTimestamp=at(60))["count"] == 8
    assert world.api.read(f"{V2}/count", search="needle1", fromTimestamp=at(-1), toTimestamp=at(60))["count"] == 1


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("name", {"checkout": 2, "refund": 2, "search 100%": 1, "search_me": 1, "searchXme": 1, "naïve 東京 🙂": 1}),
        ("userId", {"ann": 3, "cem": 3, "bob": 2}),
        ("sessionId", {"s-1": 2, "s-2": 2, "s-3": 2, "s-4": 1, "s-5": 1}),
        ("environment", {"production": 6, "staging": 2}),
        ("tags", {"fast": 3, "eu": 3, "us": 2, "vip": 1, "ünï": 1}),
        ("release", {"r0": 4, "r1": 4}),
        ("version", {"v0": 3, "v1": 3, "v2": 2}),
        ("level", {"DEFAULT": 5, "ERROR": 2, "WARNING": 1}),
        ("models", {"claude-haiku-4-5": 8}),
    ],
)
def test_v2_facets(world, column, expected):
    data = world.api.read(f"{V2}/facets", column=column, fromTimestamp=at(-1), toTimestamp=at(60))["data"]

    assert {facet["value"]: facet["count"] for facet in data} == expected
    assert [facet["count"] for facet in data] == sorted((facet["count"] for facet in data), reverse=True)


def test_v2_facets_are_searched_and_their_columns_checked(world):
    found = world.api.read(f"{V2}/facets", column="name", search="SEARCH", fromTimestamp=at(-1), toTimestamp=at(60))["data"]

    assert {facet["value"] for facet in found} == {"search 100%", "search_me", "searchXme"}
    assert world.api.get(f"{V2}/facets", column="password").status_code == 400
    assert world.api.get(f"{V2}/facets").status_code == 400


# The tree


def test_the_tree_of_a_trace(world):
    tree = world.api.read(f"{V2}/{world.id(1)}")

    assert tree["trace"]["id"] == world.id(1)
    assert tree["trace"]["metadata"] == {"number": 1, "text": "value 1", "deep": {"x": [1]}}
    assert tree["trace"]["input"] == {"question": "needle1 haystack"}
    root, call = tree["observations"]
    assert (root["name"], root["parentObservationId"], call["parentObservationId"]) == ("root", None, root["id"])
    assert (call["type"], call["level"], call["providedModel"], call["usage"]) == ("GENERATION", "WARNING", "claude-haiku-4-5", {"input": 200, "output": 10, "total": 210})
    assert call["totalCost"] == pytest.approx(0.00025, rel=1e-9)
    assert call["latency"] == pytest.approx(2, abs=0.01)
    assert call["inputPreview"] == "prompt 1" and call["inputLength"] == 8
    assert len(call["inputPreview"]) <= 120
    assert "input" not in call and "output" not in call
    assert tree["truncated"] is False and tree["scores"] == []


def test_an_absent_tree_is_not_found(world):
    absent = trace_id()

    answer = world.api.get(f"{V2}/{absent}")

    assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError")
    assert absent in answer.json()["message"]
