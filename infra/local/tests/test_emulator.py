"""What the shim around the emulator promises; one test a patch, so that a new emulator version is checked by running them."""

import base64
import gzip
import json
import time
import urllib.request

from conftest import delivered, wait_until


def ids(first: int, last: int, **more) -> list[dict]:
    return [{"id": number} | more for number in range(first, last + 1)]


def http_api(emulator, name: str) -> str:
    emulator.function(name)
    arn = emulator.client("lambda").get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    api = emulator.client("apigatewayv2")
    made = api.create_api(Name=name, ProtocolType="HTTP")["ApiId"]
    integration = api.create_integration(ApiId=made, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0")
    api.create_route(ApiId=made, RouteKey="POST /echo", Target=f"integrations/{integration['IntegrationId']}")
    api.create_route(ApiId=made, RouteKey="$default", Target=f"integrations/{integration['IntegrationId']}")
    api.create_stage(ApiId=made, StageName="$default", AutoDeploy=True)
    return f"{emulator.url}/_aws/execute-api/{made}/echo"


def post(url: str, body: bytes, **headers: str) -> dict:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return json.loads(urllib.request.urlopen(urllib.request.Request(url, body, named, method="POST"), timeout=10).read())


def test_a_gzip_body_with_a_json_type_arrives_as_sent(emulator):
    body = gzip.compress(b'{"a": "' + bytes(range(32, 126)).replace(b'"', b"") * 20 + b'"}')

    answer = post(http_api(emulator, "bodies"), body, content_type="application/json", content_encoding="gzip")

    assert answer["base64"] is True
    assert base64.b64decode(answer["body"]) == body


def test_a_preflight_reaches_the_default_route(emulator):
    url = http_api(emulator, "preflights")

    asked = urllib.request.Request(url, headers={"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}, method="OPTIONS")

    assert "body" in json.loads(urllib.request.urlopen(asked, timeout=10).read())


def test_a_warm_call_takes_milliseconds(emulator):
    url = http_api(emulator, "latency")
    post(url, b"{}", content_type="application/json")

    times = []
    for _ in range(15):
        began = time.perf_counter()
        post(url, b"{}", content_type="application/json")
        times.append(time.perf_counter() - began)

    assert sorted(times)[len(times) // 2] < 0.040, "the waits of 40 and 50 ms are back"


def test_logs_go_to_a_file(emulator):
    name = "chatty"
    emulator.function(name)
    emulator.client("lambda").invoke(FunctionName=name, Payload=b'{"Records": [{"kinesis": {}}]}')  # dies with a traceback

    wait_until(lambda: "KeyError" in (emulator.folder / "logs" / f"{name}.log").read_text(), 5)


def test_records_are_delivered_at_once_and_in_order(emulator):
    deliveries = emulator.function("prompt")
    emulator.map("prompt", emulator.stream("prompt"))
    emulator.put("prompt", {"id": 0})
    wait_until(lambda: delivered(deliveries), 10)

    began = time.monotonic()
    emulator.put("prompt", *ids(1, 20))
    wait_until(lambda: sum(delivered(deliveries), []) == list(range(21)), 5)

    assert time.monotonic() - began < 0.5


def test_a_partly_failed_batch_comes_again_from_the_reported_record(emulator):
    deliveries = emulator.function("partly")
    stream = emulator.stream("partly")
    emulator.put("partly", *ids(1, 4), {"id": 5, "report": 2}, *ids(6, 10))
    emulator.map("partly", stream, BisectBatchOnFunctionError=True, MaximumRetryAttempts=5)

    wait_until(lambda: sum(5 in batch for batch in delivered(deliveries)) == 3, 10)

    assert delivered(deliveries) == [list(range(1, 11)), list(range(5, 11)), list(range(5, 11))]


def test_a_record_that_always_fails_is_found_by_halving_and_put_aside(emulator):
    emulator.client("s3").create_bucket(Bucket="aside")
    deliveries = emulator.function("poisoned")
    stream = emulator.stream("poisoned")
    emulator.put("poisoned", *ids(1, 5), {"id": 6, "fail": 1000}, *ids(7, 8))
    emulator.map("poisoned", stream, BisectBatchOnFunctionError=True, MaximumRetryAttempts=4,
                 DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::aside"}})

    wait_until(lambda: delivered(deliveries) and delivered(deliveries)[-1] == [7, 8], 30)

    objects = emulator.client("s3").list_objects_v2(Bucket="aside")["Contents"]
    assert len(objects) == 1
    aside = json.loads(emulator.client("s3").get_object(Bucket="aside", Key=objects[0]["Key"])["Body"].read())
    payload = json.loads(aside["payload"])["Records"]
    assert [json.loads(base64.b64decode(record["kinesis"]["data"]))["id"] for record in payload] == [6]


def test_a_failed_call_comes_again_until_it_works(emulator):
    deliveries = emulator.function("flaky")
    emulator.map("flaky", emulator.stream("flaky"), MaximumRetryAttempts=10)

    emulator.put("flaky", {"id": 1, "fail": 2}, {"id": 2})

    wait_until(lambda: len(delivered(deliveries)) == 3, 10)
    assert delivered(deliveries) == [[1, 2]] * 3


def test_a_bad_mapping_does_not_hold_up_another(emulator):
    emulator.function("stuck")
    good = emulator.function("free")
    emulator.map("stuck", emulator.stream("stuck"), MaximumRetryAttempts=1000)
    emulator.map("free", emulator.stream("free"))
    emulator.put("stuck", {"id": 1, "fail": 1000})
    time.sleep(0.5)

    began = time.monotonic()
    emulator.put("free", {"id": 1})
    wait_until(lambda: delivered(good) == [[1]], 5)

    assert time.monotonic() - began < 1


def test_a_throttled_function_gets_its_records_later_and_no_try_is_counted(emulator):
    deliveries = emulator.function("throttled")
    functions = emulator.client("lambda")
    functions.put_function_concurrency(FunctionName="throttled", ReservedConcurrentExecutions=0)
    emulator.map("throttled", emulator.stream("throttled"), MaximumRetryAttempts=0)
    emulator.put("throttled", {"id": 1})
    time.sleep(1)
    assert delivered(deliveries) == []

    functions.delete_function_concurrency(FunctionName="throttled")

    wait_until(lambda: delivered(deliveries) == [[1]], 10)


def test_accepted_records_survive_kill_9(own_emulator):
    deliveries = own_emulator.function("late")
    stream = own_emulator.stream("late")
    own_emulator.map("late", stream)
    own_emulator.put("late", {"id": 0})
    wait_until(lambda: delivered(deliveries) == [[0]], 10)
    time.sleep(0.7)  # the position is written behind, at most half a second
    own_emulator.client("lambda").put_function_concurrency(FunctionName="late", ReservedConcurrentExecutions=0)
    own_emulator.save_now()
    own_emulator.put("late", *ids(1, 3))

    own_emulator.kill()
    own_emulator.start()
    own_emulator.client("lambda").delete_function_concurrency(FunctionName="late")

    wait_until(lambda: len(sum(delivered(deliveries), [])) >= 4, 20)
    assert sum(delivered(deliveries), []) == [0, 1, 2, 3]


def test_a_snapshot_keeps_metadata_through_kill_9(own_emulator):
    table = own_emulator.client("dynamodb")
    table.create_table(TableName="kept", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                       AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
    table.put_item(TableName="kept", Item={"pk": {"S": "a"}})
    own_emulator.save_now()

    own_emulator.kill()
    own_emulator.start()

    assert table.get_item(TableName="kept", Key={"pk": {"S": "a"}})["Item"] == {"pk": {"S": "a"}}


def test_what_did_not_change_in_a_nested_stack_keeps_its_attributes(emulator):
    s3, stacks = emulator.client("s3"), emulator.client("cloudformation")
    s3.create_bucket(Bucket="nested-templates")

    def told(outputs: dict) -> dict:
        inner = {"Resources": {"Kept": {"Type": "AWS::S3::Bucket"}}, "Outputs": {name: {"Value": {"Fn::GetAtt": ["Kept", "Arn"]}} for name in outputs}}
        key = f"{len(outputs)}.json"
        s3.put_object(Bucket="nested-templates", Key=key, Body=json.dumps(inner))
        inner_stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": f"{emulator.url}/nested-templates/{key}"}}
        return {"StackName": "outer", "TemplateBody": json.dumps({"Resources": {"Inner": inner_stack}})}

    stacks.create_stack(**told({"First": 1}))
    stacks.get_waiter("stack_create_complete").wait(StackName="outer", WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    stacks.update_stack(**told({"First": 1, "Second": 2}))

    stacks.get_waiter("stack_update_complete").wait(StackName="outer", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    inner = next(one for one in stacks.describe_stacks()["Stacks"] if one["StackName"] != "outer")
    values = {output["OutputValue"] for output in inner["Outputs"]}
    assert len(inner["Outputs"]) == 2 and len(values) == 1 and values.pop().startswith("arn:aws:s3:::")


def paged(table, **query) -> list:
    """All items of a query, page by page, with how many each page looked at."""
    pages, start = [], {}
    while True:
        page = table.query(TableName="sorted", **query, **start)
        pages.append((page["ScannedCount"], page.get("Items"), page["Count"]))
        if "LastEvaluatedKey" not in page:
            return pages
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def test_a_big_partition_answers_as_a_small_one_and_in_the_order_of_its_keys(emulator):
    table = emulator.client("dynamodb")
    key = {"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}
    index = {"IndexName": "gsi1", "Projection": {"ProjectionType": "ALL"},
             "KeySchema": [{"AttributeName": "gsi1pk", "KeyType": "HASH"}, {"AttributeName": "gsi1sk", "KeyType": "RANGE"}]}
    table.create_table(TableName="sorted", BillingMode="PAY_PER_REQUEST", **key, GlobalSecondaryIndexes=[index],
                       AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gsi1pk", "gsi1sk")])

    def item(number: int) -> dict:
        # Every second one is on the index, in another order, and some have the same sort key there.
        texts = {"pk": "big", "sk": f"{'AB'[number % 2]}#{number * 7919 % 1000:04}#\U0001f642", "kind": str(number % 3)}
        if number % 2:
            texts |= {"gsi1pk": "all", "gsi1sk": f"{-number % 50:04}"}
        return {name: {"S": value} for name, value in texts.items()}

    items = [item(number) for number in range(1000)]
    for one in items:
        table.put_item(TableName="sorted", Item=one)
    gone = items[3::10]
    table.query(TableName="sorted", KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "big"}})  # what follows changes a sorted list
    for one in gone:
        table.delete_item(TableName="sorted", Key={"pk": one["pk"], "sk": one["sk"]})
    moved = dict(items[1], gsi1sk={"S": "9999"})
    table.put_item(TableName="sorted", Item=moved)
    left = [moved if one is items[1] else one for one in items if one not in gone]

    def of_table(one: dict) -> str:
        return one["sk"]["S"]

    def of_index(one: dict) -> tuple:
        return one["gsi1sk"]["S"], one["pk"]["S"], one["sk"]["S"]

    for more, values, wanted, order in [
        ({"KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)"}, {":pk": "big", ":sk": "A#"}, lambda one: of_table(one)[0] == "A", of_table),
        ({"KeyConditionExpression": "pk = :pk AND sk >= :sk"}, {":pk": "big", ":sk": "A#0500"}, lambda one: of_table(one) >= "A#0500", of_table),
        ({"KeyConditionExpression": "pk = :pk", "ConsistentRead": True}, {":pk": "big"}, lambda one: True, of_table),
        ({"KeyConditionExpression": "pk = :pk", "FilterExpression": "kind = :kind"}, {":pk": "big", ":kind": "2"}, lambda one: one["kind"]["S"] == "2", of_table),
        ({"KeyConditionExpression": "gsi1pk = :pk AND begins_with(gsi1sk, :sk)", "IndexName": "gsi1"}, {":pk": "all", ":sk": "00"},
         lambda one: one.get("gsi1sk", {"S": ""})["S"].startswith("00"), of_index),
    ]:
        expected = sorted(filter(wanted, left), key=order)
        for forward in (True, False):
            query = more | {"ExpressionAttributeValues": {name: {"S": value} for name, value in values.items()}, "ScanIndexForward": forward}
            for limit in ({}, {"Limit": 37}):
                pages = paged(table, **query, **limit)

                assert sum((page[1] for page in pages), []) == (expected if forward else expected[::-1]), query
                assert all(page[0] <= limit.get("Limit", 1000) for page in pages)
            assert sum(page[2] for page in paged(table, **query, Select="COUNT")) == len(expected)
        only = paged(table, **query, ProjectionExpression="#sk", ExpressionAttributeNames={"#sk": "sk"})
        assert sum((page[1] for page in only), []) == [{"sk": one["sk"]} for one in expected[::-1]]
