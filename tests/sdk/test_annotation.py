"""Every generation of SDKs: score configs, scores held to them, annotation queues, comments and LLM connections, through what each has."""

import pytest
from harness.telemetry import span, trace_id
from harness.waiting import wait_until

from sdk.story import Sdk, new_story

GENERATED = [Sdk("python", f"langfuse{generation}") for generation in (2, 3, 4, 5)] + [Sdk("js", "langfuse5")]
WITHOUT = {
    "langfuse2": {"updated", "queue", "assigned", "unassigned", "connection", "connections", "connection_deleted"},
    "langfuse3": {"connection_deleted"},
}


@pytest.fixture(scope="module")
def api(owner):
    """A project of its own: configs and queues would show in others' lists."""
    return owner.new_tenant("sdk-annotation")


def prepared(api, owner) -> dict:
    story, trace = new_story(), trace_id()
    api.store(span(trace))
    api.trace(trace)
    config = api.send("POST", "/api/public/score-configs", {"name": "quality", "dataType": "NUMERIC", "minValue": 0, "maxValue": 5}).json()["id"]
    queue = api.send("POST", "/api/public/annotation-queues", {"name": story["mark"], "scoreConfigIds": [config]}).json()["id"]
    return story | {"trace": trace, "config": config, "queue": queue, "project": api.project_id, "user_id": owner.me["user"]["id"]}


@pytest.mark.parametrize("sdk", GENERATED, ids=lambda sdk: f"{sdk.language}-{sdk.name}")
def test_configs_scores_queues_comments_and_connections(sdk, api, owner):
    said = sdk.run(api, prepared(api, owner), script="annotation")

    expected = {
        "config": ["NUMERIC", 0, 5, False], "categories": [["good", 2], ["bad", -1]], "configs": True, "updated": ["d", False, 5],
        "scores": [["quality", 4], ["tone", "bad"]],
        "queue": [True, True, None], "assigned": [True, True, True], "unassigned": True, "queues": True, "queue_read": True,
        "item": ["TRACE", "PENDING", None], "done": ["COMPLETED", True], "items": [True], "item_read": True, "item_deleted": True,
        "comment": ["TRACE", True, "Look.", True], "comments": [True],
        "connection": [True, "anthropic", "...abcd", "https://llm.example.com", ["m"], True, ["x-team"]], "connections": True, "connection_deleted": True,
    }
    without = WITHOUT.get(sdk.name, set()) if sdk.language == "python" else set()
    assert said == {key: value for key, value in expected.items() if key not in without}


def test_the_first_javascript_sdk_is_held_to_configs(api, owner):
    story = prepared(api, owner)

    assert Sdk("js", "langfuse3").run(api, story, script="annotation") == {"sent": True}

    score = wait_until(lambda: api.score(f"{story['mark']}-quality"))
    assert (score["value"], score["name"], score["configId"]) == (4, "quality", story["config"])
    assert api.get(f"/api/public/v2/scores/{story['mark']}-beyond").status_code == 404
