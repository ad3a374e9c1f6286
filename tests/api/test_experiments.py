"""Runs of datasets: posted, told by spans, or both; and the experiments that they are."""

import concurrent.futures
import datetime
import hashlib
import json
import urllib.parse

import pytest
from harness.telemetry import span, span_id, trace_id, unique
from harness.waiting import wait_until

from api.test_datasets import dataset, item, make, refused

RUN_ITEMS = "/api/public/dataset-run-items"
EXPERIMENTS = "/api/public/experiments"
EXPERIMENT_ITEMS = "/api/public/experiment-items"
SINCE = "2026-01-01T00:00:00Z"


def runs_of(dataset: dict) -> str:
    return f"/api/public/datasets/{urllib.parse.quote(dataset['name'], safe='')}/runs"


def run_of(dataset: dict, name: str) -> str:
    return f"{runs_of(dataset)}/{urllib.parse.quote(name, safe='')}"


def post(api, name: str, item: dict, **body) -> dict:
    return make(api, RUN_ITEMS, runName=name, datasetItemId=item["id"], **body)


def told(run: str, name: str, item: str, root: str, **more) -> dict:
    """The attributes by which SDKs mark every span of a try."""
    said = {"id": run, "name": name, "item.id": item, "item.root_observation_id": root} | more
    return {f"langfuse.experiment.{key}": value for key, value in said.items()}


def stable_id(api, dataset: dict, name: str) -> str:
    """As Python's SDK 5 computes it."""
    text = json.dumps(["langfuse-experiment-v1", api.project_id, dataset["id"], name], separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def experiments(api, **params) -> list[dict]:
    return api.read(EXPERIMENTS, fromStartTime=SINCE, **params)["data"]


def experiment_items(api, **params) -> list[dict]:
    return api.read(EXPERIMENT_ITEMS, fromStartTime=SINCE, **params)["data"]


def readable(api, dataset: dict, name: str, count: int) -> dict:
    """The run once it has so many items."""

    def found():
        run = api.read(run_of(dataset, name))
        return run if len(run["datasetRunItems"]) == count else None

    return wait_until(found)


@pytest.fixture(scope="module")
def data(tenant):
    return dataset(tenant, unique("folder") + "/runs")


@pytest.fixture(scope="module")
def items(tenant, data):
    return [item(tenant, data, input={"n": n}, expectedOutput=n + 1, metadata={"kind": "easy"}) for n in range(3)]


def test_a_posted_item_makes_the_run_and_reads_back(tenant, data, items):
    name, trace, step = unique("run") + " 1/2", trace_id(), span_id()

    posted = post(tenant, name, items[0], traceId=trace, observationId=step, runDescription="why", metadata={"model": "m", "n": 1.5})

    assert set(posted) == {"id", "datasetRunId", "datasetRunName", "datasetItemId", "traceId", "observationId", "createdAt", "updatedAt"}
    assert (posted["datasetRunName"], posted["datasetItemId"], posted["traceId"], posted["observationId"]) == (name, items[0]["id"], trace, step)
    assert posted["datasetRunId"] == stable_id(tenant, data, name)
    run = readable(tenant, data, name, 1)
    assert {key: value for key, value in run["datasetRunItems"][0].items() if key != "updatedAt"} == {key: value for key, value in posted.items() if key != "updatedAt"}
    about = {key: value for key, value in run.items() if key != "datasetRunItems"}
    assert set(about) == {"id", "name", "description", "metadata", "datasetId", "datasetName", "createdAt", "updatedAt"}
    assert (about["id"], about["name"], about["description"], about["metadata"]) == (posted["datasetRunId"], name, "why", {"model": "m", "n": 1.5})
    assert (about["datasetId"], about["datasetName"]) == (data["id"], data["name"])
    assert about in tenant.read(runs_of(data))["data"]
    page = tenant.read(RUN_ITEMS, datasetId=data["id"], runName=name)
    assert page["data"] == run["datasetRunItems"] and page["meta"] == {"page": 1, "limit": 50, "totalItems": 1, "totalPages": 1}


def test_the_same_link_again_is_the_same_item_and_the_last_word_on_the_run_counts(tenant, data, items):
    name, trace = unique("again"), trace_id()

    made = [post(tenant, name, items[0], traceId=trace, metadata={"n": n}, runDescription="x" if n else None) for n in range(3)]
    other = post(tenant, name, items[0], traceId=trace_id())

    assert len({found["id"] for found in made}) == 1 and other["id"] != made[0]["id"]
    run = readable(tenant, data, name, 2)
    assert (run["metadata"], run["description"], run["createdAt"]) == ({"n": 2}, "x", tenant.read(run_of(data, name))["createdAt"])


def test_a_posted_item_may_name_its_time_its_version_and_its_observation_alone(tenant, data):
    name, trace, step = unique("old"), trace_id(), span_id()
    tenant.store(span(trace, id=step, name="try"))
    tenant.trace(trace, steps=1)
    old = item(tenant, data, input="old")
    item(tenant, data, id=old["id"], status="ARCHIVED")

    refused(tenant.send("POST", RUN_ITEMS, {"runName": name, "datasetItemId": old["id"], "traceId": trace}), 404, "Dataset item not found")
    posted = post(tenant, name, old, observationId=step, createdAt="2026-02-03T04:05:06.789Z", datasetVersion=old["updatedAt"], metadata={"a": 1})

    assert (posted["traceId"], posted["observationId"], posted["createdAt"]) == (trace, step, "2026-02-03T04:05:06.789Z")
    run = readable(tenant, data, name, 1)
    assert run["metadata"] == {"a": 1, "dataset_version": old["updatedAt"]}
    [found] = experiment_items(tenant, experimentId=run["id"])
    assert (found["startTime"], found["experimentItemVersion"]) == ("2026-02-03T04:05:06.789Z", old["updatedAt"])


def test_fifty_items_of_a_run_in_parallel_are_one_run(tenant, data, items):
    name = unique("parallel")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda n: post(tenant, name, items[n % 3], traceId=f"{name}-{n}", metadata={"m": 1}), range(50)))

    assert len({found["datasetRunId"] for found in made}) == 1 and len({found["id"] for found in made}) == 50
    run = readable(tenant, data, name, 50)
    assert {found["id"] for found in run["datasetRunItems"]} == {found["id"] for found in made}
    page = tenant.read(RUN_ITEMS, datasetId=data["id"], runName=name, limit=20, page=3)
    assert len(page["data"]) == 10 and page["meta"] == {"page": 3, "limit": 20, "totalItems": 50, "totalPages": 3}
    assert [run["name"] for run in tenant.read(runs_of(data))["data"]].count(name) == 1


