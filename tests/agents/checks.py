"""What the API tells of a session against what is true: the provider's bill, the story's exit codes, the repository's commits."""

import dataclasses
import json
import shlex

import pytest
from e2e.browser import run_in_a_browser
from harness.stack import Stack
from harness.waiting import wait_until

from . import story
from .agents import Agent
from .machine import Machine
from .provider import SHELL, Billed

TOLD_WITHIN = 60
BUCKETS = {"input": "fresh", "input_cached_tokens": "cache_read", "input_cache_creation": "cache_write", "input_cache_creation_5m": "cache_write",
           "output": "output", "output_reasoning_tokens": "output"}


def define_prices(machine: Machine, agent: Agent) -> None:
    """The models' prices as the provider bills them, as prices of the project's own."""
    for model, price in agent.prices.items():
        fresh, output, read, written = (usd / 1e6 for usd in price)
        prices = {"input": fresh, "input_cached_tokens": read, "input_cache_creation": written, "output": output, "output_reasoning_tokens": output}
        tier = {"name": "Standard", "isDefault": True, "priority": 0, "conditions": [], "prices": prices}
        body = {"modelName": model, "matchPattern": f"(?i)^{model.replace('.', '[.]')}$", "unit": "TOKENS", "pricingTiers": [tier]}
        answer = machine.api.send("POST", "/api/public/models", body)
        assert answer.status_code == 200, answer.text


def live(machine: Machine, agent: Agent, *before: str, more: dict[str, str] | None = None) -> None:
    """Lets the agent live through the story; `before` is what stands before its command."""
    define_prices(machine, agent)
    done = machine.run(*before, *agent.ask(story.PROMPT), more=agent.variables(machine) | (more or {}))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert not [call for call in machine.provider.refused if call[0] == "POST" and "turn-costs" not in call[1]], machine.provider.refused
    assert [call.step for call in machine.provider.main] == list(range(len(agent.steps))), "the story was told once, from begin to end"
    (_,) = machine.commits


def tokens(calls: list[Billed], written_apart: bool) -> dict[str, int]:
    """Sums of the disjoint buckets; where an agent does not tell what was written to the cache, that stands in the input."""
    sums = {name: sum(call.usage[name] for call in calls) for name in ("fresh", "cache_read", "cache_write", "output")}
    if not written_apart:
        sums["fresh"] += sums.pop("cache_write")
    return {name: count for name, count in sums.items() if count}


def commands(calls: list[Billed]) -> list[tuple[str, int]]:
    """The shell commands that the agent was told to run, with what they end with."""
    left = {command: list(codes) for command, codes in story.CODES.items()}
    asked = []
    for call in calls:
        for _, name, given in call.calls:
            if name in SHELL:
                command = given.get("cmd") or given.get("command")
                command = command[-1] if isinstance(command, list) else command
                asked.append((command, left[command].pop(0) if command in left else 0))
    return asked


