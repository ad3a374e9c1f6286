"""Sums over time: the query language in two versions, days, usage and cost."""

import json

import pytest
from harness.api import event
from harness.aws import configured
from harness.telemetry import unique
from harness.waiting import wait_until

from api.world import at, build

DAILY = "/api/public/metrics/daily"
V1 = "/api/public/metrics"
V2 = "/api/public/v2/metrics"
USAGE = "/api/public/metrics/usage"
COST = "/api/public/metrics/cost"
DAY = {"fromTimestamp": "2026-03-10T00:00:00Z", "toTimestamp": "2026-03-11T00:00:00Z"}


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


def query(view, *metrics, **more):
    """The `query` parameter over the world's day; metrics as `sum_totalCost`."""
    asked = [dict(zip(("aggregation", "measure"), metric.split("_"))) for metric in metrics or ("count_count",)]
    return json.dumps({"view": view, "metrics": asked, **DAY, **more})


def rows(world, path, *arguments, **more):
    return world.api.read(path, query=query(*arguments, **more))["data"]


def by(field, **more):
    return {"dimensions": [{"field": field}], **more}


@pytest.mark.parametrize("path", [V1, V2])
def test_observations_are_aggregated_once_by_what_their_trace_says(world, path):
    found = rows(world, path, "observations", "count_count", "sum_totalTokens", "sum_totalCost", "max_latency", **by("traceName"))

    assert {row["traceName"]: (row["count_count"], row["sum_totalTokens"]) for row in found} == {
        "checkout": ("4", "320"), "refund": ("4", "720"), "search 100%": ("2", "510"), "search_me": ("2", "610"), "searchXme": ("2", "710"), "naïve 東京 🙂": ("2", "810")}
    costs = {row["traceName"]: row["sum_totalCost"] for row in found}
    assert costs["checkout"] == pytest.approx((300 + 20 * 5) / 1e6, rel=1e-9)
    assert {row["max_latency"] for row in found} == {"30000"}


def test_traces_and_scores_have_views(world):
    scores = [{"name": "quality", "value": value, "traceId": world.id(number), "id": f"{world.mark}-q{number}", "timestamp": "2026-03-10T13:00:00Z"}
              for number, value in enumerate((0.25, 0.75))]
    scores += [{"name": "tone", "value": "kind", "traceId": world.id(2), "id": f"{world.mark}-tone", "timestamp": "2026-03-10T13:00:00Z"},
               {"name": "done", "value": 1, "dataType": "BOOLEAN", "traceId": world.id(2), "id": f"{world.mark}-done", "timestamp": "2026-03-10T13:00:00Z"}]
    assert world.api.send("POST", "/api/public/scores", scores).status_code == 202
    for score in scores:
        world.api.score(score["id"])

    assert rows(world, V1, "traces", "count_count", "sum_observationsCount", "sum_scoresCount", "uniq_uniqueUserIds") == [
        {"count_count": "8", "sum_observationsCount": "16", "sum_scoresCount": "4", "uniq_uniqueUserIds": "3"}]
    by_user = rows(world, V1, "traces", "count_count", **by("userId", orderBy=[{"field": "userId", "direction": "asc"}]))
    assert by_user == [{"userId": "ann", "count_count": "3"}, {"userId": "bob", "count_count": "2"}, {"userId": "cem", "count_count": "3"}]
    for path in (V1, V2):
        assert rows(world, path, "scores-numeric", "avg_value", **by("name", orderBy=[{"field": "name", "direction": "desc"}])) == [
            {"name": "quality", "avg_value": 0.5}, {"name": "done", "avg_value": 1}]
        assert rows(world, path, "scores-boolean", **by("booleanValue")) == [{"booleanValue": True, "count_count": "1"}]
        assert rows(world, path, "scores-categorical", **by("stringValue")) == [{"stringValue": "kind", "count_count": "1"}]


def test_times_are_filled_and_limited(world):
    hours = rows(world, V2, "observations", timeDimension={"granularity": "auto"}, config={"row_limit": 14})

    assert [row["time_dimension"] for row in hours] == [f"2026-03-10T{hour:02}:00:00Z" for hour in range(14)]
    assert [row["count_count"] for row in hours] == ["0"] * 12 + ["16", "0"]
    assert rows(world, V1, "observations", timeDimension={"granularity": "week"}) == [{"time_dimension": "2026-03-09", "count_count": "16"}]


