"""B38 to B42, B45 and B48: prompts, templates, files, datasets and scores that mean harm, and what is deleted while it is used."""

import base64
import hashlib
import json
import os
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from harness.api import Api, event
from harness.telemetry import span, trace_id, unique
from harness.waiting import wait_until

from bad_input.checks import alive, clear

PROMPTS = "/api/public/v2/prompts"
ITEMS = "/api/public/dataset-items"
DATASETS = "/api/public/v2/datasets"
MEDIA = "/api/public/media"


@pytest.fixture(scope="module", autouse=True)
def still_alive(tenant, other):
    yield
    alive(tenant, other)


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def prompt(api, name: str, text: str = "x", **more) -> httpx.Response:
    return api.send("POST", PROMPTS, {"name": name, "prompt": text} | more)


# B38: names and versions of prompts


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/../b", "a%2fb", "a%2Fb", "%2e%2e", "a//b", "{name:Identifier}", "'; DROP TABLE x; --", "a\\b", "naïve 東京 🙂", "-", "a?b#c"])
def test_b38_names_of_prompts_are_texts_and_no_paths(tenant, other, name):
    name = f"{unique('b38')}/{name}"
    made = clear(prompt(tenant, name, labels=["production"]), 201, 400)
    if made.status_code == 400:
        clear(tenant.get(f"{PROMPTS}/{quoted(name)}"), 404)
        return

    assert tenant.read(f"{PROMPTS}/{quoted(name)}")["name"] == name
    clear(other.get(f"{PROMPTS}/{quoted(name)}"), 404)
    assert clear(tenant.http.request("DELETE", f"{PROMPTS}/{quoted(name)}"), 204).status_code == 204
    clear(tenant.get(f"{PROMPTS}/{quoted(name)}"), 404)


@pytest.mark.parametrize("name", ["", " ", "a|b", "<script>alert(1)</script>", "x" * 1_000_000, "a\0b", "a\nb", "new", "metrics", ["a"], None, {"a": 1}], ids=lambda name: repr(name)[:20])
def test_b38_names_that_cannot_be_are_refused(tenant, name):
    clear(tenant.send("POST", PROMPTS, {"name": name, "prompt": "x"}), 400)


def test_b38_many_versions_and_labels_that_move_at_once(tenant):
    name = unique("versions")
    with ThreadPoolExecutor(10) as pool:
        numbers = sorted(answer.json()["version"] for answer in pool.map(lambda n: clear(prompt(tenant, name, f"v{n}"), 201), range(100)))
        assert numbers == list(range(1, 101))
        path = f"{PROMPTS}/{name}/versions"
        moved = list(pool.map(lambda n: clear(tenant.send("PATCH", f"{path}/{n % 100 + 1}", {"newLabels": ["production", f"l-{n % 5}"]}), 200, 503), range(60)))
    assert sum(answer.status_code == 200 for answer in moved) > 30
    row = tenant.read(PROMPTS, name=name)["data"][0]
    assert row["versions"] == numbers and sorted(row["labels"]) == sorted(set(row["labels"]))
    holders = [number for number in numbers if "production" in tenant.read(f"{PROMPTS}/{name}", version=number)["labels"]]
    assert len(holders) == 1 and tenant.read(f"{PROMPTS}/{name}")["version"] == holders[0]
    for version in ("0", "-1", "101", "1e3", "99999999999999999999", "x", "1;DROP"):
        clear(tenant.get(f"{PROMPTS}/{name}", version=version), 400, 404)


# B39: references


def reference(name: str, what: str = "label=production") -> str:
    return f"@@@langfusePrompt:name={name}|{what}@@@"


def test_b39_prompts_that_include_themselves_or_each_other_end(tenant):
    a, b = unique("a"), unique("b")
    clear(prompt(tenant, a, reference(a), labels=["production"]), 400)
    clear(prompt(tenant, a, "leaf", labels=["production"]), 201)
    clear(prompt(tenant, b, reference(a), labels=["production"]), 201)

    clear(prompt(tenant, a, reference(b), labels=["production"]), 400)

    assert tenant.read(f"{PROMPTS}/{b}")["prompt"] == "leaf"


