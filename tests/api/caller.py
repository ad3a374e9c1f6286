"""Callers of the accounts and projects API: anyone, a key, or the owner in a browser. They differ in what they send, and so are made one by one."""

import functools
import uuid

import httpx

from harness import stack as stack_module


@functools.cache
def stack() -> stack_module.Stack:
    return stack_module.load()


class Caller:
    """One client with its own cookies and headers."""

    def __init__(self, headers: dict | None = None, auth: tuple[str, str] | None = None):
        self.http = httpx.Client(base_url=stack().base_url, timeout=30, headers=headers, auth=auth, trust_env=False)

    def call(self, method: str, path: str, **options) -> httpx.Response:
        return self.http.request(method, path, **options)

    def get(self, path: str, **options) -> httpx.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, **options) -> httpx.Response:
        return self.call("POST", path, **options)

    def delete(self, path: str, **options) -> httpx.Response:
        return self.call("DELETE", path, **options)

    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value for cookie in self.http.cookies.jar}

    def cookie(self, kind: str) -> str | None:
        """The value of the `access` or the `refresh` cookie, over TLS or not."""
        name = {"access": "agenttrace", "refresh": "agenttrace-refresh"}[kind]
        return next((value for found, value in self.cookies().items() if found.removeprefix("__Host-") == name), None)


def anyone() -> Caller:
    return Caller()


def with_key(public_key: str | None = None, secret_key: str | None = None) -> Caller:
    return Caller(auth=(public_key or stack().public_key, secret_key or stack().secret_key))


def bearer(token: str) -> Caller:
    return Caller({"Authorization": f"Bearer {token}"})


def with_cookies(cookies: dict[str, str]) -> Caller:
    """A page of ours with these cookies, which are never replaced."""
    return Caller({"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Sec-Fetch-Site": "same-origin"})


def sign_in(email: str, password: str) -> httpx.Response:
    return Caller({"Sec-Fetch-Site": "same-origin"}).post("/api/auth/sign-in", json={"email": email, "password": password})


def signed_in(project: str | None = None) -> Caller:
    """The owner in a browser, in a project."""
    caller = Caller({"Sec-Fetch-Site": "same-origin"})
    answer = caller.post("/api/auth/sign-in", json={"email": stack().email, "password": stack().password})
    assert answer.status_code == 200, answer.text
    if project:
        caller.http.headers["X-AgentTrace-Project-Id"] = project
    return caller


def organization_of(owner: Caller) -> str:
    return owner.get("/api/auth/me").json()["organizations"][0]["id"]


def new_project(owner: Caller, name: str | None = None) -> str:
    body = {"name": name or f"tenant {uuid.uuid4().hex[:8]}", "organizationId": organization_of(owner)}
    answer = owner.post("/api/public/projects", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def new_key(project: str, **body) -> dict:
    answer = signed_in(project).post(f"/api/public/projects/{project}/apiKeys", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(answer: httpx.Response, status: int, name: str) -> dict:
    """The answer is this error, in the one envelope."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:300]}"
    assert answer.headers["content-type"].startswith("application/json")
    body = answer.json()
    assert body["error"] == name and body["message"], body
    return body
