"""Cold starts: from the start of a process until it asks for its first event, and until its first answer."""

import base64
import json
import pathlib

import payload
from figures import median, ms
from ingest import headers
from local import LAMBDA, Stack
from runtime_api import Bootstrap, Failed, http_event


def first_events(stack: Stack) -> dict[str, bytes]:
    basic = {"authorization": "Basic " + base64.b64encode(":".join(stack.key).encode()).decode()}
    empty = json.dumps({"Records": []}).encode()
    return {
        "ingest": http_event("POST", "/v1/traces", headers=headers(stack), body=payload.one_span(b"s" * 16, b"s" * 8, payload.BASE)),
        "write-events": empty,
        "traces": http_event("GET", "/api/public/v2/traces", "limit=50", basic),
        "metrics": http_event("GET", "/api/public/metrics/daily", "limit=7", basic),
        "projects": http_event("GET", "/api/public/projects", "", basic),
        "auth": http_event("GET", "/api/auth/me", "", {"x-agenttrace-client": "bench"}),
        "health": http_event("GET", "/api/public/health"),
        "agents": http_event("GET", "/api/public/terminal-commands", "limit=10", basic),
        "annotation": http_event("GET", "/api/public/score-configs", "", basic),
        "datasets": http_event("GET", "/api/public/v2/datasets", "", basic),
        "llm-connections": http_event("GET", "/api/public/llm-connections", "", basic),
        "github-webhook": http_event("GET", "/api/public/projects/absent/github-webhook", "", basic),
        "media": http_event("GET", "/api/public/media/absent", "", basic),
        "models": http_event("GET", "/api/public/models", "", basic),
        "prompts": http_event("GET", "/api/public/v2/prompts", "", basic),
        "delete-data": empty,
        "reprice": empty,
        "redrive-failed": b"{}",
        "migrate": b"{}",
    }


def measure(stack: Stack, names: list[str], runs: int, log: pathlib.Path) -> dict:
    found: dict = {"functions": {}}
    events = first_events(stack)
    for name in names:
        binary = LAMBDA / name / "bootstrap"
        if not is_built(binary):
            found["functions"][name] = {"skipped": "not built"}
            continue
        variables = stack.function_environment(name)
        inits, answers = [], []
        try:
            for _ in range(runs):
                with Bootstrap(binary, variables, log) as bootstrap:
                    inits.append(bootstrap.wait_ready())
                    bootstrap.invoke(events.get(name, b"{}"))
                    answers.append(bootstrap.last_answer - bootstrap.started)
                    memory = bootstrap.memory()[1]
            # On AWS the clients speak TLS: the same with a TLS client, though the addresses behind it stay plain.
            tls = [with_tls(binary, variables, log) for _ in range(runs)]
        except Failed as failure:
            found["functions"][name] = {"failed": str(failure)[:300]}
            continue
        found["functions"][name] = {
            "init_ms": ms(median(inits)), "init_tls_ms": ms(median(tls)), "first_answer_ms": ms(median(answers)), "runs": runs,
            "memory_mb": round(memory / 1e6, 1), "bootstrap_mb": round(binary.stat().st_size / 1e6, 1),
        }
    measured = [one["init_ms"] for one in found["functions"].values() if "init_ms" in one]
    if measured:
        found["slowest_init_ms"] = max(measured)
        found["slowest_init_tls_ms"] = max(one["init_tls_ms"] for one in found["functions"].values() if "init_ms" in one)
    return found


def with_tls(binary: pathlib.Path, variables: dict[str, str], log: pathlib.Path) -> float:
    plain = dict(variables)
    endpoint = plain.pop("AWS_ENDPOINT_URL")
    services = ("DYNAMODB", "KINESIS", "S3", "SQS", "SECRETS_MANAGER")
    with Bootstrap(binary, plain | {f"AWS_ENDPOINT_URL_{service}": endpoint for service in services}, log) as bootstrap:
        return bootstrap.wait_ready()


def is_built(binary: pathlib.Path) -> bool:
    return binary.exists() and binary.open("rb").read(4) == b"\x7fELF"
