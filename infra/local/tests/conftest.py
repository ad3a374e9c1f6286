"""An emulator of its own for these tests, started with the shim, on a free port and in a temporary folder."""

import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile

import botocore.config
import botocore.session
import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROLE = "arn:aws:iam::000000000000:role/test"


class Emulator:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        variables = {
            "PATH": os.environ["PATH"], "GATEWAY_PORT": str(self.port), "BIND_HOST": "127.0.0.1", "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"), "S3_PERSIST": "1", "S3_DATA_DIR": str(self.folder / "s3"), "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0", "AGENTTRACE_FUNCTION_LOGS": str(self.folder / "logs"), "AGENTTRACE_SNAPSHOT_SECONDS": "3600",
        }
        log = (self.folder / "emulator.log").open("ab")
        self.process = subprocess.Popen([sys.executable, str(HERE.parent / "emulator" / "start.py")], env=variables,
                                        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self.answers, 30)

    def answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1).status == 200
        except OSError:
            return False

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def save_now(self) -> None:
        state = self.folder / "state"
        before = {path: path.stat().st_mtime_ns for path in state.glob("*.json")}
        self.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: {path: path.stat().st_mtime_ns for path in state.glob("*.json")} != before, 10)
        time.sleep(1)  # the other services' files

    def client(self, service: str):
        return botocore.session.get_session().create_client(
            service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test",
            config=botocore.config.Config(s3={"addressing_style": "path"}))

    def function(self, name: str) -> pathlib.Path:
        """Makes a function out of function.py; returns the file of its deliveries."""
        deliveries = self.folder / f"{name}.deliveries"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, (HERE / "function.py").read_text())
        self.client("lambda").create_function(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=ROLE, Timeout=10,
                                              Code={"ZipFile": packed.getvalue()}, Environment={"Variables": {"DELIVERIES": str(deliveries)}})
        return deliveries

    def stream(self, name: str) -> str:
        kinesis = self.client("kinesis")
        kinesis.create_stream(StreamName=name, ShardCount=1)
        wait_until(lambda: kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE", 10)
        return kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]

    def map(self, function: str, stream_arn: str, **more) -> str:
        return self.client("lambda").create_event_source_mapping(
            FunctionName=function, EventSourceArn=stream_arn, StartingPosition="TRIM_HORIZON", BatchSize=100,
            FunctionResponseTypes=["ReportBatchItemFailures"], **more)["UUID"]

    def put(self, stream: str, *items: dict) -> None:
        records = [{"Data": json.dumps(item).encode(), "PartitionKey": "one"} for item in items]
        assert self.client("kinesis").put_records(StreamName=stream, Records=records)["FailedRecordCount"] == 0


def delivered(path: pathlib.Path) -> list[list[int]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def wait_until(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    made = Emulator(tmp_path_factory.mktemp("emulator"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def own_emulator(tmp_path):
    """One that a test may kill."""
    made = Emulator(tmp_path)
    made.start()
    yield made
    made.stop()
