"""Comments on traces, observations, sessions and prompts."""

import pytest
from harness.telemetry import span, trace_id, unique
from harness.waiting import wait_until

COMMENTS = "/api/public/comments"
FIELDS = {"id", "projectId", "createdAt", "updatedAt", "objectType", "objectId", "content", "authorUserId"}
STEP = "00000000000000bb"


@pytest.fixture(scope="module")
def told(tenant) -> dict[str, str]:
    """An object of every type, by its type."""
    trace, session = trace_id(), unique("session")
    tenant.store(span(trace, id=STEP, attributes={"session.id": session}))
    tenant.trace(trace)
    prompt = tenant.send("POST", "/api/public/v2/prompts", {"name": unique("prompt"), "type": "text", "prompt": "Hi"})
    assert prompt.status_code in (200, 201), prompt.text
    wait_until(lambda: tenant.get(f"/api/public/sessions/{session}").status_code == 200)
    return {"TRACE": trace, "OBSERVATION": STEP, "SESSION": session, "PROMPT": prompt.json()["id"]}


def body(api, told, kind="TRACE", **more):
    return {"projectId": api.project_id, "objectType": kind, "objectId": told[kind], "content": "Look at this."} | more


def comment(api, told, kind="TRACE", **more) -> str:
    answer = api.send("POST", COMMENTS, body(api, told, kind, **more))
    assert answer.status_code == 200 and set(answer.json()) == {"id"}, answer.text
    return answer.json()["id"]


@pytest.mark.parametrize("kind", ["TRACE", "OBSERVATION", "SESSION", "PROMPT"])
def test_a_comment_is_created_read_and_listed_by_its_object(tenant, told, kind):
    id = comment(tenant, told, kind, content=f"  **{kind}** 🙂 ")

    found = tenant.read(f"{COMMENTS}/{id}")

    assert set(found) == FIELDS
    assert {key: found[key] for key in ("id", "projectId", "objectType", "objectId", "content", "authorUserId")} == {
        "id": id, "projectId": tenant.project_id, "objectType": kind, "objectId": told[kind], "content": f"**{kind}** 🙂", "authorUserId": None}
    assert id in [c["id"] for c in tenant.read(COMMENTS, objectType=kind, objectId=told[kind])["data"]]
    assert id in [c["id"] for c in tenant.read(COMMENTS, objectType=kind)["data"]]
    assert tenant.read(COMMENTS, objectType=kind, objectId="another")["data"] == []


def test_pages_are_newest_first(owner):
    api = owner.new_tenant("comment-pages")
    trace = trace_id()
    api.store(span(trace))
    api.trace(trace)
    made = [comment(api, {"TRACE": trace}, content=f"c{number}") for number in range(5)]

    pages = [api.read(COMMENTS, page=page, limit=2) for page in (1, 2, 3)]

    assert [[c["id"] for c in page["data"]] for page in pages] == [[made[4], made[3]], [made[2], made[1]], [made[0]]]
    assert pages[0]["meta"] == {"page": 1, "limit": 2, "totalItems": 5, "totalPages": 3}


@pytest.mark.parametrize(
    "more",
    [{"content": ""}, {"content": "   "}, {"content": "x" * 5001}, {"objectType": "trace"}, {"objectType": "DATASET"}, {"objectId": ""}, {"objectId": "a\nb"}, {"content": None}],
    ids=str,
)
def test_a_comment_that_cannot_be_is_refused(tenant, told, more):
    answer = tenant.send("POST", COMMENTS, body(tenant, told) | more)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


@pytest.mark.parametrize("params", [{"objectId": "x"}, {"objectType": "x"}, {"limit": 101}, {"limit": 0}, {"page": 0}])
def test_lists_refuse_what_cannot_be_meant(tenant, params):
    assert tenant.get(COMMENTS, **params).status_code == 400


def test_5000_characters_fit(tenant, told):
    assert len(tenant.read(f"{COMMENTS}/{comment(tenant, told, content='ü' * 5000)}")["content"]) == 5000


