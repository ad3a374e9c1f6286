"""Requests that schemathesis makes up from the committed OpenAPI document, sound ones and broken ones: none is an error of ours, and every answer is
one that the document declares. Bounded in time, with a fixed seed; `SCHEMA_EXAMPLES=200 pytest api/test_schema.py` looks longer."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import uuid

import pytest

from api.caller import Caller, new_key, new_project, organization_of, signed_in, stack, with_key
from harness.stack import ROOT

DOCUMENT = json.loads((ROOT / "shared/api/openapi.json").read_text())
OPERATIONS = {operation["operationId"]: operation for methods in DOCUMENT["paths"].values() for operation in methods.values()}
EXAMPLES = os.environ.get("SCHEMA_EXAMPLES", "6")
SECONDS = 300 if EXAMPLES == "6" else 3_000
# These end, change or make what others need. So each part has a caller and objects of its own, and knows no others: the tool takes ids from answers.
APART = [
    ["put_membership", "delete_membership", "put_project_membership", "delete_project_membership", "update_project", "delete_api_key"],
    ["delete_project"], ["create_organization_api_key", "delete_organization_api_key"], ["end_my_session"], ["change_password"], ["sign_out_everywhere"], ["sign_in"],
]
KINDS = ["basic", "organization", "session", "open"]
# Bodies that are parsed leniently and have no schema in the document. What they may hold is tried here all the same.
ANY_TEXT = {"anyOf": [{"type": "string"}, {"type": "null"}]}
STATEMENT = {"type": "object", "properties": {
    **{name: ANY_TEXT for name in ("id", "traceId", "observationId", "sessionId", "parentObservationId", "spanId", "generationId", "name", "userId", "release", "version", "environment", "model", "comment", "configId")},
    **{name: {"type": "string", "format": "date-time"} for name in ("timestamp", "startTime", "endTime", "completionStartTime")},
    "level": {"enum": ["DEBUG", "DEFAULT", "WARNING", "ERROR"]}, "dataType": {"enum": ["NUMERIC", "BOOLEAN", "CATEGORICAL", "TEXT", "CORRECTION"]}, "tags": {"type": "array", "items": {"type": "string"}},
    "value": {"type": ["number", "string"]}, "public": {"type": "boolean"}, "input": {}, "output": {}, "metadata": {}, "usageDetails": {"type": "object", "additionalProperties": {"type": "integer"}},
}}
ATTRIBUTES = {"type": "array", "items": {"type": "object", "properties": {"key": {"type": "string"}, "value": {"type": "object", "properties": {"stringValue": {"type": "string"}, "intValue": {"type": ["string", "integer"]}}}}}}
SPAN = {"type": "object", "properties": {"traceId": {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "spanId": {"type": "string", "pattern": "^[0-9a-f]{16}$"}, "name": {"type": "string"},
                                         "startTimeUnixNano": {"type": ["string", "integer"]}, "attributes": ATTRIBUTES}}
RECORD = {"type": "object", "properties": {"timeUnixNano": {"type": ["string", "integer"]}, "attributes": ATTRIBUTES, "body": {"type": "object", "properties": {"stringValue": {"type": "string"}}}}}
METRIC = {"type": "object", "properties": {"name": {"type": "string"}, "sum": {"type": "object", "properties": {"dataPoints": {"type": "array", "items": RECORD}}}}}


def exported(outer: str, middle: str, inner: str, item: dict) -> dict:
    def holding(name: str, items: dict) -> dict:
        return {"type": "object", "properties": {name: {"type": "array", "items": items}}}

    return holding(outer, holding(middle, holding(inner, item)))


SIGNALS = {"traces": exported("resourceSpans", "scopeSpans", "spans", SPAN), "logs": exported("resourceLogs", "scopeLogs", "logRecords", RECORD),
           "metrics": exported("resourceMetrics", "scopeMetrics", "metrics", METRIC)}
STATEMENTS = ["create_trace", "update_trace", "create_observation", "update_observation", "create_span", "update_span", "create_generation", "update_generation", "create_event", "update_score"]
LENIENT = {name: STATEMENT for name in STATEMENTS} | {"create_score": {"anyOf": [STATEMENT, {"type": "array", "items": STATEMENT}]}}
LENIENT |= {f"export_{signal}{address}": schema for signal, schema in SIGNALS.items() for address in ("", "_langfuse")}


def kind_of(operation: dict) -> str:
    kinds = {kind for needs in operation["security"] for kind in needs}
    return next((kind for kind in KINDS if kind in kinds), "open")


def part(names: set[str]) -> dict:
    """The document with these operations alone."""
    paths = {}
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            if name in names:
                schema = LENIENT.get(name)
                body = {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}} if schema else {}
                paths.setdefault(path, {})[method] = operation | body
    return DOCUMENT | {"paths": paths}


def about(document: dict, names: dict[str, str]) -> dict:
    """The document, where these names, in addresses and in bodies, can only be these things."""
    document = copy.deepcopy(document)
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] in names:
                    parameter["schema"] = {"type": "string", "enum": [names[parameter["name"]]]}
    for schema in document["components"]["schemas"].values():
        for name in set(schema.get("properties", {})) & set(names):
            schema["properties"][name] = {"type": "string", "enum": [names[name]]}
    return document


def cookies_of(caller: Caller) -> str:
    return "; ".join(f"{name}={value}" for name, value in caller.cookies().items())


@pytest.fixture(scope="module")
def credentials(owner):
    """A project that only this uses, a key of the organization, and a browser's session."""
    tenant = owner.new_tenant("schema")
    browser = signed_in(tenant.project_id)
    organization = organization_of(browser)
    made = browser.post("/api/public/organizations/apiKeys", headers={"X-AgentTrace-Organization-Id": organization}).json()
    return {
        "basic": ["--auth", f"{tenant.key.public_key}:{tenant.key.secret_key}"],
        "organization": ["--auth", f"{made['publicKey']}:{made['secretKey']}"],
        "session": ["-H", f"Cookie: {cookies_of(browser)}", "-H", "Sec-Fetch-Site: same-origin", "-H", f"X-AgentTrace-Organization-Id: {organization}"],
        "open": ["-H", "Sec-Fetch-Site: same-origin"],
    }


