#!/usr/bin/env python3
"""`make bench`: measures the product on this machine, on bytes that it states, and compares with the targets.

Brings up a stack of its own (.local-bench, ports from 3400 on), writes .local-bench/bench.json, prints a table and ends the stack again.
CPU seconds and ratios travel between machines; times of the wall clock say something only on a machine that does nothing else.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from local import LAMBDA, ROOT, Stack  # noqa: E402

import figures  # noqa: E402
import ingest  # noqa: E402
import prompts  # noqa: E402
import readable  # noqa: E402
import reads  # noqa: E402
import starts  # noqa: E402

PARTS = ("sizes", "starts", "bomb", "ingest", "readable", "prompts", "reads")


def main() -> int:
    options = parse()
    home = pathlib.Path(options.home or ROOT / ".local-bench").resolve()
    stack = Stack(home, options.port)
    own = not options.running
    if own:
        if not options.keep:
            stack.command("down", "--delete-data")
        stack.command("up", *(["--no-build"] if options.no_build else []))
    stack.load()
    log = home / "logs" / "bench.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    results: dict = {"machine": machine(), "seed": options.seed, "quick": options.quick}
    payloads = ingest.Payloads(options.seed)
    try:
        for part in options.only or PARTS:
            began, load = time.time(), os.getloadavg()[0]
            print(f"== {part}", file=sys.stderr, flush=True)
            found = globals()[f"run_{part}"](stack, payloads, options, log)
            results[part] = found | {"load_before": round(load, 1), "took_s": round(time.time() - began)}
            results["payload"] = payloads.said()
            write(results, options, home)
    finally:
        if own and not options.keep:
            stack.command("down")
    show(results)
    return 0


def run_sizes(_stack, _payloads, _options, _log) -> dict:
    """Megabytes of each bootstrap, as this build profile makes it."""
    return {path.parent.name: figures.mb(path.stat().st_size) for path in sorted(LAMBDA.glob("*/bootstrap")) if starts.is_built(path)}


def run_starts(stack, _payloads, options, log) -> dict:
    from localcloud import build

    return starts.measure(stack, build.functions(), 2 if options.quick else 20, log)


def run_bomb(stack, _payloads, _options, log) -> dict:
    return ingest.bomb(stack, log)


def run_ingest(stack, payloads, options, log) -> dict:
    batches = 12 if options.quick else options.batches
    stub = ingest.StreamStub(stack)
    try:
        found = {"ack_function_alone": {f"c{n}": ingest.in_the_function(stack, payloads, batches, n, stub, log) for n in (1, 4)}}
        calls = stub.records()
    finally:
        stub.close()
    found["ack_function"] = {f"c{n}": ingest.in_the_function(stack, payloads, batches, n, None, log) for n in (1, 4)}
    half = len(calls) // 2
    found["writer"] = {"one_request_a_batch": ingest.writer(stack, calls[:half], 1, log), "twenty": ingest.writer(stack, calls[half:], 20, log)}
    found["ack_client"] = {f"c{n}": ingest.through_the_stack(stack, payloads, batches, n) for n in (1, 4)}
    found["deployed_peak_memory_mb"] = ingest.deployed_memory(stack)
    found["cpu_s_per_100k"] = found["ack_client"]["c4"]["cpu_s_per_100k"]
    memory = [figure["peak_memory_mb"] for figure in (*found["ack_function"].values(), *found["ack_function_alone"].values())]
    found["peak_memory_mb"] = max(*memory, found["deployed_peak_memory_mb"]["ingest"])
    return found


def run_readable(stack, payloads, options, _log) -> dict:
    if not starts.is_built(LAMBDA / "traces" / "bootstrap"):
        return {"skipped": "traces is not built"}
    samples = 10 if options.quick else 200
    return {"idle": readable.measure(stack, samples), "loaded": readable.under_load(stack, payloads, samples, 1_000),
            "once": readable.once(stack, 50 if options.quick else 500)}


def run_prompts(stack, _payloads, options, log) -> dict:
    count, runs = (300, 100) if options.quick else (10_000, 1_000)
    return {str(count): prompts.measure(stack, count, runs, options.seed, log)}


def run_reads(stack, _payloads, options, log) -> dict:
    found: dict = {}
    runs = 5 if options.quick else 100
    for rows in options.rows:
        projects, data = reads.filled(stack, rows)
        found[str(rows)] = {"data": data} | reads.measure(stack, projects[0], runs, options.seed, log)
    if "1000000" in found and "10000000" in found:
        found["list_growth"] = reads.growth(found["1000000"], found["10000000"])
    return found


def machine() -> dict:
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines() if pathlib.Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return {"date": datetime.date.today().isoformat(), "commit": commit, "processor": model, "cores": os.cpu_count(), "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9), "profile": "fast"}


def write(results: dict, options: argparse.Namespace, home: pathlib.Path) -> None:
    results["verdicts"] = figures.verdicts(results)
    out = pathlib.Path(options.out) if options.out else home / "bench.json"
    out.write_text(json.dumps(results, indent=2) + "\n")
    print(f"  written to {out}", file=sys.stderr, flush=True)


def show(results: dict) -> None:
    said = results["payload"]
    print(json.dumps({name: value for name, value in results.items() if name not in ("verdicts", "payload", "machine")}, indent=1))
    print(f"\n{results['machine']}")
    print(f"payload: {said['requests']} requests, {said['spans']} spans, {said['bytes']} bytes, {said['bytes_per_span']} bytes a span, "
          f"seed {said['seed']}, sha256 {said['sha256']}\n")
    print(figures.table(results["verdicts"]))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="little of everything, in a minute: shows that the benchmark works")
    parser.add_argument("--only", type=lambda text: text.split(","), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--rows", type=lambda text: [int(number) for number in text.split(",")], help="observations to read from (1000000,10000000)")
    parser.add_argument("--batches", type=int, default=300, help="requests of 100 spans of each load")
    parser.add_argument("--seed", type=int, default=1, help="of the payloads; the same seed gives the same bytes")
    parser.add_argument("--home", help="the stack's folder (.local-bench)")
    parser.add_argument("--port", type=int, default=3400)
    parser.add_argument("--running", action="store_true", help="measure the stack that runs at --home, and leave it running")
    parser.add_argument("--no-build", action="store_true", help="take the binaries that are there")
    parser.add_argument("--keep", action="store_true", help="keep data of earlier runs, and leave the stack running")
    parser.add_argument("--out", help="where the JSON goes (bench.json in the stack's folder)")
    options = parser.parse_args()
    options.rows = options.rows or ([100_000] if options.quick else [1_000_000, 10_000_000])
    if unknown := set(options.only or ()) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
