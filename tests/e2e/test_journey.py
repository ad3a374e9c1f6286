"""A person's way through the dashboard of the deployed stack (journey.spec.ts), with traces that a real SDK sends meanwhile."""

import os
import pathlib
import subprocess
import sys

from sdk.story import setup

HERE = pathlib.Path(__file__).resolve().parent


def test_a_person_finds_what_a_program_did(stack):
    """Playwright is installed beside its lock file, once for every lock."""
    packages = setup().node_modules_of_folder(HERE)
    (HERE / "node_modules").unlink(missing_ok=True)
    (HERE / "node_modules").symlink_to(packages)
    environment = os.environ | {
        "AGENTTRACE_BASE_URL": stack.base_url.replace("127.0.0.1", "localhost"), "AGENTTRACE_EMAIL": stack.email, "AGENTTRACE_PASSWORD": stack.password, "AGENTTRACE_PROJECT_ID": stack.project_id,
        "AGENTTRACE_PUBLIC_KEY": stack.public_key, "AGENTTRACE_SECRET_KEY": stack.secret_key, "TELL_STORY": f"{sys.executable} {HERE / 'tell.py'}", "E2E_OUTPUT": str(stack.home / "e2e-results"),
    }

    done = subprocess.run([str(packages / ".bin/playwright"), "test"], cwd=HERE, env=environment, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
