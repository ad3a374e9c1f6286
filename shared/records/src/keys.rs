//! API keys of projects and of organizations, found by their public half (Basic) or by the hash of their secret (Bearer).

use agenttrace_auth::keys::SecretHash;
use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::table::{Action, Written, number, text};
use crate::{Error, Records, organizations, projects};

/// More keys in one project or organization are a mistake.
pub const MAX_KEYS: usize = 100;
/// `last_used_at` is written at most this often.
pub const TOUCH_MICROS: i64 = 60_000_000;

/// Whose keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHolder<'a> {
    Project(&'a str),
    Organization(&'a str),
}

impl KeyHolder<'_> {
    fn pk(self) -> String {
        match self {
            Self::Project(id) => projects::pk(id),
            Self::Organization(id) => organizations::pk(id),
        }
    }

    const fn sk(self) -> &'static str {
        match self {
            Self::Project(_) => projects::SK,
            Self::Organization(_) => organizations::SK,
        }
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::Project(_) => "project",
            Self::Organization(_) => "organization",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: String,
    /// `None` for a key of the organization itself.
    pub project_id: Option<String>,
    pub organization_id: String,
    pub public_key: String,
    pub secret_hash: SecretHash,
    /// What a list may show of the secret.
    pub display_secret: String,
    pub note: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// Within about a minute.
    pub last_used_at: Option<Timestamp>,
    /// A user's id.
    pub created_by: Option<String>,
}

fn pk(public_key: &str) -> String {
    format!("KEY#{public_key}")
}

const SK: &str = "KEY";

fn secret_pk(hash: &SecretHash) -> String {
    format!("SECRET#{}", hash.to_hex())
}

const SECRET_SK: &str = "SECRET";

fn pointer_sk(id: &str) -> String {
    format!("KEY#{id}")
}

impl ApiKey {
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    #[must_use]
    pub fn holder(&self) -> KeyHolder<'_> {
        self.project_id.as_deref().map_or(KeyHolder::Organization(&self.organization_id), KeyHolder::Project)
    }

    /// The three items of a key: itself, its secret's hash, its place with its holder.
    pub(crate) fn to_actions(&self) -> [Action; 3] {
        let key = NewItem::new(pk(&self.public_key), SK.to_owned())
            .text("id", &self.id)
            .maybe_text("project_id", self.project_id.as_deref())
            .text("organization_id", &self.organization_id)
            .text("public_key", &self.public_key)
            .text("secret_hash", self.secret_hash.to_hex())
            .text("display_secret", &self.display_secret)
            .maybe_text("note", self.note.as_deref())
            .number("created_at", self.created_at.0)
            .maybe_number("expires_at", self.expires_at.map(|t| t.0))
            .maybe_number("last_used_at", self.last_used_at.map(|t| t.0))
            .maybe_text("created_by", self.created_by.as_deref());
        let secret = NewItem::new(secret_pk(&self.secret_hash), SECRET_SK.to_owned()).text("public_key", &self.public_key);
        let pointer = NewItem::new(self.holder().pk(), pointer_sk(&self.id)).text("public_key", &self.public_key);
        [Action::Create(key), Action::Create(secret), Action::Create(pointer)]
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            project_id: item.maybe_text("project_id"),
            organization_id: item.text("organization_id")?,
            public_key: item.text("public_key")?,
            secret_hash: SecretHash::from_hex(&item.text("secret_hash")?).ok_or_else(|| item.broken("secret_hash"))?,
            display_secret: item.text("display_secret")?,
            note: item.maybe_text("note"),
            created_at: item.time("created_at")?,
            expires_at: item.maybe_time("expires_at"),
            last_used_at: item.maybe_time("last_used_at"),
            created_by: item.maybe_text("created_by"),
        })
    }
}

impl Records {
    pub async fn key(&self, public_key: &str) -> Result<Option<ApiKey>, Error> {
        self.read("look up an API key", &pk(public_key), SK).await?.as_ref().map(ApiKey::from_item).transpose()
    }

    pub async fn key_by_secret(&self, hash: &SecretHash) -> Result<Option<ApiKey>, Error> {
        match self.read("look up a secret key", &secret_pk(hash), SECRET_SK).await? {
            Some(item) => self.key(&item.text("public_key")?).await,
            None => Ok(None),
        }
    }

    /// Its keys, newest first.
    pub async fn keys_of(&self, holder: KeyHolder<'_>) -> Result<Vec<ApiKey>, Error> {
        let pointers = self.list("list API keys", &holder.pk(), "KEY#").await?;
        let keys = pointers.iter().map(|p| Ok((pk(&p.text("public_key")?), SK.to_owned()))).collect::<Result<Vec<_>, Error>>()?;
        let items = self.read_many("read API keys", keys).await?;
        let mut keys = items.iter().map(ApiKey::from_item).collect::<Result<Vec<_>, _>>()?;
        keys.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| b.id.cmp(&a.id)));
        Ok(keys)
    }

    /// Writes a new key of a project or an organization. A public or a secret key that is in use, anywhere, is a conflict.
    pub async fn create_key(&self, key: &ApiKey) -> Result<(), Error> {
        let holder = key.holder();
        let noun = holder.noun();
        if self.list("count API keys", &holder.pk(), "KEY#").await?.len() >= MAX_KEYS {
            return Err(Error::Conflict(format!("The {noun} has {MAX_KEYS} API keys already. Revoke one that is not used.")));
        }
        let mut actions = vec![Action::Exists { pk: holder.pk(), sk: holder.sk().to_owned() }];
        actions.extend(key.to_actions());
        match self.write("create an API key", &actions).await? {
            Written::Done => Ok(()),
            Written::Refused(0) => Err(Error::Conflict(format!("The {noun} no longer exists."))),
            Written::Refused(2) => Err(Error::Conflict("This secret key is in use already. Choose another.".to_owned())),
            Written::Refused(_) => Err(Error::Conflict("This public key is in use already. Choose another.".to_owned())),
        }
    }

    /// Deletes a key. `false` when the holder has none with this id.
    pub async fn revoke_key(&self, holder: KeyHolder<'_>, id: &str) -> Result<bool, Error> {
        let attempt = "revoke an API key";
        let holder = holder.pk();
        let Some(pointer) = self.read(attempt, &holder, &pointer_sk(id)).await? else { return Ok(false) };
        let mut actions = vec![Action::RemoveExisting { pk: holder, sk: pointer_sk(id) }];
        if let Some(key) = self.key(&pointer.text("public_key")?).await? {
            actions.push(Action::Remove { pk: pk(&key.public_key), sk: SK.to_owned() });
            actions.push(Action::Remove { pk: secret_pk(&key.secret_hash), sk: SECRET_SK.to_owned() });
        }
        Ok(self.write(attempt, &actions).await? == Written::Done)
    }

    /// Notes that a key is in use, at most once in [`TOUCH_MICROS`] over all functions.
    pub async fn touch_key(&self, public_key: &str, now: Timestamp) -> Result<(), Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(&pk(public_key)))
            .key("sk", text(SK))
            .update_expression("SET last_used_at = :now")
            .condition_expression("attribute_exists(pk) AND (attribute_not_exists(last_used_at) OR last_used_at < :before)")
            .expression_attribute_values(":now", number(now.0))
            .expression_attribute_values(":before", number(now.0 - TOUCH_MICROS));
        match update.send().await {
            Ok(_) => Ok(()),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(e) => Err(Error::from_sdk("note that an API key is in use", e)),
        }
    }
}
