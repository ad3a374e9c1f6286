"""Delivers a shard's records to a function as AWS's Kinesis event source does.

Per mapping and shard one thread: batches up to BatchSize and 6 MB; a failed batch comes again with growing pauses, halved if
BisectBatchOnFunctionError says so; a partly failed one from the reported record on; after MaximumRetryAttempts or
MaximumRecordAgeInSeconds it goes to the on-failure destination and the shard goes on. Throttled calls do not count as tries.
"""

import collections
import json
import logging
import threading
import time
import uuid

import stream as streams

logger = logging.getLogger("agenttrace.reader")

EVENT_BYTES = 6_000_000
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
REPORTS_FAILURES = "ReportBatchItemFailures"


def supervise(positions: streams.Positions) -> None:
    """Keeps one reader alive for every shard of every Kinesis mapping."""
    from ministack.services import lambda_svc

    readers: dict[tuple[str, str], Reader] = {}
    while True:
        try:
            wanted = set()
            for account, region, mapping in lambda_svc._iter_all_esms():
                if ":kinesis:" not in mapping.get("EventSourceArn", ""):
                    continue
                for shard_id in find_shards(mapping["EventSourceArn"]):
                    key = (mapping["UUID"], shard_id)
                    wanted.add(key)
                    if key not in readers:
                        readers[key] = Reader(mapping["UUID"], shard_id, account, region, positions)
                        readers[key].start()
            for key in [key for key in readers if key not in wanted]:
                readers.pop(key).stopped = True
                if key[0] not in {mapping for mapping, _ in wanted}:
                    positions.forget(key[0])
        except Exception:
            logger.exception("could not look at the mappings")
        time.sleep(0.2)


def find_stream(arn: str) -> dict | None:
    from ministack.services import kinesis

    return next((stream for stream in list(kinesis._streams._data.values()) if stream.get("StreamARN") == arn), None)


def find_shards(arn: str) -> list[str]:
    stream = find_stream(arn)
    return list(stream["shards"]) if stream and stream["StreamStatus"] == "ACTIVE" else []


