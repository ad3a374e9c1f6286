"""The commands of `../cloud.py`: up, down, status, logs, dev and the tools that failure tests use."""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import urllib.request

from . import build, clickhouse, faults, handover, processes, stack
from .console import elapsed, say, step
from .settings import ROOT, Refusal, Settings

PARTS = ("edge", "faults", stack.NAME, clickhouse.NAME)  # in the order in which they stop


def up(settings: Settings, options: argparse.Namespace) -> int:
    if not options.no_build:
        build.all_binaries()
        build.dashboard()
    build.bootstraps()
    if not settings.external_clickhouse:
        with step("Starting ClickHouse"):
            clickhouse.start(settings)
    with step("Starting the AWS emulator"):
        stack.start_emulator(settings)
    stack.deploy(settings)
    stack.migrate(settings)
    if options.faults:
        with step("Starting the fault proxies"):
            faults.start(settings)
    else:
        faults.remove(settings)
    with step("Starting the edge"):
        start_edge(settings)
    handover.write(settings)
    handover.show(settings)
    say(f"  Up after {elapsed():.0f} s.")
    return 0


def start_edge(settings: Settings) -> None:
    """Plays CloudFront: the dashboard's files and the API on one origin."""
    api = stack.outputs(settings)["ApiId"]
    processes.start(settings, "edge", [str(build.TARGET / "agenttrace-edge")], processes.plain_environment(
        EDGE_PORT=str(settings.port), EDGE_SITE=str(ROOT / "frontend" / "dist"), EDGE_MEDIA=settings.emulator_url,
        EDGE_API=f"{settings.emulator_url}/_aws/execute-api/{api}"))
    processes.wait_for(settings, "edge", lambda: edge_answers(settings), within=10)


def edge_answers(settings: Settings) -> bool:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/.edge/health", timeout=2).status == 200
    except OSError:
        return False


def down(settings: Settings, options: argparse.Namespace) -> int:
    for name in PARTS:
        if processes.pid_of(settings, name):
            with step(f"Stopping {name}"):
                processes.stop(settings, name, within=60)
    if options.delete_data:
        for name in ("clickhouse", "state", "s3", "run", "logs"):
            shutil.rmtree(settings.home / name, ignore_errors=True)
        for name in ("env", "stack.json", "secrets.json", "users.xml", "tenant-tables"):
            (settings.home / name).unlink(missing_ok=True)
        say(f"  The data in {settings.home} is gone.")
    return 0


def status(settings: Settings, options: argparse.Namespace) -> int:
    ports = {"edge": settings.port, "emulator": settings.emulator_port, "clickhouse": settings.clickhouse_port, "faults": settings.faults_port}
    for name in reversed(PARTS):
        pid = processes.pid_of(settings, name)
        say(f"  {name:11} {f'pid {pid}, 127.0.0.1:{ports[name]}' if pid else 'not running'}")
    up_now = bool(processes.pid_of(settings, "edge"))
    say(f"\n  {settings.base_url} is up; data in {settings.home}." if up_now else "\n  `make up` starts it.")
    return 0 if up_now else 1


def logs(settings: Settings, options: argparse.Namespace) -> int:
    folder = settings.logs
    found = sorted([*folder.glob("*.log"), *folder.glob("functions/*.log")])
    if options.names:
        wanted = {*options.names, *(stack.function(name) for name in options.names)}
        found = [path for path in found if path.stem in wanted]
    if not found:
        raise Refusal(f"There are no such logs in {folder}.")
    return subprocess.run(["tail", "-n", "20", "-F", *map(str, found)]).returncode


def venv(settings: Settings, options: argparse.Namespace) -> None:
    say(f"  {settings.venv} is ready.")


def redrive(settings: Settings, options: argparse.Namespace) -> None:
    say(json.dumps(stack.invoke(settings, "redrive-failed"), indent=2))


def invoke(settings: Settings, options: argparse.Namespace) -> None:
    say(json.dumps(stack.invoke(settings, options.function, json.loads(options.payload)), indent=2))


def pids(settings: Settings, options: argparse.Namespace) -> None:
    for pid in processes.function_pids(settings, stack.function(options.function)):
        say(str(pid))


def kill(settings: Settings, options: argparse.Namespace) -> int:
    found = processes.function_pids(settings, stack.function(options.function))
    for pid in found:
        processes.send(pid, signal.SIGKILL)
        say(str(pid))
    return 0 if found else 1


def configure(settings: Settings, options: argparse.Namespace) -> None:
    pairs = dict(pair.split("=", 1) for pair in options.variables)
    stack.configure(settings, options.function, {name: value or None for name, value in pairs.items()})


def limit(settings: Settings, options: argparse.Namespace) -> None:
    stack.limit(settings, options.function, None if options.concurrency == "none" else int(options.concurrency))


def dev(settings: Settings, options: argparse.Namespace) -> int:
    """Watches the Rust sources; a saved change is on the running stack a few seconds later."""
    if not processes.pid_of(settings, "edge"):
        raise Refusal("Nothing runs yet: `make up` first.")
    vite = start_vite(settings)
    say("  Watching functions/ and shared/. The dashboard, with hot reload: http://127.0.0.1:5173 (Ctrl-C ends both)")
    seen = sources()
    try:
        while True:
            time.sleep(0.3)
            now = sources()
            if now != seen:
                seen = now
                rebuild(settings)
    except KeyboardInterrupt:
        return 0
    finally:
        if vite:
            vite.terminate()


def start_vite(settings: Settings) -> subprocess.Popen | None:
    if not (ROOT / "frontend" / "package.json").exists():
        return None
    return subprocess.Popen(["npm", "run", "--silent", "dev"], cwd=ROOT / "frontend",
                            env=os.environ | {"AGENTTRACE_URL": f"http://127.0.0.1:{settings.port}",
                                               "VITE_CONFIG_NATIVE_IGNORE_WARNING": "true"})


def sources() -> set[tuple[pathlib.Path, int]]:
    """What the functions are made of, each with the time of its last change."""
    found = set()
    for folder in (ROOT / "functions", ROOT / "shared"):
        for path in folder.rglob("*"):
            if path.suffix in (".rs", ".sql", ".toml", ".json", ".tsv"):
                with contextlib.suppress(FileNotFoundError):
                    found.add((path, path.stat().st_mtime_ns))
    return found


def rebuild(settings: Settings) -> None:
    """Builds what changed and updates the functions whose bootstrap is a new one."""
    began = time.monotonic()
    before = {name: bootstrap_stamp(name) for name in build.functions()}
    if not build.quietly():
        say("  The build failed; the stack runs what it ran.")
        return
    changed = []
    for name in before:
        build.place_bootstrap(name)
        if bootstrap_stamp(name) != before[name]:
            stack.update_code(settings, name)
            stack.note_drift(settings, name)
            changed.append(name)
    say(f"  {', '.join(changed) or 'nothing new'}: on the stack after {time.monotonic() - began:.1f} s")


def bootstrap_stamp(name: str) -> tuple[int, int]:
    stat = (build.BOOTSTRAPS / name / "bootstrap").stat()
    return stat.st_mtime_ns, stat.st_size
