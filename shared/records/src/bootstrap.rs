//! The first organization, project, owner and key pair of a fresh installation.

use std::collections::HashMap;

use agenttrace_auth::keys::{self, KeyPair, Pepper};
use agenttrace_auth::{Role, password};
use agenttrace_domain::Timestamp;

use crate::item::NewItem;
use crate::table::{Action, Written};
use crate::users::normal_email;
use crate::{ApiKey, Error, Membership, Organization, Project, Records, User, new_id};

/// What the first access should be. What is `None` is made up.
#[derive(Clone, Default)]
pub struct FirstAccess {
    pub email: String,
    pub password: Option<String>,
    pub keys: Option<KeyPair>,
    pub organization_name: Option<String>,
    pub project_name: Option<String>,
}

/// What was created. Shown once: only hashes are stored.
#[derive(Clone)]
pub struct FirstCredentials {
    pub email: String,
    pub password: String,
    pub organization_id: String,
    pub project_id: String,
    pub keys: KeyPair,
}

/// Passwords stay out of logs.
impl std::fmt::Debug for FirstCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstCredentials").field("project_id", &self.project_id).finish_non_exhaustive()
    }
}

const PK: &str = "BOOTSTRAP";

impl Records {
    /// Gives the first access, once in the life of a table: `None` when it was given before. Of two calls at once, one creates.
    pub async fn bootstrap(&self, first: &FirstAccess, pepper: &Pepper, now: Timestamp) -> Result<Option<FirstCredentials>, Error> {
        let attempt = "create the first access";
        if self.read(attempt, PK, PK).await?.is_some() {
            return Ok(None);
        }
        let email = normal_email(&first.email).ok_or_else(|| Error::permanent(attempt, "the owner's e-mail address is not one"))?;
        let password = first.password.clone().unwrap_or_else(password::generate);
        let keys = first.keys.clone().unwrap_or_else(KeyPair::generate);
        let (organization_id, project_id) = (new_id(), new_id());
        let user = User {
            id: new_id(),
            name: email.split('@').next().unwrap_or_default().to_owned(),
            password_hash: password::hash(&password).map_err(|e| Error::permanent(attempt, e))?,
            email: email.clone(),
            created_at: now,
        };
        let organization = Organization {
            id: organization_id.clone(),
            name: first.organization_name.clone().unwrap_or_else(|| "My organization".to_owned()),
            created_at: now,
        };
        let project = Project {
            id: project_id.clone(),
            organization_id: organization_id.clone(),
            name: first.project_name.clone().unwrap_or_else(|| "My project".to_owned()),
            metadata: "{}".to_owned(),
            retention_days: None,
            created_at: now,
            updated_at: now,
        };
        let member = Membership {
            organization_id: organization_id.clone(),
            user_id: user.id.clone(),
            role: Role::Owner,
            project_roles: HashMap::new(),
        };
        let key = ApiKey {
            id: new_id(),
            project_id: Some(project_id.clone()),
            organization_id: organization_id.clone(),
            public_key: keys.public_key.clone(),
            secret_hash: pepper.hash_secret(&keys.secret_key),
            display_secret: keys::display_secret(&keys.secret_key),
            note: Some("The first key".to_owned()),
            created_at: now,
            expires_at: None,
            last_used_at: None,
            created_by: Some(user.id.clone()),
        };
        let marker = NewItem::new(PK.to_owned(), PK.to_owned()).text("project_id", &project_id).number("created_at", now.0);
        let items = [marker, organization.to_item(), project.to_item(), user.to_item(), user.to_email_item(), member.to_item()];
        let actions: Vec<Action> = items.into_iter().map(Action::Create).chain(key.to_actions()).collect();
        match self.write(attempt, &actions).await? {
            Written::Done => Ok(Some(FirstCredentials { email, password, organization_id, project_id, keys })),
            Written::Refused(0) => Ok(None),
            Written::Refused(_) => Err(Error::Conflict("The owner's e-mail address or the key pair is in use already.".to_owned())),
        }
    }
}
