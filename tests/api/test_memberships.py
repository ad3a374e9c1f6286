"""Members of an organization: invitations, roles there and in projects, and that an owner is always left."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.caller import Caller, anyone, new_project, organization_of, refused, sign_in, signed_in, stack, with_key
from harness.waiting import wait_until

ORGANIZATIONS = "/api/public/organizations"
MEMBERSHIPS = f"{ORGANIZATIONS}/memberships"
INVITATIONS = f"{ORGANIZATIONS}/invitations"
PASSWORD = "long enough and unheard of"


def in_organization(caller: Caller | None = None) -> Caller:
    caller = caller or signed_in()
    caller.http.headers["X-AgentTrace-Organization-Id"] = organization_of(caller)
    return caller


@pytest.fixture(scope="module")
def key():
    made = in_organization().post(f"{ORGANIZATIONS}/apiKeys").json()
    return with_key(made["publicKey"], made["secretKey"])


def address() -> str:
    return f"{uuid.uuid4().hex[:12]}@example.com"


def invited(by: Caller, email: str, role: str = "MEMBER") -> dict:
    answer = by.post(INVITATIONS, json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    return answer.json()


def page() -> Caller:
    return Caller({"Sec-Fetch-Site": "same-origin"})


def id_of(caller: Caller) -> str:
    return caller.get("/api/auth/me").json()["user"]["id"]


# Invitations


def test_an_invitation_makes_a_new_account_a_member():
    owner, email = in_organization(), address()
    invitation = invited(owner, f" {email.upper()} ", "VIEWER")

    assert invitation["email"] == email and invitation["invitedBy"] == stack().email and invitation["role"] == "VIEWER"
    assert invitation["path"] == f"/invitation#{invitation['token']}"
    listed = owner.get(INVITATIONS)
    assert invitation["token"] not in listed.text and invitation["id"] in [i["id"] for i in listed.json()["invitations"]]
    about = page().post("/api/auth/invitations/look-up", json={"token": invitation["token"]}).json()
    assert about["email"] == email and about["role"] == "VIEWER" and about["hasAccount"] is False and about["organizationName"]

    invitee = page()
    answer = invitee.post("/api/auth/invitations/accept", json={"token": invitation["token"], "name": "Ann", "password": PASSWORD})

    assert answer.status_code == 200, answer.text
    me = answer.json()
    assert me["user"]["email"] == email and me["user"]["name"] == "Ann" and me["organizations"][0]["role"] == "VIEWER"
    assert invitee.get("/api/auth/me").json() == me
    assert sign_in(email, PASSWORD).status_code == 200
    wait_until(lambda: {"userId": me["user"]["id"], "role": "VIEWER", "email": email, "name": "Ann"} in owner.get(MEMBERSHIPS).json()["memberships"])
    # Used up.
    for operation in ("look-up", "accept"):
        refused(page().post(f"/api/auth/invitations/{operation}", json={"token": invitation["token"], "password": PASSWORD}), 404, "LangfuseNotFoundError")
    assert invitation["id"] not in owner.get(INVITATIONS).text
    refused(owner.post(INVITATIONS, json={"email": email, "role": "ADMIN"}), 409, "LangfuseConflictError")


def test_an_account_joins_by_its_session_alone(person, key):
    guest = person("MEMBER")
    me = guest.get("/api/auth/me").json()["user"]
    assert key.call("DELETE", MEMBERSHIPS, json={"userId": me["id"]}).json()["userId"] == me["id"]
    invitation = invited(in_organization(), me["email"], "ADMIN")
    body = {"token": invitation["token"], "password": PASSWORD}

    assert page().post("/api/auth/invitations/look-up", json=body).json()["hasAccount"] is True
    assert me["email"] in refused(page().post("/api/auth/invitations/accept", json=body), 401, "UnauthorizedError")["message"]
    refused(person("VIEWER").post("/api/auth/invitations/accept", json=body), 401, "UnauthorizedError")
    joined = guest.post("/api/auth/invitations/accept", json={"token": invitation["token"]})

    assert joined.status_code == 200 and joined.json()["organizations"][0]["role"] == "ADMIN"


def test_a_newer_invitation_replaces_the_older_one():
    owner, email = in_organization(), address()
    older, newer = invited(owner, email), invited(owner, email, "VIEWER")

    refused(page().post("/api/auth/invitations/look-up", json={"token": older["token"]}), 404, "LangfuseNotFoundError")
    assert page().post("/api/auth/invitations/look-up", json={"token": newer["token"]}).json()["role"] == "VIEWER"
    assert owner.delete(f"{INVITATIONS}/{newer['id']}").json() == {"success": True}
    refused(page().post("/api/auth/invitations/accept", json={"token": newer["token"], "password": PASSWORD}), 404, "LangfuseNotFoundError")
    refused(owner.delete(f"{INVITATIONS}/{newer['id']}"), 404, "LangfuseNotFoundError")


def test_of_many_who_accept_at_once_one_gets_the_account():
    invitation = invited(in_organization(), address())

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: page().post("/api/auth/invitations/accept", json={"token": invitation["token"], "password": f"{PASSWORD} {n}"}), range(6)))

    assert sorted(a.status_code for a in answers)[0] == 200 and [a.status_code for a in answers].count(200) == 1, [a.text for a in answers]


def test_a_forged_token_is_nobodys():
    invitation = invited(in_organization(), address())
    organization, id, secret = invitation["token"].split(".")

    for token in ["", "x", f"{organization}.{id}.", f"{organization}.{id}.{'A' * 43}", f"{organization}.unknown.{secret}", f"unknown.{id}.{secret}", f"{organization}.{id}.{secret}.x", "." * 3_000, "ORG#x.y.z"]:
        for operation in ("look-up", "accept"):
            refused(page().post(f"/api/auth/invitations/{operation}", json={"token": token, "password": PASSWORD}), 404, "LangfuseNotFoundError")
    for body in ({}, {"token": 1}, [], None):
        refused(page().post("/api/auth/invitations/accept", json=body), 400, "InvalidRequestError")
    assert page().post("/api/auth/invitations/look-up", json={"token": invitation["token"]}).status_code == 200


@pytest.mark.parametrize("password", [None, "", "short", "aaaaaaaaaaaaaaaa", "x" * 129])
def test_a_weak_password_makes_no_account(password):
    invitation = invited(in_organization(), address())
    body = {"token": invitation["token"]} | ({"password": password} if password is not None else {})

    refused(page().post("/api/auth/invitations/accept", json=body), 400, "InvalidRequestError")

    assert page().post("/api/auth/invitations/look-up", json={"token": invitation["token"]}).json()["hasAccount"] is False


@pytest.mark.parametrize("body", [{}, {"email": "a@b.example"}, {"email": "nobody", "role": "MEMBER"}, {"email": "a@b.example", "role": "KING"}, {"email": "a@b.example", "role": "member"}, {"email": 1, "role": "MEMBER"}, []])
def test_malformed_invitations_are_refused(body):
    refused(in_organization().post(INVITATIONS, json=body), 400, "InvalidRequestError")


# Roles


def test_what_each_role_may_do(person, key):
    for role, may in {
        "VIEWER": set(), "MEMBER": {"see members"}, "ADMIN": {"see members", "invite", "see invitations"}, "OWNER": {"see members", "invite", "see invitations", "see keys"},
    }.items():
        caller = in_organization(person(role))
        answers = {
            "see members": caller.get(MEMBERSHIPS),
            "invite": caller.post(INVITATIONS, json={"email": address(), "role": "VIEWER"}),
            "see invitations": caller.get(INVITATIONS),
            "see keys": caller.get(f"{ORGANIZATIONS}/apiKeys"),
        }
        assert {what for what, answer in answers.items() if answer.status_code < 300} == may, role
        assert all(answer.status_code in (200, 201, 403) for answer in answers.values()), role
        if role == "OWNER":
            key.call("DELETE", MEMBERSHIPS, json={"userId": id_of(caller)})


def test_an_administrator_deals_in_no_role_above_their_own(person):
    admin, other = in_organization(person("ADMIN")), id_of(person("MEMBER"))
    owner = id_of(signed_in())

    for answer in [
        admin.post(INVITATIONS, json={"email": address(), "role": "OWNER"}),
        admin.call("PUT", MEMBERSHIPS, json={"userId": other, "role": "OWNER"}),
        admin.call("PUT", MEMBERSHIPS, json={"userId": owner, "role": "VIEWER"}),
        admin.call("DELETE", MEMBERSHIPS, json={"userId": owner}),
    ]:
        refused(answer, 403, "ForbiddenError")
    assert admin.call("PUT", MEMBERSHIPS, json={"userId": other, "role": "VIEWER"}).json()["role"] == "VIEWER"


def test_members_are_changed_and_removed_by_the_organizations_key(person, key):
    guest = person("VIEWER")
    me = guest.get("/api/auth/me").json()["user"]
    expected = {"userId": me["id"], "role": "ADMIN", "email": me["email"], "name": me["name"]}

    assert key.call("PUT", MEMBERSHIPS, json={"userId": me["id"], "role": "ADMIN"}).json() == expected
    assert expected in key.get(MEMBERSHIPS).json()["memberships"]
    removed = key.call("DELETE", MEMBERSHIPS, json={"userId": me["id"]}).json()
    assert removed["userId"] == me["id"] and removed["message"]
    assert guest.get("/api/auth/me").json()["organizations"] == []
    refused(key.call("DELETE", MEMBERSHIPS, json={"userId": me["id"]}), 404, "LangfuseNotFoundError")
    assert key.call("PUT", MEMBERSHIPS, json={"userId": me["id"], "role": "MEMBER"}).json()["role"] == "MEMBER"
    assert guest.get("/api/auth/me").json()["organizations"][0]["role"] == "MEMBER"


@pytest.mark.parametrize("body", [{}, {"userId": "x"}, {"userId": 1, "role": "MEMBER"}, {"userId": "x", "role": "KING"}, []])
def test_malformed_memberships_are_refused(key, body):
    refused(key.call("PUT", MEMBERSHIPS, json=body), 400, "InvalidRequestError")
    refused(key.call("PUT", f"/api/public/projects/{stack().project_id}/memberships", json=body), 400, "InvalidRequestError")


@pytest.mark.parametrize("user", ["unknown", "", "USER#x", "x" * 3_000])
def test_users_whom_nobody_knows_are_not_found(key, user):
    for path in (MEMBERSHIPS, f"/api/public/projects/{stack().project_id}/memberships"):
        refused(key.call("PUT", path, json={"userId": user, "role": "MEMBER"}), 404, "LangfuseNotFoundError")
        refused(key.call("DELETE", path, json={"userId": user}), 404, "LangfuseNotFoundError")


# An owner is left


def test_the_last_owner_stays(key):
    owner = id_of(signed_in())
    for member in key.get(MEMBERSHIPS).json()["memberships"]:
        if member["role"] == "OWNER" and member["userId"] != owner:
            key.call("DELETE", MEMBERSHIPS, json={"userId": member["userId"]})

    refused(key.call("PUT", MEMBERSHIPS, json={"userId": owner, "role": "ADMIN"}), 409, "LangfuseConflictError")
    refused(key.call("DELETE", MEMBERSHIPS, json={"userId": owner}), 409, "LangfuseConflictError")
    assert key.call("PUT", MEMBERSHIPS, json={"userId": owner, "role": "OWNER"}).status_code == 200


def test_two_owners_who_demote_each_other_at_once_leave_one(person, key):
    owner, second = id_of(signed_in()), id_of(person("OWNER"))
    try:
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda user: key.call("PUT", MEMBERSHIPS, json={"userId": user, "role": "VIEWER"}), [owner, second]))

        owners = [m for m in key.get(MEMBERSHIPS).json()["memberships"] if m["role"] == "OWNER"]
        assert len(owners) == 1 and sorted(a.status_code for a in answers) == [200, 409], [a.text for a in answers]
    finally:
        assert key.call("PUT", MEMBERSHIPS, json={"userId": owner, "role": "OWNER"}).status_code == 200
        assert key.call("DELETE", MEMBERSHIPS, json={"userId": second}).status_code == 200


# Roles in projects


def test_a_role_in_a_project_overrides_that_of_the_organization(person, key):
    project = new_project(signed_in())
    guest = person("VIEWER")
    user, path = id_of(guest), f"/api/public/projects/{project}/memberships"
    keys = f"/api/public/projects/{project}/apiKeys"
    in_project = {"X-AgentTrace-Project-Id": project}
    refused(guest.get(keys, headers=in_project), 403, "ForbiddenError")

    given = key.call("PUT", path, json={"userId": user, "role": "ADMIN"}).json()

    assert given["role"] == "ADMIN" and given["userId"] == user
    assert key.get(path).json()["memberships"] == [given]
    wait_until(lambda: guest.get(keys, headers=in_project).status_code == 200, within=60)
    assert key.call("PUT", path, json={"userId": user, "role": "NONE"}).status_code == 200
    wait_until(lambda: guest.get(keys, headers=in_project).status_code == 404, within=60)
    assert project not in guest.get("/api/auth/me").text
    assert key.call("DELETE", path, json={"userId": user}).json()["userId"] == user
    refused(key.call("DELETE", path, json={"userId": user}), 404, "LangfuseNotFoundError")
    assert key.get(path).json() == {"memberships": []} and project in guest.get("/api/auth/me").text


def what_they_may(guest: Caller, project: str) -> set[str]:
    answers = {
        "read": guest.get("/api/public/v2/prompts"),
        "write": guest.post("/api/public/v2/prompts", json={"name": "by a guest", "type": "text", "prompt": "x"}),
        "administer": guest.get(f"/api/public/projects/{project}/apiKeys"),
        "see members": guest.get(MEMBERSHIPS),
        "see invitations": guest.get(INVITATIONS),
    }
    assert all(answer.status_code in (200, 201, 403, 404) for answer in answers.values()), {what: answer.text for what, answer in answers.items()}
    return {what for what, answer in answers.items() if answer.status_code < 300}


def test_a_changed_role_changes_what_a_person_may_do_within_a_minute(person):
    """And at once in what they are told of themselves."""
    owner, project = in_organization(), new_project(signed_in())
    guest = in_organization(person("MEMBER"))
    guest.http.headers["X-AgentTrace-Project-Id"] = project
    user = id_of(guest)

    def role() -> list:
        return [organization["role"] for organization in guest.get("/api/auth/me").json()["organizations"]]

    member, admin = {"read", "write", "see members"}, {"read", "write", "see members", "administer", "see invitations"}
    assert what_they_may(guest, project) == member
    for name, expected in [("VIEWER", {"read"}), ("ADMIN", admin)]:
        changed = owner.call("PUT", MEMBERSHIPS, json={"userId": user, "role": name})
        assert changed.status_code == 200 and changed.json()["role"] == name, changed.text
        assert role() == [name]
        wait_until(lambda expected=expected: what_they_may(guest, project) == expected, within=60, every=1)
    assert owner.call("PUT", MEMBERSHIPS, json={"userId": user, "role": "NONE"}).status_code == 200
    assert project not in guest.get("/api/auth/me").text
    wait_until(lambda: what_they_may(guest, project) == set(), within=60, every=1)


# Sessions of one's own


def test_sessions_are_listed_and_ended_one_by_one(person):
    guest = person("VIEWER")
    email = guest.get("/api/auth/me").json()["user"]["email"]
    other = page()
    assert other.post("/api/auth/sign-in", json={"email": email, "password": PASSWORD}).status_code == 200

    sessions = guest.get("/api/auth/sessions").json()["sessions"]

    assert [s["current"] for s in sessions].count(True) == 1 and len(sessions) == 2
    assert all({"id", "createdAt", "lastUsedAt", "expiresAt", "current"} == set(s) for s in sessions)
    (elsewhere,) = [s["id"] for s in sessions if not s["current"]]
    assert guest.delete(f"/api/auth/sessions/{elsewhere}").status_code == 204
    refused(other.post("/api/auth/refresh"), 401, "UnauthorizedError")
    refused(other.get("/api/auth/me"), 401, "UnauthorizedError")
    for session in [elsewhere, "unknown", "SESSION%23x", "%00"]:
        refused(guest.delete(f"/api/auth/sessions/{session}"), 404, "LangfuseNotFoundError")
    assert guest.get("/api/auth/me").status_code == 200
    refused(anyone().get("/api/auth/sessions"), 401, "UnauthorizedError")
