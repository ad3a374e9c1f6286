#!/usr/bin/env python3
"""The local cloud: `make up` and its companions. `cloud.py --help` lists them; infra/local/README.md tells more.

Runs on the system's Python with its standard library, makes the virtual environment, and goes on in there.
"""

import argparse
import hashlib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from localcloud import settings as settings_module  # noqa: E402
from localcloud.console import say, step  # noqa: E402
from localcloud.settings import Refusal, Settings  # noqa: E402


def main() -> int:
    options = parse()
    try:
        settings = settings_module.from_environment(options.home, options.port)
        if options.command in ("status", "logs", "down"):  # need no packages
            from localcloud import commands

            return getattr(commands, options.command)(settings, options) or 0
        inside_virtual_environment(settings, options)
        from localcloud import commands

        return getattr(commands, options.command)(settings, options) or 0
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", help="folder of data, logs and pid files (AGENTTRACE_HOME; .local)")
    parser.add_argument("--port", type=int, help="port of the dashboard; the others follow it (AGENTTRACE_PORT; 3000)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.add_argument("--home", default=argparse.SUPPRESS)
        made.add_argument("--port", type=int, default=argparse.SUPPRESS)
        return made

    up = command("up", "build what changed, start everything, deploy, print the login")
    up.add_argument("--no-build", action="store_true", help="use the binaries and the dashboard that are there")
    up.add_argument("--faults", action="store_true", help="put fault proxies before Kinesis, ClickHouse, DynamoDB and S3")
    down = command("down", "stop everything; data stays")
    down.add_argument("--delete-data", action="store_true", help="remove the data as well")
    command("status", "what runs, on which ports")
    logs = command("logs", "follow the logs")
    logs.add_argument("names", nargs="*", help="parts (emulator, edge, clickhouse, faults) or functions; all without")
    command("dev", "rebuild and update functions as their sources change; Vite for the dashboard")
    command("redrive", "send the records of the failure bucket through the stream again")
    invoke = command("invoke", "call a function")
    invoke.add_argument("function")
    invoke.add_argument("payload", nargs="?", default="{}")
    pids = command("pids", "process ids of a function's running bootstraps")
    pids.add_argument("function")
    kill = command("kill", "kill -9 a function's running bootstraps")
    kill.add_argument("function")
    configure = command("configure", "set environment variables of a function: NAME=VALUE, or NAME= to remove one")
    configure.add_argument("function")
    configure.add_argument("variables", nargs="+")
    limit = command("limit", "reserve a function's concurrency; 0 throttles it, `none` lifts the limit")
    limit.add_argument("function")
    limit.add_argument("concurrency")
    command("venv", "only make the virtual environment")
    return parser.parse_args()


def inside_virtual_environment(settings: Settings, options: argparse.Namespace) -> None:
    """Makes the environment if its requirements changed, then goes on under its Python."""
    if options.command == "up" and not os.environ.get("AGENTTRACE_STARTED"):
        from localcloud import checks

        say("AgentTrace on this machine")
        with step("Checking tools, disk and ports"):
            checks.check_all(settings, build=not options.no_build)
    requirements = HERE / "requirements.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = settings.venv / "requirements.sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        if sys.version_info < (3, 10):
            raise Refusal(f"Python 3.10 or newer is needed; this is {sys.version.split()[0]}.")
        with step("Installing Python packages: SAM CLI, AWS emulator, ClickHouse engine"):
            create = [sys.executable, "-m", "venv", str(settings.venv)]  # in place: a running stack may use it
            install = [settings.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                       "--no-deps", "--require-hashes", "-r", str(requirements)]
            for command in (create, install):
                if subprocess.run(command).returncode != 0:
                    raise Refusal("The Python packages could not be installed; what pip said is above.")
            stamp.write_text(wanted)
    if pathlib.Path(sys.prefix).resolve() != settings.venv.resolve():
        os.environ["AGENTTRACE_STARTED"] = "1"
        sys.stdout.flush()
        os.execv(settings.python, [settings.python, __file__, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
