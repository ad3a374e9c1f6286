"""File operations, commands, links to commits, CI runs, and the doors for logs and metrics."""

import gzip
import json

import pytest
from harness.telemetry import unique
from harness.waiting import wait_until

from api.caller import refused
from api.world import at

BODIES = {
    "file-operations": {"operation": "UPDATE", "filePath": "src/main.rs", "linesAdded": 3, "linesRemoved": 1, "diff": "@@\n-a\n+b\n", "agent": "codex"},
    "terminal-commands": {"command": "cargo test", "exitCode": 101, "stdout": "\u001b[31mneedle in the output\u001b[0m", "durationMs": 1234, "workingDir": "/w"},
    "git-links": {"commitSha": "0658d87f7aa33b7aa20dc69570ed7cf7f15cc4f2", "branch": "fix/x", "repositoryUrl": "https://git.example/acme/shop", "prNumber": 7,
                  "filesChanged": ["a", "b"], "additions": 4, "method": "hook_environment", "confidence": 0.9},
    "ci-runs": {"provider": "GITLAB_CI", "runId": "991", "status": "RUNNING", "stage": "test", "branch": "fix/x", "startedAt": at(0)},
}
TITLES = {"file-operations": "File operation", "terminal-commands": "Terminal command", "git-links": "Git link", "ci-runs": "CI run"}
KINDS = sorted(BODIES)


def body(kind: str, trace: str, **more) -> dict:
    time = {} if kind == "ci-runs" else {"timestamp": at(1)}
    return BODIES[kind] | {"traceId": trace} | time | more


def post(api, kind: str, content) -> dict:
    answer = api.http.post(f"/api/public/{kind}", json=content)
    assert answer.status_code in (200, 207), f"{answer.status_code} {answer.text[:300]}"
    return answer.json()


def stored(api, kind: str, id: str) -> dict:
    def read():
        answer = api.http.get(f"/api/public/{kind}/{id}")
        return answer.json() if answer.status_code == 200 else None

    return wait_until(read)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_created_read_and_replaced_by_its_id(tenant, kind):
    trace = unique("agent")
    content = body(kind, trace)
    id = post(tenant, kind, content)["id"]
    row = stored(tenant, kind, id)

    assert (row["id"], row["projectId"], row["traceId"]) == (id, tenant.project_id, trace)
    for name, value in content.items():
        if name in ("linesAdded", "linesRemoved"):
            assert row["diffSummary"][name] == value
        else:
            assert row[name] == value, name
    assert post(tenant, kind, content)["id"] == id, "the same statement is the same row"
    own = unique("own")
    assert post(tenant, kind, content | {"id": own})["id"] == own
    assert stored(tenant, kind, own)["id"] == own
    ids = [row["id"] for row in tenant.read(f"/api/public/{kind}", traceId=trace)["data"]]
    assert sorted(ids) == sorted([id, own])


@pytest.mark.parametrize("kind", KINDS)
def test_another_projects_row_is_absent(tenant, other, kind):
    id = post(tenant, kind, body(kind, unique("secret")))["id"]
    stored(tenant, kind, id)

    theirs = refused(other.http.get(f"/api/public/{kind}/{id}"), 404, "LangfuseNotFoundError")
    absent = refused(other.http.get(f"/api/public/{kind}/nothing-here"), 404, "LangfuseNotFoundError")
    assert theirs == absent
    assert theirs["message"] == f"{TITLES[kind]} not found within authorized project"
    assert id not in [row["id"] for row in other.read(f"/api/public/{kind}", limit=200)["data"]]


