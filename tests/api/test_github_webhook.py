"""The GitHub webhook: recorded deliveries with signatures made here; who may set it up; what strangers learn, which is nothing."""

import hashlib
import hmac
import json
import urllib.parse

import httpx
import pytest
from harness.stack import ROOT
from harness.telemetry import unique
from harness.waiting import wait_until

from api.caller import Caller, new_key, new_project, organization_of, refused, signed_in, with_key

REPOSITORY = "https://github.com/codertocat/hello-world"


def fixture(name: str) -> dict:
    return json.loads((ROOT / "tests/fixtures/github" / f"{name}.json").read_text())


def signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Hook:
    """GitHub, as far as this project's webhook goes."""

    def __init__(self, project: str, secret: str, base_url: str):
        self.project, self.secret, self.base_url = project, secret, base_url

    def post(self, event: str, payload: dict | bytes, secret: str | None = None, project: str | None = None, **headers) -> httpx.Response:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        sent = {"content-type": "application/json", "x-github-event": event, "x-github-delivery": unique("delivery"), "x-hub-signature-256": signature(secret or self.secret, body)}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"{self.base_url}/api/public/webhooks/github/{project or self.project}"
        return httpx.post(address, content=body, headers={k: v for k, v in sent.items() if v is not None}, timeout=30, trust_env=False)

    def takes(self, event: str, payload: dict | bytes, **more) -> dict:
        answer = self.post(event, payload, **more)
        assert answer.status_code == 202, f"{answer.status_code} {answer.text[:300]}"
        return answer.json()


def settings(project: str) -> str:
    return f"/api/public/projects/{project}/github-webhook"


@pytest.fixture(scope="module")
def owner_page(stack) -> Caller:
    return signed_in()


@pytest.fixture(scope="module")
def place(stack, owner_page):
    """A project with a webhook, and a key to read what came of it."""
    project = new_project(owner_page)
    key = new_key(project)
    made = owner_page.call("PUT", settings(project), json={})
    assert made.status_code == 200, made.text
    return Hook(project, made.json()["secret"], stack.base_url), with_key(key["publicKey"], key["secretKey"])


def read(key: Caller, path: str, **params) -> dict:
    answer = key.get(path, params=params)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:300]}"
    return answer.json()


