"""Signing in and out: /api/auth/*."""

import base64
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.caller import Caller, anyone, bearer, new_project, refused, sign_in, signed_in, stack, with_cookies, with_key


def renewed_by(cookies):
    """A refresh with these cookies and no others."""
    return with_cookies(cookies).post("/api/auth/refresh")


# Signing in


def test_sign_in_answers_me_and_sets_two_cookies_for_this_host_alone():
    answer = sign_in(f"  {stack().email.upper()} ", stack().password)

    me = answer.json()
    assert answer.status_code == 200 and me["user"]["email"] == stack().email
    organization = me["organizations"][0]
    assert organization["role"] == "OWNER"
    assert {"id", "name", "role"} == set(organization["projects"][0])
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        name, attributes = cookie.split("=", 1)[0], {a.strip() for a in cookie.split(";")[1:]}
        assert {"Path=/", "HttpOnly", "SameSite=Strict"} <= attributes and not any(a.startswith("Domain") for a in attributes), cookie
        assert name.startswith("__Host-") == ("Secure" in attributes) == stack().base_url.startswith("https"), cookie
        assert cookie.split("=", 1)[1].split(";")[0] not in answer.text


def test_a_wrong_password_and_an_unknown_address_are_answered_alike():
    unknown = f"{uuid.uuid4().hex}@example.com"

    def timed(email):
        began = time.monotonic()
        answer = sign_in(email, "a wrong password")
        return time.monotonic() - began, answer

    # In turns, so that whatever else the machine does meets both.
    known, absent = zip(*((timed(stack().email), timed(unknown)) for _ in range(6)))

    assert {a.text for _, a in known} == {a.text for _, a in absent}
    for _, answer in known + absent:
        refused(answer, 401, "UnauthorizedError")
        assert "set-cookie" not in answer.headers
    fastest_known, fastest_absent = min(t for t, _ in known), min(t for t, _ in absent)
    assert 0.4 < fastest_known / fastest_absent < 2.5, (fastest_known, fastest_absent)


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "{}", '{"email":"a@b.c"}', '{"email":1,"password":2}', '{"email":null,"password":null}', '{"email":["a"],"password":{}}', "\xff\xfe"],
)
def test_a_malformed_sign_in_is_refused(body):
    answer = anyone().post("/api/auth/sign-in", content=body.encode("latin-1"), headers={"Content-Type": "application/json"})

    refused(answer, 400, "InvalidRequestError")


@pytest.mark.parametrize("email", ["", "@", "no address", "a\0b@example.com", "x" * 5_000 + "@example.com", "' OR 1=1 --@example.com", "EMAIL#owner"])
def test_what_is_no_address_signs_nobody_in(email):
    assert sign_in(email, "x" * 100_000).status_code in (401, 429)


def test_many_failures_are_throttled_even_when_made_at_once():
    email = f"{uuid.uuid4().hex}@example.com"

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: sign_in(email, "a wrong password"), range(24)))

    assert sum(a.status_code == 401 for a in answers) <= 10
    denied = [a for a in answers if a.status_code == 429]
    assert len(denied) >= 14
    assert 0 < int(denied[0].headers["retry-after"]) <= 900
    refused(denied[0], 429, "RateLimitError")
    assert sign_in(stack().email, stack().password).status_code == 200, "another account is not touched by it"


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"}, {"Sec-Fetch-Site": "same-site"}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "text/plain"}],
)
def test_other_sites_can_not_sign_anyone_in(headers):
    answer = anyone().post("/api/auth/sign-in", content=json.dumps({"email": stack().email, "password": stack().password}), headers=headers)

    refused(answer, 403, "ForbiddenError")


# The session


def test_me_needs_a_session():
    body = refused(anyone().get("/api/auth/me"), 401, "UnauthorizedError")
    assert "Sign in" in body["message"]
    refused(with_key().get("/api/auth/me"), 403, "ForbiddenError")
    refused(bearer("sk-at-unknown").get("/api/auth/me"), 401, "UnauthorizedError")


def forged_tokens():
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    now = int(time.time())
    claims = {"iss": "agenttrace", "aud": "agenttrace-dashboard", "uid": "u", "sid": "s", "iat": now, "exp": now + 900}
    for algorithm in ["none", "None", "nOnE", "HS256", "HS384", "RS256", "ES256", "EdDSA", ""]:
        yield f"{part({'typ': 'JWT', 'alg': algorithm})}.{part(claims)}."
    for extra in [{"kid": "../../../dev/null"}, {"kid": "' OR 1=1"}, {"jku": "http://127.0.0.1:1/"}, {"jwk": {"kty": "oct", "k": "AA"}}]:
        yield f"{part({'typ': 'JWT', 'alg': 'HS256', **extra})}.{part(claims)}.AAAA"
    yield from ["x", "..", "a.b.c", "A" * 4_000, "%00", "null"]


@pytest.mark.parametrize("token", list(forged_tokens()))
def test_forged_sessions_are_refused(token):
    for name in ["agenttrace", "__Host-agenttrace"]:
        refused(with_cookies({name: token}).get("/api/auth/me"), 401, "UnauthorizedError")


def test_a_session_with_a_changed_payload_is_refused():
    owner = signed_in()
    header, payload, signature = owner.cookie("access").split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["uid"] = "00000000-0000-0000-0000-000000000000"
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()

    for forged in [f"{header}.{changed}.{signature}", f"{header}.{payload}.", f"{header}.{payload}.{signature[:-4]}AAAA", f"{header}.{payload}"]:
        cookies = {n: (forged if v == owner.cookie("access") else v) for n, v in owner.cookies().items()}
        refused(with_cookies(cookies).get("/api/auth/me"), 401, "UnauthorizedError")


