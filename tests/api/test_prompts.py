"""Prompts: versions, labels, tags, folders, what includes what; by Langfuse's addresses and by ours."""

import concurrent.futures
import urllib.parse

import httpx
import pytest
from api.caller import bearer, refused, signed_in, with_key
from harness.telemetry import unique
from harness.waiting import wait_until

PROMPTS = "/api/public/v2/prompts"
NAMES = ["plain", "folder/name", "a/b/c d", "100%", "50%25", "who?", "c#", "a+b", "a&b=c", "東京/🙂", "quote's \"x\"", "a%2Fb", "semi;colon", "x/versions"]


def path(name: str, rest: str = "") -> str:
    return f"{PROMPTS}/{urllib.parse.quote(name, safe='')}{rest}"


def make(api, name: str, prompt="Hello {{who}}", **more) -> dict:
    answer = api.send("POST", PROMPTS, {"name": name, "prompt": prompt} | more)
    assert answer.status_code == 201, f"{answer.status_code} {answer.text[:500]}"
    return answer.json()


def get(api, name: str, **query):
    return api.get(path(name), **query)


def read(api, name: str, **query) -> dict:
    answer = get(api, name, **query)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"
    return answer.json()


@pytest.fixture
def name() -> str:
    return unique("prompt")


# Creating and reading


def test_a_text_prompt_in_langfuses_shape(tenant, name):
    made = make(tenant, name, labels=["production"], tags=["t"], config={"b": 1, "a": {"x": 1.50}}, commitMessage="first")

    assert {key: made[key] for key in made if key not in ("id", "createdAt", "updatedAt")} == {
        "projectId": tenant.project_id, "createdBy": "API", "prompt": "Hello {{who}}", "name": name, "version": 1, "type": "text", "isActive": None,
        "config": {"b": 1, "a": {"x": 1.5}}, "tags": ["t"], "labels": ["production", "latest"], "commitMessage": "first"}
    assert made["id"] and made["createdAt"].endswith("Z") and made["updatedAt"] == made["createdAt"]
    assert read(tenant, name) == made | {"resolutionGraph": None}


def test_a_chat_prompt_keeps_messages_and_placeholders(tenant, name):
    sent = [{"role": "system", "content": "You are {{who}}", "type": "chatmessage"}, {"type": "placeholder", "name": "history"}]

    made = make(tenant, name, prompt=sent, type="chat")

    assert made["prompt"] == [{"role": "system", "content": "You are {{who}}"}, {"type": "placeholder", "name": "history"}]
    found = read(tenant, name, label="latest")
    assert (found["prompt"], found["type"], found["config"], found["tags"], found["labels"]) == (made["prompt"], "chat", {}, [], ["latest"])


def test_versions_count_from_one_and_latest_follows(tenant, name):
    assert [make(tenant, name, prompt=f"v{number}", labels=["production"] if number == 1 else [])["version"] for number in (1, 2, 3)] == [1, 2, 3]

    assert (read(tenant, name)["version"], read(tenant, name, label="latest")["version"], read(tenant, name, version=2)["prompt"]) == (1, 3, "v2")
    assert [read(tenant, name, version=number)["labels"] for number in (1, 2, 3)] == [["production"], [], ["latest"]]


def test_tags_are_the_same_on_all_versions(tenant, name):
    make(tenant, name, tags=["a", "b", "a"])
    assert make(tenant, name)["tags"] == ["a", "b"]
    make(tenant, name, tags=["c"])

    wait_until(lambda: read(tenant, name, version=1)["tags"] == ["c"], within=2)


def test_a_new_version_takes_its_labels(tenant, name):
    make(tenant, name, labels=["production", "staging"])
    make(tenant, name, labels=["production"])

    wait_until(lambda: read(tenant, name)["version"] == 2, within=2)
    assert read(tenant, name, label="staging")["labels"] == ["staging"]


def test_the_config_goes_through_as_it_is(tenant, name):
    for config in ({"model": "x", "z": 1, "a": [1, 2.50, None]}, [1], "text", 7, {"big": "x" * 5_000}):
        made = make(tenant, name, config=config)
        assert made["config"] == config == read(tenant, name, label="latest")["config"]
    assert make(tenant, name, config=None)["config"] == {}