def test_a_run_that_is_told_both_ways_is_one_run_with_each_item_once(tenant, data, items):
    name = unique("both")
    tries = []
    for found in items:
        trace, step = trace_id(), span_id()
        posted = post(tenant, name, found, traceId=trace, observationId=step, metadata={"model": "m"}, runDescription="posted")
        attributes = told(posted["datasetRunId"], name, found["id"], step, **{
            "metadata": '{"model":"m"}', "dataset.id": data["id"], "item.expected_output": "41", "item.metadata": '{"kind":"easy"}'})
        tenant.store(span(trace, id=step, name="experiment-item-run", milliseconds=250,
                          attributes=attributes | {"langfuse.observation.input": '{"n":1}', "langfuse.observation.output": "42",
                                                   "langfuse.environment": "sdk-experiment", "langfuse.observation.metadata.own": "1"}),
                     # The SDKs mark what lies below a try, too.
                     span(trace, parent=step, name="below", attributes=attributes))
        tries.append((posted, trace, step))
    wait_until(lambda: all(found["endTime"] for found in experiment_items(tenant, experimentId=tries[0][0]["datasetRunId"]))
               and len(experiment_items(tenant, experimentId=tries[0][0]["datasetRunId"])) == 3)
    run_id = tries[0][0]["datasetRunId"]

    run = tenant.read(run_of(data, name))
    assert {(found["id"], found["traceId"], found["observationId"]) for found in run["datasetRunItems"]} == {(p["id"], t, s) for p, t, s in tries}
    assert (run["id"], run["description"], run["metadata"]) == (run_id, "posted", {"model": "m"})
    assert [found["id"] for found in tenant.read(runs_of(data))["data"]].count(run_id) == 1
    [experiment] = experiments(tenant, id=run_id, fields="core,metadata,scores")
    assert set(experiment) == {"id", "name", "description", "startTime", "endTime", "itemCount", "datasetId", "metadata", "scores"}
    assert (experiment["name"], experiment["itemCount"], experiment["datasetId"], experiment["metadata"]) == (name, 3, data["id"], {"model": "m"})
    assert experiment["startTime"] < experiment["endTime"]
    found = experiment_items(tenant, experimentId=run_id, fields="core,dataset,io,metadata,itemMetadata,experimentMetadata,scores")
    assert {(one["id"], one["traceId"], one["experimentItemId"]) for one in found} == {(s, t, p["datasetItemId"]) for p, t, s in tries}
    for one in found:
        assert set(one) == {"id", "traceId", "startTime", "endTime", "level", "environment", "experimentId", "experimentName", "experimentItemId",
                            "experimentDatasetId", "experimentItemVersion", "input", "output", "expectedOutput", "metadata",
                            "experimentItemMetadata", "experimentMetadata", "experimentDescription", "scores"}
        assert (one["input"], one["output"], one["expectedOutput"]) == ({"n": 1}, 42, 41)
        assert (one["level"], one["environment"], one["experimentItemMetadata"]) == ("DEFAULT", "sdk-experiment", {"kind": "easy"})
        assert one["experimentMetadata"] == {"model": "m"} and one["metadata"]["own"] == 1


