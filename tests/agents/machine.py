"""Someone's machine: a home of its own, a repository, the agents as their registries have them, and `agenttrace`."""

import base64
import json
import os
import pathlib
import subprocess
import sys

from harness.api import Api
from harness.stack import ROOT
from harness.waiting import wait_until

from . import story
from .install import program
from .provider import Provider

AGENTTRACE = pathlib.Path(os.environ.get("AGENTTRACE_PROGRAM") or ROOT / "target/fast/agenttrace")
FINISHED_WITHIN = 180


class Machine:
    def __init__(self, home: pathlib.Path, api: Api, provider: Provider):
        self.home, self.api, self.provider = home, api, provider
        self.shop = home / "shop"
        self.shop.mkdir(parents=True)
        self.bin = home / ".local/bin"
        self.bin.mkdir(parents=True)
        (self.bin / "agenttrace").symlink_to(AGENTTRACE)
        # Python itself: what a version manager puts in its place is a shell script, whose commands would be seen too.
        (self.bin / "python3").symlink_to(pathlib.Path(sys.executable).resolve())
        story.make_shop(self.shop, self.variables())

    def install(self, name: str) -> None:
        (self.bin / name).symlink_to(program(name))

    def variables(self) -> dict[str, str]:
        """As a login shell would have them, and nothing of who runs the tests."""
        own = {"HOME": str(self.home), "PATH": f"{self.bin}:{os.environ['PATH']}", "USER": "dev", "LOGNAME": "dev", "SHELL": "/bin/bash", "LANG": "C.UTF-8", "TERM": "dumb",
               # Agents refuse to work unasked for root, which tests in containers often are.
               "IS_SANDBOX": "1"}
        return own | {name: value for name, value in os.environ.items() if name in ("TZ", "TMPDIR", "SSL_CERT_FILE")}

    @property
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.api.key.public_key}:{self.api.key.secret_key}".encode()).decode()

    @property
    def otlp(self) -> dict[str, str]:
        """The two variables of every OTLP exporter."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.api.base_url, "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=" + self.authorization}

    def log_in(self) -> None:
        done = self.agenttrace("login", "--base-url", self.api.base_url, "--public-key", self.api.key.public_key, input=self.api.key.secret_key + "\n")
        assert done.returncode == 0, done.stdout + done.stderr

    def init(self, agent: str) -> None:
        """As the one who uses the agent would: a login, hooks and settings, git's hooks."""
        self.log_in()
        for command in (["init", "--yes", "--agent", agent], ["git", "install"]):
            done = self.agenttrace(*command)
            assert done.returncode == 0, done.stdout + done.stderr

    def settle(self) -> None:
        """Waits until everything that hooks kept is sent, and nothing of it was refused."""

        def sent() -> bool:
            self.agenttrace("upload", "--within", "20")
            waiting = json.loads(self.agenttrace("status", "--json").stdout)["spool"]["waiting"]
            assert waiting["refused"] == waiting["dropped"] == 0, f"{waiting} {[path.read_text()[:300] for path in self.home.glob('.local/state/agenttrace/spool/refused/*')]}"
            return waiting["files"] == 0

        wait_until(sent, within=60, every=0.5)

    def import_sessions(self, agent: str) -> None:
        """What the agent itself has kept on this machine."""
        done = self.agenttrace("import", agent)
        assert done.returncode == 0, done.stdout + done.stderr

    def agenttrace(self, *arguments: str, **more) -> subprocess.CompletedProcess:
        return self.run("agenttrace", *arguments, **more)

    def run(self, *command: str, more: dict[str, str] | None = None, input: str | None = None, cwd: pathlib.Path | None = None) -> subprocess.CompletedProcess:
        own = self.bin / command[0]
        started = [str(own) if own.exists() else command[0], *command[1:]]
        return subprocess.run(started, cwd=cwd or self.shop, env=self.variables() | (more or {}), input=input, stdin=subprocess.DEVNULL if input is None else None,
                              capture_output=True, text=True, timeout=FINISHED_WITHIN)

    def git(self, *words: str) -> str:
        return subprocess.run(["git", *words], cwd=self.shop, env=self.variables(), check=True, capture_output=True, text=True).stdout.strip()

    def write(self, name: str, text: str) -> None:
        """A file below the home."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    @property
    def commits(self) -> list[str]:
        """What the agent committed."""
        return self.git("rev-list", "main..HEAD").split()

