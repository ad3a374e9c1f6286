"""The agents as their registries have them, of pinned versions: fetched once, beside the SDKs under test (`sdk/setup.py`)."""

import functools
import pathlib
import shutil
import uuid

from sdk.story import setup

HERE = pathlib.Path(__file__).resolve().parent


@functools.cache
def npm_packages() -> pathlib.Path:
    """The folder of packages. `npm install` keeps to the lock as `npm ci` does, but takes a lock that lacks packages for other kinds of machines."""
    sdk, source = setup(), HERE / "js/agents"
    place = sdk.place_of(source)
    if not place.exists():
        draft = sdk.CACHE / f"draft-{uuid.uuid4().hex[:8]}"
        draft.mkdir(parents=True)
        try:
            for name in sdk.LANGUAGES["js"]:
                shutil.copy(source / name, draft / name)
            sdk.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"], draft)
            draft.rename(place)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return place / "node_modules"


@functools.cache
def aider_packages() -> pathlib.Path:
    """The folder for PYTHONPATH."""
    return setup().make(HERE / "python/aider") / "packages"


def program(name: str) -> pathlib.Path:
    """An agent's program. Scripts of packages are not run: what those would link is taken from where it lies."""
    packages = npm_packages()
    native = {"claude": "@anthropic-ai/claude-code-*/claude", "opencode": "opencode-*/bin/opencode"}
    if name not in native:
        return packages / ".bin" / name
    found = sorted(packages.glob(native[name]), key=lambda path: len(str(path)))
    assert found, f"{name} has no package for this kind of machine in {packages}"
    return found[0]
