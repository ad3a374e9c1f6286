"""B1 to B16 and B23: bodies that are not what they say, too deep, too many, too large, or full of odd text."""

import gzip
import http.client
import json
import os
import random
import socket
import time
import urllib.parse
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.telemetry import JSON, PROTOBUF, encoded, key_values, otlp_json, request, span, span_id, trace_id
from harness.waiting import wait_until
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bad_input.checks import alive, clear, rejected, stored_beside

TRACES = "/v1/traces"


def post(api, body, content_type: str | None = PROTOBUF, **headers):
    said = {name.replace("_", "-"): text for name, text in headers.items()}
    if content_type is not None:
        said["content-type"] = content_type
    return api.http.post(TRACES, content=body, headers=said)


@pytest.fixture(scope="module", autouse=True)
def still_alive(tenant, other):
    yield
    alive(tenant, other)


def good_json(trace=None, **changes):
    made = otlp_json(request(span(trace or trace_id(), name="json")))
    made["resourceSpans"][0]["scopeSpans"][0]["spans"][0].update(changes)
    return made


# B1, B2, B3, B4, B15


def test_b1_random_bytes(tenant):
    source = random.Random(1)
    for size in (1, 2, 3, 7, 50, 1_000, 100_000):
        for _ in range(5):
            # A few bytes may be a valid message of fields that nobody knows.
            clear(post(tenant, source.randbytes(size)), 400, *([200] if size < 10 else []))
            clear(post(tenant, source.randbytes(size), JSON), 400)


def test_b2_protobuf_cut_at_every_byte(tenant):
    whole = request(span(trace_id(), name="cut", attributes={"k": "v", "n": 1, "l": ["a"]}), resource={"a": "b"}).SerializeToString()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda size: post(tenant, whole[:size]), range(len(whole))))

    for answer in answers:
        clear(answer, 200, 400)
    assert answers[0].status_code == 200  # nothing at all is an empty request
    assert sum(answer.status_code == 400 for answer in answers) > len(whole) * 0.9


def test_b3_logs_and_metrics_that_came_to_the_wrong_route(tenant):
    logs = ExportLogsServiceRequest()
    record = logs.resource_logs.add().scope_logs.add().log_records.add(time_unix_nano=time.time_ns(), severity_text="INFO")
    record.body.string_value = "a log line"
    record.attributes.extend(key_values({"event.name": "user_prompt"}))
    metrics = ExportMetricsServiceRequest()
    metrics.resource_metrics.add().scope_metrics.add().metrics.add(name="tokens", unit="1").sum.data_points.add(as_int=5)
    as_json = {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"timeUnixNano": "1", "body": {"stringValue": "a log line"}}]}]}]}

    answers = [post(tenant, logs.SerializeToString()), post(tenant, metrics.SerializeToString()), post(tenant, json.dumps(as_json).encode(), JSON)]

    for answer in answers:
        clear(answer, 400)
        assert "/v1/logs" in answer.json()["message"]


def test_b4_unknown_fields_are_left_alone(tenant):
    trace = trace_id()
    made = request(span(trace, name="future"))
    unknown = bytes([0xFA, 0x7F, 0x03]) + b"abc" + bytes([0xF8, 0x7F, 0x2A])  # field 2047: bytes and a number
    clear(post(tenant, made.SerializeToString() + unknown), 200)
    assert tenant.trace(trace)["name"] == "future"

    trace = trace_id()
    body = good_json(trace, newField={"a": [1]}, name="future json") | {"another": None}
    clear(post(tenant, json.dumps(body), JSON), 200)
    assert tenant.trace(trace)["name"] == "future json"


@pytest.mark.parametrize("body", [{}, {"resourceSpans": []}, {"resourceSpans": [{}]}, {"resourceSpans": [{"scopeSpans": []}]}, {"resourceSpans": [{"scopeSpans": [{"spans": []}]}]},
                                  {"resourceSpans": None}], ids=json.dumps)
def test_b15_nothing_to_store_is_fine(tenant, body):
    answer = post(tenant, json.dumps(body), JSON)

    clear(answer, 200)
    assert rejected(answer) == 0
    assert clear(post(tenant, b""), 200).content == b""


# B5, B6, B7, B8, B9


def nested(depth: int, array: bool) -> bytes:
    """Built from the inside as bytes: Python's own encoder would recurse."""

    def wrapped(tag: int, inner: bytes) -> bytes:
        return bytes([tag]) + varint(len(inner)) + inner

    made = b"\x0a\x01x"
    for _ in range(depth):
        made = wrapped(0x2A, wrapped(0x0A, made)) if array else wrapped(0x32, wrapped(0x0A, b"\x0a\x01k" + wrapped(0x12, made)))
    return made