def test_an_experiment_of_spans_alone_is_a_run_of_its_dataset(tenant, data, items):
    name = unique("spans")
    run_id = stable_id(tenant, data, name)
    for found in items[:2]:
        trace, step = trace_id(), span_id()
        more = {"dataset.id": data["id"], "metadata": '{"v":1}', "description": "spans only", "item.version": items[0]["updatedAt"],
                "item.expected_output": '{"a":1}'}
        tenant.store(span(trace, name="experiment-item-run"), span(trace, id=step, attributes=told(run_id, name, found["id"], step, **more)))

    wait_until(lambda: [found["itemCount"] for found in experiments(tenant, name=name)] == [2])

    [run] = [found for found in tenant.read(runs_of(data))["data"] if found["name"] == name]
    assert (run["id"], run["description"], run["metadata"], run["datasetName"]) == (run_id, "spans only", {"v": 1}, data["name"])
    assert len(tenant.read(run_of(data, name))["datasetRunItems"]) == 2
    assert tenant.read(RUN_ITEMS, datasetId=data["id"], runName=name)["meta"]["totalItems"] == 2
    assert {found["experimentItemVersion"] for found in experiment_items(tenant, experimentName=name)} == {items[0]["updatedAt"]}
    # Posting to it now adds to the same run.
    assert post(tenant, name, items[2], traceId=trace_id())["datasetRunId"] == run_id
    assert len(readable(tenant, data, name, 3)["datasetRunItems"]) == 3


def test_an_experiment_needs_no_dataset(tenant):
    name, run_id = unique("local"), span_id()
    sent = []
    for number in range(3):
        trace, step = trace_id(), span_id()
        sent.append(span(trace, id=step, attributes=told(run_id, name, f"item-{number}", step, **{"metadata.k": "v", "metadata.n.deep": "7"})))
    for _ in range(2):
        tenant.store(*sent)

    wait_until(lambda: [found["itemCount"] for found in experiments(tenant, id=run_id)] == [3])

    [experiment] = experiments(tenant, id=run_id, fields="metadata")
    assert (experiment["datasetId"], experiment["metadata"]) == (None, {"k": "v", "n.deep": 7})
    assert [found["experimentDatasetId"] for found in experiment_items(tenant, experimentId=run_id)] == [None] * 3
    assert "input" not in experiment_items(tenant, experimentId=run_id)[0]


