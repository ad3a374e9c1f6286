"""Makes what is deployed: the functions' bootstraps, the edge and the dashboard. What is fresh is left alone."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess

from .console import say, step
from .settings import ROOT, Refusal

PROFILE = "fast"
BOOTSTRAPS = ROOT / "target" / "lambda"
TARGET = ROOT / "target" / PROFILE


def functions() -> list[str]:
    """Names of the template's functions, which are those of their crates and bootstraps."""
    return re.findall(r"CodeUri: target/lambda/([a-z-]+)", (ROOT / "template.yaml").read_text())


# Always the whole workspace: a part of it alone would unify the features of its dependencies in another way, and so compile
# those anew. What did not change costs nothing.
CARGO = ["cargo", "build", "--profile", PROFILE, "--workspace", "--bins"]


def all_binaries() -> None:
    with step("Building the functions and the edge (cargo, profile fast; minutes the first time)"):
        run(CARGO, "The build failed; what cargo said is above.")


def quietly() -> bool:
    """Builds what changed; whether it went well."""
    return subprocess.run([*CARGO, "--quiet"], cwd=ROOT).returncode == 0


def bootstraps() -> None:
    """Gives every function its `target/lambda/<name>/bootstrap`, a hard link to what cargo built."""
    for name in functions():
        place_bootstrap(name)


def place_bootstrap(name: str) -> None:
    binary, bootstrap = TARGET / name, BOOTSTRAPS / name / "bootstrap"
    bootstrap.parent.mkdir(parents=True, exist_ok=True)
    if not binary.exists():
        say(f"  {name} is not built: it will answer 501")
        binary = ROOT / "infra/local/localcloud/not_built.py"
    if bootstrap.exists() and bootstrap.samefile(binary):
        return
    draft = bootstrap.with_name("bootstrap.draft")
    draft.unlink(missing_ok=True)
    try:
        os.link(binary, draft)
    except OSError:  # another disk
        shutil.copy2(binary, draft)
    draft.replace(bootstrap)


def dashboard() -> None:
    """`npm ci` and `npm run build`, unless the dashboard's sources are those of the last build."""
    frontend = ROOT / "frontend"
    if not (frontend / "package.json").exists():
        return
    stamp = frontend / "node_modules" / ".agenttrace-lock"
    lock = digest([frontend / "package-lock.json"])
    if not stamp.exists() or stamp.read_text() != lock:
        with step("Installing the dashboard's packages (npm ci)"):
            run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], "npm ci failed; its reason is above.", frontend)
            stamp.write_text(lock)
    built = frontend / "dist" / ".built-from"
    sources = digest(dashboard_sources(frontend))
    if not built.exists() or built.read_text() != sources:
        with step("Building the dashboard (Vite)"):
            run(["npm", "run", "--silent", "build"], "The dashboard's build failed; its reason is above.", frontend)
            built.write_text(sources)


def dashboard_sources(frontend: pathlib.Path) -> list[pathlib.Path]:
    left_out = {"node_modules", "dist", "test-results", "playwright-report", "e2e", "coverage"}
    return sorted(path for entry in frontend.iterdir() if entry.name not in left_out
                  for path in ([entry] if entry.is_file() else entry.rglob("*")) if path.is_file())


def digest(paths: list[pathlib.Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(str(path.relative_to(ROOT)).encode())
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()


def run(command: list[str], failure: str, folder: pathlib.Path = ROOT) -> None:
    if subprocess.run(command, cwd=folder).returncode != 0:
        raise Refusal(failure)
