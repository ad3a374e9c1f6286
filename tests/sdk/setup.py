#!/usr/bin/env python3
"""Environments of the SDKs under test, each straight from its registry: a folder of packages for every folder of `python/`, a `node_modules`
for every folder of `js/`, and one for the browser's journey.

They lie under `.local-test/sdk/<name>-<hash of its pins>` and are made once; a finished one is never changed, so any number of
runs may share them. `setup.py` makes all of them, two at a time; tests ask `python_of` and `node_modules_of` for one.
"""

import concurrent.futures
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("AGENTTRACE_SDK_CACHE") or HERE.parents[1] / ".local-test" / "sdk")
LANGUAGES = {"python": ("requirements.txt",), "js": ("package.json", "package-lock.json", ".npmrc")}


def sources() -> list[pathlib.Path]:
    return sorted(path for language in LANGUAGES for path in (HERE / language).iterdir() if path.is_dir()) + [HERE.parent / "e2e"]


def language_of(source: pathlib.Path) -> str:
    return source.parent.name if source.parent.name in LANGUAGES else "js"


def place_of(source: pathlib.Path) -> pathlib.Path:
    """Where the environment lies; another pin or another Python makes another place."""
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for name in LANGUAGES[language_of(source)]:
        found.update((source / name).read_bytes())
    return CACHE / f"{language_of(source)}-{source.name}-{found.hexdigest()[:12]}"


def make(source: pathlib.Path) -> pathlib.Path:
    """Makes an environment unless it is there. Made under a name of its own and then renamed, so that two makers do no harm."""
    place = place_of(source)
    if place.exists():
        return place
    draft = CACHE / f"draft-{uuid.uuid4().hex[:8]}"
    draft.mkdir(parents=True)
    try:
        install_python(source, draft) if language_of(source) == "python" else install_js(source, draft)
        draft.rename(place)
    except OSError:
        if not place.exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return place


def install_python(source: pathlib.Path, place: pathlib.Path) -> None:
    """Packages in a folder instead of a venv: a venv holds its own path and could not be renamed."""
    run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes",
         "--only-binary", ":all:", "--no-compile", "--target", str(place / "packages"), "-r", str(source / "requirements.txt")], place)


def install_js(source: pathlib.Path, place: pathlib.Path) -> None:
    for name in LANGUAGES["js"]:
        shutil.copy(source / name, place / name)
    run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"], place)


def run(command: list[str], folder: pathlib.Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


def packages_of(name: str) -> pathlib.Path:
    """The folder for PYTHONPATH of `python/<name>`."""
    return make(HERE / "python" / name) / "packages"


def node_modules_of(name: str) -> pathlib.Path:
    """The folder for NODE_PATH of `js/<name>`."""
    return make(HERE / "js" / name) / "node_modules"


def node_modules_of_folder(folder: pathlib.Path) -> pathlib.Path:
    """The same of any folder with a package.json and its lock."""
    return make(folder) / "node_modules"


def main() -> None:
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for place in pool.map(make, sources()):
            print(place.name)
    print(f"{time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
