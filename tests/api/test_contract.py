"""Every operation of the contract, by what the OpenAPI document declares: who may call it, and how it refuses."""

import base64
import json
import re

import httpx
import pytest

from api.caller import Caller
from harness.stack import ROOT

DOCUMENT = json.loads((ROOT / "shared/api/openapi.json").read_text())
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
DECLARED = [(method.upper(), path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()]
BY_NAME = {f"{method} {path}": (method, path, operation) for method, path, operation in DECLARED}
CLOSED = [name for name, (_, _, operation) in BY_NAME.items() if operation["security"]]
OPEN = {"accept_invitation", "look_up_invitation", "refresh_session", "sign_in", "sign_out", "get_health", "get_ready", "receive_github_webhook"}
# What takes no body, or only one that is signed.
BODILESS = {"refresh_session", "sign_out", "sign_out_everywhere", "receive_github_webhook"}
# What a query needs beside the parameter under test.
NEEDED = {
    "fromStartTime": "2026-01-01T00:00:00Z", "fromTimestamp": "2026-01-01T00:00:00Z", "toTimestamp": "2026-01-02T00:00:00Z", "column": "name", "datasetName": "d",
    "datasetId": "d", "runName": "r", "traceId": "t", "groupBy": "agent", "query": '{"view":"observations","metrics":[{"measure":"count","aggregation":"count"}],"fromTimestamp":"2026-01-01T00:00:00Z","toTimestamp":"2026-01-02T00:00:00Z"}',
}


def matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) is not None


def filled(path: str) -> str:
    """With a name in place of each parameter, which nothing has."""
    return re.sub(r"\{([^}]+)\}", lambda found: "0123abc" if found.group(1) == "sha" else f"absent-{found.group(1)}", path)


def parameters(operation: dict, place: str = "query") -> dict[str, dict]:
    return {parameter["name"]: parameter for parameter in operation.get("parameters", []) if parameter["in"] == place}


def needed(operation: dict) -> dict[str, str]:
    return {name: NEEDED.get(name, "x") for name, parameter in parameters(operation).items() if parameter["required"]}


@pytest.fixture(scope="module")
def anyone(stack):
    return httpx.Client(base_url=stack.base_url, timeout=30, trust_env=False)


def caller_of(callers: dict[str, Caller], operation: dict) -> Caller:
    kinds = [kind for needs in operation["security"] for kind in needs]
    return next((callers[kind] for kind in ("basic", "organization", "session") if kind in kinds), callers["session"])


def refusal(answer, status, name):
    assert answer.status_code == status, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:300]}"
    body = answer.json()
    assert body["error"] == name and body["message"] and set(body) - {"requestId"} <= {"message", "error", "code", "details"}, body


# Who may call


@pytest.mark.parametrize("name", CLOSED)
def test_nobody_gets_in_without_a_key(anyone, name):
    method, path, _ = BY_NAME[name]
    refusal(anyone.request(method, filled(path)), 401, "UnauthorizedError")
    wrong = base64.b64encode(b"pk-at-nobody:sk-at-nothing").decode()
    refusal(anyone.request(method, filled(path), headers={"Authorization": f"Basic {wrong}"}), 401, "UnauthorizedError")


@pytest.mark.parametrize("name", [name for name in CLOSED if "basic" not in str(BY_NAME[name][2]["security"])])
def test_a_projects_key_manages_nothing(callers, name):
    method, path, _ = BY_NAME[name]
    refusal(callers["basic"].call(method, filled(path), json={}), 403, "ForbiddenError")


@pytest.mark.parametrize("name", [name for name in CLOSED if "basic" in str(BY_NAME[name][2]["security"])])
def test_an_organizations_key_sees_nothing_of_a_project(callers, name):
    method, path, _ = BY_NAME[name]
    refusal(callers["organization"].call(method, filled(path), json={}), 403, "ForbiddenError")


SCORING = {"create_score", "ingest_batch"}


@pytest.mark.parametrize("name", [name for name in CLOSED if BY_NAME[name][2]["operationId"] not in SCORING])
def test_a_public_key_alone_does_nothing_but_score(anyone, stack, name):
    method, path, _ = BY_NAME[name]
    refusal(anyone.request(method, filled(path), headers={"Authorization": f"Bearer {stack.public_key}"}), 403, "ForbiddenError")


def test_every_operation_is_closed_or_known_to_be_open():
    assert {operation["operationId"] for _, _, operation in DECLARED if not operation["security"]} == OPEN
    assert {kind for _, _, operation in DECLARED for needs in operation["security"] for kind in needs} == {"basic", "bearer", "organization", "session"}


