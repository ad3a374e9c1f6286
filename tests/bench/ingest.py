"""The way in: durable spans a second, ack latency, processor time and memory, at the client and in the function; and the gzip bomb."""

import base64
import gzip
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import threading
import time

import payload
from figures import mb, ms, percentiles
from local import LAMBDA, Client, Stack, expect, free_port, wait_until_stored
from runtime_api import TICK, Bootstrap, http_event, memory_of, status_of

PATH = "/v1/traces"
HERE = pathlib.Path(__file__).resolve().parent


def headers(stack: Stack) -> dict[str, str]:
    basic = base64.b64encode(":".join(stack.key).encode()).decode()
    return {"content-type": "application/x-protobuf", "authorization": f"Basic {basic}"}


class Payloads:
    """Requests by number, each used once: a repeated one would find its traces stored already."""

    def __init__(self, seed: int):
        self.seed, self.next = seed, 0
        self.sha, self.bytes, self.spans = hashlib.sha256(), 0, 0

    def take(self, count: int) -> list[bytes]:
        made = [payload.build(self.seed, self.next + number)[0] for number in range(count)]
        self.next += count
        for body in made:
            self.sha.update(body)
            self.bytes += len(body)
            self.spans += payload.SPANS
        return made

    def said(self) -> dict:
        return {"seed": self.seed, "requests": self.next, "spans": self.spans, "bytes": self.bytes,
                "bytes_per_span": round(self.bytes / max(1, self.spans)), "sha256": self.sha.hexdigest()}


def through_the_stack(stack: Stack, payloads: Payloads, batches: int, concurrency: int) -> dict:
    """Closed loop against the edge. Durable: the answer comes when the stream has every record."""
    bodies, sent = payloads.take(batches), headers(stack)
    clickhouse = stack.part_pid("clickhouse")
    store_before = cpu_of(clickhouse) if clickhouse else 0.0
    before, since = deployed_cpu(stack), time.time() - 0.01
    seconds, wall = closed_loop(concurrency, bodies, lambda: sender(stack, sent))
    spans = batches * payload.SPANS
    lag = wait_until_stored(stack, since, spans)
    time.sleep(0.3)
    after = deployed_cpu(stack)
    cpu = {name: sum(after[name].values()) - sum(before[name].get(pid, 0) for pid in after[name]) for name in after}
    return percentiles(seconds) | {
        "spans_per_s": round(spans / wall), "spans": spans, "stored_after_last_ack_s": round(lag, 2),
        "cpu_s_per_100k": {name: round(value * 100_000 / spans, 2) for name, value in cpu.items()}
        | {"together": round(sum(cpu.values()) * 100_000 / spans, 2)},
        "clickhouse_cpu_s_per_100k": round((cpu_of(clickhouse) - store_before) * 100_000 / spans, 1) if clickhouse else None,
    }


def sender(stack: Stack, sent: dict[str, str]):
    client = Client(stack.port)

    def send(body: bytes) -> float:
        began = time.perf_counter()
        status, _, answer = client.call("POST", PATH, sent, body)
        took = time.perf_counter() - began
        expect(status, 200, answer)
        return took

    return send


def closed_loop(concurrency: int, work: list, make_sender) -> tuple[list[float], float]:
    """Each of `concurrency` callers sends its next item when the last was answered. (seconds of each, seconds of all)"""
    seconds: list[float] = []
    failures: list[BaseException] = []
    waiting = iter(work)
    lock = threading.Lock()

    def run() -> None:
        try:
            send = make_sender()
            while True:
                with lock:
                    item = next(waiting, None)
                if item is None:
                    return
                took = send(item)
                with lock:
                    seconds.append(took)
        except BaseException as failure:  # SystemExit of a thread would vanish
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(concurrency)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return seconds, time.perf_counter() - began


def deployed_cpu(stack: Stack) -> dict[str, dict[int, float]]:
    return {name: {pid: cpu_of(pid) for pid in stack.function_pids(name)} for name in ("ingest", "write-events")}


