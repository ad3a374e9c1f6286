#!/usr/bin/env python3
"""Starts the AWS emulator (MiniStack, version pinned in ../requirements.txt) with what AgentTrace needs mended.

Nothing of the emulator is edited: each patch replaces one named function and says why and when it can go. The names are
private, so a new version of the emulator needs a look at every patch; ../tests/test_emulator.py has a test for each.

Settings come from the environment: GATEWAY_PORT, STATE_DIR, S3_DATA_DIR (MiniStack's own), AGENTTRACE_FUNCTION_LOGS
(folder for the functions' output) and AGENTTRACE_SNAPSHOT_SECONDS (60).
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import functions  # noqa: E402
import snapshots  # noqa: E402
import stacks  # noqa: E402
import stream  # noqa: E402
import tables  # noqa: E402


def main() -> None:
    functions.patch()
    stream.patch()
    snapshots.patch()
    stacks.patch()
    tables.patch()
    from ministack.app import main as serve

    serve()


if __name__ == "__main__":
    main()
