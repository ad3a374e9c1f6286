"""Deterministic OTLP requests: the same seed and number give the same bytes, so that two runs measure the same load.

Ten spans a trace: an agent, model calls and tools, as a coding agent's exporter sends them. Encoded by hand (protobuf is tags, varints and
lengths), so that the benchmark needs no package.
"""

import random
import struct

SPANS = 100
TRACE_SPANS = 10
BYTES = 2_100  # of a span, about
BASE = 1_793_700_000_000_000_000  # nanoseconds of the first span: 3 Nov 2026
MODELS = ("claude-sonnet-4-5", "gpt-5", "gemini-2.5-pro", "claude-haiku-4-5-20251001")


def build(seed: int, index: int, spans: int = SPANS, base: int = BASE) -> tuple[bytes, list[str]]:
    """Request number `index`, and the ids of its traces."""
    draw = random.Random(seed << 32 | index)
    ids: list[str] = []
    encoded, trace, root = [], b"", b""
    for number in range(spans):
        if number % TRACE_SPANS == 0:
            trace, root = draw.randbytes(16), b""
            ids.append(trace.hex())
        id = draw.randbytes(8)
        encoded.append(span(draw, index, number, trace, id, root, base))
        root = root or id
    resource = message(1, b"".join(message(1, attribute(key, value)) for key, value in (
        ("service.name", "bench-agent"), ("telemetry.sdk.language", "python"), ("deployment.environment.name", "bench"))))
    scope = message(1, text(1, "bench") + text(2, "1.0.0"))
    return message(1, resource + message(2, scope + b"".join(message(2, one) for one in encoded))), ids


def one_span(trace: bytes, id: bytes, start: int) -> bytes:
    """A request of a single small span."""
    body = field(1, trace) + field(2, id) + text(5, "probe") + fixed(7, start) + fixed(8, start + 5_000_000)
    body += message(9, attribute("langfuse.observation.input", "ping"))
    return message(1, message(2, message(2, body)))


def span(draw: random.Random, index: int, number: int, trace: bytes, id: bytes, root: bytes, base: int) -> bytes:
    model_call = number % 3 == 1 and bool(root)
    name = "chat" if model_call else "execute_tool" if root else "agent.run"
    start = base + (index * SPANS + number) * 1_000_000
    kind = "generation" if model_call else "tool" if root else "agent"
    attributes: list[tuple[str, object]] = [
        ("langfuse.observation.type", kind), ("gen_ai.operation.name", name),
        ("session.id", f"session-{index % 997}"), ("user.id", f"user-{index % 89}"),
        ("langfuse.trace.tags", ["bench", f"tag-{index % 7}"]), ("langfuse.trace.metadata.branch", f"feature-{index % 31}"),
    ]
    if model_call:
        attributes += [
            ("gen_ai.request.model", MODELS[number % len(MODELS)]), ("gen_ai.request.temperature", 0.2),
            ("gen_ai.usage.input_tokens", draw.randint(50, 9000)), ("gen_ai.usage.output_tokens", draw.randint(5, 1500)),
            ("gen_ai.usage.cache_read.input_tokens", draw.randint(0, 40)),
        ]
    body = field(1, trace) + field(2, id) + (field(4, root) if root else b"") + text(5, name) + varint_field(6, 3 if model_call else 1)
    body += fixed(7, start) + fixed(8, start + draw.randint(1, 4000) * 1_000_000)
    body += b"".join(message(9, attribute(key, value)) for key, value in attributes)
    rest = max(16, BYTES - len(body) - 90)
    body += message(9, attribute("langfuse.observation.input", prose(draw, rest * 2 // 3)))
    body += message(9, attribute("langfuse.observation.output", prose(draw, rest // 3)))
    return body + message(15, varint_field(3, 2 if draw.random() < 0.03 else 1))


SYLLABLES = "ba co di fu ge ha jo ki lu me na po ra si to vu wa xe ya zo bra cle dri flo gru".split()
WORDS = ["".join(random.Random(n).choices(SYLLABLES, k=1 + n % 3)) for n in range(6_000)]


def prose(draw: random.Random, length: int) -> str:
    """Words of a skewed vocabulary: compresses about three to one, as such texts do."""
    said, size = [], 0
    while size < length:
        word = WORDS[int(len(WORDS) * draw.random() ** 2.5)]
        said.append(word)
        size += len(word) + 1
    return " ".join(said)[:length]


def attribute(key: str, value: object) -> bytes:
    return text(1, key) + message(2, any_value(value))


def any_value(value: object) -> bytes:
    if isinstance(value, str):
        return text(1, value)
    if isinstance(value, int):
        return varint_field(3, value)
    if isinstance(value, float):
        return varint(4 << 3 | 1) + struct.pack("<d", value)
    return message(5, b"".join(message(1, any_value(item)) for item in value))


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, value: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(value)) + value


message = field


def text(number: int, value: str) -> bytes:
    return field(number, value.encode())


def varint_field(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value)


def fixed(number: int, value: int) -> bytes:
    return varint(number << 3 | 1) + struct.pack("<Q", value)
