"""The emulator's AWS API, for what no function does: records put straight onto the stream, objects looked at."""

import contextlib
import functools

from .stack import Stack


class Aws:
    def __init__(self, stack: Stack):
        self.stack = stack

    @functools.cache  # noqa: B019 - one for a whole run
    def client(self, service: str):
        import boto3
        import botocore.config

        return boto3.client(service, endpoint_url=self.stack.part("emulator"), region_name="us-east-1", aws_access_key_id="test",
                            aws_secret_access_key="test",
                            config=botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}))

    @property
    def stream(self) -> str:
        return self.output("Stream")

    @property
    def bucket(self) -> str:
        return self.output("DataBucket")

    def output(self, name: str) -> str:
        outputs = self.stack.part("outputs")
        assert name in outputs, f"the stack has no output {name}: {sorted(outputs)}"
        return outputs[name]

    def put_record(self, data: bytes, partition_key: str = "0") -> str:
        return self.client("kinesis").put_record(StreamName=self.stream, Data=data, PartitionKey=partition_key)["SequenceNumber"]

    def put_records(self, records: list[bytes], partition_key: str = "0") -> list[str]:
        answer = self.client("kinesis").put_records(
            StreamName=self.stream, Records=[{"Data": data, "PartitionKey": partition_key} for data in records])
        assert answer["FailedRecordCount"] == 0, answer
        return [record["SequenceNumber"] for record in answer["Records"]]

    def failed_keys(self) -> set[str]:
        """The records that were put aside."""
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix="failed/")
        return {found["Key"] for page in pages for found in page.get("Contents", [])}

    def object(self, key: str) -> bytes:
        return self.client("s3").get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def delete(self, key: str) -> None:
        self.client("s3").delete_object(Bucket=self.bucket, Key=key)

    def stream_records(self, after: str | None = None) -> list[bytes]:
        """What lies on the stream, from the start of what is kept or after a sequence number."""
        kinesis = self.client("kinesis")
        found = []
        for shard in kinesis.list_shards(StreamName=self.stream)["Shards"]:
            start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": after} if after else {"ShardIteratorType": "TRIM_HORIZON"}
            place = kinesis.get_shard_iterator(StreamName=self.stream, ShardId=shard["ShardId"], **start)["ShardIterator"]
            while place:
                answer = kinesis.get_records(ShardIterator=place, Limit=1000)
                found += [record["Data"] for record in answer["Records"]]
                place = answer.get("NextShardIterator") if answer["Records"] else None
        return found

    @contextlib.contextmanager
    def writer_paused(self):
        """The stream is not read meanwhile; records pile up."""
        functions = self.client("lambda")
        (mapping,) = [found for found in functions.list_event_source_mappings()["EventSourceMappings"] if ":kinesis:" in found["EventSourceArn"] and found["FunctionArn"].endswith("write-events")]
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@contextlib.contextmanager
def configured(aws: Aws, function: str, **variables: str):
    """The function with these environment variables, and with those of the deployment again afterwards."""
    functions = aws.client("lambda")
    name = f"{aws.stack.part('stack')}-{function}"
    before = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": before | variables})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": before})
