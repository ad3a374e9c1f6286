//! One deletion after the other.

use std::sync::Arc;

use agenttrace_cloud::failed::{self, FailedRecord, Without};
use agenttrace_cloud::{Blobs, MediaBucket, Queue, Secrets, sdk_config};
use agenttrace_domain::{DeleteJob, Envelope, Event, Timestamp, overflow_prefix};
use agenttrace_kit::worker::{BatchAnswer, QueueEvent, each_message};
use agenttrace_kit::{Error, config, media, now};
use agenttrace_records::{Owner, Records, Released};
use agenttrace_store::write::Writer;

pub struct State {
    writer: Writer,
    blobs: Blobs,
    records: Records,
    media: MediaBucket,
    deletions: Queue,
}

impl State {
    pub async fn new() -> Result<Self, Error> {
        let sdk = sdk_config().await;
        let user = Secrets::new(&sdk).user(&config::CLICKHOUSE_SECRET_ARN.require()?).await?;
        let writer =
            Writer::new(&config::CLICKHOUSE_URL.require()?, &config::CLICKHOUSE_DATABASE.require()?, &user.username, &user.password);
        Ok(Self {
            writer,
            blobs: Blobs::new(&sdk, config::DATA_BUCKET.require()?),
            records: Records::new(&sdk, config::TABLE_NAME.require()?),
            media: media::bucket(&sdk)?,
            deletions: Queue::new(&sdk, config::DELETE_QUEUE_URL.require()?),
        })
    }

    /// The texts of these traces that were too large for the stream.
    async fn delete_objects(&self, project_id: &str, trace_ids: &[String]) -> Result<(), Error> {
        for trace_id in trace_ids {
            for key in self.blobs.list(&overflow_prefix(project_id, trace_id), None).await? {
                self.blobs.delete(&key).await?;
            }
        }
        Ok(())
    }

    /// What was put aside of a project because it could not be stored, if it is `gone`. There is seldom anything to look through.
    async fn delete_failed(&self, project_id: &str, places: &[String], gone: impl Fn(&Envelope, &Event) -> bool) -> Result<(), Error> {
        let mut after: Option<String> = None;
        loop {
            let keys = self.blobs.list(failed::PREFIX, after.as_deref()).await?;
            let Some(last) = keys.last().cloned() else { return Ok(()) };
            for key in &keys {
                let object = match self.blobs.get(key).await {
                    Err(agenttrace_cloud::Error::Missing { .. }) => continue, // redriven meanwhile
                    object => object?,
                };
                // What is no record tells nothing of whose it is.
                let Ok(record) = FailedRecord::parse(&object) else { continue };
                match record.without(project_id, places, &gone) {
                    Without::Same => {}
                    Without::Nothing => self.blobs.delete(key).await?,
                    Without::Rest(rest) => {
                        let body = serde_json::to_vec(&rest).map_err(|e| Error::internal("encode a failed record", e))?;
                        self.blobs.put(key, body, "application/json").await?;
                    }
                }
            }
            after = Some(last);
        }
    }

    /// The links of these traces to files, and the files that nothing else links to.
    async fn release_media(&self, project_id: &str, trace_ids: &[String], ordered_at: Timestamp) -> Result<(), Error> {
        for trace_id in trace_ids {
            let owner = Owner::Trace(trace_id);
            for link in self.records.media_links_until(project_id, owner, ordered_at).await? {
                match self.records.release_media_link(project_id, owner, &link).await? {
                    Released::Kept => continue,
                    Released::Others => {}
                    Released::Last { object } => self.media.delete(&object).await?,
                }
                self.records.forget_media_link(project_id, owner, &link).await?;
            }
        }
        Ok(())
    }
}

/// The prefixes under which objects of a project lie in the data bucket, each followed by its id.
const PROJECT_PREFIXES: &[&str] = &["overflow", "prompts", "datasets"];

impl State {
    async fn delete_project(&self, project_id: &str) -> Result<(), Error> {
        self.writer.delete_project(project_id).await?;
        self.delete_failed(project_id, &[format!("overflow/{project_id}/")], |_, _| true).await?;
        let mut objects = 0;
        for prefix in PROJECT_PREFIXES {
            // What was deleted is no longer listed, so the next page is the first.
            loop {
                let keys = self.blobs.list(&format!("{prefix}/{project_id}/"), None).await?;
                if keys.is_empty() {
                    break;
                }
                for key in &keys {
                    self.blobs.delete(key).await?;
                }
                objects += keys.len();
            }
        }
        loop {
            let keys = self.media.list(&format!("{project_id}/")).await?;
            if keys.is_empty() {
                break;
            }
            for key in &keys {
                self.media.delete(key).await?;
            }
            objects += keys.len();
        }
        let records = self.records.delete_project_items(project_id).await?;
        tracing::info!(project.id = project_id, objects, records, "deleted a project");
        Ok(())
    }
}

/// Old traces that one job deletes; when there are more, another job goes on.
const EXPIRED_AT_ONCE: u32 = 2_000;

impl State {
    async fn delete_expired(&self, project_id: &str, before: Timestamp) -> Result<(), Error> {
        let trace_ids = self.writer.expired_traces(project_id, before, EXPIRED_AT_ONCE).await?;
        if !trace_ids.is_empty() {
            self.delete_traces(project_id, &trace_ids, now()).await?;
        }
        if trace_ids.len() < EXPIRED_AT_ONCE as usize {
            self.writer.delete_expired_rows(project_id, before).await?;
        } else {
            self.deletions.send(&DeleteJob::Expired { project_id: project_id.to_owned(), before }).await?;
        }
        tracing::info!(project.id = project_id, traces = trace_ids.len(), "deleted what was too old");
        Ok(())
    }

    async fn delete_traces(&self, project_id: &str, trace_ids: &[String], ordered_at: Timestamp) -> Result<(), Error> {
        self.writer.delete_traces(project_id, trace_ids, ordered_at).await?;
        self.delete_objects(project_id, trace_ids).await?;
        self.delete_failed(project_id, &failed::places(project_id, trace_ids), |envelope, event| {
            envelope.received_at <= ordered_at && trace_ids.iter().any(|id| id == event.ordering_key())
        })
        .await?;
        self.release_media(project_id, trace_ids, ordered_at).await
    }
}

pub async fn handle(state: Arc<State>, event: QueueEvent) -> Result<BatchAnswer, Error> {
    let state = &state;
    Ok(each_message(event, |job: DeleteJob| async move {
        match job {
            DeleteJob::Project { project_id } => state.delete_project(&project_id).await?,
            DeleteJob::Traces { project_id, trace_ids, ordered_at } => {
                state.delete_traces(&project_id, &trace_ids, ordered_at).await?;
                tracing::info!(project.id = project_id, traces = trace_ids.len(), "deleted traces");
            }
            DeleteJob::Expired { project_id, before } => state.delete_expired(&project_id, before).await?,
            DeleteJob::Scores { project_id, score_ids } => {
                state.writer.delete_scores(&project_id, &score_ids).await?;
                tracing::info!(project.id = project_id, scores = score_ids.len(), "deleted scores");
            }
            DeleteJob::DatasetRuns { project_id, run_ids, before } => {
                state.writer.delete_runs(&project_id, &run_ids, before).await?;
                tracing::info!(project.id = project_id, runs = run_ids.len(), "deleted dataset runs");
            }
        }
        Ok(())
    })
    .await)
}
