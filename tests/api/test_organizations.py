"""Organizations: their own keys, their projects from creation to deletion, who may do what there."""

import uuid

import pytest

from api.caller import Caller, anyone, new_project, organization_of, refused, signed_in, stack, with_key
from harness.telemetry import generation, span, trace_id
from harness.waiting import wait_until

ORGANIZATIONS = "/api/public/organizations"
PROJECTS = "/api/public/projects"


def in_organization() -> Caller:
    """The owner in a browser, in the organization."""
    owner = signed_in()
    owner.http.headers["X-AgentTrace-Organization-Id"] = organization_of(owner)
    return owner


@pytest.fixture(scope="module")
def pair():
    """A key pair of the organization."""
    answer = in_organization().post(f"{ORGANIZATIONS}/apiKeys", json={"name": "of the platform team"})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def key(pair):
    return with_key(pair["publicKey"], pair["secretKey"])


def project_of(key, **body) -> dict:
    answer = key.post(PROJECTS, json={"name": f"tenant {uuid.uuid4().hex[:8]}", **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


# Keys of the organization


def test_an_organizations_key_is_shown_once_and_listed_without_its_secret(pair, key):
    assert pair["name"] == pair["note"] == "of the platform team" and pair["createdBy"] == stack().email

    for caller in (key, in_organization()):
        listed = caller.get(f"{ORGANIZATIONS}/apiKeys")
        assert pair["secretKey"] not in listed.text
        (entry,) = [k for k in listed.json()["apiKeys"] if k["id"] == pair["id"]]
        assert set(entry) == set(pair) - {"secretKey"}


def test_an_organizations_key_does_nothing_in_a_project(key):
    for method, path in [("GET", PROJECTS), ("GET", "/api/public/traces"), ("POST", "/api/public/ingestion"), ("POST", "/v1/traces"), ("GET", "/api/public/v2/scores")]:
        body = refused(key.call(method, path, json={"batch": []}), 403, "ForbiddenError")
        assert "project" in body["message"]


def test_a_projects_key_does_nothing_in_its_organization():
    for method, path in [("GET", f"{ORGANIZATIONS}/{what}") for what in ("memberships", "projects", "apiKeys", "invitations")] + [("POST", PROJECTS), ("PUT", f"{PROJECTS}/{stack().project_id}"), ("DELETE", f"{PROJECTS}/{stack().project_id}")]:
        refused(with_key().call(method, path, json={"name": "x"}), 403, "ForbiddenError")


def test_an_organizations_key_does_not_make_keys_of_its_kind(key, pair):
    refused(key.post(f"{ORGANIZATIONS}/apiKeys", json={}), 403, "ForbiddenError")
    refused(key.delete(f"{ORGANIZATIONS}/apiKeys/{pair['id']}"), 403, "ForbiddenError")


def test_half_an_organizations_key_is_no_key(pair):
    refused(Caller({"Authorization": f"Bearer {pair['publicKey']}"}).get(f"{ORGANIZATIONS}/projects"), 401, "UnauthorizedError")
    refused(with_key(pair["publicKey"], "sk-at-wrong").get(f"{ORGANIZATIONS}/projects"), 401, "UnauthorizedError")


def test_a_revoked_key_of_the_organization_is_refused():
    owner = in_organization()
    made = owner.post(f"{ORGANIZATIONS}/apiKeys").json()
    key = with_key(made["publicKey"], made["secretKey"])
    assert key.get(f"{ORGANIZATIONS}/projects").status_code == 200

    assert owner.delete(f"{ORGANIZATIONS}/apiKeys/{made['id']}").json() == {"success": True}

    refused(owner.delete(f"{ORGANIZATIONS}/apiKeys/{made['id']}"), 404, "LangfuseNotFoundError")
    wait_until(lambda: key.get(f"{ORGANIZATIONS}/projects").status_code == 401, within=60)


def test_an_organization_must_be_named_and_ones_own():
    owner = signed_in()

    refused(owner.get(f"{ORGANIZATIONS}/memberships"), 400, "InvalidRequestError")
    for name in ["unknown", "", "ORG#x", "x" * 3_000]:
        answer = owner.get(f"{ORGANIZATIONS}/memberships", headers={"X-AgentTrace-Organization-Id": name})
        assert answer.status_code in (400, 404), f"{name[:20]}: {answer.status_code} {answer.text}"
    by_project = owner.get(f"{ORGANIZATIONS}/memberships", headers={"X-AgentTrace-Project-Id": stack().project_id})
    assert by_project.status_code == 200
    refused(anyone().get(f"{ORGANIZATIONS}/memberships"), 401, "UnauthorizedError")


# Projects


def test_a_project_from_creation_to_a_new_name(key):
    created = project_of(key, metadata={"team": "agents"}, retention=30)

    assert created["metadata"] == {"team": "agents"} and created["retentionDays"] == 30 and created["organization"]["name"]
    listed = key.get(f"{ORGANIZATIONS}/projects").json()["projects"]
    (entry,) = [p for p in listed if p["id"] == created["id"]]
    assert set(entry) == {"id", "name", "metadata", "createdAt", "updatedAt"} and entry["name"] == created["name"]

    changed = key.call("PUT", f"{PROJECTS}/{created['id']}", json={"name": "renamed"}).json()
    assert changed == {**created, "name": "renamed"}
    changed = key.call("PUT", f"{PROJECTS}/{created['id']}", json={"name": "renamed", "metadata": {}, "retention": 0}).json()
    assert changed["metadata"] == {} and "retentionDays" not in changed


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 61}, {"name": 1}, {"name": "x", "retention": 1}, {"name": "x", "retention": -1}, {"name": "x", "retention": 4_000}, {"name": "x", "metadata": []}, [], "x"])
def test_malformed_projects_are_refused(key, body):
    refused(key.post(PROJECTS, json=body), 400, "InvalidRequestError")
    refused(key.call("PUT", f"{PROJECTS}/{stack().project_id}", json=body), 400, "InvalidRequestError")


