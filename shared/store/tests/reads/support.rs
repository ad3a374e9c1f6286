//! A database a test, and rows to put into it.

use std::sync::atomic::{AtomicU32, Ordering};

use agenttrace_domain::Timestamp;
use agenttrace_store::migrate::Migrator;
use agenttrace_store::write::Writer;
use agenttrace_store::{Project, Store};
use serde_json::{Map, Value, json};

pub const PROJECT: &str = "project-a";

const TABLES: &[&str] = &[
    "trace_minutes",
    "traces",
    "observations",
    "scores",
    "terminal_commands",
    "file_operations",
    "git_links",
    "ci_runs",
    "commits",
    "pull_requests",
];

/// A migrated database of the test's own. Dropped at the end of a test that passes.
pub struct Db {
    name: String,
    writer: Writer,
    store: Store,
}

impl Db {
    pub async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let setting = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
        let url = setting("CLICKHOUSE_TEST_URL", "http://127.0.0.1:18123");
        let (user, password) = (setting("CLICKHOUSE_TEST_USER", "default"), setting("CLICKHOUSE_TEST_PASSWORD", ""));
        let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        if let Err(error) = Migrator::new(&url, &name, &user, &password).run().await {
            panic!(
                "no ClickHouse for this test at {url} ({error:?}): set CLICKHOUSE_TEST_URL, or run the tests by `make test`, which starts one"
            );
        }
        Self { writer: Writer::new(&url, &name, &user, &password), store: Store::reader(&url, &name, &user, &password), name }
    }

    pub fn project(&self) -> Project<'_> {
        self.store.for_project(PROJECT)
    }

    pub const fn store(&self) -> &Store {
        &self.store
    }

    pub fn other_project(&self) -> Project<'_> {
        self.store.for_project("project-b")
    }

    /// Inserts rows in one block; the minutes of traces and observations are noted by themselves.
    pub async fn insert(&self, rows: &[Build]) {
        for table in TABLES {
            let lines: Vec<String> = match *table {
                "trace_minutes" => rows.iter().filter_map(Build::minute).collect(),
                _ => rows.iter().filter(|r| r.table == *table).map(|r| Value::Object(r.row.clone()).to_string()).collect(),
            };
            if !lines.is_empty() {
                self.run(&format!("INSERT INTO {table} FORMAT JSONEachRow {}", lines.join("\n"))).await;
            }
        }
    }

    pub async fn run(&self, sql: &str) {
        self.writer.execute(&sql.replace('?', "??")).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    }

    pub async fn done(self) {
        self.run(&format!("DROP DATABASE {}", self.name)).await;
    }
}

/// A row on its way: the columns that matter to the test, defaults for the rest.
#[derive(Clone)]
pub struct Build {
    table: &'static str,
    row: Map<String, Value>,
}

impl Build {
    pub fn set(mut self, column: &str, value: impl Into<Value>) -> Self {
        self.row.insert(column.to_owned(), value.into());
        self
    }

    /// The row's version; every change of a row has a higher one.
    pub fn version(self, version: u64) -> Self {
        self.set("row_version", version)
    }

    pub fn deleted(self) -> Self {
        self.set("is_deleted", 1)
    }

    fn minute(&self) -> Option<String> {
        let (id, minute) = match self.table {
            "traces" => (&self.row["id"], &self.row["minute"]),
            "observations" => (&self.row["trace_id"], &self.row["start_minute"]),
            _ => return None,
        };
        let hash = hash_64(id.as_str()?);
        Some(json!({"project_id": self.row["project_id"], "trace_hash": hash, "minute": minute}).to_string())
    }
}

/// ClickHouse's `xxHash64`.
fn hash_64(text: &str) -> u64 {
    twox_hash::XxHash64::oneshot(0, text.as_bytes())
}

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn column(at: Timestamp) -> String {
    at.to_rfc3339().trim_end_matches('Z').replace('T', " ")
}

fn minute(at: Timestamp) -> i64 {
    at.0.div_euclid(60_000_000)
}

/// A trace of [`PROJECT`] at a time.
pub fn trace(id: &str, time: &str) -> Build {
    let at = at(time);
    let row = json!({
        "project_id": PROJECT, "id": id, "minute": minute(at), "timestamp": column(at), "environment": "default", "level": "DEFAULT",
        "created_at": column(at), "updated_at": column(at), "row_version": 1, "is_deleted": 0,
    });
    Build { table: "traces", row: row.as_object().cloned().unwrap_or_default() }
}

/// A row of [`PROJECT`] in one of the agents' tables, at a time.
pub fn row(table: &'static str, id: &str, time: &str) -> Build {
    let at = column(at(time));
    let row = json!({"project_id": PROJECT, "id": id, "timestamp": at, "row_version": 1, "is_deleted": 0});
    Build { table, row: row.as_object().cloned().unwrap_or_default() }
}

/// A push of a commit of [`PROJECT`].
pub fn push(sha: &str, repository: &str, branch: &str, time: &str) -> Build {
    let at = at(time);
    let row = json!({
        "project_id": PROJECT, "minute": minute(at), "sha": sha, "repository_url": repository, "branch": branch, "timestamp": column(at),
        "pushed_at": column(at), "row_version": 1, "is_deleted": 0,
    });
    Build { table: "commits", row: row.as_object().cloned().unwrap_or_default() }
}

/// A pull request of [`PROJECT`].
pub fn request(repository: &str, number: u32, head: &str, time: &str) -> Build {
    let at = column(at(time));
    let row = json!({
        "project_id": PROJECT, "repository_url": repository, "number": number, "state": "open", "head_branch": head, "base_branch": "main",
        "timestamp": at, "row_version": 1, "is_deleted": 0,
    });
    Build { table: "pull_requests", row: row.as_object().cloned().unwrap_or_default() }
}

impl Build {
    /// A trace's last step ended then.
    pub fn ends(self, time: &str) -> Self {
        self.set("end_time", column(at(time)))
    }
}

/// A step of a trace of [`PROJECT`].
pub fn step(trace_id: &str, id: &str, time: &str) -> Build {
    let at = at(time);
    let row = json!({
        "project_id": PROJECT, "trace_id": trace_id, "id": id, "start_minute": minute(at), "start_time": column(at), "type": "SPAN", "level": "DEFAULT",
        "environment": "default", "created_at": column(at), "row_version": 1, "is_deleted": 0,
    });
    Build { table: "observations", row: row.as_object().cloned().unwrap_or_default() }
}

/// A score of [`PROJECT`].
pub fn score(id: &str, time: &str) -> Build {
    let at = column(at(time));
    let row = json!({
        "project_id": PROJECT, "id": id, "timestamp": at, "name": "quality", "data_type": "NUMERIC", "source": "API", "environment": "default",
        "created_at": at, "updated_at": at, "row_version": 1, "is_deleted": 0,
    });
    Build { table: "scores", row: row.as_object().cloned().unwrap_or_default() }
}

/// `2026-01-01T00:00:00Z` and so many seconds.
pub fn second(n: i64) -> String {
    Timestamp(at("2026-01-01T00:00:00Z").0 + n * 1_000_000).to_rfc3339()
}
