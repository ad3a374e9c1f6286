//! Rows as they are inserted: borrowed from the domain types, in the tables' column order and types.

use agenttrace_domain::{Environment, FieldTimes, Level, Observation, ObservationType, Score, Sdk, Source, Timestamp, Tools, Usd};
use clickhouse::Row;
use serde::Serialize;

const PREVIEW_CHARS: usize = 300;

/// floor(time / 60 s): the tables' `minute` columns.
#[must_use]
pub fn minute_of(time: Timestamp) -> i32 {
    i32::try_from(time.0.div_euclid(60_000_000)).unwrap_or(i32::MAX)
}

/// The first 300 characters of a text, for lists.
#[must_use]
pub fn preview(text: &str) -> &str {
    if text.len() <= PREVIEW_CHARS {
        return text;
    }
    // Plain ASCII, as most text is, need not be counted.
    if text.as_bytes()[..PREVIEW_CHARS].is_ascii() {
        return &text[..PREVIEW_CHARS];
    }
    match text.char_indices().nth(PREVIEW_CHARS) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// ClickHouse's `xxHash64(trace_id)`.
pub(super) fn trace_hash_64(trace_id: &str) -> u64 {
    twox_hash::XxHash64::oneshot(0, trace_id.as_bytes())
}

/// A row of `trace_minutes`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Row, Serialize)]
pub struct TraceMinuteRow<'a> {
    project_id: &'a str,
    trace_hash: u64,
    minute: i32,
}

/// The minute at which `trace_minutes` notes a deletion. No row lies there: the year is before -2000.
pub(super) const DELETION: i32 = i32::MIN;

/// The note that a trace was ordered to be deleted.
#[derive(Debug, Row, Serialize)]
pub(super) struct DeletionRow<'a> {
    project_id: &'a str,
    trace_hash: u64,
    minute: i32,
    deleted_at: i64,
}

impl<'a> DeletionRow<'a> {
    pub(super) fn new(project_id: &'a str, trace_id: &str, deleted_at: Timestamp) -> Self {
        Self { project_id, trace_hash: trace_hash_64(trace_id), minute: DELETION, deleted_at: deleted_at.0 }
    }
}

impl<'a> TraceMinuteRow<'a> {
    #[must_use]
    pub fn new(project_id: &'a str, trace_id: &str, minute: i32) -> Self {
        Self { project_id, trace_hash: trace_hash_64(trace_id), minute }
    }
}

type Pairs<'a, V> = Vec<(&'a str, V)>;

fn texts(pairs: &[(String, String)]) -> Pairs<'_, &str> {
    pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

fn money(pairs: &[(String, Usd)]) -> Pairs<'_, i64> {
    pairs.iter().map(|(k, v)| (k.as_str(), v.0)).collect()
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

fn environment(value: &Option<Environment>) -> &str {
    value.as_ref().map_or(Environment::DEFAULT, Environment::as_str)
}

/// A row of `observations`.
#[derive(Debug, Row, Serialize)]
pub struct ObservationRow<'a> {
    pub project_id: &'a str,
    pub trace_id: &'a str,
    pub id: &'a str,
    pub parent_id: &'a str,
    pub start_minute: i32,
    pub start_time: i64,
    pub end_time: Option<i64>,
    pub completion_start_time: Option<i64>,
    pub r#type: &'a str,
    pub name: &'a str,
    pub level: &'a str,
    pub status_message: &'a str,
    pub version: &'a str,
    pub environment: &'a str,
    pub input: &'a str,
    pub output: &'a str,
    pub input_preview: &'a str,
    pub output_preview: &'a str,
    pub input_length: u64,
    pub output_length: u64,
    pub metadata: Pairs<'a, &'a str>,
    pub model: &'a str,
    pub model_id: &'a str,
    pub model_parameters: &'a str,
    pub usage: Pairs<'a, u64>,
    pub stated_cost: Pairs<'a, i64>,
    pub cost: Pairs<'a, i64>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub total_tokens: u64,
    pub total_cost: Option<i64>,
    pub prompt_name: &'a str,
    pub prompt_version: Option<u32>,
    pub is_root: bool,
    pub app_root: bool,
    pub user_id: &'a str,
    pub session_id: &'a str,
    pub trace_name: &'a str,
    pub tags: &'a [String],
    pub release: &'a str,
    pub scope_name: &'a str,
    pub source: &'a str,
    pub sdk_name: &'a str,
    pub sdk_version: &'a str,
    pub field_times: &'a [(u8, i64)],
    pub tool_names: Vec<String>,
    pub tool_calls: Vec<String>,
    pub created_at: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

