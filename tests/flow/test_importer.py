"""`agenttrace import langfuse`: a project of one server in another. AgentTrace itself speaks the API that the command reads, so it is source and target."""

import base64
import functools
import hashlib
import json
import os
import signal
import subprocess
import urllib.parse

import httpx
import pytest

from harness.api import Api, event
from harness.front import Gone, in_front
from harness.stack import ROOT
from harness.telemetry import unique
from harness.waiting import wait_until

COMMAND = ROOT / "target/fast/agenttrace"
PROMPTS, DATASETS, ITEMS, CONFIGS, MODELS, QUEUES, COMMENTS, MEDIA = (
    f"/api/public/{path}" for path in ("v2/prompts", "v2/datasets", "dataset-items", "score-configs", "models", "annotation-queues", "comments", "media")
)


@pytest.fixture(scope="module")
def command():
    """The command, which was built with the functions."""
    assert COMMAND.exists(), "cargo build --profile fast --workspace --bins"
    return COMMAND


def environment(source: Api, target: Api) -> dict:
    said = {}
    for name, api in (("LANGFUSE", source), ("AGENTTRACE", target)):
        said |= {f"{name}_BASE_URL": api.base_url, f"{name}_PUBLIC_KEY": api.key.public_key, f"{name}_SECRET_KEY": api.key.secret_key}
    return {name: value for name, value in os.environ.items() if not name.startswith(("LANGFUSE_", "AGENTTRACE_"))} | said


def imported(command, source, target, folder, *arguments, **more) -> subprocess.CompletedProcess:
    return subprocess.run([command, "--json", "import", "langfuse", *arguments], cwd=folder, env=environment(source, target) | more, capture_output=True, text=True, timeout=300)


def made(api: Api, method: str, path: str, body: dict) -> dict:
    answer = api.send(method, path, body)
    assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
    return answer.json() if answer.content else {}


def pages(api: Api, path: str, **params) -> list[dict]:
    rows, page = [], 1
    while True:
        answer = api.read(path, page=page, limit=100, **params)
        rows += answer["data"]
        if page >= answer["meta"]["totalPages"]:
            return rows
        page += 1


def id_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()[:22]


def reference(data: bytes, content_type: str = "image/png") -> str:
    return f"@@@langfuseMedia:type={content_type}|id={id_of(data)}|source=bytes@@@"


def uploaded(api: Api, data: bytes, content_type: str = "image/png", **place) -> str:
    """A file as SDKs send it."""
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    about = made(api, "POST", MEDIA, {"contentType": content_type, "contentLength": len(data), "sha256Hash": digest, "field": "input"} | place)
    if about["uploadUrl"]:
        headers = {"Content-Type": content_type, "x-amz-checksum-sha256": digest}
        assert httpx.put(about["uploadUrl"], content=data, headers=headers, trust_env=False).status_code == 200
        made(api, "PATCH", f"{MEDIA}/{about['mediaId']}", {"uploadedAt": "2026-03-10T12:00:00.000Z", "uploadHttpStatus": 200})
    return about["mediaId"]


def bytes_of(file: dict) -> str:
    answer = httpx.get(file["url"], trust_env=False)
    assert answer.status_code == 200, answer.text[:300]
    return hashlib.sha256(answer.content).hexdigest()


