"""Breaking the real thing: the proxies before Kinesis, DynamoDB, S3 and ClickHouse, and processes killed with SIGKILL."""

import contextlib
import json

import httpx

from .stack import Stack
from .waiting import wait_until


class Faults:
    """Rules of the fault proxies (infra/local/faults.py says what they mean)."""

    def __init__(self, stack: Stack):
        self.stack = stack
        self.http = httpx.Client(base_url=stack.part("faults"), timeout=10, trust_env=False)

    def set(self, service: str, **rule) -> None:
        answer = self.http.put(f"/rules/{service}", content=json.dumps(rule))
        assert answer.status_code < 300, answer.text

    def clear(self) -> None:
        assert self.http.delete("/rules").status_code < 300

    def seen(self, service: str) -> dict:
        """The rule in force with its counters."""
        return self.http.get("/").json()[service]

    def applied(self, service: str) -> int:
        return self.seen(service)["rule"]["applied"]

    def wait_for(self, service: str, times: int = 1, within: float = 30) -> None:
        """Waits until the rule has been applied."""
        wait_until(lambda: self.applied(service) >= times, within)

    @contextlib.contextmanager
    def rule(self, service: str, **rule):
        self.set(service, **rule)
        try:
            yield
        finally:
            self.clear()


class Functions:
    """The functions' processes."""

    def __init__(self, stack: Stack):
        self.stack = stack

    def pids(self, name: str) -> list[int]:
        return [int(line) for line in self.stack.cloud("pids", name).split()]

    def kill(self, name: str) -> None:
        """SIGKILL to every process of the function."""
        self.stack.cloud("kill", name)
