"""B27 to B29: SQL, patterns and numbers in whatever a caller may write into a query."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from harness.api import conditions
from harness.telemetry import generation, span, trace_id, unique

from bad_input.checks import alive, clear

SQL = [
    "'; DROP TABLE traces; --", "' OR 1=1 --", "\\' OR 1=1 --", "1; SELECT 1", "url('http://127.0.0.1:1/')", "file('/etc/passwd')", "s3('http://127.0.0.1/x')", "remote('127.0.0.1','system','users')",
    "(SELECT password FROM system.users)", "{name:Identifier}", "{x:String}", "?", "??", "/* */", "`project_id`", "sleep(3)", "\x00", "%'", "1)) UNION ALL SELECT 1 --", "$1", "\\", "'",
]
LISTS = ["/api/public/traces", "/api/public/v2/traces", "/api/public/v2/traces/count", "/api/public/observations", "/api/public/v2/observations", "/api/public/sessions", "/api/public/v2/sessions",
         "/api/public/scores", "/api/public/v2/scores", "/api/public/v3/scores", "/api/public/metrics/daily"]
PARAMETERS = ["page", "limit", "cursor", "userId", "name", "sessionId", "traceId", "fromTimestamp", "toTimestamp", "orderBy", "tags", "environment", "version", "release", "fields", "filter", "search", "searchIn",
              "type", "level", "parentObservationId", "scoreIds", "dataType", "operator", "value", "expandMetadata", "traceName", "source"]
ALLOWED = (200, 400)


@pytest.fixture(scope="module", autouse=True)
def told(tenant, other):
    trace = trace_id()
    tenant.store(span(trace, name="name with 100% and under_score", attributes={"user.id": "u", "session.id": "s"}), generation(trace))
    tenant.trace(trace, steps=2)
    theirs = trace_id()
    other.store(span(theirs, name="theirs"))
    other.trace(theirs)
    yield trace
    alive(tenant, other)


def mine(tenant, answer):
    """Whatever was asked, only the caller's own project answered."""
    if answer.status_code == 200 and isinstance(answer.json().get("data"), list):
        for row in answer.json()["data"]:
            assert row.get("projectId", tenant.project_id) == tenant.project_id
            assert row.get("name") != "theirs"


@pytest.mark.parametrize("path", LISTS)
def test_b27_sql_in_every_parameter(tenant, path):
    """Each text in all parameters at once, and some of them in each parameter alone."""
    asked = [dict.fromkeys(PARAMETERS, text) for text in SQL]
    asked += [{parameter: SQL[(place + step) % len(SQL)]} for place, parameter in enumerate(PARAMETERS) for step in (0, 7, 14)]

    with ThreadPoolExecutor(4) as pool:
        for answer in pool.map(lambda params: tenant.get(path, **params), asked):
            mine(tenant, clear(answer, *ALLOWED))


@pytest.mark.parametrize("path", ["/api/public/traces", "/api/public/v2/traces", "/api/public/v2/observations", "/api/public/v2/sessions"])
def test_b27_sql_in_every_part_of_a_filter(tenant, path):
    sound = {"type": "string", "column": "name", "operator": "=", "value": "x"}
    for part in ("type", "column", "operator", "value", "key"):
        for text in SQL:
            answer = clear(tenant.get(path, filter=conditions(sound | {part: text})), *ALLOWED)
            mine(tenant, answer)
            assert part in ("value", "key") or answer.status_code == 400
    for text in SQL[::3]:
        for more in ({"type": "stringObject", "column": "metadata", "key": text}, {"type": "stringOptions", "operator": "any of", "value": [text]}, {"type": "arrayOptions", "column": "tags", "operator": "all of", "value": [text]}):
            mine(tenant, clear(tenant.get(path, filter=conditions(sound | more)), *ALLOWED))


def test_b27_sql_in_paths_and_bodies(tenant):
    for text in SQL[::2]:
        for path in ("/api/public/traces/", "/api/public/v2/traces/", "/api/public/observations/", "/api/public/sessions/", "/api/public/scores/", "/api/public/v2/scores/"):
            clear(tenant.http.get(path + quote(text, safe="")), 404, 400)
        clear(tenant.send("DELETE", "/api/public/traces", {"traceIds": [text]}), 200, 400)
        clear(tenant.get("/api/public/v2/traces/facets", column=text), 400)
        clear(tenant.get("/api/public/v2/traces/facets", column="name", search=text), 200, 400)


def test_b28_wildcards_are_letters(tenant):
    def found(operator, value):
        return {row["name"] for row in tenant.rows(filter=conditions({"type": "string", "column": "name", "operator": operator, "value": value}))}

    own = "name with 100% and under_score"
    for operator, value, expected in [("contains", "%", {own}), ("contains", "_", {own}), ("contains", "100% and", {own}), ("contains", "under.score", set()), ("contains", "n%e", set()), ("starts with", "_ame", set()),
                                      ("ends with", "%", set()), ("=", "%", set()), ("contains", "\\", set()), ("contains", "^name", set()), ("contains", "", None)]:
        names = found(operator, value)
        assert expected is None or names == expected, (operator, value, names)


