"""Waiting for a condition instead of for a time."""

import time

READABLE_WITHIN = 20.0
"""Generous: acknowledged telemetry is readable within a second or so; a busy machine may take longer."""


def wait_until(condition, within: float = READABLE_WITHIN, every: float = 0.05):
    """Calls `condition` until it gives something true, and gives that; fails with what it last gave or raised."""
    deadline = time.monotonic() + within
    last: object = None
    while True:
        try:
            last = condition()
            if last:
                return last
        except AssertionError as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {within:.0f} s; last: {str(last)[:1500]}")
        time.sleep(every)
