#!/usr/bin/env python3
"""HTTP proxies that break on command, between the functions and Kinesis, DynamoDB, S3, KMS and ClickHouse.

    faults.py --control 3003 --proxy kinesis=3004=http://127.0.0.1:3001 --proxy clickhouse=3007=http://127.0.0.1:3002

Control (README.md has examples):  PUT /rules/<service> {"mode": ..., ...}   DELETE /rules/<service>   DELETE /rules   GET /

A rule applies to requests that hold every text of `match` (in the operation, the path with its query, or the first 4 kB of
the body), after the first `skip`, at most `times` times. Modes:

    refuse    the port is closed, open connections are reset (match, skip and times do not apply)
    reset     the connection is reset before the request goes on
    error     answers `status` (500) with `body` and `headers`, or with ClickHouse's `clickhouse_code`
    throttle  answers as the service does when it throttles; `code` names another exception
    partial   PutRecords: `fail` (a number, or a list of places) records are refused, the others stored
    drop      the request goes through, its answer does not: `hold` seconds (60) of silence, then a reset
    delay     waits `seconds` before the request goes on
    pass      nothing (counts what matches)
"""

import argparse
import asyncio
import dataclasses
import json
import socket
import struct
from urllib.parse import unquote_plus, urlsplit

LIMIT = 1 << 20
LEFT_OUT = ("transfer-encoding:", "content-length:", "expect:", "connection:")


@dataclasses.dataclass
class Rule:
    mode: str = "pass"
    match: list[str] = dataclasses.field(default_factory=list)
    skip: int = 0
    times: int = -1
    status: int = 500
    body: str = ""
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    clickhouse_code: int = 0
    code: str = ""
    fail: object = 1
    hold: float = 60
    seconds: float = 1
    matched: int = 0
    applied: int = 0

    def takes(self, text: str) -> bool:
        """Whether this request is to be broken; counts it."""
        if not all(wanted in text for wanted in self.match):
            return False
        self.matched += 1
        if self.matched <= self.skip or 0 <= self.times <= self.applied:
            return False
        self.applied += 1
        return True


@dataclasses.dataclass
class Request:
    head: list[str]  # request line, then header lines
    body: bytes

    def header(self, name: str) -> str:
        return next((line.partition(":")[2].strip() for line in self.head[1:] if line.lower().startswith(name + ":")), "")

    def text(self) -> str:
        """What `match` looks at."""
        start = self.body[:4096].decode(errors="replace")
        return "\n".join((self.header("x-amz-target"), unquote_plus(self.head[0]), start))

    def encoded(self, body: bytes | None = None) -> bytes:
        body = self.body if body is None else body
        lines = [line for line in self.head if not line.lower().startswith(LEFT_OUT)]
        return "\r\n".join([*lines, f"content-length: {len(body)}", "connection: keep-alive", "", ""]).encode("latin-1") + body


