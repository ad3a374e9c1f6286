//! One order a project that keeps its traces for a number of days.

use std::sync::Arc;

use agenttrace_cloud::{Queue, sdk_config};
use agenttrace_domain::{DeleteJob, Timestamp};
use agenttrace_kit::{Error, config, now};
use agenttrace_records::Records;
use serde_json::{Value, json};

const DAY_MICROS: i64 = 86_400_000_000;

pub struct State {
    records: Records,
    deletions: Queue,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        Ok(Self {
            records: Records::new(&sdk, config::TABLE_NAME.require()?),
            deletions: Queue::new(&sdk, config::DELETE_QUEUE_URL.require()?),
        })
    }
}

pub async fn handle(state: Arc<State>, _event: Value) -> Result<Value, Error> {
    let projects = state.records.projects_with_retention().await?;
    for (project_id, days) in &projects {
        let before = begin_of(*days, now());
        state.deletions.send(&DeleteJob::Expired { project_id: project_id.clone(), before }).await?;
    }
    tracing::info!(projects = projects.len(), "ordered the deletion of what is too old");
    Ok(json!({ "projects": projects.len() }))
}

/// What ended before this is not kept.
fn begin_of(days: u32, now: Timestamp) -> Timestamp {
    Timestamp(now.0.saturating_sub(i64::from(days).saturating_mul(DAY_MICROS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_back_from_now_and_never_wrap() {
        assert_eq!(begin_of(30, Timestamp(31 * DAY_MICROS)), Timestamp(DAY_MICROS));
        assert_eq!(begin_of(u32::MAX, Timestamp(0)), Timestamp(-i64::MAX));
    }
}
