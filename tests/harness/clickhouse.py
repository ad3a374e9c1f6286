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
        """Rows of a query with `{name:Type}` parameters; lists stand in the text itself, since an address holds only so much."""
        for name, ids in [(name, value) for name, value in parameters.items() if isinstance(value, list)]:
            assert all(id.replace("-", "").isalnum() for id in ids)
            sql = sql.replace(f"{{{name}:Array(String)}}", "[" + ",".join(f"'{id}'" for id in parameters.pop(name)) + "]")
        said = {f"param_{name}": str(value) for name, value in parameters.items()}
        settings = {"database": self.database, "default_format": "JSONEachRow", "output_format_json_quote_64bit_integers": "0"}
        answer = self.http.post("/", params=settings | said, content=sql)
        assert answer.status_code == 200, answer.text[:800]
        return [json.loads(line) for line in answer.text.splitlines()]

    def value(self, sql: str, **parameters):
        """The single value of a query."""
        (row,) = self.rows(sql, **parameters)
        (value,) = row.values()
        return value

    def observations(self, project_id: str, trace_id: str) -> list[dict]:
        """Each stored id with how many rows it has (`rows`), and how many lie there before the engine has merged them (`lying`)."""
        return self.rows(
            """SELECT id, sum(merged) AS rows, sum(NOT merged) AS lying
               FROM (SELECT id, true AS merged FROM observations FINAL WHERE project_id = {project:String} AND trace_id = {trace:String}
                     UNION ALL
                     SELECT id, false AS merged FROM observations WHERE project_id = {project:String} AND trace_id = {trace:String})
               GROUP BY id ORDER BY id""",
            project=project_id, trace=trace_id)

    def count(self, table: str, project_id: str, column: str, id: str) -> int:
        """Rows that lie in a table, merged or not."""
        assert table in ("observations", "traces", "scores") and column in ("id", "trace_id")
        return self.value(f"SELECT count() FROM {table} WHERE project_id = {{project:String}} AND {column} = {{id:String}}", project=project_id, id=id)