@pytest.mark.parametrize("text", [
    "@@@langfusePrompt:", "@@@langfusePrompt:name=@@@", "@@@langfusePrompt:name=a|version=@@@", "@@@langfusePrompt:name=a|version=-1@@@", "@@@langfusePrompt:name=a|label=@@@",
    "@@@langfusePrompt:name=../x|version=1@@@", "@@@" * 20_000, "@@@langfusePrompt:name=" + "x" * 100_000 + "|version=1@@@", "{{" * 50_000, "{{a}}" * 50_000, "{%% for x in y %%}", "${jndi:ldap://x}",
    "{{constructor.constructor('return process')()}}", "#{7*7}", "<%= 7*7 %>"], ids=lambda text: text[:30])
def test_b39_b40_what_looks_like_a_template_is_text(tenant, text):
    name = unique("template")
    made = clear(prompt(tenant, name, text, labels=["production"]), 201, 400)

    if made.status_code == 201:
        assert tenant.read(f"{PROMPTS}/{name}")["prompt"] == text
        assert tenant.read(f"{PROMPTS}/{name}", resolve="false")["prompt"] == text


# B41: files


def announced(api, data: bytes, **more) -> httpx.Response:
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return api.send("POST", MEDIA, {"traceId": trace_id(), "contentType": "image/png", "contentLength": len(data), "sha256Hash": digest, "field": "input"} | more)


def put(url: str, data: bytes, checksum: bytes | None = None, content_type: str = "image/png") -> httpx.Response:
    digest = base64.b64encode(hashlib.sha256(data if checksum is None else checksum).digest()).decode()
    return httpx.put(url, content=data, headers={"Content-Type": content_type, "x-amz-checksum-sha256": digest}, trust_env=False)


def report(api, media: str, status: int = 200) -> httpx.Response:
    return api.send("PATCH", f"{MEDIA}/{media}", {"uploadedAt": "2026-03-01T10:00:00Z", "uploadHttpStatus": status, "uploadTimeMs": 1})


def test_b41_bytes_that_were_not_announced_are_never_served(tenant):
    for wrong in (lambda data: data + b"x", lambda data: data[:-1], lambda data: b"<script>alert(1)</script>", lambda data: b""):
        data = os.urandom(2_000)
        made = clear(announced(tenant, data), 201).json()

        put(made["uploadUrl"], wrong(data), checksum=data)
        put(made["uploadUrl"], wrong(data))

        report(tenant, made["mediaId"])
        assert tenant.get(f"{MEDIA}/{made['mediaId']}").status_code == 404


def test_b41_a_signed_address_is_good_for_its_own_file_alone(tenant, other):
    mine, theirs = os.urandom(1_000), os.urandom(1_000)
    made, foreign = clear(announced(tenant, mine), 201).json(), clear(announced(other, theirs), 201).json()
    address = urllib.parse.urlsplit(made["uploadUrl"])
    elsewhere = address._replace(path=urllib.parse.urlsplit(foreign["uploadUrl"]).path).geturl()

    put(elsewhere, theirs)

    clear(other.get(f"{MEDIA}/{foreign['mediaId']}"), 404)
    report(tenant, foreign["mediaId"])  # of another tenant: not theirs to report
    clear(other.get(f"{MEDIA}/{foreign['mediaId']}"), 404)
    clear(tenant.get(f"{MEDIA}/{foreign['mediaId']}"), 404)
    assert put(made["uploadUrl"], mine).status_code == 200 and report(tenant, made["mediaId"]).status_code == 204
    # Used again with other bytes, it changes nothing that is served.
    put(made["uploadUrl"], b"other bytes", checksum=mine)
    assert httpx.get(tenant.read(f"{MEDIA}/{made['mediaId']}")["url"], trust_env=False).content == mine