def test_long_prompts_are_stored_whole(tenant, name, aws):
    text = "long 🙂 " * 150_000
    made = make(tenant, name, prompt=text, labels=["production"], config={"c": 1})

    assert made["prompt"] == text == read(tenant, name)["prompt"]
    objects = aws.client("s3").list_objects_v2(Bucket=aws.bucket, Prefix=f"prompts/{tenant.project_id}/{made['id']}")
    assert objects["KeyCount"] == 1
    assert tenant.send("DELETE", path(name)).status_code == 204
    assert aws.client("s3").list_objects_v2(Bucket=aws.bucket, Prefix=f"prompts/{tenant.project_id}/{made['id']}")["KeyCount"] == 0


@pytest.mark.parametrize("kind", NAMES)
def test_names_of_all_kinds_are_reachable(tenant, kind):
    full = f"{kind} {unique('n')}"
    made = make(tenant, full, labels=["production"])

    assert made["name"] == full and read(tenant, full)["id"] == made["id"]
    assert tenant.send("PATCH", path(full, "/versions/1"), {"newLabels": ["x"]}).json()["labels"] == ["x", "production", "latest"]
    assert [row["name"] for row in tenant.read(PROMPTS, name=full)["data"]] == [full]
    assert tenant.read(path(full, "/versions"))["name"] == full
    assert tenant.send("DELETE", path(full)).status_code == 204
    assert get(tenant, full).status_code == 404


@pytest.mark.parametrize("kind", ["folder/name", "a/b/c d", "a+b", "東京/🙂"])
def test_names_arrive_decoded_where_no_edge_is_in_front(tenant, stack, kind):
    """The gateway itself, which decodes the path once and knows no header of the edge."""
    full = f"{kind} {unique('n')}"
    made = make(tenant, full, labels=["production"])
    gateway = httpx.Client(base_url=f"{stack.part('emulator')}/_aws/execute-api/{stack.part('outputs')['ApiId']}",
                           auth=(tenant.key.public_key, tenant.key.secret_key), timeout=30, trust_env=False)

    assert gateway.get(path(full)).json()["id"] == made["id"]
    assert gateway.patch(path(full, "/versions/1"), json={"newLabels": ["x"]}).json()["labels"] == ["x", "production", "latest"]
    assert gateway.delete(path(full)).status_code == 204


WRONG = {
    "no name": {"name": None}, "empty name": {"name": ""}, "blank name": {"name": "  "}, "pipe": {"name": "a|b"}, "HTML": {"name": "<b>x</b>"},
    "slash first": {"name": "/a"}, "slash last": {"name": "a/"}, "two slashes": {"name": "a//b"}, "dots": {"name": "a/../b"}, "reserved": {"name": "new"},
    "long name": {"name": "x" * 256}, "line break": {"name": "a\nb"}, "name is a number": {"name": 1},
    "no prompt": {"prompt": None}, "prompt is a list": {"prompt": [{"role": "user", "content": "x"}]}, "text as chat": {"type": "chat"},
    "unknown type": {"type": "image"}, "message without role": {"type": "chat", "prompt": [{"content": "x"}]},
    "content is a list": {"type": "chat", "prompt": [{"role": "user", "content": ["x"]}]},
    "placeholder's name": {"type": "chat", "prompt": [{"type": "placeholder", "name": "1 a"}]},
    "one name, two meanings": {"type": "chat", "prompt": [{"role": "user", "content": "{{ x }}"}, {"type": "placeholder", "name": "x"}]},
    "label in capitals": {"labels": ["Production"]}, "label with a blank": {"labels": ["a b"]}, "long label": {"labels": ["x" * 37]}, "empty label": {"labels": [""]},
    "label is no text": {"labels": [1]}, "labels is a text": {"labels": "production"},
    "tag is no text": {"tags": [1]}, "long tag": {"tags": ["x" * 201]}, "empty tag": {"tags": [""]}, "long message": {"commitMessage": "x" * 501},
}


