"""The door for agents' hooks: one payload as the agent posts it, lists of calls, and what is no hook at all."""

import json

import pytest
from harness.telemetry import unique
from harness.waiting import wait_until

from api.caller import with_key
from api.world import at

AGENTS = ["claude-code", "codex", "gemini-cli", "copilot-cli", "opencode", "cursor"]


def path(agent: str) -> str:
    return f"/api/public/agents/{agent}/hooks"


def prompt(agent: str, session: str, text: str) -> dict:
    """A prompt, as this agent's hook tells it."""
    return {
        "claude-code": {"hook_event_name": "UserPromptSubmit", "session_id": session, "prompt_id": "p1", "cwd": "/work", "prompt": text},
        "codex": {"hook_event_name": "UserPromptSubmit", "session_id": session, "turn_id": "p1", "cwd": "/work", "model": "gpt-5.5", "prompt": text},
        "gemini-cli": {"hook_event_name": "BeforeAgent", "session_id": session, "timestamp": at(1), "cwd": "/work", "prompt": text},
        "copilot-cli": {"sessionId": session, "timestamp": 1795361505905, "cwd": "/work", "prompt": text},
        "opencode": {"kind": "chat.message", "input": {"sessionID": session},
                     "output": {"message": {"id": "msg_1", "role": "user"}, "parts": [{"type": "text", "text": text}]}},
        "cursor": {"hook_event_name": "beforeSubmitPrompt", "conversation_id": session, "generation_id": "p1", "workspace_roots": ["/work"], "prompt": text},
    }[agent]


def bash(session: str, call: str, **more) -> dict:
    return {"hook_event_name": "PostToolUse", "session_id": session, "prompt_id": "p1", "cwd": "/work", "tool_name": "Bash", "tool_use_id": call,
            "tool_input": {"command": "make"}, "tool_response": {"stdout": "ok", "stderr": "", "interrupted": False}} | more


def enveloped(event: dict, id: str = "call-1", **more) -> dict:
    return {"id": id, "at": at(1), "event": event} | more


@pytest.mark.parametrize("agent", AGENTS)
def test_a_payload_as_the_agent_posts_it_becomes_a_trace(tenant, agent):
    session = unique("hook")

    answer = tenant.http.post(path(agent), json=prompt(agent, session, "fix the cart"))

    assert (answer.status_code, answer.json()) == (200, {}), "no opinion"
    trace = tenant.trace(f"{agent}-{session}", steps=2)
    assert (trace["sessionId"], trace["tags"]) == (session, [agent])
    (turn,) = [step for step in trace["observations"] if step["name"] == "turn"]
    assert turn["input"] == "fix the cart"
    assert all(step["usageDetails"] == {} for step in trace["observations"])


def test_a_list_of_calls_is_answered_one_by_one(tenant):
    session = unique("hooks")
    calls = [
        enveloped(prompt("claude-code", session, "hi"), "a"),
        {"id": "b", "at": at(2)},
        enveloped(bash(session, "t1"), "c", git={"repositoryUrl": "https://git.example/x", "branch": "main", "commit": "a" * 40, "root": "/work"},
                  userId="ada", environment="laptop", traceparent="00-x", wrap={"traceId": unique("run"), "observationId": "o1"}),
        enveloped(bash(session, "t2"), "d", surprise=True),
        enveloped(bash(session, "t3"), "e", at="yesterday"),
        enveloped({"hook_event_name": "Stop"}, "f"),
        enveloped(bash(session, "t4"), "bad\nid"),
        "text",
    ]

    answer = tenant.http.post(path("claude-code"), json=calls)

    assert answer.status_code == 207
    told = answer.json()
    assert told["successes"] == [{"index": 0, "id": "a"}, {"index": 2, "id": "c"}]
    reasons = {error["index"]: error["message"] for error in told["errors"]}
    assert sorted(reasons) == [1, 3, 4, 5, 6, 7]
    for index, word in ((1, "event"), (3, "surprise"), (4, "at"), (5, "session_id"), (6, "id")):
        assert word in reasons[index], reasons
    trace = tenant.trace(f"claude-code-{session}", steps=3)
    assert (trace["userId"], trace["environment"]) == ("ada", "laptop")
    root = next(step for step in trace["observations"] if step["id"] == trace["id"])
    assert (root["metadata"]["vcs.ref.head.name"], root["metadata"]["vcs.repository.url.full"]) == ("main", "https://git.example/x")
    (command,) = wait_until(lambda: tenant.read("/api/public/terminal-commands", traceId=trace["id"])["data"])
    assert (command["command"], command["exitCode"], command["exitCodeSource"], command["workingDir"]) == ("make", 0, "agent_text", "/work")


