"""A small project to ask questions about: eight traces of three people, a minute apart, told by the batch API."""

import dataclasses
import datetime

from harness.api import Api, event
from harness.telemetry import unique
from harness.waiting import wait_until

START = datetime.datetime(2026, 3, 10, 12, 0, tzinfo=datetime.timezone.utc)


def at(minutes: float) -> str:
    return (START + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


@dataclasses.dataclass(frozen=True)
class Person:
    """What distinguishes trace number i."""

    name: str
    user: str
    session: str
    tags: list[str]
    environment: str
    level: str
    tokens: int


PEOPLE = [
    Person("checkout", "ann", "s-1", ["fast", "eu"], "production", "DEFAULT", 100),
    Person("checkout", "ann", "s-1", ["eu"], "production", "WARNING", 200),
    Person("refund", "bob", "s-2", ["fast"], "staging", "ERROR", 300),
    Person("refund", "bob", "s-2", ["fast", "eu", "vip"], "production", "DEFAULT", 400),
    Person("search 100%", "cem", "s-3", [], "production", "DEBUG", 500),
    Person("search_me", "cem", "s-3", ["us"], "staging", "DEFAULT", 600),
    Person("searchXme", "cem", "s-4", ["us"], "production", "DEFAULT", 700),
    Person("naïve 東京 🙂", "ann", "s-5", ["ünï"], "production", "ERROR", 800),
]


@dataclasses.dataclass(frozen=True)
class World:
    api: Api
    mark: str

    def id(self, number: int) -> str:
        return f"{self.mark}-{number}"

    def numbers(self, rows: list[dict]) -> list[int]:
        """Which traces these rows are, in their order."""
        return [int(row["id"].rpartition("-")[2]) for row in rows]


def build(api: Api) -> World:
    """Tells the traces; every one has a root step and a model call that starts 1 s after it and takes (number + 1) seconds."""
    world = World(api, unique("world"))
    events = []
    for number, person in enumerate(PEOPLE):
        trace = world.id(number)
        events += [
            event("trace-create", {
                "id": trace, "name": person.name, "userId": person.user, "sessionId": person.session, "tags": person.tags,
                "environment": person.environment, "release": f"r{number % 2}", "version": f"v{number % 3}", "timestamp": at(number),
                "input": {"question": f"needle{number} haystack"}, "output": f"answer zebra{number}",
                "metadata": {"number": number, "text": f"value {number}", "deep": {"x": [number]}}, "public": number == 0,
            }, at(number)),
            event("span-create", {
                "id": f"{trace}-root", "traceId": trace, "name": "root", "startTime": at(number), "endTime": at(number + 0.5),
                "environment": person.environment, "input": "in", "output": "out", "version": f"v{number % 3}",
            }, at(number)),
            event("generation-create", {
                "id": f"{trace}-call", "traceId": trace, "parentObservationId": f"{trace}-root", "name": "call", "model": "claude-haiku-4-5",
                "startTime": at(number + 1 / 60), "endTime": at(number + 1 / 60 + (number + 1) / 60), "level": person.level,
                "environment": person.environment, "usageDetails": {"input": person.tokens, "output": 10}, "input": f"prompt {number}",
                "output": {"text": "x" * 500}, "metadata": {"long": "y" * 500, "short": "z"}, "statusMessage": "odd",
            }, at(number)),
        ]
    api.store_batch(*events)
    wait_until(lambda: len([row for row in api.rows(limit=200) if row["observationCount"] == 2]) == len(PEOPLE))
    return world