@pytest.mark.parametrize("case", WRONG)
def test_malformed_prompts_are_refused(tenant, name, case):
    body = {"name": name, "prompt": "x"} | WRONG[case]

    refused(tenant.send("POST", PROMPTS, {key: value for key, value in body.items() if value is not None}), 400, "InvalidRequestError")

    assert get(tenant, name, label="latest").status_code == 404


@pytest.mark.parametrize("body", ["[]", "text", "", "{", '{"name":"a","prompt":"\\ud800"}'])
def test_bodies_that_are_no_prompts_are_refused(tenant, body):
    answer = tenant.http.post(PROMPTS, content=body, headers={"content-type": "application/json"})

    refused(answer, 400, "InvalidRequestError")


def test_the_type_stays_what_it_was(tenant, name):
    make(tenant, name)

    refused(tenant.send("POST", PROMPTS, {"name": name, "type": "chat", "prompt": []}), 400, "InvalidRequestError")


def test_absent_prompts_are_not_found(tenant, name):
    make(tenant, name)
    for query, said in [({}, "label 'production'"), ({"label": "staging"}, "label 'staging'"), ({"version": 2}, "version 2")]:
        body = refused(get(tenant, name, **query), 404, "LangfuseNotFoundError")
        assert name in body["message"] and said in body["message"]
    refused(get(tenant, "nothing of this name"), 404, "LangfuseNotFoundError")


@pytest.mark.parametrize("query", [{"version": 1, "label": "latest"}, {"version": "x"}, {"version": 0}, {"version": -1}, {"version": 1.5}, {"resolve": "perhaps"}])
def test_malformed_questions_are_refused(tenant, name, query):
    make(tenant, name, labels=["production"])

    refused(get(tenant, name, **query), 400, "InvalidRequestError")


def test_another_tenants_prompt_looks_absent(tenant, other, name):
    make(tenant, name, labels=["production"])

    for method, rest, body in [("GET", "", None), ("DELETE", "", None), ("PATCH", "/versions/1", {"newLabels": ["x"]}), ("GET", "/versions", None),
                               ("PUT", "/tags", {"tags": []}), ("PUT", "/versions/1/labels", {"labels": []}), ("GET", "/dependents", None),
                               ("POST", "/duplicate", {"name": f"{name} 2"})]:
        refused(other.send(method, path(name, rest), body), 404, "LangfuseNotFoundError")
    assert other.read(PROMPTS, name=name)["data"] == []
    assert make(other, name)["version"] == 1
    assert read(tenant, name)["version"] == 1


# Labels


def test_labels_are_added_and_leave_the_other_version(tenant, name):
    make(tenant, name, labels=["production", "a"])
    make(tenant, name)

    answer = tenant.send("PATCH", path(name, "/versions/2"), {"newLabels": ["production", "b"]})

    assert answer.status_code == 200 and "resolutionGraph" not in answer.json()
    assert (answer.json()["version"], answer.json()["labels"]) == (2, ["production", "b", "latest"])
    wait_until(lambda: read(tenant, name)["version"] == 2, within=2)
    assert read(tenant, name, version=1)["labels"] == ["a"]


@pytest.mark.parametrize("labels", [["latest"], ["A"], [""], [1], "x", None])
def test_labels_that_cannot_be_set_are_refused(tenant, name, labels):
    make(tenant, name)

    refused(tenant.send("PATCH", path(name, "/versions/1"), {"newLabels": labels}), 400, "InvalidRequestError")


def test_labels_of_absent_versions_are_not_found(tenant, name):
    make(tenant, name)

    refused(tenant.send("PATCH", path(name, "/versions/2"), {"newLabels": ["x"]}), 404, "LangfuseNotFoundError")
    refused(tenant.send("PATCH", path(unique("none"), "/versions/1"), {"newLabels": ["x"]}), 404, "LangfuseNotFoundError")
    refused(tenant.send("PATCH", path(name, "/versions/x"), {"newLabels": ["x"]}), 400, "InvalidRequestError")


