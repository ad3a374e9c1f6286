"""Projects and API keys: who may call with what, and managing keys under /api/public/projects."""

import base64
import uuid
from datetime import datetime, timedelta, timezone

import pytest

from api.caller import Caller, anyone, bearer, new_key, new_project, organization_of, refused, signed_in, stack, with_key
from harness.waiting import wait_until


@pytest.fixture(scope="module")
def tenant():
    """A second project with a key of its own."""
    project = new_project(signed_in())
    return {"project": project, **new_key(project)}


def basic(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return "Basic " + base64.b64encode(raw).decode()


# Who calls


def test_a_key_pair_sees_its_project_as_the_only_one():
    answer = with_key().get("/api/public/projects")

    assert answer.status_code == 200
    (entry,) = answer.json()["data"]
    assert entry["id"] == stack().project_id and set(entry) == {"id", "name", "organization", "metadata"}
    assert set(entry["organization"]) == {"id", "name"} and entry["metadata"] == {}


@pytest.mark.parametrize(
    "header",
    [lambda p, s: f"Bearer {s}", lambda p, s: f"bearer  {s}", lambda p, s: basic(f"{p}:{s}").replace("=", "").replace("Basic", "basic")],
)
def test_other_forms_of_the_same_key(header):
    caller = Caller({"Authorization": header(stack().public_key, stack().secret_key)})

    assert caller.get("/api/public/projects").json()["data"][0]["id"] == stack().project_id


WRONG = {
    "no colon": lambda p, s: basic(p),
    "no secret": lambda p, s: basic(f"{p}:"),
    "no public key": lambda p, s: basic(f":{s}"),
    "colon alone": lambda p, s: basic(":"),
    "halves swapped": lambda p, s: basic(f"{s}:{p}"),
    "secret longer": lambda p, s: basic(f"{p}:{s}x"),
    "secret shorter": lambda p, s: basic(f"{p}:{s[:-1]}"),
    "blank in the public key": lambda p, s: basic(f"{p} :{s}"),
    "case of the secret": lambda p, s: basic(f"{p}:{s.swapcase()}"),
    "unknown public key": lambda p, s: basic(f"pk-at-unknown:{s}"),
    "not UTF-8": lambda p, s: basic(b"\xff\xfe:\xff"),
    "NUL": lambda p, s: basic(b"a\0b:c"),
    "scheme alone": lambda p, s: "Basic",
    "not base64": lambda p, s: "Basic %%%",
    "not encoded": lambda p, s: f"Basic {p}:{s}",
    "7 KB": lambda p, s: "Basic " + "A" * 7_000,
    "bearer of nothing": lambda p, s: "Bearer",
    "unknown bearer": lambda p, s: "Bearer unknown",
    "bearer of both": lambda p, s: f"Bearer {p}:{s}",
    "basic as bearer": lambda p, s: basic(f"{p}:{s}").replace("Basic", "Bearer"),
    "another scheme": lambda p, s: f"Digest {s}",
    "no scheme": lambda p, s: s,
    "a key of the table": lambda p, s: "Bearer KEY#x",
}


@pytest.mark.parametrize("form", WRONG)
@pytest.mark.parametrize("method, path", [("GET", "/api/public/projects"), ("POST", "/api/public/ingestion")])
def test_unreadable_and_wrong_credentials_are_unauthorized(method, path, form):
    header = WRONG[form](stack().public_key, stack().secret_key)

    body = refused(Caller({"Authorization": header}).call(method, path, json={"batch": []}), 401, "UnauthorizedError")

    assert set(body) == {"message", "error"}


def test_no_credentials_are_unauthorized():
    answer = anyone().get("/api/public/projects")

    refused(answer, 401, "UnauthorizedError")
    # With it a browser would ask for a password of its own in front of the sign-in page.
    assert "www-authenticate" not in answer.headers


def test_a_header_of_100_kilobytes_is_refused():
    answer = Caller({"Authorization": basic(f"{stack().public_key}:" + "x" * 75_000)}).get("/api/public/projects")

    assert 400 <= answer.status_code < 500


def test_a_wrong_key_is_refused_whatever_the_cookies_say():
    owner = signed_in(stack().project_id)

    refused(owner.get("/api/public/projects", headers={"Authorization": "Bearer unknown"}), 401, "UnauthorizedError")


def test_a_public_key_alone_only_scores():
    for method, path in [("GET", "/api/public/projects"), ("POST", "/v1/traces"), ("GET", f"/api/public/projects/{stack().project_id}/apiKeys")]:
        refused(bearer(stack().public_key).call(method, path, json={}), 403, "ForbiddenError")

    assert bearer(stack().public_key).post("/api/public/scores", json={}).status_code not in (401, 403)


# Two tenants


def test_halves_of_two_keys_do_not_fit(tenant):
    refused(with_key(stack().public_key, tenant["secretKey"]).get("/api/public/projects"), 401, "UnauthorizedError")
    refused(with_key(tenant["publicKey"], stack().secret_key).get("/api/public/projects"), 401, "UnauthorizedError")


def test_a_project_named_beside_the_key_never_widens_access(tenant):
    other = tenant["project"]
    key = with_key()

    refused(key.get("/api/public/projects", headers={"X-AgentTrace-Project-Id": other}), 403, "ForbiddenError")
    for answer in [
        key.get(f"/api/public/projects?projectId={other}&project_id={other}"),
        key.get("/api/public/projects", headers={"X-Langfuse-Project-Id": other, "X-Project-Id": other}),
        key.call("GET", "/api/public/projects", json={"projectId": other}),
        key.get("/api/public/projects", headers={"X-AgentTrace-Project-Id": stack().project_id}),
    ]:
        assert [p["id"] for p in answer.json()["data"]] == [stack().project_id]


def test_a_path_of_another_project_is_not_found(tenant):
    owner = signed_in(stack().project_id)
    keys = f"/api/public/projects/{tenant['project']}/apiKeys"

    foreign = [owner.get(keys), owner.post(keys, json={}), owner.delete(f"{keys}/{tenant['id']}")]
    absent = owner.get("/api/public/projects/unknown/apiKeys")

    assert {a.text for a in foreign} == {absent.text}
    for answer in [*foreign, absent]:
        refused(answer, 404, "LangfuseNotFoundError")
    assert with_key(tenant["publicKey"], tenant["secretKey"]).get("/api/public/projects").status_code == 200


def test_a_key_of_another_project_is_not_found_in_ours(tenant):
    owner = signed_in(stack().project_id)

    foreign = owner.delete(f"/api/public/projects/{stack().project_id}/apiKeys/{tenant['id']}")
    absent = owner.delete(f"/api/public/projects/{stack().project_id}/apiKeys/{uuid.uuid4()}")

    refused(foreign, 404, "LangfuseNotFoundError")
    assert foreign.text == absent.text
    assert with_key(tenant["publicKey"], tenant["secretKey"]).get("/api/public/projects").status_code == 200


# Managing keys


def test_keys_do_not_manage_keys(tenant):
    for project in [stack().project_id, tenant["project"], "unknown"]:
        keys = f"/api/public/projects/{project}/apiKeys"
        refused(with_key().get(keys), 403, "ForbiddenError")
        refused(with_key().post(keys, json={}), 403, "ForbiddenError")
        refused(with_key().delete(f"{keys}/{tenant['id']}"), 403, "ForbiddenError")
    refused(anyone().get(f"/api/public/projects/{stack().project_id}/apiKeys"), 401, "UnauthorizedError")


def test_a_new_key_works_at_once_and_its_secret_is_shown_once(tenant):
    project = tenant["project"]
    created = new_key(project, note="  of the build  ")

    assert created["publicKey"].startswith("pk-at-") and created["secretKey"].startswith("sk-at-")
    assert created["note"] == "of the build" and created["createdBy"] == stack().email
    assert created["expiresAt"] is None and created["lastUsedAt"] is None
    assert created["displaySecretKey"] == "sk-at-…" + created["secretKey"][-4:]
    assert with_key(created["publicKey"], created["secretKey"]).get("/api/public/projects").json()["data"][0]["id"] == project
    listed = signed_in(project).get(f"/api/public/projects/{project}/apiKeys")
    assert created["secretKey"] not in listed.text
    (entry,) = [k for k in listed.json()["apiKeys"] if k["id"] == created["id"]]
    assert set(entry) == set(created) - {"secretKey"}
    assert entry["lastUsedAt"] is not None, "the call above is noted"


@pytest.mark.parametrize("path", ["/api/public/traces", "/api/public/metrics/daily", "/api/public/v2/prompts", "/api/public/models", "/api/public/score-configs", "/api/public/v2/datasets"])
def test_every_function_notes_the_use_of_a_key(tenant, path):
    project = tenant["project"]
    created = new_key(project)
    assert with_key(created["publicKey"], created["secretKey"]).get(path).status_code == 200

    (entry,) = [k for k in signed_in(project).get(f"/api/public/projects/{project}/apiKeys").json()["apiKeys"] if k["id"] == created["id"]]
    assert entry["lastUsedAt"] is not None


def test_a_body_is_not_needed(tenant):
    project = tenant["project"]

    assert signed_in(project).post(f"/api/public/projects/{project}/apiKeys").status_code == 201


def test_a_revoked_key_is_refused_within_a_minute(tenant):
    project, owner = tenant["project"], signed_in(tenant["project"])
    created = new_key(project)
    key, token = with_key(created["publicKey"], created["secretKey"]), bearer(created["secretKey"])
    assert key.get("/api/public/projects").status_code == 200 and token.get("/api/public/projects").status_code == 200
    assert key.post("/api/public/ingestion", json={"batch": []}).status_code not in (401, 403)
    path = f"/api/public/projects/{project}/apiKeys/{created['id']}"

    answer = owner.delete(path)

    assert answer.status_code == 200 and answer.json() == {"success": True}
    refused(owner.delete(path), 404, "LangfuseNotFoundError")
    for call in [lambda: key.get("/api/public/projects"), lambda: token.get("/api/public/projects"), lambda: key.post("/api/public/ingestion", json={"batch": []})]:
        wait_until(lambda: call().status_code == 401, within=60)


def test_a_key_ends_when_it_expires(tenant):
    soon = (datetime.now(timezone.utc) + timedelta(seconds=3)).isoformat()
    created = new_key(tenant["project"], expiresAt=soon)
    key = with_key(created["publicKey"], created["secretKey"])

    assert key.get("/api/public/projects").status_code == 200
    wait_until(lambda: key.get("/api/public/projects").status_code == 401, within=10)


def test_a_key_pair_can_be_brought_along(tenant):
    project, tail = tenant["project"], uuid.uuid4().hex
    for public_key, secret_key in [(f"pk-lf-{tail}", f"sk-lf-{tail}"), (f"any/text+{tail}", f"with:colons:{tail}")]:
        created = new_key(project, publicKey=public_key, secretKey=secret_key)

        assert (created["publicKey"], created["secretKey"]) == (public_key, secret_key)
        for caller in [with_key(public_key, secret_key), bearer(secret_key)]:
            assert caller.get("/api/public/projects").json()["data"][0]["id"] == project
        refused(bearer(public_key).get("/api/public/projects"), 403, "ForbiddenError")


@pytest.mark.parametrize(
    "body",
    [
        {"publicKey": "pk-alone"},
        {"secretKey": "secret-alone"},
        {"publicKey": "", "secretKey": ""},
        {"publicKey": "a:b", "secretKey": "12345678"},
        {"publicKey": "a b", "secretKey": "12345678"},
        {"publicKey": "pk", "secretKey": "1234567"},
        {"publicKey": "pk", "secretKey": "x" * 257},
        {"publicKey": "x" * 257, "secretKey": "12345678"},
        {"publicKey": "12345678", "secretKey": "12345678"},
        {"publicKey": "東京", "secretKey": "12345678"},
        {"note": "x" * 201},
        {"note": 1},
        {"expiresAt": "yesterday"},
        {"expiresAt": "2020-01-01T00:00:00Z"},
        [],
        "text",
    ],
)
def test_malformed_keys_are_refused(tenant, body):
    project = tenant["project"]
    answer = signed_in(project).post(f"/api/public/projects/{project}/apiKeys", json=body)

    refused(answer, 400, "InvalidRequestError")


def test_a_key_in_use_is_a_conflict(tenant):
    project = tenant["project"]
    owner = signed_in(project)
    fresh = uuid.uuid4().hex
    for body in [{"publicKey": stack().public_key, "secretKey": f"sk-{fresh}"}, {"publicKey": f"pk-{fresh}", "secretKey": stack().secret_key}]:
        refused(owner.post(f"/api/public/projects/{project}/apiKeys", json=body), 409, "LangfuseConflictError")
    assert with_key().get("/api/public/projects").json()["data"][0]["id"] == stack().project_id


@pytest.mark.parametrize("key_id", ["unknown", "KEY%23x", "x" * 2_000, "%00", "'"])
def test_absent_keys_are_not_found(key_id):
    refused(signed_in(stack().project_id).delete(f"/api/public/projects/{stack().project_id}/apiKeys/{key_id}"), 404, "LangfuseNotFoundError")


# Projects


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "", "organizationId": "$"},
        {"name": "  ", "organizationId": "$"},
        {"name": "x" * 61, "organizationId": "$"},
        {"name": "a\nb", "organizationId": "$"},
        {"name": 1, "organizationId": "$"},
        {"name": "x", "organizationId": "$", "metadata": {"k": "v" * 10_001}},
        [],
    ],
)
def test_malformed_projects_are_refused(body):
    owner = signed_in()
    if isinstance(body, dict) and body.get("organizationId") == "$":
        body = {**body, "organizationId": organization_of(owner)}

    refused(owner.post("/api/public/projects", json=body), 400, "InvalidRequestError")