class Proxy:
    def __init__(self, service: str, port: int, target: str):
        self.service, self.port = service, port
        parts = urlsplit(target)
        self.host, self.target_port = parts.hostname, parts.port or 80
        self.rule, self.requests = Rule(), 0
        self.server: asyncio.Server | None = None
        self.writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        if self.server is None:
            self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port, limit=LIMIT, backlog=512)

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()
            self.server = None
        for writer in list(self.writers):
            reset(writer)

    async def set_rule(self, rule: Rule) -> None:
        self.rule = rule
        await (self.close() if rule.mode == "refuse" else self.open())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = None
        self.writers.add(writer)
        no_delay(writer)
        try:
            while not writer.is_closing() and (request := await read_request(reader, writer)) is not None:
                self.requests += 1
                upstream = await self.answer(request, writer, upstream)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            reset(writer)  # the target is away, or one side hung up
        finally:
            self.writers.discard(writer)
            if upstream:
                upstream[1].close()
            writer.close()

    async def answer(self, request: Request, writer: asyncio.StreamWriter, upstream):
        """Answers one request by the rule; returns the connection to the target, for the next one."""
        rule = self.rule
        mode = rule.mode if rule.takes(request.text()) else "pass"
        if mode == "reset":
            reset(writer)
            return upstream
        if mode == "delay":
            await asyncio.sleep(rule.seconds)
        if mode == "error":
            await send_error(writer, rule)
            return upstream
        if mode == "throttle":
            await send_throttle(writer, self.service, rule)
            return upstream
        if mode == "partial":
            return await self.answer_partly(request, writer, upstream, rule)
        head_only = request.head[0].startswith("HEAD ")
        upstream, _body = await self.ask(request.encoded(), upstream, head_only, None if mode == "drop" else writer)
        if mode == "drop":
            await asyncio.sleep(rule.hold)
            reset(writer)
        return upstream

    async def answer_partly(self, request: Request, writer: asyncio.StreamWriter, upstream, rule: Rule):
        """Stores all records but the chosen ones, and reports those as refused."""
        asked = json.loads(request.body)
        records = asked.get("Records", [])
        refused = set(rule.fail if isinstance(rule.fail, list) else range(min(int(rule.fail), len(records))))
        asked["Records"] = [record for place, record in enumerate(records) if place not in refused]
        stored = []
        if asked["Records"]:
            upstream, body = await self.ask(request.encoded(json.dumps(asked).encode()), upstream, False, None)
            stored = json.loads(body)["Records"]
        waiting = iter(stored)
        no = {"ErrorCode": rule.code or "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded for shard"}
        answers = [no if place in refused else next(waiting) for place in range(len(records))]
        answer = {"FailedRecordCount": len(records) - len(stored), "Records": answers}
        await send(writer, 200, json.dumps(answer), {"content-type": "application/x-amz-json-1.1"})
        return upstream

    async def ask(self, encoded: bytes, upstream, head_only: bool, writer: asyncio.StreamWriter | None):
        """Sends a request on, and its answer to `writer`; without one collects the answer."""
        kept = upstream is not None
        while True:
            if upstream is None:
                upstream = await asyncio.open_connection(self.host, self.target_port, limit=LIMIT)
                no_delay(upstream[1])
            try:
                upstream[1].write(encoded)
                await upstream[1].drain()
                head = await upstream[0].readuntil(b"\r\n\r\n")
                break
            except (ConnectionError, asyncio.IncompleteReadError):
                upstream[1].close()
                upstream = None
                if not kept:
                    raise
                kept = False  # a kept connection may have been closed meanwhile: once more on a new one
        collected = bytearray()

        async def relay(data: bytes) -> None:
            if writer is None:
                collected.extend(data)
            else:
                writer.write(data)
                await writer.drain()

        if writer is not None:
            writer.write(head)
        await relay_body(head, upstream[0], relay, head_only, framed=writer is not None)
        if b"connection: close" in head.lower():
            upstream[1].close()
            upstream = None
        return upstream, bytes(collected)