def test_filters_of_every_type(world):
    def counted(**condition):
        return rows(world, V2, "observations", filters=[{"column": "type", "type": "string", "operator": "=", "value": "GENERATION"}, condition])[0]["count_count"]

    for condition, expected in [
        ({"column": "userId", "type": "string", "operator": "=", "value": "ann"}, "3"),
        ({"column": "level", "type": "stringOptions", "operator": "any of", "value": ["ERROR", "WARNING"]}, "3"),
        ({"column": "tags", "type": "arrayOptions", "operator": "all of", "value": ["fast", "eu"]}, "2"),
        ({"column": "metadata", "key": "short", "type": "stringObject", "operator": "=", "value": "z"}, "8"),
        ({"column": "isRootObservation", "type": "boolean", "operator": "=", "value": True}, "0"),
        ({"column": "promptName", "type": "null", "operator": "is null", "value": ""}, "8"),
        ({"column": "startTime", "type": "datetime", "operator": ">=", "value": at(6)}, "2"),
    ]:
        assert counted(**condition) == expected, condition


def test_another_tenant_counts_nothing(world, other):
    for view in ("traces", "observations"):
        assert rows_of(other, V1, query(view)) == [{"count_count": "0"}]
    for path in (USAGE, COST):
        answer = other.read(path, **DAY)
        assert (answer["data"], answer["total"]["countObservations"]) == ([], 0)


def rows_of(api, path, text):
    return api.read(path, query=text)["data"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", query("users"), query("traces", "sum_secret"), query("traces", "median_latency"), query("traces", **by("x; DROP TABLE traces")),
                                  query("traces", fromTimestamp="now"), query("traces", toTimestamp="2026-03-09T00:00:00Z"), query("traces", config={"row_limit": 1001}),
                                  query("traces", config={"row_limit": 0}), query("traces", config={"bins": 0}), query("traces", config={"bins": 101}),
                                  query("traces", timeDimension={"granularity": "second"}), query("traces", "p42_latency"), query("traces", orderBy=[{"field": "1", "direction": "asc"}]), query("traces", metrics=[]),
                                  query("traces", filters=[{"column": "name", "type": "string", "operator": "=", "value": 1}])])
def test_a_query_that_cannot_be_meant_is_refused(world, text):
    for path in (V1, V2):
        answer = world.api.get(path, query=text)

        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


def test_v2_knows_no_traces_and_no_groups_of_a_row_each(world):
    assert world.api.get(V2, query=query("traces")).status_code == 400
    for view, field in [("observations", field) for field in ("id", "traceId", "userId", "sessionId", "parentObservationId")] + [("scores-numeric", "id"), ("scores-categorical", "observationId")]:
        answer = world.api.get(V2, query=query(view, **by(field)))
        assert answer.status_code == 400 and "too many values" in answer.json()["message"], answer.text
    top = by("userId", orderBy=[{"field": "sum_totalTokens", "direction": "desc"}], config={"row_limit": 1})
    assert rows(world, V2, "observations", "sum_totalTokens", **top) == [{"userId": "cem", "sum_totalTokens": "1830"}]


def test_usage_and_cost_by_group_and_time(world):
    usage = world.api.read(USAGE, **DAY, groupBy="userId", granularity="day")
    cost = world.api.read(COST, **DAY, groupBy="model")

    assert [(row["time"], row["group"], row["totalTokens"], row["countTraces"]) for row in usage["data"]] == [
        ("2026-03-10T00:00:00.000Z", "cem", 1830, 3), ("2026-03-10T00:00:00.000Z", "ann", 1130, 3), ("2026-03-10T00:00:00.000Z", "bob", 720, 2)]
    assert usage["total"]["usageDetails"]["input"] == 3600
    assert usage["meta"] == {"fromTimestamp": "2026-03-10T00:00:00.000Z", "toTimestamp": "2026-03-11T00:00:00.000Z", "granularity": "day", "groupBy": "userId", "truncated": False}
    assert cost["total"]["totalCost"] == pytest.approx(0.004, rel=1e-9)
    (haiku, rest) = cost["data"]
    assert (haiku["group"], haiku["countObservations"], haiku["unpricedCount"], rest["group"], rest["totalCost"]) == ("claude-haiku-4-5", 8, 0, None, None)
    assert haiku["costDetails"]["output"] == pytest.approx(0.0004, rel=1e-9)
    assert world.api.read(COST, **DAY, userId="bob", tags=["fast", "eu"])["total"]["totalCost"] == pytest.approx((400 + 50) / 1e6, rel=1e-9)