@dataclasses.dataclass(frozen=True)
class Session:
    row: dict
    steps: list[dict]
    machine: Machine

    @property
    def id(self) -> str:
        return self.row["id"]

    @property
    def usage(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for step in self.steps:
            for bucket, count in step["usageDetails"].items():
                if bucket != "total":
                    found[BUCKETS[bucket]] = found.get(BUCKETS[bucket], 0) + count
        return {bucket: count for bucket, count in found.items() if count}

    def of(self, record: str) -> list[dict]:
        return sorted((step for step in self.steps if step["metadata"].get("agent.record") == record), key=lambda step: step["startTime"])

    def list(self, kind: str) -> list[dict]:
        path = f"/api/public/git-links/by-trace/{self.id}" if kind == "git-links" else f"/api/public/traces/{self.id}/{kind}"
        return self.machine.api.read(path)["data"]


def session(machine: Machine, agent: Agent) -> Session:
    """The agent's one session, once all tokens of the story have been told, with its cost. Of titles and the like no source tells."""
    calls = machine.provider.main
    told = only_session(machine, agent, lambda row: row["totalTokens"] == sum(tokens(calls, True).values()))
    assert told.usage == tokens(calls, agent.tells_cache_writes)
    assert len(told.of("model_call")) == len(calls)
    assert told.row["unpricedCount"] == 0
    assert told.row["totalCost"] == pytest.approx(sum(story.cost(call.usage, agent.prices[call.model]) for call in calls), rel=1e-9)
    return told


def only_session(machine: Machine, agent: Agent, whole) -> Session:
    """The one trace that bears the agent's tag, once its row is `whole`."""

    def found():
        rows = [row for row in machine.api.rows(limit=20) if agent.name in row["tags"]]
        assert len(rows) == 1, f"{len(rows)} sessions: {[row['id'] for row in rows]}"
        assert whole(rows[0]), f"not whole: {rows[0]}"
        return rows[0]

    row = wait_until(found, TOLD_WITHIN)
    return Session(row, machine.api.read(f"/api/public/traces/{row['id']}")["observations"], machine)


def check_part(told: Session, agent: Agent) -> None:
    """Of an agent that may end before it has told everything: what it told is true, and nothing is told twice."""
    left = [tokens([call], agent.tells_cache_writes) for call in told.machine.provider.billed]
    for step in told.of("model_call"):
        left.remove(Session(told.row, [step], told.machine).usage)
    asked = commands(told.machine.provider.main)
    for row in told.list("terminal-commands"):
        asked.remove((strip(row["command"]), row["exitCode"]))


def check_conversation(told: Session) -> None:
    """The prompt, and what was said last. What hooks tell may come after the tokens."""
    api = told.machine.api

    def said():
        steps = api.read(f"/api/public/traces/{told.id}")["observations"]
        (turn,) = [step for step in steps if step["metadata"].get("agent.record") == "turn"]
        assert story.PROMPT in str(turn["input"]), turn
        (row,) = [row for row in api.rows(limit=20) if row["id"] == told.id]
        assert story.PROMPT in str(row["inputPreview"]) and story.FINAL in str(row["outputPreview"]), row
        return steps

    told.steps[:] = wait_until(said, TOLD_WITHIN)


def check_tools(told: Session) -> None:
    """Each call of a tool once, in its order, under the id that the provider gave it."""
    asked = [call for billed in told.machine.provider.main for call in billed.calls]
    assert [step["metadata"]["tool.name"] for step in told.of("tool_call")] == [name for _, name, _ in asked]
    for step, (id, _, _) in zip(told.of("tool_call"), asked, strict=True):
        # Copilot CLI writes `custom_` before some, Gemini CLI the tool's name.
        assert step["metadata"].get("tool.call_id", id).endswith(id), step


def check_edit(told: Session) -> None:
    edits = [file for file in told.list("file-operations") if file["operation"] != "READ"]
    assert [(file["operation"], file["diffSummary"]) for file in edits] == [("UPDATE", {"linesAdded": 1, "linesRemoved": 1})]
    assert edits[0]["filePath"].endswith("shop/cart.py")
    assert f"+{story.RIGHT}" in edits[0]["diff"]


def check_commands(told: Session, codes: str) -> None:
    """Each command in its order, with its true exit code, or with `none`, as the source tells."""
    asked = commands(told.machine.provider.main)
    found = [(strip(row["command"]), row["exitCode"]) for row in told.list("terminal-commands")]
    assert found == [(command, code if codes == "all" else None) for command, code in asked]


def check_commit(told: Session, *methods: str, call: str = story.MESSAGE) -> None:
    """The commit is linked to the session, in one of these ways, at the call that made it: its input holds `call`."""
    (sha,) = told.machine.commits

    def links():
        return [link for link in told.list("git-links") if link["commitSha"] == sha]

    (link,) = wait_until(links, TOLD_WITHIN)
    assert link["method"] in methods and link["branch"] in (story.BRANCH, None), link
    if link["observationId"] not in (None, told.id):
        (step,) = [step for step in told.steps if step["id"] == link["observationId"]]
        assert call in str(step["input"]), step


def strip(command: str) -> str:
    """What an agent puts around a command when it says what it ran: `/bin/bash -lc '…'`."""
    try:
        words = shlex.split(command)
    except ValueError:
        return command
    return words[2] if len(words) == 3 and words[0].endswith("bash") and words[1] == "-lc" else command


def check_redacted(told: Session) -> None:
    """The file that the agent read was told, and the secret in it was not. Copilot CLI itself shows it as stars."""
    everything = json.dumps([told.steps, told.list("terminal-commands"), told.list("file-operations")])
    assert story.SECRET not in everything
    assert "STAGING_KEY" in everything and ("[redacted:" in everything or "******" in everything)


def check_in_browser(stack: Stack, told: Session) -> None:
    """A person finds the session on the dashboard, and reads there what was told."""
    tools = [{"name": step["name"], "input": story.TESTS} for step in told.of("tool_call")]
    truth = {"project": told.machine.api.project_id, "trace": told.id, "title": told.row["name"], "prompt": story.PROMPT, "final": story.FINAL, "cost": told.row["totalCost"],
             "tokens": told.row["totalTokens"], "tools": tools}
    run_in_a_browser(stack, "session.spec.ts", SESSION_TRUTH=json.dumps(truth))


def check_wrapped(machine: Machine, asked: list[tuple[str, int]], message: str = story.MESSAGE) -> None:
    """The run under `agenttrace wrap`: these commands in their order, each with its true code; the file; the commit."""
    (row,) = wait_until(lambda: [row for row in machine.api.rows(limit=20) if "wrapped" in row["tags"]], TOLD_WITHIN)
    of_run = f"/api/public/traces/{row['id']}"

    def ended():
        ran = machine.api.read(f"{of_run}/terminal-commands", limit=200)["data"]
        trace = machine.api.read(of_run)
        return ran if any(step["endTime"] for step in trace["observations"] if step["type"] == "AGENT") else None

    ran, at = wait_until(ended, TOLD_WITHIN) if asked else [], 0
    assert all(one["exitCodeSource"] == "shim" for one in ran)
    for command, code in asked:
        at = next((n for n in range(at, len(ran)) if command in ran[n]["command"]), None)
        assert at is not None, f"{command} is missing or out of order among {[one['command'] for one in ran]}"
        assert ran[at]["exitCode"] == code, ran[at]
        at += 1
    files = wait_until(lambda: machine.api.read(f"{of_run}/file-operations")["data"], TOLD_WITHIN)
    assert [(file["operation"], file["filePath"], file["diffSummary"]) for file in files] == [("UPDATE", "shop/cart.py", {"linesAdded": 1, "linesRemoved": 1})]
    assert f"+{story.RIGHT}" in files[0]["diff"]
    (sha,) = machine.commits

    def linked():
        return [link for link in machine.api.read(f"/api/public/git-links/by-commit/{sha}")["data"] if link["traceId"] == row["id"]]

    assert [(link["branch"], link["commitMessage"].partition("\n")[0], link["method"]) for link in wait_until(linked, TOLD_WITHIN)] == [(story.BRANCH, message, "wrap")]
