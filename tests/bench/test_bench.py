"""The benchmark works: a little of everything on the stack under test. No time is asserted here; `make bench` measures."""

import json
import subprocess

from harness.stack import ROOT


def test_the_benchmark_measures_every_figure(stack, tmp_path):
    out = tmp_path / "bench.json"
    command = [str(ROOT / ".local/venv/bin/python"), str(ROOT / "tests/bench/run.py"), "--running", "--quick", "--rows", "20000",
               "--home", str(stack.home), "--port", str(stack.port), "--seed", "7", "--out", str(out)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=600)

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    found = json.loads(out.read_text())
    assert found["payload"]["sha256"] and found["payload"]["bytes_per_span"] in range(2_000, 2_200)
    assert found["bomb"]["status"] == [413]
    missing = [name for name, one in found["starts"]["functions"].items() if "init_ms" not in one]
    assert not missing, found["starts"]
    reads = {name: one for name, one in found["reads"]["20000"].items() if name != "data"}
    assert not [name for name, one in reads.items() if "stack" not in one], reads
    assert reads["search_input"]["rows"] and reads["search_output"]["rows"], "the rare words are found"
    assert {row["figure"] for row in found["verdicts"]} >= {"CPU of ingest and writer, per 100k spans", "ack to readable, p99"}