MALFORMED = {
    "file-operations": {"operation": "EXPLODE"},
    "terminal-commands": {"command": "  "},
    "git-links": {"commitSha": "not hex"},
    "ci-runs": {"provider": "UNKNOWN_CI"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_malformed_row_is_refused_beside_good_ones(tenant, kind):
    trace = unique("mixed")
    bad = body(kind, trace) | MALFORMED[kind]
    refused(tenant.http.post(f"/api/public/{kind}", json=bad), 400, "InvalidRequestError")
    refused(tenant.http.post(f"/api/public/{kind}", content=b"{", headers={"content-type": "application/json"}), 400, "InvalidRequestError")

    answer = tenant.http.post(f"/api/public/{kind}", json=[body(kind, trace, id=unique("a")), bad, 7, body(kind, trace, id=unique("b"))])

    assert answer.status_code == 207
    assert [row["index"] for row in answer.json()["successes"]] == [0, 3]
    assert [row["index"] for row in answer.json()["errors"]] == [1, 2] and all(row["message"] for row in answer.json()["errors"])
    wait_until(lambda: len(tenant.read(f"/api/public/{kind}", traceId=trace)["data"]) == 2)


@pytest.mark.parametrize("kind", KINDS)
def test_lists_page_newest_first_and_a_traces_rows_come_in_order(tenant, kind):
    trace = unique("pages")
    time = "startedAt" if kind == "ci-runs" else "timestamp"
    made = [post(tenant, kind, body(kind, trace, id=f"{trace}-{n}", **{time: at(n)}))["id"] for n in range(5)]
    wait_until(lambda: len(tenant.read(f"/api/public/{kind}", traceId=trace)["data"]) == 5)

    seen, cursor = [], {}
    while True:
        page = tenant.read(f"/api/public/{kind}", traceId=trace, limit=2, **cursor)
        seen += [row["id"] for row in page["data"]]
        if "cursor" not in page["meta"]:
            break
        cursor = {"cursor": page["meta"]["cursor"]}
    assert seen == made[::-1]
    of_trace = f"/api/public/git-links/by-trace/{trace}" if kind == "git-links" else f"/api/public/traces/{trace}/{kind}"
    assert [row["id"] for row in tenant.read(of_trace)["data"]] == made
    assert [row["id"] for row in tenant.read(f"/api/public/{kind}", traceId=trace, fromTimestamp=at(1), toTimestamp=at(3))["data"]] == [made[2], made[1]]
    for query in ({"limit": 0}, {"cursor": "forged"}, {"fromTimestamp": "yesterday"}):
        refused(tenant.http.get(f"/api/public/{kind}", params=query), 400, "InvalidRequestError")


def test_commands_are_found_by_their_output_and_by_failing(tenant):
    trace = unique("search")
    post(tenant, "terminal-commands", [
        {"traceId": trace, "command": "true", "exitCode": 0, "stdout": "all Good 100%", "workingDir": "/home/ada/Shop_1/api"},
        {"traceId": trace, "command": "make x", "exitCode": 2, "stderr": "No rule for Zebra_1"},
        {"traceId": trace, "command": "unknown"},
    ])
    wait_until(lambda: len(tenant.read("/api/public/terminal-commands", traceId=trace)["data"]) == 3)

    def found(**query):
        return {row["command"] for row in tenant.read("/api/public/terminal-commands", traceId=trace, **query)["data"]}

    assert (found(search="zebra_"), found(search="GOOD 100%"), found(search="make"), found(search="nowhere")) == ({"make x"}, {"true"}, {"make x"}, set())
    assert (found(failed="true"), found(exitCode=2), found(exitCode=0)) == ({"make x"}, {"make x"}, {"true"})
    assert (found(workingDir="shop_1/"), found(workingDir="/home/%"), found(workingDir="/ADA/", failed="true")) == ({"true"}, set(), set())
    refused(tenant.http.get("/api/public/terminal-commands", params={"failed": "maybe"}), 400, "InvalidRequestError")


def test_a_commit_is_found_by_its_id_or_its_begin(tenant):
    trace, sha = unique("commit"), "ab" * 20
    post(tenant, "git-links", {"traceId": trace, "commitSha": sha.upper(), "commitMessage": "Apply the discount"})
    wait_until(lambda: [link["traceId"] for link in tenant.read(f"/api/public/git-links/by-commit/{sha}")["data"]] == [trace])
    assert [link["traceId"] for link in tenant.read(f"/api/public/git-links/by-commit/{sha[:8]}")["data"]] == [trace]
    assert tenant.read("/api/public/git-links/by-commit/" + "cd" * 20)["data"] == []
    refused(tenant.http.get("/api/public/git-links/by-commit/xyz"), 400, "InvalidRequestError")


def test_a_ci_run_is_told_piece_by_piece_and_never_goes_back(tenant):
    first = {"provider": "GITHUB_ACTIONS", "runId": unique("run"), "workflowName": "ci", "status": "RUNNING", "startedAt": at(0), "attempt": 1}
    id = post(tenant, "ci-runs", first)["id"]
    assert tenant.http.patch(f"/api/public/ci-runs/{id}", json={"status": "FAILURE", "finishedAt": at(2), "traceId": "t"}).json() == {"id": id}
    run = wait_until(lambda: (found := stored(tenant, "ci-runs", id)) and found["status"] == "FAILURE" and found)
    assert (run["workflowName"], run["traceId"], run["durationMs"]) == ("ci", "t", 120_000)

    assert post(tenant, "ci-runs", first)["id"] == id, "the same run, told late"
    tenant.http.patch(f"/api/public/ci-runs/{id}", json={"branch": "main"})
    run = wait_until(lambda: (found := stored(tenant, "ci-runs", id)) and found["branch"] == "main" and found)
    assert run["status"] == "FAILURE"
    refused(tenant.http.patch(f"/api/public/ci-runs/{id}", json={"status": "ODD"}), 400, "InvalidRequestError")


@pytest.mark.parametrize("path", ["/v1/logs", "/v1/metrics", "/api/public/otel/v1/logs", "/api/public/otel/v1/metrics"])
def test_logs_and_metrics_answer_in_the_requests_own_format(tenant, path):
    for kind, content in (("application/json", b"{}"), ("application/x-protobuf", b"")):
        answer = tenant.http.post(path, content=gzip.compress(content), headers={"content-type": kind, "content-encoding": "gzip"})
        assert (answer.status_code, answer.headers["content-type"].split(";")[0], answer.content) == (200, kind, content), answer.text
    for content, kind, status in ((b"[", "application/json", 400), (b"\xff\xff", "application/x-protobuf", 400), (b"x", "text/plain", 415)):
        assert tenant.http.post(path, content=content, headers={"content-type": kind}).status_code == status
    wrong = tenant.http.post(path, json={"resourceSpans": []})
    assert wrong.status_code == 400 and "/v1/traces" in wrong.json()["message"]


def test_what_is_no_agents_log_is_rejected_by_count(tenant):
    record = {"timeUnixNano": "1795360699984000000", "body": {"stringValue": "hello"}}
    content = {"resourceLogs": [{"resource": {}, "scopeLogs": [{"scope": {"name": "my.service"}, "logRecords": [record, record]}]}]}

    answer = tenant.http.post("/v1/logs", json=content)

    assert answer.status_code == 200
    assert answer.json()["partialSuccess"]["rejectedLogRecords"] == "2"


def metric(points: list[dict], temporality: int) -> dict:
    sums = {"name": "demo.count", "unit": "1", "sum": {"aggregationTemporality": temporality, "isMonotonic": True, "dataPoints": points}}
    return {"resourceMetrics": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "demo"}}]}, "scopeMetrics": [{"metrics": [sums]}]}]}