# Addresses and methods


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_a_known_address_says_which_methods_it_takes(api, path):
    path = filled(path)
    taken = [method for method in METHODS if any(matches(template, path) and method.lower() in DOCUMENT["paths"][template] for template in DOCUMENT["paths"])]
    for method in set(METHODS) - set(taken):
        answer = api.http.request(method, path)
        # What follows a prompt's name may be more of it: names hold slashes, and clients send them as they are.
        if path.startswith("/api/public/v2/prompts/absent-promptName/") and answer.status_code == 404:
            continue
        refusal(answer, 405, "MethodNotAllowedError")
        assert answer.headers["allow"] == ", ".join(taken), f"{method} {path}"


@pytest.mark.parametrize("path", ["/api/public/nothing-here", "/api/public", "/api/public/", "/api/nothing", "/v1/nothing", "/api/public/projects/a/b/c/d", "/api/public/%2e%2e/x", "/api/public/traces%00", "/api/admin/organizations"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_nobody_knows_is_not_found(api, method, path):
    refusal(api.http.request(method, path), 404, "LangfuseNotFoundError")


def test_pages_of_other_origins_may_use_the_public_api_with_a_key(anyone, api):
    asked = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type,x-langfuse-sdk-name"}
    answer = anyone.options("/api/public/scores", headers=asked)
    assert answer.status_code in (200, 204) and answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers
    for path, status in [("/api/public/projects", 200), ("/api/public/traces/absent", 404)]:
        answer = api.http.get(path, headers={"Origin": "https://app.example.com"})
        assert answer.status_code == status and answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in anyone.get("/api/auth/me", headers={"Origin": "https://app.example.com"}).headers


# What is malformed


PAGED = [(name, parameter) for name, (_, _, operation) in BY_NAME.items() for parameter in ("page", "limit") if parameter in parameters(operation)]


@pytest.mark.parametrize(("name", "parameter"), PAGED, ids=[f"{name} {parameter}" for name, parameter in PAGED])
def test_pages_out_of_range_are_refused_and_an_empty_text_counts_as_absent(callers, name, parameter):
    method, path, operation = BY_NAME[name]
    caller, query = caller_of(callers, operation), needed(operation)
    plain = caller.call(method, filled(path), params=query)
    assert plain.status_code in (200, 404), plain.text
    assert caller.call(method, filled(path), params=query | {parameter: ""}).status_code == plain.status_code
    for value in ["0", "-1", "1.5", "x", "99999999999999999999", "0x10", "1e2", "NaN", " "]:
        answer = caller.call(method, filled(path), params=query | {parameter: value})
        if value == " ":
            assert answer.status_code in (400, plain.status_code)
        elif plain.status_code == 404:
            assert answer.status_code in (400, 404), f"{parameter}={value}: {answer.status_code} {answer.text[:200]}"
        else:
            refusal_of(answer)


NUMBERED = [name for name, (_, _, operation) in BY_NAME.items() if {"page", "limit"} <= set(parameters(operation))]
DEFAULTS = {"list_prompts": 10, "list_prompts_v2": 10}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_numbered_page_has_100_rows_at_most_and_is_not_clamped(callers, name):
    method, path, operation = BY_NAME[name]
    caller, query = caller_of(callers, operation), needed(operation)
    plain = caller.call(method, filled(path), params=query)
    if plain.status_code == 200:
        meta = plain.json()["meta"]
        assert (meta["page"], meta["limit"]) == (1, DEFAULTS.get(operation["operationId"], 50))
    assert caller.call(method, filled(path), params=query | {"limit": 100}).status_code == plain.status_code
    answer = caller.call(method, filled(path), params=query | {"limit": 101})
    if plain.status_code == 404:
        assert answer.status_code in (400, 404)
    else:
        refusal_of(answer)


@pytest.mark.parametrize(("path", "most"), [("/api/public/v2/observations", 1_000), ("/api/public/v3/scores", 100), ("/api/public/experiments", 100), ("/api/public/experiment-items", 100)])
def test_a_page_by_cursor_has_so_many_rows_at_most(callers, path, most):
    caller, query = callers["basic"], needed(BY_NAME[f"GET {path}"][2])

    assert caller.get(path, params=query | {"limit": most}).status_code == 200
    refusal_of(caller.get(path, params=query | {"limit": most + 1}))


REQUIRED = [(name, parameter) for name, (_, _, operation) in BY_NAME.items() for parameter in needed(operation)]


@pytest.mark.parametrize(("name", "parameter"), REQUIRED, ids=[f"{name} {parameter}" for name, parameter in REQUIRED])
def test_a_needed_parameter_that_is_absent_or_empty_is_refused(callers, name, parameter):
    method, path, operation = BY_NAME[name]
    query = needed(operation)
    del query[parameter]
    for asked in (query, query | {parameter: ""}):
        refusal(caller_of(callers, operation).call(method, filled(path), params=asked), 400, "InvalidRequestError")


def refusal_of(answer):
    assert answer.status_code == 400, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:300]}"
    body = answer.json()
    assert body["message"] and body["error"], body


