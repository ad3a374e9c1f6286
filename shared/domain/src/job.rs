//! Jobs that functions hand to each other through queues.

use serde::{Deserialize, Serialize};

/// What to delete for good. Doing it twice is the same as once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DeleteJob {
    /// Traces with their steps, their scores and their texts.
    Traces {
        project_id: String,
        trace_ids: Vec<String>,
    },
    Scores {
        project_id: String,
        score_ids: Vec<String>,
    },
}
