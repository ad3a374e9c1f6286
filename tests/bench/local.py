"""The stack that is measured: a local cloud of the benchmark's own, or one that runs already."""

import http.client
import json
import pathlib
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "infra" / "local"))

from localcloud import processes, settings as local_settings, stack as local_stack  # noqa: E402

LAMBDA = ROOT / "target" / "lambda"


class Stack:
    def __init__(self, home: pathlib.Path, port: int):
        self.home, self.port = home.resolve(), port
        self.settings = local_settings.from_environment(str(home), port)
        self._found: dict = {}

    def command(self, *arguments: str) -> None:
        command = [sys.executable, str(ROOT / "infra/local/cloud.py"), *arguments, "--home", str(self.home), "--port", str(self.port)]
        subprocess.run(command, check=True, stdout=sys.stderr)

    def load(self) -> None:
        self._found = json.loads((self.home / "stack.json").read_text())
        self.port = urllib.parse.urlsplit(self._found["env"]["AGENTTRACE_BASE_URL"]).port
        self.settings = local_settings.from_environment(str(self.home), self.port)

    @property
    def env(self) -> dict[str, str]:
        return self._found["env"]

    @property
    def key(self) -> tuple[str, str]:
        return self.env["AGENTTRACE_PUBLIC_KEY"], self.env["AGENTTRACE_SECRET_KEY"]

    def function_environment(self, name: str) -> dict[str, str]:
        """What the deployed function sees, with the emulator's address."""
        found = local_stack.client(self.settings, "lambda").get_function_configuration(FunctionName=local_stack.function(name))
        return found["Environment"]["Variables"] | {
            "AWS_ENDPOINT_URL": self.settings.emulator_url, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        }

    def function_pids(self, name: str) -> list[int]:
        return processes.function_pids(self.settings, local_stack.function(name))

    def part_pid(self, name: str) -> int:
        return processes.pid_of(self.settings, name) or 0

    def sql(self, statement: str, **parameters: object) -> str:
        """Runs SQL as the administrator, in our database."""
        keys = self.settings.secrets()
        query = urllib.parse.urlencode({"database": local_settings.DATABASE, **parameters})
        request = urllib.request.Request(f"{self.settings.clickhouse_url}/?{query}", statement.encode(),
                                         {"X-ClickHouse-User": keys["admin_user"], "X-ClickHouse-Key": keys["admin"]})
        try:
            with urllib.request.urlopen(request, timeout=3600) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"ClickHouse: {error.read().decode()[:2000]}") from None

    def new_project(self, name: str) -> tuple[str, str, str]:
        """A project with a key pair: (id, public key, secret key)."""
        client = Client(self.port)
        mark = {"x-agenttrace-client": "bench", "content-type": "application/json"}
        login = json.dumps({"email": self.env["AGENTTRACE_EMAIL"], "password": self.env["AGENTTRACE_PASSWORD"]}).encode()
        status, headers, body = client.call("POST", "/api/auth/sign-in", mark, login)
        expect(status, 200, body)
        mark["cookie"] = "; ".join(cookie.split(";")[0] for cookie in headers.get_all("set-cookie"))
        mark["x-agenttrace-project-id"] = self.env["AGENTTRACE_PROJECT_ID"]
        organization = json.loads(body)["organizations"][0]["id"]
        made = json.dumps({"name": f"{name}-{secrets.token_hex(3)}", "organizationId": organization}).encode()
        status, _, body = client.call("POST", "/api/public/projects", mark, made)
        expect(status, 201, body)
        project = json.loads(body)["id"]
        mark["x-agenttrace-project-id"] = project
        status, _, body = client.call("POST", f"/api/public/projects/{project}/apiKeys", mark, b'{"note":"bench"}')
        expect(status, 201, body)
        key = json.loads(body)
        return project, key["publicKey"], key["secretKey"]


def expect(status: int, wanted: int, body: bytes) -> None:
    if status != wanted:
        raise SystemExit(f"status {status}, not {wanted}: {body[:800].decode(errors='replace')}")


class Client:
    """One kept-alive connection to the edge."""

    def __init__(self, port: int):
        self.port, self.connection = port, None

    def call(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None):
        for attempt in (0, 1):
            fresh = self.connection is None
            if fresh:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.connection.connect()
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return answer.status, answer.headers, answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection.close()
                self.connection = None
                if fresh or attempt:  # only a connection that went stale is tried anew
                    raise
        raise AssertionError

    def close(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None


def wait_until_stored(stack: Stack, since: float, spans: int, within: float = 240) -> float:
    """Seconds until the first project has so many observations that came since then."""
    began = time.perf_counter()
    while (now := int(stack.sql("SELECT uniqExact(trace_id, id) FROM observations WHERE project_id = {id:String} AND created_at >= {since:Float64}",
                                param_id=stack.env["AGENTTRACE_PROJECT_ID"], param_since=since))) < spans:
        if time.perf_counter() - began > within:
            raise SystemExit(f"only {now} of {spans} spans are stored after {within} s")
        time.sleep(0.2)
    return time.perf_counter() - began


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