def test_a_version_gets_exactly_these_labels(tenant, name):
    make(tenant, name, labels=["production", "a"])
    make(tenant, name, labels=["b"])

    answer = tenant.send("PUT", path(name, "/versions/1/labels"), {"labels": ["a", "b", "c"]})

    assert answer.json()["labels"] == ["b", "c", "a"]
    wait_until(lambda: get(tenant, name).status_code == 404, within=2)
    assert tenant.read(path(name, "/versions"))["labels"] == {"a": 1, "b": 1, "c": 1, "latest": 2}


def test_twenty_who_create_at_once_get_twenty_numbers(tenant, name):
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        made = list(pool.map(lambda number: make(tenant, name, prompt=f"by {number}", labels=["production"]), range(20)))

    assert sorted(prompt["version"] for prompt in made) == list(range(1, 21))
    wait_until(lambda: read(tenant, name)["version"] == 20, within=2)
    history = tenant.read(path(name, "/versions"), bodies="true")
    assert {row["version"]: row["prompt"] for row in history["data"]} == {prompt["version"]: prompt["prompt"] for prompt in made}
    assert history["labels"] == {"production": 20, "latest": 20}


def test_twenty_who_move_a_label_at_once_leave_it_in_one_place(tenant, name):
    for _ in range(5):
        make(tenant, name)
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda number: tenant.send("PATCH", path(name, f"/versions/{number % 5 + 1}"), {"newLabels": ["hot"]}).status_code, range(20)))

    assert statuses == [200] * 20
    rows = tenant.read(path(name, "/versions"))["data"]
    assert len([row for row in rows if "hot" in row["labels"]]) == 1


def test_a_moved_label_is_seen_within_a_second(tenant, name):
    make(tenant, name, prompt="one", labels=["production"])
    make(tenant, name, prompt="two")
    for version in (2, 1, 2):
        read(tenant, name)
        tenant.send("PATCH", path(name, f"/versions/{version}"), {"newLabels": ["production"]})
        wait_until(lambda: read(tenant, name)["version"] == version, within=1)


# Protected labels


@pytest.fixture(scope="module")
def guarded(tenant):
    owner = signed_in(tenant.project_id)
    answer = owner.call("PUT", "/api/public/v2/protected-prompt-labels", json={"labels": ["guarded"]})
    assert (answer.status_code, answer.json()) == (200, {"labels": ["guarded"]})
    return owner


def test_protected_labels_are_set_by_administrators_alone(tenant, guarded, name):
    refused(tenant.send("PUT", "/api/public/v2/protected-prompt-labels", {"labels": []}), 403, "ForbiddenError")
    refused(guarded.call("PUT", "/api/public/v2/protected-prompt-labels", json={"labels": ["latest"]}), 400, "InvalidRequestError")

    make(tenant, name)
    assert tenant.read(path(name, "/versions"))["protectedLabels"] == ["guarded"]
    facets = tenant.read("/api/public/v2/prompt-facets")
    assert [label for label in facets["labels"] if label["protected"]] == [{"value": "guarded", "count": 0, "protected": True}]


def test_administrators_and_keys_move_protected_labels(tenant, guarded, name):
    made = make(tenant, name, labels=["guarded"])
    answer = guarded.post(PROMPTS, json={"name": name, "prompt": "by the owner", "labels": ["guarded"]})

    assert answer.status_code == 201 and answer.json()["createdBy"] not in ("API", "", None)
    assert tenant.send("PATCH", path(name, "/versions/1"), {"newLabels": ["guarded"]}).json()["id"] == made["id"]
    assert guarded.delete(path(name)).status_code == 204


# Composition


def ref(name: str, by: str) -> str:
    return f"@@@langfusePrompt:name={name}|{by}@@@"


def test_references_are_resolved_on_reading(tenant, name):
    child, parent = f"{name}/child", f"{name}/parent"
    first = make(tenant, child, prompt='$1 "one"\n', labels=["production"])
    make(tenant, child, prompt="two")
    text = f"a {ref(child, 'version=1')} b {ref(child, 'label=latest')} c {ref('x', 'y=1')}"
    made = make(tenant, parent, prompt=text, labels=["production"])

    assert made["prompt"] == text
    found = read(tenant, parent)
    assert found["prompt"] == f'a $1 "one"\n b two c {ref("x", "y=1")}'
    graph = found["resolutionGraph"]
    assert graph["root"] == {"name": parent, "version": 1, "id": made["id"]}
    assert [(node["name"], node["version"]) for node in graph["dependencies"][made["id"]]] == [(child, 1), (child, 2)]
    assert graph["dependencies"][made["id"]][0]["id"] == first["id"]
    raw = read(tenant, parent, resolve="false")
    assert (raw["prompt"], raw["resolutionGraph"]) == (text, None)


