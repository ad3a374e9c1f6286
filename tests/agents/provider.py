"""A model provider on this machine that says what a story has it say, and notes what it billed: agents run against it offline, unmodified.

Which step of the story comes next is read from the request itself (how many answers its history holds), so a retry gets the same answer. Requests that
demand a form or offer no tools are side requests (titles, summaries) and get a short answer. What the story calls `shell`, `read` or `edit`
becomes whatever tool the agent offers for it. Models, bills and times are noted in `Provider.billed`.
"""

import dataclasses
import gzip
import hashlib
import json
import pathlib
import re
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .dialects import Anthropic, Answer, Asked, Chat, Gemini, Responses
from .story import Step, Tool

SHELL = ("Bash", "exec_command", "shell_command", "shell", "run_shell_command", "bash")
READ = ("Read", "read_file", "read", "view")
EDIT = ("Edit", "apply_patch", "replace", "edit")
SIDE_USAGE = {"fresh": 310, "cache_read": 0, "cache_write": 0, "output": 14, "reasoning": 0}
PIECES_APART = 0.005


@dataclasses.dataclass
class Billed:
    """A request that was answered."""

    side: bool
    step: int
    model: str
    usage: dict[str, int]
    text: str
    calls: list[tuple[str, str, object]]
    """Id, name and arguments, as the agent was told them."""
    at: float


class Provider:
    def __init__(self, steps: list[Step], folder: pathlib.Path, *, tools_in_text: bool = False):
        """`folder` is put before paths, for agents want them absolute. `tools_in_text`: the agent offers no tools; edits are written into the text."""
        self.steps, self.folder, self.tools_in_text = steps, folder, tools_in_text
        self.billed: list[Billed] = []
        self.refused: list[tuple[str, str]] = []
        """Method and path of requests that were not understood."""
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"provider": self}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def main(self) -> list[Billed]:
        """The answers of the story itself, each once."""
        return [one for one in self.billed if not one.side]

    def say(self, asked: Asked, dialect: str) -> Answer:
        side = asked.schema is not None or (not asked.tools and not self.tools_in_text)
        side = side or (self.tools_in_text and "mini" in asked.model)
        with self.lock:
            # An agent without tools shows the model examples of answers: there the requests are counted.
            step = min(len(self.main) if self.tools_in_text else asked.step, len(self.steps) - 1)
            id = hashlib.sha256(f"{self.url} {len(self.billed)} {time.time_ns()}".encode()).hexdigest()
            if side:
                text = json.dumps(smallest(asked.schema)) if asked.schema else "fix: apply the discount"
                answer = Answer(id, text, [], SIDE_USAGE)
            elif self.tools_in_text:
                answer = Answer(id, in_text(self.steps[step]), [], self.steps[step].usage)
            else:
                prefix = {"anthropic": "toolu_01", "gemini": "call-"}.get(dialect, "call_")
                named = [self.named(tool, asked) for tool in self.steps[step].tools]
                calls = [(f"{prefix}{id[8 * at:8 * at + 20]}", name, given) for at, (name, given) in enumerate(named)]
                answer = Answer(id, self.steps[step].text, calls, self.steps[step].usage)
            self.billed.append(Billed(side, step, asked.model, answer.usage, answer.text, answer.calls, time.time()))
        return answer

    def named(self, tool: Tool, asked: Asked) -> tuple[str, object]:
        """The tool by the name and the arguments that the agent has for it."""

        def first(names: tuple[str, ...]) -> str | None:
            return next((name for name in names if name in asked.tools), None)

        def given(name: str, **values: str) -> dict:
            usual = {"path": ("file_path", "filePath", "path"), "old": ("old_string", "oldString", "old_str"), "new": ("new_string", "newString", "new_str")}
            has = asked.tools[name]
            return {next((known for known in usual[key] if known in has), usual[key][0]): value for key, value in values.items()}

        full = str(self.folder / tool.path)
        if tool.kind == "read" and (name := first(READ)):
            return name, given(name, path=full)
        if tool.kind == "edit" and (name := first(EDIT)):
            if name == "apply_patch":
                return name, patch(tool)
            more = {"instruction": "Take the discount off as a percentage."} if name == "replace" else {}
            return name, given(name, path=full, old=tool.old, new=tool.new) | more
        name = first(SHELL)
        assert name, f"no tool for {tool.kind} among {sorted(asked.tools)}"
        command = tool.command or f"sed -n '1,200p' {tool.path}"
        if name == "exec_command":
            return name, {"cmd": command}
        if name == "shell":
            return name, {"command": ["bash", "-lc", command]}
        return name, {"command": command} | ({"description": "Run a command"} if "description" in asked.tools[name] else {})


