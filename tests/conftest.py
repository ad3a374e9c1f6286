"""Suites against a deployed stack. `tests/run stack` brings one up and runs them; README.md tells more."""

import pathlib
import subprocess
import sys

import pytest

from harness import stack as stack_module
from harness.api import Api, Key, Owner
from harness.aws import Aws
from harness.clickhouse import ClickHouse
from harness.faults import Faults, Functions

HERE = pathlib.Path(__file__).resolve().parent
# What breaks the stack comes last, and first what shows quickest that it is no use to go on.
ORDER = ["smoke", "api", "flow", "bad_input", "sdk", "e2e", "agents", "faults"]
SLOW_TO_INSTALL = {"sdk", "e2e"}

_installing: list[subprocess.Popen] = []


def folder_of(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: ORDER.index(folder_of(item)) if folder_of(item) in ORDER else len(ORDER))


def pytest_collection_finish(session: pytest.Session) -> None:
    """The SDKs are fetched while the other suites run."""
    if any(folder_of(item) in SLOW_TO_INSTALL for item in session.items) and not session.config.option.collectonly:
        _installing.append(subprocess.Popen([sys.executable, str(HERE / "sdk/setup.py")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def pytest_sessionfinish() -> None:
    for process in _installing:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def stack() -> stack_module.Stack:
    return stack_module.load()


@pytest.fixture(scope="session")
def api(stack) -> Api:
    """The first project, with the keys that the deployment made."""
    return Api(stack.base_url, Key(stack.project_id, "", stack.public_key, stack.secret_key))


@pytest.fixture(scope="session")
def owner(stack) -> Owner:
    return Owner(stack)


@pytest.fixture(scope="session")
def other(owner) -> Api:
    """A second tenant, who must never see anything of the first."""
    return owner.new_tenant("other")


@pytest.fixture(scope="module")
def tenant(owner, request) -> Api:
    """A project that only this module uses."""
    return owner.new_tenant(request.module.__name__.rpartition(".")[2])


@pytest.fixture(scope="session")
def clickhouse(stack) -> ClickHouse:
    return ClickHouse(stack)


@pytest.fixture(scope="session")
def aws(stack) -> Aws:
    return Aws(stack)


@pytest.fixture(scope="session")
def functions(stack) -> Functions:
    return Functions(stack)


@pytest.fixture
def faults(stack):
    """The fault proxies, without rules before and after."""
    found = Faults(stack)
    found.clear()
    yield found
    found.clear()
