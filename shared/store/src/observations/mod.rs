//! Reads of observations, the steps of traces. Lists work as those of traces do: versions in order first, then what their places hold now.

mod list;
mod of_trace;
mod wire;

pub use list::{List, ObservationList, Position};
pub use wire::V2Fields;

use clickhouse::Row;
use serde::Deserialize;

use crate::condition::{Column, Kind};
use crate::connection::Ask;

const SECONDS: &str = "(toUnixTimestamp64Micro(end_time) - toUnixTimestamp64Micro(start_time)) / 1e6";

/// What callers may filter by, under Langfuse's names.
pub const COLUMNS: &[Column] = &[
    Column::new(&["startTime"], "start_time", Kind::Time),
    Column::new(&["endTime"], "end_time", Kind::Time),
    Column::new(&["id"], "id", Kind::Text),
    Column::new(&["traceId"], "trace_id", Kind::Text),
    Column::new(&["parentObservationId"], "parent_id", Kind::Text),
    Column::new(&["type"], "type", Kind::Text),
    Column::new(&["name"], "name", Kind::Text),
    Column::new(&["environment"], "environment", Kind::Text),
    Column::new(&["level"], "level", Kind::Text),
    Column::new(&["statusMessage"], "status_message", Kind::Text),
    Column::new(&["version"], "version", Kind::Text),
    Column::new(&["latency"], SECONDS, Kind::Number),
    Column::new(
        &["timeToFirstToken"],
        "(toUnixTimestamp64Micro(completion_start_time) - toUnixTimestamp64Micro(start_time)) / 1e6",
        Kind::Number,
    ),
    Column::new(
        &["tokensPerSecond", "outputTokensPerSecond"],
        "output_tokens / nullIf((toUnixTimestamp64Micro(end_time) - toUnixTimestamp64Micro(start_time)) / 1e6, 0)",
        Kind::Number,
    ),
    Column::new(&["inputTokens"], "input_tokens", Kind::Number),
    Column::new(&["outputTokens"], "output_tokens", Kind::Number),
    Column::new(&["totalTokens", "tokens"], "total_tokens", Kind::Number),
    Column::new(
        &["inputCost"],
        "arraySum((k, v) -> if(startsWith(k, 'input'), v, 0), mapKeys(cost), mapValues(cost)) / 1e12",
        Kind::Number,
    ),
    Column::new(
        &["outputCost"],
        "arraySum((k, v) -> if(startsWith(k, 'output'), v, 0), mapKeys(cost), mapValues(cost)) / 1e12",
        Kind::Number,
    ),
    Column::new(&["totalCost"], "total_cost / 1e12", Kind::Number),
    Column::new(&["model", "providedModelName"], "model", Kind::Text),
    Column::new(&["modelId", "internalModelId"], "model_id", Kind::Text),
    Column::new(&["promptName"], "prompt_name", Kind::Text),
    Column::new(&["promptVersion"], "prompt_version", Kind::Number),
    Column::new(&["isRootObservation"], "is_root", Kind::Flag),
    // Most clients say these once a trace, and not on every step.
    Column::new(&["userId"], "user_id", Kind::Text).or_of_trace("user_id"),
    Column::new(&["sessionId"], "session_id", Kind::Text).or_of_trace("session_id"),
    Column::new(&["traceName"], "trace_name", Kind::Text).or_of_trace("name"),
    Column::new(&["tags", "traceTags"], "tags", Kind::List).or_of_trace("tags"),
    Column::new(&["release"], "release", Kind::Text).or_of_trace("release"),
    Column::new(&["input"], "input", Kind::Words),
    Column::new(&["output"], "output", Kind::Words),
    Column::new(&["metadata"], "metadata", Kind::Map),
];

/// An observation as it is stored. Times in microseconds, money in 1e-12 USD, absent texts empty.
#[derive(Debug, Clone, PartialEq, Row, Deserialize)]
pub struct ObservationRecord {
    pub start_minute: i32,
    pub trace_id: String,
    pub id: String,
    pub parent_id: String,
    pub started: i64,
    pub ended: Option<i64>,
    pub first_token: Option<i64>,
    pub kind: String,
    pub name: String,
    pub level: String,
    pub status_message: String,
    pub version: String,
    pub environment: String,
    pub input: String,
    pub output: String,
    pub metadata: Vec<(String, String)>,
    pub preview: String,
    pub input_length: u64,
    pub output_length: u64,
    pub model: String,
    pub model_id: String,
    pub model_parameters: String,
    pub usage: Vec<(String, u64)>,
    pub cost: Vec<(String, i64)>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub total_tokens: u64,
    pub total_cost: Option<i64>,
    pub prompt_name: String,
    pub prompt_version: Option<u32>,
    pub is_root: bool,
    pub user_id: String,
    pub session_id: String,
    pub trace_name: String,
    pub tags: Vec<String>,
    pub release: String,
    pub created: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

/// Which of the long columns a read needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    pub io: bool,
    pub metadata: bool,
}

impl Texts {
    pub const ALL: Self = Self { io: true, metadata: true };
    pub const NONE: Self = Self { io: false, metadata: false };

    /// The columns of a record, with these texts.
    fn put(self, ask: Ask) -> Ask {
        let ask = ask.part("columns", include_str!("columns.sql"));
        // Who has the texts needs no preview of them.
        let ask = if self.io {
            ask.part("input", "input").part("output", "output").part("preview", "''")
        } else {
            ask.part("input", "''").part("output", "''").part("preview", "leftUTF8(input_preview, 120)")
        };
        ask.part("metadata", if self.metadata { "metadata" } else { "CAST(map(), 'Map(String, String)')" })
    }
}