def test_scores_stand_beside_experiments_and_items(tenant, data, items):
    name, trace, step = unique("scored"), trace_id(), span_id()
    posted = post(tenant, name, items[0], traceId=trace, observationId=step)
    tenant.store(span(trace, id=step, attributes=told(posted["datasetRunId"], name, items[0]["id"], step)), span(trace, id=span_id(), parent=step))
    for number in range(3):
        make(tenant, "/api/public/scores", name=f"run-{number}", value=number, datasetRunId=posted["datasetRunId"], timestamp=f"2026-03-0{number + 1}T00:00:00Z")
    make(tenant, "/api/public/scores", name="step", value="good", traceId=trace, observationId=step)
    make(tenant, "/api/public/scores", name="trace", value=1, dataType="BOOLEAN", traceId=trace)
    make(tenant, "/api/public/scores", name="elsewhere", value=1, traceId=trace, observationId=span_id())

    def scored():
        [experiment] = experiments(tenant, id=posted["datasetRunId"], fields="scores")
        [one] = experiment_items(tenant, experimentId=posted["datasetRunId"], fields="scores")
        return (experiment, one) if len(experiment["scores"]) == 3 and len(one["scores"]) == 2 else None

    experiment, one = wait_until(scored)
    assert [(score["name"], score["value"], score["subject"]) for score in experiment["scores"]] == [
        (f"run-{n}", n, {"kind": "experiment", "id": posted["datasetRunId"]}) for n in (2, 1, 0)]
    assert {(score["name"], score["value"], score["subject"]["kind"]) for score in one["scores"]} == {("step", "good", "observation"), ("trace", True, "trace")}
    [experiment] = experiments(tenant, id=posted["datasetRunId"], fields="scores", scoreLimit=1)
    assert [score["name"] for score in experiment["scores"]] == ["run-2"]
    assert tenant.read("/api/public/v3/scores", experimentId=posted["datasetRunId"])["meta"]["limit"] == 50


def test_a_deleted_run_is_gone_everywhere_and_its_name_begins_anew(tenant, data, items):
    name, trace, step = unique("doomed"), trace_id(), span_id()
    posted = post(tenant, name, items[0], traceId=trace, observationId=step)
    tenant.store(span(trace, id=step, attributes=told(posted["datasetRunId"], name, items[0]["id"], step, **{"dataset.id": data["id"]})))
    wait_until(lambda: [found["endTime"] is not None for found in experiment_items(tenant, experimentName=name)] == [True])

    assert tenant.send("DELETE", run_of(data, name)).json() == {"message": "Dataset run successfully deleted"}

    assert tenant.get(run_of(data, name)).status_code == 404
    assert name not in [run["name"] for run in tenant.read(runs_of(data))["data"]]
    assert tenant.send("DELETE", run_of(data, name)).status_code == 404
    wait_until(lambda: experiments(tenant, name=name) == [] and experiment_items(tenant, experimentName=name) == [])
    assert tenant.get(RUN_ITEMS, datasetId=data["id"], runName=name).status_code == 404
    assert tenant.has_trace(trace)
    again = post(tenant, name, items[1], traceId=trace)
    assert [found["id"] for found in readable(tenant, data, name, 1)["datasetRunItems"]] == [again["id"]]
    assert tenant.read(run_of(data, name))["createdAt"] >= posted["createdAt"]


