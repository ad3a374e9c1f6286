"""The second wall between projects: the row policies of the read user, on an engine with the users file of the local cloud."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import types
import urllib.error
import urllib.parse
import urllib.request

import pytest
from conftest import wait_until

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from localcloud import clickhouse  # noqa: E402
from localcloud.settings import DATABASE  # noqa: E402

KEYS = {"admin_user": "agenttrace_admin", "admin": "a", "writer": "w", "reader": "r"}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Runs SQL as a user, with settings. Every tenant table holds a row of two projects."""
    folder = tmp_path_factory.mktemp("clickhouse")
    settings = types.SimpleNamespace(secrets=lambda: KEYS, external_clickhouse=False)
    users = folder / "users.xml"
    users.write_text(clickhouse.users_xml(settings, list(clickhouse.TENANT_TABLES)))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, str(HERE.parent / "clickhouse_server.py"), "--data", str(folder / "data"), "--users", str(users), "--port", str(port)],
                              stdin=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})

    def run(sql: str, user: str = "agenttrace_reader", password: str = "r", **settings: str) -> str:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/?{urllib.parse.urlencode(settings)}", sql.encode(),
                                         {"X-ClickHouse-User": user, "X-ClickHouse-Key": password})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def answers() -> bool:
        try:
            return run("SELECT 1", "agenttrace_admin", "a") == "1\n"
        except OSError:
            return False

    try:
        wait_until(answers, 60)
        run(f"CREATE DATABASE IF NOT EXISTS {DATABASE}", "agenttrace_admin", "a")
        for table in clickhouse.TENANT_TABLES:
            run(f"CREATE TABLE {DATABASE}.{table} (project_id String, n UInt8) ENGINE = MergeTree ORDER BY project_id", "agenttrace_admin", "a")
            run(f"INSERT INTO {DATABASE}.{table} VALUES ('one', 1), ('two', 2)", "agenttrace_admin", "a")
        yield run
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


@pytest.mark.parametrize("table", clickhouse.TENANT_TABLES)
def test_a_reader_sees_the_rows_of_the_project_it_names(ask, table):
    assert ask(f"SELECT n FROM {DATABASE}.{table}", query_cache_tag="two") == "2\n"


@pytest.mark.parametrize("table", clickhouse.TENANT_TABLES)
def test_a_reader_that_names_no_project_sees_nothing(ask, table):
    assert ask(f"SELECT count() FROM {DATABASE}.{table}") == "0\n"
    assert ask(f"SELECT count() FROM {DATABASE}.{table}", query_cache_tag="") == "0\n"
    assert ask(f"SELECT count() FROM {DATABASE}.{table} WHERE project_id = 'one'", query_cache_tag="two") == "0\n"


def test_the_writer_sees_every_project(ask):
    assert ask(f"SELECT count() FROM {DATABASE}.traces", "agenttrace_writer", "w") == "2\n"


def test_a_reader_cannot_write(ask):
    with pytest.raises(urllib.error.HTTPError):
        ask(f"INSERT INTO {DATABASE}.traces VALUES ('one', 3)", query_cache_tag="one")
