//! What is stored, read back so that the writer can merge into it. Columns in the order of the `.sql` files beside.

use agenttrace_domain::{
    Environment, FieldTimes, Level, Observation, ObservationType, Score, ScoreDataType, ScoreSource, Step, Timestamp, Trace, Usd,
};
use clickhouse::Row;
use serde::Deserialize;

type Map<V> = Vec<(String, V)>;

fn said(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A trace's row: what was said, when each field was, and where the row lies.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoredTrace {
    /// Only what was said; `input` and `output` may stand for the root step's (their times tell).
    pub trace: Trace,
    pub times: FieldTimes,
    pub timestamp: Timestamp,
    pub root_id: String,
    pub created_at: Timestamp,
    pub row_version: u64,
}

#[derive(Debug, Row, Deserialize)]
pub(super) struct MinutesRecord {
    pub(super) trace_hash: u64,
    pub(super) minutes: Vec<i32>,
    pub(super) deleted_micros: i64,
}

#[derive(Debug, Row, Deserialize)]
pub(super) struct TraceRecord {
    id: String,
    #[allow(dead_code)]
    minute: i32,
    timestamp_micros: i64,
    name: String,
    user_id: String,
    session_id: String,
    environment: String,
    tags: Vec<String>,
    release: String,
    version: String,
    public: bool,
    bookmarked: bool,
    input: String,
    output: String,
    metadata: Map<String>,
    root_id: String,
    field_times: Vec<(u8, i64)>,
    created_micros: i64,
    row_version: u64,
    pub(super) is_deleted: u8,
}

impl From<TraceRecord> for StoredTrace {
    fn from(row: TraceRecord) -> Self {
        use agenttrace_domain::merge::trace_field;
        let times = FieldTimes(row.field_times);
        let trace = Trace {
            id: row.id,
            timestamp: times.states(trace_field::TIMESTAMP).then_some(Timestamp(row.timestamp_micros)),
            name: if times.states(trace_field::NAME) { said(row.name) } else { None },
            user_id: said(row.user_id),
            session_id: said(row.session_id),
            input: said(row.input),
            output: said(row.output),
            metadata: row.metadata,
            tags: row.tags,
            replace_tags: None,
            public: Some(row.public),
            bookmarked: Some(row.bookmarked),
            release: said(row.release),
            version: said(row.version),
            environment: times.states(trace_field::ENVIRONMENT).then(|| Environment::normalise(&row.environment)),
        };
        Self {
            trace,
            times,
            timestamp: Timestamp(row.timestamp_micros),
            root_id: row.root_id,
            created_at: Timestamp(row.created_micros),
            row_version: row.row_version,
        }
    }
}

#[derive(Debug, Row, Deserialize)]
pub(super) struct StepRecord {
    trace_id: String,
    id: String,
    is_root: bool,
    app_root: bool,
    name: String,
    environment: String,
    start_micros: i64,
    end_micros: Option<i64>,
    level: String,
    model: String,
    input_tokens: u64,
    output_tokens: u64,
    cached_tokens: u64,
    total_tokens: u64,
    total_cost: Option<i64>,
    pub(super) is_deleted: u8,
}

impl StepRecord {
    pub(super) fn into_step(self) -> (String, Step) {
        let step = Step {
            id: self.id,
            is_root: self.is_root,
            app_root: self.app_root,
            name: self.name,
            environment: self.environment,
            start: Timestamp(self.start_micros),
            end: self.end_micros.map(Timestamp),
            level: Level::parse(&self.level).unwrap_or(Level::Default),
            model: self.model,
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
            cached_tokens: self.cached_tokens,
            total_tokens: self.total_tokens,
            total_cost: self.total_cost.map(Usd),
        };
        (self.trace_id, step)
    }
}

/// A step's whole row.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredObservation {
    pub observation: Observation,
    pub times: FieldTimes,
    pub start: Timestamp,
    pub created_at: Timestamp,
    pub row_version: u64,
}