def test_the_same_calls_again_are_the_same_steps(tenant):
    session = unique("again")
    calls = [enveloped(prompt("gemini-cli", session, "hi")), enveloped({
        "hook_event_name": "AfterTool", "session_id": session, "timestamp": at(2), "cwd": "/work", "tool_name": "run_shell_command",
        "tool_input": {"command": "ls"}, "tool_response": {"llmContent": "Output: x\nExit Code: 2\nProcess Group PGID: 1"}})]
    for _ in range(3):
        assert tenant.http.post(path("gemini-cli"), json=calls).status_code == 207

    assert len(tenant.trace(f"gemini-cli-{session}", steps=3)["observations"]) == 3


@pytest.mark.parametrize(("agent", "body", "status"), [
    ("claude-code", b"{", 400),
    ("claude-code", b"", 400),
    ("claude-code", b"\xff\xfe\x00binary", 400),
    ("claude-code", b"null", 400),
    ("claude-code", b'"text"', 400),
    ("claude-code", b"{}", 400),
    ("claude-code", b'{"session_id": 7, "hook_event_name": "Stop"}', 400),
    ("claude-code", b"[" * 5_000, 400),
    ("claude-code", b'{"session_id":"s","tool_input":' + b'{"a":' * 2_000 + b"1" + b"}" * 2_001, 400),
    ("claude-code", json.dumps([{}] * 1_001).encode(), 400),
    ("aider", b'{"session_id": "s"}', 400),
])
def test_what_is_no_hook_is_refused_and_says_why(tenant, agent, body, status):
    answer = tenant.http.post(path(agent), content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status, answer.text
    assert answer.json()["message"], "it says why"


def test_hostile_payloads_are_stored_as_what_they_are(tenant):
    session = unique("hostile")
    weird = "/work/a\nb\tc/\u202e\x00.py"
    events = [
        {"hook_event_name": "NeverHeardOf", "session_id": session, "anything": [1, {"x": None}]},
        bash(session, "t1", tool_response={"stdout": "x" * (1 << 20), "stderr": "\x00\x1b[31m", "interrupted": False}, brand_new_field={"deep": [[[]]]}),
        bash(session, "t2", tool_name="Write", tool_input={"file_path": weird, "content": "a\nb\n"}, tool_response={"type": "create", "filePath": weird}),
        bash(session, "t3", tool_input="not an object", tool_response=[1, 2], duration_ms="soon"),
        bash(session, "t\x00\n4" + "x" * 5_000, tool_input={"command": ["bash", "-lc", "exit 3"]}, tool_response=None, agent_id=7, prompt_id=""),
        {"hook_event_name": "PostToolUseFailure", "session_id": session, "tool_use_id": "t5", "tool_name": "Bash", "error": "Exit code 99999999999999999999"},
        {"hook_event_name": "SessionEnd", "session_id": session, "reason": {"not": "text"}},
    ]
    answer = tenant.http.post(path("claude-code"), json=[enveloped(event, f"c{i}") for i, event in enumerate(events)])

    assert (answer.status_code, answer.json()["errors"]) == (207, [])
    trace = tenant.trace(f"claude-code-{session}", steps=7)
    tools = {step["metadata"].get("tool.call_id"): step for step in trace["observations"] if step["type"] == "TOOL"}
    assert len(tools) == 5
    (file,) = wait_until(lambda: tenant.read("/api/public/file-operations", traceId=trace["id"])["data"])
    assert file["filePath"] == weird.replace("\x00", "\ufffd")
    commands = {row["observationId"]: row for row in tenant.read("/api/public/terminal-commands", traceId=trace["id"])["data"]}
    assert len(commands["tool-t1"]["stdout"]) == 1 << 20
    assert "\x00" not in json.dumps(trace)


def test_the_door_is_the_projects(tenant, other):
    session = unique("mine")
    body = prompt("claude-code", session, "hi")

    assert with_key("pk-lf-nobody", "sk-lf-nobody").post(path("claude-code"), json=body).status_code == 401
    assert tenant.http.post(path("claude-code"), json=body).status_code == 200
    tenant.trace(f"claude-code-{session}", steps=2)

    # The same session told with another project's key is that project's: neither sees nor changes the other's.
    assert other.http.post(path("claude-code"), json=prompt("claude-code", session, "not yours")).status_code == 200
    theirs = other.trace(f"claude-code-{session}", steps=2)
    mine = tenant.trace(f"claude-code-{session}", steps=2)
    assert (mine["input"], theirs["input"]) == ("hi", "not yours")
