"""Where the local cloud keeps its things and on which ports it answers. Every value has one variable that changes it."""

import dataclasses
import json
import os
import pathlib
import secrets

ROOT = pathlib.Path(__file__).resolve().parents[3]
REGION = "us-east-1"
STACK = "agenttrace"
DATABASE = "agenttrace"
ARTIFACTS = "agenttrace-artifacts"


class Refusal(Exception):
    """Something the user has to change first; the text is one sentence that says what."""


@dataclasses.dataclass(frozen=True)
class Settings:
    home: pathlib.Path  # AGENTTRACE_HOME: data, logs, pid files
    port: int  # AGENTTRACE_PORT: dashboard and API; the others follow it unless they are set
    emulator_port: int  # AGENTTRACE_EMULATOR_PORT
    clickhouse_port: int  # AGENTTRACE_CLICKHOUSE_PORT
    faults_port: int  # AGENTTRACE_FAULTS_PORT; the proxies take the next ones
    owner_email: str  # AGENTTRACE_OWNER_EMAIL

    @property
    def venv(self) -> pathlib.Path:
        return ROOT / ".local" / "venv"

    @property
    def python(self) -> str:
        return str(self.venv / "bin" / "python")

    @property
    def run(self) -> pathlib.Path:
        return self.home / "run"

    @property
    def logs(self) -> pathlib.Path:
        return self.home / "logs"

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def emulator_url(self) -> str:
        return f"http://127.0.0.1:{self.emulator_port}"

    @property
    def external_clickhouse(self) -> bool:
        return bool(os.environ.get("CLICKHOUSE_URL"))

    @property
    def clickhouse_url(self) -> str:
        return os.environ.get("CLICKHOUSE_URL") or f"http://127.0.0.1:{self.clickhouse_port}"

    def secrets(self) -> dict[str, str]:
        """ClickHouse passwords, made once. With CLICKHOUSE_URL the administrator is CLICKHOUSE_USER, CLICKHOUSE_PASSWORD."""
        path = self.home / "secrets.json"
        if path.exists():
            found = json.loads(path.read_text())
        else:
            found = {"admin_user": "agenttrace_admin"} | {name: secrets.token_urlsafe(24) for name in ("admin", "writer", "reader")}
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(json.dumps(found))
        if self.external_clickhouse:
            found["admin_user"] = os.environ.get("CLICKHOUSE_USER", "default")
            found["admin"] = os.environ.get("CLICKHOUSE_PASSWORD", "")
        return found


def from_environment(home: str | None = None, port: int | None = None) -> Settings:
    port = port or number("AGENTTRACE_PORT", 3000)
    return Settings(
        home=pathlib.Path(home or os.environ.get("AGENTTRACE_HOME") or ROOT / ".local").resolve(),
        port=port,
        emulator_port=number("AGENTTRACE_EMULATOR_PORT", port + 1),
        clickhouse_port=number("AGENTTRACE_CLICKHOUSE_PORT", port + 2),
        faults_port=number("AGENTTRACE_FAULTS_PORT", port + 3),
        owner_email=os.environ.get("AGENTTRACE_OWNER_EMAIL", "owner@example.com"),
    )


def number(name: str, default: int) -> int:
    try:
        return int(os.environ.get(name) or default)
    except ValueError:
        raise Refusal(f"{name} must be a port number, not {os.environ[name]!r}.") from None