@pytest.mark.parametrize("more", [{"contentType": "text/x-shellscript"}, {"contentType": "image/png\r\nset-cookie: x"}, {"contentLength": -1}, {"contentLength": 0}, {"contentLength": 10**15}, {"contentLength": 1.5},
                                  {"sha256Hash": "x"}, {"sha256Hash": ""}, {"sha256Hash": "../" * 15}, {"field": "elsewhere"}, {"traceId": "x" * 801}, {"traceId": None}], ids=str)
def test_b41_announcements_that_cannot_be_are_refused(tenant, more):
    clear(announced(tenant, b"data", **more), 400)


def test_b41_polyglots_are_saved_and_never_run(tenant):
    data = b"GIF89a/*" + b"<html><script>alert(1)</script></html>" + b"*/=1;"
    made = clear(announced(tenant, data, contentType="text/html"), 201).json()
    assert put(made["uploadUrl"], data, content_type="text/html").status_code == 200
    assert report(tenant, made["mediaId"]).status_code == 204

    served = httpx.get(tenant.read(f"{MEDIA}/{made['mediaId']}")["url"], trust_env=False)

    assert served.headers["content-disposition"].startswith("attachment")


# B42: datasets


def test_b42_items_of_ten_megabytes_are_refused_and_large_ones_kept(tenant):
    name = unique("large")
    clear(tenant.send("POST", DATASETS, {"name": name}), 200)

    clear(tenant.send("POST", ITEMS, {"datasetName": name, "input": "x" * 10_000_000}), 413, 422)
    kept = clear(tenant.send("POST", ITEMS, {"datasetName": name, "id": unique("kept"), "input": "x" * 3_000_000}), 200).json()

    assert len(tenant.read(f"{ITEMS}/{kept['id']}")["input"]) == 3_000_000


@pytest.mark.parametrize("schema", [
    {"$ref": "http://169.254.169.254/latest/meta-data"}, {"$ref": "https://example.com/schema.json"}, {"$ref": "file:///etc/passwd"}, {"properties": {"a": {"$ref": "http://127.0.0.1:1/x"}}},
    {"$ref": "#/definitions/none"}, {"type": "unheard of"}, {"pattern": "(a+)+$"}, {"allOf": [{"$ref": "#"}]}, {"properties": {"a": {"$ref": "#"}}}, {"minLength": -1},
    {"enum": ["x"] * 100_000}], ids=lambda schema: str(schema)[:40])
def test_b42_schemas_reach_nothing_and_end(tenant, schema):
    name = unique("schema")
    made = clear(tenant.send("POST", DATASETS, {"name": name, "inputSchema": schema}), 200, 400, 413, 422)

    if made.status_code == 200:
        began = time.monotonic()
        clear(tenant.send("POST", ITEMS, {"datasetName": name, "input": "a" * 5_000 + "!"}), 200, 400)
        assert time.monotonic() - began < 20


# B45: deleted while it is used


def test_b45_a_project_deleted_while_it_is_written_to_leaves_nothing(owner, aws, clickhouse):
    api = owner.new_tenant("doomed")
    over, statuses = threading.Event(), []

    def write() -> None:
        mine = Api(api.base_url, api.key)
        while not over.is_set():
            statuses.append(mine.export(span(trace_id())).status_code)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    wait_until(lambda: len(statuses) > 20)

    answer = owner.request("DELETE", f"/api/public/projects/{api.project_id}", api.project_id)
    assert answer.status_code == 202, answer.text
    wait_until(lambda: statuses[-3:] == [401] * 3, within=90)
    over.set()
    for writer in writers:
        writer.join(30)

    assert set(statuses) <= {200, 401}, set(statuses)
    # What came in while functions still knew the key is swept up by a second job, a quarter of an hour later. Here it comes now.
    queues = aws.client("sqs")
    (queue,) = [url for url in queues.list_queues()["QueueUrls"] if "DeleteQueue" in url]
    rows = "SELECT count() FROM observations FINAL WHERE project_id = {project:String}"

    def swept() -> bool:
        queues.send_message(QueueUrl=queue, MessageBody=json.dumps({"type": "project", "projectId": api.project_id}))
        return clickhouse.value(rows, project=api.project_id) == 0

    # The stream may still hold something when the first sweep comes, which a quarter of an hour rules out.
    wait_until(swept, within=180, every=5)


