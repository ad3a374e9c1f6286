"""Every generation of SDKs makes, reads, compiles and moves prompts, in a folder whose name has a blank."""

import pytest

from sdk.story import Sdk, new_story

SDKS = [Sdk("python", f"langfuse{generation}") for generation in (2, 3, 4, 5)] + [Sdk("js", "langfuse3"), Sdk("js", "langfuse5")]


@pytest.mark.parametrize("sdk", SDKS, ids=lambda sdk: f"{sdk.language}-{sdk.name}")
def test_prompts_are_made_read_compiled_and_moved(sdk, api):
    story = new_story()
    name = f"folder one/{story['mark']}"

    said = sdk.run(api, story, script="prompts")

    expected = {
        "versions": [1, 2], "text": "Hello Ann of v1", "config": {"model": "x", "n": 1.5}, "tags": ["t"], "labels": ["production"], "staging": 2,
        "by_version": "Hello {{who}} of v2", "latest": 2, "updated": ["latest", "production", "staging"], "after": "Hello Ann of v2", "cached": 2,
        "chat": [["system", "You are Ann"], ["assistant", "Hm."], ["user", "Why?"]], "resolved": "<Hello Ann of v1>",
        "fallback": ["Fallback for Ann", True], "missing": "not found",
        "listed": [[name, [1, 2], ["latest", "other", "production", "staging"], ["t"]]], "total": 1, "deleted": [[2]],
    }
    without = {("js", "langfuse3"): {"listed", "total", "deleted"}, ("python", "langfuse2"): {"deleted"}}.get((sdk.language, sdk.name), set())
    assert said == {key: value for key, value in expected.items() if key not in without}
