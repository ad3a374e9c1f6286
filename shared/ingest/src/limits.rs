//! What a request may cost, how it is refused, and what was left out of it.

use std::sync::Arc;

use agenttrace_domain::{ScoreConfig, Sdk, Timestamp};
use agenttrace_pricing::Prices;
use thiserror::Error;

/// Bounds on one request. Everything above them is refused or cut, and counted; nothing is lost in silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body after decompression.
    pub max_decompressed: usize,
    /// Spans of an OTLP request, events of a batch, scores of an array.
    pub max_spans: usize,
    /// Attributes of one span, metadata keys of one batch event. The rest is dropped.
    pub max_attributes: usize,
    /// Bytes of one text field (input, output, a metadata value). Cut at a character boundary, with a mark.
    pub max_text: usize,
    /// Levels of nesting of an attribute's value or of a batch event's body.
    pub max_depth: usize,
    /// Bytes that a file in a text must have to be lifted out of it.
    pub min_media_bytes: usize,
    /// Files that are lifted out of one request. The rest stays text.
    pub max_media: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_decompressed: 32 << 20,
            max_spans: 100_000,
            max_attributes: 4_096,
            max_text: 8 << 20,
            max_depth: 64,
            min_media_bytes: 64,
            max_media: 200,
        }
    }
}

/// Everything about a request that its body doesn't say.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// When the request came. Later statements win by their own time, but never by one later than this.
    pub now: Timestamp,
    pub sdk: &'a Sdk,
    /// `x-langfuse-ingestion-version`.
    pub ingestion_version: Option<u32>,
    /// The project's.
    pub prices: Prices<'a>,
    /// The project's score config of an id, `None` when it has none.
    pub score_configs: &'a dyn Fn(&str) -> Option<Arc<ScoreConfig>>,
    /// Makes an id where the client may leave it out.
    pub new_id: &'a dyn Fn() -> String,
    pub limits: &'a Limits,
}

/// Why a whole request is refused. The text goes to the client: it says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// 400
    #[error("{0}")]
    BadRequest(String),
    /// 413
    #[error("{0}")]
    TooLarge(String),
    /// 415
    #[error("{0}")]
    UnsupportedMedia(String),
}

impl Refusal {
    /// The HTTP status that says the same.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::TooLarge(_) => 413,
            Self::UnsupportedMedia(_) => 415,
        }
    }

    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::BadRequest(message.into())
    }
}

/// What was left out of what was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Attributes above [`Limits::max_attributes`] or that could not be read.
    pub attributes: u64,
    /// Texts that were cut.
    pub texts: u64,
    /// Token counts and costs that can't be: negative, fractional, beyond 2^53, not numbers.
    pub amounts: u64,
}

impl Dropped {
    /// Was nothing left out?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
