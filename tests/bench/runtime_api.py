"""Runs a bootstrap as Lambda does, without the emulator: a Runtime API of its own that hands it events and takes its answers.

What is measured is the function: from the first byte of the event on the loopback to the last byte of the answer. One `Bootstrap` is one
execution environment, which has one event at a time.
"""

import base64
import json
import os
import pathlib
import queue
import socket
import subprocess
import threading
import time

TICK = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """The function answered with an error, ended, or kept silent."""


class Bootstrap:
    def __init__(self, binary: pathlib.Path, variables: dict[str, str], log: pathlib.Path | None = None):
        self.events: queue.SimpleQueue = queue.SimpleQueue()
        self.answers: queue.SimpleQueue = queue.SimpleQueue()
        self.polled = threading.Event()
        self.first_poll = self.last_answer = 0.0
        self.number = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        threading.Thread(target=self._accept, daemon=True).start()
        environment = {"PATH": os.environ["PATH"], "TZ": "UTC"} | variables | {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.listener.getsockname()[1]}", "AWS_LAMBDA_FUNCTION_NAME": f"bench-{binary.parent.name}",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
            "AWS_LAMBDA_LOG_STREAM_NAME": "bench", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "_HANDLER": "bootstrap",
        }
        output = log.open("ab") if log else subprocess.DEVNULL
        self.started = time.perf_counter()
        self.process = subprocess.Popen([str(binary)], env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.log = log

    def invoke(self, event: bytes, timeout: float = 60) -> tuple[bytes, float]:
        """The answer, and the seconds from handing over the event."""
        self.number += 1
        self.events.put(event)
        deadline = time.perf_counter() + timeout
        while True:
            try:
                kind, body, seconds = self.answers.get(timeout=0.5)
                break
            except queue.Empty:
                if self.process.poll() is not None:
                    raise Failed(f"the function ended with {self.process.returncode}: {self._tail()}") from None
                if time.perf_counter() > deadline:
                    raise Failed(f"no answer within {timeout} s: {self._tail()}") from None
        if kind != "response":
            raise Failed(f"{kind}: {body[:500].decode(errors='replace')} {self._tail()}")
        return body, seconds

    def wait_ready(self, timeout: float = 20) -> float:
        """Seconds from process start until the function asked for its first event: its initialisation."""
        deadline = time.perf_counter() + timeout
        while not self.polled.wait(0.2):
            if self.process.poll() is not None or time.perf_counter() > deadline:
                raise Failed(f"the function did not start: {self._tail()}")
        return self.first_poll - self.started

    def cpu_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> tuple[int, int]:
        """Resident bytes: now, and at their highest."""
        return memory_of(self.process.pid)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.listener.close()

    def __enter__(self) -> "Bootstrap":
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-1500:] if self.log and self.log.exists() else ""

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            reader = connection.makefile("rb", buffering=1 << 20)
            while True:
                line = reader.readline()
                if not line:
                    return
                method, path, _version = line.decode().split(" ", 2)
                length, chunked = 0, False
                while (header := reader.readline()) not in (b"\r\n", b""):
                    name, _, value = header.decode().partition(":")
                    length = int(value) if name.lower() == "content-length" else length
                    chunked = chunked or (name.lower() == "transfer-encoding" and "chunked" in value)
                body = read_chunks(reader) if chunked else reader.read(length)
                if method == "GET" and path.endswith("/invocation/next"):
                    self._hand_over(connection)
                    continue
                self.last_answer = arrived = time.perf_counter()
                connection.sendall(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
                self.answers.put((path.rsplit("/", 1)[-1], body, arrived - self.handed))
        except OSError:
            return

    def _hand_over(self, connection: socket.socket) -> None:
        if not self.polled.is_set():
            self.first_poll = time.perf_counter()
            self.polled.set()
        event = self.events.get()
        head = (f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: bench-{self.number}\r\n"
                f"lambda-runtime-deadline-ms: {int(time.time() * 1000) + 60_000}\r\n"
                "lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:bench\r\n"
                f"lambda-runtime-trace-id: Root=1-00000000-000000000000000000000000;Sampled=0\r\ncontent-length: {len(event)}\r\n\r\n")
        self.handed = time.perf_counter()
        connection.sendall(head.encode() + event)


def read_chunks(reader) -> bytes:
    body = b""
    while size := int(reader.readline().split(b";")[0], 16):
        body += reader.read(size)
        reader.readline()
    reader.readline()
    return body


def memory_of(pid: int) -> tuple[int, int]:
    found = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return tuple(int(found[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))


def http_event(method: str, path: str, query: str = "", headers: dict[str, str] | None = None, body: bytes | None = None) -> bytes:
    """An HTTP API event, payload format 2.0."""
    said = {"host": "localhost", "user-agent": "bench", "x-forwarded-proto": "https"} | (headers or {})
    event = {
        "version": "2.0", "routeKey": f"{method} {path}", "rawPath": path, "rawQueryString": query, "headers": said,
        "requestContext": {"accountId": "000000000000", "apiId": "bench", "domainName": "localhost", "requestId": "bench", "stage": "$default",
                           "routeKey": "$default", "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 0,
                           "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "bench"}},
        "isBase64Encoded": body is not None,
    }
    if body is not None:
        event["body"] = base64.b64encode(body).decode()
    return json.dumps(event).encode()


def status_of(answer: bytes) -> int:
    return json.loads(answer)["statusCode"]
