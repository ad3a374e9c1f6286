"""Which stack is under test, and its parts.

The address and keys come from AGENTTRACE_* variables. On a local cloud the rest (emulator, ClickHouse, fault proxies) comes from the
`stack.json` in its home: AGENTTRACE_HOME, else `.local-test`, else `.local`.
"""

import contextlib
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import urllib.parse

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Stack:
    base_url: str
    public_key: str
    secret_key: str
    project_id: str
    email: str
    password: str
    local: dict  # stack.json; empty on a stack that is not a local cloud

    def part(self, name: str):
        """A part that only a local cloud has."""
        if name not in self.local:
            pytest.fail(f"This test needs a local cloud ({name}): `tests/run stack` starts one and runs the suites on it.")
        return self.local[name]

    @property
    def home(self) -> pathlib.Path:
        return pathlib.Path(self.part("home"))

    @property
    def port(self) -> int:
        return urllib.parse.urlsplit(self.base_url).port or 80

    def cloud(self, *arguments: str) -> str:
        """Runs a command of the local cloud, such as `kill ingest`, and gives what it printed."""
        command = [sys.executable, str(ROOT / "infra/local/cloud.py"), *arguments, "--home", str(self.home), "--port", str(self.port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed: {done.stdout}{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def killed(self, part: str):
        """A part of the local cloud, killed with SIGKILL, and started again in the same way afterwards."""
        note = self.home / "run" / f"{part}.pid"
        noted = json.loads(note.read_text())
        about = pathlib.Path(f"/proc/{noted['pid']}")
        command = [text for text in (about / "cmdline").read_bytes().decode().split("\0") if text]
        environment = dict(pair.split("=", 1) for pair in (about / "environ").read_bytes().decode().split("\0") if "=" in pair)
        os.kill(noted["pid"], signal.SIGKILL)
        try:
            yield
        finally:
            with (self.home / "logs" / f"{part}.log").open("ab") as log:
                process = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            started = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
            note.write_text(json.dumps(noted | {"pid": process.pid, "started": started}))


def load() -> Stack:
    homes = [os.environ["AGENTTRACE_HOME"]] if os.environ.get("AGENTTRACE_HOME") else [ROOT / ".local-test", ROOT / ".local"]
    found = next((path for path in (pathlib.Path(home) / "stack.json" for home in homes) if path.exists()), None)
    local = json.loads(found.read_text()) if found else {}
    known = dict(local.get("env", {}))
    stated = {name: os.environ[name] for name in known if os.environ.get(name)} if known else dict(os.environ)
    if stated.get("AGENTTRACE_BASE_URL", known.get("AGENTTRACE_BASE_URL")) != known.get("AGENTTRACE_BASE_URL"):
        local = {}  # the variables name another stack than the one at home
    variables = known | stated
    missing = [name for name in ("BASE_URL", "PUBLIC_KEY", "SECRET_KEY", "PROJECT_ID", "EMAIL", "PASSWORD") if not variables.get(f"AGENTTRACE_{name}")]
    if missing:
        raise pytest.UsageError(f"AGENTTRACE_{missing[0]} is not set and no stack is up: `tests/run stack` starts one and runs the suites on it.")
    return Stack(
        base_url=variables["AGENTTRACE_BASE_URL"].rstrip("/").replace("//localhost", "//127.0.0.1"),
        public_key=variables["AGENTTRACE_PUBLIC_KEY"],
        secret_key=variables["AGENTTRACE_SECRET_KEY"],
        project_id=variables["AGENTTRACE_PROJECT_ID"],
        email=variables["AGENTTRACE_EMAIL"],
        password=variables["AGENTTRACE_PASSWORD"],
        local=local,
    )
