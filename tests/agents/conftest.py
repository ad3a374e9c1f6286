"""Each test has a machine of its own: an empty home, the shop, a provider that tells the story, and a project that only it uses."""

import json
import pathlib

import pytest

pytest.register_assert_rewrite("agents.checks")

from .agents import Agent  # noqa: E402
from .machine import Machine  # noqa: E402
from .provider import Provider  # noqa: E402


HERE = pathlib.Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.agents)


@pytest.fixture
def agent(request) -> Agent:
    return request.module.AGENT


@pytest.fixture
def machine(owner, agent, tmp_path, request):
    provider = Provider(agent.steps, tmp_path / "home/shop", tools_in_text=agent.edits_in_text)
    found = Machine(tmp_path / "home", owner.new_tenant(f"{agent.name} {request.node.name[5:30]}"), provider)
    agent.set_up(found)
    yield found
    provider.close()
    # What a failure needs to be understood, in pytest's report of it.
    print(json.dumps([{"side": call.side, "step": call.step, "model": call.model, "calls": [name for _, name, _ in call.calls]} for call in provider.billed]))
