"""What must hold after every hostile input."""

import httpx
from harness.api import Api
from harness.telemetry import span, trace_id
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse


def clear(answer: httpx.Response, *statuses: int) -> httpx.Response:
    """One of the statuses (never 5xx), and a sentence when it is a refusal."""
    what = f"{answer.request.method} {str(answer.request.url)[:200]}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code < 500, what
    assert answer.status_code in statuses, f"{what} (expected {statuses})"
    if answer.status_code >= 400:
        assert answer.json()["message"], what
    return answer


def rejected(answer: httpx.Response) -> int:
    """How many spans of an accepted export were not taken."""
    if answer.headers["content-type"].startswith("application/json"):
        return int(answer.json().get("partialSuccess", {}).get("rejectedSpans", 0))
    return ExportTraceServiceResponse.FromString(answer.content).partial_success.rejected_spans


def alive(api: Api, other: Api) -> None:
    """The server still takes and gives, and the other tenant sees nothing of it."""
    trace = trace_id()
    api.store(span(trace, name="canary"))
    assert api.trace(trace, steps=1)["name"] == "canary"
    assert not other.has_trace(trace)


def stored_beside(api: Api, odd, **more) -> httpx.Response:
    """Exports odd spans between two good ones, which must be kept."""
    before, after = trace_id(), trace_id()
    answer = api.export(span(before, name="before"), *odd, span(after, name="after"), **more)
    clear(answer, 200)
    assert api.trace(before)["name"] == "before"
    assert api.trace(after)["name"] == "after"
    return answer
