"""What several modules of this folder ask for."""

import uuid

import pytest

from api.caller import Caller, organization_of, signed_in, with_key


@pytest.fixture(scope="module")
def callers() -> dict[str, Caller]:
    """One caller for each kind of credential, each of whom may call everything that takes it."""
    owner = signed_in()
    owner.http.headers.update({"X-AgentTrace-Organization-Id": organization_of(owner), "X-AgentTrace-Client": "tests"})
    made = owner.post("/api/public/organizations/apiKeys").json()
    return {"basic": with_key(), "organization": with_key(made["publicKey"], made["secretKey"]), "session": owner}


@pytest.fixture
def person():
    """Makes a member of the organization with a role, signed in in a browser of their own."""

    def make(role: str) -> Caller:
        owner = signed_in()
        body = {"email": f"{uuid.uuid4().hex[:12]}@example.com", "role": role}
        invitation = owner.post("/api/public/organizations/invitations", json=body, headers={"X-AgentTrace-Organization-Id": organization_of(owner)})
        assert invitation.status_code == 201, invitation.text
        caller = Caller({"Sec-Fetch-Site": "same-origin"})
        joined = caller.post("/api/auth/invitations/accept", json={"token": invitation.json()["token"], "password": "long enough and unheard of"})
        assert joined.status_code == 200, joined.text
        return caller

    return make
