"""What nobody has and what another project has, on every operation that names something in its address: not found, in one envelope, which clients compare."""

import os
import re
from urllib.parse import quote

import pytest
from harness.api import event
from harness.telemetry import encoded, request, span, trace_id, unique
from harness.waiting import wait_until

from api.caller import refused
from api.test_agents import BODIES as ROWS
from api.test_agents import post as post_row
from api.test_agents import stored as stored_row
from api.test_agents import body as row_body
from api.test_contract import BY_NAME, caller_of, needed
from api.test_media import upload as upload_media
from api.test_models import flat
from api.test_uploads import uploaded
from api.world import at

NAMED = {name: operation["operationId"] for name, (_, path, operation) in BY_NAME.items() if "{" in path}
# Statements, which wait for what has not arrived, and orders to delete, which tell no absence from another's: bad_input B44 shows that they touch nothing.
STATED = {"update_trace": 200, "update_observation": 200, "update_score": 200, "update_ci_run": 200, "delete_trace": 200, "delete_score": 202}
# What hangs on a name: nothing hangs on one that nobody has.
LISTS = {"list_trace_media", "list_ci_runs_of_trace", "list_file_operations_of_trace", "list_terminal_commands_of_trace", "list_git_links_of_commit", "list_git_links_of_trace"}
# The names in these are no object of a project: an agent's kind, a project that is proved by a signature, a session of one's own.
APART = {"tell_agent_hooks", "receive_github_webhook", "end_my_session"}
FOUND = [name for name, operation in NAMED.items() if operation not in STATED and operation not in LISTS and operation not in APART]

OBJECT = {"objectId": "t", "objectType": "TRACE"}
BODIES = {
    "update_annotation_queue": {"name": "x"}, "create_annotation_queue_assignment": {"userId": "u"}, "delete_annotation_queue_assignment": {"userId": "u"},
    "create_annotation_queue_item": OBJECT, "create_annotation_queue_items": {"objects": [OBJECT]}, "take_annotation_queue_item": {}, "update_annotation_queue_item": {"status": "COMPLETED"},
    "update_score_config": {"isArchived": True}, "report_media_upload": {"uploadedAt": "2026-03-01T10:00:00Z", "uploadHttpStatus": 200}, "update_model": flat("m"),
    "duplicate_prompt": {"name": "copy"}, "set_prompt_tags": {"tags": []}, "update_prompt_labels": {"newLabels": ["x"]}, "set_prompt_labels": {"labels": ["x"]},
    "ingest_upload": {"target": "traces", "contentType": "application/x-protobuf"}, "update_project": {"name": "x"}, "create_api_key": {},
    "put_project_membership": {"userId": "u", "role": "MEMBER"}, "delete_project_membership": {"userId": "u"}, "put_github_webhook": {},
}
PEOPLES = {"take_annotation_queue_item"}


def ask(callers, name: str, path: str, project: str):
    method, _, operation = BY_NAME[name]
    person = operation["operationId"] in PEOPLES
    caller = callers["session"] if person else caller_of(callers, operation)
    headers = {"X-AgentTrace-Project-Id": project} if person else {}
    return caller.call(method, path, json=BODIES.get(operation["operationId"], {} if "requestBody" in operation else None), params=needed(operation), headers=headers)


def absent_path(path: str) -> str:
    """With names that no other test has told anything of."""
    path = path.replace("{promptVersion}", "1").replace("{sha}", "0123abc")
    return re.sub(r"\{[^}]+\}", lambda _: unique("nobody"), path)


@pytest.mark.parametrize("name", FOUND)
def test_what_nobody_has_is_not_found(callers, stack, name):
    answer = ask(callers, name, absent_path(BY_NAME[name][1]), stack.project_id)

    assert set(refused(answer, 404, "LangfuseNotFoundError")) == {"message", "error"}


@pytest.mark.parametrize("name", [name for name, operation in NAMED.items() if operation in LISTS])
def test_nothing_hangs_on_what_nobody_has(callers, stack, name):
    answer = ask(callers, name, absent_path(BY_NAME[name][1]), stack.project_id)

    assert (answer.status_code, answer.json()["data"]) == (200, []), answer.text


def test_every_operation_with_a_name_is_asked_for_it():
    operations = set(NAMED.values())

    assert operations == {NAMED[name] for name in FOUND} | set(STATED) | LISTS | APART
    assert {operation for operation in operations if operation in BODIES} == set(BODIES)


# Another project's


@pytest.fixture(scope="module")
def stranger(owner):
    """The other tenant of this module: what it holds would show in the sums and rows of the one that all modules share."""
    return owner.new_tenant("stranger")


