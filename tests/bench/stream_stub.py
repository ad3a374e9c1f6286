#!/usr/bin/env python3
"""A stream that takes every record at once and writes it down: shows what ingest costs without the emulator, and gives real records to feed to
the writer. stream_stub.py PORT FILE; each line of the file is one call's records."""

import http.server
import json
import sys


class Stream(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    taken = 0

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = []
        for _record in call["Records"]:
            Stream.taken += 1
            answer.append({"SequenceNumber": f"{Stream.taken:056d}", "ShardId": "shardId-000000000000"})
        FILE.write(json.dumps([[record["PartitionKey"], record["Data"]] for record in call["Records"]]) + "\n")
        FILE.flush()
        body = json.dumps({"FailedRecordCount": 0, "Records": answer}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments) -> None:
        pass


FILE = open(sys.argv[2], "w")
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Stream).serve_forever()