TIMES = [(name, parameter) for name, (_, _, operation) in BY_NAME.items() for parameter in parameters(operation) if re.search(r"(Timestamp|StartTime|UpdatedAt|CreatedAt)$", parameter)]


@pytest.mark.parametrize(("name", "parameter"), TIMES, ids=[f"{name} {parameter}" for name, parameter in TIMES])
def test_what_is_no_time_is_refused(callers, name, parameter):
    method, path, operation = BY_NAME[name]
    caller, query = caller_of(callers, operation), needed(operation)
    for value in ["yesterday", "2026-13-01T00:00:00Z", "2026-01-01", "1", "2026-02-30T00:00:00Z"]:
        answer = caller.call(method, filled(path), params=query | {parameter: value})
        if value in ("2026-01-01", "1"):  # a day, or a moment in milliseconds, may be meant
            assert answer.status_code < 500
        elif answer.status_code != 404:
            refusal_of(answer)


BODIES = {
    "nothing": b"", "half an object": b"{", "null": b"null", "a list": b"[]", "a text": b'"x"', "a number": b"1", "not UTF-8": b'{"name":"\xff\xfe"}',
    "a hundred thousand brackets": b"[" * 100_000, "another type in every field": None, "NaN": b'{"name":NaN}',
}
# What is parsed leniently has no schema in the document, and refuses what is malformed all the same.
WITH_BODY = [name for name, (method, path, operation) in BY_NAME.items() if "requestBody" in operation or method in ("POST", "PUT", "PATCH") and operation["operationId"] not in BODILESS]


def wrong_types(operation: dict) -> bytes:
    if "requestBody" not in operation:
        return json.dumps({name: [{"no": ["such", {"thing": 1}]}] for name in ("id", "traceId", "name", "timestamp", "startTime", "resourceSpans", "resourceLogs", "resourceMetrics")}).encode()
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return json.dumps({name: [{"no": ["such", {"thing": 1}]}] for name in schema.get("properties", {})} or [1]).encode()


@pytest.mark.parametrize("name", WITH_BODY)
def test_malformed_bodies_are_refused_and_never_an_error_of_ours(callers, name):
    method, path, operation = BY_NAME[name]
    caller = caller_of(callers, operation)
    headers = {"Content-Type": "application/json", "X-AgentTrace-Client": "tests"}
    for form, body in BODIES.items():
        body = wrong_types(operation) if body is None else body
        answer = caller.call(method, filled(path), content=body, headers=headers)
        assert answer.status_code < 500, f"{form}: {answer.status_code} {answer.text[:300]}"
        if form in ("half an object", "a hundred thousand brackets", "NaN", "a text", "a number"):
            # Some operations are for people alone, which is told first.
            assert answer.status_code in (400, 403, 404), f"{form}: {answer.status_code} {answer.text[:300]}"


HOSTILE = ["%00", "..%2F..%2Fx", "%2F", "x" * 5_000, "%F0%9F%98%80", "'%20OR%201=1", "%25%32%66", "{}", "%C3%28", "%0d%0aset-cookie:%20x=1"]
NAMED = [name for name, (method, path, _) in BY_NAME.items() if "{" in path]


@pytest.mark.parametrize("name", NAMED)
def test_names_that_mean_harm_are_absent(callers, name):
    method, path, operation = BY_NAME[name]
    caller = caller_of(callers, operation)
    for text in HOSTILE:
        answer = caller.call(method, re.sub(r"\{[^}]+\}", lambda _: text, path), json={} if "requestBody" in operation else None, params=needed(operation))
        assert answer.status_code < 500 and "set-cookie" not in answer.headers, f"{text[:30]}: {answer.status_code} {answer.text[:300]}"


# A few that are open


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


def test_every_operation_is_declared_once():
    ids = [operation["operationId"] for _, _, operation in DECLARED]

    assert len(ids) == len(set(ids))
