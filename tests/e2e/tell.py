"""Tells a story with Python's newest SDK and prints it as JSON: tell.py [public key, secret key]"""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from harness.api import Api, Key  # noqa: E402
from sdk.story import Sdk, new_story  # noqa: E402

public_key, secret_key = sys.argv[1:] or (os.environ["AGENTTRACE_PUBLIC_KEY"], os.environ["AGENTTRACE_SECRET_KEY"])
api = Api(os.environ["AGENTTRACE_BASE_URL"].replace("localhost", "127.0.0.1"), Key("", "", public_key, secret_key))
story = new_story()
print(json.dumps({"story": story, "ids": Sdk("python", "langfuse5").run(api, story, "send")}))
