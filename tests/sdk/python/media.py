"""A picture in a trace, sent by any Python SDK's own uploader, and read back by its own resolver."""

import json
import os
import sys

import langfuse
from langfuse.media import LangfuseMedia

story = json.loads(os.environ["STORY"])
OLD = not hasattr(langfuse, "get_client")  # SDK 2
client = langfuse.Langfuse() if OLD else langfuse.get_client()


def send() -> dict:
    picture = LangfuseMedia(base64_data_uri=story["picture"])
    sound = LangfuseMedia(content_bytes=bytes.fromhex(story["sound"]), content_type="audio/wav")
    said = {"input": {"question": "What is this?", "picture": picture, "uri": story["picture"]}, "metadata": {"sound": sound}}
    if OLD:
        trace = client.trace(name=story["name"], **said)
        client.flush()
        return {"trace": trace.id}
    start = getattr(client, "start_as_current_observation", None) or client.start_as_current_span
    with start(name=story["name"], **said) as root:
        pass
    client.flush()
    return {"trace": root.trace_id}


def read(media_id: str, reference: str) -> dict:
    api = client.client if OLD else client.api
    found = api.media.get(media_id)
    resolved = LangfuseMedia.resolve_media_references(obj={"deep": [reference]}, langfuse_client=client, resolve_with="base64_data_uri")
    return {"id": found.media_id, "type": found.content_type, "length": found.content_length, "resolved": resolved["deep"][0]}


print(json.dumps(send() if sys.argv[1] == "send" else read(*sys.argv[2:])))