@pytest.mark.parametrize("params", [{"groupBy": "secret"}, {"granularity": "second"}, {"limit": 0}, {"limit": 1001}, {"fromTimestamp": "never"},
                                    {"fromTimestamp": "2026-03-12T00:00:00Z", "toTimestamp": "2026-03-11T00:00:00Z"}, {"filter": "x"}])
def test_usage_and_cost_refuse_nonsense(world, params):
    for path in (USAGE, COST):
        answer = world.api.get(path, **params)
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


@pytest.fixture(scope="module")
def tools(owner):
    """A project whose steps called tools and stated their usage and cost by type, in two experiments."""
    api, trace = owner.new_tenant("tools"), unique("trace")
    defined = {"tools": [{"type": "function", "function": {"name": name}} for name in ("ls", "cat")]}

    def step(number: int, calls: list[str], **more) -> dict:
        output = {"role": "assistant", "tool_calls": [{"function": {"name": name, "arguments": "{}"}} for name in calls]}
        return event("generation-create", {"id": f"{trace}-{number}", "traceId": trace, "startTime": at(number), "input": defined, "output": output} | more)

    api.store_batch(event("trace-create", {"id": trace, "timestamp": at(0)}),
                    step(1, ["ls", "ls", "cat"], usageDetails={"input": 10, "output": 5, "input_cached_tokens": 2}, costDetails={"input": 0.5, "output": 0.25, "total": 0.75}),
                    step(2, ["ls"], usageDetails={"input": 1, "output": 1}, costDetails={"input": 0.5, "total": 0.5}), step(3, [], input="x"))
    api.trace(trace, steps=3)
    return api


class Tools:
    """`rows` wants the world's shape."""

    def __init__(self, api):
        self.api = api


def test_tools_are_counted_once_a_step_and_calls_once_each(tools):
    order = {"orderBy": [{"field": "count_count", "direction": "desc"}]}
    for path in (V1, V2):
        assert rows(Tools(tools), path, "observations", **by("toolNames")) == [{"toolNames": "cat", "count_count": "2"}, {"toolNames": "ls", "count_count": "2"}]
        called = rows(Tools(tools), path, "observations", **by("calledToolNames", **order))
        assert called == [{"calledToolNames": "ls", "count_count": "3"}, {"calledToolNames": "cat", "count_count": "1"}]
        assert rows(Tools(tools), path, "observations", "sum_toolDefinitions", "sum_toolCalls", "count_count") == [{"sum_toolDefinitions": "4", "sum_toolCalls": "4", "count_count": "3"}]
        only = {"filters": [{"column": "calledToolNames", "type": "arrayOptions", "operator": "any of", "value": ["cat"]}]}
        assert rows(Tools(tools), path, "observations", **only) == [{"count_count": "1"}]


def test_costs_and_usage_are_told_by_their_type(tools):
    costs = {row["costType"]: row["sum_costByType"] for row in rows(Tools(tools), V2, "observations", "sum_costByType", **by("costType"))}
    usage = {row["usageType"]: row["sum_usageByType"] for row in rows(Tools(tools), V2, "observations", "sum_usageByType")}  # the dimension comes by itself

    assert costs == pytest.approx({"input": 1.0, "output": 0.25, "total": 1.25})
    assert usage == {"input": "11", "output": "6", "input_cached_tokens": "2", "total": "19"}
    only = {"filters": [{"column": "costType", "type": "string", "operator": "=", "value": "output"}]}
    assert rows(Tools(tools), V2, "observations", "sum_costByType", **only)[0]["sum_costByType"] == pytest.approx(0.25)


