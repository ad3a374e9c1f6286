"""Builders of OTLP requests, with ids that are random and known."""

import base64
import gzip as gzip_module
import json
import os
import time
import uuid

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.trace.v1.trace_pb2 import Span

MILLISECOND = 1_000_000
SECOND = 1_000 * MILLISECOND
PROTOBUF = "application/x-protobuf"
JSON = "application/json"


def trace_id() -> str:
    return os.urandom(16).hex()


def span_id() -> str:
    return os.urandom(8).hex()


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def value(of) -> AnyValue:
    if isinstance(of, AnyValue):
        return of
    if isinstance(of, bool):
        return AnyValue(bool_value=of)
    if isinstance(of, int):
        return AnyValue(int_value=of)
    if isinstance(of, float):
        return AnyValue(double_value=of)
    if isinstance(of, bytes):
        return AnyValue(bytes_value=of)
    if isinstance(of, (list, tuple)):
        return AnyValue(array_value=ArrayValue(values=[value(item) for item in of]))
    if isinstance(of, dict):
        return AnyValue(kvlist_value=KeyValueList(values=key_values(of)))
    return AnyValue(string_value=of)


def key_values(attributes: dict) -> list[KeyValue]:
    return [KeyValue(key=key, value=value(of)) for key, of in attributes.items()]


def span(trace: str, id: str | None = None, parent: str | None = None, name: str = "step", start: int | None = None,
         milliseconds: float = 5, attributes: dict | None = None, error: str | None = None, events=()) -> Span:
    """A span; `start` in nanoseconds, a few milliseconds ago when it is left out."""
    start = time.time_ns() - 10 * MILLISECOND if start is None else start
    made = Span(
        trace_id=bytes.fromhex(trace), span_id=bytes.fromhex(id or span_id()), name=name,
        start_time_unix_nano=start, end_time_unix_nano=start + int(milliseconds * MILLISECOND),
        attributes=key_values(attributes or {}), events=events,
    )
    if parent:
        made.parent_span_id = bytes.fromhex(parent)
    if error is not None:
        made.status.code, made.status.message = 2, error
    return made


def generation(trace: str, model: str = "claude-sonnet-4-5", usage: dict | None = None, attributes: dict | None = None, **more) -> Span:
    """A model call. 1000 fresh, 500 cached and 200 output tokens of the default model cost 0.00615 USD."""
    usage = {"input": 1000, "input_cached_tokens": 500, "output": 200} if usage is None else usage
    said = {"langfuse.observation.type": "generation", "langfuse.observation.model.name": model,
            "langfuse.observation.usage_details": json.dumps(usage)}
    return span(trace, attributes=said | (attributes or {}), **{"name": "generation"} | more)


GENERATION_COST = 0.00615


def request(*spans: Span, resource: dict | None = None, scope: str = "tests") -> ExportTraceServiceRequest:
    made = ExportTraceServiceRequest()
    resource_spans = made.resource_spans.add()
    resource_spans.resource.attributes.extend(key_values({"service.name": "tests"} | (resource or {})))
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name = scope
    scope_spans.spans.extend(spans)
    return made


def otlp_json(made: ExportTraceServiceRequest) -> dict:
    """OTLP/JSON: proto3 JSON, but ids are hex and enums numbers."""
    found = MessageToDict(made, use_integers_for_enums=True)
    for resource_spans in found.get("resourceSpans", []):
        for scope_spans in resource_spans.get("scopeSpans", []):
            for one in scope_spans.get("spans", []):
                for key in ("traceId", "spanId", "parentSpanId"):
                    if key in one:
                        one[key] = base64.b64decode(one[key]).hex()
    return found


def encoded(made: ExportTraceServiceRequest, format: str = PROTOBUF, gzip: bool = False) -> tuple[bytes, dict[str, str]]:
    """Body and headers."""
    body = made.SerializeToString() if format == PROTOBUF else json.dumps(otlp_json(made)).encode()
    headers = {"content-type": format}
    if gzip:
        body = gzip_module.compress(body, 6, mtime=0)
        headers["content-encoding"] = "gzip"
    return body, headers