def told(api: Api, traces: int) -> None:
    """One of everything, and many traces."""
    picture, sound = f"picture of {api.project_id}".encode() * 1000, f"sound of {api.project_id}".encode()
    texts = {0: {"n": 0, "picture": reference(picture)}, 1: f"look at {reference(picture)} please"}
    config = made(api, "POST", CONFIGS, {"name": "mood", "dataType": "CATEGORICAL", "categories": [{"label": "good", "value": 1}, {"label": "bad", "value": 0}]})
    share = made(api, "POST", CONFIGS, {"name": "share", "dataType": "NUMERIC", "minValue": 0, "maxValue": 1, "description": "of one"})
    old = made(api, "POST", CONFIGS, {"name": "old", "dataType": "BOOLEAN"})
    made(api, "PATCH", f"{CONFIGS}/{old['id']}", {"isArchived": True})
    made(api, "POST", MODELS, {"modelName": "house-model", "matchPattern": "(?i)^house-model$", "unit": "TOKENS", "inputPrice": 0.000001, "outputPrice": 0.000002})
    for version in range(1, 5):
        made(api, "POST", PROMPTS, {"name": "folder/greeting 東京", "type": "text", "prompt": f"Hello {version} {{{{name}}}}", "labels": ["production"] if version == 3 else [], "tags": ["a", "b"], "config": {"temperature": version / 10}, "commitMessage": f"v{version}"})
    assert api.http.delete(f"{PROMPTS}/folder%2Fgreeting%20%E6%9D%B1%E4%BA%AC", params={"version": "2"}).status_code == 204
    made(api, "POST", PROMPTS, {"name": "chat", "type": "chat", "prompt": [{"role": "system", "content": "be kind"}, {"type": "placeholder", "name": "history"}], "labels": ["production", "eu"]})
    made(api, "POST", DATASETS, {"name": "questions/all", "description": "d", "metadata": {"k": 1}})
    made(api, "POST", DATASETS, {"name": "empty"})
    for number in range(7):
        made(api, "POST", ITEMS, {"datasetName": "questions/all", "id": f"{api.project_id}-item-{number}", "input": {"q": number}, "expectedOutput": reference(picture) if number == 3 else f"a{number}", "metadata": {"n": number}, "status": "ARCHIVED" if number == 6 else "ACTIVE"})
    events = []
    for number in range(traces):
        at, trace = f"2026-03-10T12:{number // 60 % 60:02}:{number % 60:02}.123Z", f"{api.project_id}-trace-{number}"
        events += [
            event("trace-create", {"id": trace, "name": f"trace {number % 3}", "timestamp": at, "userId": f"u{number % 5}", "sessionId": f"s{number % 4}", "tags": ["x", f"t{number % 2}"], "input": texts.get(number, {"n": number}), "output": f"out {number}", "metadata": {"deep": {"n": [number]}, "text": "123"}, "environment": "staging", "release": "r1", "version": "v1"}, at),
            event("agent-create", {"id": f"{trace}-root", "traceId": trace, "name": "root", "startTime": at, "endTime": at, "environment": "staging", "input": "in", "level": "WARNING", "statusMessage": "odd"}, at),
            event("generation-create", {"id": f"{trace}-call", "traceId": trace, "parentObservationId": f"{trace}-root", "name": "call", "startTime": at, "endTime": at, "completionStartTime": at, "environment": "staging", "model": "house-model", "modelParameters": {"temperature": 0.5}, "usageDetails": {"input": 100 + number, "output": 7}, "costDetails": {"input": 0.0001, "output": 0.00002}, "input": [{"role": "user", "content": "hi"}], "output": {"text": "yes", "sound": reference(sound, "audio/wav")} if number == 0 else {"text": "yes"}}, at),
        ]
    for start in range(0, len(events), 300):
        api.store_batch(*events[start:start + 300])
    first, second = f"{api.project_id}-trace-0", f"{api.project_id}-trace-1"
    uploaded(api, picture, traceId=first)
    uploaded(api, picture, traceId=second)
    uploaded(api, sound, "audio/wav", traceId=first, observationId=f"{first}-call", field="output")
    uploaded(api, picture, datasetId=api.read(f"{DATASETS}/questions%2Fall")["id"], datasetItemId=f"{api.project_id}-item-3", field="expectedOutput")
    wait_until(lambda: api.read("/api/public/traces", limit=1)["meta"]["totalItems"] == traces)
    queue = made(api, "POST", QUEUES, {"name": "odd ones", "description": "d", "scoreConfigIds": [config["id"], share["id"]]})
    made(api, "POST", QUEUES, {"name": "empty", "scoreConfigIds": [share["id"]]})
    objects = [(f"{api.project_id}-trace-{number}", "TRACE", "COMPLETED" if number == 7 else "PENDING") for number in range(5, 10)]
    for object_id, object_type, status in [*objects, (f"{first}-call", "OBSERVATION", "PENDING"), ("s1", "SESSION", "PENDING")]:
        made(api, "POST", f"{QUEUES}/{queue['id']}/items", {"objectId": object_id, "objectType": object_type, "status": status})
    prompt = api.read(f"{PROMPTS}/chat", version=1)["id"]
    for object_type, object_id, content in [("TRACE", first, "odd"), ("TRACE", first, "odd"), ("TRACE", first, "and **long**\n東京"), ("OBSERVATION", f"{first}-call", "slow"), ("SESSION", "s1", "a talk"), ("PROMPT", prompt, "kind")]:
        made(api, "POST", COMMENTS, {"projectId": api.project_id, "objectType": object_type, "objectId": object_id, "content": content})
    run = made(api, "POST", "/api/public/dataset-run-items", {"runName": "run 1", "runDescription": "the first", "metadata": {"m": 1}, "datasetItemId": f"{api.project_id}-item-0", "traceId": first})
    made(api, "POST", "/api/public/dataset-run-items", {"runName": "run 1", "datasetItemId": f"{api.project_id}-item-1", "traceId": f"{api.project_id}-trace-1"})
    scores = [
        {"name": "mood", "value": "good", "dataType": "CATEGORICAL", "configId": config["id"], "traceId": first, "comment": "c"},
        {"name": "number", "value": 0.25, "traceId": first, "observationId": f"{first}-call", "metadata": {"by": "test"}},
        {"name": "yes", "value": 1, "dataType": "BOOLEAN", "sessionId": "s1"},
        {"name": "of the run", "value": 3, "datasetRunId": run["datasetRunId"]},
        {"name": "mood", "value": "bad", "dataType": "CATEGORICAL", "configId": config["id"], "traceId": f"{api.project_id}-trace-7", "queueId": queue["id"], "source": "ANNOTATION"},
    ]
    for number, score in enumerate(scores):
        made(api, "POST", "/api/public/scores", {"id": f"{api.project_id}-score-{number}", **score})
    wait_until(lambda: api.read("/api/public/v2/scores", limit=1)["meta"]["totalItems"] == len(scores))


