#!/usr/bin/env python3
"""Makes every requirements.txt from its requirements.in: all packages, exact versions, hashes. Uses uv from PyPI."""

import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
UV = "uv==0.13.9"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", UV], check=True)
        for source in sorted(ROOT.glob("**/requirements.in")):
            if {"node_modules", ".local", "target"} & set(source.parts):
                continue
            python = "3.11" if {"sdk", "agents"} & set(source.parts) else "3.10"  # langfuse 5 wants 3.11
            command = [f"{folder}/bin/uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url", "--no-header",
                       "--universal", "--python-version", python, "--output-file", str(source.with_suffix(".txt")), str(source)]
            left_out = source.with_name("requirements-left-out.txt")
            if left_out.exists():
                command += ["--overrides", str(left_out)]
            subprocess.run(command, check=True, cwd=ROOT)
            print(source.with_suffix(".txt").relative_to(ROOT))


if __name__ == "__main__":
    main()
