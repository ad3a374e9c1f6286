"""What real SDKs and instrumentations sent, byte by byte as it was recorded, and what the API answers of it."""

import dataclasses
import json
import pathlib

import pytest
from harness.stack import ROOT
from harness.waiting import wait_until

RECORDED = ROOT / "tests/fixtures/sdk"
OPENAI = {"input": 20, "input_cached_tokens": 80, "output": 30, "output_reasoning_tokens": 20}
ANTHROPIC = {"input": 7, "input_cached_tokens": 16399, "input_cache_creation": 2089, "output": 445}
# 20 x 2.5 + 80 x 1.25 + 50 x 10, and 7 x 3 + 16399 x 0.3 + 2089 x 3.75 + 445 x 15 USD a million tokens.
OPENAI_COST, ANTHROPIC_COST = 0.00065, 0.01944945


@dataclasses.dataclass(frozen=True)
class Trace:
    """A trace that a recording holds; `usage` is that of its priced step of that name."""

    name: str
    steps: dict[str, str]  # name to type
    cost: float | None
    tokens: int
    usage: dict | None = None
    priced: str = ""
    user: str | None = None
    session: str | None = None
    tags: tuple = ()
    scores: tuple = ()


def support(steps: dict, cost: float, tokens: int, tags=("a", "b"), usage=OPENAI) -> list[Trace]:
    """The scenario that Langfuse's own SDKs were recorded with."""
    return [Trace("support chat", {"handle-request": "SPAN", "answer": "GENERATION", "openai-usage": "GENERATION", "clicked": "EVENT"} | steps, cost, tokens, usage, "openai-usage", "user-1", "session-1",
                  tags, ("helpful", "mood", "quality"))]


BATCH = {"cost": 0.04075, "tokens": 330, "tags": ("a", "b", "c"), "usage": {"input": 100, "output": 50}}
EXPECTED = {
    "python-2.60.10": support({"details": "GENERATION"}, **BATCH),
    "langfuse-js-3.39.2": support({"details": "GENERATION"}, **BATCH | {"cost": 0.0111}),
    "python-3.15.0": support({"ls": "TOOL", "search": "RETRIEVER"}, 0.03065, 280),
    "python-4.18.0": support({"ls": "TOOL", "search": "RETRIEVER"}, 0.03065, 280),
    "python-5.0.4": support({"ls": "TOOL", "search": "RETRIEVER"}, 0.03065, 280),
    "langfuse-js-5.11.1": support({"ls": "TOOL"}, 0.03065, 280),
    "openinference": [
        # The vendor's package traces itself too: its span without counts must not make the call dearer.
        Trace("messages.create", {"messages.create": "GENERATION", "anthropic.messages.create": "GENERATION"}, ANTHROPIC_COST, 18940, ANTHROPIC, "messages.create"),
        Trace("Response", {"Response": "GENERATION"}, OPENAI_COST, 150, OPENAI, "Response"),
        Trace("ChatCompletion", {"ChatCompletion": "GENERATION"}, OPENAI_COST, 150, OPENAI, "ChatCompletion"),
    ],
    "openllmetry": [
        Trace("anthropic.messages.create", {"anthropic.messages.create": "GENERATION"}, None, 0),
        Trace("anthropic.chat", {"anthropic.chat": "GENERATION"}, ANTHROPIC_COST, 18940, ANTHROPIC, "anthropic.chat"),
        Trace("openai.response", {"openai.response": "GENERATION"}, OPENAI_COST, 150, OPENAI, "openai.response"),
        Trace("openai.chat", {"openai.chat": "GENERATION"}, OPENAI_COST, 150, OPENAI, "openai.chat"),
    ],
    "pydantic-ai": [
        # The agent's span sums up its calls: counted once.
        Trace("greeter run", {"greeter run": "AGENT", "chat claude-sonnet-4-5": "GENERATION", "anthropic.messages.create": "GENERATION"}, ANTHROPIC_COST, 18940, ANTHROPIC, "chat claude-sonnet-4-5"),
        Trace("greeter run", {"greeter run": "AGENT", "chat gpt-4o": "GENERATION"}, OPENAI_COST, 150, OPENAI, "chat gpt-4o"),
    ],
}


def replay(api, folder: pathlib.Path) -> None:
    for about in sorted(folder.glob("*.json")):
        told = json.loads(about.read_text())
        answer = api.http.request(told["method"], told["path"], content=about.with_suffix(".bin").read_bytes(), headers=told["headers"])
        assert answer.status_code in (200, 202, 207), f"{about}: {answer.status_code} {answer.text[:300]}"
        if answer.status_code == 207:
            assert answer.json()["errors"] == []