@pytest.mark.parametrize("array", [True, False], ids=["arrays", "maps"])
@pytest.mark.parametrize("depth", [50, 200, 10_000])
def test_b5_deeply_nested_values(tenant, array, depth):
    deep = nested(depth, array)
    key_value = b"\x0a\x04deep\x12" + varint(len(deep)) + deep
    odd = span(trace_id(), name="deep").SerializeToString() + b"\x4a" + varint(len(key_value)) + key_value
    before = trace_id()
    spans = span(before, name="before").SerializeToString()
    scope_spans = b"".join(b"\x12" + varint(len(one)) + one for one in (spans, odd))
    resource_spans = b"\x12" + varint(len(scope_spans)) + scope_spans
    body = b"\x0a" + varint(len(resource_spans)) + resource_spans

    answer = clear(post(tenant, body), 200)

    assert rejected(answer) == (0 if depth <= 50 else 1)
    assert tenant.trace(before)["name"] == "before"


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append((number & 0x7F) | 0x80)
        number >>= 7
    return bytes([*out, number])


def test_b6_deep_json(tenant):
    for depth in (200, 100_000):
        clear(post(tenant, b"[" * depth, JSON), 400)
        clear(post(tenant, b'{"a":' * depth, JSON), 400)
        clear(post(tenant, b'{"resourceSpans":' + b"[" * depth + b"]" * depth + b"}", JSON), 400)
        clear(tenant.http.post("/api/public/ingestion", content=b'{"batch":' + b"[" * depth, headers={"content-type": JSON}), 400)
        before = trace_id()
        deep = b'{"a":' * depth + b"1" + b"}" * depth
        body = (b'{"batch":[{"id":"good","type":"trace-create","timestamp":"2026-01-01T00:00:00Z","body":{"id":"%s"}},'
                b'{"id":"deep","type":"trace-create","timestamp":"2026-01-01T00:00:00Z","body":{"id":"x","metadata":%s}}]}' % (before.encode(), deep))
        answer = clear(tenant.http.post("/api/public/ingestion", content=body, headers={"content-type": JSON}), 207, 400)
        if answer.status_code == 207:
            assert [found["id"] for found in answer.json()["successes"]] == ["good"]
            tenant.trace(before)


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ('{"resourceSpans":NaN}', (400,)), ('{"resourceSpans":[1e400]}', (400,)), ('{"resourceSpans":Infinity}', (400,)), ("\ufeff{}", (200,)), ("{} {}", (400,)),
        ("{},", (400,)), ('{"resourceSpans":{}}', (400,)), ('{"resourceSpans":[{"scopeSpans":{}}]}', (400,)), ('{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}', (400,)),
        ("'x'", (400,)), ("null", (200, 400)), ("[]", (400,)), ('"text"', (400,)), ("1", (400,)),
    ],
)
def test_b7_json_that_is_none(tenant, text, statuses):
    clear(post(tenant, text.encode(), JSON), *statuses)


def test_b7_numbers_as_clients_write_them(tenant):
    for start, end in (("1767225600000000000", "1767225601000000000"), (1767225600000000000, 1767225601000000000), ({"low": 1, "high": 2}, None)):
        trace = trace_id()
        body = good_json(trace, startTimeUnixNano=start, endTimeUnixNano=end,
                         attributes=[{"key": "n", "value": {"intValue": "9223372036854775807"}}, {"key": "m", "value": {"intValue": 7}}, {"key": "d", "value": {"doubleValue": "NaN"}},
                                     {"key": "i", "value": {"doubleValue": "Infinity"}}])
        clear(post(tenant, json.dumps(body), JSON), 200)
        found = tenant.trace(trace)
        if not isinstance(start, dict):
            assert found["timestamp"] == "2026-01-01T00:00:00.000Z"
    # The same key twice: the last one, or a refusal, but no crash.
    text = json.dumps(good_json(trace := trace_id()))
    clear(post(tenant, text.replace('"name": "json"', '"name": "one", "name": "two"'), JSON), 200, 400)


