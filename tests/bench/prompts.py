"""Prompts read by label among very many, at the function: any of them (two reads of the table), a few again and again (from memory), and one
that includes others. And pages of their list."""

import base64
import concurrent.futures
import json
import pathlib
import queue
import random
import sys
import time
import urllib.parse

from figures import percentiles
from local import LAMBDA, Stack
from runtime_api import Bootstrap, http_event
from starts import is_built

PATH = "/api/public/v2/prompts"
FILLERS = 4
HOT = 20


def name_of(number: int) -> str:
    return f"folder {number % 50}/prompt {number}"


def body_of(number: int) -> bytes:
    """About 1 KB of text; each tenth one includes two others."""
    text = f"You are number {number}. Answer {{{{question}}}} in {{{{language}}}}. " * 15
    if number % 10 == 9:
        text += "".join(f"@@@langfusePrompt:name={name_of(number - back)}|label=production@@@" for back in (1, 2))
    return json.dumps({"name": name_of(number), "prompt": text, "labels": ["production"], "tags": [f"tag {number % 7}"],
                       "config": {"model": "claude-haiku-4-5", "temperature": 0.2}}).encode()


def measure(stack: Stack, count: int, runs: int, seed: int, log: pathlib.Path) -> dict:
    binary = LAMBDA / "prompts" / "bootstrap"
    if not is_built(binary):
        return {"skipped": "prompts is not built"}
    _, public_key, secret_key = stack.new_project(f"bench-prompts-{count}")
    basic = {"authorization": "Basic " + base64.b64encode(f"{public_key}:{secret_key}".encode()).decode()}
    variables = stack.function_environment("prompts")
    began = time.perf_counter()
    fill(binary, variables, basic, count, log)
    found: dict = {"prompts": count, "fill_s": round(time.perf_counter() - began)}
    draw = random.Random(seed)
    numbers = [draw.randrange(count) for _ in range(runs)]
    plain = [number - number % 10 for number in numbers]
    asked = {
        "get_any": [(f"{PATH}/{quoted(number)}", "") for number in plain],
        "get_hot": [(f"{PATH}/{quoted(plain[turn % HOT])}", "") for turn in range(runs)],
        "get_including_two": [(f"{PATH}/{quoted(number - number % 10 + 9)}", "") for number in numbers],
        "list_page": [(PATH, f"page={draw.randrange(1, count // 50 + 1)}&limit=50") for _ in range(max(3, runs // 200))],
        "list_folder": [("/api/public/v2/prompt-folders", f"folder=folder%20{draw.randrange(50)}&limit=50") for _ in range(max(3, runs // 200))],
    }
    for name, calls in asked.items():
        bootstrap = Bootstrap(binary, variables, log)
        try:
            found[name] = one(bootstrap, calls, basic)
        finally:
            bootstrap.close()
        print(f"  {name}: {json.dumps(found[name])}", file=sys.stderr, flush=True)
    return found


def quoted(number: int) -> str:
    return urllib.parse.quote(name_of(number), safe="")


def fill(binary: pathlib.Path, variables: dict[str, str], basic: dict[str, str], count: int, log: pathlib.Path) -> None:
    """Those that include others come last."""
    idle: queue.SimpleQueue = queue.SimpleQueue()
    functions = [Bootstrap(binary, variables, log) for _ in range(FILLERS)]
    for function in functions:
        idle.put(function)

    def create(number: int) -> None:
        function = idle.get()
        answer, _ = function.invoke(http_event("POST", PATH, "", basic | {"content-type": "application/json"}, body_of(number)))
        idle.put(function)
        said = json.loads(answer)
        if said["statusCode"] != 201:
            raise SystemExit(f"prompt {number}: {said['statusCode']} {said['body'][:300]}")

    try:
        with concurrent.futures.ThreadPoolExecutor(FILLERS) as pool:
            for last in (False, True):
                for _ in pool.map(create, (number for number in range(count) if (number % 10 == 9) == last)):
                    pass
    finally:
        for function in functions:
            function.close()


def one(bootstrap: Bootstrap, calls: list[tuple[str, str]], basic: dict[str, str]) -> dict:
    taken = []
    for turn, (path, query) in enumerate(calls[:3] + calls):
        # The untouched path, as the edge passes it.
        answer, seconds = bootstrap.invoke(http_event("GET", urllib.parse.unquote(path), query, basic | {"x-agenttrace-raw-path": path}))
        said = json.loads(answer)
        if said["statusCode"] != 200:
            return {"failed": f"{path}?{query}: {said['statusCode']} {said['body'][:300]}"}
        if turn > 2:  # the first three warm connections and caches
            taken.append(seconds)
    return {"function": percentiles(taken), "function_cpu_ms": round(bootstrap.cpu_seconds() * 1000 / len(calls), 2)}
