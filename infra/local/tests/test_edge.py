"""The edge in front of a stand-in API: what it forwards, what it refuses, what it serves. Needs `target/fast/agenttrace-edge`."""

import http.client
import http.server
import json
import os
import pathlib
import socket
import subprocess
import threading

import pytest
from conftest import wait_until

EDGE = pathlib.Path(__file__).resolve().parents[3] / "target/fast/agenttrace-edge"
MEGABYTE = 1024 * 1024


class Api(http.server.BaseHTTPRequestHandler):
    """Answers with what it got."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("content-length", 0))
        received = len(self.rfile.read(length))
        body = json.dumps({"method": self.command, "target": self.path, "headers": {k.lower(): v for k, v in self.headers.items()},
                           "received": received}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", "default-src *")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Edge:
    def __init__(self, port: int, site: pathlib.Path, api: str):
        self.port = port
        self.process = subprocess.Popen([str(EDGE)], stdout=subprocess.DEVNULL, env={
            "EDGE_PORT": str(port), "EDGE_SITE": str(site), "EDGE_API": api, "EDGE_MEDIA": "http://127.0.0.1:1", "PATH": os.environ["PATH"]})
        wait_until(self.answers, 10)

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/.edge/health")[0] == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, body=None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()},
                           encode_chunked=not isinstance(body, (bytes, type(None))))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    site = tmp_path_factory.mktemp("site")
    (site / "assets").mkdir()
    (site / "index.html").write_text("<!doctype html><title>page</title>" + " " * 2000)
    (site / "assets" / "app-1a2b.js").write_text("export const answer = 42;\n" * 200)
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    made = Edge(free_port(), site, f"http://127.0.0.1:{service.server_port}/stage/abc/")
    yield made
    made.process.terminate()
    made.process.wait()
    service.shutdown()


def test_a_call_arrives_with_its_untouched_path(edge):
    status, _, body = edge.ask("GET", "/api/public/traces/a%2Fb%3Fc?x=%20y&z", x_agenttrace_raw_path="/forged", x_forwarded_for="192.0.2.7")

    got = json.loads(body)
    assert status == 200
    assert got["target"] == "/stage/abc/api/public/traces/a%2Fb%3Fc?x=%20y&z"
    assert got["headers"]["x-agenttrace-raw-path"] == "/api/public/traces/a%2Fb%3Fc"
    assert got["headers"]["x-forwarded-for"] == "192.0.2.7, 127.0.0.1"
    assert got["headers"]["x-forwarded-host"] == f"127.0.0.1:{edge.port}"
    assert got["headers"]["x-forwarded-proto"] == "http"


def test_the_api_cannot_loosen_the_headers(edge):
    _, headers, _ = edge.ask("GET", "/api/public/health")

    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("chunked", [False, True])
def test_ten_megabytes_pass_and_more_do_not(edge, chunked):
    def body(size: int):
        data = b"x" * size
        return (data[start : start + 65536] for start in range(0, size, 65536)) if chunked else data

    status, _, answer = edge.ask("POST", "/v1/traces", body(10 * MEGABYTE))
    assert (status, json.loads(answer)["received"]) == (200, 10 * MEGABYTE)

    assert edge.ask("POST", "/v1/traces", body(10 * MEGABYTE + 1))[0] == 413


def test_headers_above_ten_kilobytes_are_refused(edge):
    assert edge.ask("GET", "/api/public/traces", authorization="Basic " + "a" * 11_000)[0] == 431


def test_a_page_is_index_html_and_is_asked_for_again(edge):
    for path in ("/", "/traces/abc", "/sessions/report.json"):
        status, headers, body = edge.ask("GET", path)
        assert (status, headers["content-type"], headers["cache-control"]) == (200, "text/html; charset=utf-8", "no-cache"), path
        assert body.startswith(b"<!doctype html>")
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "img-src 'self' data: http://127.0.0.1:1;" in headers["content-security-policy"]

    assert edge.ask("GET", "/", if_none_match=headers["etag"])[0] == 304


def test_an_asset_is_kept_for_ever_and_compressed(edge):
    status, headers, body = edge.ask("GET", "/assets/app-1a2b.js", accept_encoding="br, gzip")

    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len(body) < 500


def test_what_is_not_there_is_404(edge):
    for path in ("/assets/gone.js", "/assets/../index.html", "/assets/%2e%2e/index.html", "/favicon.ico"):
        assert edge.ask("GET", path)[0] == 404, path


def test_an_api_that_is_away_is_502_in_json(tmp_path):
    made = Edge(free_port(), tmp_path, f"http://127.0.0.1:{free_port()}")
    try:
        status, headers, body = made.ask("GET", "/api/public/health")
    finally:
        made.process.terminate()
        made.process.wait()

    assert (status, headers["content-type"]) == (502, "application/json")
    assert "make status" in json.loads(body)["message"]


def test_a_client_that_goes_away_in_its_body_is_no_failure_of_the_api(edge):
    with socket.create_connection(("127.0.0.1", edge.port), timeout=10) as client:
        client.sendall(b"POST /api/x HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nonly this")
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while part := client.recv(4096):
            answer += part

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400"), answer
    assert edge.ask("GET", "/api/x")[0] == 200
