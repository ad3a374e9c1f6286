"""The story told with OpenTelemetry's own SDK and exporter: semantic conventions only, nothing of Langfuse's."""

import json
import os
import sys
import time

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode

story = json.loads(os.environ["STORY"])


def send(compression: str) -> dict:
    provider = TracerProvider(resource=Resource.create({"service.name": "story", "service.version": story["version"],
                                                        "deployment.environment.name": story["environment"]}))
    exporter = OTLPSpanExporter(endpoint=os.environ["ENDPOINT"], headers={"Authorization": os.environ["AUTHORIZATION"]},
                                compression=Compression.Gzip if compression == "gzip" else Compression.NoCompression)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("story", "1.0")
    about = {"user.id": story["user"], "session.id": story["session"]}
    with tracer.start_as_current_span("answer", attributes=about | {
            "langfuse.trace.name": story["name"], "langfuse.trace.tags": story["tags"], "input.value": json.dumps(story["input"]),
            "output.value": json.dumps(story["output"]), "openinference.span.kind": "AGENT"}) as root:
        with tracer.start_as_current_span("search", attributes=about | {
                "gen_ai.operation.name": "execute_tool", "input.value": json.dumps(story["search"]["input"]),
                "output.value": json.dumps(story["search"]["output"])}) as search:
            with tracer.start_as_current_span("draft", attributes=about | {
                    "gen_ai.operation.name": "chat", "gen_ai.request.model": story["model"], "gen_ai.request.temperature": 0.2,
                    "gen_ai.usage.input_tokens": 1500, "gen_ai.usage.cache_read.input_tokens": 500, "gen_ai.usage.output_tokens": 200,
                    "input.value": json.dumps(story["draft"]["input"]), "output.value": json.dumps(story["draft"]["output"])}) as draft:
                time.sleep(0.02)
            search.set_status(Status(StatusCode.ERROR, "slow"))
    assert provider.force_flush(10_000)
    provider.shutdown()
    named = {"answer": root, "search": search, "draft": draft}
    return {"trace": f"{root.get_span_context().trace_id:032x}", "steps": {name: f"{span.get_span_context().span_id:016x}" for name, span in named.items()}}


print(json.dumps(send(sys.argv[1])))