def test_b45_a_key_revoked_in_the_middle_of_a_request_never_breaks_it(owner):
    api = owner.new_tenant("revoked")
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(lambda: api.export(span(trace_id())).status_code) for _ in range(40)]
        owner.revoke(api.key)
        statuses = {one.result() for one in sent}

    assert statuses <= {200, 401}, statuses


# B48: scores


@pytest.mark.parametrize("score", [
    {"value": "five", "dataType": "NUMERIC"}, {"value": 2, "dataType": "BOOLEAN"}, {"value": 1, "dataType": "CATEGORICAL"}, {"value": 1, "dataType": "TEXT"}, {"value": "", "dataType": "TEXT"},
    {"value": "x" * 501, "dataType": "TEXT"}, {"value": None}, {"value": [1]}, {"value": {"a": 1}}, {"value": True}, {"value": 1, "dataType": "ENUM"}, {"name": ""}, {"name": None},
    {"id": "x" * 801}, {"configId": "none"}, {"source": "EVAL"}, {"observationId": "o", "traceId": None}, {"sessionId": "s"}, {"timestamp": "yesterday"}], ids=str)
def test_b48_scores_that_cannot_be_are_refused_alone(tenant, score):
    body = {name: value for name, value in ({"name": "s", "value": 1, "traceId": trace_id()} | score).items() if value is not None or name in score}
    clear(tenant.send("POST", "/api/public/scores", body), 400)
    good = unique("good")
    answer = tenant.send("POST", "/api/public/scores", [body, {"id": good, "name": "s", "value": 1, "traceId": trace_id()}])
    assert answer.status_code == 207 and (answer.json()["accepted"], answer.json()["rejected"]) == (1, 1), answer.text
    tenant.score(good)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_b48_numbers_that_are_none(tenant, value):
    text = '{"name": "s", "traceId": "t", "value": %s}' % value
    clear(tenant.http.post("/api/public/scores", content=text, headers={"content-type": "application/json"}), 400)


def test_b48_a_score_for_another_tenants_trace_stays_ones_own(tenant, other):
    trace, score = trace_id(), unique("score")
    other.store(span(trace))
    other.trace(trace)

    clear(tenant.send("POST", "/api/public/scores", {"id": score, "name": "stolen", "value": 1, "traceId": trace}), 200)

    tenant.score(score)
    assert other.trace(trace)["scores"] == [] and other.get(f"/api/public/v2/scores/{score}").status_code == 404


def test_b48_ten_thousand_scores_of_one_trace(tenant):
    trace = trace_id()
    tenant.store(span(trace))
    for first in range(0, 10_000, 1_000):
        tenant.store_batch(*[event("score-create", {"id": f"{trace}-{n}", "traceId": trace, "name": f"s{n % 7}", "value": n}) for n in range(first, first + 1_000)])

    count = json.dumps({"view": "scores-numeric", "metrics": [{"measure": "count", "aggregation": "count"}], "filters": [{"column": "traceId", "type": "string", "operator": "=", "value": trace}],
                        "fromTimestamp": "2020-01-01T00:00:00Z", "toTimestamp": "2030-01-01T00:00:00Z"})
    wait_until(lambda: tenant.read("/api/public/metrics", query=count)["data"] == [{"count_count": "10000"}], within=60)
    assert clear(tenant.get(f"/api/public/traces/{trace}"), 200).json()["id"] == trace
    assert tenant.read("/api/public/v2/scores", traceId=trace, limit=100)["meta"]["totalItems"] == 10_000