def test_b8_json_of_other_encoders(tenant):
    import base64

    upper = trace_id()
    clear(post(tenant, json.dumps(good_json(upper, traceId=upper.upper(), kind="SPAN_KIND_CLIENT", status={"code": "STATUS_CODE_ERROR"})), JSON), 200)
    found = tenant.trace(upper)
    assert found["observations"][0]["level"] == "ERROR"

    snake = trace_id()
    body = {"resource_spans": [{"scope_spans": [{"spans": [{"trace_id": snake, "span_id": span_id(), "name": "snake", "start_time_unix_nano": "1767225600000000000"}]}]}]}
    if clear(post(tenant, json.dumps(body), JSON), 200, 400).status_code == 200:
        assert tenant.trace(snake)["name"] == "snake"

    coded = base64.b64encode(bytes.fromhex(trace_id())).decode()
    answer = clear(post(tenant, json.dumps(good_json(traceId=coded)), JSON), 200, 400)
    assert answer.status_code == 400 or rejected(answer) == 0


@pytest.mark.parametrize("attributes", [{"a": 1}, [1], ["x"], [{"key": 5, "value": 6}], [{"value": {"stringValue": "x"}}], [{"key": "k"}], "text", 5, [None], [{"key": "k", "value": {"stringValue": 5}}],
                                        [{"key": "k", "value": {"arrayValue": {"values": {}}}}]], ids=json.dumps)
def test_b9_attributes_of_another_shape(tenant, attributes):
    before = trace_id()
    body = otlp_json(request(span(before, name="before"), span(trace_id(), name="odd")))
    body["resourceSpans"][0]["scopeSpans"][0]["spans"][1]["attributes"] = attributes

    answer = clear(post(tenant, json.dumps(body), JSON), 200, 400)

    if answer.status_code == 200:
        assert tenant.trace(before)["name"] == "before"


# B10: compression


