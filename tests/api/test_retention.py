"""Retention: what a project no longer wants to keep is deleted by a job that runs once a day, and here when the test says so."""

import base64
import datetime
import hashlib
import json
import os

import httpx
from harness.api import event
from harness.telemetry import unique
from harness.waiting import wait_until

SOON = 60.0


def ago(days: float) -> str:
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def keep(owner, api, days: int) -> None:
    answer = owner.request("PUT", f"/api/public/projects/{api.project_id}", api.project_id, {"name": unique("kept"), "retention": days})
    assert answer.status_code == 200, answer.text


def run_the_job(aws) -> int:
    answer = aws.client("lambda").invoke(FunctionName=f"{aws.stack.part('stack')}-apply-retention", Payload=b"{}")
    said = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    return said["projects"]


def told(api, name: str, days: float, **more) -> str:
    """A trace of so many days ago, with a step, a score and a file."""
    trace, data = unique(name), os.urandom(500)
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    media = api.send("POST", "/api/public/media", {"traceId": trace, "contentType": "image/png", "contentLength": len(data), "sha256Hash": digest, "field": "input"}).json()
    assert httpx.put(media["uploadUrl"], content=data, headers={"Content-Type": "image/png", "x-amz-checksum-sha256": digest}, trust_env=False).status_code == 200
    assert api.send("PATCH", f"/api/public/media/{media['mediaId']}", {"uploadedAt": ago(0), "uploadHttpStatus": 200, "uploadTimeMs": 1}).status_code == 204
    api.store_batch(event("trace-create", {"id": trace, "timestamp": ago(days)}), event("span-create", {"id": f"{trace}-s", "traceId": trace, "startTime": ago(days), "endTime": ago(more.get("until", days))}),
                    event("score-create", {"id": f"{trace}-q", "traceId": trace, "name": "q", "value": 1, "timestamp": ago(days)}))
    api.trace(trace, steps=1)
    api.score(f"{trace}-q")
    return trace, media["mediaId"]


def test_what_is_older_than_a_projects_days_is_deleted_with_all_that_belongs_to_it(owner, aws, clickhouse):
    api, forever = owner.new_tenant("retention"), owner.new_tenant("forever")
    keep(owner, api, 30)
    old, file = told(api, "old", 40)
    young, young_file = told(api, "young", 20)
    going_on, _ = told(api, "going-on", 40, until=1)
    elsewhere, _ = told(forever, "old", 4_000)
    alone = unique("session-score")
    assert api.send("POST", "/api/public/scores", {"id": alone, "name": "s", "value": 1, "sessionId": "gone", "timestamp": ago(40)}).status_code == 200
    api.score(alone)

    for _ in range(2):  # twice is as once
        assert run_the_job(aws) >= 1
        wait_until(lambda: not api.has_trace(old), SOON)

    wait_until(lambda: api.get(f"/api/public/v2/scores/{alone}").status_code == 404, SOON)
    assert api.get(f"/api/public/observations/{old}-s").status_code == api.get(f"/api/public/v2/scores/{old}-q").status_code == 404
    wait_until(lambda: api.get(f"/api/public/media/{file}").status_code == 404, SOON)
    assert clickhouse.count("observations", api.project_id, "trace_id", old) == 0
    for trace in (young, going_on):
        assert len(api.trace(trace, steps=1)["scores"]) == 1
    assert api.get(f"/api/public/media/{young_file}").status_code == 200
    assert forever.has_trace(elsewhere)


def test_more_than_one_job_can_delete_goes_on_in_the_next(owner, aws, clickhouse):
    api, count = owner.new_tenant("retention-many"), 2_300
    keep(owner, api, 3)
    for first in range(0, count, 500):
        api.store_batch(*[event("trace-create", {"id": f"old-{number}", "timestamp": ago(10)}) for number in range(first, min(first + 500, count))])
    rows = "SELECT count() FROM traces FINAL WHERE project_id = {project:String}"
    wait_until(lambda: clickhouse.value(rows, project=api.project_id) == count, SOON)

    run_the_job(aws)

    wait_until(lambda: clickhouse.value(rows, project=api.project_id) == 0, 2 * SOON)


def test_the_job_has_its_schedule(aws):
    events = aws.client("events")
    function = aws.client("lambda").get_function_configuration(FunctionName=f"{aws.stack.part('stack')}-apply-retention")["FunctionArn"]

    rules = [rule for rule in events.list_rules()["Rules"] if any(target["Arn"] == function for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"])]

    assert [(rule["ScheduleExpression"], rule["State"]) for rule in rules] == [("rate(1 day)", "ENABLED")]


def test_no_retention_keeps_everything(owner, aws):
    api = owner.new_tenant("retention-none")
    keep(owner, api, 3)
    keep(owner, api, 0)
    trace, _ = told(api, "old", 400)

    run_the_job(aws)

    later, _ = told(api, "later", 400)
    assert api.has_trace(trace) and api.has_trace(later)
