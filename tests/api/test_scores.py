"""Scores: created alone, in arrays and in batches; read in three versions; changed and deleted."""

import pytest
from harness.api import event
from harness.telemetry import span, trace_id, unique
from harness.waiting import wait_until

SCORES = "/api/public/scores"
V2 = "/api/public/v2/scores"
V3 = "/api/public/v3/scores"


@pytest.fixture(scope="module")
def told(tenant):
    """A trace with a score of every type, one of a session, and their ids."""
    trace, mark = trace_id(), unique("score")
    tenant.store(span(trace, id="00000000000000aa", attributes={"user.id": "ann", "session.id": "s-1", "langfuse.trace.tags": ["x"]}))
    scores = [
        {"name": "quality", "value": 0.75, "traceId": trace, "comment": "fine", "metadata": {"by": "test"}},
        {"name": "done", "value": 1, "dataType": "BOOLEAN", "traceId": trace, "observationId": "00000000000000aa"},
        {"name": "tone", "value": "friendly", "traceId": trace, "environment": "staging"},
        {"name": "remark", "value": "A long text.", "dataType": "TEXT", "traceId": trace},
        {"name": "mood", "value": 0.5, "sessionId": "s-1"},
    ]
    for score in scores:
        score["id"] = f"{mark}-{score['name']}"
    answer = tenant.send("POST", SCORES, scores)
    assert (answer.status_code, answer.json()) == (202, {"message": "Accepted"})
    wait_until(lambda: len(tenant.read(V2, scoreIds=",".join(score["id"] for score in scores))["data"]) == 5)
    tenant.trace(trace)
    return {"trace": trace, "mark": mark}


def names(page):
    return sorted(score["name"] for score in page["data"])


def test_a_single_score_answers_its_id(tenant):
    given = unique("own")

    answer = tenant.send("POST", SCORES, {"id": given, "name": "n", "value": 1, "traceId": trace_id()})
    made = tenant.send("POST", SCORES, {"name": "n", "value": 1, "traceId": trace_id()})

    assert (answer.status_code, answer.json()) == (200, {"id": given})
    assert made.status_code == 200 and made.json()["id"]
    assert tenant.score(made.json()["id"])["value"] == 1


def test_types_of_values_in_every_version(tenant, told):
    mark = told["mark"]
    v1 = {score["name"]: score for score in tenant.read(SCORES, traceId=told["trace"])["data"]}
    v2 = {score["name"]: score for score in tenant.read(V2, scoreIds=",".join(f"{mark}-{n}" for n in ("quality", "done", "tone", "remark", "mood")))["data"]}
    v3 = {score["name"]: score for score in tenant.read(V3, id=",".join(f"{mark}-{n}" for n in ("quality", "done", "tone", "remark", "mood")), fields="details,subject,annotation")["data"]}

    assert set(v1) == {"quality", "done", "tone", "remark"}  # v1 knows no scores of sessions
    assert set(v2) == set(v3) == {"quality", "done", "tone", "remark", "mood"}
    for found in (v1, v2):
        assert (found["quality"]["value"], "stringValue" in found["quality"]) == (0.75, False)
        assert (found["done"]["value"], found["done"]["stringValue"]) == (1, "True")
        assert found["tone"]["stringValue"] == "friendly"
        assert ("value" in found["remark"], found["remark"]["stringValue"]) == (False, "A long text.")
        assert (found["quality"]["comment"], found["quality"]["metadata"], found["quality"]["source"]) == ("fine", {"by": "test"}, "API")
    assert {name: v3[name]["value"] for name in v3} == {"quality": 0.75, "done": True, "tone": "friendly", "remark": "A long text.", "mood": 0.5}
    assert "stringValue" not in v3["tone"]
    assert v3["quality"]["subject"] == {"kind": "trace", "id": told["trace"]}
    assert v3["done"]["subject"] == {"kind": "observation", "id": "00000000000000aa", "traceId": told["trace"]}
    assert v3["mood"]["subject"] == {"kind": "session", "id": "s-1"}
    assert (v2["quality"]["trace"]["userId"], v2["quality"]["trace"]["tags"], v2["mood"]["trace"]) == ("ann", ["x"], None)
    assert "comment" not in tenant.read(V3, id=f"{mark}-quality")["data"][0]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"name": "quality"}, ["quality"]),
        ({"dataType": "BOOLEAN"}, ["done"]),
        ({"environment": "staging"}, ["tone"]),
        ({"operator": ">", "value": 0.7}, ["done", "quality"]),
        ({"operator": "=", "value": 0.75}, ["quality"]),
        ({"observationId": "00000000000000aa"}, ["done"]),
        ({"userId": "ann"}, ["done", "quality", "remark", "tone"]),
        ({"source": "ANNOTATION"}, []),
        ({"traceTags": "x", "name": "tone"}, ["tone"]),
    ],
)
def test_v1_and_v2_filters(tenant, told, params, expected):
    assert names(tenant.read(SCORES, traceId=told["trace"], **params)) == expected
    assert names(tenant.read(V2, traceId=told["trace"], **params)) == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"name": "quality,tone"}, ["quality", "tone"]),
        ({"dataType": "NUMERIC", "valueMin": 0.7, "valueMax": 0.8}, ["quality"]),
        ({"dataType": "CATEGORICAL", "value": "friendly"}, ["tone"]),
        ({"observationId": "00000000000000aa"}, ["done"]),
    ],
)
def test_v3_filters(tenant, told, params, expected):
    assert names(tenant.read(V3, traceId=told["trace"], **params)) == expected


