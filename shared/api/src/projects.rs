//! Projects and their API keys.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};

const ADMIN: Access = Access::Project(Scope::Admin);

pub const LIST_PROJECTS: Operation = Operation::new(
    "list_projects",
    Method::Get,
    "/api/public/projects",
    "projects",
    Access::Project(Scope::Read),
    "The caller's project, as the only entry.",
)
.answers(200, schema::<ProjectList>);
pub const CREATE_PROJECT: Operation = Operation::new(
    "create_project",
    Method::Post,
    "/api/public/projects",
    "projects",
    Access::User,
    "Create a project; for administrators of the organization.",
)
.body(schema::<CreateProjectBody>)
.answers(201, schema::<CreatedProject>);
pub const LIST_API_KEYS: Operation = Operation::new(
    "list_api_keys",
    Method::Get,
    "/api/public/projects/{projectId}/apiKeys",
    "projects",
    ADMIN,
    "The project's API keys, newest first, without secrets.",
)
.answers(200, schema::<ApiKeyList>);
pub const CREATE_API_KEY: Operation = Operation::new(
    "create_api_key",
    Method::Post,
    "/api/public/projects/{projectId}/apiKeys",
    "projects",
    ADMIN,
    "Create an API key. The secret is shown this once.",
)
.body(schema::<CreateApiKeyBody>)
.answers(201, schema::<CreatedApiKey>);
pub const DELETE_API_KEY: Operation = Operation::new(
    "delete_api_key",
    Method::Delete,
    "/api/public/projects/{projectId}/apiKeys/{apiKeyId}",
    "projects",
    ADMIN,
    "Revoke an API key. It is refused everywhere within 60 seconds.",
)
.answers(200, schema::<Deleted>);

pub const OPERATIONS: &[Operation] = &[LIST_PROJECTS, CREATE_PROJECT, LIST_API_KEYS, CREATE_API_KEY, DELETE_API_KEY];

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProjectList {
    pub data: Vec<ProjectEntry>,
}

/// A project as Langfuse's SDKs read it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectEntry {
    pub id: String,
    pub name: String,
    pub organization: ProjectOrganization,
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// Absent when traces are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProjectOrganization {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateProjectBody {
    /// 1 to 60 characters.
    pub name: String,
    pub organization_id: String,
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct CreatedProject {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyList {
    pub api_keys: Vec<ApiKeyEntry>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyEntry {
    pub id: String,
    pub public_key: String,
    /// `sk-at-…abcd`.
    pub display_secret_key: String,
    pub note: Option<String>,
    pub created_at: String,
    pub expires_at: Option<String>,
    /// Within about a minute; null when never used.
    pub last_used_at: Option<String>,
    /// The e-mail address of the user who created it.
    pub created_by: Option<String>,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateApiKeyBody {
    /// At most 200 characters.
    pub note: Option<String>,
    /// After this time the key is refused.
    pub expires_at: Option<String>,
    /// A key pair that exists elsewhere, taken over as it is: both halves or neither.
    pub public_key: Option<String>,
    pub secret_key: Option<String>,
}

/// A new API key with its secret.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedApiKey {
    #[serde(flatten)]
    pub key: ApiKeyEntry,
    pub secret_key: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Deleted {
    pub success: bool,
}
