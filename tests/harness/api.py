"""A client of the API with one tenant's keys, and the accounts API that makes tenants."""

import dataclasses
import json

import httpx

from .stack import Stack
from .telemetry import PROTOBUF, encoded, request, unique
from .waiting import READABLE_WITHIN, wait_until

TRACES = "/v1/traces"
TRACES_LANGFUSE = "/api/public/otel/v1/traces"
INGESTION = "/api/public/ingestion"


@dataclasses.dataclass(frozen=True)
class Key:
    project_id: str
    id: str
    public_key: str
    secret_key: str


class Api:
    """Requests in the name of one project."""

    def __init__(self, base_url: str, key: Key, timeout: float = 30):
        self.base_url, self.key, self.project_id = base_url, key, key.project_id
        self.http = httpx.Client(base_url=base_url, auth=(key.public_key, key.secret_key), timeout=timeout, trust_env=False,
                                 limits=httpx.Limits(max_connections=20))

    def get(self, path: str, **params) -> httpx.Response:
        return self.http.get(path, params={name: value for name, value in params.items() if value is not None})

    def read(self, path: str, **params):
        """The JSON of a successful GET."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, f"GET {answer.url}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def send(self, method: str, path: str, body=None, **more) -> httpx.Response:
        return self.http.request(method, path, json=body, **more) if body is not None else self.http.request(method, path, **more)

    def export(self, *spans, format: str = PROTOBUF, gzip: bool = False, path: str = TRACES, resource: dict | None = None,
               headers: dict | None = None, scope: str = "tests") -> httpx.Response:
        """Posts spans, whatever the answer."""
        body, said = encoded(request(*spans, resource=resource, scope=scope), format, gzip)
        return self.http.post(path, content=body, headers=said | (headers or {}))

    def store(self, *spans, **more) -> None:
        """Posts spans, which are taken."""
        answer = self.export(*spans, **more)
        assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"

    def batch(self, *events: dict, headers: dict | None = None) -> httpx.Response:
        return self.http.post(INGESTION, json={"batch": list(events)}, headers=headers)

    def store_batch(self, *events: dict) -> None:
        """Posts events of the batch API, which are all taken."""
        answer = self.batch(*events)
        assert answer.status_code == 207 and not answer.json()["errors"], f"{answer.status_code} {answer.text[:500]}"

    def trace(self, trace_id: str, steps: int | None = None, within: float = READABLE_WITHIN) -> dict:
        """A whole trace once it is readable, with `steps` observations if that is said."""

        def found():
            answer = self.get(f"/api/public/traces/{trace_id}")
            assert answer.status_code in (200, 404), f"{answer.status_code} {answer.text[:500]}"
            if answer.status_code == 404:
                return None
            trace = answer.json()
            assert steps is None or len(trace["observations"]) >= steps, f"{len(trace['observations'])} of {steps} steps"
            return trace

        return wait_until(found, within)

    def has_trace(self, trace_id: str) -> bool:
        return self.get(f"/api/public/traces/{trace_id}").status_code == 200

    def score(self, score_id: str) -> dict:
        def found():
            answer = self.get(f"/api/public/v2/scores/{score_id}")
            return answer.json() if answer.status_code == 200 else None

        return wait_until(found)

    def rows(self, **params) -> list[dict]:
        """Rows of the trace list."""
        return self.read("/api/public/v2/traces", **params)["data"]


def event(kind: str, body: dict, at: str | None = None, id: str | None = None) -> dict:
    """An event of the batch API."""
    return {"id": id or unique("event"), "type": kind, "timestamp": at or "2026-01-31T10:00:00.000Z", "body": body}


def conditions(*filters: dict) -> str:
    """The `filter` parameter."""
    return json.dumps(list(filters))


class Owner:
    """A signed-in browser."""

    def __init__(self, stack: Stack):
        self.stack = stack
        self.http = httpx.Client(base_url=stack.base_url, timeout=30, trust_env=False, headers={"X-AgentTrace-Client": "tests"})
        self.sign_in()

    def sign_in(self) -> None:
        answer = self.http.post("/api/auth/sign-in", json={"email": self.stack.email, "password": self.stack.password})
        assert answer.status_code == 200, f"sign-in: {answer.status_code} {answer.text[:500]}"
        self.me = answer.json()

    def request(self, method: str, path: str, project_id: str, body=None) -> httpx.Response:
        def ask() -> httpx.Response:
            return self.http.request(method, path, json=body, headers={"X-AgentTrace-Project-Id": project_id})

        answer = ask()
        if answer.status_code == 401:
            # The access token lives for a quarter of an hour; the suites take longer.
            self.sign_in()
            answer = ask()
        return answer

    def new_project(self, name: str) -> str:
        body = {"name": name, "organizationId": self.me["organizations"][0]["id"]}
        answer = self.request("POST", "/api/public/projects", self.stack.project_id, body)
        assert answer.status_code == 201, f"create project: {answer.status_code} {answer.text[:500]}"
        return answer.json()["id"]

    def new_key(self, project_id: str, note: str = "tests") -> Key:
        answer = self.request("POST", f"/api/public/projects/{project_id}/apiKeys", project_id, {"note": note})
        assert answer.status_code == 201, f"create key: {answer.status_code} {answer.text[:500]}"
        made = answer.json()
        return Key(project_id, made["id"], made["publicKey"], made["secretKey"])

    def revoke(self, key: Key) -> None:
        answer = self.request("DELETE", f"/api/public/projects/{key.project_id}/apiKeys/{key.id}", key.project_id)
        assert answer.status_code == 200, f"revoke key: {answer.status_code} {answer.text[:500]}"

    def new_tenant(self, name: str) -> Api:
        """A project of its own, as a client with a key to it."""
        return Api(self.stack.base_url, self.new_key(self.new_project(unique(name))))