def test_messages_include_prompts_and_labels_move_under_them(tenant, name):
    child, parent = f"{name}/child", f"{name}/parent"
    make(tenant, child, prompt="old", labels=["production"])
    make(tenant, parent, type="chat", prompt=[{"role": "system", "content": ref(child, "label=production")}, {"type": "placeholder", "name": "h"}], labels=["production"])
    assert read(tenant, parent)["prompt"][0] == {"role": "system", "content": "old"}

    make(tenant, child, prompt="new", labels=["production"])

    wait_until(lambda: read(tenant, parent)["prompt"][0]["content"] == "new", within=1.5)


def test_five_levels_and_no_more(tenant, name):
    make(tenant, f"{name}/5", prompt="deep", labels=["production"])
    for level in (4, 3, 2, 1):
        make(tenant, f"{name}/{level}", prompt=f"{level}>{ref(f'{name}/{level + 1}', 'label=production')}", labels=["production"])

    assert read(tenant, f"{name}/1")["prompt"] == "1>2>3>4>deep"
    body = refused(tenant.send("POST", PROMPTS, {"name": f"{name}/0", "prompt": ref(f"{name}/1", "label=production")}), 400, "InvalidRequestError")
    assert "nesting depth" in body["message"]


def test_cycles_are_refused_when_made_and_when_read(tenant, name):
    a, b = f"{name}/a", f"{name}/b"
    make(tenant, a, prompt="plain", labels=["production"])
    make(tenant, b, prompt=ref(a, "label=production"), labels=["production"])
    for prompt in (ref(b, "label=production"), ref(a, "version=1")):
        body = refused(tenant.send("POST", PROMPTS, {"name": a, "prompt": prompt, "labels": ["production"]}), 400, "InvalidRequestError")
        assert "Circular dependency" in body["message"]

    # Made while b did not lead back yet: a label then moves under it.
    c = f"{name}/c"
    make(tenant, c, prompt="plain", labels=["production"])
    make(tenant, b, prompt="plain", labels=["production"])
    make(tenant, c, prompt=ref(b, "label=production"))
    make(tenant, b, prompt=ref(c, "label=production"))
    tenant.send("PATCH", path(c, "/versions/2"), {"newLabels": ["production"]})
    tenant.send("PATCH", path(b, "/versions/3"), {"newLabels": ["production"]})
    wait_until(lambda: get(tenant, b).status_code == 400, within=2)
    assert "Circular dependency" in refused(get(tenant, b), 400, "InvalidRequestError")["message"]
    assert read(tenant, b, resolve="false")["version"] == 3


@pytest.mark.parametrize("by", ["version=7", "label=staging"])
def test_references_to_nothing_are_refused(tenant, name, by):
    make(tenant, name)
    for target in (name + "x", name):
        body = refused(tenant.send("POST", PROMPTS, {"name": f"{name}/parent", "prompt": ref(target, by)}), 400, "InvalidRequestError")
        assert "dependency not found" in body["message"]


def test_chat_prompts_are_not_included(tenant, name):
    make(tenant, name, type="chat", prompt=[], labels=["production"])

    body = refused(tenant.send("POST", PROMPTS, {"name": f"{name}/parent", "prompt": ref(name, "label=production")}), 400, "InvalidRequestError")
    assert "not a text prompt" in body["message"]


