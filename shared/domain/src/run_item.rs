//! An item of a dataset run (an experiment): one try of the application on one dataset item, with its trace.
//!
//! The same try may be told twice, by a posted run item and by the attributes of its span. Both tellings are kept, each in its own row, and
//! readers see them as one: the run, the item and the trace tell which try it is.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RunTelling {
    /// A posted dataset run item.
    Posted,
    /// The span that is the try.
    Span,
    /// The run was deleted: hides every telling received before. Names a run, no item and no trace.
    Deleted,
}

impl RunTelling {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Span => "span",
            Self::Deleted => "deleted",
        }
    }
}

/// One telling of one try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunItem {
    pub telling: RunTelling,
    /// The dataset run's id, which is the experiment's.
    pub run_id: String,
    pub run_name: Option<String>,
    pub run_description: Option<String>,
    /// A JSON text.
    pub run_metadata: Option<String>,
    /// `None` for items made up on the spot.
    pub dataset_id: Option<String>,
    pub item_id: String,
    pub item_version: Option<Timestamp>,
    /// A JSON text.
    pub item_metadata: Option<String>,
    pub expected_output: Option<String>,
    pub trace_id: String,
    pub observation_id: Option<String>,
    pub start_time: Timestamp,
    pub end_time: Option<Timestamp>,
}

impl RunItem {
    /// That a run is gone, as of when this is received.
    #[must_use]
    pub const fn deleted(run_id: String, at: Timestamp) -> Self {
        Self {
            telling: RunTelling::Deleted,
            run_id,
            run_name: None,
            run_description: None,
            run_metadata: None,
            dataset_id: None,
            item_id: String::new(),
            item_version: None,
            item_metadata: None,
            expected_output: None,
            trace_id: String::new(),
            observation_id: None,
            start_time: at,
            end_time: None,
        }
    }

    /// What a record's partition key is made of.
    #[must_use]
    pub fn ordering_key(&self) -> &str {
        if self.trace_id.is_empty() { &self.run_id } else { &self.trace_id }
    }
}

/// The id of a run item: follows from what it is, so that every telling, and a repeated one, gives the same.
#[must_use]
pub fn run_item_id(project_id: &str, run_id: &str, item_id: &str, trace_id: &str) -> String {
    let mut text = String::with_capacity(project_id.len() + run_id.len() + item_id.len() + trace_id.len() + 16);
    for part in [project_id, run_id, item_id, trace_id] {
        // Lengths keep neighbours apart: ("ab", "c") is not ("a", "bc").
        text.push_str(&part.len().to_string());
        text.push(':');
        text.push_str(part);
    }
    let half = |seed| twox_hash::XxHash64::oneshot(seed, text.as_bytes());
    format!("{:016x}{:016x}", half(0), half(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_items_id_follows_from_run_item_and_trace() {
        let id = run_item_id("p", "r", "i", "t");

        assert_eq!(id, run_item_id("p", "r", "i", "t"));
        assert_eq!(id.len(), 32);
        for other in [run_item_id("q", "r", "i", "t"), run_item_id("p", "r", "i", "u"), run_item_id("p", "ri", "", "t")] {
            assert_ne!(id, other);
        }
    }

    #[test]
    fn tellings_follow_their_trace_and_deletions_their_run() {
        let mut item = RunItem::deleted("run".into(), Timestamp(1));
        assert_eq!(item.ordering_key(), "run");

        item.trace_id = "trace".into();
        assert_eq!(item.ordering_key(), "trace");
    }
}
