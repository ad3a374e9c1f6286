"""Datasets and their items: upserts, folders, schemas, versions in time, pages."""

import concurrent.futures
import datetime
import urllib.parse

import pytest
from harness.telemetry import unique
from harness.waiting import wait_until

DATASETS = "/api/public/v2/datasets"
DATASETS_V1 = "/api/public/datasets"
ITEMS = "/api/public/dataset-items"
NOT_FOUND = {"message": "Dataset not found", "error": "LangfuseNotFoundError"}
ITEM_NOT_FOUND = {"message": "Dataset item not found", "error": "LangfuseNotFoundError"}


def quoted(name: str) -> str:
    return urllib.parse.quote(name, safe="")


def make(api, path: str, **body) -> dict:
    answer = api.send("POST", path, body)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"
    return answer.json()


def dataset(api, name: str | None = None, **body) -> dict:
    return make(api, DATASETS, name=name or unique("dataset"), **body)


def item(api, dataset: dict, **body) -> dict:
    return make(api, ITEMS, datasetName=dataset["name"], **body)


def refused(answer, status: int = 400, needle: str = "") -> str:
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:500]}"
    assert needle in answer.json()["message"], answer.text
    return answer.json()["message"]


def ids(page: dict) -> list[str]:
    return [found["id"] for found in page["data"]]


def test_a_dataset_is_created_once_and_changed_by_its_name(tenant):
    name = unique("data")
    made = dataset(tenant, name, description="first", metadata={"b": 1.50, "a": [1, None]})

    changed = dataset(tenant, name, description="second")

    assert set(made) == {"id", "name", "description", "metadata", "inputSchema", "expectedOutputSchema", "projectId", "createdAt", "updatedAt"}
    assert (made["projectId"], made["inputSchema"], made["expectedOutputSchema"]) == (tenant.project_id, None, None)
    assert (changed["id"], changed["createdAt"]) == (made["id"], made["createdAt"])
    assert (changed["description"], changed["metadata"]) == ("second", {"b": 1.5, "a": [1, None]})
    assert tenant.read(f"{DATASETS}/{name}") == changed


@pytest.mark.parametrize("name", ["a/b", "a/b/c d", "100%", "what?", "a#b", "a+b", "naïve 東京 🙂", "a%2Fb", "..", "runs", "a/runs"])
def test_names_hold_slashes_and_anything_else(tenant, name):
    name = f"{unique('folder')}/{name}"
    made = dataset(tenant, name)
    first = item(tenant, made, input=name)

    assert tenant.read(f"{DATASETS}/{quoted(name)}") == made
    v1 = tenant.read(f"{DATASETS_V1}/{quoted(name)}")
    assert (v1["name"], v1["runs"], [found["input"] for found in v1["items"]]) == (name, [], [name])
    assert ids(tenant.read(ITEMS, datasetName=name)) == [first["id"]]
    assert tenant.read(f"{DATASETS_V1}/{quoted(name)}/runs")["data"] == []


def test_datasets_are_listed_newest_first_in_pages(owner):
    api = owner.new_tenant("lists")
    names = [f"{folder}/{number}" for number in range(5) for folder in ("x", "Y")]
    for name in names:
        dataset(api, name)

    page = api.read(DATASETS, limit=4, page=2)

    assert [found["name"] for found in page["data"]] == names[::-1][4:8]
    assert page["meta"] == {"page": 2, "limit": 4, "totalItems": 10, "totalPages": 3}
    assert api.read(DATASETS, page=9)["data"] == []
    assert {found["name"][0] for found in api.read(DATASETS, name="y/")["data"]} == {"Y"}


