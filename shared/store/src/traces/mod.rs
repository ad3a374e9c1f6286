//! Reads of traces. A trace has one current row with everything that follows from its steps, so lists need no other table.
//!
//! `traces` replaces rows in the background, so a read may meet old versions of a row and tombstones. A list therefore finds versions in order
//! first (cheap, stops early), then asks for what their places hold now, and keeps a version only if it is that.

mod by_id;
mod list;
mod search;
mod sums;
mod wire;

pub use by_id::{Parts, WholeTrace};
pub use list::{List, TraceList};
pub use search::Search;
pub use sums::FacetColumn;
pub use wire::V1Fields;

use agenttrace_domain::Timestamp;
use clickhouse::Row;
use serde::{Deserialize, Serialize};

use crate::condition::{Column, Kind};

/// What callers may filter by, under Langfuse's names.
pub const COLUMNS: &[Column] = &[
    Column::new(&["timestamp"], "timestamp", Kind::Time),
    Column::new(&["id", "traceId"], "id", Kind::Text),
    Column::new(&["name", "traceName"], "name", Kind::Text),
    Column::new(&["userId"], "user_id", Kind::Text),
    Column::new(&["sessionId"], "session_id", Kind::Text),
    Column::new(&["environment"], "environment", Kind::Text),
    Column::new(&["tags", "traceTags"], "tags", Kind::List),
    Column::new(&["release"], "release", Kind::Text),
    Column::new(&["version"], "version", Kind::Text),
    Column::new(&["level"], "level", Kind::Text),
    Column::new(&["latency"], "latency_ms / 1000", Kind::Number),
    Column::new(&["totalCost"], "total_cost / 1e12", Kind::Number),
    Column::new(&["totalTokens", "tokens"], "total_tokens", Kind::Number),
    Column::new(&["inputTokens"], "input_tokens", Kind::Number),
    Column::new(&["outputTokens"], "output_tokens", Kind::Number),
    Column::new(&["observationCount"], "observation_count", Kind::Number),
    Column::new(&["errorCount"], "error_count", Kind::Number),
    Column::new(&["warningCount"], "warning_count", Kind::Number),
    Column::new(
        &["inputCost"],
        "sum(if(empty(cost), NULL, arraySum((k, v) -> if(startsWith(k, 'input'), v, 0), mapKeys(cost), mapValues(cost)))) / 1e12",
        Kind::Number,
    )
    .of_steps(),
    Column::new(
        &["outputCost"],
        "sum(if(empty(cost), NULL, arraySum((k, v) -> if(startsWith(k, 'output'), v, 0), mapKeys(cost), mapValues(cost)))) / 1e12",
        Kind::Number,
    )
    .of_steps(),
    Column::new(&["defaultCount"], "countIf(level = 'DEFAULT')", Kind::Number).of_steps(),
    Column::new(&["debugCount"], "countIf(level = 'DEBUG')", Kind::Number).of_steps(),
    Column::new(&["models"], "models", Kind::List),
    Column::new(&["bookmarked"], "bookmarked", Kind::Flag),
    Column::new(&["public"], "public", Kind::Flag),
    Column::new(&["input"], "input", Kind::Words),
    Column::new(&["output"], "output", Kind::Words),
    Column::new(&["metadata"], "metadata", Kind::Map),
];

/// What a list may be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Timestamp,
    Number(&'static str),
    Text(&'static str),
    /// A number of another table, which is joined.
    Joined {
        number: &'static str,
        join: &'static str,
    },
}

const SORTS: &[(&str, Sort)] = &[
    ("timestamp", Sort::Timestamp),
    ("id", Sort::Text("id")),
    ("name", Sort::Text("name")),
    ("userId", Sort::Text("user_id")),
    ("sessionId", Sort::Text("session_id")),
    ("release", Sort::Text("release")),
    ("version", Sort::Text("version")),
    ("public", Sort::Number("public")),
    ("bookmarked", Sort::Number("bookmarked")),
    // Unknown stands below zero.
    ("latency", Sort::Number("ifNull(latency_ms, -1)")),
    ("totalCost", Sort::Number("ifNull(total_cost, -1)")),
    ("totalTokens", Sort::Number("total_tokens")),
    ("observationCount", Sort::Number("observation_count")),
    ("errorCount", Sort::Number("error_count")),
];

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub sort: Sort,
    pub descending: bool,
    name: &'static str,
}