def facts(api, row: dict) -> Trace:
    """What the API says of a trace, in the shape of the expectation."""
    whole = api.read(f"/api/public/traces/{row['id']}")
    priced = [step for step in whole["observations"] if step["usageDetails"] and "total" in step["usageDetails"] or step["calculatedTotalCost"] is not None]
    return Trace(
        row["name"], {step["name"]: step["type"] for step in whole["observations"]}, row["totalCost"] and pytest.approx(row["totalCost"], rel=1e-9), row["totalTokens"],
        {step["name"]: {key: count for key, count in step["usageDetails"].items() if key != "total"} for step in priced}, "", row["userId"], row["sessionId"], tuple(sorted(row["tags"])),
        tuple(sorted(score["name"] for score in whole["scores"])),
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recording_is_understood(owner, name):
    api, expected = owner.new_tenant(name), EXPECTED[name]

    replay(api, RECORDED / name)

    def arrived():
        rows = api.rows()
        assert sum(row["observationCount"] for row in rows) == sum(len(trace.steps) for trace in expected)
        found = [facts(api, row) for row in rows]
        assert sum(len(trace.scores) for trace in found) == sum(len(trace.scores) for trace in expected)
        return found

    found = wait_until(arrived)
    assert len(found) == len(expected)
    for trace in expected:
        (one,) = [one for one in found if (one.name, one.steps) == (trace.name, trace.steps)]
        assert (one.cost, one.tokens) == (trace.cost, trace.tokens)
        assert (one.user, one.tags, one.scores) == (trace.user, trace.tags, trace.scores)
        if trace.usage:
            assert one.usage[trace.priced] == trace.usage
        if trace.session:
            assert one.session == trace.session


def test_what_vercels_ai_package_sends_is_understood(owner):
    api = owner.new_tenant("vercel-ai")

    replay(api, RECORDED / "vercel-ai")

    rows = wait_until(api.rows)
    kinds = {step["type"] for row in rows for step in api.read(f"/api/public/traces/{row['id']}")["observations"]}
    assert "GENERATION" in kinds
    assert all(row["totalTokens"] > 0 and row["totalCost"] > 0 and row["unpricedCount"] == 0 for row in rows)
    # Each call is told twice, by an outer and an inner span; only one of them counts.
    for row in rows:
        steps = api.read(f"/api/public/traces/{row['id']}")["observations"]
        assert row["totalTokens"] == sum(step["usage"]["total"] for step in steps)
        assert row["totalCost"] == pytest.approx(sum(step["calculatedTotalCost"] or 0 for step in steps))
        assert row["totalTokens"] in (150, 18940, 2 * 150, 2 * 18940), row["totalTokens"]


def test_a_recording_replayed_changes_nothing(owner):
    api = owner.new_tenant("replay")
    replay(api, RECORDED / "python-5.0.4")
    first = wait_until(lambda: [row for row in api.rows() if row["observationCount"] == 6])

    replay(api, RECORDED / "python-5.0.4")
    replay(api, RECORDED / "python-4.18.0")  # another trace: what was sent before it has been written when it is there

    wait_until(lambda: len(api.rows()) == 2)
    again = [row for row in api.rows() if row["id"] == first[0]["id"]]
    assert [{key: value for key, value in row.items() if key != "updatedAt"} for row in again] == [{key: value for key, value in row.items() if key != "updatedAt"} for row in first]


LOGS = {"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "claude-code"}}]}, "scopeLogs": [{"logRecords": [
    {"timeUnixNano": "1767225600000000000", "severityText": "INFO", "body": {"stringValue": "claude_code.user_prompt"}, "attributes": [{"key": "prompt", "value": {"stringValue": "hi"}}]}]}]}]}


@pytest.mark.parametrize("path", ["/v1/traces", "/api/public/otel/v1/traces"])
@pytest.mark.parametrize("format", ["json", "protobuf"])
def test_logs_sent_to_the_traces_route_are_told_where_they_belong(api, path, format):
    from google.protobuf.json_format import ParseDict
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

    body = json.dumps(LOGS).encode() if format == "json" else ParseDict(LOGS, ExportLogsServiceRequest()).SerializeToString()

    answer = api.http.post(path, content=body, headers={"content-type": "application/json" if format == "json" else "application/x-protobuf"})

    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError")
    assert "/v1/logs" in answer.json()["message"]