def test_experiments_are_dimensions_of_their_steps_and_scores(owner):
    api, run, item = owner.new_tenant("experiments"), unique("run"), unique("item")
    dataset, inside, outside = unique("data"), unique("in"), unique("out")
    made = api.send("POST", "/api/public/v2/datasets", {"name": dataset}).json()
    assert api.send("POST", "/api/public/dataset-items", {"datasetName": dataset, "id": item, "input": 1}).status_code == 200
    api.store_batch(*[event("span-create", {"id": f"{trace}-{n}", "traceId": trace, "startTime": at(n)}) for trace in (inside, outside) for n in (1, 2)])
    told = api.send("POST", "/api/public/dataset-run-items", {"runName": run, "datasetItemId": item, "traceId": inside}).json()
    scores = [{"id": f"{inside}-s", "name": "s", "value": 1, "traceId": inside}, {"id": f"{run}-s", "name": "s", "value": 0, "datasetRunId": told["datasetRunId"]},
              {"id": f"{outside}-s", "name": "s", "value": 0.5, "traceId": outside}]
    assert api.send("POST", "/api/public/scores", [score | {"timestamp": "2026-03-10T13:00:00Z"} for score in scores]).status_code == 202
    api.trace(inside, steps=2), api.trace(outside, steps=2)
    for score in scores:
        api.score(score["id"])
    wait_until(lambda: api.read(f"/api/public/datasets/{dataset}/runs/{run}")["datasetRunItems"])
    top = {"orderBy": [{"field": "count_count", "direction": "desc"}], "config": {"row_limit": 10}}

    for field, expected in (("experimentName", run), ("experimentId", told["datasetRunId"]), ("experimentDatasetId", made["id"])):
        found = rows(Tools(api), V2, "observations", **by(field, **top))
        assert sorted(found, key=str) == sorted([{field: expected, "count_count": "2"}, {field: None, "count_count": "2"}], key=str)
        assert api.get(V2, query=query("observations", **by(field))).status_code == 400  # only for the top rows, as other ids
    for field, expected in (("experimentName", run), ("experimentId", told["datasetRunId"])):
        found = rows(Tools(api), V2, "scores-numeric", **by(field, **top))
        assert found == [{field: expected, "count_count": "2"}, {field: None, "count_count": "1"}]
    assert rows(Tools(api), V2, "observations", filters=[{"column": "experimentName", "type": "string", "operator": "=", "value": run}]) == [{"count_count": "2"}]
    assert api.send("DELETE", f"/api/public/datasets/{dataset}/runs/{run}").status_code == 200
    wait_until(lambda: rows(Tools(api), V2, "observations", **by("experimentName", **top)) == [{"experimentName": None, "count_count": "4"}])


def test_a_score_knows_a_trace_of_long_ago(owner):
    api, trace = owner.new_tenant("long-ago"), unique("trace")
    api.store_batch(event("trace-create", {"id": trace, "name": "old", "userId": "ann", "timestamp": "2024-03-10T12:00:00Z"}),
                    event("span-create", {"id": f"{trace}-s", "traceId": trace, "name": "old step", "startTime": "2024-03-10T12:00:00Z"}))
    api.trace(trace, steps=1)
    score = {"id": f"{trace}-q", "name": "late", "value": 1, "traceId": trace, "observationId": f"{trace}-s", "timestamp": "2026-03-10T13:00:00Z"}
    assert api.send("POST", "/api/public/scores", score).status_code == 200
    api.score(score["id"])

    assert rows(Tools(api), V1, "scores-numeric", "avg_value", dimensions=[{"field": "traceName"}, {"field": "observationName"}]) == [
        {"traceName": "old", "observationName": "old step", "avg_value": 1}]


def test_a_query_that_needs_too_much_is_refused_with_what_to_do(owner, aws):
    """Each pair of a tool that could be called and a call is a group: 300 by 300 of them in a step."""
    api, trace = owner.new_tenant("heavy"), unique("trace")
    names = [f"tool number {number}" for number in range(300)]
    api.store_batch(*[event("generation-create", {"id": f"{trace}-{n}", "traceId": trace, "startTime": at(n), "input": {"tools": [{"name": f"{n} {name}"} for name in names]},
                                                 "output": {"tool_calls": [{"name": f"{n} {name}"} for name in names]}}) for n in range(3)])
    api.trace(trace, steps=3)
    heavy = query("observations", "uniq_traceId", dimensions=[{"field": "toolNames"}, {"field": "calledToolNames"}, {"field": "id"}],
                  orderBy=[{"field": "uniq_traceId", "direction": "desc"}], config={"row_limit": 5})
    assert len(api.read(V1, query=heavy)["data"]) == 5

    with configured(aws, "metrics", QUERY_MAX_BYTES="20000000"):
        for path in (V1, V2):
            answer = api.get(path, query=heavy)
            assert (answer.status_code, answer.json()["error"]) == (422, "Request timed out"), answer.text
            assert "Narrow" in answer.json()["message"]
        assert rows(Tools(api), V2, "observations") == [{"count_count": "3"}]
