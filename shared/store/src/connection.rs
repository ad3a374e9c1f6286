//! The connection, and the one way to read: bound to a project.

use std::time::Duration;

use clickhouse::{Client, Compression, RowOwned, RowRead};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::Error;
use crate::condition::Condition;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Below ClickHouse's own keep-alive time (10 s), so that an idle connection is dropped by us and not under us.
const IDLE: Duration = Duration::from_secs(8);
/// What a query may take in ClickHouse, in seconds.
const LIGHT_SECONDS: u64 = 10;
const HEAVY_SECONDS: u64 = 25;
/// What the answer may take beyond that.
const GRACE: Duration = Duration::from_secs(3);
/// Memory for one query, in bytes.
pub const MAX_MEMORY: u64 = 3_000_000_000;

/// Of one answer, in bytes: far above what a function may answer, far below what it has as memory.
const MAX_RESULT: &str = "64000000";

/// The setting by which the row policy of the read user knows the project of a query. A built-in one that has no other effect here, because not
/// every server knows custom settings.
pub const PROJECT_SETTING: &str = "query_cache_tag";

/// ClickHouse, as one user sees it. Cheap to clone; connections are kept alive.
#[derive(Clone)]
pub struct Store {
    client: Client,
}

impl Store {
    /// A store that reads.
    #[must_use]
    pub fn reader(url: &str, database: &str, user: &str, password: &str) -> Self {
        let client = client(url, database, user, password)
            // 2: reads only, but the limits below may be set. A user whose profile says the same takes it.
            .with_setting("readonly", "2")
            .with_setting("max_memory_usage", MAX_MEMORY.to_string())
            .with_setting("max_result_bytes", MAX_RESULT)
            .with_setting("do_not_merge_across_partitions_select_final", "1")
            .with_setting("cancel_http_readonly_queries_on_client_close", "1");
        Self { client }
    }

    /// The same, with another bound on the memory of a query.
    #[must_use]
    pub fn max_memory(self, bytes: u64) -> Self {
        Self { client: self.client.with_setting("max_memory_usage", bytes.to_string()) }
    }

    /// Binds to a project: there is no other way to read.
    #[must_use]
    pub const fn for_project<'a>(&'a self, project_id: &'a str) -> Project<'a> {
        Project { store: self, id: project_id }
    }

    /// Does ClickHouse answer?
    pub async fn ping(&self) -> Result<(), Error> {
        let answer = tokio::time::timeout(GRACE, self.client.query("SELECT toUInt8(1)").fetch_one::<u8>()).await;
        answer.unwrap_or(Err(clickhouse::error::Error::TimedOut)).map(drop).map_err(|e| Error::sort("ping ClickHouse", e))
    }
}

/// A client with our timeouts, for readers and writers.
pub(crate) fn client(url: &str, database: &str, user: &str, password: &str) -> Client {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    tcp.set_keepalive(Some(Duration::from_secs(60)));
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
        .expect("ring offers the protocol versions that rustls asks for")
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    let http = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).pool_idle_timeout(IDLE).build(connector);
    // Over the loopback, compressing costs more than it saves.
    let compression = if url.starts_with("https:") { Compression::Lz4 } else { Compression::None };
    Client::with_http_client(http)
        .with_url(url)
        .with_database(database)
        .with_user(user)
        .with_password(password)
        .with_compression(compression)
}

/// The reads of one project; each resource's module adds its own.
#[derive(Clone, Copy)]
pub struct Project<'a> {
    store: &'a Store,
    id: &'a str,
}

impl<'a> Project<'a> {
    #[must_use]
    pub const fn id(&self) -> &'a str {
        self.id
    }

    /// A query of ours (a `.sql` file), with `{project:String}` bound.
    pub(crate) fn ask(&self, attempt: &'static str, sql: &'static str) -> Ask {
        debug_assert!(sql.contains("project_id = {project:String}"), "{attempt}: a query without a project");
        let client = self.store.client.clone().with_setting(PROJECT_SETTING, self.id);
        Ask { client, attempt, sql: sql.to_owned(), params: Vec::new(), seconds: LIGHT_SECONDS }.param("project", self.id)
    }
}

/// A query on its way: fixed text, bound parameters.
pub(crate) struct Ask {
    client: Client,
    attempt: &'static str,
    sql: String,
    params: Vec<(String, crate::condition::Param)>,
    seconds: u64,
}

impl Ask {
    pub(crate) fn param(mut self, name: &str, value: impl Into<crate::condition::Param>) -> Self {
        self.params.push((name.to_owned(), value.into()));
        self
    }

    /// Puts a condition, which the filter builder made of fixed expressions and parameters, in the place of `{{condition}}`.
    pub(crate) fn condition(self, condition: &Condition) -> Self {
        self.named_condition("condition", condition)
    }

    pub(crate) fn named_condition(mut self, name: &str, condition: &Condition) -> Self {
        self.sql = self.sql.replace(&format!("{{{{{name}}}}}"), condition.sql());
        self.params.extend(condition.params().iter().cloned());
        self
    }

    /// Puts one of our own texts in the place of `{{name}}`.
    pub(crate) fn part(mut self, name: &str, text: &'static str) -> Self {
        self.sql = self.sql.replace(&format!("{{{{{name}}}}}"), text);
        self
    }

    /// Puts a text that was put together of our own ones in the place of `{{name}}`.
    pub(crate) fn fragment(mut self, name: &str, text: &str) -> Self {
        self.sql = self.sql.replace(&format!("{{{{{name}}}}}"), text);
        self
    }

    pub(crate) fn setting(mut self, name: &str, value: &str) -> Self {
        self.client = self.client.with_setting(name, value);
        self
    }

    /// For queries that read much by nature.
    pub(crate) const fn heavy(mut self) -> Self {
        self.seconds = HEAVY_SECONDS;
        self
    }

    pub(crate) async fn rows<T: RowOwned + RowRead>(self) -> Result<Vec<T>, Error> {
        let Self { client, attempt, sql, params, seconds } = self;
        debug_assert!(!sql.contains("{{"), "{attempt}: a part is missing");
        let mut query = client.query_raw(&sql).with_setting("max_execution_time", seconds.to_string());
        for (name, value) in &params {
            query = query.param(name, value);
        }
        let limit = Duration::from_secs(seconds) + GRACE;
        let began = std::time::Instant::now();
        let answer = tokio::time::timeout(limit, query.fetch_all::<T>()).await.unwrap_or(Err(clickhouse::error::Error::TimedOut));
        tracing::debug!(attempt, duration_us = began.elapsed().as_micros(), rows = answer.as_ref().map_or(0, Vec::len), "asked");
        answer.map_err(|e| Error::sort(attempt, e))
    }

    pub(crate) async fn row<T: RowOwned + RowRead>(self) -> Result<Option<T>, Error> {
        Ok(self.rows::<T>().await?.into_iter().next())
    }
}
