"""From the acknowledgement of a span until its trace can be read, as a client sees it."""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import payload
from figures import percentiles
from ingest import PATH, Payloads, headers
from local import Client, Stack, expect

POLL = 0.005
WITHIN = 30


def measure(stack: Stack, samples: int) -> dict:
    client, sent, seconds = Client(stack.port), headers(stack), []
    for _ in range(samples):
        trace = os.urandom(16)
        status, _, answer = client.call("POST", PATH, sent, payload.one_span(trace, os.urandom(8), time.time_ns() - 10_000_000))
        acknowledged = time.perf_counter()
        expect(status, 200, answer)
        while True:
            status, _, answer = client.call("GET", f"/api/public/traces/{trace.hex()}", {"authorization": sent["authorization"]})
            if status == 200 and json.loads(answer)["observations"]:
                break
            if status not in (200, 404) or time.perf_counter() - acknowledged > WITHIN:
                expect(status, 200, answer)
                raise SystemExit(f"a span was not readable within {WITHIN} s")
            time.sleep(POLL)
        seconds.append(time.perf_counter() - acknowledged)
    return percentiles(seconds)


def once(stack: Stack, tries: int, writers: int = 25) -> dict:
    """Of clients that write, wait and read once: the share that finds its trace after 1 s and after 2 s."""
    own = threading.local()

    def attempt(number: int) -> tuple[bool, bool]:
        if not hasattr(own, "client"):
            own.client = Client(stack.port)
            time.sleep(number / writers)  # spread over the second
        sent, trace = headers(stack), os.urandom(16)
        status, _, answer = own.client.call("POST", PATH, sent, payload.one_span(trace, os.urandom(8), time.time_ns() - 10_000_000))
        acknowledged = time.perf_counter()
        expect(status, 200, answer)
        for after in (1, 2):
            time.sleep(max(0.0, acknowledged + after - time.perf_counter()))
            status, _, _ = own.client.call("GET", f"/api/public/traces/{trace.hex()}", {"authorization": sent["authorization"]})
            if status == 200:
                return after == 1, True
        return False, False

    with ThreadPoolExecutor(writers) as pool:
        found = list(pool.map(attempt, range(tries)))
    missed = [round(100 * sum(not one[place] for one in found) / tries, 2) for place in (0, 1)]
    return {"tries": tries, "missed_after_1_s_percent": missed[0], "missed_after_2_s_percent": missed[1]}


def under_load(stack: Stack, payloads: Payloads, samples: int, spans_per_s: int) -> dict:
    """The same while another client sends steadily."""
    bodies = payloads.take(50)
    over, sent_spans = threading.Event(), [0]

    def send() -> None:
        client, sent = Client(stack.port), headers(stack)
        pause = payload.SPANS / spans_per_s
        due = time.perf_counter()
        while not over.is_set():
            # The prepared requests again and again: their rows replace themselves.
            client.call("POST", PATH, sent, bodies[(sent_spans[0] // payload.SPANS) % len(bodies)])
            sent_spans[0] += payload.SPANS
            due = max(due + pause, time.perf_counter() - 1)
            over.wait(max(0.0, due - time.perf_counter()))

    thread = threading.Thread(target=send)
    began = time.perf_counter()
    thread.start()
    try:
        found = measure(stack, samples)
    finally:
        over.set()
        thread.join()
    return found | {"load_spans_per_s": round(sent_spans[0] / (time.perf_counter() - began))}
