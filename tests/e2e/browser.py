"""Playwright with the system's Chromium against the stack under test."""

import os
import pathlib
import subprocess

from sdk.story import setup

HERE = pathlib.Path(__file__).resolve().parent


def run_in_a_browser(stack, spec: str, **more: str) -> None:
    """Runs a spec. Playwright is installed beside its lock file, once for every lock."""
    packages = setup().node_modules_of_folder(HERE)
    (HERE / "node_modules").unlink(missing_ok=True)
    (HERE / "node_modules").symlink_to(packages)
    environment = os.environ | {
        "AGENTTRACE_BASE_URL": stack.base_url.replace("127.0.0.1", "localhost"), "AGENTTRACE_EMAIL": stack.email, "AGENTTRACE_PASSWORD": stack.password,
        "E2E_SPEC": spec, "E2E_OUTPUT": str(stack.home / "e2e-results"),
    } | more

    done = subprocess.run([str(packages / ".bin/playwright"), "test"], cwd=HERE, env=environment, capture_output=True, text=True, timeout=1200)

    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
