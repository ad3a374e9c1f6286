//! The GitHub webhook of a project: its settings, and the address to which GitHub posts. The secret goes out once, when it is made.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::traces::MessageAnswer;

const ADMIN: Access = Access::ManagedProject(Scope::Admin);

pub const RECEIVE_GITHUB_WEBHOOK: Operation = Operation::new(
    "receive_github_webhook",
    Method::Post,
    "/api/public/webhooks/github/{projectId}",
    "github-webhook",
    Access::Anyone,
    "For GitHub: takes ping, push, pull_request, workflow_run and workflow_job; `X-Hub-Signature-256` must fit the project's secret.",
)
.answers(202, schema::<DeliveryAnswer>);
pub const GET_GITHUB_WEBHOOK: Operation = Operation::new(
    "get_github_webhook",
    Method::Get,
    "/api/public/projects/{projectId}/github-webhook",
    "github-webhook",
    ADMIN,
    "The project's GitHub webhook, without its secret.",
)
.answers(200, schema::<GithubWebhook>);
pub const PUT_GITHUB_WEBHOOK: Operation = Operation::new(
    "put_github_webhook",
    Method::Put,
    "/api/public/projects/{projectId}/github-webhook",
    "github-webhook",
    ADMIN,
    "Make a secret for the project's GitHub webhook; it replaces the one before. It is shown this once.",
)
.answers(200, schema::<CreatedGithubWebhook>);
pub const DELETE_GITHUB_WEBHOOK: Operation = Operation::new(
    "delete_github_webhook",
    Method::Delete,
    "/api/public/projects/{projectId}/github-webhook",
    "github-webhook",
    ADMIN,
    "Delete the webhook's secret: deliveries are refused from then on.",
)
.answers(200, schema::<MessageAnswer>);

pub const OPERATIONS: &[Operation] = &[RECEIVE_GITHUB_WEBHOOK, GET_GITHUB_WEBHOOK, PUT_GITHUB_WEBHOOK, DELETE_GITHUB_WEBHOOK];

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryAnswer {
    /// `X-GitHub-Event`
    pub event: String,
    /// Rows that were taken over; 0 for what is ignored.
    pub accepted: u64,
    pub message: String,
}

/// A project's webhook without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GithubWebhook {
    /// The payload URL's path: behind the address at which this API is reached.
    pub payload_path: String,
    /// The events to choose in GitHub.
    pub events: Vec<String>,
    pub created_at: String,
    /// When the secret was made.
    pub rotated_at: String,
    /// When GitHub's last delivery with a right signature came, to about ten seconds.
    pub last_delivery_at: Option<String>,
    pub last_event: Option<String>,
}

/// A project's webhook with its new secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedGithubWebhook {
    #[serde(flatten)]
    pub webhook: GithubWebhook,
    /// Shown this once.
    pub secret: String,
}
