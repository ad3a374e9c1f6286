"""Lists of very many items and prompts: every page is right, and costs a page. AGENTTRACE_LIST_SIZE (1200) says how many there are."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.telemetry import unique

SIZE = int(os.environ.get("AGENTTRACE_LIST_SIZE", "1200"))
ITEMS = "/api/public/dataset-items"
PROMPTS = "/api/public/v2/prompts"
WRITERS = 16


def all_of(work, count: int = SIZE) -> list:
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(work, range(count)))


def told(capsys, what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    with capsys.disabled():
        print(f"\n{what} of {SIZE}: median {ordered[len(ordered) // 2] * 1000:.0f} ms, slowest {ordered[-1] * 1000:.0f} ms of {len(ordered)}")


@pytest.fixture(scope="module")
def many(owner):
    """A project with two datasets, one of them big, and the ids of its items in the order of their creation, as far as it is known."""
    api = owner.new_tenant("many-items")
    name, small = unique("many"), unique("few")
    for dataset in (name, small):
        assert api.send("POST", "/api/public/v2/datasets", {"name": dataset}).status_code == 200
    assert api.send("POST", ITEMS, {"datasetName": small, "id": unique("small"), "input": 1}).status_code == 200

    def create(number: int) -> str:
        answer = api.send("POST", ITEMS, {"datasetName": name, "id": f"{name}-{number}", "input": {"n": number}})
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    return api, name, all_of(create)


def page(api, **params) -> dict:
    return api.read(ITEMS, **params)


def test_every_item_is_on_one_page_and_pages_are_newest_first(many, capsys):
    api, name, ids = many
    listed, seconds = [], []
    for number in range(1, -(-SIZE // 100) + 1):
        began = time.perf_counter()
        found = page(api, datasetName=name, page=number, limit=100)
        seconds.append(time.perf_counter() - began)
        assert found["meta"] == {"page": number, "limit": 100, "totalItems": SIZE, "totalPages": -(-SIZE // 100)}
        listed += found["data"]

    told(capsys, "a page of 100 items", seconds)
    assert sorted(item["id"] for item in listed) == sorted(ids)
    times = [item["createdAt"] for item in listed]
    assert times == sorted(times, reverse=True)
    assert all(item["input"] == {"n": int(item["id"].rpartition("-")[2])} for item in listed)
    beyond = page(api, datasetName=name, page=SIZE)
    assert beyond["data"] == [] and beyond["meta"]["totalItems"] == SIZE


def test_a_list_of_all_datasets_counts_all_items(many):
    api, _, _ = many

    assert page(api, limit=1)["meta"]["totalItems"] == SIZE + 1
    last = page(api, limit=100, page=-(-(SIZE + 1) // 100))
    assert len(last["data"]) == ((SIZE + 1) % 100 or 100)


def test_changes_are_counted_at_once(many):
    api, name, ids = many
    first, second, third = ids[10], ids[20], ids[30]

    def total(**params) -> int:
        return page(api, datasetName=name, limit=1, **params)["meta"]["totalItems"]

    for _ in range(2):  # twice the same is one change
        assert api.send("POST", ITEMS, {"datasetName": name, "id": first, "status": "ARCHIVED"}).status_code == 200
    assert (total(), total(status="ARCHIVED"), total(status="ALL")) == (SIZE - 1, 1, SIZE)
    assert [item["id"] for item in page(api, datasetName=name, status="ARCHIVED")["data"]] == [first]
    assert api.send("DELETE", f"{ITEMS}/{second}").status_code == 200
    assert (total(), total(status="ALL")) == (SIZE - 2, SIZE - 1)
    # The last page, read from the other end, leaves them out too.
    pages = -(-(SIZE - 2) // 50)
    listed = [item["id"] for number in range(1, pages + 1) for item in page(api, datasetName=name, page=number, limit=50)["data"]]
    assert sorted(listed) == sorted(set(ids) - {first, second})
    assert api.send("POST", ITEMS, {"datasetName": name, "id": first, "status": "ACTIVE"}).status_code == 200
    assert api.send("POST", ITEMS, {"datasetName": name, "id": second, "input": {"n": 20}}).status_code == 200
    assert api.send("POST", ITEMS, {"datasetName": name, "id": third, "input": {"n": 30}}).status_code == 200
    assert (total(), total(status="ARCHIVED")) == (SIZE, 0)


def test_a_dataset_from_before_the_counts_is_counted(many, aws):
    api, name, _ = many
    dataset = api.read(f"/api/public/v2/datasets/{name}")["id"]
    table, place = aws.output("Table"), {"pk": {"S": f"DATASETCOUNTS#{api.project_id}"}, "sk": {"S": f"{dataset}#whole"}}
    mark = aws.client("dynamodb").get_item(TableName=table, Key=place)["Item"]
    aws.client("dynamodb").delete_item(TableName=table, Key=place)

    found = page(api, datasetName=name, limit=5, page=2)

    aws.client("dynamodb").put_item(TableName=table, Item=mark)
    assert len(found["data"]) == 5 and found["meta"]["totalItems"] == SIZE


@pytest.fixture(scope="module")
def prompts(owner):
    api = owner.new_tenant("many-prompts")

    def create(number: int) -> str:
        name = f"folder {number % 50}/prompt {number:05}"
        answer = api.send("POST", PROMPTS, {"name": name, "prompt": f"Say {number}.", "tags": [f"tag {number % 7}"], "labels": ["production"]})
        assert answer.status_code == 201, answer.text
        return name

    return api, sorted(all_of(create))


def test_every_prompt_is_on_one_page(prompts, capsys):
    api, names = prompts
    listed, seconds = [], []
    for number in range(1, -(-SIZE // 100) + 1):
        began = time.perf_counter()
        found = api.read(PROMPTS, page=number, limit=100)
        seconds.append(time.perf_counter() - began)
        assert found["meta"]["totalItems"] == SIZE
        listed += [prompt["name"] for prompt in found["data"]]

    told(capsys, "a page of 100 prompts", seconds)
    assert listed == names


def test_lists_show_changes_of_prompts_at_once_wherever_they_were_made(prompts, functions):
    api, names = prompts

    def total(**params) -> int:
        return api.read(PROMPTS, limit=1, **params)["meta"]["totalItems"]

    assert total() == SIZE
    new = f"{names[0]} {unique('new')}"
    for _ in range(3):
        assert api.send("POST", PROMPTS, {"name": new, "prompt": "x"}).status_code == 201
        assert total() == SIZE + 1
        assert api.read(PROMPTS, limit=2)["data"][1]["name"] == new
        assert api.send("PATCH", f"{PROMPTS}/{new.replace('/', '%2F')}/versions/1", {"newLabels": ["fresh"]}).status_code == 200
        assert [prompt["name"] for prompt in api.read(PROMPTS, label="fresh")["data"]] == [new]
        assert api.http.request("DELETE", f"{PROMPTS}/{new.replace('/', '%2F')}").status_code == 204
        assert total() == SIZE and api.read(PROMPTS, label="fresh")["data"] == []
    functions.kill("prompts")  # what was in memory is gone
    assert total(tag="tag 3") == len([number for number in range(SIZE) if number % 7 == 3])
    folder = api.read("/api/public/v2/prompt-folders", folder="folder 7")
    assert folder["meta"]["totalItems"] == len([name for name in names if name.startswith("folder 7/")])