#[derive(Debug, Row, Deserialize)]
pub(super) struct ObservationRecord {
    trace_id: String,
    id: String,
    parent_id: String,
    #[allow(dead_code)]
    start_minute: i32,
    start_micros: i64,
    end_micros: Option<i64>,
    completion_start_micros: Option<i64>,
    r#type: String,
    name: String,
    level: String,
    status_message: String,
    version: String,
    environment: String,
    input: String,
    output: String,
    metadata: Map<String>,
    model: String,
    model_parameters: String,
    usage: Map<u64>,
    stated_cost: Map<i64>,
    prompt_name: String,
    prompt_version: Option<u32>,
    app_root: bool,
    user_id: String,
    session_id: String,
    trace_name: String,
    tags: Vec<String>,
    release: String,
    scope_name: String,
    field_times: Vec<(u8, i64)>,
    created_micros: i64,
    row_version: u64,
    pub(super) is_deleted: u8,
}

impl From<ObservationRecord> for StoredObservation {
    fn from(row: ObservationRecord) -> Self {
        let observation = Observation {
            trace_id: row.trace_id,
            id: row.id,
            parent_id: said(row.parent_id),
            kind: ObservationType::parse(&row.r#type),
            name: said(row.name),
            start_time: Some(Timestamp(row.start_micros)),
            end_time: row.end_micros.map(Timestamp),
            completion_start_time: row.completion_start_micros.map(Timestamp),
            level: Level::parse(&row.level),
            status_message: said(row.status_message),
            version: said(row.version),
            environment: Some(Environment::normalise(&row.environment)),
            input: said(row.input),
            output: said(row.output),
            metadata: row.metadata,
            model: said(row.model),
            model_parameters: said(row.model_parameters),
            usage: row.usage,
            stated_cost: row.stated_cost.into_iter().map(|(k, v)| (k, Usd(v))).collect(),
            cost: Vec::new(),
            model_id: None,
            prompt_name: said(row.prompt_name),
            prompt_version: row.prompt_version,
            app_root: Some(row.app_root),
            user_id: said(row.user_id),
            session_id: said(row.session_id),
            trace_name: said(row.trace_name),
            tags: row.tags,
            release: said(row.release),
            scope_name: said(row.scope_name),
        };
        Self {
            observation,
            times: FieldTimes(row.field_times),
            start: Timestamp(row.start_micros),
            created_at: Timestamp(row.created_micros),
            row_version: row.row_version,
        }
    }
}

/// A score's row.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredScore {
    pub score: Score,
    pub created_at: Timestamp,
    pub row_version: u64,
}

#[derive(Debug, Row, Deserialize)]
pub(super) struct ScoreRecord {
    id: String,
    timestamp_micros: i64,
    name: String,
    trace_id: String,
    observation_id: String,
    session_id: String,
    dataset_run_id: String,
    value: Option<f64>,
    string_value: Option<String>,
    data_type: String,
    source: String,
    comment: Option<String>,
    metadata: Map<String>,
    environment: String,
    config_id: String,
    queue_id: String,
    author_user_id: String,
    created_micros: i64,
    row_version: u64,
    pub(super) is_deleted: u8,
}

impl From<ScoreRecord> for StoredScore {
    fn from(row: ScoreRecord) -> Self {
        let score = Score {
            id: row.id,
            name: said(row.name),
            trace_id: said(row.trace_id),
            observation_id: said(row.observation_id),
            session_id: said(row.session_id),
            dataset_run_id: said(row.dataset_run_id),
            value: row.value,
            string_value: row.string_value,
            data_type: ScoreDataType::parse(&row.data_type),
            source: ScoreSource::parse(&row.source),
            comment: row.comment,
            metadata: row.metadata,
            environment: Some(Environment::normalise(&row.environment)),
            config_id: said(row.config_id),
            queue_id: said(row.queue_id),
            author_user_id: said(row.author_user_id),
            timestamp: Some(Timestamp(row.timestamp_micros)),
        };
        Self { score, created_at: Timestamp(row.created_micros), row_version: row.row_version }
    }
}
