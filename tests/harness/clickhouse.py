"""Asking ClickHouse itself: what really lies there, merged or not."""

import json

import httpx

from .stack import Stack


class ClickHouse:
    def __init__(self, stack: Stack, database: str = "agenttrace"):
        where = stack.part("clickhouse")
        self.database = database
        self.http = httpx.Client(base_url=where["url"], auth=(where["user"], where["password"]), timeout=60, trust_env=False)

    def rows(self, sql: str, **parameters) -> list[dict]:
        """Rows of a query with `{name:Type}` parameters."""
        said = {f"param_{name}": value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
        answer = self.http.post("/", params={"database": self.database, "default_format": "JSONEachRow", "output_format_json_quote_64bit_integers": "0"} | said, content=sql)
        assert answer.status_code == 200, answer.text[:800]
        return [json.loads(line) for line in answer.text.splitlines()]

    def value(self, sql: str, **parameters):
        """The single value of a query."""
        (row,) = self.rows(sql, **parameters)
        (value,) = row.values()
        return value

    def observations(self, project_id: str, trace_id: str) -> list[dict]:
        """Each stored id once with how many live rows it has after deduplication, and how many rows lie there at all."""
        return self.rows(
            """SELECT id, countIf(newest) AS rows, count() AS lying, sumIf(total_cost, newest) AS cost
               FROM (SELECT id, total_cost, row_version,
                            row_version = max(row_version) OVER (PARTITION BY id) AND is_deleted = 0 AS newest
                     FROM observations WHERE project_id = {project:String} AND trace_id = {trace:String})
               GROUP BY id ORDER BY id""",
            project=project_id, trace=trace_id)

    def count(self, table: str, project_id: str, column: str, id: str) -> int:
        """Rows that lie in a table, merged or not."""
        assert table in ("observations", "traces", "scores") and column in ("id", "trace_id")
        return self.value(f"SELECT count() FROM {table} WHERE project_id = {{project:String}} AND {column} = {{id:String}}", project=project_id, id=id)
