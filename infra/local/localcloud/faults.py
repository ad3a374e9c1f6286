"""Starts the fault proxies (`../faults.py`) and points the functions at them. infra/local/README.md tells test authors how."""

import urllib.request

from . import processes, stack
from .settings import ROOT, Settings

# Which proxied service each function reaches, and the variable that points it there.
ROUTES = {
    "kinesis": ("AWS_ENDPOINT_URL_KINESIS", ("ingest", "datasets", "redrive-failed", "reprice", "github-webhook")),
    "dynamodb": ("AWS_ENDPOINT_URL_DYNAMODB", ("ingest", "traces", "metrics", "projects", "auth", "health", "annotation", "llm-connections", "write-events", "delete-data", "media", "models", "reprice", "datasets", "agents", "prompts", "github-webhook")),
    "s3": ("AWS_ENDPOINT_URL_S3", ("ingest", "write-events", "delete-data", "redrive-failed", "media", "datasets")),
    "kms": ("AWS_ENDPOINT_URL_KMS", ("llm-connections",)),
    "clickhouse": ("CLICKHOUSE_URL", ("write-events", "traces", "metrics", "health", "annotation", "delete-data", "reprice", "datasets", "agents")),
}


def proxy_port(settings: Settings, service: str) -> int:
    return settings.faults_port + 1 + list(ROUTES).index(service)


def start(settings: Settings) -> None:
    targets = {service: settings.clickhouse_url if service == "clickhouse" else settings.emulator_url for service in ROUTES}
    command = [settings.python, str(ROOT / "infra/local/faults.py"), "--control", str(settings.faults_port)]
    for service, target in targets.items():
        command += ["--proxy", f"{service}={proxy_port(settings, service)}={target}"]
    processes.start(settings, "faults", command, processes.plain_environment())
    processes.wait_for(settings, "faults", lambda: answers(settings), within=10)
    variables: dict[str, dict[str, str]] = {}
    for service, (variable, functions) in ROUTES.items():
        for name in functions:
            variables.setdefault(name, {})[variable] = f"http://127.0.0.1:{proxy_port(settings, service)}"
    for name, wanted in variables.items():
        stack.configure(settings, name, wanted)
    (settings.run / "faults-on").touch()


def remove(settings: Settings) -> None:
    """Ends the proxies and points the functions at the services themselves again."""
    if not (settings.run / "faults-on").exists():
        return
    for name in sorted({name for _, names in ROUTES.values() for name in names}):
        wanted = {variable: settings.clickhouse_url if variable == "CLICKHOUSE_URL" else None
                  for variable, names in ROUTES.values() if name in names}
        stack.configure(settings, name, wanted)
    processes.stop(settings, "faults")
    (settings.run / "faults-on").unlink()


def answers(settings: Settings) -> bool:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{settings.faults_port}/", timeout=1).status == 200
    except OSError:
        return False