def cpu_of(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def deployed_memory(stack: Stack) -> dict[str, float]:
    """Highest resident size of any process of each function, in MB."""
    return {name: mb(max((memory_of(pid)[1] for pid in stack.function_pids(name)), default=0)) for name in ("ingest", "write-events")}


class StreamStub:
    """A stream that answers at once and keeps what it got."""

    def __init__(self, stack: Stack):
        self.port, self.file = free_port(), stack.home / "bench-records.jsonl"
        self.process = subprocess.Popen([sys.executable, str(HERE / "stream_stub.py"), str(self.port), str(self.file)])
        time.sleep(0.4)

    @property
    def variables(self) -> dict[str, str]:
        return {"AWS_ENDPOINT_URL_KINESIS": f"http://127.0.0.1:{self.port}"}

    def records(self) -> list[list[tuple[str, str]]]:
        """Per call: (partition key, base64 data) of its records."""
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.file.unlink(missing_ok=True)


def in_the_function(stack: Stack, payloads: Payloads, batches: int, concurrency: int, stub: StreamStub | None, log: pathlib.Path) -> dict:
    """The same closed loop, with events handed to bootstraps directly: no edge, no gateway."""
    variables = stack.function_environment("ingest") | (stub.variables if stub else {})
    sent = headers(stack)
    events = [http_event("POST", PATH, headers=sent, body=body) for body in payloads.take(batches)]
    warm = [http_event("POST", PATH, headers=sent, body=body) for body in payloads.take(2 * concurrency)]
    running = [Bootstrap(LAMBDA / "ingest" / "bootstrap", variables, log) for _ in range(concurrency)]
    try:
        for number, bootstrap in enumerate(running):
            for event in warm[2 * number:2 * number + 2]:
                expect(status_of(bootstrap.invoke(event)[0]), 200, b"warm-up")
        before = sum(bootstrap.cpu_seconds() for bootstrap in running)
        free = iter(running)

        def make():
            bootstrap = next(free)

            def send(event: bytes) -> float:
                answer, seconds = bootstrap.invoke(event)
                expect(status_of(answer), 200, answer)
                return seconds

            return send

        seconds, wall = closed_loop(concurrency, events, make)
        cpu = sum(bootstrap.cpu_seconds() for bootstrap in running) - before
        spans = batches * payload.SPANS
        return percentiles(seconds) | {"cpu_s_per_100k": round(cpu * 100_000 / spans, 2), "spans": spans, "spans_per_s": round(spans / wall),
                                       "peak_memory_mb": mb(max(bootstrap.memory()[1] for bootstrap in running))}
    finally:
        for bootstrap in running:
            bootstrap.close()


def writer(stack: Stack, calls: list[list[tuple[str, str]]], requests_a_batch: int, log: pathlib.Path) -> dict:
    """Feeds records that ingest made to write-events, as the event source would: batch after batch, each once."""
    variables = stack.function_environment("write-events")
    sequence, events = 0, []
    for first in range(0, len(calls), requests_a_batch):
        records = []
        for partition_key, data in (record for call in calls[first:first + requests_a_batch] for record in call):
            sequence += 1
            number = f"{time.time_ns()}{sequence:037d}"
            records.append({"kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": partition_key, "sequenceNumber": number, "data": data,
                                        "approximateArrivalTimestamp": time.time()},
                            "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": f"shardId-000000000000:{number}",
                            "eventName": "aws:kinesis:record", "invokeIdentityArn": "arn:aws:iam::000000000000:role/write-events",
                            "awsRegion": "us-east-1", "eventSourceARN": "arn:aws:kinesis:us-east-1:000000000000:stream/bench"})
        events.append(json.dumps({"Records": records}).encode())
    with Bootstrap(LAMBDA / "write-events" / "bootstrap", variables, log) as bootstrap:
        bootstrap.invoke(b'{"Records": []}')
        before, began = bootstrap.cpu_seconds(), time.perf_counter()
        seconds = [bootstrap.invoke(event)[1] for event in events]
        wall, cpu = time.perf_counter() - began, bootstrap.cpu_seconds() - before
        spans = len(calls) * payload.SPANS
        return percentiles(seconds) | {
            "cpu_s_per_100k": round(cpu * 100_000 / spans, 2), "spans": spans, "spans_per_s": round(spans / wall), "batches": len(events),
            "requests_a_batch": requests_a_batch, "peak_memory_mb": mb(bootstrap.memory()[1]),
        }


def bomb(stack: Stack, log: pathlib.Path) -> dict:
    """1 GiB of zeros in 1 MB of gzip: how soon is it refused, and what does the function's memory do?"""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as file:
        zeros = bytes(1 << 20)
        for _ in range(1024):
            file.write(zeros)
    body = packed.getvalue()
    small = http_event("POST", PATH, headers=headers(stack), body=payload.one_span(b"b" * 16, b"b" * 8, payload.BASE))
    event = http_event("POST", PATH, headers=headers(stack) | {"content-encoding": "gzip"}, body=body)
    stub = StreamStub(stack)
    try:
        with Bootstrap(LAMBDA / "ingest" / "bootstrap", stack.function_environment("ingest") | stub.variables, log) as bootstrap:
            for _ in range(5):
                bootstrap.invoke(small)
            resident = bootstrap.memory()[0]
            seconds, statuses = [], set()
            for _ in range(10):
                answer, took = bootstrap.invoke(event)
                statuses.add(status_of(answer))
                seconds.append(took)
            return {"status": sorted(statuses), "wire_bytes": len(body), "inflated_bytes": 1 << 30, "sha256": hashlib.sha256(body).hexdigest(),
                    "refused_after_ms": percentiles(seconds)["p50_ms"], "slowest_ms": ms(max(seconds)),
                    "growth_mb": mb(bootstrap.memory()[1] - resident), "resident_before_mb": mb(resident)}
    finally:
        stub.close()


