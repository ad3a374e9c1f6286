//! Rows of `dataset_run_items` as they are inserted.

use agenttrace_domain::{RunItem, Timestamp, run_item_id};
use clickhouse::Row;
use serde::Serialize;

/// One telling of one run item.
#[derive(Debug, Row, Serialize)]
pub struct RunItemRow<'a> {
    pub project_id: &'a str,
    pub run_id: &'a str,
    pub item_id: &'a str,
    pub trace_id: &'a str,
    pub telling: &'a str,
    pub id: String,
    pub run_name: &'a str,
    pub run_description: &'a str,
    pub run_metadata: &'a str,
    pub dataset_id: &'a str,
    pub item_version: Option<i64>,
    pub item_metadata: &'a str,
    pub expected_output: &'a str,
    pub observation_id: &'a str,
    pub start_time: i64,
    pub end_time: Option<i64>,
    pub received_at: i64,
    pub row_version: u64,
    pub is_deleted: u8,
}

impl<'a> RunItemRow<'a> {
    #[must_use]
    pub fn new(item: &'a RunItem, project_id: &'a str, received_at: Timestamp, row_version: u64) -> Self {
        let text = |value: &'a Option<String>| value.as_deref().unwrap_or_default();
        Self {
            project_id,
            run_id: &item.run_id,
            item_id: &item.item_id,
            trace_id: &item.trace_id,
            telling: item.telling.as_str(),
            id: run_item_id(project_id, &item.run_id, &item.item_id, &item.trace_id),
            run_name: text(&item.run_name),
            run_description: text(&item.run_description),
            run_metadata: text(&item.run_metadata),
            dataset_id: text(&item.dataset_id),
            item_version: item.item_version.map(|t| t.0),
            item_metadata: text(&item.item_metadata),
            expected_output: text(&item.expected_output),
            observation_id: text(&item.observation_id),
            start_time: item.start_time.0,
            end_time: item.end_time.map(|t| t.0),
            received_at: received_at.0,
            row_version,
            is_deleted: 0,
        }
    }
}