@pytest.mark.parametrize("params", [{"limit": 101}, {"fields": "secrets"}, {"fields": "details,secrets"}, {"observationId": "x"}, {"observationId": "x", "sessionId": "s"},
                                    {"traceId": "a", "sessionId": "b"}, {"traceId": "a", "experimentId": "b"}, {"sessionId": "a", "experimentId": "b"},
                                    {"traceId": "a", "sessionId": "b", "experimentId": "c"}, {"value": "x"}, {"value": "1", "dataType": "NUMERIC,BOOLEAN"}, {"value": "x", "dataType": "NUMERIC"},
                                    {"value": "1", "dataType": "BOOLEAN"}, {"value": "x", "dataType": "TEXT"}, {"valueMin": 1}, {"valueMax": 1}, {"valueMin": 1, "dataType": "BOOLEAN"},
                                    {"valueMax": 1, "dataType": "CATEGORICAL"}, {"valueMin": 1, "dataType": "NUMERIC,BOOLEAN"}, {"valueMax": "x", "dataType": "NUMERIC"}, {"dataType": "NONSENSE"},
                                    {"source": "NONSENSE"}, {"cursor": "%%"}], ids=str)
def test_v3_refuses_what_cannot_be_meant(tenant, params):
    answer = tenant.get(V3, **params)

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


def test_v3_cursors_cover_everything_once(tenant, told):
    seen, cursor = [], None
    while True:
        page = tenant.read(V3, traceId=told["trace"], limit=3, cursor=cursor)
        assert page["meta"]["limit"] == 3
        seen += names(page)
        cursor = page["meta"].get("cursor")
        if not cursor:
            break
    assert sorted(seen) == ["done", "quality", "remark", "tone"]


@pytest.mark.parametrize(
    "score",
    [
        {"value": 1}, {"name": "", "value": 1}, {"name": "n"}, {"name": "n", "value": "x", "dataType": "NUMERIC"}, {"name": "n", "value": 2, "dataType": "BOOLEAN"},
        {"name": "n", "value": 1, "dataType": "CATEGORICAL"}, {"name": "n", "value": "x" * 501, "dataType": "TEXT"}, {"name": "n", "value": "", "dataType": "TEXT"},
        {"name": "n", "value": 1, "source": "EVAL"}, {"name": "n", "value": 1, "source": "ANNOTATION"}, {"name": "n", "value": 1, "dataType": "NONSENSE"},
        {"name": "n", "value": 1, "traceId": "t", "sessionId": "s"}, {"name": "n", "value": [1]}, {"name": "n", "value": None},
        {"name": "n", "value": 1, "traceId": "t", "datasetRunId": "r"}, {"name": "n", "value": 1, "sessionId": "s", "datasetRunId": "r"},
        {"name": "n", "value": 1, "sessionId": "s", "observationId": "o"}, {"name": "n", "value": 1, "observationId": "o", "traceId": None}, {"name": "n", "value": 1, "traceId": None},
        {"name": "n", "value": 1, "dataType": "CORRECTION"}, {"name": "n", "value": 0.5, "dataType": "BOOLEAN"}, {"name": "n", "value": "true", "dataType": "BOOLEAN"},
        {"name": "n", "value": 1, "dataType": "TEXT"}, {"name": "n", "value": 1, "timestamp": "yesterday"}, {"name": 1, "value": {"a": 1}},
    ],
    ids=str,
)
def test_a_score_that_cannot_be_is_refused_alone(tenant, score):
    about = {} if {"traceId", "sessionId", "datasetRunId"} & set(score) else {"traceId": "t"}

    alone = tenant.send("POST", SCORES, score | about)
    listed = tenant.send("POST", SCORES, [score | about, {"id": (good := unique("good")), "name": "n", "value": 1, "traceId": "t"}])
    batch = tenant.batch(event("score-create", score | about, id="bad"), event("score-create", {"name": "n", "value": 1, "traceId": "t"}, id="good"))

    assert alone.status_code == 400 and alone.json()["message"], alone.text
    assert (listed.status_code, listed.json()["accepted"], listed.json()["rejected"]) == (207, 1, 1)
    assert tenant.score(good)["value"] == 1
    assert ([found["id"] for found in batch.json()["successes"]], [(found["id"], found["status"]) for found in batch.json()["errors"]]) == (["good"], [("bad", 400)])


