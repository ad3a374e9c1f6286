"""The story that every SDK tells: a traced function with nested steps, a model call, an event and scores."""

import base64
import dataclasses
import json
import os
import pathlib
import subprocess
import sys

from harness.api import Api
from harness.telemetry import unique

HERE = pathlib.Path(__file__).resolve().parent
SDK_TIMEOUT = 60


def new_story() -> dict:
    mark = unique("story")
    return {
        "mark": mark, "name": f"support question {mark}", "user": f"user-{mark}", "session": f"session-{mark}", "tags": ["alpha", "beta"],
        "environment": "staging", "release": "2026.11", "version": "9.1",
        "input": {"question": "Where is my parcel? 🙂"}, "output": {"answer": "On its way."},
        "metadata": {"text": "abc", "digits": "123", "number": 7, "fraction": 1.5, "flag": True, "list": [1, "two"], "object": {"deep": {"x": 1}}},
        "search": {"input": {"query": "parcel"}, "output": ["a", "b"]},
        "draft": {"input": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where is my parcel? 🙂"}],
                  "output": {"role": "assistant", "content": "On its way."}},
        "model": "claude-sonnet-4-5", "parameters": {"temperature": 0.2, "max_tokens": 256},
        "usage": {"input": 1000, "input_cached_tokens": 500, "output": 200},
    }


# 1000 x 3 + 500 x 0.30 + 200 x 15 USD a million tokens.
COST = 0.00615


@dataclasses.dataclass(frozen=True)
class Sdk:
    """One SDK of `python/` or `js/`, with the arguments of its script that tell the story."""

    language: str
    name: str

    def run(self, api: Api, story: dict, *arguments: str, script: str = "run") -> dict:
        """Runs a script, the SDK's own or its language's, and gives the JSON that it printed."""
        folder = HERE / self.language / self.name
        file = f"{script}.py" if self.language == "python" else f"{script}.cjs"
        place = folder / file if (folder / file).exists() else folder.parent / file
        basic = base64.b64encode(f"{api.key.public_key}:{api.key.secret_key}".encode()).decode()
        environment = {
            "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", ""), "STORY": json.dumps(story),
            "LANGFUSE_HOST": api.base_url, "LANGFUSE_BASE_URL": api.base_url, "LANGFUSE_BASEURL": api.base_url,
            "LANGFUSE_PUBLIC_KEY": api.key.public_key, "LANGFUSE_SECRET_KEY": api.key.secret_key,
            "LANGFUSE_TRACING_ENVIRONMENT": story["environment"], "LANGFUSE_RELEASE": story["release"],
            "ENDPOINT": f"{api.base_url}/v1/traces", "AUTHORIZATION": f"Basic {basic}",
        }
        if self.language == "python":
            # -S: nothing but the SDK's own packages can be imported.
            command = [sys.executable, "-S", str(place), *arguments]
            environment["PYTHONPATH"] = str(setup().packages_of(self.name))
        else:
            command = ["node", str(place), *arguments]
            environment["NODE_PATH"] = str(setup().node_modules_of(self.name))
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SDK_TIMEOUT)
        assert done.returncode == 0 and done.stdout.strip(), f"{self.language} {self.name} {arguments}:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
        return json.loads(done.stdout.strip().splitlines()[-1])


def setup():
    import importlib.util

    spec = importlib.util.spec_from_file_location("sdk_setup", HERE / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