def test_project_operations_need_the_project_header():
    owner = signed_in()

    refused(owner.get("/api/public/projects"), 400, "InvalidRequestError")
    listed = owner.get("/api/public/projects", headers={"X-AgentTrace-Project-Id": stack().project_id})
    assert [p["id"] for p in listed.json()["data"]] == [stack().project_id]


@pytest.mark.parametrize("project", ["unknown", "00000000-0000-0000-0000-000000000000", "PROJECT#x", "a b", "x" * 3_000, "'", "*"])
def test_projects_of_others_and_absent_ones_are_not_found(project):
    answer = signed_in().get("/api/public/projects", headers={"X-AgentTrace-Project-Id": project})

    assert refused(answer, 404, "LangfuseNotFoundError")["message"] == "Project not found"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_other_sites_can_not_use_the_session(headers):
    owner = signed_in(stack().project_id)

    for method, path in [("GET", "/api/auth/me"), ("POST", "/api/auth/sign-out-everywhere"), ("POST", "/api/auth/refresh"), ("POST", "/api/auth/sign-out"), ("GET", "/api/public/projects")]:
        refused(owner.call(method, path, headers=headers), 403, "ForbiddenError")
    assert owner.get("/api/auth/me").status_code == 200


# Renewal


def test_a_renewal_replaces_both_tokens():
    owner = signed_in()
    before = owner.cookies()

    answer = owner.post("/api/auth/refresh")

    assert answer.status_code == 204 and not answer.content
    after = owner.cookies()
    assert before.keys() == after.keys()
    assert owner.cookie("refresh") not in before.values()
    assert owner.get("/api/auth/me").status_code == 200


def test_parallel_renewals_get_the_same_token():
    cookies = signed_in().cookies()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: renewed_by(cookies), range(8)))

    assert {a.status_code for a in answers} == {204}
    assert len({next(v for n, v in a.cookies.items() if n.endswith("refresh")) for a in answers}) == 1


def test_a_token_replaced_twice_ends_the_session():
    owner = signed_in()
    first = owner.cookies()
    assert owner.post("/api/auth/refresh").status_code == 204
    assert owner.post("/api/auth/refresh").status_code == 204

    refused(renewed_by(first), 401, "UnauthorizedError")

    refused(owner.post("/api/auth/refresh"), 401, "UnauthorizedError")


def test_a_forged_refresh_token_ends_nobody_elses_session():
    owner = signed_in()
    user, session, secret = owner.cookie("refresh").split(".")
    name = next(n for n, v in owner.cookies().items() if v == owner.cookie("refresh"))

    for forged in ["", "x", f"{user}.{session}.", f"{user}.{session}.{'A' * 43}", f"{user}..{secret}", f"x.{session}.{secret}", f"{user}.{session}.{secret}.x", "." * 2_000]:
        refused(renewed_by({name: forged}), 401, "UnauthorizedError")
        assert anyone().post("/api/auth/sign-out", headers={"Cookie": f"{name}={forged}", "X-AgentTrace-Client": "test"}).status_code == 204

    assert owner.post("/api/auth/refresh").status_code == 204


# The end


def test_sign_out_ends_the_session_and_clears_the_cookies():
    owner = signed_in()
    cookies = owner.cookies()

    answer = owner.post("/api/auth/sign-out")

    assert answer.status_code == 204
    assert all("Max-Age=0" in c for c in answer.headers.get_list("set-cookie")) and owner.cookies() == {}
    refused(renewed_by(cookies), 401, "UnauthorizedError")
    assert owner.post("/api/auth/sign-out").status_code == 204, "signing out twice does no harm"


def test_sign_out_everywhere_ends_all_sessions_of_the_user():
    one, two = signed_in(), signed_in()
    cookies = one.cookies()

    assert one.post("/api/auth/sign-out-everywhere").status_code == 204

    refused(renewed_by(cookies), 401, "UnauthorizedError")
    refused(renewed_by(two.cookies()), 401, "UnauthorizedError")
    refused(anyone().post("/api/auth/sign-out-everywhere", headers={"X-AgentTrace-Client": "test"}), 401, "UnauthorizedError")


# The password


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaaa", "password12345", "x" * 129, "agenttrace-2026"])
def test_weak_passwords_are_refused(password):
    answer = signed_in().post("/api/auth/password", json={"currentPassword": stack().password, "newPassword": password})

    assert refused(answer, 400, "InvalidRequestError")["message"].startswith("Choose a password")


def test_a_password_needs_the_current_one():
    answer = signed_in().post("/api/auth/password", json={"currentPassword": "a wrong password", "newPassword": "long enough and unheard of"})

    refused(answer, 400, "InvalidRequestError")
    assert sign_in(stack().email, stack().password).status_code == 200


def test_a_changed_password_ends_the_other_sessions():
    new = f"a new one {uuid.uuid4().hex}"
    owner, other = signed_in(), signed_in()

    assert owner.post("/api/auth/password", json={"currentPassword": stack().password, "newPassword": new}).status_code == 204

    try:
        refused(sign_in(stack().email, stack().password), 401, "UnauthorizedError")
        refused(renewed_by(other.cookies()), 401, "UnauthorizedError")
        assert owner.post("/api/auth/refresh").status_code == 204
    finally:
        back = owner.post("/api/auth/password", json={"currentPassword": new, "newPassword": stack().password})
    assert back.status_code == 204
    assert sign_in(stack().email, stack().password).status_code == 200


def test_me_lists_a_new_project():
    owner = signed_in()
    project = new_project(owner, "a new project")

    me = owner.get("/api/auth/me").json()

    assert {"id": project, "name": "a new project", "role": "OWNER"} in me["organizations"][0]["projects"]
