"""A server in front of the stack that says something else for some calls: what a busy, broken or lying server does, and when."""

import contextlib
import http.server
import json
import threading
import urllib.parse

import httpx

from .api import Api


class Gone(Exception):
    """No answer comes."""


@contextlib.contextmanager
def in_front(api: Api, answer):
    """A server in front of ours: `answer(method, path, query, body)` gives a status with JSON or bytes and headers, or nothing for what ours says."""

    class Front(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                said = answer(self.command, url.path, dict(urllib.parse.parse_qsl(url.query)), body)
                if said is None:
                    ours = httpx.request(self.command, api.base_url + self.path, content=body, headers={name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}, timeout=60, trust_env=False)
                    said = ours.status_code, ours.content, {}
            except Gone:
                self.close_connection = True
                return
            status, content, headers = said
            content = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_DELETE = do_GET

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Front)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Api(f"http://127.0.0.1:{server.server_port}", api.key)
    finally:
        server.shutdown()
        server.server_close()
