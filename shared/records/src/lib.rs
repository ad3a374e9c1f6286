//! What people edit, in one DynamoDB table: organizations, projects, members, users, API keys, sessions. One module per entity, each with
//! its keys, its form and the questions asked of it as methods of [`Records`]; this is the only crate that knows DynamoDB.
//!
//! | pk | sk | what | gsi1 |
//! |---|---|---|---|
//! | `ORG#<id>` | `ORG` | organization | |
//! | `PROJECT#<id>` | `PROJECT` | project | `ORG#<organization>` / `PROJECT#<id>` |
//! | `PROJECT#<id>` | `KEY#<id>` | which public key has this id | |
//! | `USER#<id>` | `USER` | user | |
//! | `USER#<id>` | `MEMBER#<organization>` | role in an organization and its projects | `ORG#<organization>` / `MEMBER#<user>` |
//! | `USER#<id>` | `SESSION#<id>` | session, gone by `ttl` | |
//! | `EMAIL#<e-mail>` | `EMAIL` | whose address this is: makes it unique | |
//! | `KEY#<public key>` | `KEY` | API key | |
//! | `SECRET#<hash>` | `SECRET` | which public key has this secret: makes it unique | |
//! | `THROTTLE#<subject>#<window>` | `THROTTLE` | counted attempts, gone by `ttl` | |
//! | `RATE#<class>#<window>#<public key>` | `RATE` | requests taken of a limit, gone by `ttl` | |
//! | `ORG#<id>` | `KEY#<id>` | which public key of the organization has this id | |
//! | `ORG#<id>` | `INVITATION#<id>` | invitation, gone by `ttl` | |
//! | `PROJECT#<id>` | `MODEL#<id>` | a model that the project defined | |
//! | `PROJECT#<id>` | `RECALCULATION#<id>` | recalculation of past costs | |
//! | `MEDIA#<project>#<media>` | `MEDIA` | a file | |
//! | `MEDIAOF#<project>#<owner>` | `LINK#<media>#<field>#<hash>` | where a file belongs | |
//! | `PROJECT#<id>` | `PROMPT#<name>` | prompt; the rest of it in [`prompts`] | |
//! | `DATASETS#<project>` | `NAME#<name>` | dataset | |
//! | `DATASETS#<project>` | `AT#<created>#<id>` | which name this dataset has: lists them by time | |
//! | `DATASET#<project>#<id>` | `ITEM#…`, `VERSION#…` | entries of items ([`dataset_items`]) | `DATASET_ITEMS#<project>` / `ITEM#…` |
//! | `DATASET#<project>#<id>` | `RUN#<hash of name>` | what was posted of a run | |
//! | `DATASETCOUNTS#<project>` | `<dataset>#…` | how many items ([`dataset_counts`]) | |
//! | `DATASET_ITEM#<project>#<hash of id>` | `ITEM`, `BODY#…` | dataset item, texts of its versions | |
//! | `SCORECONFIGS#<project>` | `CONFIG#<id>` | score config | |
//! | `QUEUES#<project>` | `QUEUE#<id>` | annotation queue | |
//! | `QUEUES#<project>` | `NAME#<name>` | which queue has this name: makes it unique | |
//! | `QUEUE#<project>#<queue>` | `ITEM#<id>` | item of a queue | `QUEUE#<project>#<queue>#<status>` / `<id>` |
//! | `QUEUE#<project>#<queue>` | `OBJECT#<type>#<hash>` | which item an object is: makes it unique | |
//! | `QUEUE#<project>#<queue>` | `ASSIGNED#<user>` | assignment to a queue | |
//! | `COMMENTS#<project>`, `COMMENTSOF#<project>#<type>#<hash>` | `COMMENT#<id>` | comment, in both | |
//! | `LLMCONNECTIONS#<project>` | `PROVIDER#<name>` | LLM connection | |
//! | `GITHUBWEBHOOK#<project>` | `WEBHOOK` | GitHub webhook | |
//! | `BOOTSTRAP` | `BOOTSTRAP` | the first access was given | |
//!
//! Each item has `v`, the version of its form. Reads are consistent except on gsi1. Writes that may meet are conditional or
//! transactions. `ttl` only sweeps up: every reader compares times itself, since DynamoDB deletes days later.
//! The clock is passed in.

pub mod annotation_queues;
pub mod bootstrap;
pub mod comments;
mod dataset_counts;
pub mod dataset_items;
pub mod dataset_runs;
pub mod datasets;
pub mod error;
pub mod github_webhooks;
pub mod invitations;
mod item;
pub mod keys;
pub mod llm_connections;
pub mod media;
pub mod members;
pub mod models;
pub mod organizations;
mod pages;
pub mod projects;
pub mod prompts;
pub mod purge;
pub mod queue_items;
pub mod score_configs;
pub mod sessions;
mod table;
pub mod throttle;
pub mod users;

pub use annotation_queues::AnnotationQueue;
pub use bootstrap::{FirstAccess, FirstCredentials};
pub use comments::{Comment, CommentFilter, CommentObject};
pub use dataset_items::{DatasetItem, DatasetItemBody, DatasetItemFilter, DatasetItemHead};
pub use dataset_runs::DatasetRun;
pub use datasets::{Dataset, Slice};
pub use error::Error;
pub use github_webhooks::GithubWebhook;
pub use invitations::Invitation;
pub use keys::{ApiKey, KeyHolder};
pub use llm_connections::LlmConnection;
pub use media::{Announced, Media, MediaLink, Owner, Released};
pub use members::Membership;
pub use models::{ModelCache, OwnModelRecord, Recalculation, RecalculationStatus};
pub use organizations::Organization;
pub use pages::{PageRange, Paged};
pub use projects::{Project, ProjectChange};
pub use prompts::{PromptBody, PromptDependent, PromptHead, PromptParts, PromptVersion};
pub use queue_items::{Changed, Lock, QueueItem, QueueObject, QueueStatus};
pub use sessions::Session;
pub use table::Records;
pub use users::User;

/// A new id: random enough to be unguessable (74 bits), ordered by time.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
