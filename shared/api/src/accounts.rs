//! Signing in and out, and what a signed-in user is and may see. Tokens travel in cookies only, never in bodies.

use agenttrace_auth::Role;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::operation::{Access, Method, Operation, schema};

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

pub const OPERATIONS: &[Operation] = &[SIGN_IN, REFRESH_SESSION, SIGN_OUT, SIGN_OUT_EVERYWHERE, GET_ME, CHANGE_PASSWORD];

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

fn role_schema(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({"type": "string", "enum": ["NONE", "VIEWER", "MEMBER", "ADMIN", "OWNER"]})
}
