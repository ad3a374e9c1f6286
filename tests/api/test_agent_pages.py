"""The pages of coding agents: sessions, sums, commits with what they cost, pull requests."""

import pytest
from harness.api import event
from harness.telemetry import unique
from harness.waiting import wait_until

from api.caller import refused
from api.world import at

SHOP = "https://git.example.com/acme/shop"
PRICE = 0.5


def step(trace: str, record: str, number: int, minute: float, kind: str = "span-create", **more) -> dict:
    body = {"id": f"{trace}-{record}-{number}", "traceId": trace, "name": record, "startTime": at(minute), "endTime": at(minute + 0.1), "metadata": {"agent.name": "codex", "agent.record": record}}
    return event(kind, body | more, at(minute))


def call(trace: str, number: int, minute: float, **more) -> dict:
    return step(trace, "model_call", number, minute, "generation-create", model="m-1", usageDetails={"input": 100, "output": 10}, costDetails={"total": PRICE}, **more)


def session(mark: str, name: str, minute: float, agent: str = "codex", user: str = "ann", branch: str = "main", repository: str = SHOP) -> tuple[str, list[dict]]:
    trace = f"{agent}-{mark}-{name}"
    metadata = {"agent.name": agent, "agent.version": "1.2.3", "vcs.ref.head.name": branch, "vcs.repository.url.full": repository}
    told = {"id": trace, "name": "Codex", "userId": user, "sessionId": f"{mark}-{name}", "timestamp": at(minute), "input": "fix the " + name + " " + "x" * 300, "metadata": metadata, "tags": [agent]}
    return trace, [
        event("trace-create", told, at(minute)),
        step(trace, "turn", 1, minute), call(trace, 1, minute + 1), call(trace, 2, minute + 2), call(trace, 3, minute + 6),
        step(trace, "tool_call", 1, minute + 3), step(trace, "tool_call", 2, minute + 4, level="ERROR"), step(trace, "subagent", 1, minute + 4),
    ]


@pytest.fixture(scope="module")
def shop(owner):
    """Two sessions of agents, one of them with two commits, and a trace that is no agent's."""
    api = owner.new_tenant("agent pages")
    mark = unique("pages")
    first, told = session(mark, "first", 0)
    second, more = session(mark, "second", 60, agent="claude-code", user="bob", branch="fix/x", repository="git@git.example.com:acme/other.git")
    api.store_batch(*told, *more, event("trace-create", {"id": f"{mark}-plain", "name": "no agent", "timestamp": at(5)}, at(5)))
    sha = [unique("").replace("-", "").ljust(40, c)[:40] for c in "ab"]
    sha = ["".join(c if c in "0123456789abcdef" else "e" for c in text) for text in sha]
    links = [
        {"traceId": first, "commitSha": sha[0], "repositoryUrl": f"{SHOP}.git", "branch": "main", "commitMessage": "Apply the discount", "authorName": "Ann", "timestamp": at(2.5), "method": "hook_environment", "additions": 4, "filesChanged": ["a"]},
        {"traceId": first, "commitSha": sha[0][:8], "timestamp": at(2.4), "method": "agent_reported", "confidence": 0.95},
        {"traceId": first, "commitSha": sha[1], "repositoryUrl": SHOP, "branch": "main", "timestamp": at(7), "prNumber": 7, "prUrl": f"{SHOP}/pull/7"},
        {"traceId": second, "commitSha": sha[1], "repositoryUrl": SHOP, "timestamp": at(66.5), "confidence": 0.5},
    ]
    commands = [{"traceId": first, "command": f"make {n}", "exitCode": n, "timestamp": at(3)} for n in (0, 1, 2)]
    files = [{"traceId": first, "operation": operation, "filePath": path, "linesAdded": 3, "linesRemoved": 1, "timestamp": at(3)} for operation, path in (("UPDATE", "a"), ("UPDATE", "b"), ("READ", "c"))]
    files.append({"traceId": first, "operation": "UPDATE", "filePath": "a", "linesAdded": 1, "timestamp": at(4)})
    run = {"provider": "GITHUB_ACTIONS", "runId": "1", "status": "FAILURE", "commitSha": sha[0], "repositoryUrl": SHOP}
    for _ in range(2):  # told twice, counted once
        for kind, rows in (("git-links", links), ("terminal-commands", commands), ("file-operations", files), ("ci-runs", [run])):
            assert not api.http.post(f"/api/public/{kind}", json=rows).json()["errors"]
    wait_until(lambda: row_of(api, first)["commits"] == 2 and row_of(api, first)["commands"] == 3 and row_of(api, second)["modelCalls"] == 3 and api.read("/api/public/ci-runs")["data"])
    return api, mark, first, second, sha


