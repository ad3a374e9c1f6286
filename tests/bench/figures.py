"""Percentiles, targets, and the table at the end."""

import math

# name: (path in the results, unit, limit)
TARGETS = (
    ("CPU of ingest and writer, per 100k spans", "ingest.cpu_s_per_100k.together", "s", 6),
    ("peak memory of ingest", "ingest.peak_memory_mb", "MB", 96),
    ("ack in the function, 1 caller, p50", "ingest.ack_function.c1.p50_ms", "ms", 20),
    ("ack in the function, 1 caller, p99", "ingest.ack_function.c1.p99_ms", "ms", 100),
    ("ack in the function, 4 callers, p50", "ingest.ack_function.c4.p50_ms", "ms", 20),
    ("ack in the function, 4 callers, p99", "ingest.ack_function.c4.p99_ms", "ms", 100),
    ("the same with a stream that answers at once, p50", "ingest.ack_function_alone.c4.p50_ms", "ms", 20),
    ("the same with a stream that answers at once, p99", "ingest.ack_function_alone.c4.p99_ms", "ms", 100),
    ("ack to readable, p50", "readable.idle.p50_ms", "ms", 1_000),
    ("ack to readable, p99", "readable.idle.p99_ms", "ms", 3_000),
    ("ack to readable under load, p50", "readable.loaded.p50_ms", "ms", 1_000),
    ("ack to readable under load, p99", "readable.loaded.p99_ms", "ms", 3_000),
    ("not found by one read 2 s after the ack, of 500", "readable.once.missed_after_2_s_percent", "%", 0.1),
    ("any of 10,000 prompts, in the function, p50", "prompts.10000.get_any.function.p50_ms", "ms", 15),
    ("any of 10,000 prompts, in the function, p99", "prompts.10000.get_any.function.p99_ms", "ms", 30),
    ("a prompt read again and again, p99", "prompts.10000.get_hot.function.p99_ms", "ms", 30),
    ("a prompt that includes two others, p99", "prompts.10000.get_including_two.function.p99_ms", "ms", 30),
    ("a page of 10,000 prompts, p50", "prompts.10000.list_page.function.p50_ms", "ms", 50),
    ("trace list at 1 M, p50", "reads.1000000.list_v2.stack.p50_ms", "ms", 50),
    ("trace list at 1 M, p99", "reads.1000000.list_v2.stack.p99_ms", "ms", 200),
    ("trace list, 10 M against 1 M, p50", "reads.list_growth.p50", "times", 1.5),
    ("trace list, 10 M against 1 M, p99", "reads.list_growth.p99", "times", 1.5),
    ("trace by id at 10 M, p50", "reads.10000000.trace_by_id.stack.p50_ms", "ms", 30),
    ("rare word in input at 10 M, p50", "reads.10000000.search_input.stack.p50_ms", "ms", 300),
    ("rare word in output at 10 M, p50", "reads.10000000.search_output.stack.p50_ms", "ms", 300),
    ("initialisation, slowest function, median", "starts.slowest_init_ms", "ms", 60),
    ("1 MB of gzip that holds 1 GiB: refused after", "bomb.refused_after_ms", "ms", 50),
    ("1 MB of gzip that holds 1 GiB: memory growth", "bomb.growth_mb", "MB", 32),
)


def percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {"p50_ms": ms(at(ordered, 0.5)), "p99_ms": ms(at(ordered, 0.99)), "max_ms": ms(ordered[-1]), "samples": len(ordered)}


def at(ordered: list[float], share: float) -> float:
    """Nearest rank."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: list[float]) -> float:
    return at(sorted(values), 0.5)


def ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def mb(size: float) -> float:
    return round(size / 1e6, 1)


def look_up(results: dict, path: str):
    found = results
    for part in path.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


def verdicts(results: dict) -> list[dict]:
    rows = []
    for name, path, unit, limit in TARGETS:
        value = look_up(results, path)
        if value is not None:
            rows.append({"figure": name, "value": value, "unit": unit, "target": limit, "ratio": round(value / limit, 2), "met": value <= limit})
    return rows


def table(rows: list[dict]) -> str:
    lines = [f"| {'figure':<46} | {'measured':>12} | {'target':>10} | verdict", f"|{'-' * 48}|{'-' * 14}|{'-' * 12}|{'-' * 24}"]
    for row in rows:
        verdict = "met" if row["met"] else f"missed: {row['ratio']} times the target"
        lines.append(f"| {row['figure']:<46} | {row['value']:>6} {row['unit']:<5} | {row['target']:>4} {row['unit']:<5} | {verdict}")
    return "\n".join(lines)
