//! The GitHub webhook of a project: one secret, which arrives here sealed, and when GitHub last used it.

use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::table::{key, number, text};
use crate::{Error, Records};

/// A delivery is noted at most so often: a push brings several within a second.
const NOTE_MICROS: i64 = 10_000_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubWebhook {
    pub project_id: String,
    /// Sealed for this project.
    pub sealed: String,
    /// Of the first secret.
    pub created_at: Timestamp,
    /// Of this secret.
    pub rotated_at: Timestamp,
    pub last_delivery_at: Option<Timestamp>,
    pub last_event: Option<String>,
}

fn pk(project_id: &str) -> String {
    format!("GITHUBWEBHOOK#{project_id}")
}

const SK: &str = "WEBHOOK";

impl GithubWebhook {
    fn to_item(&self) -> NewItem {
        NewItem::new(pk(&self.project_id), SK.to_owned())
            .text("project_id", &self.project_id)
            .text("sealed", &self.sealed)
            .number("created_at", self.created_at.0)
            .number("rotated_at", self.rotated_at.0)
            .maybe_number("last_delivery_at", self.last_delivery_at.map(|at| at.0))
            .maybe_text("last_event", self.last_event.as_deref())
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            project_id: item.text("project_id")?,
            sealed: item.text("sealed")?,
            created_at: item.time("created_at")?,
            rotated_at: item.time("rotated_at")?,
            last_delivery_at: item.maybe_time("last_delivery_at"),
            last_event: item.maybe_text("last_event"),
        })
    }
}

impl Records {
    pub async fn github_webhook(&self, project_id: &str) -> Result<Option<GithubWebhook>, Error> {
        self.read("read a GitHub webhook", &pk(project_id), SK).await?.as_ref().map(GithubWebhook::from_item).transpose()
    }

    /// Writes a project's webhook over the one that is there.
    pub async fn put_github_webhook(&self, webhook: &GithubWebhook) -> Result<(), Error> {
        let put = self.client.put_item().table_name(&self.table).set_item(Some(webhook.to_item().into_attributes()));
        put.send().await.map(drop).map_err(|e| Error::from_sdk("write a GitHub webhook", e))
    }

    /// `false` when there is none.
    pub async fn delete_github_webhook(&self, project_id: &str) -> Result<bool, Error> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk(project_id), SK)))
            .condition_expression("attribute_exists(pk)");
        match delete.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("delete a GitHub webhook", e)),
        }
    }

    /// Notes a delivery, unless another was noted a moment ago or the webhook is gone by now.
    pub async fn note_github_delivery(&self, project_id: &str, event: &str, now: Timestamp) -> Result<(), Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk(project_id), SK)))
            .update_expression("SET last_delivery_at = :now, last_event = :event")
            .condition_expression("attribute_exists(pk) AND (attribute_not_exists(last_delivery_at) OR last_delivery_at < :before)")
            .expression_attribute_values(":now", number(now.0))
            .expression_attribute_values(":event", text(event))
            .expression_attribute_values(":before", number(now.0 - NOTE_MICROS));
        match update.send().await {
            Ok(_) => Ok(()),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(e) => Err(Error::from_sdk("note a delivery of GitHub's", e)),
        }
    }
}
