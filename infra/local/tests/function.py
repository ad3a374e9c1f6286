#!/usr/bin/env python3
"""A function for the emulator's tests. It notes each delivery in the file DELIVERIES and does what its records say.

A record's data is JSON: {"id": 1} is taken; with "fail" the whole call fails, with "report" it is reported as failed, as
long as the record was not delivered more than that many times. HTTP events are echoed.
"""

import base64
import collections
import http.client
import json
import os

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
seen: collections.Counter = collections.Counter()


def call(method: str, path: str, body: str | None = None) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(API)
    connection.request(method, f"/2018-06-01/runtime/invocation/{path}", body)
    answer = connection.getresponse()
    return answer, answer.read()


def handle(event: dict) -> dict:
    if "Records" not in event:
        return {"statusCode": 200, "body": json.dumps({"body": event.get("body"), "base64": event.get("isBase64Encoded")})}
    records = [(record["kinesis"]["sequenceNumber"], json.loads(base64.b64decode(record["kinesis"]["data"])))
               for record in event["Records"]]
    with open(os.environ["DELIVERIES"], "a") as file:
        file.write(json.dumps([data["id"] for _, data in records]) + "\n")
    seen.update(data["id"] for _, data in records)
    if any(seen[data["id"]] <= data.get("fail", 0) for _, data in records):
        raise RuntimeError("made to fail")
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence, data in records if seen[data["id"]] <= data.get("report", 0)]}


while True:
    answer, body = call("GET", "next")
    request = answer.headers["Lambda-Runtime-Aws-Request-Id"]
    try:
        call("POST", f"{request}/response", json.dumps(handle(json.loads(body))))
    except RuntimeError as error:
        call("POST", f"{request}/error", json.dumps({"errorMessage": str(error), "errorType": "Made"}))
