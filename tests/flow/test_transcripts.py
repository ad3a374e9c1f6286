"""`agenttrace import <agent>`: recorded sessions by the real command through the deployed stack, alone and beside what the agents sent while they ran."""

import json
import os
import shutil
import sqlite3
import subprocess

import pytest
from flow.test_agents import BUCKETS, RECORDED, send

from harness.stack import ROOT
from harness.waiting import wait_until

COMMAND = ROOT / "target/fast/agenttrace"
KEPT = sorted(str(folder.parent.relative_to(RECORDED)) for folder in RECORDED.glob("*/*/transcripts"))
# Where an agent keeps its transcripts below its user's home.
PLACES = {"claude-code": ".claude/projects", "codex": ".codex", "gemini-cli": ".gemini/tmp", "copilot-cli": ".copilot/session-state", "opencode": ".local/share/opencode", "aider": "work"}


def database(folder, place) -> None:
    """OpenCode's database of the rows that were recorded."""
    with sqlite3.connect(place / "opencode.db") as into:
        into.executescript((folder / "opencode.schema.sql").read_text().replace("\n        )\nCREATE", "\n        );\nCREATE"))
        for line in (folder / "opencode.db.jsonl").read_text().splitlines():
            told = json.loads(line)
            values = [json.dumps(value) if isinstance(value, (dict, list)) else value for value in told["row"].values()]
            into.execute(f"INSERT INTO `{told['table']}` ({','.join(f'`{name}`' for name in told['row'])}) VALUES ({','.join('?' * len(values))})", values)


def home_of(name, home) -> None:
    """A home in which the agent ran."""
    agent, folder = name.split("/")[0], RECORDED / name / "transcripts"
    place = home / PLACES[agent]
    place.mkdir(parents=True)
    if agent == "opencode":
        database(folder, place)
    elif agent == "aider":
        for kept in folder.iterdir():
            shutil.copy(kept, place / f".{kept.name}")
    else:
        shutil.copytree(folder, place, dirs_exist_ok=True)
    (home / "work").mkdir(exist_ok=True)


def imported(api, home, name, *arguments) -> dict:
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("AGENTTRACE", "OTEL_", "XDG_", "CLAUDE", "CODEX", "GEMINI", "COPILOT"))}
    keys = {"AGENTTRACE_BASE_URL": api.base_url, "AGENTTRACE_PUBLIC_KEY": api.key.public_key, "AGENTTRACE_SECRET_KEY": api.key.secret_key}
    command = [COMMAND, "--json", "import", name.split("/")[0], *arguments]
    done = subprocess.run(command, cwd=home / "work", env=ours | keys | {"HOME": str(home), "TZ": "UTC"}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout)


def answered(agent: str, truth: dict) -> list[dict]:
    """The answers that an agent keeps: OpenCode and Aider keep none of the small models that write titles and commit messages."""
    return [request for request in truth["api_requests"] if request["status"] == 200 and (agent not in ("opencode", "aider") or request["class"] != "aux")]


def tokens_of(agent: str, truth: dict) -> dict:
    worked = answered(agent, truth)
    sums = {bucket: sum(request["usage"][bucket] for request in worked) for bucket in ("fresh", "cache_read", "cache_write", "output")}
    if agent in ("gemini-cli", "opencode"):
        sums["fresh"] += sums.pop("cache_write")
    return {bucket: count for bucket, count in sums.items() if count}


