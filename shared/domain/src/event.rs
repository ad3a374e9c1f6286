//! What travels on the stream from the ingest functions to the writer.

use serde::{Deserialize, Serialize};

use crate::agent::AgentRecord;
use crate::{Observation, RunItem, Score, Timestamp, Trace};

/// One statement about one entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A step that is told whole (OTLP): replaces an earlier telling without looking at it.
    Observation(Box<Observation>),
    /// A part of a step (batch API): merges with what is stored, by `at`.
    ObservationPatch {
        at: Timestamp,
        patch: Box<Observation>,
    },
    /// A statement about a trace: merges with what is stored, by `at`.
    Trace {
        at: Timestamp,
        patch: Box<Trace>,
    },
    Score(Box<Score>),
    ScorePatch {
        at: Timestamp,
        patch: Box<Score>,
    },
    /// One telling of a dataset run item, or that a run was deleted: replaces the same telling.
    RunItem(Box<RunItem>),
    /// What an agent did beside its traces: commands, files, commits, CI runs, metrics.
    Agent(AgentRecord),
    /// The cost of a stored step is to be computed anew, with the prices of now. Says nothing of a step that is not stored.
    Reprice {
        trace_id: String,
        id: String,
    },
}

impl Event {
    /// Events with the same key are written in the order in which they came.
    #[must_use]
    pub fn ordering_key(&self) -> &str {
        match self {
            Self::Observation(o) | Self::ObservationPatch { patch: o, .. } => &o.trace_id,
            Self::Trace { patch, .. } => &patch.id,
            Self::Score(s) | Self::ScorePatch { patch: s, .. } => s.ordering_key(),
            Self::RunItem(item) => item.ordering_key(),
            Self::Agent(record) => record.ordering_key(),
            Self::Reprice { trace_id, .. } => trace_id,
        }
    }
}

/// Which client sent the events. The name and version change the meaning of metadata, so they stay with the row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Sdk {
    pub name: String,
    pub version: String,
}

/// The door through which events came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    OtlpTraces,
    Batch,
    Api,
    OtlpLogs,
    OtlpMetrics,
    Hooks,
}

impl Source {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtlpTraces => "otlp-traces",
            Self::Batch => "batch",
            Self::Api => "api",
            Self::OtlpLogs => "otlp-logs",
            Self::OtlpMetrics => "otlp-metrics",
            Self::Hooks => "hooks",
        }
    }

    /// By [`Source::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::OtlpTraces, Self::Batch, Self::Api, Self::OtlpLogs, Self::OtlpMetrics, Self::Hooks]
            .into_iter()
            .find(|source| source.as_str() == text)
    }
}

/// Events of one request that share a stream partition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    pub project_id: String,
    /// When the ingest function took the request: the version of whole rows and the time by which late rows are findable.
    pub received_at: Timestamp,
    pub source: Source,
    pub sdk: Sdk,
    pub events: Vec<Event>,
}
