"""Annotation queues: their items, who is assigned, and that two people never get the same item."""

import concurrent.futures

import pytest
from harness.telemetry import unique

QUEUES = "/api/public/annotation-queues"
CONFIGS = "/api/public/score-configs"
QUEUE = {"id", "name", "description", "scoreConfigIds", "createdAt", "updatedAt"}
ITEM = {"id", "queueId", "objectId", "objectType", "status", "completedAt", "createdAt", "updatedAt"}


@pytest.fixture(scope="module")
def config(tenant) -> str:
    return tenant.send("POST", CONFIGS, {"name": "quality", "dataType": "NUMERIC"}).json()["id"]


def create(api, config, **body) -> dict:
    answer = api.send("POST", QUEUES, {"name": unique("queue"), "scoreConfigIds": [config]} | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def queue(tenant, config) -> dict:
    return create(tenant, config)


def items(queue: dict) -> str:
    return f"{QUEUES}/{queue['id']}/items"


def add(api, queue, id=None, **body) -> dict:
    answer = api.send("POST", items(queue), {"objectId": id or unique("trace"), "objectType": "TRACE"} | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def take(person, queue, **body) -> dict:
    answer = person.post(f"{items(queue)}/next", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


# Queues


def test_a_queue_is_created_read_listed_changed_and_deleted(tenant, config):
    made = create(tenant, config, description="Odd answers.", scoreConfigIds=[config, config])

    assert set(made) == QUEUE and (made["description"], made["scoreConfigIds"]) == ("Odd answers.", [config])
    path = f"{QUEUES}/{made['id']}"
    assert tenant.read(path) == made
    assert tenant.read(QUEUES, limit=1)["data"] == [made]
    renamed = tenant.send("PATCH", path, {"name": unique("renamed"), "description": None}).json()
    assert renamed["description"] is None and renamed["name"].startswith("renamed") and renamed["scoreConfigIds"] == [config]
    assert create(tenant, config, name=made["name"])["id"] != made["id"]  # the old name is free again
    add(tenant, made)
    gone = tenant.send("DELETE", path)
    assert (gone.status_code, gone.json()["success"]) == (200, True) and set(gone.json()) == {"success", "message"}
    assert tenant.get(path).status_code == tenant.get(f"{path}/items").status_code == tenant.send("DELETE", path).status_code == 404
    create(tenant, config, name=renamed["name"])


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "x" * 101}, {"scoreConfigIds": []}, {"scoreConfigIds": ["none"]}, {"scoreConfigIds": None}, {"description": "x" * 2001}, {"name": 1}], ids=str)
def test_a_queue_that_cannot_be_is_refused(tenant, config, body):
    answer = tenant.send("POST", QUEUES, {"name": "q", "scoreConfigIds": [config]} | body)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


def test_names_are_unique_also_when_ten_ask_at_once(tenant, config):
    name = unique("once")
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: tenant.send("POST", QUEUES, {"name": name, "scoreConfigIds": [config]}), range(10)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert next(answer for answer in answers if answer.status_code == 409).json()["error"] == "LangfuseConflictError"
    other = create(tenant, config)
    assert tenant.send("PATCH", f"{QUEUES}/{other['id']}", {"name": name}).status_code == 409
    assert tenant.read(f"{QUEUES}/{other['id']}") == other


def test_another_projects_queue_looks_absent(tenant, other, queue):
    item = add(tenant, queue)
    body = {"objectId": "t", "objectType": "TRACE"}
    for method, below, sent in [("GET", "", None), ("PATCH", "", {"name": "x"}), ("DELETE", "", None), ("GET", "/items", None), ("POST", "/items", body), ("GET", "/progress", None),
                                ("POST", "/items/batch", {"objects": [body]}), ("GET", f"/items/{item['id']}", None), ("PATCH", f"/items/{item['id']}", {"status": "COMPLETED"}),
                                ("DELETE", f"/items/{item['id']}", None), ("GET", "/assignments", None), ("POST", "/assignments", {"userId": "u"}), ("DELETE", "/assignments", {"userId": "u"})]:
        foreign, absent = (other.send(method, f"{QUEUES}/{id}{below}", sent) for id in (queue["id"], "none"))
        assert (foreign.status_code, foreign.text) == (404, absent.text), (method, below)
        assert foreign.json() == {"message": "Annotation queue not found", "error": "LangfuseNotFoundError"}
    assert tenant.read(f"{items(queue)}/{item['id']}") == item
    foreign_config = other.send("POST", CONFIGS, {"name": "c", "dataType": "TEXT"}).json()["id"]
    assert tenant.send("POST", QUEUES, {"name": unique("q"), "scoreConfigIds": [foreign_config]}).status_code == 400


