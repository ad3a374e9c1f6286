"""What real coding agents sent over OTLP, as it was recorded: once and again, in order and in reverse, through the deployed stack."""

import json
import pathlib

import pytest
from harness.stack import ROOT
from harness.waiting import wait_until

RECORDED = ROOT / "tests/fixtures/agents"
SCENARIOS = sorted({str(body.parent.relative_to(RECORDED)) for body in RECORDED.glob("*/*/*.bin")})
BUCKETS = {"input": "fresh", "input_cached_tokens": "cache_read", "input_cache_creation": "cache_write", "input_cache_creation_5m": "cache_write",
           "output": "output", "output_reasoning_tokens": "output"}


def send(api, folder: pathlib.Path, request: dict) -> None:
    headers = {"content-type": request["contentType"]} | ({"content-encoding": request["contentEncoding"]} if request["contentEncoding"] else {})
    answer = api.http.post(request["path"], content=(folder / request["file"]).read_bytes(), headers=headers)
    assert answer.status_code == 200, f"{request['file']}: {answer.status_code} {answer.text[:300]}"
    assert answer.headers["content-type"].split(";")[0] == request["contentType"].split(";")[0]
    assert answer.content in (b"", b"{}"), "nothing is rejected"


def expected_tokens(agent: str, truth: dict) -> dict:
    worked = [request for request in truth["api_requests"] if request["status"] == 200]
    if agent == "opencode":
        worked = worked[:-1]  # It ended before it exported its last call.
    sums = {name: sum(request["usage"][name] for request in worked) for name in ("fresh", "cache_read", "cache_write", "output")}
    if agent in ("gemini-cli", "opencode"):
        # What an agent doesn't tell apart stands in the bucket that holds it.
        sums["fresh"] += sums.pop("cache_write")
    return {name: count for name, count in sums.items() if count}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_recorded_session_is_told_truly_however_often_it_is_sent(owner, name):
    folder = RECORDED / name
    meta = json.loads((folder / "meta.json").read_text())
    agent, truth = meta["agent"], meta["truth"]
    api = owner.new_tenant(name.replace("/", " "))
    for request in meta["requests"] + meta["requests"][::-1]:
        send(api, folder, request)

    tokens = expected_tokens(agent, truth)
    row = wait_until(lambda: next((row for row in api.rows(limit=10) if row["totalTokens"] == sum(tokens.values())), None))
    assert len(api.rows(limit=10)) == 1, "a session is one trace, resumed or not"
    assert row["tags"] == [agent]
    if agent == "claude-code":
        assert row["totalCost"] == pytest.approx(truth["cost_usd"], rel=1e-9)
    whole = api.read(f"/api/public/traces/{row['id']}")
    found: dict[str, int] = {}
    for step in whole["observations"]:
        for bucket, count in step["usageDetails"].items():
            if bucket != "total":
                found[BUCKETS[bucket]] = found.get(BUCKETS[bucket], 0) + count
    assert {bucket: count for bucket, count in found.items() if count} == tokens

    told = [call for call in truth["tool_calls"] if not (agent == "codex" and call.get("outcome") == "denied: PreToolUse hook")]
    assert len([step for step in whole["observations"] if step["type"] == "TOOL"]) == len(told)
    commands = api.read(f"/api/public/traces/{row['id']}/terminal-commands")["data"]
    true_codes = sorted(call["exit_code"] for call in told if call.get("exit_code") is not None)
    for command in commands:
        assert command["exitCode"] is None or command["exitCode"] in true_codes + [0, 1]
        assert (command["exitCode"] is None) == (command["exitCodeSource"] == "none")
    if agent == "claude-code" and "s1-fix" in name:
        links = api.read(f"/api/public/git-links/by-commit/{truth['commits'][0]['sha']}")["data"]
        assert [(link["traceId"], link["branch"], link["method"]) for link in links] == [(row["id"], truth["branch"], "agent_reported")]
        edits = api.read(f"/api/public/traces/{row['id']}/file-operations", operation="UPDATE")["data"]
        assert [(edit["filePath"], edit["diffSummary"]) for edit in edits] == [("/home/dev/shop/shop/cart.py", {"linesAdded": 1, "linesRemoved": 1})]
        assert "+    return round(" in edits[0]["diff"]
        found = api.read("/api/public/terminal-commands", search="pytest")["data"]
        assert [command["command"] for command in found] == ["python3 -m pytest -q"] * 2


def test_metrics_count_once_delta_and_cumulative(owner):
    """Claude Code's own counters equal what its requests cost, whichever temporality it was set to."""
    for name in ("claude-code/s1-fix-and-commit", "claude-code/s5-http-json"):
        folder = RECORDED / name
        meta = json.loads((folder / "meta.json").read_text())
        api = owner.new_tenant(name.replace("/", " ") + " metrics")
        metrics = [request for request in meta["requests"] if request["path"].endswith("/metrics")]
        for request in metrics + metrics:
            send(api, folder, request)

        def sums(**query):
            return api.read("/api/public/v2/agent-metrics", **query)["data"]

        cost = wait_until(lambda: [s for s in sums(name="claude_code.cost.usage") if abs(s["value"] - meta["truth"]["cost_usd"]) < 1e-9])
        assert (cost[0]["unit"], cost[0]["kind"]) == ("USD", "sum")
        by_type = {s["group"]["type"]: s["value"] for s in sums(name="claude_code.token.usage", groupBy="type")}
        truth = meta["truth"]["tokens"]
        assert by_type == {"input": truth["fresh"], "output": truth["output"], "cacheRead": truth["cache_read"], "cacheCreation": truth["cache_write"]}
        lines = {(s["group"]["agent"], s["group"]["type"]): s["value"] for s in sums(name="claude_code.lines_of_code.count", groupBy="agent,type")}
        assert lines == {("claude-code", "added"): 1, ("claude-code", "removed"): 1}
