#!/usr/bin/env python3
"""The real ClickHouse server, out of the PyPI package `chdb-core`, on the loopback interface.

`clickhouse local` can open the HTTP listener of a server (SYSTEM START LISTEN), and the package's one-shot function is
`clickhouse local`. The server lives as long as that call blocks on a pipe which this program holds; closing the pipe is
an orderly stop. `_chdb.query` is a private name: hence the exact version in requirements.txt.

    clickhouse_server.py --data DIR --users users.xml --port 8123

Ends in good order on SIGTERM and SIGINT. The users file must hold a user `default` without a password (the engine's own
session, whose rights `localcloud/clickhouse.py` cuts down to what that session needs).
"""

import argparse
import importlib.machinery
import importlib.util
import os
import pathlib
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from xml.sax.saxutils import escape

READY_WITHIN = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("--users", required=True, type=pathlib.Path)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--max-memory", type=int, default=0, help="bytes; 0 is the engine's own default")
    parser.add_argument("--query-log", action="store_true", help="keep system.query_log and system.part_log")
    options = parser.parse_args()

    refuse_taken_port(options.port)
    data = options.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clickhouse-"))
    (folder / "config.xml").write_text(config(options))
    os.chdir(folder)  # `clickhouse local` reads config.xml from its working folder

    keep_read, keep_write = os.pipe()  # the engine's last query reads standard input until this pipe closes
    os.dup2(keep_read, 0)
    os.close(keep_read)

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    failures: list[str] = []
    engine = threading.Thread(target=run_engine, args=(data, stop, failures), daemon=True)
    engine.start()
    wait_until_ready(options.port, stop, failures)
    stop.wait()
    os.close(keep_write)
    engine.join(30)
    shutil.rmtree(folder, ignore_errors=True)
    if failures:
        print(failures[0], file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if failures else 0)  # skips the interpreter's teardown of the C++ library


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"127.0.0.1:{port}: {error.strerror}")


def config(options: argparse.Namespace) -> str:
    logs = ""
    if options.query_log:
        logs = "".join(
            f"<{name}><database>system</database><table>{name}</table>"
            "<flush_interval_milliseconds>1000</flush_interval_milliseconds></{name}>".replace("{name}", name)
            for name in ("query_log", "part_log")
        )
    memory = f"<max_server_memory_usage>{options.max_memory}</max_server_memory_usage>" if options.max_memory else ""
    return f"""<clickhouse>
  <listen_host>127.0.0.1</listen_host>
  <http_port>{options.port}</http_port>
  <custom_settings_prefixes>SQL_</custom_settings_prefixes>
  <keep_alive_timeout>60</keep_alive_timeout>
  <logger><level>{os.environ.get("CLICKHOUSE_LOG_LEVEL", "none")}</level></logger>
  <users_config>{escape(str(options.users.resolve()))}</users_config>{logs}{memory}
</clickhouse>
"""


def load_engine():
    """The extension module alone: `import chdb` would open an engine in memory."""
    package = pathlib.Path(importlib.util.find_spec("chdb").origin).parent
    loader = importlib.machinery.ExtensionFileLoader("_chdb", str(package / "_chdb.abi3.so"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("_chdb", loader))
    loader.exec_module(module)
    return module


def run_engine(data: pathlib.Path, stop: threading.Event, failures: list[str]) -> None:
    script = "SYSTEM START LISTEN HTTP; SELECT count() FROM file('stdin', 'LineAsString') FORMAT Null"
    try:
        result = load_engine().query(script, "TSV", path=str(data))
        if result.has_error():
            failures.append(result.error_message())
        elif not stop.is_set():
            failures.append("the engine ended by itself; its reason is above")
    except BaseException as error:  # reported by main
        failures.append(str(error))
    finally:
        stop.set()


def wait_until_ready(port: int, stop: threading.Event, failures: list[str]) -> None:
    began = time.monotonic()
    while not stop.is_set():
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=1).read()
            print(f"clickhouse ready on 127.0.0.1:{port} after {time.monotonic() - began:.2f} s", flush=True)
            return
        except OSError:
            if time.monotonic() - began > READY_WITHIN:
                failures.append(f"no answer on /ping within {READY_WITHIN} s")
                stop.set()
            stop.wait(0.05)


if __name__ == "__main__":
    main()
