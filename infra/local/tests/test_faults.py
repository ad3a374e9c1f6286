"""The fault proxies do what their rules say, and only that."""

import contextlib
import http.client
import http.server
import json
import pathlib
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest
from conftest import wait_until

PROXIES = pathlib.Path(__file__).resolve().parents[1] / "faults.py"


class Service(http.server.BaseHTTPRequestHandler):
    """A stand-in for Kinesis: accepts every record that reaches it and notes the bodies."""

    protocol_version = "HTTP/1.1"
    stored: list[dict] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        asked = json.loads(body or b"{}")
        self.stored.extend(asked.get("Records", []))
        answer = json.dumps({"FailedRecordCount": 0, "Records": [{"SequenceNumber": "1"} for _ in asked.get("Records", [])]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxied:
    def __init__(self, control: int, port: int):
        self.control, self.port = f"http://127.0.0.1:{control}", port

    def rule(self, **rule) -> None:
        self.call("PUT", "/rules/kinesis", rule)

    def state(self) -> dict:
        return self.call("GET", "/")["kinesis"]["rule"]

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        request = urllib.request.Request(self.control + path, json.dumps(body).encode() if body is not None else None, method=method)
        return json.loads(urllib.request.urlopen(request, timeout=5).read())

    def put(self, count: int = 3, timeout: float = 5) -> tuple[int, dict]:
        records = [{"Data": str(number)} for number in range(count)]
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", json.dumps({"Records": records}).encode(),
                                         {"X-Amz-Target": "Kinesis_20131202.PutRecords"})
        try:
            answer = urllib.request.urlopen(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, json.loads(answer.read())


@pytest.fixture
def proxied():
    Service.stored = []
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    control, port = free_port(), free_port()
    process = subprocess.Popen([sys.executable, str(PROXIES), "--control", str(control), "--proxy",
                                f"kinesis={port}=http://127.0.0.1:{service.server_port}"], stdout=subprocess.DEVNULL)
    made = Proxied(control, port)

    def ready() -> bool:
        with contextlib.suppress(OSError):
            return bool(made.call("GET", "/"))
        return False

    wait_until(ready, 10)
    yield made
    process.terminate()
    process.wait()
    service.shutdown()


def test_without_a_rule_everything_goes_through(proxied):
    status, answer = proxied.put()

    assert (status, len(answer["Records"]), len(Service.stored)) == (200, 3, 3)


def test_partial_stores_the_others_and_reports_the_chosen(proxied):
    proxied.rule(mode="partial", fail=[0, 2], match="PutRecords", times=1)

    _, answer = proxied.put()

    assert answer["FailedRecordCount"] == 2
    assert ["ErrorCode" in record for record in answer["Records"]] == [True, False, True]
    assert Service.stored == [{"Data": "1"}]
    assert proxied.put()[1]["FailedRecordCount"] == 0  # the rule was for one put


def test_throttle_stores_nothing_and_can_wait_for_its_turn(proxied):
    proxied.rule(mode="throttle", skip=1, times=1)

    answers = [proxied.put(1) for _ in range(3)]

    assert [status for status, _ in answers] == [200, 400, 200]
    assert answers[1][1]["__type"] == "ThrottlingException"
    assert len(Service.stored) == 2
    assert proxied.state()["applied"] == 1


def test_drop_stores_but_never_answers(proxied):
    proxied.rule(mode="drop", hold=3, times=1)

    with pytest.raises((TimeoutError, urllib.error.URLError, ConnectionError)):
        proxied.put(timeout=0.5)

    assert len(Service.stored) == 3


def test_refuse_closes_the_port_until_the_rule_is_gone(proxied):
    kept = http.client.HTTPConnection("127.0.0.1", proxied.port, timeout=5)
    kept.request("POST", "/", b"{}")
    kept.getresponse().read()
    proxied.rule(mode="refuse")

    with pytest.raises((OSError, http.client.HTTPException)):
        kept.request("POST", "/", b"{}")
        kept.getresponse()
    with pytest.raises(OSError):
        proxied.put()

    proxied.call("DELETE", "/rules")
    assert proxied.put()[0] == 200


def test_reset_error_and_delay(proxied):
    proxied.rule(mode="reset")
    with pytest.raises(OSError):
        proxied.put()
    assert Service.stored == []

    proxied.rule(mode="error", status=503, body='{"no": 1}')
    assert proxied.put() == (503, {"no": 1})

    proxied.rule(mode="delay", seconds=0.4)
    began = time.monotonic()
    assert proxied.put()[0] == 200
    assert time.monotonic() - began >= 0.4


def test_a_rule_takes_only_what_matches(proxied):
    proxied.rule(mode="error", match=["PutRecords", '"Data": "7"'])

    assert proxied.put(3)[0] == 200
    with pytest.raises(ValueError):  # 'made to fail' is no JSON
        proxied.put(8)


def test_a_wrong_rule_is_refused_with_its_reason(proxied):
    with pytest.raises(urllib.error.HTTPError) as refused:
        proxied.rule(mode="error", wrong=1)

    assert refused.value.code == 400
