"""Deleting really deletes: from the API, from ClickHouse, and from the buckets."""

import os

from harness.api import event
from harness.telemetry import generation, span, trace_id, unique
from harness.waiting import wait_until

TRACES = "/api/public/traces"


def left(clickhouse, project, trace):
    return {table: clickhouse.count(table, project, column, trace) for table, column in (("observations", "trace_id"), ("traces", "id"), ("scores", "trace_id"))}


GONE = {"observations": 0, "traces": 0, "scores": 0}


def told(api):
    trace = trace_id()
    api.store(span(trace), generation(trace))
    api.send("POST", "/api/public/scores", {"name": "n", "value": 1, "traceId": trace})
    wait_until(lambda: api.trace(trace, steps=2)["scores"])
    return trace


def test_one_trace_is_deleted_with_everything_in_it(tenant, clickhouse):
    gone, stays = told(tenant), told(tenant)

    answer = tenant.send("DELETE", f"{TRACES}/{gone}")

    assert answer.status_code == 200 and answer.json()["message"]
    wait_until(lambda: left(clickhouse, tenant.project_id, gone) == GONE)
    wait_until(lambda: tenant.get(f"{TRACES}/{gone}").status_code == 404)
    assert tenant.get(f"/api/public/v2/traces/{gone}").status_code == 404
    assert tenant.read("/api/public/observations", traceId=gone)["data"] == []
    assert gone not in [row["id"] for row in tenant.rows()]
    assert len(tenant.trace(stays, steps=2)["scores"]) == 1


def test_many_traces_are_deleted_at_once(tenant, clickhouse):
    gone, stays = [told(tenant) for _ in range(3)], told(tenant)

    answer = tenant.send("DELETE", TRACES, {"traceIds": gone})

    assert answer.status_code == 200 and answer.json()["message"]
    for trace in gone:
        wait_until(lambda trace=trace: left(clickhouse, tenant.project_id, trace) == GONE)
    tenant.trace(stays, steps=2)


def test_nothing_of_it_is_left_in_any_column_or_object(tenant, clickhouse, aws):
    """A body so large that it went by S3, with a word that occurs nowhere else."""
    trace, word = trace_id(), unique("secretword").replace("-", "")
    noise = os.urandom(1_200_000).hex()
    tenant.store(span(trace, attributes={"input.value": f"{word} {noise}"}))
    assert tenant.trace(trace, steps=1)["observations"][0]["input"].startswith(word)

    tenant.send("DELETE", f"{TRACES}/{trace}")

    wait_until(lambda: left(clickhouse, tenant.project_id, trace) == GONE)
    tables = [row["name"] for row in clickhouse.rows("SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'")]
    for table in tables:
        columns = [row["name"] for row in clickhouse.rows("SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String} AND type = 'String'", table=table)]
        where = " OR ".join(f"position(`{column}`, '{word}') > 0" for column in columns)
        assert not columns or clickhouse.value(f"SELECT count() FROM {table} WHERE {where}") == 0, table

    def objects():
        pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=aws.bucket, Prefix="overflow/")
        return [found["Key"] for page in pages for found in page.get("Contents", []) if found["Size"] > 1_000_000]

    wait_until(lambda: objects() == [], within=30)


def test_a_deleted_trace_may_be_told_anew(tenant):
    trace = told(tenant)
    tenant.send("DELETE", f"{TRACES}/{trace}")
    wait_until(lambda: tenant.get(f"{TRACES}/{trace}").status_code == 404)

    tenant.store(span(trace, name="again"))

    assert [step["name"] for step in tenant.trace(trace, steps=1)["observations"]] == ["again"]


def test_an_unknown_trace_is_deleted_without_a_fuss(tenant):
    """The same answer as for one that is there: an id in another project cannot be told from none."""
    assert tenant.send("DELETE", f"{TRACES}/{trace_id()}").status_code in (200, 404)


def test_malformed_deletes_are_refused(tenant):
    for body in ({}, {"traceIds": []}, {"traceIds": "x"}, {"traceIds": [1]}, {"traceIds": ["x"] * 1001}, []):
        answer = tenant.http.request("DELETE", TRACES, json=body)
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequestError"), body


def test_deleting_deletes_what_came_by_the_batch_api_too(tenant, clickhouse):
    trace = unique("batch")
    tenant.store_batch(event("trace-create", {"id": trace, "name": "n"}), event("span-create", {"id": f"{trace}-s", "traceId": trace, "name": "s"}))
    tenant.trace(trace, steps=1)

    tenant.send("DELETE", f"{TRACES}/{trace}")

    wait_until(lambda: left(clickhouse, tenant.project_id, trace) == GONE)
