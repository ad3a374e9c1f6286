"""Prompts as a program uses them, with any of the Python SDKs: make, read, compile, move a label, fall back, list, delete."""

import json
import os
import time

from langfuse import Langfuse

story = json.loads(os.environ["STORY"])
name, chat, parent = f"folder one/{story['mark']}", f"folder one/{story['mark']} chat", f"{story['mark']} parent"
client = Langfuse()
api = client.api if hasattr(client, "api") and hasattr(client.api, "prompts") else client.client
said: dict = {}


def fresh(version: int):
    """The production version past the SDK's own cache, once it is this one."""
    for _ in range(100):
        found = client.get_prompt(name, cache_ttl_seconds=0)
        if found.version == version:
            return found
        time.sleep(0.05)
    raise SystemExit(f"production stays at {found.version}")


made = [client.create_prompt(name=name, prompt="Hello {{who}} of v1", labels=["production"], tags=["t"], config={"model": "x", "n": 1.5}),
        client.create_prompt(name=name, prompt="Hello {{who}} of v2", labels=["staging"])]
said["versions"] = [prompt.version for prompt in made]
found = client.get_prompt(name)
said["text"], said["config"], said["tags"], said["labels"] = found.compile(who="Ann"), found.config, found.tags, sorted(found.labels)
said["staging"] = client.get_prompt(name, label="staging").version
said["by_version"] = client.get_prompt(name, version=2).prompt
said["latest"] = client.get_prompt(name, label="latest").version

updated = client.update_prompt(name=name, version=2, new_labels=["production"])
said["updated"] = sorted(updated.labels)
said["after"] = fresh(2).compile(who="Ann")
# A program keeps what it has read: one of another process moves the label, and this one does not ask again.
client.get_prompt(name)
Langfuse(timeout=20).update_prompt(name=name, version=1, new_labels=["other"])
said["cached"] = client.get_prompt(name).version

# The second generation knows no placeholders.
history = {"role": "assistant", "content": "Hm."} if hasattr(client, "fetch_trace") else {"type": "placeholder", "name": "history"}
client.create_prompt(name=chat, type="chat", labels=["production"], prompt=[
    {"role": "system", "content": "You are {{who}}"}, history, {"role": "user", "content": "{{question}}"}])
compiled = client.get_prompt(chat, type="chat").compile(who="Ann", question="Why?", history=[{"role": "assistant", "content": "Hm."}])
said["chat"] = [[message["role"], message["content"]] for message in compiled]

client.create_prompt(name=parent, prompt=f"<@@@langfusePrompt:name={name}|version=1@@@>", labels=["production"])
said["resolved"] = client.get_prompt(parent).compile(who="Ann")

fallback = client.get_prompt(f"{name} none", fallback="Fallback for {{who}}", max_retries=1)
said["fallback"] = [fallback.compile(who="Ann"), fallback.is_fallback]
try:
    client.get_prompt(f"{name} none", max_retries=1)
    said["missing"] = "found"
except Exception as error:
    said["missing"] = "not found" if "not found" in str(error).lower() else f"{type(error)} {error}"

listed = api.prompts.list(name=name)
said["listed"] = [[row.name, row.versions, sorted(row.labels), row.tags] for row in listed.data]
said["total"] = listed.meta.total_items
if hasattr(api.prompts, "delete"):
    api.prompts.delete(parent)
    api.prompts.delete(name, version=1)
    said["deleted"] = [row.versions for row in api.prompts.list(name=name).data]
client.flush()
print(json.dumps(said))