def test_a_score_without_a_subject_is_refused(tenant):
    assert tenant.send("POST", SCORES, {"name": "n", "value": 1}).status_code == 400


def test_a_correction_is_a_text_that_has_no_config(tenant):
    id, trace = unique("correction"), trace_id()
    config = tenant.send("POST", "/api/public/score-configs", {"name": "c", "dataType": "CATEGORICAL", "categories": [{"label": "a", "value": 1}]}).json()["id"]
    correction = {"id": id, "name": "output", "value": "what it should have said", "dataType": "CORRECTION", "source": "ANNOTATION", "traceId": trace}

    refused = tenant.send("POST", SCORES, correction | {"configId": config})

    assert (refused.status_code, refused.json()["error"]) == (400, "InvalidRequestError") and "CORRECTION" in refused.json()["message"]
    # The one annotation that needs no config.
    assert tenant.send("POST", SCORES, correction).json() == {"id": id}
    found = tenant.score(id)
    assert (found["dataType"], found["source"], found["stringValue"]) == ("CORRECTION", "ANNOTATION", "what it should have said")


def test_v1_knows_no_scores_of_sessions_and_runs(tenant, told):
    session, run = f"{told['mark']}-mood", unique("of-run")
    assert tenant.send("POST", SCORES, {"id": run, "name": "n", "value": 1, "datasetRunId": unique("run")}).status_code == 200
    tenant.score(run)

    for id in (session, run):
        answer = tenant.get(f"{SCORES}/{id}")
        assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError")
        assert tenant.read(SCORES, scoreIds=id)["data"] == []
        assert tenant.read(f"{V2}/{id}")["id"] == id


@pytest.mark.parametrize("params", [{"operator": ">"}, {"operator": "!", "value": 1}, {"operator": ">", "value": "x"}, {"dataType": "NONSENSE"}, {"source": "NONSENSE"},
                                    {"fields": "secrets"}, {"fields": "score", "userId": "ann"}, {"fromTimestamp": "never"}, {"filter": "{"}], ids=str)
def test_v1_and_v2_refuse_what_cannot_be_meant(tenant, params):
    for path in (SCORES, V2):
        answer = tenant.get(path, **params)
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), answer.text


EVERY_OTHER_TYPE = ["trace-create", "event-create", "span-create", "span-update", "generation-create", "generation-update", "agent-create", "tool-create", "chain-create", "retriever-create",
                    "evaluator-create", "embedding-create", "guardrail-create", "sdk-log", "dataset-run-item-create", "observation-create", "observation-update"]


def test_a_public_key_alone_gets_a_401_for_each_event_that_is_no_score(tenant):
    import httpx

    browser = httpx.Client(base_url=tenant.base_url, headers={"Authorization": f"Bearer {tenant.key.public_key}"}, trust_env=False)

    answer = browser.post("/api/public/ingestion", json={"batch": [event(kind, {"id": unique("no")}, id=kind) for kind in EVERY_OTHER_TYPE]})

    assert (answer.status_code, answer.json()["successes"]) == (207, [])
    assert [(found["id"], found["status"], found["message"]) for found in answer.json()["errors"]] == [(kind, 401, "UnauthorizedError") for kind in EVERY_OTHER_TYPE]


def test_the_same_id_again_overwrites(tenant):
    id, trace = unique("again"), trace_id()
    for value in (1, 2, 3):
        assert tenant.send("POST", SCORES, {"id": id, "name": "n", "value": value, "traceId": trace}).status_code == 200

    wait_until(lambda: tenant.score(id)["value"] == 3)
    assert len(tenant.read(SCORES, traceId=trace)["data"]) == 1


def test_a_patch_changes_what_it_names(tenant):
    id, trace = unique("patch"), trace_id()
    tenant.send("POST", SCORES, {"id": id, "name": "n", "value": 1, "traceId": trace, "comment": "old"})
    tenant.score(id)

    answer = tenant.send("PATCH", f"{SCORES}/{id}", {"comment": "new"})

    assert (answer.status_code, answer.json()) == (200, {"id": id})
    changed = wait_until(lambda: (lambda s: s if s["comment"] == "new" else None)(tenant.score(id)))
    assert (changed["value"], changed["name"], changed["traceId"]) == (1, "n", trace)