OF_THE_PROJECT = {"projectId", "createdAt", "updatedAt", "htmlPath", "authorUserId", "createdBy", "datasetId", "modelId", "internalModelId", "usagePricingTierId", "promptId", "url", "urlExpiry", "uploadedAt"}


def plain(value, api: Api):
    """Without what names the project or the moment of writing."""
    if isinstance(value, dict):
        return {name: plain(inner, api) for name, inner in value.items() if name not in OF_THE_PROJECT}
    if isinstance(value, list):
        return [plain(inner, api) for inner in value]
    return value


def everything(api: Api) -> dict:
    """All that the first API tells of a project."""
    traces = {row["id"]: api.read(f"/api/public/traces/{row['id']}") for row in pages(api, "/api/public/traces")}
    prompts = {}
    for row in pages(api, PROMPTS):
        path = f"{PROMPTS}/{row['name'].replace('/', '%2F')}"
        prompts[row["name"]] = {"versions": row["versions"], "labels": sorted(row["labels"]), "tags": row["tags"]} | {version: plain(api.read(path, version=version, resolve="false"), api) for version in row["versions"]}
    for prompt in prompts.values():
        for version in prompt["versions"]:
            prompt[version]["labels"].sort()
    configs = {row["name"]: {name: value for name, value in row.items() if name != "id"} for row in pages(api, CONFIGS)}
    names = {row["id"]: row["name"] for row in pages(api, CONFIGS)}
    runs = {}
    for dataset in pages(api, DATASETS):
        path = f"/api/public/datasets/{dataset['name'].replace('/', '%2F')}/runs"
        for run in pages(api, path):
            whole = api.read(f"{path}/{run['name']}")
            runs[(dataset["name"], run["name"])] = {"about": (whole["description"], whole["metadata"]), "items": sorted((item["datasetItemId"], item["traceId"]) for item in whole["datasetRunItems"])}
    versions = {prompt.pop("id"): f"{name} {version}" for name, whole in prompts.items() for version, prompt in whole.items() if isinstance(version, int)}
    queues, queue_names = {}, {}
    for queue in pages(api, QUEUES):
        queue_names[queue["id"]] = queue["name"]
        items = pages(api, f"{QUEUES}/{queue['id']}/items")
        queues[queue["name"]] = {"description": queue["description"], "configs": [names[id] for id in queue["scoreConfigIds"]], "items": [(item["objectType"], item["objectId"], item["status"]) for item in items]}
    comments = {}
    for row in reversed(pages(api, COMMENTS)):
        comments.setdefault((row["objectType"], versions.get(row["objectId"], row["objectId"])), []).append(row["content"])
    files = {}
    for trace in (id for id, whole in traces.items() if "@@@langfuseMedia:" in json.dumps(whole)):
        for file in api.read(f"/api/public/v2/traces/{trace}/media")["data"]:
            files[(trace, file["observationId"], file["field"])] = (file["mediaId"], file["contentType"], file["contentLength"], bytes_of(file))
    scores = {}
    for row in pages(api, "/api/public/v2/scores"):
        row = plain({name: value for name, value in row.items() if name != "trace"}, api)
        row["configId"] = names.get(row.get("configId"))
        row["datasetRunId"] = bool(row.get("datasetRunId"))
        row["queueId"] = queue_names.get(row.get("queueId"))
        scores[row["id"]] = row
    for trace in traces.values():
        trace["observations"].sort(key=lambda row: row["id"])
        trace["scores"] = len(trace["scores"])
    return {
        "traces": {id: plain(trace, api) for id, trace in traces.items()},
        "prompts": prompts,
        "configs": plain(configs, api),
        "models": [plain({name: value for name, value in row.items() if name not in ("id", "pricingTiers")}, api) for row in pages(api, MODELS) if not row["isLangfuseManaged"]],
        "datasets": {row["name"]: plain({name: value for name, value in row.items() if name != "id"}, api) for row in pages(api, DATASETS)},
        "items": [plain(row, api) for row in pages(api, ITEMS, datasetName="questions/all", status="ALL")],
        "runs": runs,
        "queues": queues,
        "scores": scores,
        "comments": comments,
        "files": files,
    }


