"""Score configs, and scores that are held to them through every door."""

import pytest
from harness.api import event
from harness.telemetry import trace_id, unique
from harness.waiting import wait_until

CONFIGS = "/api/public/score-configs"
SCORES = "/api/public/scores"
FIELDS = {"id", "name", "createdAt", "updatedAt", "projectId", "dataType", "isArchived", "minValue", "maxValue", "categories", "description"}
NOT_FOUND = "Score config not found within authorized project"


def create(api, **body) -> dict:
    answer = api.send("POST", CONFIGS, {"name": "c", "dataType": "NUMERIC"} | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def configs(tenant) -> dict[str, dict]:
    """One of every data type, and an archived one."""
    archived = create(tenant, name="old")
    tenant.send("PATCH", f"{CONFIGS}/{archived['id']}", {"isArchived": True})
    return {
        "range": create(tenant, name="quality", minValue=0, maxValue=5),
        "flag": create(tenant, name="done", dataType="BOOLEAN"),
        "labels": create(tenant, name="tone", dataType="CATEGORICAL", categories=[{"label": "good", "value": 2}, {"label": "bad", "value": -1}]),
        "text": create(tenant, name="remark", dataType="TEXT"),
        "old": archived,
    }


# Configs


def test_a_config_is_created_read_and_listed(tenant):
    made = create(tenant, name="accuracy (v1)", minValue=0, maxValue=1, description="How right it is.")

    assert set(made) == FIELDS
    assert (made["name"], made["dataType"], made["minValue"], made["maxValue"], made["categories"]) == ("accuracy (v1)", "NUMERIC", 0, 1, None)
    assert (made["isArchived"], made["projectId"], made["description"]) == (False, tenant.project_id, "How right it is.")
    assert tenant.read(f"{CONFIGS}/{made['id']}") == made
    page = tenant.read(CONFIGS, limit=1)
    assert page["data"] == [made] and page["meta"]["page"] == 1 and page["meta"]["limit"] == 1
    assert page["meta"]["totalItems"] == page["meta"]["totalPages"] >= 1


def test_categories_are_those_given_or_true_and_false(tenant, configs):
    assert configs["labels"]["categories"] == [{"label": "good", "value": 2}, {"label": "bad", "value": -1}]
    assert configs["flag"]["categories"] == [{"label": "True", "value": 1}, {"label": "False", "value": 0}]
    assert configs["text"]["categories"] is None


def test_pages_are_newest_first_and_cover_everything_once(owner):
    api = owner.new_tenant("config-pages")
    made = [create(api, name=f"c{number}")["id"] for number in range(5)]

    pages = [api.read(CONFIGS, page=page, limit=2) for page in (1, 2, 3, 4)]

    assert [[config["id"] for config in page["data"]] for page in pages] == [[made[4], made[3]], [made[2], made[1]], [made[0]], []]
    assert all((page["meta"]["totalItems"], page["meta"]["totalPages"]) == (5, 3) for page in pages)


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""}, {"name": "x" * 36}, {"name": "a/b"}, {"name": "<b>"}, {"dataType": "CORRECTION"}, {"dataType": "numeric"}, {"dataType": 1},
        {"minValue": 1, "maxValue": 1}, {"minValue": 2, "maxValue": 1}, {"minValue": "1"}, {"dataType": "BOOLEAN", "minValue": 0},
        {"dataType": "CATEGORICAL"}, {"dataType": "CATEGORICAL", "categories": []}, {"dataType": "CATEGORICAL", "categories": [{"label": "a"}]},
        {"dataType": "CATEGORICAL", "categories": [{"label": "a", "value": 1}, {"label": "a", "value": 2}]},
        {"dataType": "CATEGORICAL", "categories": [{"label": "a", "value": 1}, {"label": "b", "value": 1}]},
        {"dataType": "CATEGORICAL", "categories": [{"label": "", "value": 1}]}, {"dataType": "CATEGORICAL", "categories": {"a": 1}},
        {"dataType": "NUMERIC", "categories": [{"label": "a", "value": 1}]}, {"dataType": "TEXT", "maxValue": 5}, {"description": "x" * 2001},
        {"dataType": "CATEGORICAL", "categories": [{"label": f"l{number}", "value": number} for number in range(101)]},
    ],
    ids=str,
)
def test_a_config_that_cannot_be_is_refused(tenant, body):
    answer = tenant.send("POST", CONFIGS, {"name": "c", "dataType": "NUMERIC"} | body)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