def run(document: dict, credential: list[str], folder: pathlib.Path) -> None:
    place = folder / "openapi.json"
    place.write_text(json.dumps(document))
    command = [
        str(pathlib.Path(sys.executable).with_name("st")), "run", str(place), "--url", stack().base_url, *credential, "--seed", "1",
        "--phases", "examples,fuzzing", "--max-examples", EXAMPLES, "--workers", "2", "--no-shrink", "--continue-on-failure", "--request-timeout", "20",
        "--suppress-health-check", "all", "--warnings", "off", "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
    ]
    environment = os.environ | {"NO_COLOR": "1", "COLUMNS": "160", "NO_PROXY": "127.0.0.1,localhost"}

    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=folder, env=environment)

    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]
    tried = sum(len(methods) for methods in document["paths"].values())
    assert f"{tried} selected" in done.stdout or f"{tried} tested" in done.stdout, done.stdout[-2_000:]


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_those_that_the_document_declares(credentials, tmp_path, kind):
    apart = {name for names in APART for name in names}
    names = {name for name, operation in OPERATIONS.items() if kind_of(operation) == kind} - apart

    run(part(names), credentials[kind], tmp_path)


@pytest.fixture
def hermit(person, credentials):
    """An owner whom nobody else needs, with a project, a key and sessions of their own; afterwards no owner any more."""
    caller = person("OWNER")
    organization, me = organization_of(caller), caller.get("/api/auth/me").json()["user"]
    in_organization = {"X-AgentTrace-Organization-Id": organization}
    project = new_project(signed_in())
    key = caller.post("/api/public/organizations/apiKeys", headers=in_organization).json()
    elsewhere = Caller({"Sec-Fetch-Site": "same-origin"})
    assert elsewhere.post("/api/auth/sign-in", json={"email": me["email"], "password": "long enough and unheard of"}).status_code == 200
    sessions = caller.get("/api/auth/sessions").json()["sessions"]
    yield {
        "credential": ["-H", f"Cookie: {cookies_of(caller)}", "-H", "Sec-Fetch-Site: same-origin", "-H", f"X-AgentTrace-Organization-Id: {organization}"],
        "names": {"projectId": project, "userId": me["id"], "email": me["email"], "sessionId": next(found["id"] for found in sessions if not found["current"])},
        "apiKeyId": {"delete_api_key": new_key(project)["id"], "delete_organization_api_key": key["id"]},
    }
    organizations = with_key(*credentials["organization"][1].split(":", 1))
    organizations.call("DELETE", "/api/public/organizations/memberships", json={"userId": me["id"]})


@pytest.mark.parametrize("names", APART, ids=lambda names: names[0])
def test_what_others_need_is_tried_on_what_nobody_needs(credentials, hermit, tmp_path, names):
    kind = kind_of(OPERATIONS[names[0]])
    key = {"apiKeyId": id for name, id in hermit["apiKeyId"].items() if name in names}
    # Tries of passwords are counted for an address: here for one from which nobody else comes.
    address = ["-H", f"X-Forwarded-For: 198.51.100.{uuid.uuid4().int % 254 + 1}"]

    run(about(part(set(names)), hermit["names"] | key), (hermit["credential"] if kind == "session" else credentials[kind]) + address, tmp_path)


def test_no_operation_is_left_out():
    together = {name for kind in KINDS for name, operation in OPERATIONS.items() if kind_of(operation) == kind}

    assert together == set(OPERATIONS) and {name for names in APART for name in names} <= together
    assert set(LENIENT) <= together and not {name for name in LENIENT if "requestBody" in OPERATIONS[name]}


def test_the_organizations_key_still_works_afterwards(credentials):
    public_key, _, secret_key = credentials["organization"][1].partition(":")

    assert with_key(public_key, secret_key).get("/api/public/organizations/projects").status_code == 200