def difference(one, other, path="") -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        return [line for name in {**one, **other} for line in difference(one.get(name, "absent"), other.get(name, "absent"), f"{path}/{name}")]
    return [] if one == other else [f"{path}: {json.dumps(one, default=str)[:300]} is {json.dumps(other, default=str)[:300]}"]


TRACES = 120
"""Three pages of the importer's."""
SCORES = 5


@pytest.fixture(scope="module")
def source(owner) -> Api:
    api = owner.new_tenant("import source")
    told(api, TRACES)
    return api


@functools.cache
def everything_at_first(source: Api) -> dict:
    """Of the source, which nobody changes."""
    return everything(source)


def same(source: Api, target: Api) -> None:
    expected = everything_at_first(source)
    assert len(expected["traces"]) == TRACES and len(expected["scores"]) == SCORES and len(expected["items"]) == 7 and len(expected["runs"]) == 1
    assert len(expected["queues"]["odd ones"]["items"]) == 7 and sum(map(len, expected["comments"].values())) == 6 and len(expected["files"]) == 3
    wait_until(lambda: target.read("/api/public/traces", limit=1)["meta"]["totalItems"] == len(expected["traces"]))
    wait_until(lambda: target.read("/api/public/v2/scores", limit=1)["meta"]["totalItems"] == len(expected["scores"]))

    def nothing_differs():
        found = difference(expected, everything(target))
        assert not found, "\n".join(found[:20])
        return True

    wait_until(nothing_differs, within=60)


def test_a_whole_project_is_copied_and_a_second_copy_changes_nothing(command, owner, source, tmp_path):
    target = owner.new_tenant("import target")

    first = imported(command, source, target, tmp_path)

    assert first.returncode == 0, first.stdout + first.stderr
    summary = json.loads(first.stdout)
    assert summary["refused"] == 0 and summary["copied"]["traces"] == TRACES and summary["copied"]["observations"] == 2 * TRACES and summary["copied"]["scores"] == SCORES
    assert {kind: summary["copied"][kind] for kind in ("annotation-queues", "queue-items", "comments", "media")} == {"annotation-queues": 2, "queue-items": 7, "comments": 6, "media": 4}
    assert summary["leftOut"] == [] and summary["notOffered"] == []
    same(source, target)
    for text in (first.stdout, first.stderr, (tmp_path / "agenttrace-import.json").read_text()):
        assert source.key.secret_key not in text and target.key.secret_key not in text
    (tmp_path / "agenttrace-import.json").unlink()
    again = imported(command, source, target, tmp_path)
    assert again.returncode == 0, again.stdout + again.stderr
    same(source, target)
    # Complete: the next time brings what is new alone.
    delta = imported(command, source, target, tmp_path)
    assert delta.returncode == 0 and json.loads(delta.stdout)["copied"]["traces"] == 0, delta.stdout + delta.stderr
    assert not difference(everything_at_first(source), everything(target))


