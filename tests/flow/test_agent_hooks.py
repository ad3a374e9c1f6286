"""Recorded hooks of real agents through the deployed stack: alone, and together with what the same sessions sent over OTLP."""

import json
import pathlib

import pytest
from harness.waiting import wait_until

from flow.test_agents import RECORDED, expected_tokens, send

ALONE = ["claude-code/s2-resume-subagent", "codex/s2-resume-background", "gemini-cli/s2-resume", "copilot-cli/s2-continue-subagent",
         "opencode/s1-fix-and-commit", "cursor/documented", "cursor/documented-without-ids"]
TOGETHER = ["claude-code/s1-fix-and-commit", "codex/s2-resume-background", "gemini-cli/s2-resume", "copilot-cli/s2-continue-subagent", "opencode/s4-otlp"]


def hooks(folder: pathlib.Path) -> list[list[dict]]:
    """The recorded calls, in lists of a few."""
    calls = [json.loads(line) for line in (folder / "hooks.jsonl").read_text().splitlines()]
    return [calls[place:place + 7] for place in range(0, len(calls), 7)]


def tell(api, agent: str, calls: list[dict]) -> None:
    answer = api.http.post(f"/api/public/agents/{agent}/hooks", json=calls)
    assert answer.status_code == 207, f"{answer.status_code} {answer.text[:300]}"
    assert answer.json() == {"successes": [{"index": index, "id": call["id"]} for index, call in enumerate(calls)], "errors": []}


def settled(api, agent: str, truth: dict, calls: int, commands: int) -> tuple[dict, list[dict]]:
    """The session's trace and its commands, once it is as it shall be."""

    def read():
        rows = api.rows(limit=10)
        if len(rows) != 1:
            return None
        trace = api.read(f"/api/public/traces/{rows[0]['id']}")
        tools = [step for step in trace["observations"] if step["type"] == "TOOL"]
        turns = [step for step in trace["observations"] if (step["metadata"] or {}).get("agent.record") == "turn"]
        ran = api.read(f"/api/public/traces/{trace['id']}/terminal-commands")["data"]
        told = f"tools {[step['id'] for step in tools]}, turns {[step['id'] for step in turns]}, commands {[row['command'] for row in ran]}"
        assert (len(tools), len(turns), len(ran)) == (calls, len(truth["prompts"]), commands), told
        return trace, ran

    return wait_until(read)


def commands_of(truth: dict) -> list[str]:
    return sorted(call["command"] for call in truth["tool_calls"] if call.get("command"))


@pytest.mark.parametrize("name", ALONE)
def test_hooks_alone_tell_the_session(owner, name):
    folder = RECORDED / name
    meta = json.loads((folder / "meta.json").read_text())
    agent, truth = meta["agent"], meta["truth"]
    api = owner.new_tenant("hooks of " + name.replace("/", " "))
    lists = hooks(folder)
    for calls in lists + lists[::-1]:
        tell(api, agent, calls)

    # Codex calls no hook when it asks a running command for more output.
    called = [call for call in truth["tool_calls"] if agent != "codex" or call["kind"] != "raw" or call.get("command")]
    trace, ran = settled(api, agent, truth, len(called), len(commands_of(truth)))

    assert sorted(row["command"] for row in ran) == commands_of(truth)
    assert all((row["exitCode"] is None) == (row["exitCodeSource"] == "none") for row in ran)
    assert all(step["usageDetails"] == {} for step in trace["observations"])
    prompts = [step["input"].strip('"') for step in sorted(trace["observations"], key=lambda step: step["startTime"]) if step["name"] == "turn"]
    assert prompts == truth["prompts"]
    edited = {row["filePath"] for row in api.read(f"/api/public/traces/{trace['id']}/file-operations")["data"] if row["operation"] != "READ"}
    for call in truth["tool_calls"]:
        if call.get("outcome") == "applied":
            assert any(path.endswith(call["path"]) for path in edited), (call, edited)


@pytest.mark.parametrize("name", TOGETHER)
@pytest.mark.parametrize("first", ["hooks", "telemetry"])
def test_hooks_and_telemetry_are_one_session(owner, name, first):
    folder = RECORDED / name
    meta = json.loads((folder / "meta.json").read_text())
    agent, truth = meta["agent"], meta["truth"]
    api = owner.new_tenant(f"{first} first {name}"[:60])
    told = [lambda calls=calls: tell(api, agent, calls) for calls in hooks(folder)]
    sent = [lambda request=request: send(api, folder, request) for request in meta["requests"]]
    for part in (told + sent if first == "hooks" else sent + told) + sent[::-1] + told[::-1]:
        part()

    trace, ran = settled(api, agent, truth, len(truth["tool_calls"]), len(commands_of(truth)))

    tokens = sum(expected_tokens(agent, truth).values())
    row = wait_until(lambda: next((row for row in api.rows(limit=10) if row["totalTokens"] == tokens), None))
    assert row["id"] == trace["id"]
    assert sorted(command["command"] for command in ran) == commands_of(truth), "each command once"