@pytest.fixture(scope="module")
def theirs(stranger) -> dict[str, str]:
    """One of everything that another tenant may have, by the place in the address where it is named."""
    def sent(method: str, path: str, body: dict) -> dict:
        answer = stranger.send(method, f"/api/public/{path}", body)
        assert answer.status_code < 300, f"{answer.status_code} {answer.text[:300]}"
        return answer.json()

    mark = unique("their")
    trace = f"codex-{mark}"
    stranger.store_batch(
        event("trace-create", {"id": trace, "name": "theirs", "sessionId": f"{mark}-session", "timestamp": at(0), "metadata": {"agent.name": "codex", "agent.version": "1"}}, at(0)),
        event("span-create", {"id": f"{mark}-step", "traceId": trace, "name": "turn", "startTime": at(0), "metadata": {"agent.name": "codex", "agent.record": "turn"}}, at(0)),
        event("score-create", {"id": f"{mark}-score", "traceId": trace, "name": "s", "value": 1}, at(0)))
    config = sent("POST", "score-configs", {"name": "c", "dataType": "NUMERIC"})["id"]
    queue = sent("POST", "annotation-queues", {"name": mark, "scoreConfigIds": [config]})["id"]
    sent("POST", "v2/datasets", {"name": f"{mark}-data"})
    item = sent("POST", "dataset-items", {"datasetName": f"{mark}-data", "input": 1})["id"]
    sent("POST", "dataset-run-items", {"runName": f"{mark}-run", "datasetItemId": item, "traceId": trace})
    sent("POST", "v2/prompts", {"name": f"{mark}-prompt", "prompt": "x", "labels": ["production"]})
    rows = {kind: post_row(stranger, kind, row_body(kind, trace))["id"] for kind in ROWS}
    for kind, id in rows.items():
        stored_row(stranger, kind, id)
    wait_until(lambda: stranger.trace(trace, steps=1)["scores"])
    wait_until(lambda: stranger.get(f"/api/public/agent-sessions/{trace}").status_code == 200)
    found = {
        "traceId": trace, "observationId": f"{mark}-step", "sessionId": f"{mark}-session", "scoreId": f"{mark}-score", "configId": config, "queueId": queue,
        "itemId": sent("POST", f"annotation-queues/{queue}/items", {"objectId": trace, "objectType": "TRACE"})["id"],
        "commentId": sent("POST", "comments", {"projectId": stranger.project_id, "objectType": "TRACE", "objectId": trace, "content": "theirs"})["id"],
        "datasetItemId": item, "datasetName": f"{mark}-data", "runName": f"{mark}-run", "promptName": f"{mark}-prompt", "promptVersion": "1",
        "mediaId": upload_media(stranger, os.urandom(64)), "uploadId": uploaded(stranger, encoded(request(span(trace_id())))[0]),
        "recalculationId": sent("POST", "v2/models/recalculations", {"fromTimestamp": at(-60), "toTimestamp": at(-59)})["id"],
        "models/id": sent("POST", "models", flat(mark))["id"],
        "llm-connections/id": sent("PUT", "llm-connections", {"provider": mark, "adapter": "openai", "secretKey": "sk-proj-0123456789abcd"})["id"],
        "sha": ROWS["git-links"]["commitSha"],
    }
    wait_until(lambda: stranger.get(f"/api/public/commits/{found['sha']}").status_code == 200)
    return found | {f"{kind}/id": id for kind, id in rows.items()}


def named(path: str, names: dict[str, str]) -> str:
    def name(place: re.Match) -> str:
        resource = path[: place.start()].rstrip("/").rpartition("/")[2]
        return quote(names.get(f"{resource}/{place.group(1)}") or names[place.group(1)], safe="")

    return re.sub(r"\{([^}]+)\}", name, path)


# Of whole projects there are none of another organization on a stack: test_keys and test_organizations show those.
OF_A_PROJECT = [name for name in [*FOUND, *[name for name, operation in NAMED.items() if operation in LISTS]] if "{projectId}" not in name and "organizations/" not in name]


@pytest.mark.parametrize("name", OF_A_PROJECT)
def test_what_another_project_has_looks_absent(callers, tenant, theirs, name):
    method, path, operation = BY_NAME[name]
    nobody = {place: f"{id[:4]}{'0' * (len(id) - 4)}" if place != "promptVersion" else id for place, id in theirs.items()}

    foreign, absent = (ask(callers, name, named(path, names), tenant.project_id) for names in (theirs, nobody))

    if operation["operationId"] in LISTS:
        assert (foreign.status_code, foreign.json()["data"]) == (200, [])
        return
    refused(foreign, 404, "LangfuseNotFoundError")
    texts = [foreign.text, absent.text]
    for place in sorted(set(theirs) - {"promptVersion"}, key=lambda place: -len(theirs[place])):  # some ids begin as others do
        texts = [text.replace(theirs[place], "ID").replace(nobody[place], "ID") for text in texts]
    assert texts[0] == texts[1]


READ = ["traces/{traceId}", "observations/{observationId}", "sessions/{sessionId}", "scores/{scoreId}", "score-configs/{configId}", "annotation-queues/{queueId}/items/{itemId}",
        "comments/{commentId}", "dataset-items/{datasetItemId}", "datasets/{datasetName}/runs/{runName}", "v2/prompts/{promptName}", "media/{mediaId}", "models/{id}",
        "v2/models/recalculations/{recalculationId}", *[f"{kind}/{{id}}" for kind in ROWS], "agent-sessions/{traceId}", "commits/{sha}"]


@pytest.mark.parametrize("path", READ)
def test_it_is_there_for_its_own_project_all_the_while(stranger, theirs, path):
    """Runs after the sweep, which also tried to change and to delete it."""
    assert stranger.http.get(named(f"/api/public/{path}", theirs)).status_code == 200
