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
    /// See who the members are.
    Members,
    /// Keys, members, settings.
    Admin,
    /// What cannot be taken back or gives everything away: deleting a project, keys of the organization.
    Own,
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
            Self::Member => matches!(scope, Scope::Read | Scope::Write | Scope::Ingest | Scope::Scores | Scope::Members),
            Self::Admin => !matches!(scope, Scope::Own),
            Self::Owner => true,
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
    /// An organization's key pair: manages the organization and its projects, and reads nothing of what they hold.
    OrganizationKey { organization_id: String, public_key: String },
    /// A signed-in member of an organization, outside of any project.
    OrganizationMember { organization_id: String, user_id: String, role: Role },
}

impl Caller {
    /// The project that every query and every write is bound to.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        match self {
            Self::Key { project_id, .. } | Self::PublicKey { project_id, .. } | Self::Member { project_id, .. } => Some(project_id),
            Self::User { .. } | Self::OrganizationKey { .. } | Self::OrganizationMember { .. } => None,
        }
    }

    /// The organization, where the caller belongs to one.
    #[must_use]
    pub fn organization_id(&self) -> Option<&str> {
        match self {
            Self::Key { organization_id, .. }
            | Self::Member { organization_id, .. }
            | Self::OrganizationKey { organization_id, .. }
            | Self::OrganizationMember { organization_id, .. } => Some(organization_id),
            Self::PublicKey { .. } | Self::User { .. } => None,
        }
    }

    /// The key by which the caller came, if by one.
    #[must_use]
    pub fn public_key(&self) -> Option<&str> {
        match self {
            Self::Key { public_key, .. } | Self::PublicKey { public_key, .. } | Self::OrganizationKey { public_key, .. } => {
                Some(public_key)
            }
            Self::Member { .. } | Self::User { .. } | Self::OrganizationMember { .. } => None,
        }
    }

    /// The role in what the caller named: `None` for keys.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Member { role, .. } | Self::OrganizationMember { role, .. } => Some(*role),
            Self::Key { .. } | Self::PublicKey { .. } | Self::OrganizationKey { .. } | Self::User { .. } => None,
        }
    }

    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::Member { user_id, .. } | Self::User { user_id } | Self::OrganizationMember { user_id, .. } => Some(user_id),
            Self::Key { .. } | Self::PublicKey { .. } | Self::OrganizationKey { .. } => None,
        }
    }

    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        match self {
            // A project key may do all that concerns the project's data, and not manage keys or members.
            Self::Key { .. } => !matches!(scope, Scope::Members | Scope::Admin | Scope::Own),
            Self::PublicKey { .. } => matches!(scope, Scope::Scores),
            Self::Member { role, .. } | Self::OrganizationMember { role, .. } => role.allows(scope),
            Self::OrganizationKey { .. } => matches!(scope, Scope::Members | Scope::Admin | Scope::Own),
            Self::User { .. } => false,
        }
    }
}