def test_a_bomb_of_references_stays_small(tenant, name):
    make(tenant, f"{name}/0", prompt="x" * 10_000, labels=["production"])
    for level in (1, 2):
        make(tenant, f"{name}/{level}", prompt=ref(f"{name}/{level - 1}", "label=production") * 20, labels=["production"])

    body = refused(tenant.send("POST", PROMPTS, {"name": f"{name}/3", "prompt": ref(f"{name}/2", "label=production") * 20}), 400, "InvalidRequestError")
    assert "4 MB" in body["message"]
    refused(tenant.send("POST", PROMPTS, {"name": f"{name}/4", "prompt": "".join(ref(f"x{n}", "version=1") for n in range(46))}), 400, "InvalidRequestError")


def test_what_others_include_is_not_deleted(tenant, name):
    child, parent = f"{name}/child", f"{name}/parent"
    make(tenant, child, labels=["production"])
    make(tenant, child)
    make(tenant, parent, prompt=ref(child, "label=production") + ref(child, "version=2"), labels=["production"])

    assert tenant.read(path(child, "/dependents"))["data"] == [
        {"name": parent, "version": 1, "referencedVersion": None, "referencedLabel": "production"},
        {"name": parent, "version": 1, "referencedVersion": 2, "referencedLabel": None}]
    for query in ("", "?version=1", "?version=2", "?label=production"):
        body = refused(tenant.send("DELETE", path(child) + query), 400, "InvalidRequestError")
        assert f"{parent} v1 depends on {child}" in body["message"]
    refused(tenant.send("PUT", path(child, "/versions/1/labels"), {"labels": []}), 400, "InvalidRequestError")
    tenant.send("PATCH", path(child, "/versions/2"), {"newLabels": ["production"]})
    assert tenant.send("DELETE", path(child) + "?version=1").status_code == 204
    assert tenant.send("DELETE", path(parent)).status_code == 204
    assert tenant.read(path(child, "/dependents"))["data"] == []
    assert tenant.send("DELETE", path(child)).status_code == 204


# Deleting


def test_one_version_is_deleted_and_latest_falls_back(tenant, name):
    for number in (1, 2, 3):
        make(tenant, name, prompt=f"v{number}", labels=["staging"])

    assert tenant.send("DELETE", path(name) + "?version=2").status_code == 204
    answer = tenant.send("DELETE", path(name) + "?label=staging")
    assert (answer.status_code, answer.content) == (204, b"")

    refused(get(tenant, name, version=3), 404, "LangfuseNotFoundError")
    assert read(tenant, name, label="latest")["prompt"] == "v1"
    assert make(tenant, name)["version"] == 4
    refused(tenant.send("DELETE", path(name) + "?version=3"), 404, "LangfuseNotFoundError")
    refused(tenant.send("DELETE", path(name) + "?label=none"), 404, "LangfuseNotFoundError")
    refused(tenant.send("DELETE", path(name) + "?label=latest&version=1"), 400, "InvalidRequestError")


def test_a_deleted_prompt_is_gone_and_begins_anew(tenant, name):
    first = make(tenant, name, prompt="old", labels=["production"], tags=["t"])
    make(tenant, name)
    assert read(tenant, name)["prompt"] == "old"

    assert tenant.send("DELETE", path(name)).status_code == 204

    refused(get(tenant, name), 404, "LangfuseNotFoundError")
    refused(tenant.send("DELETE", path(name)), 404, "LangfuseNotFoundError")
    assert tenant.read(PROMPTS, name=name)["data"] == []
    again = make(tenant, name, prompt=[{"role": "user", "content": "new"}], type="chat", labels=["production"])
    assert (again["version"], again["tags"], again["id"] != first["id"]) == (1, [], True)
    assert read(tenant, name)["prompt"] == again["prompt"]


# Lists


@pytest.fixture(scope="module")
def shelf(owner):
    """A project with a few prompts that only tests of lists use."""
    api = owner.new_tenant("shelf")
    make(api, "b", labels=["production"], tags=["x"], config={"v": 1})
    make(api, "b", labels=["staging"], config={"v": 2})
    make(api, "a", type="chat", prompt=[], tags=["x", "y"])
    make(api, "f/one", labels=["production"])
    make(api, "f/two", tags=["Deep"])
    make(api, "f/g/three")
    return api