@pytest.mark.parametrize("organization", ["unknown", "", "ORG#x", "x" * 3_000])
def test_projects_are_not_created_in_organizations_of_others(organization):
    answer = signed_in().post("/api/public/projects", json={"name": "x", "organizationId": organization})

    refused(answer, 404, "LangfuseNotFoundError")


def test_projects_are_created_by_users_alone():
    refused(with_key().post("/api/public/projects", json={"name": "x", "organizationId": "y"}), 403, "ForbiddenError")
    refused(anyone().post("/api/public/projects", json={"name": "x", "organizationId": "y"}, headers={"X-AgentTrace-Client": "test"}), 401, "UnauthorizedError")


def test_a_new_project_is_there_with_its_metadata():
    owner = signed_in()
    body = {"name": " 東京 ", "organizationId": organization_of(owner), "metadata": {"a": [1, {"b": None}]}}
    created = owner.post("/api/public/projects", json=body).json()

    assert created["name"] == "東京"
    listed = owner.get("/api/public/projects", headers={"X-AgentTrace-Project-Id": created["id"]}).json()["data"]
    assert listed[0]["metadata"] == {"a": [1, {"b": None}]}


def test_another_method_is_refused():
    answer = with_key().call("PUT", "/api/public/projects")

    refused(answer, 405, "MethodNotAllowedError")
    assert answer.headers["allow"] == "GET, POST"