def test_a_copy_that_was_killed_goes_on(command, owner, source, tmp_path):
    target = owner.new_tenant("import target")
    state = tmp_path / "agenttrace-import.json"

    def progress() -> int:
        return json.loads(state.read_text())["traces"]["page"] if state.exists() else 0

    kills, seen = 0, -1
    for _ in range(3):
        process = subprocess.Popen([command, "import", "langfuse", "--concurrency", "1"], cwd=tmp_path, env=environment(source, target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda process=process, seen=seen: process.poll() is not None or progress() > max(seen, 0), within=60, every=0.002)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
        seen = progress()
    assert kills >= 2, "it was killed in the middle"

    done = imported(command, source, target, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    same(source, target)


def test_a_dry_run_counts_and_writes_nothing(command, owner, source, tmp_path):
    target = owner.new_tenant("import target")

    done = imported(command, source, target, tmp_path, "--dry-run")

    assert done.returncode == 0, done.stdout + done.stderr
    counted = json.loads(done.stdout)
    assert counted["dryRun"] is True
    assert counted["copied"] == {"models": 1, "score-configs": 3, "prompts": 4, "datasets": 2, "dataset-items": 7, "traces": TRACES, "observations": 2 * TRACES, "runs": 1, "annotation-queues": 2, "queue-items": 7, "scores": SCORES, "comments": 6}
    assert list(tmp_path.iterdir()) == [] and target.read("/api/public/traces")["data"] == [] and pages(target, PROMPTS) == []


def test_kinds_are_copied_alone(command, owner, source, tmp_path):
    target = owner.new_tenant("import target")

    done = imported(command, source, target, tmp_path, "--only", "prompts,score-configs")

    assert done.returncode == 0, done.stdout + done.stderr
    assert [row["name"] for row in pages(target, PROMPTS)] == [row["name"] for row in pages(source, PROMPTS)]
    assert pages(target, DATASETS) == [] and target.read("/api/public/traces")["data"] == []


def test_mistakes_are_told_before_anything_is_written(command, owner, source, tmp_path):
    target = owner.new_tenant("import target")

    same_project = imported(command, source, source, tmp_path)
    assert same_project.returncode == 1 and "same project" in same_project.stdout
    wrong = subprocess.run([command, "import", "langfuse"], cwd=tmp_path, env=environment(source, target) | {"AGENTTRACE_SECRET_KEY": "sk-at-wrong"}, capture_output=True, text=True, timeout=60)
    assert wrong.returncode == 1 and "401" in wrong.stderr and "sk-at-wrong" not in wrong.stderr
    assert subprocess.run([command, "import", "langfuse", "--only", "nothing"], cwd=tmp_path, env=environment(source, target), capture_output=True, timeout=60).returncode == 2
    (tmp_path / "other.json").write_text('{"version": 1}')
    other = imported(command, source, target, tmp_path, "--state", "other.json")
    assert other.returncode == 1 and "other.json" in other.stdout


def absent(status: int = 404):
    return status, {"message": "gone", "error": "LangfuseNotFoundError"}, {}


def test_later_servers_are_read_by_their_own_api(command, owner, source, tmp_path):
    """A server in front of ours that answers 404 where servers of the fourth version do."""
    gone = ("/api/public/traces", "/api/public/v2/scores", "/api/public/scores", "/api/public/observations", "/api/public/sessions")

    def later(method, path, query, body):
        return absent() if path.startswith(gone) or (path.startswith("/api/public/datasets/") and "/runs" in path) else None

    target = owner.new_tenant("import target")
    with in_front(source, later) as server:
        done = imported(command, server, target, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    wait_until(lambda: target.read("/api/public/traces", limit=1)["meta"]["totalItems"] == TRACES)
    expected, found = everything_at_first(source), everything(target)
    for kind in ("prompts", "configs", "models", "datasets", "items", "runs", "queues", "scores", "comments"):
        assert not difference(expected[kind], found[kind]), difference(expected[kind], found[kind])[:5]
    for id, trace in expected["traces"].items():
        other = found["traces"][id]
        for name in ("name", "userId", "sessionId", "tags", "environment", "release", "totalCost", "timestamp"):
            assert other[name] == trace[name], (name, other[name], trace[name])
        assert not difference(trace["observations"], other["observations"]), difference(trace["observations"], other["observations"])[:5]


# Comments, queues and people


def test_what_a_server_does_not_offer_is_said_and_no_failure(command, owner, source, tmp_path):
    """Servers of version 2 have no queues, and none of Langfuse's tells who is assigned to them."""
    lacks = {"/api/public/comments": 404, QUEUES: 405}
    target = owner.new_tenant("import target")
    with in_front(source, lambda method, path, query, body: absent(lacks[path]) if path in lacks else None) as server:
        done = imported(command, server, target, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(done.stdout)
    assert summary["notOffered"] == ["annotation-queues", "comments"] and summary["refused"] == 0 and summary["copied"]["traces"] == TRACES
    assert pages(target, QUEUES) == [] and pages(target, COMMENTS) == []

    # The same state: what is offered now is brought.
    (tmp_path / "agenttrace-import.json").unlink()
    with in_front(source, lambda method, path, query, body: absent(405) if path.endswith("/assignments") else None) as server:
        again = imported(command, server, target, tmp_path)
    assert again.returncode == 0 and json.loads(again.stdout)["notOffered"] == ["queue-assignments"], again.stdout + again.stderr
    same(source, target)


def test_a_busy_server_is_waited_for(command, owner, source, tmp_path):
    seen: dict[str, int] = {}

    def busy(method, path, query, body):
        if not path.startswith((QUEUES, COMMENTS, MEDIA)):
            return None
        seen[path] = seen.get(path, 0) + 1
        return {1: (429, {"message": "slow down"}, {"Retry-After": "0"}), 2: (503, {"message": "away"}, {"Retry-After": "0"})}.get(seen[path])

    target = owner.new_tenant("import target")
    with in_front(source, busy) as server:
        done = imported(command, server, target, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(seen) >= 6 and min(seen.values()) >= 3, seen
    same(source, target)


@pytest.mark.parametrize(("kind", "path"), [("comments", COMMENTS), ("annotation-queues", QUEUES), ("prompts", PROMPTS), ("scores", "/api/public/v2/scores"), ("traces", "/api/public/traces")])
def test_pages_that_repeat_end_the_copy(command, owner, source, tmp_path, kind, path):
    asked = []

    def endless(method, asked_path, query, body):
        if asked_path != path:
            return None
        asked.append(query.get("page"))
        answer = source.read(path, **(query | {"page": "1"}))
        # Full pages: what tells of an end on some lists is a short one.
        answer["data"] = (answer["data"] * 100)[: int(query.get("limit", 1))]
        return 200, answer | {"meta": {"page": 1, "limit": 1, "totalItems": 10**9, "totalPages": 10**9}}, {}

    target = owner.new_tenant("import target")
    with in_front(source, endless) as server:
        done = imported(command, server, target, tmp_path, "--only", kind)

    assert done.returncode == 1 and "repeat" in done.stdout, done.stdout + done.stderr
    assert len(asked) < 10, asked


def organization_keys(owner) -> dict:
    answer = owner.http.post("/api/public/organizations/apiKeys", headers={"X-AgentTrace-Organization-Id": owner.me["organizations"][0]["id"]})
    assert answer.status_code in (200, 201), answer.text
    keys = answer.json()
    return {f"{server}_ORGANIZATION_{kind}_KEY": keys[name] for server in ("LANGFUSE", "AGENTTRACE") for kind, name in (("PUBLIC", "publicKey"), ("SECRET", "secretKey"))}


def test_people_are_found_by_their_email_with_the_keys_of_both_organizations(command, owner, tmp_path):
    source = owner.new_tenant("import source")
    me = owner.me["user"]["id"]
    config = made(source, "POST", CONFIGS, {"name": "good", "dataType": "BOOLEAN"})
    queue = made(source, "POST", QUEUES, {"name": "mine", "scoreConfigIds": [config["id"]]})
    made(source, "POST", f"{QUEUES}/{queue['id']}/assignments", {"userId": me})
    source.store_batch(event("trace-create", {"id": f"{source.project_id}-t", "timestamp": "2026-03-10T12:00:00Z"}))
    source.trace(f"{source.project_id}-t")
    made(source, "POST", COMMENTS, {"projectId": source.project_id, "objectType": "TRACE", "objectId": f"{source.project_id}-t", "content": "by me", "authorUserId": me})

    def people(target):
        (copied,), (comment,) = pages(target, QUEUES), pages(target, COMMENTS)
        return [row["userId"] for row in target.read(f"{QUEUES}/{copied['id']}/assignments")["data"]], comment["authorUserId"]

    nobody, somebody = owner.new_tenant("import target"), owner.new_tenant("import target")
    without = imported(command, source, nobody, tmp_path, "--state", "without.json")
    with_keys = imported(command, source, somebody, tmp_path, "--state", "with.json", **organization_keys(owner))

    assert without.returncode == 0 and with_keys.returncode == 0, without.stdout + with_keys.stdout
    assert people(nobody) == ([], None)
    assert [(left["kind"], left["count"]) for left in json.loads(without.stdout)["leftOut"]] == [("queue-assignments", 1)]
    assert people(somebody) == ([me], me)
    assert json.loads(with_keys.stdout)["leftOut"] == [] and json.loads(with_keys.stdout)["copied"]["queue-assignments"] == 1
    for text in (with_keys.stdout, with_keys.stderr, (tmp_path / "with.json").read_text()):
        assert owner.stack.email not in text


def test_what_was_judged_since_the_last_copy_is_judged_and_nothing_comes_back(command, owner, tmp_path):
    source, target = owner.new_tenant("import source"), owner.new_tenant("import target")
    config = made(source, "POST", CONFIGS, {"name": "good", "dataType": "BOOLEAN"})
    queue = made(source, "POST", QUEUES, {"name": "some", "scoreConfigIds": [config["id"]]})
    items = [made(source, "POST", f"{QUEUES}/{queue['id']}/items", {"objectId": f"{source.project_id}-{number}", "objectType": "TRACE"}) for number in range(4)]
    source.store_batch(event("trace-create", {"id": f"{source.project_id}-0", "timestamp": "2026-03-10T12:00:00Z"}))
    source.trace(f"{source.project_id}-0")
    comment = {"projectId": source.project_id, "objectType": "TRACE", "objectId": f"{source.project_id}-0", "content": "first"}
    made(source, "POST", COMMENTS, comment)
    assert imported(command, source, target, tmp_path).returncode == 0
    (copied,), (there,) = pages(target, QUEUES), pages(target, COMMENTS)
    path = f"{QUEUES}/{copied['id']}/items"

    # One is judged here, another there; a comment is deleted there and one comes here, on the trace and on one that is nowhere.
    made(source, "PATCH", f"{QUEUES}/{queue['id']}/items/{items[1]['id']}", {"status": "COMPLETED"})
    made(target, "PATCH", f"{path}/{next(row['id'] for row in pages(target, path) if row['objectId'] == items[2]['objectId'])}", {"status": "COMPLETED"})
    made(target, "DELETE", f"{COMMENTS}/{there['id']}", None)
    made(source, "POST", COMMENTS, comment | {"content": "second"})
    again = imported(command, source, target, tmp_path)

    assert again.returncode == 0, again.stdout + again.stderr
    assert {row["objectId"]: row["status"] for row in pages(target, path)} == {f"{source.project_id}-{number}": "COMPLETED" if number in (1, 2) else "PENDING" for number in range(4)}
    assert [row["content"] for row in pages(target, COMMENTS)] == ["second"]


def test_comments_on_what_was_not_copied_are_left_out_and_counted(command, owner, source, tmp_path):
    target = owner.new_tenant("import target")

    done = imported(command, source, target, tmp_path, "--only", "comments")

    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(left["count"] for left in json.loads(done.stdout)["leftOut"]) == [1, 5] and pages(target, COMMENTS) == []


# Interrupted at the worst moment


@pytest.mark.parametrize("call", [COMMENTS, QUEUES, "/items/batch", MEDIA])
def test_a_copy_that_dies_before_it_hears_the_answer_makes_nothing_twice(command, owner, source, tmp_path, call):
    """The target did what it was told, and the command is killed before it knows."""
    target = owner.new_tenant("import target")
    running: list[subprocess.Popen] = []

    def killing(method, path, query, body):
        if not (running and method == "POST" and path.endswith(call)):
            return None
        assert target.http.post(path, content=body, headers={"Content-Type": "application/json"}).status_code < 300
        running.pop().kill()
        raise Gone

    with in_front(target, killing) as server:
        process = subprocess.Popen([command, "import", "langfuse"], cwd=tmp_path, env=environment(source, server), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running.append(process)
        assert process.wait(timeout=300) == -signal.SIGKILL

        done = imported(command, source, server, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    same(source, target)


# Files


def test_files_are_left_out_where_that_is_asked_for(command, owner, source, tmp_path):
    target = owner.new_tenant("import target")

    done = imported(command, source, target, tmp_path, "--no-media", "--only", "traces,datasets")

    assert done.returncode == 0 and "media" not in json.loads(done.stdout)["copied"], done.stdout + done.stderr
    first = f"{source.project_id}-trace-0"
    assert target.trace(first)["input"] == source.read(f"/api/public/traces/{first}")["input"], "the reference stays"
    assert target.read(f"/api/public/v2/traces/{first}/media")["data"] == []


def test_a_source_that_lies_about_files_is_found_out(command, owner, tmp_path):
    """The source may name any address and give any bytes; each of these is told, and the good files are copied."""
    source, target = owner.new_tenant("import source"), owner.new_tenant("import target")
    files = {name: f"{name} of {source.project_id}".encode() for name in ("good", "later", "metadata service", "no such host", "other bytes", "too many bytes", "redirect", "no address", "file address", "refused by the bucket", "gone", "too large")}
    for number, (name, data) in enumerate(files.items()):
        trace = f"{source.project_id}-{number}"
        source.store_batch(event("trace-create", {"id": trace, "name": name, "timestamp": f"2026-03-10T12:00:{number:02}Z", "input": reference(data)}))
        uploaded(source, data, traceId=trace)
    wait_until(lambda: source.read("/api/public/traces", limit=1)["meta"]["totalItems"] == len(files))
    names = {id_of(data): name for name, data in files.items()}
    asked: dict[str, int] = {}

    def lying(method, path, query, body):
        if path.startswith("/bucket/"):
            name = urllib.parse.unquote(path.removeprefix("/bucket/"))
            asked[name] = asked.get(name, 0) + 1
            match name:
                case "later" if asked[name] == 1:
                    return 503, b"busy", {"Retry-After": "0"}
                case "redirect":
                    return 302, b"", {"Location": source.read(f"{MEDIA}/{id_of(files[name])}")["url"]}
                case "refused by the bucket":
                    return 403, b"", {}
                case "other bytes":
                    return 200, files[name][::-1], {}
                case "too many bytes":
                    return 200, files[name] * 2, {}
            return 200, files[name], {}
        if not path.startswith(f"{MEDIA}/"):
            return None
        name = names[path.removeprefix(f"{MEDIA}/")]
        about = source.read(path) | {"url": f"{server.base_url}/bucket/{urllib.parse.quote(name)}"}
        match name:
            case "metadata service":
                about["url"] = "http://169.254.169.254/latest/meta-data/iam"
            case "no such host":
                about["url"] = "http://bucket.example.invalid/x"
            case "no address":
                del about["url"]
            case "file address":
                about["url"] = "file:///etc/passwd"
            case "too large":
                about["contentLength"] = 10**12
            case "gone":
                return absent()
        return 200, about, {}

    with in_front(source, lying) as server:
        done = imported(command, server, target, tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    summary = json.loads(done.stdout)
    bad = set(files) - {"good", "later", "gone"}
    told = {next(name for id, name in names.items() if id in line): line for line in summary["refusals"]}
    assert set(told) == bad and summary["refused"] == len(bad), summary["refusals"]
    assert "169.254.169.254" in told["metadata service"] and "not those of its id" in told["other bytes"] and "302" in told["redirect"] and "403" in told["refused by the bucket"]
    assert summary["copied"]["media"] == 2 and [left["count"] for left in summary["leftOut"]] == [1]
    assert asked["refused by the bucket"] == 2, "an address may have grown old, once"
    there = {name for name, data in files.items() if target.get(f"{MEDIA}/{id_of(data)}").status_code == 200}
    assert there == {"good", "later"}
    for name in there:
        assert bytes_of(target.read(f"{MEDIA}/{id_of(files[name])}")) == hashlib.sha256(files[name]).hexdigest()
    assert "X-Amz-Signature" not in done.stdout, "addresses are signed, and not told"


def test_a_bucket_that_is_away_stops_the_copy_which_goes_on_later(command, owner, source, tmp_path):
    target = owner.new_tenant("import target")
    away = True

    def bucket(method, path, query, body):
        if path.startswith("/bucket/"):
            return (503, b"", {"Retry-After": "0"}) if away else None
        if not path.startswith(f"{MEDIA}/") or not away:
            return None
        return 200, source.read(path) | {"url": f"{server.base_url}/bucket/x"}, {}

    with in_front(source, bucket) as server:
        first = imported(command, server, target, tmp_path)
        away = False
        second = imported(command, server, target, tmp_path)

    assert first.returncode == 1 and "503" in first.stdout, first.stdout
    assert second.returncode == 0, second.stdout + second.stderr
    same(source, target)


def test_a_file_that_could_not_be_fetched_is_asked_for_again_the_next_time(command, owner, tmp_path):
    source, target = owner.new_tenant("import source"), owner.new_tenant("import target")
    trace, data = f"{source.project_id}-t", f"file of {source.project_id}".encode()
    source.store_batch(event("trace-create", {"id": trace, "timestamp": "2026-03-10T12:00:00Z", "output": reference(data)}))
    uploaded(source, data, traceId=trace, field="output")
    source.trace(trace)

    def away(method, path, query, body):
        if path.startswith("/bucket/"):
            return 503, b"", {"Retry-After": "0"}
        return (200, source.read(path) | {"url": f"{server.base_url}/bucket/x"}, {}) if path.startswith(f"{MEDIA}/") and is_away else None

    is_away = True
    with in_front(source, away) as server:
        first = imported(command, server, target, tmp_path)
        is_away = False
        second = imported(command, server, target, tmp_path)

    assert first.returncode == 1 and json.loads(first.stdout)["refused"] == 1 and json.loads(first.stdout)["copied"]["traces"] == 1, first.stdout
    assert second.returncode == 0 and json.loads(second.stdout)["copied"]["media"] == 1, second.stdout
    assert [bytes_of(file) for file in target.read(f"/api/public/v2/traces/{trace}/media")["data"]] == [hashlib.sha256(data).hexdigest()]