def test_runs_and_experiments_come_in_pages(owner):
    api = owner.new_tenant("pages")
    data = dataset(api)
    one = item(api, data, input=1)
    base = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
    for number in range(5):
        for hour in range(2):
            at = (base + datetime.timedelta(days=number, hours=hour)).isoformat()
            post(api, f"run {number}", one, traceId=f"t-{number}-{hour}", createdAt=at)
    wait_until(lambda: sum(found["itemCount"] for found in experiments(api)) == 10)

    def all_of(path: str, **params) -> list[dict]:
        seen, cursor = [], None
        while True:
            page = api.read(path, fromStartTime=SINCE, limit=2, cursor=cursor, **params)
            seen += page["data"]
            cursor = page["meta"].get("cursor")
            assert len(page["data"]) == 2 or cursor is None
            if cursor is None:
                return seen

    assert [found["name"] for found in all_of(EXPERIMENTS)] == [f"run {n}" for n in (4, 3, 2, 1, 0)]
    assert [found["traceId"] for found in all_of(EXPERIMENT_ITEMS)] == [f"t-{n}-{h}" for n in (4, 3, 2, 1, 0) for h in (1, 0)]
    assert [found["name"] for found in api.read(runs_of(data), limit=2, page=2)["data"]] == ["run 2", "run 1"]
    assert api.read(runs_of(data), limit=2)["meta"] == {"page": 1, "limit": 2, "totalItems": 5, "totalPages": 3}
    # The range cuts what is counted.
    [cut] = api.read(EXPERIMENTS, fromStartTime="2026-03-02T00:30:00Z", toStartTime="2026-03-02T01:00:00.001Z")["data"]
    assert (cut["name"], cut["itemCount"], cut["startTime"]) == ("run 1", 1, "2026-03-02T01:00:00.000Z")
    assert [found["name"] for found in experiments(api, name="run 1,run 3")] == ["run 3", "run 1"]
    by_name = json.dumps([{"type": "string", "column": "name", "operator": "ends with", "value": " 2"}])
    assert [found["name"] for found in experiments(api, filter=by_name)] == ["run 2"]
    assert [found["name"] for found in experiments(api, datasetId=data["id"], limit=1)] == ["run 4"]
    assert experiments(api, datasetId="none") == [] == experiment_items(api, experimentItemId="none")
    assert len(experiment_items(api, experimentItemId=one["id"], experimentName="run 0,run 1")) == 4


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"runName": ""}, 400),
        ({"runName": " "}, 400),
        ({"runName": "x" * 501}, 400),
        ({"runName": "a\nb"}, 400),
        ({"traceId": None}, 400),
        ({"traceId": "x" * 801}, 400),
        ({"createdAt": "yesterday"}, 400),
        ({"datasetVersion": "v2"}, 400),
        ({"metadata": "x" * 200_001}, 400),
        ({"datasetItemId": "none"}, 404),
        ({"traceId": None, "observationId": "none"}, 404),
        ({"datasetVersion": "2020-01-01T00:00:00Z"}, 404),
    ],
    ids=lambda value: str(value)[:40],
)
def test_malformed_run_items_are_refused(tenant, items, body, status):
    whole = {"runName": "r", "datasetItemId": items[0]["id"], "traceId": "t"} | body if body else {}
    refused(tenant.send("POST", RUN_ITEMS, whole), status)


@pytest.mark.parametrize("path", [EXPERIMENTS, EXPERIMENT_ITEMS])
@pytest.mark.parametrize(
    "params",
    [
        {"fromStartTime": None}, {"fromStartTime": "yesterday"}, {"toStartTime": "x"}, {"limit": 0}, {"limit": 101}, {"scoreLimit": 51},
        {"fields": "everything"}, {"cursor": "%%%"}, {"filter": "{"}, {"filter": '[{"type":"string","column":"x","operator":"=","value":"y"}]'},
    ],
    ids=str,
)
def test_malformed_lists_of_experiments_are_refused(tenant, path, params):
    refused(tenant.get(path, **({"fromStartTime": SINCE} | params)))


def test_another_tenant_sees_no_run(tenant, other, data, items):
    name, trace = unique("secret"), trace_id()
    posted = post(tenant, name, items[0], traceId=trace)
    readable(tenant, data, name, 1)

    assert experiments(other, id=posted["datasetRunId"]) == [] == experiment_items(other, experimentId=posted["datasetRunId"])
    assert other.get(RUN_ITEMS, datasetId=data["id"], runName=name).status_code == 404
    answer = other.send("POST", RUN_ITEMS, {"runName": name, "datasetItemId": items[0]["id"], "traceId": trace})
    assert (answer.status_code, answer.json()) == (404, {"message": "Dataset item not found", "error": "LangfuseNotFoundError"})
    theirs = dataset(other, data["name"])
    for method in ("GET", "DELETE"):
        answer = other.send(method, run_of(theirs, name))
        assert (answer.status_code, answer.json()) == (404, {"message": "Dataset run not found", "error": "LangfuseNotFoundError"})
    assert tenant.send("GET", RUN_ITEMS).status_code == 400
