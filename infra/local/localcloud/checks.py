"""What must be there before anything starts. Each failure is one sentence that names the thing and the remedy."""

import shutil
import socket
import subprocess
import sys

from . import processes
from .settings import ROOT, Refusal, Settings

DISK_GB = 6
TOOLS = {
    "cargo": "Rust 1.95 or newer is needed: install it with rustup (https://rustup.rs).",
    "node": "Node.js 20 or newer is needed: install it from https://nodejs.org or your system's packages.",
    "npm": "npm is needed: it comes with Node.js (https://nodejs.org).",
    "cc": "A C compiler is needed: `apt-get install build-essential`, or `xcode-select --install` on macOS.",
}


def check_all(settings: Settings, build: bool) -> None:
    if sys.version_info < (3, 10):
        raise Refusal(f"Python 3.10 or newer is needed; this is {sys.version.split()[0]}.")
    if build:
        tools()
    disk(settings)
    ports(settings)


def tools() -> None:
    for name, remedy in TOOLS.items():
        if not shutil.which(name):
            raise Refusal(remedy)
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
    if int(version.split(".")[0] or 0) < 20:
        raise Refusal(f"Node.js 20 or newer is needed; `node --version` says {version}.")


def disk(settings: Settings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    for folder in (settings.home, ROOT):
        free = shutil.disk_usage(folder).free / 1e9
        if free < DISK_GB:
            raise Refusal(f"{folder} has {free:.1f} GB free; {DISK_GB} GB are needed: make room, or set AGENTTRACE_HOME to a bigger disk.")


def ports(settings: Settings) -> None:
    wanted = [("edge", settings.port, "AGENTTRACE_PORT"), ("emulator", settings.emulator_port, "AGENTTRACE_EMULATOR_PORT")]
    if not settings.external_clickhouse:
        wanted.append(("clickhouse", settings.clickhouse_port, "AGENTTRACE_CLICKHOUSE_PORT"))
    for name, port, variable in wanted:
        if processes.pid_of(settings, name):
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise Refusal(f"Port {port} is taken by another program: end it, or set {variable} to a free port.") from None
