"""The local ClickHouse: its users and its process. With CLICKHOUSE_URL another server takes its place."""

import hashlib
import urllib.error
import urllib.parse
import urllib.request

from . import processes
from .settings import DATABASE, ROOT, Settings

NAME = "clickhouse"

# The setting that names the project of a reader's query. A built-in one, since the engine in the package knows no custom
# settings; it also keeps projects apart in the query cache. `migrate` makes the same policies on ClickHouse Cloud.
PROJECT_SETTING = "query_cache_tag"
POLICY = f"project_id = getSetting('{PROJECT_SETTING}')"
TENANT_TABLES = (
    "observations", "traces", "trace_minutes", "scores", "dataset_run_items",
    "file_operations", "terminal_commands", "git_links", "ci_runs", "agent_metrics",
    "commits", "pull_requests",
)


def start(settings: Settings) -> None:
    """Starts it, or starts it anew when its users or policies changed."""
    users = settings.home / "users.xml"
    text = users_xml(settings, tenant_tables(settings))
    if not users.exists() or users.read_text() != text:
        processes.stop(settings, NAME)  # the engine reads the file once
        users.touch(mode=0o600)
        users.write_text(text)
    processes.start(
        settings, NAME,
        [settings.python, str(ROOT / "infra/local/clickhouse_server.py"), "--data", str(settings.home / "clickhouse"),
         "--users", str(users), "--port", str(settings.clickhouse_port)],
        processes.plain_environment(),
    )
    processes.wait_for(settings, NAME, lambda: answers(settings), within=60)


def answers(settings: Settings) -> bool:
    try:
        return urllib.request.urlopen(f"{settings.clickhouse_url}/ping", timeout=1).read() == b"Ok.\n"
    except OSError:
        return False


def query(settings: Settings, sql: str) -> str:
    """Runs SQL as the administrator."""
    keys = settings.secrets()
    request = urllib.request.Request(settings.clickhouse_url, sql.encode(),
                                     {"X-ClickHouse-User": keys["admin_user"], "X-ClickHouse-Key": keys["admin"]})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def tenant_tables(settings: Settings) -> list[str]:
    """Tables with a project_id: those that exist, and those known to come, so that no table is ever open to the reader."""
    try:
        found = query(settings, f"SELECT DISTINCT table FROM system.columns WHERE database = '{DATABASE}' "
                                "AND name = 'project_id' FORMAT TSV").split()
    except (OSError, urllib.error.HTTPError):
        noted = settings.home / "tenant-tables"
        found = noted.read_text().split() if noted.exists() else []
    else:
        (settings.home / "tenant-tables").write_text("\n".join(sorted(found)))
    return sorted({*TENANT_TABLES, *found})


def users_xml(settings: Settings, tables: list[str]) -> str:
    keys = settings.secrets()
    filters = "".join(f"<{table}><filter>{POLICY}</filter></{table}>" for table in tables)

    def user(name: str, password: str, profile: str, rights: str) -> str:
        secret = f"<password_sha256_hex>{hashlib.sha256(password.encode()).hexdigest()}</password_sha256_hex>"
        return f"""
    <{name}>{secret if password else "<password></password>"}<networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>{profile}</profile><quota>default</quota>{rights}
    </{name}>"""

    def grants(*rights: str) -> str:
        return "<grants>" + "".join(f"<query>GRANT {right}</query>" for right in rights) + "</grants>"

    # `default` is the engine's own session, which must have no password: it may listen and read its standard input.
    users = user("default", "", "default", grants("SYSTEM LISTEN ON *.*", "READ ON FILE", "CREATE TEMPORARY TABLE ON *.*"))
    users += user(keys["admin_user"] if not settings.external_clickhouse else "agenttrace_admin", keys["admin"] or "unused", "default",
                  "<access_management>1</access_management>")
    users += user("agenttrace_writer", keys["writer"], "writer",
                  grants(f"SELECT, INSERT, ALTER UPDATE, ALTER DELETE ON {DATABASE}.*"))
    users += user("agenttrace_reader", keys["reader"], "reader",
                  grants(f"SELECT ON {DATABASE}.*") + f"<databases><{DATABASE}>{filters}</{DATABASE}></databases>")
    return f"""<clickhouse>
  <profiles>
    <default><!-- what `clickhouse local` turns on and a server does not -->
      <implicit_select>0</implicit_select><allow_introspection_functions>0</allow_introspection_functions>
    </default>
    <writer><profile>default</profile></writer>
    <reader><profile>default</profile>
      <readonly>2</readonly>
      <max_execution_time>30</max_execution_time>
      <max_memory_usage>4000000000</max_memory_usage>
      <max_result_bytes>134217728</max_result_bytes>
      <max_rows_to_read>0</max_rows_to_read>
      <constraints>
        <max_execution_time><max>30</max></max_execution_time>
        <max_memory_usage><max>4000000000</max></max_memory_usage>
        <max_result_bytes><max>134217728</max></max_result_bytes>
        <additional_table_filters><readonly/></additional_table_filters>
      </constraints>
    </reader>
  </profiles>
  <quotas><default/></quotas>
  <users>{users}
  </users>
</clickhouse>
"""
