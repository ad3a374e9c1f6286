"""B24 to B26: credentials that are none, projects that are another's, and forged sessions."""

import base64
import hashlib
import hmac
import json
import time

import httpx
import pytest
from harness.api import event
from harness.telemetry import encoded, request, span, trace_id, unique

from bad_input.checks import alive, clear


@pytest.fixture(scope="module", autouse=True)
def still_alive(tenant, other):
    yield
    alive(tenant, other)


def basic(text) -> str:
    return "Basic " + base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def test_b24_credentials_that_are_none(tenant, other):
    key, stranger = tenant.key, other.key
    anyone = httpx.Client(base_url=tenant.base_url, trust_env=False)
    for header in [
        None, "", "Basic", "Bearer", "Basic %%%", basic("no-colon"), basic(":"), basic(f"{key.public_key}:"), basic(f":{key.secret_key}"), basic(b"\xff\xfe:\xff"),
        basic(f"{key.public_key}:{stranger.secret_key}"), basic(f"{stranger.public_key}:{key.secret_key}"), basic(f"{key.secret_key}:{key.public_key}"), basic(f"{key.public_key}:{key.secret_key}x"),
        basic(f"{key.public_key}:{key.secret_key[:-1]}"), basic(f"{key.public_key.upper()}:{key.secret_key}"), f"Bearer {key.secret_key}x", f"Bearer {key.public_key}:{key.secret_key}",
        f"Digest {key.secret_key}", key.secret_key, basic("' OR 1=1 --:' OR 1=1 --"), basic("x" * 60_000), f"Basic {key.public_key}:{key.secret_key}",
    ]:
        for method, path in (("GET", "/api/public/traces"), ("POST", "/v1/traces")):
            answer = anyone.request(method, path, headers={} if header is None else {"Authorization": header})
            # A header above what gateways carry is refused by them.
            assert answer.status_code in ((401,) if header is None or len(header) < 8_000 else (400, 401, 413, 431)), (str(header)[:60], answer.status_code, answer.text[:200])


def test_b24_a_header_of_100_kb(tenant):
    try:
        answer = tenant.http.get("/api/public/traces", headers={"x-long": "x" * 100_000})
    except httpx.TransportError:
        return  # hanging up is an answer too
    assert answer.status_code in (200, 400, 413, 431)


def test_b25_a_project_that_a_caller_names_beside_its_key_counts_for_nothing(tenant, other):
    trace, theirs = trace_id(), other.project_id
    body, headers = encoded(request(span(trace, attributes={"project.id": theirs, "langfuse.project.id": theirs, "projectId": theirs}), resource={"project_id": theirs}))

    answer = tenant.http.post(f"/v1/traces?projectId={theirs}", content=body, headers=headers | {"x-langfuse-project-id": theirs})
    clear(answer, 200)
    tenant.store_batch(event("trace-create", {"id": trace, "projectId": theirs}), event("score-create", {"id": f"{trace}-s", "traceId": trace, "name": "s", "value": 1, "projectId": theirs}))

    assert tenant.trace(trace)["projectId"] == tenant.project_id
    assert tenant.score(f"{trace}-s")["projectId"] == tenant.project_id
    assert not other.has_trace(trace)
    for params in ({"projectId": theirs}, {"project_id": theirs}):
        assert all(row["projectId"] == tenant.project_id for row in tenant.read("/api/public/traces", **params)["data"])
    clear(tenant.http.get("/api/public/traces", headers={"X-AgentTrace-Project-Id": theirs}), 403)
    clear(tenant.get(f"/api/public/projects/{theirs}/apiKeys"), 403, 404)


def part(value) -> str:
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()


def token(header: dict, claims: dict, key: bytes | None) -> str:
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{part(hmac.new(key, signed.encode(), hashlib.sha256).digest()) if key is not None else ''}"


def test_b26_forged_sessions(owner):
    mine = next(cookie for cookie in owner.http.cookies.jar if cookie.name.removeprefix("__Host-") == "agenttrace")
    head, claims, signature = mine.value.split(".")
    header, said = (json.loads(base64.urlsafe_b64decode(text + "==")) for text in (head, claims))
    now = int(time.time())
    forged = {
        "nothing": "", "dots": "..", "no signature": f"{head}.{claims}.", "other claims": f"{head}.{part(said | {'uid': 'root'})}.{signature}",
        "alg none": token({"alg": "none", "typ": "JWT"}, said, None), "alg None": token({"alg": "None"}, said, None), "alg none, signed": f"{part({'alg': 'none'})}.{claims}.{signature}",
        "RS256 with an empty key": token({"alg": "RS256"}, said, b""), "HS512": token({"alg": "HS512"}, said, b"secret"), "empty key": token(header, said, b""), "usual secret": token(header, said, b"secret"),
        "kid with a path": token(header | {"kid": "../../../../dev/null"}, said, b""), "kid with SQL": token(header | {"kid": "x' UNION SELECT 'secret"}, said, b"secret"),
        "key in the header": token(header | {"jwk": {"kty": "oct", "k": part(b"secret")}}, said, b"secret"), "expired": token(header, said | {"exp": now - 10}, b"secret"),
        "other audience": token(header, said | {"aud": "elsewhere"}, b"secret"), "100 KB": "x" * 6_000, "cut": mine.value[:-1], "twice": mine.value + mine.value,
    }
    for name, value in forged.items():
        answer = httpx.get(f"{owner.stack.base_url}/api/auth/me", headers={"cookie": f"{mine.name}={value}", "sec-fetch-site": "same-origin"}, trust_env=False)
        assert answer.status_code in (401, 431), (name, answer.status_code, answer.text[:200])
    true = httpx.get(f"{owner.stack.base_url}/api/auth/me", headers={"cookie": f"{mine.name}={mine.value}", "sec-fetch-site": "same-origin"}, trust_env=False)
    assert true.status_code == 200


def test_sessions_name_their_project_and_reach_no_other(owner, stack):
    answer = owner.http.get("/api/public/traces")
    clear(answer, 400)
    clear(owner.http.get("/api/public/traces", headers={"X-AgentTrace-Project-Id": unique("nobodys")}), 404)
    assert owner.request("GET", "/api/public/traces", stack.project_id).status_code == 200
