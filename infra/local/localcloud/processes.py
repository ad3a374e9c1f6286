"""Long-running parts: started detached, remembered in `run/<name>.pid`, ended in good order, never anyone else's."""

import hashlib
import json
import os
import pathlib
import signal
import subprocess
import time

from .settings import Refusal, Settings


def start(settings: Settings, name: str, command: list[str], environment: dict[str, str]) -> int:
    """Starts a part unless it runs already, from the same program in the same way; output goes to `logs/<name>.log`."""
    how = fingerprint(command, environment)
    running = pid_of(settings, name)
    if running:
        if noted(settings, name).get("how") == how:
            return running
        stop(settings, name)
    settings.run.mkdir(parents=True, exist_ok=True)
    settings.logs.mkdir(parents=True, exist_ok=True)
    log = settings.logs / f"{name}.log"
    if log.exists() and log.stat().st_size > 32 * 1024 * 1024:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   start_new_session=True, env=environment)
    (settings.run / f"{name}.pid").write_text(json.dumps(
        {"pid": process.pid, "started": started_at(process.pid), "how": how}))
    return process.pid


def fingerprint(command: list[str], environment: dict[str, str]) -> str:
    """Changes with the arguments, the variables and the program files, so that a new build is started anew."""
    files = []
    for word in command:
        path = pathlib.Path(word)
        if path.is_absolute() and path.is_file():
            files += sorted(path.parent.glob("*.py")) if path.name == "start.py" else [path]
    stamps = [(str(path), path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(json.dumps([command, sorted(environment.items()), stamps]).encode()).hexdigest()


def noted(settings: Settings, name: str) -> dict:
    try:
        return json.loads((settings.run / f"{name}.pid").read_text())
    except (FileNotFoundError, ValueError):
        return {}


def stop(settings: Settings, name: str, within: float = 20) -> bool:
    """Ends a part with SIGTERM, after `within` seconds with SIGKILL. False when it was not running."""
    pid = pid_of(settings, name)
    if not pid:
        (settings.run / f"{name}.pid").unlink(missing_ok=True)
        return False
    send(pid, signal.SIGTERM)
    deadline = time.monotonic() + within
    while pid_of(settings, name) and time.monotonic() < deadline:
        time.sleep(0.05)
    if pid_of(settings, name):
        send(pid, signal.SIGKILL)
    (settings.run / f"{name}.pid").unlink(missing_ok=True)
    return True


def pid_of(settings: Settings, name: str) -> int | None:
    """The part's process id if that very process still runs: an id may have been given to another one since."""
    part = noted(settings, name)
    started = started_at(part["pid"]) if part else None
    return part["pid"] if started and started == part["started"] else None


def started_at(pid: int) -> str | None:
    """When a process began, as the system tells it; None when it is gone or only waits to be collected."""
    try:
        os.waitpid(pid, os.WNOHANG)  # collects a child of ours that ended
    except (ChildProcessError, PermissionError):
        pass
    stat = pathlib.Path(f"/proc/{pid}/stat")
    if pathlib.Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.strip() or None


def send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def wait_for(settings: Settings, name: str, ready, within: float) -> None:
    """Waits until `ready()` is true; says where to look when the part ends or takes too long."""
    log = settings.logs / f"{name}.log"
    deadline = time.monotonic() + within
    while not ready():
        if not pid_of(settings, name):
            raise Refusal(f"{name} ended at once; the end of {log} says why:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise Refusal(f"{name} did not answer within {within:.0f} s; the end of {log} may say why:\n{tail(log)}")
        time.sleep(0.03)


def tail(log: pathlib.Path, lines: int = 12) -> str:
    try:
        return "\n".join("    " + line for line in log.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


def function_pids(settings: Settings, function: str) -> list[int]:
    """Processes of a function's running bootstraps: the emulator's children that carry its name."""
    emulator = pid_of(settings, "emulator")
    found = []
    for entry in pathlib.Path("/proc").iterdir() if emulator else ():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            variables = (entry / "environ").read_bytes().split(b"\0") if parent == emulator else ()
        except (OSError, IndexError):
            continue
        if f"AWS_LAMBDA_FUNCTION_NAME={function}".encode() in variables:
            found.append(int(entry.name))
    return found


def plain_environment(**more: str) -> dict[str, str]:
    """What a part may see of the caller's environment. Functions inherit the emulator's, so keep it short."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ") if name in os.environ}
    return kept | more