def test_projects_of_another_organization_are_not_found(key):
    refused(key.post(PROJECTS, json={"name": "x", "organizationId": "another"}), 404, "LangfuseNotFoundError")
    for project in ["unknown", "PROJECT%23x", "%00", "x" * 2_000]:
        for method, path in [("PUT", f"{PROJECTS}/{project}"), ("DELETE", f"{PROJECTS}/{project}"), ("GET", f"{PROJECTS}/{project}/apiKeys"), ("GET", f"{PROJECTS}/{project}/memberships")]:
            refused(key.call(method, path, json={"name": "x"}), 404, "LangfuseNotFoundError")


def test_a_key_pair_of_langfuse_goes_on_working(key):
    project, tail = project_of(key)["id"], uuid.uuid4().hex
    public_key, secret_key = f"pk-lf-{tail}", f"sk-lf-{tail}"

    created = key.post(f"{PROJECTS}/{project}/apiKeys", json={"note": "from before", "publicKey": public_key, "secretKey": secret_key})

    assert created.status_code == 201 and created.json()["name"] == "from before"
    assert with_key(public_key, secret_key).get(PROJECTS).json()["data"][0]["id"] == project
    assert [k["publicKey"] for k in key.get(f"{PROJECTS}/{project}/apiKeys").json()["apiKeys"]] == [public_key]
    assert key.delete(f"{PROJECTS}/{project}/apiKeys/{created.json()['id']}").json() == {"success": True}


def test_a_deleted_project_is_gone_with_all_that_it_held(key, owner, clickhouse, aws):
    gone, stays = owner.new_tenant("gone"), owner.new_tenant("stays")
    traces = {}
    for api in (gone, stays):
        traces[api] = trace = trace_id()
        api.store(span(trace), generation(trace))
        api.send("POST", "/api/public/scores", {"name": "n", "value": 1, "traceId": trace})
        wait_until(lambda api=api, trace=trace: api.trace(trace, steps=2)["scores"])
        assert api.send("POST", "/api/public/v2/prompts", {"name": "long", "prompt": "long 🙂 " * 50_000}).status_code == 201
        assert api.send("POST", "/api/public/v2/datasets", {"name": "long"}).status_code == 200
        assert api.send("POST", "/api/public/dataset-items", {"datasetName": "long", "input": "x" * 1_000_000}).status_code == 200
        aws.client("s3").put_object(Bucket=aws.bucket, Key=f"overflow/{api.project_id}/0/x", Body=b"x")

    answer = key.delete(f"{PROJECTS}/{gone.project_id}")

    assert answer.status_code == 202 and answer.json()["success"] is True and answer.json()["message"]
    refused(key.delete(f"{PROJECTS}/{gone.project_id}"), 404, "LangfuseNotFoundError")
    assert gone.project_id not in [p["id"] for p in key.get(f"{ORGANIZATIONS}/projects").json()["projects"]]
    assert gone.project_id not in signed_in().get("/api/auth/me").text
    wait_until(lambda: gone.get(PROJECTS).status_code == 401, within=60)
    tables = ["observations", "traces", "trace_minutes", "scores"]
    rows = lambda api: [clickhouse.value(f"SELECT count() FROM {table} WHERE project_id = {{p:String}}", p=api.project_id) for table in tables]  # noqa: E731
    wait_until(lambda: rows(gone) == [0, 0, 0, 0])
    items = lambda api: sum(page["Count"] for page in aws.client("dynamodb").get_paginator("scan").paginate(TableName=aws.output("Table"), FilterExpression="begins_with(pk, :p)", ExpressionAttributeValues={":p": {"S": f"PROJECT#{api.project_id}"}}))  # noqa: E731
    objects = lambda api: [aws.client("s3").list_objects_v2(Bucket=aws.bucket, Prefix=f"{prefix}/{api.project_id}/")["KeyCount"] for prefix in ("overflow", "prompts", "datasets")]  # noqa: E731
    wait_until(lambda: (items(gone), objects(gone)) == (0, [0, 0, 0]))
    assert all(rows(stays)) and items(stays) >= 2 and objects(stays) == [1, 1, 1]
    stays.trace(traces[stays], steps=2)


def test_owners_alone_delete_projects_from_the_dashboard(person):
    admin, project = person("ADMIN"), new_project(signed_in())

    refused(admin.delete(f"{PROJECTS}/{project}", headers={"X-AgentTrace-Project-Id": project}), 403, "ForbiddenError")
    renamed = admin.call("PUT", f"{PROJECTS}/{project}", json={"name": "by an administrator"}, headers={"X-AgentTrace-Project-Id": project})
    assert renamed.json()["name"] == "by an administrator"
    assert signed_in().delete(f"{PROJECTS}/{project}", headers={"X-AgentTrace-Project-Id": project}).status_code == 202
