//! One step of a trace: a span, a model call, a tool call, an event.

use serde::{Deserialize, Serialize};

use crate::{Environment, Timestamp, Usd};

/// Langfuse's ten types. The names on the wire are the upper-case ones of [`ObservationType::as_str`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObservationType {
    Span,
    Generation,
    Event,
    Agent,
    Tool,
    Chain,
    Retriever,
    Evaluator,
    Embedding,
    Guardrail,
}

impl ObservationType {
    pub const ALL: [Self; 10] = [
        Self::Span,
        Self::Generation,
        Self::Event,
        Self::Agent,
        Self::Tool,
        Self::Chain,
        Self::Retriever,
        Self::Evaluator,
        Self::Embedding,
        Self::Guardrail,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Span => "SPAN",
            Self::Generation => "GENERATION",
            Self::Event => "EVENT",
            Self::Agent => "AGENT",
            Self::Tool => "TOOL",
            Self::Chain => "CHAIN",
            Self::Retriever => "RETRIEVER",
            Self::Evaluator => "EVALUATOR",
            Self::Embedding => "EMBEDDING",
            Self::Guardrail => "GUARDRAIL",
        }
    }

    /// Any case, as attributes and batch events spell it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str().eq_ignore_ascii_case(text))
    }
}

/// How serious a step's outcome is. Ordered: the highest of a trace's steps is the trace's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    Debug,
    Default,
    Warning,
    Error,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Debug, Self::Default, Self::Warning, Self::Error];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Default => "DEFAULT",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.as_str().eq_ignore_ascii_case(text))
    }
}

/// A step, or what one event says of it. Absent is `None`; see [`crate::merge`] for how two statements become one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Observation {
    pub trace_id: String,
    pub id: String,
    pub parent_id: Option<String>,
    pub kind: Option<ObservationType>,
    pub name: Option<String>,
    pub start_time: Option<Timestamp>,
    pub end_time: Option<Timestamp>,
    /// When the first token came.
    pub completion_start_time: Option<Timestamp>,
    pub level: Option<Level>,
    pub status_message: Option<String>,
    pub version: Option<String>,
    pub environment: Option<Environment>,
    /// Text as it came; JSON stays JSON text.
    pub input: Option<String>,
    pub output: Option<String>,
    /// Key to value. Strings are stored bare, everything else as JSON text. Sorted by key, keys once.
    pub metadata: Vec<(String, String)>,
    /// The model's name as the client gave it.
    pub model: Option<String>,
    /// JSON object text.
    pub model_parameters: Option<String>,
    /// Disjoint token (or other unit) buckets: `input` is fresh input only, cached and reasoning tokens have keys of their own.
    /// `total` may stand beside them. Langfuse's key names. Sorted by key, keys once.
    pub usage: Vec<(String, u64)>,
    /// Cost by usage key as the client stated it. Beats a computed cost. Sorted by key, keys once.
    pub stated_cost: Vec<(String, Usd)>,
    /// Cost by usage key and `total`: stated or computed. Empty when the price is unknown.
    pub cost: Vec<(String, Usd)>,
    /// The price entry that matched, empty when none did.
    pub model_id: Option<String>,
    pub prompt_name: Option<String>,
    pub prompt_version: Option<u32>,
    /// `langfuse.internal.is_app_root`: the trace's root although a parent outside exists.
    pub app_root: Option<bool>,
    /// The trace's attributes as this step carried them, so that lists of steps need no join.
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub trace_name: Option<String>,
    pub tags: Vec<String>,
    pub release: Option<String>,
    /// The instrumentation scope's name.
    pub scope_name: Option<String>,
}

impl Observation {
    /// The root of its trace, as far as this step alone can tell.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.parent_id.is_none() || self.app_root == Some(true)
    }

    #[must_use]
    pub fn usage_of(&self, key: &str) -> Option<u64> {
        self.usage.iter().find(|(k, _)| k == key).map(|(_, v)| *v)
    }

    /// All input-side buckets together: every key that names `input`, as Langfuse sums them (`cache_read_input_tokens` among them).
    #[must_use]
    pub fn input_tokens(&self) -> u64 {
        side_sum(&self.usage, "input")
    }

    #[must_use]
    pub fn output_tokens(&self) -> u64 {
        side_sum(&self.usage, "output")
    }

    /// What was read from a cache, under the names that clients give it.
    #[must_use]
    pub fn cached_tokens(&self) -> u64 {
        let read = |key: &str| key.contains("cached") || key.contains("cache_read");
        self.usage.iter().filter(|(k, _)| read(k)).fold(0, |sum, (_, v)| sum.saturating_add(*v))
    }

    /// The stated total, else the sum of the buckets.
    #[must_use]
    pub fn total_tokens(&self) -> u64 {
        self.usage_of("total")
            .unwrap_or_else(|| self.usage.iter().filter(|(k, _)| k != "total").fold(0, |sum, (_, v)| sum.saturating_add(*v)))
    }

    #[must_use]
    pub fn total_cost(&self) -> Option<Usd> {
        self.cost.iter().find(|(k, _)| k == "total").map(|(_, v)| *v)
    }
}

fn side_sum(usage: &[(String, u64)], side: &str) -> u64 {
    usage.iter().filter(|(k, _)| k.contains(side)).fold(0, |sum, (_, v)| sum.saturating_add(*v))
}

#[cfg(test)]
mod tests {
    use super::Observation;

    #[test]
    fn buckets_sum_by_side_whatever_clients_call_them() {
        for (usage, expected) in [
            (vec![("input", 10), ("input_cached_tokens", 5), ("output", 3), ("output_reasoning_tokens", 2)], (15, 5, 5, 20)),
            (vec![("cache_creation_input_tokens", 4), ("cache_read_input_tokens", 6), ("input", 1), ("output", 2)], (11, 2, 6, 13)),
            (vec![("total", 9)], (0, 0, 0, 9)),
        ] {
            let usage = usage.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
            let o = Observation { usage, ..Observation::default() };
            assert_eq!((o.input_tokens(), o.output_tokens(), o.cached_tokens(), o.total_tokens()), expected);
        }
    }
}
