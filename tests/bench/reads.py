"""Reads at a size: fills three projects with made-up observations (shared/store/tests/bench/fill.sql), then asks for lists, searches and single
things, at the function and through the whole stack."""

import base64
import concurrent.futures
import json
import pathlib
import random
import sys
import time
import urllib.parse

from figures import mb, percentiles
from ingest import cpu_of
from local import LAMBDA, ROOT, Client, Stack, expect
from runtime_api import Bootstrap, http_event
from starts import is_built

CHUNK = 200_000
FILLERS = 3
WORDS = 60
SHARES = (6, 3, 1)  # tenths of the observations that each project has
DAY = 86_400


def filled(stack: Stack, rows: int) -> tuple[list[tuple[str, str, str]], dict]:
    """Three projects with `rows` observations together, the largest first: those of an earlier run on this stack, or fresh ones."""
    note = stack.home / f"bench-{rows}.json"
    if note.exists():
        found = json.loads(note.read_text())
        count = int(stack.sql("SELECT count() FROM observations WHERE project_id = {id:String}", param_id=found["projects"][0][0]))
        if count == found["data"]["of_each_project"][0]:
            return [tuple(project) for project in found["projects"]], found["data"]
    projects, data = fill(stack, rows)
    note.touch(mode=0o600)
    note.write_text(json.dumps({"projects": projects, "data": data}))
    return projects, data


def fill(stack: Stack, rows: int) -> tuple[list[tuple[str, str, str]], dict]:
    projects = [stack.new_project(f"bench-{rows}") for _ in SHARES]
    listed = [project[0] for project, share in zip(projects, SHARES) for _ in range(share)]
    statements = (ROOT / "shared/store/tests/bench/fill.sql").read_text().split("\n----\n")
    began = until = time.time()

    def fill_chunk(first: int) -> None:
        for statement in statements:
            stack.sql(statement, max_insert_threads=1, max_threads=2, param_rows=rows, param_first=first, param_last=min(first + CHUNK, rows),
                      param_words=WORDS, param_until=until, param_projects="[" + ",".join(f"'{id}'" for id in listed) + "]")

    stack.sql("SYSTEM STOP MERGES")  # one merge at the end instead of several over the same rows
    try:
        with concurrent.futures.ThreadPoolExecutor(FILLERS) as pool:
            for done, _ in enumerate(pool.map(fill_chunk, range(0, rows, CHUNK)), 1):
                print(f"  {min(done * CHUNK, rows)} of {rows} observations after {time.time() - began:.0f} s", file=sys.stderr, flush=True)
    finally:
        stack.sql("SYSTEM START MERGES")
    settle(stack)
    sizes = dict(line.split("\t") for line in stack.sql(
        "SELECT project_id, count() FROM observations WHERE project_id IN {ids:Array(String)} GROUP BY project_id",
        param_ids="[" + ",".join(f"'{project[0]}'" for project in projects) + "]").splitlines())
    disk = stack.sql("SELECT sum(bytes_on_disk), count() FROM system.parts WHERE active AND database = currentDatabase()").split()
    return projects, {"observations": rows, "of_each_project": [int(sizes[project[0]]) for project in projects], "words_a_text": WORDS,
                      "fill_s": round(time.time() - began), "bytes_on_disk_mb": mb(int(disk[0])), "parts": int(disk[1])}


def settle(stack: Stack, within: float = 900) -> None:
    """Waits until the merges that the filling set off have been quiet for a while."""
    deadline, quiet = time.time() + within, 0
    while time.time() < deadline and quiet < 5:
        time.sleep(1)
        quiet = 0 if int(stack.sql("SELECT count() FROM system.merges")) else quiet + 1