def row_of(api, trace: str) -> dict:
    return api.read(f"/api/public/agent-sessions/{trace}")


def test_a_session_is_told_with_all_that_was_done_in_it(shop):
    api, mark, first, second, _ = shop

    row = row_of(api, first)

    counts = {"turns": 1, "modelCalls": 3, "toolCalls": 2, "subagents": 1, "commands": 3, "failedCommands": 2, "filesChanged": 2, "linesAdded": 7, "linesRemoved": 2, "commits": 2, "errors": 1}
    assert {name: row[name] for name in counts} == counts
    assert (row["sessionId"], row["agent"], row["agentVersion"], row["userId"]) == (f"{mark}-first", "codex", "1.2.3", "ann")
    assert (row["repositoryUrl"], row["branch"], row["models"], row["totalCost"], row["costComplete"]) == (SHOP, "main", ["m-1"], 3 * PRICE, True)
    assert (row["totalTokens"], row["inputTokens"], row["outputTokens"], row["startTime"]) == (330, 300, 30, at(0))
    assert row["title"].startswith("fix the first x") and len(row["title"]) == 200
    assert row["pullRequests"] == [{"number": 7, "url": f"{SHOP}/pull/7"}]
    assert row_of(api, second)["repositoryUrl"] == "https://git.example.com/acme/other", "one form, however it was told"


def test_sessions_are_listed_filtered_sorted_and_paged(shop):
    api, mark, first, second, _ = shop

    def found(**query):
        return [row["traceId"] for row in api.read("/api/public/agent-sessions", **query)["data"]]

    assert found() == [second, first]
    for query, expected in [
        ({"agent": "codex"}, [first]), ({"userId": "bob"}, [second]), ({"branch": "fix/x"}, [second]), ({"repository": f"{SHOP}.git"}, [second, first]),
        ({"repository": "ssh://git@git.example.com/acme/other"}, [second]), ({"search": "THE FIRST"}, [first]), ({"search": mark}, [second, first]), ({"environment": "none"}, []),
        ({"fromTimestamp": at(30)}, [second]), ({"toTimestamp": at(30)}, [first]), ({"branch": "'; DROP TABLE traces --"}, []),
    ]:
        assert found(**query) == expected, query
    assert found(orderBy="failedCommands") == [first, second]
    for order in ("startTime", "totalCost", "durationMs", "failedCommands"):
        page = api.read("/api/public/agent-sessions", orderBy=order, limit=1)
        rest = api.read("/api/public/agent-sessions", orderBy=order, limit=1, cursor=page["meta"]["cursor"])
        assert {page["data"][0]["traceId"], rest["data"][0]["traceId"]} == {first, second}, order
        assert "cursor" not in rest["meta"]
        refused(api.get("/api/public/agent-sessions", orderBy="startTime" if order != "startTime" else "totalCost", cursor=page["meta"]["cursor"]), 400, "InvalidRequestError")
    refused(api.get("/api/public/agent-sessions", orderBy="name"), 400, "InvalidRequestError")


def test_what_agents_did_is_summed_by_group(shop):
    api, _, _, _, _ = shop

    def rows(group: str, **query) -> dict:
        answer = api.read("/api/public/agent-usage", groupBy=group, **{"fromTimestamp": at(-10), "toTimestamp": at(1_000)} | query)
        return {row.pop("key"): row for row in answer["data"]}

    by_agent = rows("agent")
    assert set(by_agent) == {"codex", "claude-code"}
    assert by_agent["codex"] == {"sessions": 1, "people": 1, "turns": 1, "commands": 3, "failedCommands": 2, "commits": 2, "linesAdded": 7, "linesRemoved": 2, "totalTokens": 330, "totalCost": 3 * PRICE, "costComplete": True}
    assert set(rows("repository")) == {SHOP, "https://git.example.com/acme/other"} and set(rows("branch")) == {"main", "fix/x"} and set(rows("userId")) == {"ann", "bob"}
    day = rows("day")[at(0)[:10]]
    assert (day["sessions"], day["people"], day["commits"], day["totalCost"]) == (2, 2, 2, 6 * PRICE), "a commit of both sessions is one"
    assert rows("model") == {"m-1": day | {"totalTokens": 660}}
    assert set(rows("agent", userId="bob")) == {"claude-code"}
    assert rows("agent", fromTimestamp=at(500)) == {}
    refused(api.get("/api/public/agent-usage", groupBy="colour"), 400, "InvalidRequestError")
    refused(api.get("/api/public/agent-usage"), 400, "InvalidRequestError")