class Reader(threading.Thread):
    def __init__(self, mapping_id: str, shard_id: str, account: str, region: str, positions: streams.Positions):
        super().__init__(daemon=True, name=f"reader-{mapping_id[:8]}-{shard_id[-4:]}")
        self.mapping_id, self.shard_id = mapping_id, shard_id
        self.account, self.region, self.positions = account, region, positions
        self.stopped = False
        # Batches yet to be delivered, oldest first. More than one only after a batch was halved.
        self.pending: collections.deque[Batch] = collections.deque()

    def run(self) -> None:
        from ministack.services import lambda_svc

        lambda_svc._request_account_id.set(self.account)
        lambda_svc._request_region.set(self.region)
        while not self.stopped:
            try:
                worked = self.step()
            except Exception:
                logger.exception("reader of %s failed", self.mapping_id)
                time.sleep(1)
                continue
            if not worked:
                with streams.arrived:
                    streams.arrived.wait(0.05)

    def step(self) -> bool:
        """Delivers one batch if there is one; whether there was."""
        from ministack.services import lambda_svc

        mapping = lambda_svc._esms.get(self.mapping_id)
        if not mapping or not mapping.get("Enabled", True):
            return False
        function, _config = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
        if function is None:
            return False
        if not self.pending:
            records = self.next_records(mapping)
            if not records:
                return False
            self.pending.append(Batch(records))
        batch = self.pending[0]
        if batch.not_before > time.monotonic():
            time.sleep(min(0.05, batch.not_before - time.monotonic()))
            return True
        self.deliver(batch, mapping, function)
        return True

    def next_records(self, mapping: dict) -> list[dict]:
        arn = mapping["EventSourceArn"]
        stream = find_stream(arn)
        shard = stream and stream["shards"].get(self.shard_id)
        if not shard:
            return []
        position = self.positions.get(self.mapping_id, arn, self.shard_id)
        if position is None:
            position = ""
            if mapping.get("StartingPosition") == "LATEST" and shard["records"]:
                position = shard["records"][-1]["SequenceNumber"]
            self.positions.set(self.mapping_id, arn, self.shard_id, position)
        found, size = [], 0
        for record in streams.records_after(shard["records"], position)[: mapping.get("BatchSize", 100)]:
            size += len(record["Data"]) + 700
            if found and size > EVENT_BYTES:
                break
            found.append(record)
        return found

    def deliver(self, batch: "Batch", mapping: dict, function: dict) -> None:
        from ministack.services import lambda_svc

        events = [self.event_of(record, mapping) for record in batch.records]
        events = lambda_svc._apply_filter_criteria(events, mapping)
        result = lambda_svc._execute_function(function, {"Records": events}) if events else {"body": None}
        if result.get("throttle"):
            batch.wait()
            return
        failed_from = self.first_failed(batch, mapping, result)
        if failed_from is None:
            mapping["LastProcessingResult"] = f"OK - {len(batch.records)} records"
            self.finish(mapping, batch, len(batch.records))
            return
        mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
        logger.warning("%s failed on %d records from %s: %s", mapping["FunctionName"], len(batch.records),
                       batch.records[failed_from]["SequenceNumber"], json.dumps(result.get("body"))[:500])
        if failed_from:
            self.finish(mapping, batch, failed_from, keep=True)
        batch.tries += 1
        if self.is_given_up(batch, mapping):
            self.send_to_destination(batch, mapping, function)
            self.finish(mapping, batch, len(batch.records))
        elif mapping.get("BisectBatchOnFunctionError") and len(batch.records) > 1 and result.get("error"):
            self.pending.popleft()
            self.pending.extendleft(reversed(batch.halves()))
        else:
            batch.wait()

    def first_failed(self, batch: "Batch", mapping: dict, result: dict) -> int | None:
        """Index of the record from which the batch must come again; None when all went well."""
        if result.get("error"):
            return 0
        body = result.get("body")
        if REPORTS_FAILURES not in (mapping.get("FunctionResponseTypes") or []) or not body:
            return None
        try:
            answer = json.loads(body) if isinstance(body, (str, bytes)) else body
            failures = answer.get("batchItemFailures") or []
            order = {record["SequenceNumber"]: index for index, record in enumerate(batch.records)}
            return min((order[failure["itemIdentifier"]] for failure in failures), default=None)
        except (ValueError, AttributeError, KeyError, TypeError):
            return 0  # AWS takes an answer that it cannot read for a failure of the whole batch

    def finish(self, mapping: dict, batch: "Batch", count: int, keep: bool = False) -> None:
        """The first `count` records are done: the position moves past them."""
        self.positions.set(self.mapping_id, mapping["EventSourceArn"], self.shard_id, batch.records[count - 1]["SequenceNumber"])
        if keep:
            batch.records = batch.records[count:]
        else:
            self.pending.popleft()

    @staticmethod
    def is_given_up(batch: "Batch", mapping: dict) -> bool:
        retries = mapping.get("MaximumRetryAttempts", -1)
        if retries is not None and int(retries) >= 0 and batch.tries > int(retries):
            return True
        age = mapping.get("MaximumRecordAgeInSeconds", -1)
        return age is not None and int(age) > 0 and time.time() - batch.records[0]["ApproximateArrivalTimestamp"] > int(age)

    def event_of(self, record: dict, mapping: dict) -> dict:
        from ministack.services import kinesis

        return {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record["PartitionKey"],
                "sequenceNumber": record["SequenceNumber"],
                "data": kinesis._ensure_base64(record["Data"]) if not isinstance(record["Data"], str) else record["Data"],
                "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"],
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{self.shard_id}:{record['SequenceNumber']}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": f"arn:aws:iam::{self.account}:role/write-events",
            "awsRegion": self.region,
            "eventSourceARN": mapping["EventSourceArn"],
        }

    def send_to_destination(self, batch: "Batch", mapping: dict, function: dict) -> None:
        """An S3 destination gets the payload, a queue only the place of the records, as on AWS."""
        destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination", "")
        message = {
            "requestContext": {"requestId": str(uuid.uuid4()), "functionArn": (function.get("config") or function).get("FunctionArn"),
                               "condition": "RetryAttemptsExhausted", "approximateInvokeCount": batch.tries},
            "version": "1.0",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "KinesisBatchInfo": {"shardId": self.shard_id, "startSequenceNumber": batch.records[0]["SequenceNumber"],
                                 "endSequenceNumber": batch.records[-1]["SequenceNumber"], "batchSize": len(batch.records),
                                 "streamArn": mapping["EventSourceArn"]},
        }
        logger.error("gave up on %d records of %s: %s", len(batch.records), self.shard_id, destination or "no destination")
        import botocore.session

        client = botocore.session.get_session().create_client
        if ":s3:::" in destination:
            message["payload"] = json.dumps({"Records": [self.event_of(record, mapping) for record in batch.records]})
            key = time.strftime(f"aws/lambda/{self.mapping_id}/{self.shard_id}/%Y/%m/%d/%Y-%m-%dT%H.%M.%S-", time.gmtime())
            client("s3").put_object(Bucket=destination.rpartition(":")[2], Key=key + str(uuid.uuid4()), Body=json.dumps(message))
        elif ":sqs:" in destination:
            queues = client("sqs")
            url = queues.get_queue_url(QueueName=destination.rpartition(":")[2])["QueueUrl"]
            queues.send_message(QueueUrl=url, MessageBody=json.dumps(message))


class Batch:
    def __init__(self, records: list[dict], tries: int = 0):
        self.records, self.tries = records, tries
        self.not_before, self.pause = 0.0, FIRST_PAUSE

    def wait(self) -> None:
        self.not_before = time.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def halves(self) -> list["Batch"]:
        middle = len(self.records) // 2
        return [Batch(self.records[:middle], self.tries), Batch(self.records[middle:])]