def no_delay(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def reset(writer: asyncio.StreamWriter) -> None:
    """Closes with RST rather than FIN."""
    found = writer.get_extra_info("socket")
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except (OSError, AttributeError):
        pass  # closed already
    writer.transport.abort()


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    except asyncio.IncompleteReadError:
        return None
    request = Request(head, b"")
    if request.header("expect").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if "chunked" in request.header("transfer-encoding").lower():
        body = bytearray()

        async def collect(data: bytes) -> None:
            body.extend(data)

        await relay_chunks(reader, collect, framed=False)
        request.body = bytes(body)
    elif length := int(request.header("content-length") or 0):
        request.body = await reader.readexactly(length)
    return request


async def relay_body(head: bytes, reader: asyncio.StreamReader, relay, head_only: bool, framed: bool) -> None:
    lines = head.decode("latin-1").lower().split("\r\n")
    status = int(lines[0].split()[1])
    if head_only or status in (204, 304):
        return
    if any(line.startswith("transfer-encoding:") and "chunked" in line for line in lines):
        await relay_chunks(reader, relay, framed)
        return
    length = next((int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")), None)
    while length is None or length > 0:
        data = await reader.read(65536 if length is None else min(65536, length))
        if not data:
            return
        await relay(data)
        if length is not None:
            length -= len(data)


async def relay_chunks(reader: asyncio.StreamReader, relay, framed: bool) -> None:
    """Reads a chunked body; hands on its chunks as they are, or only what is in them."""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        data = await reader.readexactly(size + 2)
        if framed:
            await relay(line + data)
        elif size:
            await relay(data[:-2])
        if size == 0:
            return


async def send(writer: asyncio.StreamWriter, status: int, body: str, headers: dict[str, str]) -> None:
    encoded = body.encode()
    fields = [f"{name}: {value}" for name, value in headers.items()]
    lines = [f"HTTP/1.1 {status} Fault", *fields, f"content-length: {len(encoded)}", "", ""]
    writer.write("\r\n".join(lines).encode("latin-1") + encoded)
    await writer.drain()


async def send_error(writer: asyncio.StreamWriter, rule: Rule) -> None:
    headers, body = dict(rule.headers), rule.body
    if rule.clickhouse_code:
        headers["x-clickhouse-exception-code"] = str(rule.clickhouse_code)
        body = body or f"Code: {rule.clickhouse_code}. DB::Exception: made to fail. (FAULT) (version 26.9.2.1)"
    await send(writer, rule.status, body or "made to fail", headers)


async def send_throttle(writer: asyncio.StreamWriter, service: str, rule: Rule) -> None:
    if service == "s3":
        body = f"<Error><Code>{rule.code or 'SlowDown'}</Code><Message>Please reduce your request rate.</Message></Error>"
        await send(writer, 503, body, {"content-type": "application/xml"})
    elif service == "clickhouse":
        body = "Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)"
        await send(writer, 503, body, {"x-clickhouse-exception-code": "202"})
    else:
        default = "ThrottlingException" if service in ("kinesis", "kms") else "ProvisionedThroughputExceededException"
        kind = "application/x-amz-json-1.1" if service in ("kinesis", "kms") else "application/x-amz-json-1.0"
        await send(writer, 400, json.dumps({"__type": rule.code or default, "message": "Rate exceeded"}), {"content-type": kind})


class Control:
    def __init__(self, proxies: dict[str, Proxy]):
        self.proxies = proxies

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await read_request(reader, writer)) is not None:
                status, answer = await self.answer(request)
                await send(writer, status, json.dumps(answer), {"content-type": "application/json"})
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def answer(self, request: Request) -> tuple[int, object]:
        method, path, _ = request.head[0].split()
        chosen = [self.proxies[name] for name in path.split("/")[2:] if name in self.proxies]
        if method == "GET":
            return 200, {name: {"port": proxy.port, "requests": proxy.requests, "rule": dataclasses.asdict(proxy.rule)}
                         for name, proxy in self.proxies.items()}
        if method == "DELETE" and (chosen or path == "/rules"):
            for proxy in chosen or self.proxies.values():
                await proxy.set_rule(Rule())
            return 200, {}
        if method == "PUT" and chosen:
            try:
                asked = json.loads(request.body or b"{}")
                asked["match"] = [asked["match"]] if isinstance(asked.get("match"), str) else asked.get("match", [])
                rule = Rule(**asked)
            except (ValueError, TypeError) as error:
                return 400, {"message": str(error)}
            await chosen[0].set_rule(rule)
            return 200, dataclasses.asdict(rule)
        return 404, {"message": "PUT or DELETE /rules/<service>, DELETE /rules, GET /"}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--proxy", action="append", required=True, help="service=port=target")
    options = parser.parse_args()
    proxies = {}
    for text in options.proxy:
        service, port, target = text.split("=", 2)
        proxies[service] = Proxy(service, int(port), target)
        await proxies[service].open()
    control = await asyncio.start_server(Control(proxies).serve, "127.0.0.1", options.control)
    print(f"fault proxies: {', '.join(f'{name} on {proxy.port}' for name, proxy in proxies.items())}", flush=True)
    async with control:
        await control.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
