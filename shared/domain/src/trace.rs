//! What was said of a trace as a whole.

use serde::{Deserialize, Serialize};

use crate::{Environment, Timestamp};

/// Explicit statements about a trace; what follows from its steps (latency, cost, counts) is computed by the writer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Trace {
    pub id: String,
    pub timestamp: Option<Timestamp>,
    pub name: Option<String>,
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub input: Option<String>,
    pub output: Option<String>,
    /// As [`crate::Observation::metadata`].
    pub metadata: Vec<(String, String)>,
    /// A set: unions over all statements. Sorted, each once.
    pub tags: Vec<String>,
    /// `Some` replaces the set of tags instead of adding to it (a person edited them).
    pub replace_tags: Option<Vec<String>>,
    pub public: Option<bool>,
    pub bookmarked: Option<bool>,
    pub release: Option<String>,
    pub version: Option<String>,
    pub environment: Option<Environment>,
}
