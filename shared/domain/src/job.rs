//! Jobs that functions hand to each other through queues.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Goes on with a recalculation of past costs, from where it is. Doing it twice is the same as once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepriceJob {
    pub project_id: String,
    pub recalculation_id: String,
}

/// What to delete for good. Doing it twice is the same as once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DeleteJob {
    /// A project with everything that it holds.
    Project {
        project_id: String,
    },
    /// Traces with their steps, their scores and their texts, as far as they were accepted up to `ordered_at`: sent again later, a trace is new.
    Traces {
        project_id: String,
        trace_ids: Vec<String>,
        ordered_at: Timestamp,
    },
    /// Traces of a project that ended before a time, and what stands alone and is older.
    Expired {
        project_id: String,
        before: Timestamp,
    },
    Scores {
        project_id: String,
        score_ids: Vec<String>,
    },
    /// What was told of dataset runs, received until `before` (microseconds).
    DatasetRuns {
        project_id: String,
        run_ids: Vec<String>,
        before: u64,
    },
}