def test_a_score_may_come_before_its_trace(tenant):
    trace, id = trace_id(), unique("early")
    tenant.send("POST", SCORES, {"id": id, "name": "early", "value": 1, "traceId": trace})
    tenant.score(id)

    tenant.store(span(trace))

    wait_until(lambda: [score["id"] for score in tenant.trace(trace)["scores"]] == [id])


def test_a_deleted_score_is_gone_from_clickhouse(tenant, clickhouse):
    id, trace = unique("gone"), trace_id()
    tenant.send("POST", SCORES, {"id": id, "name": "n", "value": 1, "traceId": trace})
    tenant.score(id)

    answer = tenant.send("DELETE", f"{SCORES}/{id}")

    assert answer.status_code == 202 and answer.json()["message"]
    wait_until(lambda: tenant.get(f"{V2}/{id}").status_code == 404)
    wait_until(lambda: clickhouse.count("scores", tenant.project_id, "id", id) == 0)


def test_an_absent_score_is_not_found(tenant):
    for path in (SCORES, V2):
        answer = tenant.get(f"{path}/{unique('none')}")
        assert (answer.status_code, answer.json()["error"]) == (404, "LangfuseNotFoundError")


def test_the_public_key_alone_may_create_scores_and_nothing_else(tenant):
    import httpx

    browser = httpx.Client(base_url=tenant.base_url, headers={"Authorization": f"Bearer {tenant.key.public_key}"}, trust_env=False)
    id = unique("browser")

    assert browser.post(SCORES, json={"id": id, "name": "n", "value": 1, "traceId": "t"}).status_code == 200
    batch = browser.post("/api/public/ingestion", json={"batch": [
        event("score-create", {"name": "n", "value": 1, "traceId": "t"}, id="score"), event("trace-create", {"id": unique("no")}, id="trace")]})
    assert batch.status_code == 207
    assert [found["id"] for found in batch.json()["successes"]] == ["score"]
    assert [(found["id"], found["status"]) for found in batch.json()["errors"]] == [("trace", 401)]
    for method, path in [("GET", "/api/public/traces"), ("GET", SCORES), ("POST", "/v1/traces"), ("DELETE", f"{SCORES}/{id}"), ("POST", "/api/public/traces")]:
        answer = browser.request(method, path)
        assert (answer.status_code, answer.json()["error"]) == (403, "ForbiddenError"), (method, path)
    assert tenant.score(id)["value"] == 1


def test_hundreds_of_scores_at_once_lose_nothing(owner):
    """Each in a request of its own, 50 at a time, through both doors."""
    import concurrent.futures

    api = owner.new_tenant("many-scores")
    trace, ids = trace_id(), [unique("many") for _ in range(400)]

    def send(number: int) -> int:
        score = {"id": ids[number], "name": "n", "value": number, "traceId": trace}
        if number % 2:
            return api.send("POST", SCORES, score).status_code
        return 200 if not api.batch(event("score-create", score)).json()["errors"] else 400

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(send, range(len(ids))))

    assert statuses == [200] * len(ids)
    wait_until(lambda: api.read(V2, limit=1)["meta"]["totalItems"] == len(ids), 30)
    pages = [api.read(V2, limit=100, page=page)["data"] for page in (1, 2, 3, 4)]
    assert {score["id"]: score["value"] for page in pages for score in page} == {id: number for number, id in enumerate(ids)}


def test_pages_of_other_origins_may_send_scores(tenant):
    """The browser SDK: a preflight without credentials, then the score with the public key."""
    import httpx

    wanted = "authorization,content-type,x-langfuse-public-key,x-langfuse-sdk-name,x-langfuse-sdk-version"
    page = httpx.Client(base_url=tenant.base_url, headers={"Origin": "https://app.example.com"}, trust_env=False)
    for path in (SCORES, "/api/public/ingestion"):
        asked = page.options(path, headers={"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": wanted})
        assert asked.status_code in (200, 204), asked.text
        assert asked.headers["access-control-allow-origin"] == "*" and "POST" in asked.headers["access-control-allow-methods"]
        allowed = {name.strip().lower() for name in asked.headers["access-control-allow-headers"].split(",")}
        assert set(wanted.split(",")) <= allowed or "authorization" in allowed and "*" in allowed
    answer = page.post(SCORES, json={"name": "n", "value": 1, "traceId": "t"}, headers={"Authorization": f"Bearer {tenant.key.public_key}"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    refused = page.post(SCORES, json={}, headers={"Authorization": f"Bearer {tenant.key.public_key}"})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (400, "*")