def bomb() -> bytes:
    """About 1 MB of gzip that inflates to 1 GiB of zeros; the checksum is right."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(1024):
        crc = zlib.crc32(bytes(1 << 20), crc)
    last = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff" + block * 1024 + last + crc.to_bytes(4, "little") + (1 << 30).to_bytes(4, "little")


def test_b10_encodings(tenant):
    trace = trace_id()
    plain = request(span(trace, name="gzip")).SerializeToString()
    zipped = gzip.compress(plain)
    wrong = bytearray(zipped)
    wrong[-8] ^= 1
    for name, body, encoding, statuses in [
        ("whole", zipped, "gzip", (200,)), ("upper case", zipped, "GZIP", (200,)), ("two members", gzip.compress(plain[:20]) + gzip.compress(plain[20:]), "gzip", (200,)),
        ("cut", zipped[:-3], "gzip", (400,)), ("cut early", zipped[:12], "gzip", (400,)), ("wrong checksum", bytes(wrong), "gzip", (400,)), ("plain", plain, "gzip", (400,)),
        ("nested", gzip.compress(zipped), "gzip", (400,)), ("nested and said so", gzip.compress(zipped), "gzip, gzip", (400, 415)), ("brotli", zipped, "br", (400, 415)),
        ("deflate", zlib.compress(plain), "deflate", (400, 415)), ("nonsense", plain, "x" * 5_000, (400, 415)), ("identity", plain, "identity", (200,)),
    ]:
        try:
            clear(post(tenant, body, content_encoding=encoding), *statuses)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error
    assert tenant.trace(trace)["name"] == "gzip"


def memory(pid: int, field: str) -> int:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


@pytest.mark.parametrize("lies", [False, True], ids=["honest", "the trailer lies"])
def test_b10_a_bomb_is_refused_within_bounded_memory(tenant, functions, lies, capsys):
    body = bomb()
    assert len(body) < 1_200_000
    if lies:
        body = body[:-4] + (1000).to_bytes(4, "little")
    clear(tenant.export(span(trace_id())), 200)
    (pid, *_) = functions.pids("ingest")
    for every in functions.pids("ingest"):
        with open(f"/proc/{every}/clear_refs", "w") as peak:
            peak.write("5")  # from here on VmHWM counts anew
    before = {every: memory(every, "VmRSS:") for every in functions.pids("ingest")}

    began = time.monotonic()
    answer = post(tenant, body, content_encoding="gzip")
    seconds = time.monotonic() - began

    clear(answer, 413)
    growth = max(memory(every, "VmHWM:") - was for every, was in before.items())
    with capsys.disabled():
        print(f"\na bomb of {len(body) / 1e6:.1f} MB, {'lying' if lies else 'honest'}: refused after {seconds * 1000:.0f} ms, ingest grew by {growth / 1e6:.1f} MB")
    assert growth < 32_000_000
    assert pid in functions.pids("ingest")


# B11, B12, B13, B14: sizes and counts


@pytest.mark.parametrize("megabytes", [4.4, 4.6, 9.9, 10.1, 40])
def test_b11_large_bodies(tenant, megabytes):
    """What AWS can carry is taken; what it can't is refused in words."""
    trace = trace_id()
    one = 100_000
    spans = [span(trace, attributes={"input.value": os.urandom(one // 2).hex()}) for _ in range(int(megabytes * 1_000_000 / one))]
    body, headers = encoded(request(*spans))

    answer = tenant.http.post(TRACES, content=body, headers=headers)

    clear(answer, *((200,) if megabytes < 4.5 else (200, 413)))
    if answer.status_code == 200:
        assert rejected(answer) == 0
        wait_until(lambda: tenant.read(f"/api/public/v2/traces/{trace}")["trace"]["observationCount"] == len(spans), within=60)


def test_b12_one_attribute_of_5_mb_and_a_key_of_1_mb(tenant):
    trace = trace_id()
    text = ("word " * 1_000_000)[:5_000_000]

    answer = tenant.export(span(trace, attributes={"input.value": text}), gzip=True)

    clear(answer, 200)
    step = tenant.trace(trace, steps=1)["observations"][0]
    assert step["input"] == text or step["input"].startswith(text[:1000])
    stored_beside(tenant, [span(trace_id(), attributes={"k" * 1_000_000: "v"})])


@pytest.mark.parametrize("what", ["attributes", "tags", "events", "links"])
def test_b13_ten_thousand_of_everything(tenant, what):
    trace = trace_id()
    odd = span(trace, name=what)
    if what == "attributes":
        odd.attributes.extend(key_values({f"key{number}": number for number in range(10_000)}))
    elif what == "tags":
        odd.attributes.extend(key_values({"langfuse.trace.tags": [f"tag{number}" for number in range(10_000)]}))
    elif what == "events":
        odd.events.extend(Span.Event(name=f"event{number}", time_unix_nano=1) for number in range(10_000))
    else:
        odd.links.extend(Span.Link(trace_id=bytes(16), span_id=bytes(8)) for _ in range(10_000))

    answer = stored_beside(tenant, [odd])

    assert rejected(answer) == 0
    assert tenant.trace(trace)["observations"][0]["name"] == what


def test_b14_a_hundred_thousand_spans(tenant, functions):
    trace = bytes.fromhex(trace_id())
    spans = [Span(trace_id=trace, span_id=number.to_bytes(8, "big"), name="s", start_time_unix_nano=1767225600000000000) for number in range(1, 100_001)]

    answer = tenant.http.post(TRACES, content=encoded(request(*spans), gzip=True)[0], headers={"content-type": PROTOBUF, "content-encoding": "gzip"}, timeout=120)

    clear(answer, 200, 413)
    spans.append(Span(trace_id=trace, span_id=b"overmuch", name="s"))
    clear(tenant.http.post(TRACES, content=encoded(request(*spans), gzip=True)[0], headers={"content-type": PROTOBUF, "content-encoding": "gzip"}, timeout=120), 413)


# B16: text


TEXTS = {
    "nul": "a\x00b", "bom": "\ufeffabc", "right to left": "abc\u202edef\u200f", "zero width": "a\u200b\u200d\ufeffb", "emoji": "🙂" * 500, "combining": "e\u0301" * 200,
    "controls": "".join(map(chr, range(1, 32))), "noncharacters": "\ufffe\uffff", "line ends": "a\r\nb\u2028c\u2029d", "markup": "<script>alert(1)</script>", "quotes": "'\"`\\%_{}$",
}


@pytest.mark.parametrize("name", TEXTS)
def test_b16_odd_text_comes_back_as_it_went(tenant, name):
    text, trace, batch = TEXTS[name], trace_id(), trace_id()

    stored_beside(tenant, [span(trace, name=f"n {text}", attributes={"input.value": text, "user.id": text[:200], "langfuse.trace.tags": [text[:100]], "langfuse.trace.metadata.k": text})])
    tenant.store_batch({"id": "e", "type": "span-create", "timestamp": "2026-01-01T00:00:00Z", "body": {"id": batch, "traceId": batch, "name": "x", "input": text}})

    # NUL can't be in JSON answers of every client; it is replaced and nothing else is.
    expected = text.replace("\x00", "\ufffd")
    for id in (trace, batch):
        assert tenant.trace(id, steps=1)["observations"][0]["input"] in (expected, text), ascii(text)


def test_b16_text_that_is_not_utf8(tenant):
    whole = span(trace_id(), name="MARK", attributes={"input.value": "PAYLOAD"}).SerializeToString()
    for bad in (b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82"):
        odd = whole.replace(b"PAYLOAD", bad.ljust(7, b"x"))
        before = trace_id()
        spans = b"".join(b"\x12" + varint(len(one)) + one for one in (span(before, name="before").SerializeToString(), odd))
        scope = b"\x12" + varint(len(spans)) + spans
        clear(post(tenant, b"\x0a" + varint(len(scope)) + scope), 200)
        assert tenant.trace(before)["name"] == "before"
    # Halves of a surrogate pair, as JavaScript cuts them.
    trace = trace_id()
    text = json.dumps(good_json(trace)).replace('"json"', '"cut \\ud83d"')
    clear(post(tenant, text, JSON), 200)
    assert tenant.trace(trace)["name"].startswith("cut")
    batch = '{"batch":[{"id":"e","type":"trace-create","timestamp":"2026-01-01T00:00:00Z","body":{"id":"%s","name":"half \\udc00"}}]}' % (other := trace_id())
    assert clear(tenant.http.post("/api/public/ingestion", content=batch, headers={"content-type": JSON}), 207).json()["errors"] == []
    assert tenant.trace(other)["name"].startswith("half")


# B23: how it is sent


@pytest.mark.parametrize(
    ("content_type", "statuses"),
    [(None, (400, 415)), ("", (400, 415)), ("text/plain", (400, 415)), ("application/x-protobuf; charset=utf-8", (200,)), ("application/x-protobuf;messageType=x", (200,)), ("APPLICATION/X-PROTOBUF", (200,)),
     ("application/protobuf", (200, 415)), ("multipart/form-data; boundary=x", (400, 415)), ("x" * 3_000, (400, 415)), ("application/json", (400,))],
)
def test_b23_content_types(tenant, content_type, statuses):
    clear(post(tenant, request(span(trace_id())).SerializeToString(), content_type), *statuses)


def raw(api, head: str, body: bytes, cut: bool = False) -> bytes:
    """Sends bytes as they are and gives the first of the answer; `cut` says that no more will come."""
    at = urllib.parse.urlsplit(api.base_url)
    import base64

    basic = base64.b64encode(f"{api.key.public_key}:{api.key.secret_key}".encode()).decode()
    with socket.create_connection((at.hostname, at.port or 80), timeout=5) as connection:
        connection.sendall(head.format(host=at.netloc, basic=basic).encode() + body)
        if cut:
            connection.shutdown(socket.SHUT_WR)
        try:
            return connection.recv(4_000)
        except (TimeoutError, ConnectionResetError):
            return b""


HEAD = "POST /v1/traces HTTP/1.1\r\nhost: {host}\r\nauthorization: Basic {basic}\r\ncontent-type: application/x-protobuf\r\nconnection: close\r\n"


def test_b23_framing(tenant):
    trace = trace_id()
    body = request(span(trace, name="chunks")).SerializeToString()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:50], body[50:]) if part) + b"0\r\n\r\n"

    assert b" 200" in raw(tenant, HEAD + "transfer-encoding: chunked\r\n\r\n", chunks).split(b"\r\n")[0]
    assert tenant.trace(trace)["name"] == "chunks"
    for head, sent in [
        ("content-length: 5\r\n\r\n", body), ("content-length: 100000\r\n\r\n", body), ("content-length: -1\r\n\r\n", body), ("content-length: x\r\n\r\n", body),
        ("transfer-encoding: chunked\r\n\r\n", b"zz\r\n"), ("transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n", chunks), ("transfer-encoding: nonsense\r\n\r\n", body),
    ]:
        first = raw(tenant, HEAD + head, sent, cut=True).split(b"\r\n")[0]
        # Who announces more than they send and hangs up is told nothing, or by the front door that it heard nothing.
        assert first == b"" or first[9:12] in (b"400", b"200", b"501", b"502"), (head, first)


def test_b23_a_connection_that_is_cut_stores_nothing_half(tenant):
    trace = trace_id()
    body = request(*[span(trace, attributes={"input.value": "x" * 1_000}) for _ in range(50)]).SerializeToString()
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(tenant.base_url).netloc, timeout=10)
    connection.putrequest("POST", TRACES)
    connection.putheader("content-length", str(len(body)))
    connection.putheader("content-type", PROTOBUF)
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    connection.close()

    clear(tenant.get(f"/api/public/traces/{trace}"), 404)
