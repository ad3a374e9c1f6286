//! Reading prompts through the memory: at most one read of the table for a head and one for a version, none for what is fresh.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use agenttrace_api::Json;
use agenttrace_cloud::Blobs;
use agenttrace_domain::Timestamp;
use agenttrace_domain::prompt::reference::Target;
use agenttrace_domain::prompt::{Content, Head, PromptType, Reference};
use agenttrace_kit::{Error, now};
use agenttrace_records::{PromptBody, PromptVersion};
use serde::{Deserialize, Serialize};

use crate::memory::FRESH_MILLIS;
use crate::state::State;

/// After a failure the table is left alone for so long, and heads from memory serve at once.
const AWAY_MILLIS: i64 = 2_000;

/// A version as it was written, ready to be shown.
pub struct Version {
    pub id: String,
    pub prompt_id: String,
    pub version: u32,
    pub content: Content,
    pub config: Json,
    pub references: Vec<Reference>,
    pub commit_message: Option<String>,
    pub created_at: Timestamp,
    pub created_by: Option<String>,
}

/// What an object holds when a version is too long for an item.
#[derive(Serialize, Deserialize)]
pub struct StoredBody {
    pub prompt: String,
    pub config: String,
}

impl State {
    /// The version that a name and a target lead to. Absence is looked up anew: what was just made is found, wherever it was made.
    pub async fn locate(&self, project_id: &str, name: &str, target: &Target) -> Result<Option<(Arc<Head>, Arc<Version>)>, Error> {
        let (head, fresh) = self.head(project_id, name).await?;
        if let Some(found) = self.target_of(project_id, head, target).await? {
            return Ok(Some(found));
        }
        if fresh {
            return Ok(None);
        }
        let head = self.read_head(project_id, name).await?;
        self.target_of(project_id, head, target).await
    }

    async fn target_of(
        &self,
        project_id: &str,
        head: Option<Arc<Head>>,
        target: &Target,
    ) -> Result<Option<(Arc<Head>, Arc<Version>)>, Error> {
        let Some(head) = head else { return Ok(None) };
        let version = match target {
            Target::Version(number) => head.mark(*number).map(|m| m.version),
            Target::Label(label) => head.version_of(label),
        };
        let Some(version) = version else { return Ok(None) };
        let found = self.version(project_id, &head, version).await?;
        Ok(found.map(|v| (head, v)))
    }

    /// A head, and whether it was read just now.
    pub async fn head(&self, project_id: &str, name: &str) -> Result<(Option<Arc<Head>>, bool), Error> {
        let now = millis();
        let known = self.memory.head(project_id, name, now);
        if let Some((age, head)) = &known
            && (*age <= FRESH_MILLIS || now < self.away_until.load(Ordering::Relaxed))
        {
            return Ok((Some(Arc::clone(head)), false));
        }
        match (self.read_head(project_id, name).await, known) {
            (Err(Error::Unavailable { attempt, source }), Some((_, head))) => {
                self.away_until.store(millis() + AWAY_MILLIS, Ordering::Relaxed);
                tracing::warn!(error = format!("{attempt}: {source:#}"), "the table is away: a prompt is served from memory");
                Ok((Some(head), false))
            }
            (outcome, _) => Ok((outcome?, true)),
        }
    }

    /// A head from the table.
    pub async fn read_head(&self, project_id: &str, name: &str) -> Result<Option<Arc<Head>>, Error> {
        let at = millis();
        let found = self.records.prompt_head(project_id, name).await?.filter(|found| !found.deleted);
        match found {
            Some(found) => {
                let head = Arc::new(found.head);
                self.memory.keep_head(project_id, name, &head, at);
                Ok(Some(head))
            }
            None => {
                self.memory.forget_head(project_id, name);
                Ok(None)
            }
        }
    }

    /// A version of a head. `None` when it was deleted just now.
    pub async fn version(&self, project_id: &str, head: &Head, version: u32) -> Result<Option<Arc<Version>>, Error> {
        if let Some(version) = self.memory.version(&head.id, version) {
            return Ok(Some(version));
        }
        let Some(stored) = self.records.prompt_version(project_id, &head.id, version).await? else { return Ok(None) };
        let version = Arc::new(opened(&self.blobs, head.kind, stored).await?);
        self.memory.keep_version(&version);
        Ok(Some(version))
    }
}

/// A version with its body, wherever it lies.
pub async fn opened(blobs: &Blobs, kind: PromptType, stored: PromptVersion) -> Result<Version, Error> {
    let body = body_of(blobs, stored.body).await?;
    let broken = |what: &str| Error::internal("read a version of a prompt", anyhow::anyhow!("its {what} can't be read"));
    Ok(Version {
        id: stored.id,
        prompt_id: stored.prompt_id,
        version: stored.version,
        content: Content::parse(kind, &body.prompt).map_err(|_| broken("prompt"))?,
        config: Json::parse(body.config).map_err(|_| broken("config"))?,
        references: stored.references,
        commit_message: stored.commit_message,
        created_at: stored.created_at,
        created_by: stored.created_by,
    })
}

/// A body as it was stored.
pub async fn body_of(blobs: &Blobs, body: PromptBody) -> Result<StoredBody, Error> {
    match body {
        PromptBody::Here { prompt, config } => Ok(StoredBody { prompt, config }),
        PromptBody::Object(key) => {
            let bytes = blobs.get(&key).await?;
            serde_json::from_slice(&bytes).map_err(|e| Error::internal("read a long prompt", e))
        }
        PromptBody::Unread => Err(Error::internal("read a version of a prompt", anyhow::anyhow!("its body was not asked for"))),
    }
}

pub fn millis() -> i64 {
    now().0 / 1_000
}
