//! The outcome of authentication.

use serde::{Deserialize, Serialize};

/// A permission that an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Read everything in the project.
    Read,
    /// Change and delete what is in the project.
    Write,
    /// Send traces, observations and scores.
    Ingest,
    /// Send scores only.
    Scores,
    /// Keys, members, settings.
    Admin,
}

/// A member's role in an organization or a project. Ordered by what it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    None,
    Viewer,
    Member,
    Admin,
    Owner,
}

impl Role {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Viewer => "VIEWER",
            Self::Member => "MEMBER",
            Self::Admin => "ADMIN",
            Self::Owner => "OWNER",
        }
    }

    /// The role of [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Viewer, Self::Member, Self::Admin, Self::Owner].into_iter().find(|role| role.as_str() == text)
    }

    #[must_use]
    pub const fn allows(self, scope: Scope) -> bool {
        match self {
            Self::None => false,
            Self::Viewer => matches!(scope, Scope::Read),
            Self::Member => matches!(scope, Scope::Read | Scope::Write | Scope::Ingest | Scope::Scores),
            Self::Admin | Self::Owner => true,
        }
    }
}

/// Who calls, in which project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A project's key pair, or its secret key alone.
    Key { project_id: String, organization_id: String, public_key: String },
    /// A project's public key alone.
    PublicKey { project_id: String, public_key: String },
    /// A signed-in member of the project.
    Member { project_id: String, organization_id: String, user_id: String, role: Role },
    /// A signed-in user outside of any project.
    User { user_id: String },
}

impl Caller {
    /// The project that every query and every write is bound to.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        match self {
            Self::Key { project_id, .. } | Self::PublicKey { project_id, .. } | Self::Member { project_id, .. } => Some(project_id),
            Self::User { .. } => None,
        }
    }

    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::Member { user_id, .. } | Self::User { user_id } => Some(user_id),
            Self::Key { .. } | Self::PublicKey { .. } => None,
        }
    }

    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        match self {
            // A project key may do all that concerns the project's data, and not manage keys or members.
            Self::Key { .. } => !matches!(scope, Scope::Admin),
            Self::PublicKey { .. } => matches!(scope, Scope::Scores),
            Self::Member { role, .. } => role.allows(scope),
            Self::User { .. } => false,
        }
    }
}
