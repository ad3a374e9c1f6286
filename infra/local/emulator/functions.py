"""How the emulator calls functions: without its two waits of 40 and 50 ms, with bodies intact, with logs in files."""

import os
import pathlib
import socketserver
import threading

LOG_LIMIT = 16 * 1024 * 1024


def patch() -> None:
    no_delayed_answers()
    bodies_arrive_as_sent()
    preflights_reach_the_default_route()
    logs_go_to_files()
    no_metrics()


def no_delayed_answers() -> None:
    """The Runtime API writes headers and body apart; with Nagle's algorithm that waits 40 ms for a delayed ACK.

    Can go when MiniStack sets TCP_NODELAY on its Runtime API.
    """
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def bodies_arrive_as_sent() -> None:
    """A gzip body with a JSON content type was decoded as text and so destroyed. AWS sends what is not text as base64.

    Can go when MiniStack looks at content-encoding too.
    """
    from ministack.services import apigateway

    apigateway._v2_request_body_is_text = lambda content_type: False


def preflights_reach_the_default_route() -> None:
    """OPTIONS of an API without CORS settings was answered 403. AWS hands it to the `$default` route as any other method.

    Can go when MiniStack does so too.
    """
    from ministack.services import apigateway

    handle = apigateway._handle_execute_in_scope

    class Preflight(str):
        """OPTIONS for everyone but the comparison that answers in the API's place."""

        def __eq__(self, other):
            return other != "OPTIONS" and str.__eq__(self, other)

        __hash__ = str.__hash__

    async def without_cors_settings(api_id, stage, path, method, *rest, **more):
        settings = (apigateway._apis.get(api_id) or {}).get("corsConfiguration")
        return await handle(api_id, stage, path, Preflight(method) if method == "OPTIONS" and not settings else method, *rest, **more)

    apigateway._handle_execute_in_scope = without_cors_settings


def logs_go_to_files() -> None:
    """Every invocation waited up to 50 ms for log lines, then made a log stream that stayed in memory for ever.

    Here each function's output goes to one file, as it comes, and no invocation waits. Can go when MiniStack reads logs
    beside the invocation and gives streams an end.
    """
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    folder = pathlib.Path(os.environ["AGENTTRACE_FUNCTION_LOGS"])
    folder.mkdir(parents=True, exist_ok=True)
    worker = lambda_runtime.ProvidedWorker
    pump = worker._pump_output

    class Copy:
        """A stream whose lines also land in the function's log file."""

        def __init__(self, stream, path):
            self.stream, self.path = stream, path

        def readline(self):
            line = self.stream.readline()
            if line:
                append(self.path, line)
            return line

        def close(self):
            self.stream.close()

    def pump_and_copy(self, stream, log_queue):
        pump(self, Copy(stream, folder / f"{self.func_name}.log"), log_queue)

    def drain_without_waiting(self, *_args, **_kwargs):
        return self._drain_stderr()

    worker._pump_output = pump_and_copy
    worker._drain_stderr_bounded = drain_without_waiting
    lambda_svc._emit_lambda_logs = lambda *_args, **_kwargs: None


_append_lock = threading.Lock()


def append(path: pathlib.Path, line: bytes) -> None:
    """Adds a line; a file that grew past the limit is kept once as `.1` and begun anew."""
    with _append_lock:
        try:
            if path.stat().st_size > LOG_LIMIT:
                path.replace(path.with_suffix(".log.1"))
        except FileNotFoundError:
            pass
        with path.open("ab") as file:
            file.write(line)


def no_metrics() -> None:
    """Three metric points an invocation, kept for two weeks in memory, that nothing reads locally."""
    from ministack.services import lambda_svc

    lambda_svc._emit_lambda_metrics = lambda *_args, **_kwargs: None
