"""bench.json as the page docs/benchmarks.md: report.py BENCH_JSON > docs/benchmarks.md."""

import json
import pathlib
import sys

import figures


def page(results: dict) -> str:
    machine, payload = results["machine"], results["payload"]
    loads = [results[part]["load_before"] for part in results if isinstance(results[part], dict) and "load_before" in results[part]]
    parts = [
        "# Benchmarks",
        f"`make bench` wrote these figures on {machine['date']} at commit {machine['commit']}; `python3 tests/bench/report.py .local-bench/bench.json` "
        "makes this page of them.",
        f"- **Machine:** {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}. Load generator, edge, AWS emulator, "
        f"functions and ClickHouse share it. The load average before the parts of the run was {min(loads)} to {max(loads)}"
        + (": other programs were at work, so times of the wall clock are upper bounds." if max(loads) > machine["cores"] else "."),
        f"- **Binaries:** cargo profile `{machine['profile']}`; those for AWS (`release`) are optimised further.",
        f"- **Payload:** {payload['requests']} OTLP/protobuf requests, {payload['spans']} spans in traces of ten, {payload['bytes']} bytes, "
        f"{payload['bytes_per_span']} bytes a span, seed {payload['seed']}, sha256 `{payload['sha256']}`.",
        "- **In the function** means: from handing over the event until the answer, by a Runtime API of the benchmark's own (`tests/bench/runtime_api.py`). "
        "**Through the stack** means: a client at the edge, so with the emulator's gateway, which is Python.",
        "- The emulator hands stream records on at once; AWS polls a shard about once a second, so add up to a second to *readable* there.",
        "## Against the targets",
        table(("figure", "measured", "target", "verdict"), [
            (row["figure"], f"{row['value']} {row['unit']}", f"{row['target']} {row['unit']}", "met" if row["met"] else f"missed, {row['ratio']} times")
            for row in results["verdicts"]]),
    ]
    if "ingest" in results:
        parts += ["## The way in", ingest(results["ingest"])]
    if "readable" in results:
        parts += ["## Acknowledged, then readable", table(("", "p50 ms", "p99 ms", "samples"), [
            (name, one["p50_ms"], one["p99_ms"], one["samples"]) for name, one in (
                ("idle", results["readable"]["idle"]), (f"with {results['readable']['loaded']['load_spans_per_s']} spans a second beside", results["readable"]["loaded"]))])]
        if "once" in results["readable"]:
            one = results["readable"]["once"]
            parts.append(f"Of {one['tries']} clients that wrote, waited and read once, {100 - one['missed_after_1_s_percent']} % found their trace after 1 s and "
                         f"{100 - one['missed_after_2_s_percent']} % after 2 s.")
    for rows, found in results.get("reads", {}).items():
        if rows.isdigit():
            parts += [f"## Reads at {int(rows):,} observations", reads(found)]
    if "starts" in results:
        parts += ["## Cold starts and sizes", "Initialisation is from the start of the process until it asks for its first event. On AWS the clients speak TLS: the "
                  "second column makes a TLS client too.", table(
                      ("function", "initialisation ms", "with TLS ms", "first answer ms", "memory MB", "bootstrap MB"),
                      [(name, one["init_ms"], one["init_tls_ms"], one["first_answer_ms"], one["memory_mb"], one["bootstrap_mb"])
                       for name, one in results["starts"]["functions"].items() if "init_ms" in one])]
    if "bomb" in results:
        bomb = results["bomb"]
        parts += ["## A gzip bomb", f"{bomb['wire_bytes']:,} bytes that inflate to {bomb['inflated_bytes']:,}: answered {bomb['status']} after "
                  f"{bomb['refused_after_ms']} ms (slowest {bomb['slowest_ms']} ms); memory grew by {bomb['growth_mb']} MB from {bomb['resident_before_mb']} MB."]
    return "\n\n".join(parts) + "\n"


def ingest(found: dict) -> str:
    rows = []
    for name, key in (("in the function, stream answers at once", "ack_function_alone"), ("in the function", "ack_function"), ("through the stack", "ack_client")):
        for callers, one in found[key].items():
            cpu = one["cpu_s_per_100k"]
            cpu = f"{cpu['ingest']} + {cpu['write-events']} writer" if isinstance(cpu, dict) else cpu
            rows.append((f"{name}, {callers[1:]} caller{'s' * (callers != 'c1')}", one["spans_per_s"], one["p50_ms"], one["p99_ms"], cpu))
    acks = table(("requests of 100 spans, closed loop", "durable spans/s", "ack p50 ms", "ack p99 ms", "CPU s per 100k spans"), rows)
    writer = table(("writer, real records", "batch p50 ms", "batch p99 ms", "spans/s", "CPU s per 100k spans", "peak MB"), [
        (f"{one['requests_a_batch']} request{'s' * (one['requests_a_batch'] > 1)} a batch", one["p50_ms"], one["p99_ms"], one["spans_per_s"],
         one["cpu_s_per_100k"], one["peak_memory_mb"]) for one in found["writer"].values()])
    memory = found["deployed_peak_memory_mb"]
    return f"{acks}\n\n{writer}\n\nPeak memory of the deployed processes: ingest {memory['ingest']} MB, write-events {memory['write-events']} MB."


def reads(found: dict) -> str:
    data = found["data"]
    said = (f"Three projects with {', '.join(f'{count:,}' for count in data['of_each_project'])} observations, {data['words_a_text']} words a text, 30 days; "
            f"asked in the largest. {data['bytes_on_disk_mb']} MB on disk in {data['parts']} parts.")
    return said + "\n\n" + table(
        ("question", "function p50 ms", "p99 ms", "stack p50 ms", "p99 ms", "function CPU ms", "ClickHouse CPU ms", "rows"),
        [(name, one["function"]["p50_ms"], one["function"]["p99_ms"], one["stack"]["p50_ms"], one["stack"]["p99_ms"], one["function_cpu_ms"],
          one["clickhouse_cpu_ms"], one["rows"]) for name, one in found.items() if isinstance(one, dict) and "stack" in one])


def table(head: tuple, rows: list[tuple]) -> str:
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    results = json.loads(pathlib.Path(sys.argv[1]).read_text())
    results["verdicts"] = figures.verdicts(results)
    sys.stdout.write(page(results))