def test_commits_have_their_sessions_and_their_share_of_the_cost(shop):
    api, _, first, second, sha = shop
    newer, older = api.read("/api/public/commits")["data"]

    assert (older["commitSha"], older["repositoryUrl"], older["message"], older["authorName"], older["additions"]) == (sha[0], SHOP, "Apply the discount", "Ann", 4)
    assert [(s["traceId"], s["method"], s["userId"]) for s in older["sessions"]] == [(first, "hook_environment", "ann")], "a short id is the same commit"
    assert (older["cost"], older["costComplete"], older["ciStatus"], older["ciRuns"]) == (2 * PRICE, True, "failure", 1)
    assert [s["traceId"] for s in newer["sessions"]] == [first, second], "the surest first"
    # The first session's call since its commit before, and all three of the second session's: 1.5 of 3 and 1.5 of 1.5 at most.
    assert newer["cost"] == 1 * PRICE + 3 * PRICE and newer["ciStatus"] is None
    assert (newer["prNumber"], newer["prUrl"]) == (7, f"{SHOP}/pull/7")
    assert older["cost"] + newer["cost"] <= 6 * PRICE
    by_id = api.read(f"/api/public/commits/{sha[0][:7]}")["data"]
    assert by_id == [older]


def test_commits_are_filtered_and_paged(shop):
    api, _, _, _, sha = shop

    def found(**query):
        return [row["commitSha"] for row in api.read("/api/public/commits", **query)["data"]]

    for query, expected in [
        ({"search": sha[0][:9].upper()}, [sha[0]]), ({"search": "DISCOUNT"}, [sha[0]]), ({"author": "ann"}, [sha[0]]), ({"agent": "claude-code"}, [sha[1]]), ({"branch": "main"}, [sha[1], sha[0]]),
        ({"repository": "git@git.example.com:acme/shop.git"}, [sha[1], sha[0]]), ({"repository": "https://git.example.com/acme/none"}, []), ({"fromTimestamp": at(5)}, [sha[1]]), ({"toTimestamp": at(5)}, [sha[0]]),
    ]:
        assert found(**query) == expected, query
    page = api.read("/api/public/commits", limit=1)
    rest = api.read("/api/public/commits", limit=1, cursor=page["meta"]["cursor"])
    assert [page["data"][0]["commitSha"], rest["data"][0]["commitSha"]] == [sha[1], sha[0]] and "cursor" not in rest["meta"]
    refused(api.get("/api/public/commits", cursor="forged"), 400, "InvalidRequestError")


def test_a_pull_request_that_only_links_name_is_unknown(shop):
    api, _, _, _, _ = shop
    (row,) = api.read("/api/public/pull-requests")["data"]

    assert (row["repositoryUrl"], row["number"], row["url"], row["state"], row["title"]) == (SHOP, 7, f"{SHOP}/pull/7", "unknown", None)
    assert (row["commits"], row["sessions"], row["agents"], row["cost"]) == (1, 2, ["claude-code", "codex"], 4 * PRICE)
    assert api.read("/api/public/pull-requests", state="merged")["data"] == [] and len(api.read("/api/public/pull-requests", agent="codex")["data"]) == 1
    refused(api.get("/api/public/pull-requests", state="ajar"), 400, "InvalidRequestError")


def test_another_projects_work_is_absent(shop, other):
    _, _, first, _, sha = shop

    theirs = refused(other.get(f"/api/public/agent-sessions/{first}"), 404, "LangfuseNotFoundError")
    assert theirs == refused(other.get("/api/public/agent-sessions/absent"), 404, "LangfuseNotFoundError")
    refused(other.get(f"/api/public/commits/{sha[0]}"), 404, "LangfuseNotFoundError")
    refused(other.get("/api/public/commits/xyz"), 400, "InvalidRequestError")
    for path in ("agent-sessions", "commits", "pull-requests"):
        text = other.http.get(f"/api/public/{path}", params={"limit": 100}).text
        assert first not in text and sha[0] not in text
    assert all(row["key"] != SHOP for row in other.read("/api/public/agent-usage", groupBy="repository", fromTimestamp=at(-10))["data"])


def test_a_deleted_session_takes_its_links_along(owner):
    api, mark = owner.new_tenant("agent deletes"), unique("gone")
    trace, told = session(mark, "only", 0)
    api.store_batch(*told)
    api.http.post("/api/public/git-links", json={"traceId": trace, "commitSha": "ab" * 20, "repositoryUrl": SHOP, "prNumber": 3})
    wait_until(lambda: row_of(api, trace)["commits"] == 1)

    assert api.send("DELETE", f"/api/public/traces/{trace}").status_code == 200

    wait_until(lambda: api.get(f"/api/public/agent-sessions/{trace}").status_code == 404)
    wait_until(lambda: all(api.read(f"/api/public/{path}")["data"] == [] for path in ("agent-sessions", "commits", "pull-requests")))