def point(start: int, minute: int, value: int, **attributes) -> dict:
    nanos = 1_795_360_800 * 10**9
    told = [{"key": key, "value": {"stringValue": text}} for key, text in attributes.items()]
    return {"startTimeUnixNano": str(nanos + start * 60 * 10**9), "timeUnixNano": str(nanos + minute * 60 * 10**9), "asInt": str(value), "attributes": told}


def test_cumulative_sums_grow_by_their_differences_and_survive_a_restart(owner):
    api = owner.new_tenant("metric sums")
    # 5, 8, then a restart that keeps its start (2), then another process (4); the same points come twice.
    content = metric([point(0, 1, 5), point(0, 2, 8), point(0, 3, 2), point(9, 10, 4)], 2)
    for _ in range(2):
        assert api.http.post("/v1/metrics", json=content).content == b"{}"
    assert api.http.post("/v1/metrics", json=metric([point(0, 1, 3, model="a"), point(1, 2, 4, model="b"), {"timeUnixNano": "1"}], 1)).json()["partialSuccess"]["rejectedDataPoints"] == "1"

    def value(**query):
        return sum(row["value"] for row in api.read("/api/public/v2/agent-metrics", name="demo.count", **query)["data"])

    wait_until(lambda: value() == 8 + 2 + 4 + 7)
    assert value(fromTimestamp="2026-11-22T15:21:30Z", toTimestamp="2026-11-22T15:23:00Z") == 3 + 4, "from the first minute's end to before the third"
    assert {row["group"]["model"]: row["value"] for row in api.read("/api/public/v2/agent-metrics", groupBy="model")["data"]} == {"": 14, "a": 3, "b": 4}
    assert {row["group"]["day"]: row["value"] for row in api.read("/api/public/v2/agent-metrics", groupBy="day")["data"]} == {"2026-11-22T00:00:00.000Z": 21}
    refused(api.http.get("/api/public/v2/agent-metrics", params={"groupBy": "a,b,c,d,e"}), 400, "InvalidRequestError")
    assert json.dumps(owner.new_tenant("metric stranger").read("/api/public/v2/agent-metrics")["data"]) == "[]"
