//! Organizations: their members, invitations to become one, their keys and their projects.
//!
//! Two kinds of callers: an organization's key pair (`Authorization: Basic`, as Langfuse's SDKs send it), and a signed-in member, who names
//! the organization in `X-AgentTrace-Organization-Id`.

use agenttrace_auth::{Role, Scope};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::projects::{ApiKeyList, CreateApiKeyBody, CreatedApiKey, Deleted};

const ADMIN: Access = Access::Organization(Scope::Admin);
const OWNER: Access = Access::OrganizationMember(Scope::Own);

pub const LIST_MEMBERSHIPS: Operation = Operation::new(
    "list_memberships",
    Method::Get,
    "/api/public/organizations/memberships",
    "projects",
    Access::Organization(Scope::Members),
    "The organization's members with their roles, by e-mail address.",
)
.answers(200, schema::<MembershipList>);
pub const PUT_MEMBERSHIP: Operation = Operation::new(
    "put_membership",
    Method::Put,
    "/api/public/organizations/memberships",
    "projects",
    ADMIN,
    "Make a user a member, or change a member's role. The last owner stays one.",
)
.body(schema::<MembershipBody>)
.answers(200, schema::<MembershipEntry>);
pub const DELETE_MEMBERSHIP: Operation = Operation::new(
    "delete_membership",
    Method::Delete,
    "/api/public/organizations/memberships",
    "projects",
    ADMIN,
    "Remove a member from the organization and all its projects. The last owner stays.",
)
.body(schema::<DeleteMembershipBody>)
.answers(200, schema::<MembershipDeleted>);
pub const LIST_ORGANIZATION_PROJECTS: Operation = Operation::new(
    "list_organization_projects",
    Method::Get,
    "/api/public/organizations/projects",
    "projects",
    Access::Organization(Scope::Members),
    "The organization's projects by name; a member sees those that they have a role in.",
)
.answers(200, schema::<OrganizationProjectList>);
pub const LIST_ORGANIZATION_API_KEYS: Operation = Operation::new(
    "list_organization_api_keys",
    Method::Get,
    "/api/public/organizations/apiKeys",
    "projects",
    Access::Organization(Scope::Own),
    "The organization's own API keys, newest first, without secrets.",
)
.answers(200, schema::<ApiKeyList>);
pub const CREATE_ORGANIZATION_API_KEY: Operation = Operation::new(
    "create_organization_api_key",
    Method::Post,
    "/api/public/organizations/apiKeys",
    "projects",
    OWNER,
    "Create an API key of the organization; for owners. The secret is shown this once.",
)
.body(schema::<CreateApiKeyBody>)
.answers(201, schema::<CreatedApiKey>);
pub const DELETE_ORGANIZATION_API_KEY: Operation = Operation::new(
    "delete_organization_api_key",
    Method::Delete,
    "/api/public/organizations/apiKeys/{apiKeyId}",
    "projects",
    OWNER,
    "Revoke an API key of the organization; for owners.",
)
.answers(200, schema::<Deleted>);
pub const LIST_INVITATIONS: Operation = Operation::new(
    "list_invitations",
    Method::Get,
    "/api/public/organizations/invitations",
    "projects",
    ADMIN,
    "Invitations that are open, newest first, without their secrets.",
)
.answers(200, schema::<InvitationList>);
pub const CREATE_INVITATION: Operation = Operation::new(
    "create_invitation",
    Method::Post,
    "/api/public/organizations/invitations",
    "projects",
    ADMIN,
    "Invite an e-mail address. No e-mail is sent: hand the link on yourself; its secret is shown this once.",
)
.body(schema::<CreateInvitationBody>)
.answers(201, schema::<CreatedInvitation>);
pub const DELETE_INVITATION: Operation = Operation::new(
    "delete_invitation",
    Method::Delete,
    "/api/public/organizations/invitations/{invitationId}",
    "projects",
    ADMIN,
    "Take an invitation back: its link no longer works.",
)
.answers(200, schema::<Deleted>);

pub const OPERATIONS: &[Operation] = &[
    LIST_MEMBERSHIPS,
    PUT_MEMBERSHIP,
    DELETE_MEMBERSHIP,
    LIST_ORGANIZATION_PROJECTS,
    LIST_ORGANIZATION_API_KEYS,
    CREATE_ORGANIZATION_API_KEY,
    DELETE_ORGANIZATION_API_KEY,
    LIST_INVITATIONS,
    CREATE_INVITATION,
    DELETE_INVITATION,
];

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct MembershipList {
    pub memberships: Vec<MembershipEntry>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipEntry {
    pub user_id: String,
    #[schemars(schema_with = "role_schema")]
    pub role: Role,
    pub email: String,
    pub name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipBody {
    pub user_id: String,
    /// No more than the caller's own.
    #[schemars(schema_with = "role_schema")]
    pub role: Role,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteMembershipBody {
    pub user_id: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipDeleted {
    pub message: String,
    pub user_id: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct OrganizationProjectList {
    pub projects: Vec<OrganizationProject>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationProject {
    pub id: String,
    pub name: String,
    pub metadata: serde_json::Map<String, serde_json::Value>,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct InvitationList {
    pub invitations: Vec<InvitationEntry>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationEntry {
    pub id: String,
    pub email: String,
    #[schemars(schema_with = "role_schema")]
    pub role: Role,
    pub created_at: String,
    /// Seven days after `createdAt`.
    pub expires_at: String,
    /// The e-mail address of the user who invited; null when a key did.
    pub invited_by: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct CreateInvitationBody {
    pub email: String,
    /// No more than the inviter's own.
    #[schemars(schema_with = "role_schema")]
    pub role: Role,
}

/// A new invitation with its secret.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedInvitation {
    #[serde(flatten)]
    pub invitation: InvitationEntry,
    /// What `look_up_invitation` and `accept_invitation` take.
    pub token: String,
    /// The dashboard's page for it, to put behind the dashboard's address: `/invitation#<token>`. Servers never see what is after the `#`.
    pub path: String,
}

pub(crate) fn role_schema(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({"type": "string", "enum": ["NONE", "VIEWER", "MEMBER", "ADMIN", "OWNER"]})
}