/// What a row says beside the observation itself.
#[derive(Debug, Clone, Copy)]
pub struct RowOrigin<'a> {
    pub project_id: &'a str,
    pub source: Source,
    pub sdk: &'a Sdk,
    pub created_at: Timestamp,
    pub row_version: u64,
}

impl<'a> ObservationRow<'a> {
    /// `start` is the step's own start time, or what stands for it.
    #[must_use]
    pub fn new(observation: &'a Observation, start: Timestamp, times: &'a FieldTimes, origin: RowOrigin<'a>) -> Self {
        let o = observation;
        let (input, output) = (text(&o.input), text(&o.output));
        let Tools { defined, called } = Tools::of(o);
        Self {
            project_id: origin.project_id,
            trace_id: &o.trace_id,
            id: &o.id,
            parent_id: text(&o.parent_id),
            start_minute: minute_of(start),
            start_time: start.0,
            end_time: o.end_time.map(|t| t.0),
            completion_start_time: o.completion_start_time.map(|t| t.0),
            r#type: o.kind.unwrap_or(ObservationType::Span).as_str(),
            name: text(&o.name),
            level: o.level.unwrap_or(Level::Default).as_str(),
            status_message: text(&o.status_message),
            version: text(&o.version),
            environment: environment(&o.environment),
            input,
            output,
            input_preview: preview(input),
            output_preview: preview(output),
            input_length: input.len() as u64,
            output_length: output.len() as u64,
            metadata: texts(&o.metadata),
            model: text(&o.model),
            model_id: text(&o.model_id),
            model_parameters: text(&o.model_parameters),
            usage: o.usage.iter().map(|(k, v)| (k.as_str(), *v)).collect(),
            stated_cost: money(&o.stated_cost),
            cost: money(&o.cost),
            input_tokens: o.input_tokens(),
            output_tokens: o.output_tokens(),
            total_tokens: o.total_tokens(),
            total_cost: o.total_cost().map(|c| c.0),
            prompt_name: text(&o.prompt_name),
            prompt_version: o.prompt_version,
            is_root: o.is_root(),
            app_root: o.app_root == Some(true),
            user_id: text(&o.user_id),
            session_id: text(&o.session_id),
            trace_name: text(&o.trace_name),
            tags: &o.tags,
            release: text(&o.release),
            scope_name: text(&o.scope_name),
            source: origin.source.as_str(),
            sdk_name: &origin.sdk.name,
            sdk_version: &origin.sdk.version,
            field_times: &times.0,
            tool_names: defined,
            tool_calls: called,
            created_at: origin.created_at.0,
            row_version: origin.row_version,
            is_deleted: 0,
        }
    }

    /// The same key, gone: for a step whose start time moved to another key.
    #[must_use]
    pub fn into_tombstone(mut self, start: Timestamp) -> Self {
        self.start_minute = minute_of(start);
        self.start_time = start.0;
        (self.input, self.output, self.input_preview, self.output_preview) = ("", "", "", "");
        self.metadata = Vec::new();
        (self.tool_names, self.tool_calls) = (Vec::new(), Vec::new());
        self.is_deleted = 1;
        self
    }
}

