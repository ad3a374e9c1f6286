//! Signing in and out, and what a signed-in user is and may see. Tokens travel in cookies only, never in bodies.

use agenttrace_auth::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};
use crate::organizations::role_schema;

pub const SIGN_IN: Operation = Operation::new(
    "sign_in",
    Method::Post,
    "/api/auth/sign-in",
    "auth",
    Access::Anyone,
    "Start a session; sets cookies. 429 after many failures.",
)
.body(schema::<SignInBody>)
.answers(200, schema::<Me>);
pub const REFRESH_SESSION: Operation = Operation::new(
    "refresh_session",
    Method::Post,
    "/api/auth/refresh",
    "auth",
    Access::Anyone,
    "Renew the session by its refresh cookie; sets new cookies.",
)
.status(204);
pub const SIGN_OUT: Operation = Operation::new(
    "sign_out",
    Method::Post,
    "/api/auth/sign-out",
    "auth",
    Access::Anyone,
    "End the session, if there is one; clears the cookies.",
)
.status(204);
pub const SIGN_OUT_EVERYWHERE: Operation = Operation::new(
    "sign_out_everywhere",
    Method::Post,
    "/api/auth/sign-out-everywhere",
    "auth",
    Access::User,
    "End every session of the user.",
)
.status(204);
pub const GET_ME: Operation =
    Operation::new("get_me", Method::Get, "/api/auth/me", "auth", Access::User, "The signed-in user, with organizations and projects.")
        .answers(200, schema::<Me>);
pub const CHANGE_PASSWORD: Operation = Operation::new(
    "change_password",
    Method::Post,
    "/api/auth/password",
    "auth",
    Access::User,
    "Change the password; ends the user's other sessions.",
)
.body(schema::<ChangePasswordBody>)
.status(204);

pub const LIST_MY_SESSIONS: Operation = Operation::new(
    "list_my_sessions",
    Method::Get,
    "/api/auth/sessions",
    "auth",
    Access::User,
    "The user's own sessions, newest use first.",
)
.answers(200, schema::<MySessionList>);
pub const END_MY_SESSION: Operation = Operation::new(
    "end_my_session",
    Method::Delete,
    "/api/auth/sessions/{sessionId}",
    "auth",
    Access::User,
    "End one of the user's own sessions. Other functions notice within a minute.",
)
.status(204);
pub const LOOK_UP_INVITATION: Operation = Operation::new(
    "look_up_invitation",
    Method::Post,
    "/api/auth/invitations/look-up",
    "auth",
    Access::Anyone,
    "What an invitation's link is for; 404 when it is used, taken back or older than seven days.",
)
.body(schema::<InvitationTokenBody>)
.answers(200, schema::<InvitationAbout>);
pub const ACCEPT_INVITATION: Operation = Operation::new(
    "accept_invitation",
    Method::Post,
    "/api/auth/invitations/accept",
    "auth",
    Access::Anyone,
    "Join the organization: with the session of the invited address, or with a new password where it has no account. Sets cookies for a new account.",
)
.body(schema::<AcceptInvitationBody>)
.answers(200, schema::<Me>);

pub const OPERATIONS: &[Operation] = &[
    SIGN_IN,
    REFRESH_SESSION,
    SIGN_OUT,
    SIGN_OUT_EVERYWHERE,
    GET_ME,
    CHANGE_PASSWORD,
    LIST_MY_SESSIONS,
    END_MY_SESSION,
    LOOK_UP_INVITATION,
    ACCEPT_INVITATION,
];

#[derive(Deserialize, JsonSchema)]
pub struct SignInBody {
    pub email: String,
    pub password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangePasswordBody {
    pub current_password: String,
    /// 12 to 128 characters.
    pub new_password: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct MySessionList {
    pub sessions: Vec<MySession>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MySession {
    pub id: String,
    pub created_at: String,
    /// When it was last renewed: within 15 minutes of its last use.
    pub last_used_at: String,
    pub expires_at: String,
    /// The one that asks.
    pub current: bool,
}

#[derive(Deserialize, JsonSchema)]
pub struct InvitationTokenBody {
    pub token: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationAbout {
    pub organization_name: String,
    pub email: String,
    #[schemars(schema_with = "role_schema")]
    pub role: Role,
    pub expires_at: String,
    /// Whether the address has an account already: then its user signs in and joins; else a password is chosen.
    pub has_account: bool,
}

#[derive(Deserialize, JsonSchema)]
pub struct AcceptInvitationBody {
    pub token: String,
    /// 1 to 100 characters; the address's local part when left out.
    pub name: Option<String>,
    /// For a new account: 12 to 128 characters.
    pub password: Option<String>,
}

/// The signed-in user.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Me {
    pub user: MeUser,
    /// Those that the user is a member of, by name.
    pub organizations: Vec<MeOrganization>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct MeUser {
    pub id: String,
    pub email: String,
    pub name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct MeOrganization {
    pub id: String,
    pub name: String,
    #[schemars(schema_with = "role_schema")]
    pub role: Role,
    /// Those that the user has a role in, by name.
    pub projects: Vec<MeProject>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct MeProject {
    pub id: String,
    pub name: String,
    #[schemars(schema_with = "role_schema")]
    pub role: Role,
}
