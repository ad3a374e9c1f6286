"""Bodies that the command line sends and that are too large for a request: they arrive whole, and once, whatever happens to the command on the way."""

import json
import os
import signal
import subprocess

import pytest

from harness.api import Api, event
from harness.front import Gone, in_front
from harness.stack import ROOT
from harness.telemetry import JSON, encoded, request, span, span_id, trace_id, unique
from harness.waiting import wait_until

COMMAND = ROOT / "target/fast/agenttrace"
UPLOADS = "/api/public/uploads"
STEPS = 60
TOKENS = 7


def text_of(number: int) -> str:
    return f"line of step {number}\n" * 6_000


def batch(trace: str) -> tuple[str, dict]:
    at = "2026-03-10T12:00:00.000Z"
    steps = [event("generation-create", {"id": f"{trace}-{number}", "traceId": trace, "name": "step", "startTime": at, "endTime": at, "output": text_of(number), "usageDetails": {"output": TOKENS}}, at) for number in range(STEPS)]
    return "/api/public/ingestion", {"batch": [event("trace-create", {"id": trace, "name": "large", "timestamp": at}, at), *steps]}


def spans(trace: str) -> tuple[str, dict]:
    about = {"langfuse.observation.type": "generation", "langfuse.observation.usage_details": json.dumps({"output": TOKENS})}
    body, _ = encoded(request(*[span(trace, id=span_id(), attributes=about | {"langfuse.observation.output": text_of(number)}) for number in range(STEPS)]), JSON)
    return "/v1/traces", json.loads(body)


def waits(home, path: str, body: dict) -> None:
    """A request in the spool of the user of this home, as the command leaves it there when the server is away."""
    spool = home / ".local/state/agenttrace/spool"
    spool.mkdir(parents=True, mode=0o700)
    text = json.dumps({"path": path, "body": body})
    assert len(text) > 5_000_000
    (spool / f"{1:020}-{os.getpid():08}-000000.json").write_text(text)


def command_of(home, api: Api) -> dict:
    (home / "work").mkdir(exist_ok=True)
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AGENTTRACE", "OTEL_", "XDG_"))}
    keys = {"AGENTTRACE_BASE_URL": api.base_url, "AGENTTRACE_PUBLIC_KEY": api.key.public_key, "AGENTTRACE_SECRET_KEY": api.key.secret_key}
    return {"args": [COMMAND, "--json", "upload"], "cwd": home / "work", "env": ours | keys | {"HOME": str(home)}, "stdin": subprocess.DEVNULL}


def uploaded(home, api: Api) -> dict:
    done = subprocess.run(**command_of(home, api), capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def is_whole_and_there_once(api: Api, clickhouse, trace: str) -> None:
    def steps():
        rows = clickhouse.observations(api.project_id, trace)
        return rows if len(rows) == STEPS else None

    rows = wait_until(steps, within=90)
    assert {row["rows"] for row in rows} == {1}
    found = wait_until(lambda: (lambda whole: whole if whole["trace"]["observationCount"] == STEPS else None)(api.read(f"/api/public/v2/traces/{trace}")))
    assert found["trace"]["totalTokens"] == STEPS * TOKENS, "counted once"
    outputs = {api.read(f"/api/public/observations/{step['id']}", traceId=trace)["output"] for step in found["observations"]}
    assert outputs == {text_of(number) for number in range(STEPS)}


@pytest.mark.parametrize("kind", [batch, spans])
def test_a_large_body_arrives_whole(owner, clickhouse, tmp_path, kind):
    api, trace = owner.new_tenant("large"), trace_id()
    waits(tmp_path, *kind(trace))
    asked = []

    with in_front(api, lambda method, path, query, body: asked.append((method, path, len(body)))) as server:
        first, second = uploaded(tmp_path, server), uploaded(tmp_path, server)

    assert (first["sent"], first["refused"], first["left"]) == (1, 0, 0) and second["sent"] == 0
    assert [path.rpartition("/")[0] if path != UPLOADS else path for _, path, _ in asked] == [UPLOADS, UPLOADS], asked
    assert max(size for _, _, size in asked) < 10_000, "the body goes into the bucket, not through the gateway"
    is_whole_and_there_once(api, clickhouse, trace)


@pytest.mark.parametrize("when", ["before it is announced", "before it is taken", "after it was taken"])
@pytest.mark.parametrize("kind", [batch, spans])
def test_a_large_body_is_there_once_when_the_command_dies(owner, clickhouse, tmp_path, kind, when):
    api, trace = owner.new_tenant("large"), trace_id()
    waits(tmp_path, *kind(trace))
    running: list[subprocess.Popen] = []

    def killing(method, path, query, body):
        announced = path == UPLOADS
        if not running or announced != (when == "before it is announced"):
            return None
        if when == "after it was taken":
            answer = api.http.post(path, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in (200, 207), answer.text
        running.pop().kill()
        raise Gone

    with in_front(api, killing) as server:
        process = subprocess.Popen(**command_of(tmp_path, server), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running.append(process)
        assert process.wait(timeout=180) == -signal.SIGKILL
        assert uploaded(tmp_path, server)["sent"] == 1

    assert uploaded(tmp_path, api)["sent"] == 0
    is_whole_and_there_once(api, clickhouse, trace)


def test_a_bucket_that_is_away_loses_nothing(owner, clickhouse, tmp_path):
    """The address that the body was to go to is nobody's: the body waits, and is sent the next time."""
    api, trace = owner.new_tenant("large"), trace_id()
    waits(tmp_path, *batch(trace))

    def nowhere(method, path, query, body):
        return (201, {"uploadId": unique("upload"), "uploadUrl": "http://127.0.0.1:9/x", "contentType": "application/octet-stream"}, {}) if path == UPLOADS else None

    with in_front(api, nowhere) as server:
        command = command_of(tmp_path, server)
        command["args"] = [*command["args"], "--within", "1"]
        done = subprocess.run(**command, capture_output=True, text=True, timeout=180)
    assert done.returncode == 1 and json.loads(done.stdout)["left"] == 1, done.stdout + done.stderr

    assert uploaded(tmp_path, api)["sent"] == 1
    is_whole_and_there_once(api, clickhouse, trace)