def test_the_list_has_langfuses_shape(shelf):
    page = shelf.read(PROMPTS)

    assert page["meta"] == {"page": 1, "limit": 10, "totalItems": 5, "totalPages": 1}
    assert [row["name"] for row in page["data"]] == ["a", "b", "f/g/three", "f/one", "f/two"]
    assert {key: value for key, value in page["data"][1].items() if key != "lastUpdatedAt"} == {
        "name": "b", "type": "text", "versions": [1, 2], "labels": ["latest", "production", "staging"], "tags": ["x"], "lastConfig": {"v": 2}}


def test_filters_look_at_versions(shelf):
    def names(**query):
        return [row["name"] for row in shelf.read(PROMPTS, **query)["data"]]

    assert names(name="b") == ["b"] and names(name="B") == [] and names(tag="x") == ["a", "b"] and names(tag="none") == []
    assert names(label="production") == ["b", "f/one"] and names(label="latest", tag="y") == ["a"]
    (row,) = shelf.read(PROMPTS, label="production", name="b")["data"]
    assert (row["versions"], row["labels"], row["lastConfig"]) == ([1], ["production"], {"v": 1})
    times = {row["name"]: row["lastUpdatedAt"] for row in shelf.read(PROMPTS)["data"]}
    assert names(fromUpdatedAt=times["f/g/three"]) == ["f/g/three"]
    assert names(toUpdatedAt=times["f/one"]) == ["a", "b"]
    assert names(fromUpdatedAt="2100-01-01T00:00:00Z") == []


def test_pages_are_whole_and_do_not_overlap(shelf):
    pages = [shelf.read(PROMPTS, page=page, limit=2) for page in (1, 2, 3, 4)]

    assert [[row["name"] for row in page["data"]] for page in pages] == [["a", "b"], ["f/g/three", "f/one"], ["f/two"], []]
    assert {page["meta"]["totalPages"] for page in pages} == {3}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"page": 0}, {"limit": "x"}, {"fromUpdatedAt": "yesterday"}])
def test_malformed_list_questions_are_refused(shelf, query):
    refused(shelf.get(PROMPTS, **query), 400, "InvalidRequestError")


def test_folders(shelf):
    def look(**query):
        found = shelf.read("/api/public/v2/prompt-folders", **query)
        return [(entry["path"], entry["prompts"]) for entry in found["folders"]], [row["name"] for row in found["data"]]

    assert look() == ([("f", 3)], ["a", "b"])
    assert look(folder="f") == ([("f/g", 1)], ["f/one", "f/two"])
    assert look(folder="f/g") == ([], ["f/g/three"])
    assert look(search="T") == ([], ["f/g/three", "f/two"])
    assert look(search="deep") == ([], ["f/two"])
    assert look(type="chat") == ([], ["a"])
    assert look(label="production") == ([("f", 1)], ["b"])
    assert look(orderBy="name.desc") == ([("f", 3)], ["b", "a"])
    assert look(orderBy="lastUpdatedAt.desc") == ([("f", 3)], ["a", "b"])
    for query in ({"orderBy": "x"}, {"type": "x"}, {"limit": 0}):
        refused(shelf.get("/api/public/v2/prompt-folders", **query), 400, "InvalidRequestError")


def test_facets(shelf):
    assert shelf.read("/api/public/v2/prompt-facets") == {
        "labels": [{"value": "latest", "count": 5, "protected": False}, {"value": "production", "count": 2, "protected": False},
                   {"value": "staging", "count": 1, "protected": False}],
        "tags": [{"value": "Deep", "count": 1}, {"value": "x", "count": 2}, {"value": "y", "count": 1}]}


# The dashboard's