def told(api) -> dict:
    """What the API says of all sessions: tokens by bucket, prompts, tool calls, commands with their exit codes."""
    found = {"tokens": {}, "turns": [], "calls": 0, "tools": 0, "commands": [], "cost": 0.0}
    for row in api.rows(limit=10):
        found["cost"] += row["totalCost"] or 0
        for step in api.read(f"/api/public/traces/{row['id']}")["observations"]:
            record = (step["metadata"] or {}).get("agent.record")
            found["calls"] += bool(record == "model_call" and step["usageDetails"])
            found["tools"] += record == "tool_call"
            if record == "turn":
                found["turns"].append(str(step["input"]).strip('"'))
            for bucket, count in step["usageDetails"].items():
                if bucket != "total" and count:
                    found["tokens"][BUCKETS[bucket]] = found["tokens"].get(BUCKETS[bucket], 0) + count
        found["commands"] += [(command["command"], command["exitCode"]) for command in api.read(f"/api/public/traces/{row['id']}/terminal-commands")["data"]]
    return found | {"turns": sorted(found["turns"]), "commands": sorted(found["commands"], key=str)}


def true(name: str, truth: dict) -> dict:
    agent = name.split("/")[0]
    worked = answered(agent, truth)
    return {
        "tokens": tokens_of(agent, truth), "turns": sorted(truth["prompts"]), "calls": len(worked), "tools": len(truth["tool_calls"]),
        "commands": sorted(((call["command"], call["exit_code"]) for call in truth["tool_calls"] if call.get("command") and call["outcome"] != "ran, refused by the sandbox"), key=str),
    }


def assert_true(api, name, truth, live):
    agent, expected = name.split("/")[0], true(name, truth)

    def is_there():
        found = told(api)
        cost = found.pop("cost")
        if live and name == "gemini-cli/s3-api-error":
            found["tools"] = expected["tools"]  # with content switched off telemetry says nothing by which a tool call is known
        # The sandbox's own exit code is known to nobody but the agent.
        found["commands"] = [command for command in found["commands"] if command[0] != "echo note > /home/dev/outside.txt"]
        if agent == "codex":  # reads files by a command, which the truth calls reading
            found["commands"] = [command for command in found["commands"] if not command[0].startswith("sed -n '1,200p' ")]
        assert found == expected
        if agent == "claude-code" and live:
            assert cost == pytest.approx(truth["cost_usd"], rel=1e-9)
        return True

    wait_until(is_there)


@pytest.mark.parametrize("name", [name for name in KEPT if not name.startswith("aider/")])
def test_an_import_tells_what_truly_happened_once_whatever_was_told_before_or_after(owner, name, tmp_path):
    about = json.loads((RECORDED / name / "meta.json").read_text())
    for order in (("import", "live"), ("live", "import")) if about["requests"] else (("import",),):
        api, home = owner.new_tenant(f"{name.replace('/', ' ')} {order[0]} first"), tmp_path / order[0]
        home_of(name, home)
        for source in order * 2:
            if source == "import":
                shutil.rmtree(home / ".local/state", ignore_errors=True)  # as from another machine: everything is sent again
                summary = imported(api, home, name)
                assert (summary["requests"]["refused"], summary["requests"]["left"], summary["skippedLines"]) == (0, 0, 0)
            else:
                for request in about["requests"]:
                    send(api, RECORDED / name, request)
        assert_true(api, name, about["truth"], live=len(order) > 1)
        again = imported(api, home, name)
        assert (again["lines"], again["requests"]["sent"]) == (0, 0), "nothing is new"


@pytest.mark.parametrize("name", [name for name in KEPT if name.startswith("aider/")])
def test_a_chat_of_aider_is_told_with_its_edits_and_commits(owner, name, tmp_path):
    truth = json.loads((RECORDED / name / "meta.json").read_text())["truth"]
    api = owner.new_tenant(name.replace("/", " "))
    home_of(name, tmp_path)

    imported(api, tmp_path, name)

    def is_there():
        found = told(api)
        assert found["turns"] == sorted(truth["prompts"])
        assert found["calls"] == len(answered("aider", truth))
        assert found["tools"] == len([call for call in truth["tool_calls"] if call["kind"] == "edit"])
        links = [link for row in api.rows(limit=10) for link in api.read(f"/api/public/git-links/by-trace/{row['id']}")["data"]]
        assert sorted(link["commitSha"] for link in links) == sorted(commit["sha"][:7] for commit in truth["commits"])
        return True

    wait_until(is_there)
