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
//! | `BOOTSTRAP` | `BOOTSTRAP` | the first access was given | |
//!
//! Each item has `v`, the version of its form. Reads are consistent except on gsi1. Writes that may meet are conditional or
//! transactions. `ttl` only sweeps up: every reader compares times itself, since DynamoDB deletes days later.
//! The clock is passed in.

pub mod bootstrap;
pub mod error;
mod item;
pub mod keys;
pub mod members;
pub mod organizations;
pub mod projects;
pub mod sessions;
mod table;
pub mod throttle;
pub mod users;

pub use bootstrap::{FirstAccess, FirstCredentials};
pub use error::Error;
pub use keys::ApiKey;
pub use members::Membership;
pub use organizations::Organization;
pub use projects::Project;
pub use sessions::Session;
pub use table::Records;
pub use users::User;

/// A new id: random enough to be unguessable (74 bits), ordered by time.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
