"""Every operation of the contract: who may call it, and how it refuses."""

import base64
import json

import httpx
import pytest
from harness.stack import ROOT

OPERATIONS = [
    (method.upper(), path.replace("{", "").replace("}", ""))
    for path, methods in json.loads((ROOT / "shared/api/openapi.json").read_text())["paths"].items()
    for method in methods
]
OPEN = {"/api/public/health", "/api/public/ready", "/api/auth/sign-in", "/api/auth/sign-out", "/api/auth/refresh"}


@pytest.fixture(scope="module")
def anyone(stack):
    return httpx.Client(base_url=stack.base_url, timeout=30, trust_env=False)


def refusal(answer, status, name):
    assert answer.status_code == status, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:300]}"
    body = answer.json()
    assert (body["error"], set(body) - {"requestId"}) == (name, {"message", "error"})
    assert body["message"]


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
def test_nobody_gets_in_without_a_key(anyone, method, path):
    if path in OPEN:
        return
    refusal(anyone.request(method, path), 401, "UnauthorizedError")
    wrong = base64.b64encode(b"pk-at-nobody:sk-at-nothing").decode()
    refusal(anyone.request(method, path, headers={"Authorization": f"Basic {wrong}"}), 401, "UnauthorizedError")


@pytest.mark.parametrize("path", sorted({path for _, path in OPERATIONS}))
def test_other_methods_are_refused_in_the_envelope(api, path):
    used = {method for method, known in OPERATIONS if known == path}
    for method in {"PUT"} - used:
        answer = api.http.request(method, path)
        assert answer.status_code in (404, 405), f"{method} {path}: {answer.status_code}"
        assert answer.json()["message"]


def test_an_address_that_nobody_knows(api):
    answer = api.get("/api/public/nothing-here")

    assert answer.status_code == 404
    assert answer.json()["message"]


def test_health_and_readiness_need_no_key(anyone):
    for path in ("/api/public/health", "/api/public/ready"):
        answer = anyone.get(path)
        assert answer.status_code == 200
        assert answer.json()["status"] == "OK" and answer.json()["version"]


def test_a_key_sees_exactly_its_own_project(api, other, tenant):
    for caller in (api, other, tenant):
        (project,) = caller.read("/api/public/projects")["data"]
        assert project["id"] == caller.project_id and project["name"] and project["organization"]["id"]


def test_a_secret_key_may_be_sent_alone(api):
    alone = httpx.Client(base_url=api.base_url, headers={"Authorization": f"Bearer {api.key.secret_key}"}, trust_env=False)

    assert alone.get("/api/public/projects").json()["data"][0]["id"] == api.project_id