def questions(stack: Stack, project: str, runs: int, seed: int) -> dict[str, list[tuple[str, str, str]]]:
    """Name of the question: (function, path, query) of each run. Single things are drawn anew for each."""
    draw = random.Random(seed)
    traces = [line.split("\t") for line in stack.sql(
        "SELECT id, session_id FROM traces WHERE project_id = {project:String} ORDER BY cityHash64(id, {seed:UInt64}) LIMIT {runs:UInt64}",
        param_project=project, param_seed=seed, param_runs=runs).splitlines()]
    steps = stack.sql("SELECT id FROM observations WHERE project_id = {project:String} AND trace_id IN "
                      "(SELECT id FROM traces WHERE project_id = {project:String} ORDER BY cityHash64(id, {seed:UInt64}) LIMIT 40)",
                      param_project=project, param_seed=seed).split()

    def since(days: float) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * DAY))

    def asked(path: str, function: str = "traces", **query: str) -> list[tuple[str, str, str]]:
        return [(function, path, urllib.parse.urlencode(query))] * runs

    # What a dashboard's chart asks: cost and tokens of each model on each day of a month.
    metrics = {"view": "observations", "dimensions": [{"field": "providedModelName"}], "timeDimension": {"granularity": "day"},
               "metrics": [{"measure": "totalCost", "aggregation": "sum"}, {"measure": "totalTokens", "aggregation": "sum"},
                           {"measure": "latency", "aggregation": "p95"}],
               "fromTimestamp": since(30), "toTimestamp": since(0)}
    failed = json.dumps([{"column": "level", "operator": "any of", "type": "stringOptions", "value": ["ERROR"]}])
    return {
        "list_v2": asked("/api/public/v2/traces", limit="50", fromTimestamp=since(7)),
        "list_v2_of_errors": asked("/api/public/v2/traces", limit="50", fromTimestamp=since(7), filter=failed),
        "list_v1": asked("/api/public/traces", limit="50"),
        "observations_v2": asked("/api/public/v2/observations", limit="50"),
        "sessions_v2": asked("/api/public/v2/sessions", limit="50", fromTimestamp=since(7)),
        "search_input": asked("/api/public/v2/traces", limit="50", search="archaeopteryx", searchIn="input"),
        "search_output": asked("/api/public/v2/traces", limit="50", search="quetzalcoatlus", searchIn="output"),
        "trace_by_id": [("traces", f"/api/public/traces/{id}", "") for id, _ in traces],
        "trace_v2_by_id": [("traces", f"/api/public/v2/traces/{id}", "") for id, _ in traces],
        "session": [("traces", f"/api/public/sessions/{urllib.parse.quote(session)}", "") for _, session in traces],
        "observation": [("traces", f"/api/public/observations/{id}", "") for id in draw.choices(steps, k=runs)],
        "daily_cost": asked("/api/public/metrics/daily", "metrics", limit="30"),
        "metrics_query": asked("/api/public/v2/metrics", "metrics", query=json.dumps(metrics)),
        "cost_by_user": asked("/api/public/metrics/cost", "metrics", groupBy="userId", limit="20"),
    }


def measure(stack: Stack, key: tuple[str, str, str], runs: int, seed: int, log: pathlib.Path) -> dict:
    found: dict = {}
    basic = {"authorization": "Basic " + base64.b64encode(f"{key[1]}:{key[2]}".encode()).decode()}
    running: dict[str, Bootstrap] = {}
    try:
        for name, calls in questions(stack, key[0], runs, seed).items():
            function = calls[0][0]
            binary = LAMBDA / function / "bootstrap"
            if not is_built(binary):
                found[name] = {"skipped": f"{function} is not built"}
                continue
            if function not in running:
                running[function] = Bootstrap(binary, stack.function_environment(function), log)
            found[name] = one(stack, running[function], calls, basic)
            print(f"  {name}: {json.dumps(found[name])}", file=sys.stderr, flush=True)
    finally:
        for bootstrap in running.values():
            bootstrap.close()
    return found


def clickhouse_cpu_of(stack: Stack) -> float:
    """ClickHouse's processor time so far: merges and other callers included."""
    pid = stack.part_pid("clickhouse")
    return cpu_of(pid) if pid else 0.0


def one(stack: Stack, bootstrap: Bootstrap, calls: list[tuple[str, str, str]], basic: dict[str, str]) -> dict:
    client, at_function, through_stack, answered = Client(stack.port), [], [], 0
    for number, (_, path, query) in enumerate(calls[:3] + calls):
        answer, seconds = bootstrap.invoke(http_event("GET", path, query, basic))
        said = json.loads(answer)
        if said["statusCode"] != 200:
            return {"failed": f"{path}?{query}: {said['statusCode']} {said['body'][:300]}"}
        if number == 2:  # the first three warm connections and caches
            function_cpu, clickhouse_cpu = bootstrap.cpu_seconds(), clickhouse_cpu_of(stack)
        if number > 2:
            at_function.append(seconds)
    function_cpu, clickhouse_cpu = bootstrap.cpu_seconds() - function_cpu, clickhouse_cpu_of(stack) - clickhouse_cpu
    for number, (_, path, query) in enumerate(calls[:3] + calls):
        began = time.perf_counter()
        status, _, body = client.call("GET", f"{path}?{query}" if query else path, basic)
        took = time.perf_counter() - began
        expect(status, 200, body)
        if number > 2:
            through_stack.append(took)
            answered = rows_of(body)
    return {"function": percentiles(at_function), "stack": percentiles(through_stack),
            "function_cpu_ms": round(function_cpu * 1000 / len(calls), 2), "clickhouse_cpu_ms": round(clickhouse_cpu * 1000 / len(calls), 2),
            "answer_bytes": len(body), "rows": answered}


def rows_of(body: bytes) -> int:
    said = json.loads(body)
    for name in ("data", "observations", "traces"):
        if isinstance(said, dict) and isinstance(said.get(name), list):
            return len(said[name])
    return 1


def growth(small: dict, large: dict) -> dict[str, float]:
    """How many times longer the list takes at the larger size."""
    pair = small.get("list_v2", {}).get("stack"), large.get("list_v2", {}).get("stack")
    if not all(pair):
        return {}
    return {percent: round(pair[1][f"{percent}_ms"] / max(0.01, pair[0][f"{percent}_ms"]), 2) for percent in ("p50", "p99")}
