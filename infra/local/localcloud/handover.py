"""What the user gets: the address, the login, the keys, settings to paste, and the same in `<home>/env`."""

import base64
import json
import shlex

from . import stack
from .console import say
from .settings import Settings


def write(settings: Settings) -> None:
    """`env` for people and SDKs; `stack.json` for tests and tools."""
    variables = env(settings)
    path = settings.home / "env"
    path.touch(mode=0o600)
    path.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()))
    keys = settings.secrets()
    path = settings.home / "stack.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({
        "env": variables,
        "home": str(settings.home),
        "emulator": settings.emulator_url,
        "clickhouse": {"url": settings.clickhouse_url, "user": keys["admin_user"], "password": keys["admin"],
                       "reader_password": keys["reader"], "writer_password": keys["writer"]},
        "faults": f"http://127.0.0.1:{settings.faults_port}",
        "stack": stack.STACK,
        "outputs": stack.outputs(settings),
    }, indent=2))


def env(settings: Settings) -> dict[str, str]:
    access = stack.first_access(settings)
    return {
        "AGENTTRACE_BASE_URL": settings.base_url,
        "AGENTTRACE_PUBLIC_KEY": access.get("publicKey", ""),
        "AGENTTRACE_SECRET_KEY": access.get("secretKey", ""),
        "AGENTTRACE_PROJECT_ID": access.get("projectId", ""),
        "AGENTTRACE_EMAIL": access.get("email", settings.owner_email),
        "AGENTTRACE_PASSWORD": access.get("password", ""),
    }


def show(settings: Settings) -> None:
    found = env(settings)
    public, secret, url = found["AGENTTRACE_PUBLIC_KEY"], found["AGENTTRACE_SECRET_KEY"], found["AGENTTRACE_BASE_URL"]
    basic = base64.b64encode(f"{public}:{secret}".encode()).decode()
    say(f"""
  Dashboard   {url}
  E-mail      {found["AGENTTRACE_EMAIL"]}
  Password    {found["AGENTTRACE_PASSWORD"]}
  Public key  {public}
  Secret key  {secret}

  Python and JavaScript SDKs of Langfuse, any version:
    export LANGFUSE_HOST={url}
    export LANGFUSE_BASE_URL={url}
    export LANGFUSE_PUBLIC_KEY={public}
    export LANGFUSE_SECRET_KEY={secret}

  Any OpenTelemetry exporter (OTLP over HTTP, protobuf or JSON):
    export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={url}/v1/traces
    export OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf
    export OTEL_EXPORTER_OTLP_TRACES_HEADERS="Authorization=Basic%20{basic}"

  All of it in shell form: . {settings.home / "env"}
""")
