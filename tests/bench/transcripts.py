"""Writes a folder of transcripts of Claude Code, as long as asked for, to measure imports with: `transcripts.py FOLDER MEGABYTES`."""

import json
import pathlib
import random
import sys
import uuid

SESSION_BYTES = 4_000_000
WORDS = "cart total discount percent price rule test fails because the function returns a value that is not an integer and so on return def import self print assert".split()


def code(lines: int) -> str:
    return "\n".join(f"    {' '.join(random.choices(WORDS, k=random.randint(3, 12)))}  # {random.randint(0, 99)}" for _ in range(lines))


def session(limit: int):
    """Rows of a session: prompts, and for each some answers that run commands, read and edit."""
    name, clock, written = str(uuid.uuid4()), 1_795_360_700_000, 0
    common = {"sessionId": name, "cwd": "/home/dev/shop", "gitBranch": "main", "version": "2.1.330", "isSidechain": False}

    def row(**fields) -> str:
        nonlocal clock, written
        clock += random.randint(50, 4_000)
        seconds, millis = divmod(clock, 1_000)
        minutes, second = divmod(seconds, 60)
        stamp = f"2026-11-{1 + minutes // 1440 % 28:02}T{minutes // 60 % 24:02}:{minutes % 60:02}:{second:02}.{millis:03}Z"
        text = json.dumps(fields | common | {"timestamp": stamp, "uuid": str(uuid.uuid4())}) + "\n"
        written += len(text)
        return text

    while written < limit:
        prompt = str(uuid.uuid4())
        yield row(type="user", promptId=prompt, message={"role": "user", "content": code(3)})
        for _ in range(random.randint(3, 20)):
            request, call = f"req_{uuid.uuid4().hex}", f"toolu_{uuid.uuid4().hex}"
            usage = {"input_tokens": 5, "cache_creation_input_tokens": 900, "cache_read_input_tokens": 90_000, "output_tokens": 300, "cache_creation": {"ephemeral_5m_input_tokens": 900, "ephemeral_1h_input_tokens": 0}}
            message = {"id": f"msg_{request}", "role": "assistant", "model": "claude-sonnet-4-5", "stop_reason": "tool_use", "usage": usage}
            yield row(type="assistant", requestId=request, message=message | {"content": [{"type": "text", "text": code(2)}]})
            kind = random.choice(("Bash", "Read", "Edit"))
            if kind == "Bash":
                given, output = {"command": "python3 -m pytest -q " + random.choice(WORDS)}, code(random.randint(2, 120))
                told = {"stdout": output, "stderr": "", "interrupted": False}
            elif kind == "Read":
                given, output = {"file_path": f"/home/dev/shop/{random.choice(WORDS)}.py"}, code(random.randint(20, 300))
                told = {"type": "text", "file": {"filePath": given["file_path"], "content": output}}
            else:
                old, new = code(6), code(7)
                given, output = {"file_path": f"/home/dev/shop/{random.choice(WORDS)}.py", "old_string": old, "new_string": new}, "updated"
                lines = [f"-{line}" for line in old.split("\n")] + [f"+{line}" for line in new.split("\n")]
                told = {"filePath": given["file_path"], "originalFile": code(200), "structuredPatch": [{"oldStart": 1, "oldLines": 6, "newStart": 1, "newLines": 7, "lines": lines}]}
            yield row(type="assistant", requestId=request, message=message | {"content": [{"type": "tool_use", "id": call, "name": kind, "input": given}]})
            yield row(type="user", promptId=prompt, message={"role": "user", "content": [{"type": "tool_result", "tool_use_id": call, "content": output, "is_error": False}]}, toolUseResult=told)


def main(folder: str, megabytes: int) -> None:
    random.seed(1)
    left = megabytes * 1_000_000
    while left > 0:
        file = pathlib.Path(folder, "projects", "-home-dev-shop", f"{uuid.UUID(int=random.getrandbits(128))}.jsonl")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w") as out:
            out.writelines(session(min(left, SESSION_BYTES)))
        left -= file.stat().st_size


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
