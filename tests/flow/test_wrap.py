"""`agenttrace wrap`: a run becomes a trace with its commands, files and commits; secrets stay on the machine; offline nothing is lost."""

import os
import subprocess

from harness.stack import ROOT
from harness.waiting import wait_until

COMMAND = ROOT / "target/fast/agenttrace"


def agenttrace(home, api, *arguments, base_url=None, **more):
    work = home / "work"
    work.mkdir(exist_ok=True)
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("AGENTTRACE", "OTEL_", "XDG_"))}
    variables = ours | {
        "HOME": str(home), "GIT_CONFIG_GLOBAL": "/dev/null",
        "AGENTTRACE_BASE_URL": base_url or api.base_url, "AGENTTRACE_PUBLIC_KEY": api.key.public_key, "AGENTTRACE_SECRET_KEY": api.key.secret_key,
    }
    return subprocess.run([str(COMMAND), *arguments], cwd=work, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **more)


def one_trace(api, name):
    (row,) = wait_until(lambda: [row for row in api.rows() if row["name"] == name])
    return row["id"]


def test_a_run_is_a_trace_with_its_commands_files_and_commits(tenant, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    for git in (["init", "-q", "-b", "main"], ["config", "user.email", "dev@example.com"], ["config", "user.name", "Dev"], ["commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(["git", *git], cwd=work, check=True)
    token = "ghp_" + "aZ3" * 12
    script = f"echo {token}; echo hello >new.txt; bash -c 'exit 3'; git add new.txt; git commit -qm second; exit 7"

    done = agenttrace(tmp_path, tenant, "wrap", "--name", "wrapped", "--git-auto-link", "--tags", "a,b", "--", "bash", "-c", script)

    assert (done.returncode, done.stdout) == (7, token + "\n"), done.stderr
    trace = one_trace(tenant, "wrapped")
    found = tenant.trace(trace, steps=3)
    assert sorted(found["tags"]) == ["a", "b"]
    assert token not in str(found) and "[redacted:github-token]" in str(found)
    commands = wait_until(lambda: (lambda rows: rows if len(rows) == 2 else None)(tenant.read("/api/public/terminal-commands", traceId=trace)["data"]))
    assert {(row["exitCode"], row["exitCodeSource"]) for row in commands} == {(7, "shim"), (3, "shim")}
    assert token not in str(commands)
    (file,) = wait_until(lambda: tenant.read("/api/public/file-operations", traceId=trace)["data"])
    assert (file["operation"], file["filePath"]) == ("CREATE", "new.txt") and "+hello" in file["diff"]
    (link,) = wait_until(lambda: tenant.read("/api/public/git-links", traceId=trace)["data"])
    assert (link["commitMessage"], link["branch"], link["method"]) == ("second", "main", "wrap")


def test_a_run_without_a_server_is_sent_later(tenant, tmp_path):
    done = agenttrace(tmp_path, tenant, "wrap", "--name", "offline", "--", "bash", "-c", "echo kept; exit 2", base_url="http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "kept\n")
    assert "offline" not in [row["name"] for row in tenant.rows()]

    sent = agenttrace(tmp_path, tenant, "upload", "--json")

    assert sent.returncode == 0, sent.stderr
    tenant.trace(one_trace(tenant, "offline"), steps=2)
    again = agenttrace(tmp_path, tenant, "upload", "--json")
    assert '"sent":0' in again.stdout


def test_the_doctor_says_what_is_wrong(tenant, tmp_path):
    assert agenttrace(tmp_path, tenant, "doctor").returncode == 0
    away = agenttrace(tmp_path, tenant, "doctor", base_url="http://127.0.0.1:9")
    assert away.returncode == 1 and "cannot reach" in away.stdout