def patch(tool: Tool) -> str:
    lines = [f"*** Update File: {tool.path}", "@@"] + ["-" + line for line in tool.old.split("\n")] + ["+" + line for line in tool.new.split("\n")]
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


def in_text(step: Step) -> str:
    """Edits as blocks of what to search and what to put there; the rest of an agent without tools it does itself."""
    blocks = [f"{tool.path}\n```python\n<<<<<<< SEARCH\n{tool.old}\n=======\n{tool.new}\n>>>>>>> REPLACE\n```" for tool in step.tools if tool.kind == "edit"]
    return "\n\n".join([step.text, *blocks])


def smallest(schema: object) -> object:
    """The smallest sensible value of a JSON schema."""
    if not isinstance(schema, dict):
        return "ok"
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type") or ("object" if "properties" in schema else "string")
    kind = (kind[0] if isinstance(kind, list) else kind).lower()
    if kind == "object":
        return {name: smallest(of) for name, of in schema.get("properties", {}).items()}
    return {"array": [], "number": 1, "integer": 1, "boolean": False}.get(kind, "Work on the shop")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Provider

    def do_POST(self) -> None:
        body = json.loads(self.body() or b"{}")
        path = self.path.split("?")[0]
        gemini = re.search(r"/models/([^/:]+):(stream)?[gG]enerateContent$", path)
        if path.endswith(("/count_tokens", ":countTokens")):
            count = max(1, len(json.dumps(body)) // 4)
            return self.reply(200, {"input_tokens": count, "totalTokens": count})
        if path.endswith("/messages"):
            return self.answer(Anthropic, "anthropic", Anthropic.asked(body))
        if path.endswith("/responses"):
            return self.answer(Responses, "responses", Responses.asked(body))
        if path.endswith("/chat/completions"):
            return self.answer(Chat, "chat", Chat.asked(body))
        if gemini:
            return self.answer(Gemini, "gemini", Gemini.asked(body, gemini.group(1), bool(gemini.group(2))))
        self.provider.refused.append(("POST", path))
        return self.reply(200, {})

    def do_GET(self) -> None:
        if self.path.split("?")[0].endswith("/models"):
            return self.reply(200, {"object": "list", "data": [], "models": [], "has_more": False})
        self.provider.refused.append((self.command, self.path))
        return self.reply(404, {"error": {"type": "not_found_error", "message": "not found"}})

    do_HEAD = do_GET

    def answer(self, dialect, name: str, asked: Asked) -> None:
        answer = self.provider.say(asked, name)
        head = {"request-id": "req_" + answer.id[:24], "x-request-id": "req_" + answer.id[:24]}
        said = dialect.answer(asked, answer)
        if isinstance(said, dict):
            return self.reply(200, said, head)
        self.send_response(200)
        for key, value in ({"content-type": "text/event-stream", "cache-control": "no-cache", "transfer-encoding": "chunked"} | head).items():
            self.send_header(key, value)
        self.end_headers()
        for piece in said:
            data = piece.encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
            time.sleep(PIECES_APART)  # as tokens come: an agent measures its time to the first of them
        self.wfile.write(b"0\r\n\r\n")

    def body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            data = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            data = self.rfile.read(int(self.headers.get("content-length") or 0))
        encoding = self.headers.get("content-encoding", "")
        return gzip.decompress(data) if encoding == "gzip" else zlib.decompress(data) if encoding == "deflate" else data

    def reply(self, status: int, value: object, head: dict | None = None) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        for key, text in ({"content-type": "application/json", "content-length": str(len(data))} | (head or {})).items():
            self.send_header(key, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass
