#!/usr/bin/env python3
"""Stands in for a function that is not built yet: answers 501."""
import http.client, json, os
api = os.environ["AWS_LAMBDA_RUNTIME_API"]
name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "?")
while True:
    c = http.client.HTTPConnection(api)
    c.request("GET", "/2018-06-01/runtime/invocation/next")
    r = c.getresponse(); event = json.loads(r.read() or b"{}"); rid = r.headers["Lambda-Runtime-Aws-Request-Id"]
    if isinstance(event, dict) and "Records" in event:
        body = {"batchItemFailures": []}
    else:
        body = {"statusCode": 501, "headers": {"content-type": "application/json"}, "body": json.dumps({"message": f"{name} is not built yet", "path": event.get("rawPath"), "raw": event.get("headers", {}).get("x-agenttrace-raw-path"), "route": event.get("routeKey"), "params": event.get("pathParameters"), "qs": event.get("rawQueryString"), "headers": event.get("headers")})}
    c = http.client.HTTPConnection(api)
    c.request("POST", f"/2018-06-01/runtime/invocation/{rid}/response", json.dumps(body)); c.getresponse().read()