@pytest.mark.parametrize("text", ["(a+)+$", "(" * 5_000, "a" * 50_000, "%" * 10_000, "\\" * 1_000, ".*" * 1_000, "🙂" * 2_000, " " * 5_000, "a b c d e f g h " * 500], ids=lambda text: ascii(text)[:12])
def test_b28_patterns_that_would_run_for_ever(tenant, text):
    began = time.monotonic()
    for params in ({"search": text}, {"filter": conditions({"type": "string", "column": "name", "operator": "contains", "value": text})}):
        # An address of more than a few KB is refused by every gateway.
        answer = tenant.get("/api/public/v2/traces", **params)
        assert answer.status_code in (200, 400, 413, 414, 431), answer.text[:300]
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("path", LISTS)
def test_b29_limits_and_pages(tenant, path):
    for limit in ("-1", "0", "1e9", "1000000000", "9" * 40, "1.5", "x", "0x10", "NaN", "+5", " 5"):
        answer = tenant.get(path, limit=limit)
        assert answer.status_code in ((200,) if path.endswith("count") else (200, 400) if limit in ("+5", " 5") else (400,)), (limit, answer.status_code)
    for page in ("-1", "0", "9" * 30, "1e3", "x"):
        assert tenant.get(path, page=page).status_code in ((400,) if "totalPages" in tenant.get(path).text else (200, 400)), page
    if "totalPages" in tenant.get(path).text:
        assert clear(tenant.get(path, page=1_000_000, limit=100), 200, 400).status_code in (200, 400)


@pytest.mark.parametrize("path", ["/api/public/v2/traces", "/api/public/v2/observations", "/api/public/v2/sessions", "/api/public/v3/scores"])
def test_b29_cursors_forged_replayed_and_of_another_tenant(tenant, other, path):
    def coded(value):
        return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()

    for cursor in ["", "%", "null", coded(None), coded({}), coded([]), coded(["' OR 1=1 --"]), coded({"lastId": "'; --"}), coded({"t": 1e400}), coded([[[[]]]]), coded(b"\xff\xfe"), "A" * 5_000, coded([2**70, "a", "b"]), coded([1, "a"])]:
        mine(tenant, clear(tenant.get(path, cursor=cursor), *ALLOWED))
    # Another tenant's cursor is a place in time and nothing else.
    for number in range(2):
        trace = trace_id()
        other.store(span(trace, name="theirs", attributes={"session.id": unique("s")}))
        other.trace(trace)
        other.send("POST", "/api/public/scores", {"id": unique("s"), "name": "theirs", "value": number, "traceId": trace})
    page = other.read(path, limit=1)
    stranger = page["meta"].get("cursor")
    if stranger:
        answer = clear(tenant.get(path, cursor=stranger), *ALLOWED)
        mine(tenant, answer)
        theirs = {row["id"] for row in other.read(path)["data"]}
        assert not theirs & {row["id"] for row in answer.json().get("data", [])}
        again = [[row["id"] for row in other.read(path, cursor=stranger, limit=1)["data"]] for _ in range(2)]
        assert again[0] == again[1]


@pytest.mark.parametrize("begin, end", [("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"), ("1926-01-01T00:00:00Z", "2126-01-01T00:00:00Z"), ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
                                        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")], ids=["reversed", "two hundred years", "all of time", "an instant"])
def test_b30_ranges_of_time_that_make_little_sense(tenant, begin, end):
    for path, first, last in [("/api/public/traces", "fromTimestamp", "toTimestamp"), ("/api/public/v2/traces", "fromTimestamp", "toTimestamp"), ("/api/public/observations", "fromStartTime", "toStartTime"),
                              ("/api/public/v2/observations", "fromStartTime", "toStartTime"), ("/api/public/sessions", "fromTimestamp", "toTimestamp"), ("/api/public/v2/scores", "fromTimestamp", "toTimestamp"),
                              ("/api/public/metrics/daily", "fromTimestamp", "toTimestamp"), ("/api/public/metrics/usage", "fromTimestamp", "toTimestamp"), ("/api/public/experiments", "fromStartTime", "toStartTime")]:
        clear(tenant.get(path, **{first: begin, last: end}), 200, 400, 422)
    for view in ("traces", "observations", "scores-numeric"):
        for granularity in (None, "auto", "minute", "month"):
            text = json.dumps({"view": view, "metrics": [{"measure": "count", "aggregation": "count"}], "fromTimestamp": begin, "toTimestamp": end}
                              | ({"timeDimension": {"granularity": granularity}} if granularity else {}))
            clear(tenant.get("/api/public/metrics", query=text), 200, 400, 422)