def test_the_history_of_a_prompt(tenant, name):
    owner = signed_in(tenant.project_id)
    make(tenant, name, prompt="one", labels=["production"], commitMessage="first")
    assert owner.post(PROMPTS, json={"name": name, "prompt": "two", "config": {"c": 1}}).status_code == 201

    history = tenant.read(path(name, "/versions"))

    assert set(history) == {"name", "type", "tags", "labels", "protectedLabels", "data", "meta"}
    assert [(row["version"], row["labels"], row["commitMessage"]) for row in history["data"]] == [(2, ["latest"], None), (1, ["production"], "first")]
    assert (history["data"][1]["createdBy"], history["data"][1]["createdByName"]) == ("API", None)
    assert history["data"][0]["createdByName"] and history["data"][0]["createdBy"] != "API"
    assert all("prompt" not in row for row in history["data"])
    whole = tenant.read(path(name, "/versions"), bodies="true", limit=1)
    assert [(row["prompt"], row["config"]) for row in whole["data"]] == [("two", {"c": 1})]
    assert whole["meta"] == {"page": 1, "limit": 1, "totalItems": 2, "totalPages": 2}
    refused(tenant.get(path(unique("none"), "/versions")), 404, "LangfuseNotFoundError")
    refused(tenant.get(path(name, "/versions"), limit=21, bodies="true"), 400, "InvalidRequestError")


def test_tags_are_set(tenant, name):
    make(tenant, name, tags=["a"])

    answer = tenant.send("PUT", path(name, "/tags"), {"tags": ["b", " c ", "b"]})

    assert (answer.status_code, answer.json()["tags"], answer.json()["versions"]) == (200, ["b", "c"], [1])
    assert tenant.read(PROMPTS, name=name)["data"][0]["tags"] == ["b", "c"]
    refused(tenant.send("PUT", path(unique("none"), "/tags"), {"tags": []}), 404, "LangfuseNotFoundError")
    refused(tenant.send("PUT", path(name, "/tags"), {"tags": "x"}), 400, "InvalidRequestError")


def test_a_prompt_is_duplicated(tenant, name):
    make(tenant, name, prompt="one", labels=["production"], tags=["t"], config={"v": 1})
    make(tenant, name, prompt="two", config={"v": 2})
    child = f"{name}/child"
    make(tenant, child, labels=["production"])
    make(tenant, name, prompt=ref(child, "label=production"), config={"v": 3})

    whole = tenant.send("POST", path(name, "/duplicate"), {"name": f"{name} copy"})
    one = tenant.send("POST", path(name, "/duplicate"), {"name": f"{name} one", "version": 1})

    assert (whole.status_code, whole.json()["version"], whole.json()["labels"]) == (201, 3, ["latest"])
    assert (read(tenant, f"{name} copy")["prompt"], read(tenant, f"{name} copy")["tags"]) == ("one", ["t"])
    assert (one.json()["version"], one.json()["labels"], one.json()["prompt"], one.json()["config"]) == (1, ["production", "latest"], "one", {"v": 1})
    assert {row["name"] for row in tenant.read(path(child, "/dependents"))["data"]} == {name, f"{name} copy"}
    refused(tenant.send("POST", path(name, "/duplicate"), {"name": f"{name} copy"}), 409, "LangfuseConflictError")
    refused(tenant.send("POST", path(name, "/duplicate"), {"name": f"{name} x", "version": 9}), 404, "LangfuseNotFoundError")
    refused(tenant.send("POST", path(name, "/duplicate"), {"name": "a|b"}), 400, "InvalidRequestError")
    refused(tenant.send("POST", path(unique("none"), "/duplicate"), {"name": unique("x")}), 404, "LangfuseNotFoundError")


def test_the_same_without_a_version_in_the_address(tenant, name):
    old = "/api/public/prompts"
    made = tenant.send("POST", old, {"name": name, "prompt": "x", "labels": ["production"]})
    place = f"{old}/{urllib.parse.quote(name, safe='')}"

    assert made.status_code == 201
    assert tenant.read(place) == read(tenant, name) == tenant.read(f"{place}/versions/1")
    assert tenant.read(f"{place}/versions") == tenant.read(path(name, "/versions"))
    assert tenant.read(old, name=name) == tenant.read(PROMPTS, name=name)
    refused(tenant.get(f"{place}/versions/2"), 404, "LangfuseNotFoundError")


def test_a_public_key_alone_reads_no_prompts(tenant, name):
    refused(bearer(tenant.key.public_key).get(path(name)), 403, "ForbiddenError")
    refused(with_key(tenant.key.public_key, "wrong").get(path(name)), 401, "UnauthorizedError")