/// A row of `traces`.
#[derive(Debug, Clone, Row, Serialize)]
pub struct TraceRow<'a> {
    pub project_id: &'a str,
    pub id: &'a str,
    pub minute: i32,
    pub timestamp: i64,
    pub end_time: Option<i64>,
    pub name: &'a str,
    pub user_id: &'a str,
    pub session_id: &'a str,
    pub environment: &'a str,
    pub tags: &'a [String],
    pub release: &'a str,
    pub version: &'a str,
    pub public: bool,
    pub bookmarked: bool,
    pub level: &'a str,
    pub input: &'a str,
    pub output: &'a str,
    pub input_preview: &'a str,
    pub output_preview: &'a str,
    pub metadata: Pairs<'a, &'a str>,
    pub root_id: &'a str,
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
    pub models: &'a [String],
    pub source: &'a str,
    pub sdk_name: &'a str,
    pub sdk_version: &'a str,
    pub field_times: &'a [(u8, i64)],
    pub created_at: i64,
    pub updated_at: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> TraceRow<'a> {
    /// From what was said, what follows, and the texts that stand for the trace.
    #[must_use]
    pub fn new(
        trace: &'a super::StoredTrace,
        facts: &'a agenttrace_domain::Facts,
        timestamp: Timestamp,
        updated_at: Timestamp,
        origin: RowOrigin<'a>,
    ) -> Self {
        let t = &trace.trace;
        let (input, output) = (text(&t.input), text(&t.output));
        let latency_ms = facts.start.zip(facts.end).map(|(start, end)| u64::try_from((end.0 - start.0) / 1_000).unwrap_or(0));
        Self {
            project_id: origin.project_id,
            id: &t.id,
            minute: minute_of(timestamp),
            timestamp: timestamp.0,
            end_time: facts.end.map(|e| e.0),
            name: t.name.as_deref().unwrap_or(&facts.root_name),
            user_id: text(&t.user_id),
            session_id: text(&t.session_id),
            environment: t
                .environment
                .as_ref()
                .map_or(if facts.environment.is_empty() { Environment::DEFAULT } else { &facts.environment }, Environment::as_str),
            tags: &t.tags,
            release: text(&t.release),
            version: text(&t.version),
            public: t.public == Some(true),
            bookmarked: t.bookmarked == Some(true),
            level: facts.level.unwrap_or(Level::Default).as_str(),
            input,
            output,
            input_preview: preview(input),
            output_preview: preview(output),
            metadata: texts(&t.metadata),
            root_id: text(&facts.root_id),
            latency_ms,
            observation_count: facts.observation_count,
            error_count: facts.error_count,
            warning_count: facts.warning_count,
            unpriced_count: facts.unpriced_count,
            input_tokens: facts.input_tokens,
            output_tokens: facts.output_tokens,
            cached_tokens: facts.cached_tokens,
            total_tokens: facts.total_tokens,
            total_cost: facts.total_cost.map(|c| c.0),
            models: &facts.models,
            source: origin.source.as_str(),
            sdk_name: &origin.sdk.name,
            sdk_version: &origin.sdk.version,
            field_times: &trace.times.0,
            created_at: origin.created_at.0,
            updated_at: updated_at.0,
            row_version: origin.row_version,
            is_deleted: 0,
        }
    }

    /// The row's old key, gone: for a trace whose timestamp moved.
    #[must_use]
    pub fn tombstone(&self, old: Timestamp) -> Self {
        Self {
            minute: minute_of(old),
            timestamp: old.0,
            input: "",
            output: "",
            input_preview: "",
            output_preview: "",
            metadata: Vec::new(),
            is_deleted: 1,
            ..self.clone()
        }
    }
}

/// A row of `scores`.
#[derive(Debug, Row, Serialize)]
pub struct ScoreRow<'a> {
    pub project_id: &'a str,
    pub id: &'a str,
    pub timestamp: i64,
    pub name: &'a str,
    pub trace_id: &'a str,
    pub observation_id: &'a str,
    pub session_id: &'a str,
    pub dataset_run_id: &'a str,
    pub value: Option<f64>,
    pub string_value: Option<&'a str>,
    pub data_type: &'a str,
    pub source: &'a str,
    pub comment: Option<&'a str>,
    pub metadata: Pairs<'a, &'a str>,
    pub environment: &'a str,
    pub config_id: &'a str,
    pub queue_id: &'a str,
    pub author_user_id: &'a str,
    pub created_at: i64,
    pub updated_at: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> ScoreRow<'a> {
    #[must_use]
    pub fn new(score: &'a Score, project_id: &'a str, created_at: Timestamp, updated_at: Timestamp, row_version: u64) -> Self {
        Self {
            project_id,
            id: &score.id,
            timestamp: score.timestamp.unwrap_or(updated_at).0,
            name: text(&score.name),
            trace_id: text(&score.trace_id),
            observation_id: text(&score.observation_id),
            session_id: text(&score.session_id),
            dataset_run_id: text(&score.dataset_run_id),
            value: score.value,
            string_value: score.string_value.as_deref(),
            data_type: score.data_type.map_or("NUMERIC", agenttrace_domain::ScoreDataType::as_str),
            source: score.source.map_or("API", agenttrace_domain::ScoreSource::as_str),
            comment: score.comment.as_deref(),
            metadata: texts(&score.metadata),
            environment: environment(&score.environment),
            config_id: text(&score.config_id),
            queue_id: text(&score.queue_id),
            author_user_id: text(&score.author_user_id),
            created_at: created_at.0,
            updated_at: updated_at.0,
            row_version,
            is_deleted: 0,
        }
    }
}
