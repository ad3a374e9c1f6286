"""Fills a database for the read benchmark: python3 fill.py URL DATABASE ROWS [WORDS] [CHUNK]. See fill.sql; applies the migrations first."""

import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PROJECTS = "['bench-a','bench-b','bench-c']"


def ask(url: str, sql: str, **parameters: object) -> str:
    query = urllib.parse.urlencode(parameters)
    request = urllib.request.Request(f"{url}/?{query}", data=sql.encode())
    try:
        with urllib.request.urlopen(request, timeout=3600) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        sys.exit(error.read().decode()[:2000])


def main() -> None:
    url, database, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
    words = int(sys.argv[4]) if len(sys.argv) > 4 else 60
    chunk = int(sys.argv[5]) if len(sys.argv) > 5 else 200_000
    here = pathlib.Path(__file__).resolve().parent
    ask(url, f"CREATE DATABASE IF NOT EXISTS {database}")
    for migration in sorted((here / "../../migrations").glob("*.sql")):
        ask(url, migration.read_text(), database=database)
    statements = here.joinpath("fill.sql").read_text().split("\n----\n")
    until, begun = time.time(), time.time()
    for first in range(0, rows, chunk):
        last = min(first + chunk, rows)
        for statement in statements:
            ask(url, statement, database=database, max_insert_threads=1, max_threads=2, param_rows=rows, param_first=first, param_last=last,
                param_words=words, param_until=until, param_projects=PROJECTS)
        print(f"{last} rows after {time.time() - begun:.0f} s", flush=True)


main()
