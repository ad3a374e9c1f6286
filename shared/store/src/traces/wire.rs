//! Stored traces as the API shows them.

use agenttrace_api::traces::{Trace, TraceDetail, TraceRow};

use super::TraceRecord;
use crate::text;

/// The field groups of Langfuse's v1 (`core` is always there).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V1Fields {
    pub io: bool,
    pub scores: bool,
    pub observations: bool,
    pub metrics: bool,
}

impl V1Fields {
    /// A comma list; all groups when nothing is asked for. Unknown names are passed over.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Self {
        let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else {
            return Self { io: true, scores: true, observations: true, metrics: true };
        };
        let asked = |name| text.split(',').any(|t| t.trim() == name);
        Self { io: asked("io"), scores: asked("scores"), observations: asked("observations"), metrics: asked("metrics") }
    }
}

impl TraceRecord {
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn latency(&self) -> Option<f64> {
        self.latency_ms.map(|ms| ms as f64 / 1e3)
    }

    #[must_use]
    pub fn cost(&self) -> Option<f64> {
        self.total_cost.map(text::usd)
    }

    /// Langfuse's trace.
    #[must_use]
    pub fn into_v1(self, project_id: &str) -> Trace {
        Trace {
            id: self.id,
            project_id: project_id.to_owned(),
            timestamp: text::time(self.at),
            name: text::some(self.name),
            user_id: text::some(self.user_id),
            session_id: text::some(self.session_id),
            environment: self.environment,
            tags: self.tags,
            release: text::some(self.release),
            version: text::some(self.version),
            public: self.public,
            bookmarked: self.bookmarked,
            external_id: None,
            input: text::io(self.input),
            output: text::io(self.output),
            metadata: text::metadata(self.metadata),
            created_at: text::time(self.created),
            updated_at: text::time(self.updated),
        }
    }

    /// A row of the dashboard's list.
    #[must_use]
    pub fn into_row(self) -> TraceRow {
        TraceRow {
            latency: self.latency(),
            total_cost: self.cost(),
            id: self.id,
            timestamp: text::time(self.at),
            name: text::some(self.name),
            user_id: text::some(self.user_id),
            session_id: text::some(self.session_id),
            environment: self.environment,
            tags: self.tags,
            release: text::some(self.release),
            version: text::some(self.version),
            level: self.level,
            public: self.public,
            bookmarked: self.bookmarked,
            input_preview: text::some(self.input_preview),
            output_preview: text::some(self.output_preview),
            observation_count: self.observation_count,
            error_count: self.error_count,
            warning_count: self.warning_count,
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
            cached_tokens: self.cached_tokens,
            total_tokens: self.total_tokens,
            unpriced_count: self.unpriced_count,
            models: self.models,
            updated_at: text::time(self.updated),
        }
    }

    /// The dashboard's page of one trace.
    #[must_use]
    pub fn into_detail(mut self) -> TraceDetail {
        let input = text::io(std::mem::take(&mut self.input));
        let output = text::io(std::mem::take(&mut self.output));
        let metadata = text::metadata(std::mem::take(&mut self.metadata));
        TraceDetail { row: self.into_row(), metadata, input, output }
    }
}