impl Order {
    pub const NEWEST: Self = Self { sort: Sort::Timestamp, descending: true, name: "timestamp" };

    /// The largest first, by a number of another table.
    pub(crate) const fn joined(name: &'static str, number: &'static str, join: &'static str) -> Self {
        Self { sort: Sort::Joined { number, join }, descending: true, name }
    }

    /// As [`Self::parse`]; without a direction it is ascending, as in Langfuse's v1.
    pub fn parse_v1(text: Option<&str>) -> Result<Self, String> {
        let text = text.map(str::trim).filter(|t| !t.is_empty());
        Self::parse(text.map(|t| if t.contains('.') { t.to_owned() } else { format!("{t}.asc") }).as_deref())
    }

    /// `latency.desc`; nothing or an empty text is newest first. The error is a sentence for the caller.
    pub fn parse(text: Option<&str>) -> Result<Self, String> {
        let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(Self::NEWEST) };
        let (column, direction) = text.split_once('.').unwrap_or((text, ""));
        let known = || SORTS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let (name, sort) =
            SORTS.iter().find(|(name, _)| *name == column).ok_or_else(|| format!("`orderBy` knows the columns {}", known()))?;
        let descending = match direction.to_ascii_lowercase().as_str() {
            "asc" => false,
            "desc" => true,
            _ => return Err("`orderBy` must end in `.asc` or `.desc`".to_owned()),
        };
        Ok(Self { sort: *sort, descending, name })
    }
}

/// Where a list goes on: behind this row. What a cursor holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// The order that it belongs to.
    o: String,
    /// The time in microseconds, or the sorted number.
    n: f64,
    /// The time in microseconds when that is the order: exact.
    t: i64,
    /// The sorted text.
    s: String,
    /// The trace.
    i: String,
}

impl Position {
    fn label(order: Order) -> String {
        format!("{}.{}", order.name, if order.descending { "desc" } else { "asc" })
    }

    /// Was the cursor made by a list in this order?
    #[must_use]
    pub fn fits(&self, order: Order) -> bool {
        self.o == Self::label(order) && self.n.is_finite() && (Timestamp::MIN.0..=Timestamp::MAX.0).contains(&self.t)
    }
}

/// A trace as it is stored. Times in microseconds, money in 1e-12 USD, absent texts empty.
#[derive(Debug, Clone, PartialEq, Row, Deserialize)]
pub struct TraceRecord {
    pub minute: i32,
    pub id: String,
    pub at: i64,
    pub name: String,
    pub user_id: String,
    pub session_id: String,
    pub environment: String,
    pub tags: Vec<String>,
    pub release: String,
    pub version: String,
    pub public: bool,
    pub bookmarked: bool,
    pub level: String,
    pub input_preview: String,
    pub output_preview: String,
    pub input: String,
    pub output: String,
    pub metadata: Vec<(String, String)>,
    pub latency_ms: Option<u64>,
    pub observation_count: u64,
    pub error_count: u64,
    pub warning_count: u64,
    pub unpriced_count: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cached_tokens: u64,
    pub total_tokens: u64,
    pub total_cost: Option<i64>,
    pub models: Vec<String>,
    pub created: i64,
    pub updated: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

/// Which of the long columns a read needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    None,
    /// Not the input and the output.
    Metadata,
    All,
}

impl Texts {
    fn put(self, ask: crate::connection::Ask) -> crate::connection::Ask {
        match self {
            Self::All => ask.part("input", "input").part("output", "output").part("metadata", "metadata"),
            Self::Metadata => ask.part("input", "''").part("output", "''").part("metadata", "metadata"),
            Self::None => ask.part("input", "''").part("output", "''").part("metadata", "CAST(map(), 'Map(String, String)')"),
        }
    }
}