@pytest.mark.parametrize("kind", ["TRACE", "OBSERVATION", "SESSION", "PROMPT"])
def test_what_is_commented_on_must_exist_in_the_project(tenant, other, told, kind):
    absent = tenant.send("POST", COMMENTS, body(tenant, told | {kind: "none"}, kind))
    foreign = other.send("POST", COMMENTS, body(other, told, kind))

    for answer, id in ((absent, "none"), (foreign, told[kind])):
        assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError") and id in answer.json()["message"], answer.text


def test_the_project_in_the_body_is_the_callers(tenant, other, told):
    answer = tenant.send("POST", COMMENTS, body(tenant, told, projectId=other.project_id))

    assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError")


def test_another_project_reads_and_deletes_nothing(tenant, other, told):
    id = comment(tenant, told)

    for answer in (other.get(f"{COMMENTS}/{id}"), other.send("DELETE", f"{COMMENTS}/{id}"), tenant.get(f"{COMMENTS}/none"), tenant.get(f"{COMMENTS}/{'x' * 1100}")):
        assert (answer.status_code, answer.json()) == (404, {"message": "Comment not found within authorized project", "error": "LangfuseNotFoundError"})
    assert other.read(COMMENTS, objectType="TRACE", objectId=told["TRACE"])["data"] == []
    assert tenant.get(f"{COMMENTS}/{id}").status_code == 200


def test_authors_are_members(tenant, owner, told):
    user = owner.me["user"]["id"]
    in_name = comment(tenant, told, authorUserId=user)
    answer = owner.request("POST", COMMENTS, tenant.project_id, body(tenant, told, content="by hand"))
    by_hand = answer.json()["id"]

    assert tenant.read(f"{COMMENTS}/{in_name}")["authorUserId"] == user
    assert tenant.read(f"{COMMENTS}/{by_hand}")["authorUserId"] == user
    assert {in_name, by_hand} <= {c["id"] for c in tenant.read(COMMENTS, authorUserId=user)["data"]}
    assert tenant.read(COMMENTS, authorUserId="nobody")["data"] == []
    assert tenant.send("POST", COMMENTS, body(tenant, told, authorUserId="nobody")).status_code == 404
    assert owner.request("POST", COMMENTS, tenant.project_id, body(tenant, told, authorUserId="nobody")).status_code == 403


def test_the_thread_of_an_object_has_names_and_shrinks_by_deletion(owner):
    api = owner.new_tenant("thread")
    trace = trace_id()
    api.store(span(trace))
    api.trace(trace)
    by_key = comment(api, {"TRACE": trace}, content="first")
    by_hand = owner.request("POST", COMMENTS, api.project_id, body(api, {"TRACE": trace}, content="second")).json()["id"]

    def thread():
        return owner.request("GET", f"/api/public/v2/comments?objectType=TRACE&objectId={trace}", api.project_id).json()["data"]

    assert [(c["id"], c["content"], c["authorName"], c["mayDelete"]) for c in thread()] == [
        (by_key, "first", None, True), (by_hand, "second", owner.me["user"]["name"], True)]
    assert owner.request("DELETE", f"{COMMENTS}/{by_hand}", api.project_id).json() == {"success": True}
    assert api.send("DELETE", f"{COMMENTS}/{by_key}").json() == {"success": True}
    assert thread() == [] and api.read(COMMENTS)["data"] == [] and api.send("DELETE", f"{COMMENTS}/{by_key}").status_code == 404


def test_members_delete_their_own_comments_only(tenant, told, person):
    ann, bob = person("MEMBER"), person("MEMBER")
    for caller in (ann, bob):
        caller.http.headers["X-AgentTrace-Project-Id"] = tenant.project_id
    id = ann.post(COMMENTS, json=body(tenant, told)).json()["id"]

    refused = bob.delete(f"{COMMENTS}/{id}")

    assert (refused.status_code, refused.json()["error"]) == (403, "ForbiddenError")
    assert ann.delete(f"{COMMENTS}/{id}").json() == {"success": True}
    assert person("VIEWER").post(COMMENTS, json=body(tenant, told), headers={"X-AgentTrace-Project-Id": tenant.project_id}).status_code == 403