# Items


def test_an_item_goes_from_pending_to_completed_and_back(tenant, queue):
    made = add(tenant, queue, "trace-1", objectType="OBSERVATION")

    assert set(made) == ITEM
    assert (made["queueId"], made["objectId"], made["objectType"], made["status"], made["completedAt"]) == (queue["id"], "trace-1", "OBSERVATION", "PENDING", None)
    path = f"{items(queue)}/{made['id']}"
    assert tenant.read(path) == made and tenant.send("PATCH", path, {}).json() == made
    done = tenant.send("PATCH", path, {"status": "COMPLETED"}).json()
    assert done["status"] == "COMPLETED" and done["completedAt"] == done["updatedAt"] > made["updatedAt"]
    assert [item["id"] for item in tenant.read(items(queue), status="COMPLETED")["data"]] == [made["id"]] and tenant.read(items(queue), status="PENDING")["data"] == []
    assert tenant.read(f"{QUEUES}/{queue['id']}/progress") == {"pending": 0, "completed": 1}
    again = tenant.send("PATCH", path, {"status": "PENDING"}).json()
    assert (again["status"], again["completedAt"]) == ("PENDING", None)
    gone = tenant.send("DELETE", path)
    assert (gone.status_code, set(gone.json()), gone.json()["success"]) == (200, {"success", "message"}, True)
    for answer in (tenant.get(path), tenant.send("PATCH", path, {"status": "COMPLETED"}), tenant.send("DELETE", path)):
        assert (answer.status_code, answer.json()["message"]) == (404, "Annotation queue item not found")
    assert add(tenant, queue, "trace-1", objectType="OBSERVATION", status="COMPLETED")["completedAt"]


def test_an_object_is_in_a_queue_once(tenant, queue):
    id = "naïve 東京 / " + "x" * 700
    first, same, session = add(tenant, queue, id), add(tenant, queue, id), add(tenant, queue, id, objectType="SESSION")

    assert same == first and session["id"] != first["id"] and first["objectId"] == id
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: add(tenant, queue, "at once")["id"], range(20)))
    assert len(set(answers)) == 1 and tenant.read(items(queue))["meta"]["totalItems"] == 3


def test_many_objects_are_added_at_once(tenant, queue):
    add(tenant, queue, "o-7")
    objects = [{"objectId": f"o-{number % 199}", "objectType": "TRACE"} for number in range(200)]

    answer = tenant.send("POST", f"{items(queue)}/batch", {"objects": objects})
    again = tenant.send("POST", f"{items(queue)}/batch", {"objects": objects})

    assert (answer.json(), again.json()) == ({"added": 198, "existing": 1}, {"added": 0, "existing": 199})
    pages = [tenant.read(items(queue), page=page, limit=70, status="PENDING") for page in (1, 2, 3)]
    listed = [item["objectId"] for page in pages for item in page["data"]]
    assert sorted(listed) == sorted({o["objectId"] for o in objects}) and pages[0]["meta"] == {"page": 1, "limit": 70, "totalItems": 199, "totalPages": 3}
    for body in ({"objects": []}, {"objects": objects + objects[:1]}, {"objects": [{"objectId": "a"}]}, {"objects": [{"objectId": "a", "objectType": "PROMPT"}]}):
        assert tenant.send("POST", f"{items(queue)}/batch", body).status_code == 400


@pytest.mark.parametrize("body", [{"objectType": "PROMPT"}, {"objectType": "trace"}, {"objectId": ""}, {"objectId": "x" * 801}, {"status": "DONE"}, {"objectId": None}], ids=str)
def test_an_item_that_cannot_be_is_refused(tenant, queue, body):
    answer = tenant.send("POST", items(queue), {"objectId": "t", "objectType": "TRACE"} | body)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


def test_lists_and_patches_refuse_other_statuses(tenant, queue):
    item = add(tenant, queue)

    assert tenant.get(items(queue), status="DONE").status_code == tenant.send("PATCH", f"{items(queue)}/{item['id']}", {"status": "done"}).status_code == 400