def test_a_patch_changes_what_it_names(tenant):
    made = create(tenant, name="before", minValue=0, maxValue=1, description="d")

    def patch(**body):
        answer = tenant.send("PATCH", f"{CONFIGS}/{made['id']}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert patch(name="after")["name"] == "after"
    assert patch(maxValue=10)["maxValue"] == 10
    assert patch(isArchived=True)["isArchived"] is True
    assert patch(minValue=None, description=None) | {"updatedAt": 0} == made | {
        "name": "after", "maxValue": 10, "isArchived": True, "minValue": None, "description": None, "updatedAt": 0}
    assert patch(isArchived=False)["isArchived"] is False
    for body in ({"minValue": 10}, {"name": ""}, {"categories": [{"label": "a", "value": 1}]}, {"isArchived": "yes"}):
        assert tenant.send("PATCH", f"{CONFIGS}/{made['id']}", body).status_code == 400, body
    assert tenant.read(f"{CONFIGS}/{made['id']}")["maxValue"] == 10


def test_an_absent_config_and_anothers_look_alike(tenant, other, configs):
    id = configs["range"]["id"]
    for api, path in [(tenant, f"{CONFIGS}/none"), (other, f"{CONFIGS}/{id}"), (tenant, f"{CONFIGS}/{'x' * 1100}")]:
        for answer in (api.get(path), api.send("PATCH", path, {"isArchived": True})):
            assert (answer.status_code, answer.json()) == (404, {"message": NOT_FOUND, "error": "LangfuseNotFoundError"})
    assert all(config["projectId"] == other.project_id for config in other.read(CONFIGS, limit=100)["data"])


# Scores with a config


RULES = [
    ("range", {"value": 5}, None, {"value": 5, "dataType": "NUMERIC", "name": "quality"}),
    ("range", {"value": 5.1}, "above 5", None),
    ("range", {"value": -0.1}, "below 0", None),
    ("range", {"value": "5"}, "number", None),
    ("range", {"value": 1, "dataType": "BOOLEAN"}, "dataType", None),
    ("flag", {"value": 0}, None, {"value": 0, "stringValue": "False", "dataType": "BOOLEAN", "name": "done"}),
    ("flag", {"value": 2}, "0 or 1", None),
    ("labels", {"value": "bad"}, None, {"value": -1, "stringValue": "bad", "dataType": "CATEGORICAL", "name": "tone"}),
    ("labels", {"value": "ugly"}, "one of good, bad", None),
    ("text", {"value": "free text"}, None, {"stringValue": "free text", "dataType": "TEXT", "name": "remark"}),
    ("text", {"value": "x" * 501}, "1 to 500", None),
    ("old", {"value": 1}, "archived", None),
    ("none", {"value": 1}, "not a score config", None),
]


@pytest.mark.parametrize(("config", "body", "refusal", "expected"), RULES, ids=str)
def test_a_score_is_held_to_its_config_through_every_door(tenant, configs, config, body, refusal, expected):
    body = {"name": "any", "traceId": "t", "configId": configs.get(config, {"id": "none"})["id"]} | body
    ids = [unique("held") for _ in range(3)]

    alone = tenant.send("POST", SCORES, body | {"id": ids[0]})
    listed = tenant.send("POST", SCORES, [body | {"id": ids[1]}, {"name": "n", "value": 1, "traceId": "t"}])
    batch = tenant.batch(event("score-create", body | {"id": ids[2]}, id="held"), event("score-create", {"name": "n", "value": 1, "traceId": "t"}, id="free"))

    if refusal:
        assert alone.status_code == 400 and refusal in alone.json()["message"], alone.text
        assert (listed.status_code, listed.json()["accepted"], listed.json()["rejected"]) == (207, 1, 1)
        assert refusal in listed.json()["errors"][0]["message"]
        assert [(found["id"], found["status"]) for found in batch.json()["errors"]] == [("held", 400)] and refusal in batch.json()["errors"][0]["error"]
        assert [found["id"] for found in batch.json()["successes"]] == ["free"]
    else:
        assert (alone.status_code, listed.status_code, batch.json()["errors"]) == (200, 202, [])
        for id in ids:
            score = tenant.score(id)
            assert {key: score.get(key) for key in expected} == expected and score["configId"] == body["configId"]


def test_another_projects_config_is_none(other, configs):
    answer = other.send("POST", SCORES, {"name": "n", "value": 1, "traceId": "t", "configId": configs["range"]["id"]})

    assert answer.status_code == 400 and "not a score config" in answer.json()["message"]


def test_a_patch_is_held_to_the_config_that_it_names(tenant, configs):
    id, config = unique("patched"), configs["range"]["id"]
    assert tenant.send("POST", SCORES, {"id": id, "name": "n", "value": 1, "traceId": trace_id(), "configId": config}).status_code == 200
    tenant.score(id)

    for body in ({"value": 6, "configId": config}, {"configId": config}, {"value": 1, "configId": "none"}, {"value": "x", "configId": config}):
        assert tenant.send("PATCH", f"{SCORES}/{id}", body).status_code == 400, body
    assert tenant.send("PATCH", f"{SCORES}/{id}", {"value": 4, "configId": config}).status_code == 200
    wait_until(lambda: tenant.score(id)["value"] == 4)
    assert tenant.score(id)["configId"] == config
    # A value that was not held to the config does not carry its name.
    assert tenant.send("PATCH", f"{SCORES}/{id}", {"value": 600}).status_code == 200
    wait_until(lambda: tenant.score(id)["value"] == 600)
    assert tenant.score(id)["configId"] is None


def test_an_annotation_needs_a_config_and_shows_who_made_it(tenant, configs, owner):
    score = {"name": "quality", "value": 3, "traceId": trace_id(), "source": "ANNOTATION", "queueId": "q-1"}
    assert tenant.send("POST", SCORES, score).status_code == 400
    prefilled = tenant.send("POST", SCORES, score | {"configId": configs["range"]["id"]}).json()["id"]
    by_hand = owner.request("POST", SCORES, tenant.project_id, score | {"configId": configs["range"]["id"]}).json()["id"]

    found = [tenant.score(prefilled), tenant.score(by_hand)]

    assert [(s["source"], s["queueId"], s["authorUserId"]) for s in found] == [("ANNOTATION", "q-1", None), ("ANNOTATION", "q-1", owner.me["user"]["id"])]
    assert [s["id"] for s in tenant.read("/api/public/v3/scores", queueId="q-1", authorUserId=owner.me["user"]["id"], fields="annotation")["data"]] == [by_hand]


def test_many_different_configs_in_one_request(tenant, configs):
    scores = [{"name": "n", "value": 1, "traceId": "t", "configId": f"none-{number}"} for number in range(40)]
    scores += [{"name": "n", "value": 1, "traceId": "t", "configId": configs[name]["id"]} for name in ("range", "flag")]

    answer = tenant.send("POST", SCORES, scores)
    too_many = tenant.send("POST", SCORES, [score | {"configId": f"none-{number}"} for number, score in enumerate(scores[:1] * 501)])

    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (207, 2, 40)
    assert too_many.status_code == 400 and "500 score configs" in too_many.json()["message"]
