//! Projects and their API keys.

use agenttrace_auth::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::organizations::{DeleteMembershipBody, MembershipBody, MembershipDeleted, MembershipEntry, MembershipList};

const ADMIN: Access = Access::ManagedProject(Scope::Admin);

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
    Access::OrganizationOrUser,
    "Create a project; for keys and administrators of the organization.",
)
.body(schema::<CreateProjectBody>)
.answers(201, schema::<ProjectEntry>);
pub const UPDATE_PROJECT: Operation = Operation::new(
    "update_project",
    Method::Put,
    "/api/public/projects/{projectId}",
    "projects",
    ADMIN,
    "Rename a project; replace its metadata, set how long traces are kept. What is left out stays.",
)
.body(schema::<UpdateProjectBody>)
.answers(200, schema::<ProjectEntry>);
pub const DELETE_PROJECT: Operation = Operation::new(
    "delete_project",
    Method::Delete,
    "/api/public/projects/{projectId}",
    "projects",
    Access::ManagedProject(Scope::Own),
    "Delete a project with all that it holds. It is gone for callers at once and from the stores within minutes.",
)
.answers(202, schema::<DeletionBegun>);
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
pub const LIST_PROJECT_MEMBERSHIPS: Operation = Operation::new(
    "list_project_memberships",
    Method::Get,
    "/api/public/projects/{projectId}/memberships",
    "projects",
    Access::ManagedProject(Scope::Members),
    "Members whose role in this project is not that of the organization.",
)
.answers(200, schema::<MembershipList>);
pub const PUT_PROJECT_MEMBERSHIP: Operation = Operation::new(
    "put_project_membership",
    Method::Put,
    "/api/public/projects/{projectId}/memberships",
    "projects",
    ADMIN,
    "Give a member of the organization a role of its own in this project; NONE hides the project.",
)
.body(schema::<MembershipBody>)
.answers(200, schema::<MembershipEntry>);
pub const DELETE_PROJECT_MEMBERSHIP: Operation = Operation::new(
    "delete_project_membership",
    Method::Delete,
    "/api/public/projects/{projectId}/memberships",
    "projects",
    ADMIN,
    "Take a member's own role in this project away: that of the organization counts again.",
)
.body(schema::<DeleteMembershipBody>)
.answers(200, schema::<MembershipDeleted>);

pub const LIST_RATE_LIMITS: Operation = Operation::new(
    "list_rate_limits",
    Method::Get,
    "/api/public/v2/rate-limits",
    "projects",
    Access::Project(Scope::Read),
    "How many requests a minute one API key may make, by kind. They are set at deployment.",
)
.answers(200, schema::<RateLimitList>);

pub const OPERATIONS: &[Operation] = &[
    LIST_RATE_LIMITS,
    LIST_PROJECTS,
    CREATE_PROJECT,
    UPDATE_PROJECT,
    DELETE_PROJECT,
    LIST_API_KEYS,
    CREATE_API_KEY,
    DELETE_API_KEY,
    LIST_PROJECT_MEMBERSHIPS,
    PUT_PROJECT_MEMBERSHIP,
    DELETE_PROJECT_MEMBERSHIP,
];

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct RateLimitList {
    pub data: Vec<RateLimit>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateLimit {
    /// `ingestion`, `prompts`, `reads` or `others`.
    pub kind: String,
    /// Of one API key; `null` is no limit.
    pub requests_per_minute: Option<i64>,
}

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
    /// Needed from signed-in users; an organization's key says it already.
    pub organization_id: Option<String>,
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
    /// Days after which traces are deleted: 0 keeps them, else at least 3.
    pub retention: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct UpdateProjectBody {
    /// 1 to 60 characters.
    pub name: String,
    /// Replaces what was there.
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
    /// Days after which traces are deleted: 0 keeps them, else at least 3.
    pub retention: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct DeletionBegun {
    pub success: bool,
    pub message: String,
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
    pub name: Option<String>,
    /// The same as `name`, for older clients.
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
    pub name: Option<String>,
    /// The same, for older clients; `name` wins.
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
