"""The event stream, made to behave as Kinesis and its event source do.

MiniStack keeps records in memory only, and one thread reads all mappings one after another, tries a failed batch again for
ever, and takes a partly failed one for done. Here:

* every accepted record is in a journal before its put is answered, so that kill -9 loses none;
* each mapping has a reader of its own for every shard (`reader.py`), which honours what the template says;
* what every mapping has read is let go, but for a few megabytes, since 24 hours of records do not fit in memory.

Can go when MiniStack does these itself.
"""

import bisect
import json
import logging
import os
import pathlib
import threading
import time

logger = logging.getLogger("agenttrace.stream")

KEEP_BYTES = 4 * 1024 * 1024
SEGMENT_BYTES = 16 * 1024 * 1024

arrived = threading.Condition()  # notified at every put, so that readers need not poll


def patch() -> None:
    from ministack.services import kinesis, lambda_svc

    journal = Journal(pathlib.Path(os.environ["STATE_DIR"]) / "stream")
    positions = Positions(pathlib.Path(os.environ["STATE_DIR"]) / "stream" / "positions.json")

    kinesis._put_records = journaled(kinesis._put_records, journal)
    kinesis._put_record = journaled(kinesis._put_record, journal)
    kinesis._expire_records = lambda stream: let_go(stream, positions)

    get_state, load_state = kinesis.get_state, kinesis.load_persisted_state

    def state_without_records():
        state = get_state()
        for record in state["streams"]._data.values():
            for shard in record["shards"].values():
                shard["records"] = []
        state["shard_iterators"].clear()
        return state

    def load_and_replay(data):
        load_state(data)
        journal.replay(kinesis._streams._data.values())

    kinesis.get_state = state_without_records
    kinesis.load_persisted_state = load_and_replay

    import reader

    lambda_svc._poll_kinesis = lambda: False
    threading.Thread(target=reader.supervise, args=(positions,), daemon=True, name="stream-readers").start()
    threading.Thread(target=_tidy, args=(journal, positions), daemon=True, name="stream-journal").start()


def _tidy(journal: "Journal", positions: "Positions") -> None:
    while True:
        time.sleep(10)
        try:
            journal.drop_segments(positions)
        except Exception:
            logger.exception("could not tidy the journal")


def journaled(put, journal: "Journal"):
    """Wraps a put: its records are in the journal before the caller hears that they were accepted."""

    def put_and_write(data):
        from ministack.services import kinesis

        _name, stream = kinesis._resolve_stream(data)
        before = {id_: len(shard["records"]) for id_, shard in stream["shards"].items()} if stream else {}
        first = _last_sequence(stream)
        answer = put(data)
        if stream and answer[0] == 200:
            for shard_id, shard in stream["shards"].items():
                for record in records_after(shard["records"], first) if before else ():
                    journal.append(stream["StreamARN"], shard_id, record)
            with arrived:
                arrived.notify_all()
        return answer

    return put_and_write


def _last_sequence(stream) -> str:
    if not stream:
        return ""
    return max((shard["records"][-1]["SequenceNumber"] for shard in stream["shards"].values() if shard["records"]), default="")


def records_after(records: list, sequence: str) -> list:
    """Records behind a sequence number; the list is in their order."""
    return records[bisect.bisect_right(records, sequence, key=lambda record: record["SequenceNumber"]):]


def let_go(stream: dict, positions: "Positions") -> None:
    """Drops the oldest records that every mapping has read, beyond KEEP_BYTES, and those past the retention.

    Runs where puts run, on the emulator's event loop: nothing else shortens the lists.
    """
    from ministack.services import kinesis

    cutoff = time.time() - stream["RetentionPeriodHours"] * 3600
    for shard_id, shard in stream["shards"].items():
        records = shard["records"]
        read_up_to = positions.lowest(stream["StreamARN"], shard_id)
        drop = bisect.bisect_left(records, cutoff, key=lambda record: record["ApproximateArrivalTimestamp"])
        if read_up_to is not None:
            read = bisect.bisect_right(records, read_up_to, key=lambda record: record["SequenceNumber"])
            kept = 0
            while read > drop:
                kept += len(records[read - 1]["Data"])
                if kept > KEEP_BYTES:
                    drop = read
                    break
                read -= 1
        if drop:
            shard["records"] = records[drop:]
            for iterator in list(kinesis._shard_iterators._data.values()):
                if iterator.get("stream_arn") == stream["StreamARN"] and iterator.get("shard_id") == shard_id:
                    iterator["position"] = max(0, iterator["position"] - drop)


