"""Read after write: how soon an acknowledged span is readable. The shares are printed; only a generous deadline is asserted."""

import time

from harness.telemetry import span, trace_id

SAMPLES = 30


def test_an_acknowledged_span_is_readable_soon(tenant, capsys):
    waits = []
    for _ in range(SAMPLES):
        trace = trace_id()
        tenant.store(span(trace))
        acknowledged = time.monotonic()
        while not tenant.has_trace(trace):
            assert time.monotonic() - acknowledged < 20
            time.sleep(0.01)
        waits.append(time.monotonic() - acknowledged)

    waits.sort()
    shares = {limit: sum(wait <= limit for wait in waits) / SAMPLES for limit in (1, 2, 3)}
    with capsys.disabled():
        print(f"\nreadable after the acknowledgement: median {waits[SAMPLES // 2]:.3f} s, slowest {waits[-1]:.3f} s; "
              + ", ".join(f"{share:.0%} within {limit} s" for limit, share in shares.items()))
    assert waits[SAMPLES // 2] < 10