# Working on them


@pytest.fixture
def people(tenant, person) -> list:
    """Two members of the project."""
    found = [person("MEMBER"), person("MEMBER")]
    for caller in found:
        caller.http.headers["X-AgentTrace-Project-Id"] = tenant.project_id
    return found


def test_two_people_never_get_the_same_item(tenant, queue, people):
    ann, bob = people
    made = [add(tenant, queue)["id"] for _ in range(3)]

    first, second = take(ann, queue), take(bob, queue)

    assert [first["item"]["id"], second["item"]["id"]] == made[:2] and first["lockedUntil"] > first["item"]["createdAt"]
    assert take(ann, queue)["item"]["id"] == made[0]  # one's own again
    refused = bob.call("PATCH", f"{items(queue)}/{made[0]}", json={"status": "COMPLETED"})
    assert (refused.status_code, refused.json()["error"]) == (409, "LangfuseConflictError")
    assert ann.call("PATCH", f"{items(queue)}/{made[0]}", json={"status": "COMPLETED"}).status_code == 200
    assert take(ann, queue)["item"]["id"] == made[2]
    assert take(ann, queue, skip=[made[2]]) == {"item": None, "lockedUntil": None}
    assert take(bob, queue, skip=[made[1]])["item"]["id"] == made[2]  # given back by Ann
    assert take(ann, queue)["item"]["id"] == made[1]  # given back by Bob
    assert tenant.send("PATCH", f"{items(queue)}/{made[1]}", {"status": "COMPLETED"}).status_code == 200  # a key decides
    assert tenant.send("POST", f"{items(queue)}/next", {}).status_code == 403


def test_thirty_takes_at_once_give_each_person_one_item(tenant, queue, people):
    made = [add(tenant, queue)["id"] for _ in range(4)]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        taken = list(pool.map(lambda number: (number % 2, take(people[number % 2], queue)["item"]["id"]), range(30)))

    by_person = [{id for person, id in taken if person == who} for who in (0, 1)]
    assert not by_person[0] & by_person[1] and by_person[0] | by_person[1] <= set(made)


def test_an_item_whose_time_ran_out_is_anyones_again(tenant, queue, people, aws):
    ann, bob = people
    made = add(tenant, queue)["id"]
    taken = take(ann, queue)
    assert take(bob, queue)["item"] is None
    place = {"pk": {"S": f"QUEUE#{tenant.project_id}#{queue['id']}"}, "sk": {"S": f"ITEM#{made}"}}
    # As if the time were over: the lock's end is put into the past, where every reader compares it with its own clock.
    aws.client("dynamodb").update_item(TableName=aws.output("Table"), Key=place, ConditionExpression="attribute_exists(locked_until)",
                                       UpdateExpression="SET locked_until = :past", ExpressionAttributeValues={":past": {"N": "1000000"}})

    again = take(bob, queue)

    assert again["item"]["id"] == made == taken["item"]["id"] and again["lockedUntil"] >= taken["lockedUntil"]
    late = ann.call("PATCH", f"{items(queue)}/{made}", json={"status": "COMPLETED"})
    assert (late.status_code, late.json()["error"]) == (409, "LangfuseConflictError")
    assert take(ann, queue)["item"] is None
    assert bob.call("PATCH", f"{items(queue)}/{made}", json={"status": "COMPLETED"}).status_code == 200


# Assignments


def test_members_are_assigned_and_unassigned(tenant, queue, owner):
    path, user = f"{QUEUES}/{queue['id']}/assignments", owner.me["user"]

    for _ in range(2):
        answer = tenant.send("POST", path, {"userId": user["id"]})
        assert (answer.status_code, answer.json()) == (200, {"userId": user["id"], "queueId": queue["id"], "projectId": tenant.project_id})
    assert tenant.read(path) == {"data": [{"userId": user["id"], "name": user["name"], "email": user["email"]}]}
    for _ in range(2):
        answer = tenant.send("DELETE", path, {"userId": user["id"]})
        assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert tenant.read(path) == {"data": []}
    stranger = tenant.send("POST", path, {"userId": "nobody"})
    assert (stranger.status_code, stranger.json()["error"]) == (404, "LangfuseNotFoundError")
    assert tenant.send("POST", path, {}).status_code == tenant.send("DELETE", path, {}).status_code == 400