class Positions:
    """How far each mapping has read each shard. Kept in one small file, written at most every half second."""

    def __init__(self, path: pathlib.Path):
        self.path, self.lock, self.changed = path, threading.Lock(), False
        try:
            self.read = {tuple(key.split("|")): value for key, value in json.loads(path.read_text()).items()}
        except (FileNotFoundError, json.JSONDecodeError):
            self.read = {}
        threading.Thread(target=self._write_behind, daemon=True, name="stream-positions").start()

    def get(self, mapping: str, stream_arn: str, shard: str) -> str | None:
        return self.read.get((mapping, stream_arn, shard))

    def set(self, mapping: str, stream_arn: str, shard: str, sequence: str) -> None:
        with self.lock:
            self.read[mapping, stream_arn, shard] = sequence
            self.changed = True

    def forget(self, mapping: str) -> None:
        """The mapping was deleted."""
        with self.lock:
            self.read = {key: value for key, value in self.read.items() if key[0] != mapping}
            self.changed = True

    def lowest(self, stream_arn: str, shard: str) -> str | None:
        """What all mappings have read; None when none reads this shard."""
        with self.lock:
            return min((value for key, value in self.read.items() if key[1:] == (stream_arn, shard)), default=None)

    def _write_behind(self) -> None:
        while True:
            time.sleep(0.5)
            with self.lock:
                if not self.changed:
                    continue
                text, self.changed = json.dumps({"|".join(key): value for key, value in self.read.items()}), False
            self.path.parent.mkdir(parents=True, exist_ok=True)
            draft = self.path.with_suffix(".draft")
            draft.write_text(text)
            draft.replace(self.path)


class Journal:
    """Accepted records, one JSON line each, in numbered files that are removed once everything in them was read."""

    def __init__(self, folder: pathlib.Path):
        self.folder, self.lock = folder, threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(path.stem) for path in folder.glob("*.journal")]
        self.number, self.file, self.size = max(numbers, default=0), None, 0
        self.newest: dict[int, dict[tuple[str, str], str]] = {}

    def append(self, stream_arn: str, shard: str, record: dict) -> None:
        line = json.dumps([stream_arn, shard, record]).encode() + b"\n"
        with self.lock:
            if self.file is None or self.size > SEGMENT_BYTES:
                if self.file is not None:
                    os.close(self.file)
                self.number += 1
                self.file = os.open(self._path(self.number), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                self.size = 0
            os.write(self.file, line)  # unbuffered: it outlives this process, though not a power cut
            self.size += len(line)
            self.newest.setdefault(self.number, {})[stream_arn, shard] = record["SequenceNumber"]

    def replay(self, streams) -> int:
        """Puts the journal's records back into the streams' memory, in order, each once."""
        shards = {(stream["StreamARN"], shard_id): shard for stream in streams for shard_id, shard in stream["shards"].items()}
        count = 0
        for path in sorted(self.folder.glob("*.journal")):
            for line in path.open("rb"):
                try:
                    stream_arn, shard_id, record = json.loads(line)
                except ValueError:
                    continue  # the line a crash cut short: its put was never answered
                self.newest.setdefault(int(path.stem), {})[stream_arn, shard_id] = record["SequenceNumber"]
                shard = shards.get((stream_arn, shard_id))
                if shard is None:
                    continue
                if not shard["records"] or shard["records"][-1]["SequenceNumber"] < record["SequenceNumber"]:
                    shard["records"].append(record)
                    count += 1
        logger.info("stream: %d records back from the journal", count)
        return count

    def drop_segments(self, positions: Positions) -> None:
        """Removes the closed files whose records every mapping has read (a shard that nobody reads keeps its files)."""
        with self.lock:
            closed = [number for number in self.newest if number != self.number or self.file is None]
        for number in closed:
            if all((positions.lowest(*place) or "") >= sequence for place, sequence in self.newest[number].items()):
                self._path(number).unlink(missing_ok=True)
                with self.lock:
                    del self.newest[number]

    def _path(self, number: int) -> pathlib.Path:
        return self.folder / f"{number:010d}.journal"
