//! What travels on the stream from the ingest functions to the writer.

use serde::{Deserialize, Serialize};

use crate::{Observation, Score, Timestamp, Trace};

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
}

impl Event {
    /// Events with the same key are written in the order in which they came.
    #[must_use]
    pub fn ordering_key(&self) -> &str {
        match self {
            Self::Observation(o) | Self::ObservationPatch { patch: o, .. } => &o.trace_id,
            Self::Trace { patch, .. } => &patch.id,
            Self::Score(s) | Self::ScorePatch { patch: s, .. } => s.ordering_key(),
        }
    }
}

/// Which client sent the events. The name and version change the meaning of metadata, so they stay with the row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sdk {
    pub name: String,
    pub version: String,
}

/// The door through which events came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    OtlpTraces,
    Batch,
    Api,
}

impl Source {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtlpTraces => "otlp-traces",
            Self::Batch => "batch",
            Self::Api => "api",
        }
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
