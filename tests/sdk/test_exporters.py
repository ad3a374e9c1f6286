"""OpenTelemetry's own exporters: protobuf and JSON, compressed and not, with semantic conventions only."""

import pytest

from sdk.story import COST, Sdk, new_story

EXPORTERS = [
    (Sdk("python", "otlp"), ("none",)),
    (Sdk("python", "otlp"), ("gzip",)),
    (Sdk("js", "otlp"), ("json", "none")),
    (Sdk("js", "otlp"), ("json", "gzip")),
    (Sdk("js", "otlp"), ("protobuf", "none")),
    (Sdk("js", "otlp"), ("protobuf", "gzip")),
]


@pytest.mark.parametrize(("sdk", "arguments"), EXPORTERS, ids=[f"{sdk.language}-{'-'.join(arguments)}" for sdk, arguments in EXPORTERS])
def test_an_exporter_of_opentelemetry_is_understood(sdk, arguments, api):
    story = new_story()

    ids = sdk.run(api, story, *arguments)

    trace = api.trace(ids["trace"], steps=3)
    steps = {step["name"]: step for step in trace["observations"]}
    assert {name: step["id"] for name, step in steps.items()} == ids["steps"]
    assert (steps["answer"]["parentObservationId"], steps["draft"]["parentObservationId"]) == (None, ids["steps"]["search"])
    assert {name: step["type"] for name, step in steps.items()} == {"answer": "AGENT", "search": "TOOL", "draft": "GENERATION"}
    assert (trace["name"], trace["userId"], trace["sessionId"]) == (story["name"], story["user"], story["session"])
    assert sorted(trace["tags"]) == story["tags"]
    assert (trace["environment"], {step["version"] for step in steps.values()}) == (story["environment"], {story["version"]})
    assert (trace["input"], trace["output"]) == (story["input"], story["output"])
    draft = steps["draft"]
    assert (draft["input"], draft["output"], draft["model"]) == (story["draft"]["input"], story["draft"]["output"], story["model"])
    assert draft["modelParameters"]["temperature"] == 0.2
    # The convention's input count holds the cached tokens.
    assert {key: draft["usageDetails"][key] for key in story["usage"]} == story["usage"]
    assert trace["totalCost"] == pytest.approx(COST, rel=1e-9)
    assert (steps["search"]["level"], steps["search"]["statusMessage"]) == ("ERROR", "slow")
    assert 0.015 <= draft["latency"] < 10