def test_v1_lists_ids_of_active_items_and_names_of_runs(owner):
    api = owner.new_tenant("v1")
    made = make(api, DATASETS_V1, name="old")
    assert (made["items"], made["runs"]) == ([], [])
    kept, archived = item(api, made, input=1), item(api, made, input=2, status="ARCHIVED")
    make(api, "/api/public/dataset-run-items", runName="first", datasetItemId=kept["id"], traceId="t")

    row = api.read(DATASETS_V1)["data"][0]

    assert (row["name"], row["items"], row["runs"]) == ("old", [kept["id"]], ["first"])
    assert archived["id"] not in row["items"]
    whole = api.read(f"{DATASETS_V1}/old")
    assert (whole["items"], whole["runs"]) == ([kept], ["first"])


def test_two_creates_of_one_name_give_one_dataset(tenant):
    name = unique("race")
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        made = list(pool.map(lambda n: dataset(tenant, name, metadata={"n": n}), range(12)))

    assert len({found["id"] for found in made}) == 1
    assert [found["name"] for found in tenant.read(DATASETS, name=name)["data"]] == [name]


@pytest.mark.parametrize(
    ("body", "needle"),
    [
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "東" * 350}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": 7}, "expected a string"),
        ({}, "name"),
        ({"name": "a", "description": 7}, "expected a string"),
        ({"name": "a", "metadata": "x" * 100_001}, "metadata"),
        ([], ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_malformed_datasets_are_refused(tenant, body, needle):
    assert needle in refused(tenant.send("POST", DATASETS, body)) or not needle


def test_absent_datasets_and_those_of_others_look_alike(tenant, other):
    made = dataset(tenant)
    mine = item(tenant, made, input=1)

    for api, name, id in ((tenant, unique("none"), unique("none")), (other, made["name"], mine["id"])):
        for path in (f"{DATASETS}/{name}", f"{DATASETS_V1}/{name}", f"{DATASETS_V1}/{name}/runs", f"{DATASETS_V1}/{name}/runs/r"):
            assert (api.get(path).status_code, api.get(path).json()) == (404, NOT_FOUND)
        assert api.get(ITEMS, datasetName=name).json() == NOT_FOUND
        assert api.send("POST", ITEMS, {"datasetName": name, "input": 1}).json() == NOT_FOUND
        for method in ("GET", "DELETE"):
            answer = api.send(method, f"{ITEMS}/{id}")
            assert (answer.status_code, answer.json()) == (404, ITEM_NOT_FOUND)
    assert other.read(ITEMS, sourceTraceId="t-1")["data"] == []
    assert tenant.read(f"{ITEMS}/{mine['id']}") == mine


def test_an_item_is_upserted_by_its_id_and_what_is_left_out_stays(tenant):
    data = dataset(tenant)
    id = unique("item/with slash")
    made = item(tenant, data, id=id, input={"q": 1.50}, expectedOutput="x", metadata=[1], sourceTraceId="t", sourceObservationId="o")

    changed = item(tenant, data, id=id, expectedOutput={"y": None}, status="ARCHIVED")

    assert set(made) == {"id", "status", "input", "expectedOutput", "metadata", "sourceTraceId", "sourceObservationId", "datasetId",
                         "datasetName", "createdAt", "updatedAt", "mediaReferences"}
    assert (made["datasetId"], made["datasetName"], made["status"], made["mediaReferences"]) == (data["id"], data["name"], "ACTIVE", [])
    assert changed == made | {"expectedOutput": {"y": None}, "status": "ARCHIVED", "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > made["updatedAt"]
    assert tenant.read(f"{ITEMS}/{quoted(id)}") == changed
    assert item(tenant, data, id=id, input=None) == changed | {"updatedAt": tenant.read(f"{ITEMS}/{quoted(id)}")["updatedAt"]}


def test_values_come_back_to_the_letter(tenant):
    data = dataset(tenant)
    body = b'{"datasetName": "%s", "input": {"z": 1.50, "a": {"c": 1, "b": 12345678901234567890}}, "metadata": "\\u0000 \\ud83d\\ude42"}' % data["name"].encode()

    answer = tenant.http.post(ITEMS, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 200
    assert '"input":{"z":1.50,"a":{"c":1,"b":12345678901234567890}}' in answer.text.replace(": ", ":").replace(", ", ",")
    assert answer.json()["metadata"] == "\0 🙂"
    assert tenant.read(f"{ITEMS}/{answer.json()['id']}") == answer.json()


def test_an_id_is_unique_over_the_whole_project(tenant, other):
    first, second = dataset(tenant), dataset(tenant)
    id = unique("only")
    item(tenant, first, id=id, input=1)

    refused(tenant.send("POST", ITEMS, {"datasetName": second["name"], "id": id, "input": 2}), 404, "already exists in a dataset other than")
    theirs = dataset(other)
    assert item(other, theirs, id=id, input=3)["datasetId"] == theirs["id"]
    # Once it is deleted, its id is free.
    assert tenant.send("DELETE", f"{ITEMS}/{id}").json() == {"message": "Dataset item successfully deleted"}
    assert tenant.send("DELETE", f"{ITEMS}/{id}").json() == ITEM_NOT_FOUND
    assert item(tenant, second, id=id, expectedOutput=2)["input"] is None
    assert ids(tenant.read(ITEMS, datasetName=first["name"])) == []


def test_lists_show_active_items_newest_first_and_filter_by_source(tenant):
    data = dataset(tenant)
    trace, step = unique("trace"), unique("step")
    made = [item(tenant, data, input=n, sourceTraceId=trace if n % 2 else None, sourceObservationId=step if n == 3 else None) for n in range(5)]
    item(tenant, data, id=made[0]["id"], status="ARCHIVED")

    page = tenant.read(ITEMS, datasetName=data["name"])

    newest_first = [found["id"] for found in sorted(made[1:], key=lambda found: found["createdAt"], reverse=True)]
    assert ids(page) == newest_first and page["meta"]["totalItems"] == 4
    assert ids(tenant.read(ITEMS, datasetName=data["name"], sourceTraceId=trace)) == [made[3]["id"], made[1]["id"]]
    assert ids(tenant.read(ITEMS, datasetName=data["name"], sourceObservationId=step, sourceTraceId=trace)) == [made[3]["id"]]
    assert ids(tenant.read(ITEMS, datasetName=data["name"], status="ARCHIVED")) == [made[0]["id"]]
    assert tenant.read(ITEMS, datasetName=data["name"], status="ALL")["meta"]["totalItems"] == 5
    # Over all datasets of the project, a moment later.
    wait_until(lambda: ids(tenant.read(ITEMS, sourceTraceId=trace)) == [made[3]["id"], made[1]["id"]])
    assert tenant.read(ITEMS, sourceObservationId=step)["data"][0]["datasetName"] == data["name"]


def test_versions_show_what_held_at_a_time(tenant):
    data = dataset(tenant)
    first = item(tenant, data, id=unique("v"), input="one")
    second = item(tenant, data, input="other")
    changed = item(tenant, data, id=first["id"], input="two")
    archived = item(tenant, data, id=second["id"], status="ARCHIVED")
    assert tenant.send("DELETE", f"{ITEMS}/{first['id']}").status_code == 200
    again = item(tenant, data, id=first["id"], input="three")

    def held(at: str) -> dict:
        page = tenant.read(ITEMS, datasetName=data["name"], version=at)
        assert page["meta"]["totalItems"] == len(page["data"])
        return {found["id"]: found["input"] for found in page["data"]}

    assert held(first["updatedAt"]) == {first["id"]: "one"}
    assert held(second["updatedAt"]) == {first["id"]: "one", second["id"]: "other"}
    assert held(changed["updatedAt"]) == {first["id"]: "two", second["id"]: "other"}
    assert held(archived["updatedAt"]) == {first["id"]: "two"}
    assert held(again["updatedAt"]) == {first["id"]: "three"}
    before = datetime.datetime.fromisoformat(again["updatedAt"]) - datetime.timedelta(milliseconds=1)
    assert held(before.isoformat()) == {}
    assert held("2020-01-01T00:00:00Z") == {}
    assert held("2090-01-01T00:00:00+02:00") == {first["id"]: "three"}
    assert again["input"] == "three" and again["createdAt"] > first["createdAt"]


@pytest.mark.parametrize(
    ("params", "needle"),
    [
        ({"version": "2026-01-01T00:00:00Z"}, "datasetName"),
        ({"version": "yesterday", "datasetName": "x"}, "version"),
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"page": 0}, "page"),
        ({"status": "GONE"}, "status"),
    ],
    ids=str,
)
def test_malformed_lists_are_refused(tenant, params, needle):
    refused(tenant.get(ITEMS, **params), 400, needle)


@pytest.mark.parametrize(
    ("body", "needle"),
    [
        ({"input": 1}, "dataset"),
        ({"datasetName": 7}, ""),
        ({"status": "GONE"}, "status"),
        ({"id": "x" * 801}, "id"),
        ({"id": "a\nb"}, "id"),
        ({"sourceTraceId": "x" * 801}, "sourceTraceId"),
        ({"input": {"a": "?" * 7}, "id": 7}, "id"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_malformed_items_are_refused(tenant, body, needle):
    name = {} if needle == "dataset" else {"datasetName": dataset(tenant)["name"]}
    refused(tenant.send("POST", ITEMS, name | body), 400)


def test_hostile_items_are_refused_and_large_ones_kept(tenant):
    data = dataset(tenant)
    deep = "[" * 500 + "]" * 500
    body = f'{{"datasetName": "{data["name"]}", "input": {deep}}}'
    refused(tenant.http.post(ITEMS, content=body, headers={"content-type": "application/json"}), 400)
    assert tenant.send("POST", ITEMS, {"datasetName": data["name"], "input": "x" * 10_000_000}).status_code == 413

    # Longer than an item of the table may be.
    large = item(tenant, data, input="x" * 1_000_000, expectedOutput="é" * 200_000)
    assert item(tenant, data, id=large["id"], metadata={"kept": True})["input"] == "x" * 1_000_000
    found = tenant.read(ITEMS, datasetName=data["name"])["data"][0]
    assert (len(found["input"]), found["expectedOutput"][:2], found["metadata"]) == (1_000_000, "éé", {"kept": True})
    assert len(tenant.read(ITEMS, datasetName=data["name"], version=large["updatedAt"])["data"][0]["input"]) == 1_000_000


SCHEMA = {"type": "object", "required": ["q"], "properties": {"q": {"type": "string"}}, "additionalProperties": False}


def test_items_must_satisfy_the_datasets_schemas(tenant):
    data = dataset(tenant, inputSchema=SCHEMA, expectedOutputSchema={"type": "integer", "minimum": 0})

    assert (data["inputSchema"], data["expectedOutputSchema"]["minimum"]) == (SCHEMA, 0)
    good = item(tenant, data, input={"q": "x"}, expectedOutput=1)
    message = refused(tenant.send("POST", ITEMS, {"datasetName": data["name"], "input": {"q": 7, "z": 1}, "expectedOutput": -1}))
    assert message.startswith("Dataset item validation failed:") and "input/q: 7 is not of type" in message
    assert "'z' was unexpected" in message and "expectedOutput: -1 is less than the minimum of 0" in message
    refused(tenant.send("POST", ITEMS, {"datasetName": data["name"], "expectedOutput": 1}), needle="input: null is not of type")
    # What an item keeps is checked together with what changes.
    refused(tenant.send("POST", ITEMS, {"datasetName": data["name"], "id": good["id"], "expectedOutput": "x"}), needle="expectedOutput: ")
    assert item(tenant, data, id=good["id"], expectedOutput=2)["input"] == {"q": "x"}
    assert [found["expectedOutput"] for found in tenant.read(ITEMS, datasetName=data["name"])["data"]] == [2]
    # null takes a schema away; what is left out stays.
    freed = dataset(tenant, data["name"], inputSchema=None)
    assert (freed["inputSchema"], freed["expectedOutputSchema"]["type"]) == (None, "integer")
    item(tenant, data, input="anything", expectedOutput=3)


def test_a_schema_that_active_items_violate_is_refused_with_the_items(tenant):
    data = dataset(tenant)
    bad = [item(tenant, data, id=unique("bad"), input=n) for n in range(2)]
    item(tenant, data, input={"q": "fine"})
    archived = item(tenant, data, input="archived", status="ARCHIVED")

    message = refused(tenant.send("POST", DATASETS, {"name": data["name"], "inputSchema": SCHEMA}))

    assert "failed for 2 of" in message and all(found["id"] in message for found in bad) and archived["id"] not in message
    assert tenant.read(f"{DATASETS}/{data['name']}")["inputSchema"] is None
    for found in bad:
        item(tenant, data, id=found["id"], status="ARCHIVED")
    assert dataset(tenant, data["name"], inputSchema=SCHEMA)["inputSchema"] == SCHEMA


def doublings(levels: int) -> dict:
    defs = {f"l{n}": {"anyOf": [{"$ref": f"#/$defs/l{n + 1}"}] * 2} for n in range(levels)}
    return {"$defs": defs | {f"l{levels}": {"type": "string"}}, "$ref": "#/$defs/l0"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strng"}, {"pattern": "("}, "object", [], 7, True,
        {"$ref": "http://169.254.169.254/latest/meta-data"}, {"$ref": "file:///etc/passwd"}, {"$ref": "#/$defs/none"}, {"$ref": "#"},
        {"$schema": "http://127.0.0.1:1/schema"}, {"description": "x" * 60_000}, doublings(40),
    ],
    ids=lambda schema: str(schema)[:40],
)
def test_schemas_that_cannot_be_used_are_refused(tenant, schema):
    name = unique("schema")
    refused(tenant.send("POST", DATASETS, {"name": name, "inputSchema": schema}), needle="inputSchema")
    assert tenant.get(f"{DATASETS}/{name}").status_code == 404


def test_fifty_items_in_parallel_are_all_there(tenant):
    data = dataset(tenant)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda n: item(tenant, data, id=f"{data['id']}-{n}", input=n), range(50)))

    page = tenant.read(ITEMS, datasetName=data["name"], limit=100)

    assert sorted(ids(page)) == sorted(found["id"] for found in made) and page["meta"]["totalItems"] == 50


def test_changes_of_one_item_at_once_make_one_version_each(tenant):
    data = dataset(tenant)
    id = unique("hot")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: item(tenant, data, id=id, **({"input": n} if n % 2 else {"metadata": n})), range(8)))

    assert len({found["updatedAt"] for found in made}) == 8 and len({found["createdAt"] for found in made}) == 1
    last = tenant.read(f"{ITEMS}/{id}")
    assert last["updatedAt"] == max(found["updatedAt"] for found in made)
    assert last["input"] % 2 == 1 and last["metadata"] % 2 == 0


def test_pages_of_a_large_dataset_have_true_totals(owner):
    api = owner.new_tenant("large")
    data = dataset(api)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda n: item(api, data, input=n)["id"], range(1_200)))

    seen = [ids(api.read(ITEMS, datasetName=data["name"], limit=100, page=page)) for page in range(1, 13)]

    assert {id for page in seen for id in page} == made and all(len(page) == 100 for page in seen)
    assert api.read(ITEMS, datasetName=data["name"], limit=7)["meta"] == {"page": 1, "limit": 7, "totalItems": 1_200, "totalPages": 172}
    assert api.read(ITEMS, datasetName=data["name"], limit=100, page=13)["data"] == []
