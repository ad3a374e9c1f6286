"""One trace in, the same trace out."""

from harness.telemetry import generation, span, span_id, trace_id


def test_a_trace_is_taken_and_read_back(api):
    trace, root = trace_id(), span_id()

    api.store(span(trace, id=root, name="smoke", attributes={"input.value": "in", "user.id": "smoke"}), generation(trace, parent=root))

    found = api.trace(trace, steps=2)
    assert (found["name"], found["input"], found["userId"]) == ("smoke", "in", "smoke")
    assert round(found["totalCost"], 8) == 0.00615
