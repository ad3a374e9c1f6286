"""What a person sees while the cloud comes up: one line a step, with its time."""

import contextlib
import sys
import time

_began = time.monotonic()


@contextlib.contextmanager
def step(what: str):
    """Prints a step before and its duration after. `done(text)` adds a word on what was found."""
    started, words = time.monotonic(), []
    print(f"  {what} ...", flush=True) if not sys.stdout.isatty() else print(f"  {what} ...", end="", flush=True)
    yield words.append
    note = f" ({'; '.join(words)})" if words else ""
    lead = "\r  " if sys.stdout.isatty() else "  "
    print(f"{lead}{what}{note}: {time.monotonic() - started:.1f} s\x1b[K" if sys.stdout.isatty()
          else f"{lead}{what}{note}: {time.monotonic() - started:.1f} s", flush=True)


def say(text: str = "") -> None:
    print(text, flush=True)


def elapsed() -> float:
    return time.monotonic() - _began
