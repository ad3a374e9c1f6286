"""Every generation of SDKs sends a picture and a sound with its own uploader and reads them back with its own resolver."""

import base64
import hashlib
import json
import os

import httpx
import pytest
from harness.waiting import wait_until

from sdk.story import Sdk, new_story

SDKS = [Sdk("python", name) for name in ("langfuse2", "langfuse3", "langfuse4", "langfuse5")] + [Sdk("js", name) for name in ("langfuse3", "langfuse5")]


def id_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()[:22]


@pytest.mark.parametrize("sdk", SDKS, ids=lambda sdk: f"{sdk.language}-{sdk.name}")
def test_an_sdk_sends_and_resolves_media(sdk, api):
    picture, sound = b"\x89PNG\r\n\x1a\n" + os.urandom(500), os.urandom(300)
    uri = "data:image/png;base64," + base64.b64encode(picture).decode()
    story = new_story() | {"picture": uri, "sound": sound.hex()}

    told = sdk.run(api, story, "send", script="media")

    def uploaded():
        found = api.read(f"/api/public/v2/traces/{told['trace']}/media")["data"]
        return found if {link["mediaId"] for link in found} == {id_of(picture), id_of(sound)} else None

    links = wait_until(uploaded)
    assert {link["mediaId"]: (link["field"], link["contentType"], link["contentLength"]) for link in links} == {
        id_of(picture): ("input", "image/png", len(picture)), id_of(sound): ("metadata", "audio/wav", len(sound))}
    assert {httpx.get(link["url"], trust_env=False).content for link in links} == {picture, sound}
    trace = api.trace(told["trace"])
    text = json.dumps(trace)
    assert base64.b64encode(picture).decode()[:40] not in text, "the bytes are not in the trace"
    source = next(said for said in (trace["input"], *(step["input"] for step in trace["observations"])) if said)
    reference = source["picture"]
    assert reference == source["uri"] == f"@@@langfuseMedia:type=image/png|id={id_of(picture)}|source=base64_data_uri@@@"

    read = sdk.run(api, story, "read", id_of(picture), reference, script="media")

    assert read == {"id": id_of(picture), "type": "image/png", "length": len(picture), "resolved": uri}