def test_a_secret_is_made_shown_once_replaced_and_deleted(stack, owner_page, aws):
    project = new_project(owner_page)
    refused(owner_page.get(settings(project)), 404, "LangfuseNotFoundError")
    first = owner_page.call("PUT", settings(project), json={})
    assert first.status_code == 200
    shown = owner_page.get(settings(project)).json()

    assert first.json() == shown | {"secret": first.json()["secret"]} and "secret" not in shown
    assert shown["payloadPath"] == f"/api/public/webhooks/github/{project}"
    assert (shown["events"], shown["lastDeliveryAt"]) == (["push", "pull_request", "workflow_run", "workflow_job"], None)
    second = owner_page.call("PUT", settings(project), json={})
    assert second.status_code == 200 and second.json()["secret"] != first.json()["secret"] and second.json()["createdAt"] == shown["createdAt"]
    (item,) = aws.client("dynamodb").query(TableName=aws.output("Table"), KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": f"GITHUBWEBHOOK#{project}"}})["Items"]
    assert second.json()["secret"] not in str(item)
    hook = Hook(project, second.json()["secret"], stack.base_url)
    refused(hook.post("ping", fixture("ping"), secret=first.json()["secret"]), 401, "UnauthorizedError")
    assert hook.takes("ping", fixture("ping"))["accepted"] == 0
    noted = owner_page.get(settings(project)).json()
    assert noted["lastDeliveryAt"] and noted["lastEvent"] == "ping"
    assert owner_page.call("DELETE", settings(project), headers={"X-AgentTrace-Client": "tests"}).status_code == 200
    refused(owner_page.get(settings(project)), 404, "LangfuseNotFoundError")
    refused(hook.post("ping", fixture("ping")), 401, "UnauthorizedError")


def test_only_administrators_and_the_organizations_keys_set_it_up(person, owner_page):
    project = new_project(owner_page)
    member = person("MEMBER")
    for method in ("GET", "PUT", "DELETE"):
        refused(member.call(method, settings(project), json={} if method == "PUT" else None, headers={"X-AgentTrace-Client": "tests"}), 403, "ForbiddenError")
    key = new_key(project)
    refused(with_key(key["publicKey"], key["secretKey"]).call("PUT", settings(project), json={}), 403, "ForbiddenError")
    made = owner_page.post("/api/public/organizations/apiKeys", json={}, headers={"X-AgentTrace-Organization-Id": organization_of(owner_page)}).json()
    assert with_key(made["publicKey"], made["secretKey"]).call("PUT", settings(project), json={}).status_code == 200


def test_strangers_get_one_answer_whatever_is_wrong(place, owner_page):
    hook, _ = place
    push = fixture("push")
    without = new_project(owner_page)
    answers = [
        hook.post("push", push, secret="another secret"),
        hook.post("push", push, x_hub_signature_256=None),
        hook.post("push", push, x_hub_signature_256="sha256=" + "0" * 64),
        hook.post("push", push, x_hub_signature_256="sha1=" + "0" * 40),
        hook.post("push", push, x_hub_signature_256=signature(hook.secret, b"another body")),
        hook.post("push", push, project="absent"),
        hook.post("push", push, project=without),
        hook.post("push", push, project="x" * 3_000),
        hook.post("no such event", b"not JSON", secret="another secret"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1, "no answer tells more than another"


def test_malformed_deliveries_are_refused_once_they_are_known_to_be_githubs(place):
    hook, _ = place
    for event, body in (("push", b"not JSON"), ("push", b"{}"), ("pull_request", b"[]"), ("workflow_job", b'{"workflow_job":1}'), ("ping", b"")):
        refused(hook.post(event, body), 400, "InvalidRequestError")
    refused(hook.post("two words", b"{}"), 400, "InvalidRequestError")
    refused(hook.post("push", b" " * (5 * 1024 * 1024 + 1)), 413, "PayloadTooLargeError")


def test_pings_and_events_that_nobody_uses_are_taken_and_said_to_be_ignored(place):
    hook, _ = place
    assert hook.takes("issues", fixture("issues")) == {"event": "issues", "accepted": 0, "message": "This event is not used and was ignored."}
    assert hook.takes("push", fixture("push_tag"))["accepted"] == 0


def test_pushes_pull_requests_and_runs_are_read_as_one(place):
    """Every delivery twice, the later ones first."""
    hook, key = place
    push, sha = fixture("push"), "6113728f27ae82c7b1a177c8d03f9e96e0adf246"
    trace = "claude-code-" + unique("session")
    push["commits"][0]["message"] = push["head_commit"]["message"] = f"Initial commit\n\nCo-Authored-By: Claude <noreply@anthropic.com>\nAgentTrace-Session: {trace}"
    run = fixture("workflow_run_completed")
    run["repository"], run["workflow_run"]["head_sha"] = push["repository"], sha
    merged = fixture("pull_request_closed")
    merged["pull_request"] |= {"merged_at": "2019-05-15T15:21:18Z", "merge_commit_sha": sha}
    early = json.loads(json.dumps(run))
    early["workflow_run"] |= {"status": "in_progress", "conclusion": None}
    for event, payload in 2 * [("workflow_run", run), ("workflow_run", early), ("pull_request", merged), ("pull_request", fixture("pull_request_opened")), ("push", push)]:
        assert hook.takes(event, payload)["accepted"] == (2 if event == "push" else 1)

    def commit():
        answer = key.get(f"/api/public/commits/{sha[:10]}")
        found = answer.json()["data"][0] if answer.status_code == 200 else {}
        return found if found.get("ciStatus") and found.get("prNumber") and found.get("sessions") else None

    found = wait_until(commit)
    assert (found["repositoryUrl"], found["commitSha"], found["branch"]) == (REPOSITORY, sha, "master")
    assert (found["authorName"], found["filesChanged"], found["timestamp"]) == ("Codertocat", ["README.md"], "2019-05-15T15:19:25.000Z")
    assert (found["ciStatus"], found["ciRuns"], found["prNumber"]) == ("success", 1, 2)
    assert found["sessions"] == [{"traceId": trace, "sessionId": None, "agent": "claude-code", "userId": None, "method": "trailer", "confidence": 0.9}]
    (request,) = read(key, "/api/public/pull-requests", repository="git@github.com:Codertocat/Hello-World.git", state="merged")["data"]
    assert (request["number"], request["state"], request["commits"], request["sessions"], request["agents"]) == (2, "merged", 1, 1, ["claude-code"])
    assert (request["headBranch"], request["author"], request["mergedAt"]) == ("changes", "Codertocat", "2019-05-15T15:21:18.000Z")
    assert read(key, "/api/public/pull-requests", state="open")["data"] == []
    (listed,) = read(key, "/api/public/ci-runs", commitSha=sha)["data"]
    assert (listed["status"], listed["provider"], listed["prNumber"]) == ("SUCCESS", "GITHUB_ACTIONS", 2)


def test_a_form_with_the_payload_in_it_is_read_too(place):
    hook, _ = place
    body = urllib.parse.urlencode({"payload": json.dumps(fixture("workflow_job_completed"))}).encode()

    assert hook.takes("workflow_job", body, content_type="application/x-www-form-urlencoded")["accepted"] == 1


def test_facts_of_one_project_are_absent_in_another_and_gone_with_it(stack, owner_page, clickhouse):
    project = new_project(owner_page)
    key = new_key(project)
    secret = owner_page.call("PUT", settings(project), json={}).json()["secret"]
    hook, reader = Hook(project, secret, stack.base_url), with_key(key["publicKey"], key["secretKey"])
    hook.takes("push", fixture("push"))
    hook.takes("pull_request", fixture("pull_request_opened"))
    wait_until(lambda: read(reader, "/api/public/commits")["data"] and read(reader, "/api/public/pull-requests")["data"])
    other = new_project(owner_page)
    stranger = new_key(other)
    stranger = with_key(stranger["publicKey"], stranger["secretKey"])

    assert read(stranger, "/api/public/commits")["data"] == [] and read(stranger, "/api/public/pull-requests")["data"] == []
    refused(stranger.get("/api/public/commits/6113728f27ae82c7b1a177c8d03f9e96e0adf246"), 404, "LangfuseNotFoundError")
    assert owner_page.call("DELETE", f"/api/public/projects/{project}", headers={"X-AgentTrace-Client": "tests"}).status_code == 202
    wait_until(lambda: all(clickhouse.value(f"SELECT count() FROM {table} WHERE project_id = {{p:String}}", p=project) == 0 for table in ("commits", "pull_requests")), within=60)
    refused(hook.post("push", fixture("push")), 401, "UnauthorizedError")
