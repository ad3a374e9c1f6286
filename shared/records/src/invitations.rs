//! Invitations: an e-mail address may join an organization in a role, with a secret that is shown once. They lie in the organization's partition,
//! at most one for an address.

use std::collections::HashMap;

use agenttrace_auth::Role;
use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::table::{Action, Written};
use crate::{Error, Membership, Records, User, organizations, users};

/// More that are open at once are a mistake.
pub const MAX_INVITATIONS: usize = 100;

#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: String,
    pub organization_id: String,
    /// As [`users::normal_email`] writes it.
    pub email: String,
    pub role: Role,
    pub secret_hash: String,
    /// A user's id; `None` when an organization's key invited.
    pub invited_by: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Addresses and hashes stay out of logs.
impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").field("id", &self.id).finish_non_exhaustive()
    }
}

const PREFIX: &str = "INVITATION#";
const HASH: &str = "secret_hash";

fn sk(id: &str) -> String {
    format!("{PREFIX}{id}")
}

/// Who accepts.
#[derive(Debug, Clone, Copy)]
pub enum Invitee<'a> {
    /// A new account.
    New(&'a User),
    Known(&'a User),
}

/// What became of an acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    Joined,
    /// The invitation is used, taken back, or was replaced by another.
    Gone,
    /// The address got an account meanwhile: sign in.
    AddressTaken,
}

impl Invitation {
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    fn to_item(&self) -> NewItem {
        NewItem::new(organizations::pk(&self.organization_id), sk(&self.id))
            .text("id", &self.id)
            .text("organization_id", &self.organization_id)
            .text("email", &self.email)
            .text("role", self.role.as_str())
            .text(HASH, &self.secret_hash)
            .maybe_text("invited_by", self.invited_by.as_deref())
            .number("created_at", self.created_at.0)
            .number("expires_at", self.expires_at.0)
            .number("ttl", self.expires_at.0 / 1_000_000)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            organization_id: item.text("organization_id")?,
            email: item.text("email")?,
            role: Role::parse(&item.text("role")?).ok_or_else(|| item.broken("role"))?,
            secret_hash: item.text(HASH)?,
            invited_by: item.maybe_text("invited_by"),
            created_at: item.time("created_at")?,
            expires_at: item.time("expires_at")?,
        })
    }
}

impl Records {
    pub async fn invitation(&self, organization_id: &str, id: &str) -> Result<Option<Invitation>, Error> {
        let item = self.read("read an invitation", &organizations::pk(organization_id), &sk(id)).await?;
        item.as_ref().map(Invitation::from_item).transpose()
    }

    /// Those that are open at `now`, newest first.
    pub async fn invitations_of(&self, organization_id: &str, now: Timestamp) -> Result<Vec<Invitation>, Error> {
        let items = self.list("list invitations", &organizations::pk(organization_id), PREFIX).await?;
        let mut invitations = items.iter().map(Invitation::from_item).collect::<Result<Vec<_>, _>>()?;
        invitations.retain(|i| !i.is_over(now));
        invitations.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| b.id.cmp(&a.id)));
        Ok(invitations)
    }

    /// Writes an invitation in place of earlier ones for the same address.
    pub async fn create_invitation(&self, invitation: &Invitation) -> Result<(), Error> {
        let organization_id = &invitation.organization_id;
        let open = self.invitations_of(organization_id, invitation.created_at).await?;
        let (replaced, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|i| i.email == invitation.email);
        if others.len() >= MAX_INVITATIONS {
            return Err(Error::Conflict(format!("{MAX_INVITATIONS} invitations are open already. Take back one that is not needed.")));
        }
        let pk = organizations::pk(organization_id);
        let mut actions = vec![Action::Exists { pk: pk.clone(), sk: organizations::SK.to_owned() }, Action::Create(invitation.to_item())];
        actions.extend(replaced.iter().take(90).map(|i| Action::Remove { pk: pk.clone(), sk: sk(&i.id) }));
        match self.write("create an invitation", &actions).await? {
            Written::Done => Ok(()),
            Written::Refused(_) => Err(Error::Conflict("The organization no longer exists.".to_owned())),
        }
    }

    /// Takes an invitation back. `false` when there is none with this id.
    pub async fn revoke_invitation(&self, organization_id: &str, id: &str) -> Result<bool, Error> {
        let action = Action::RemoveExisting { pk: organizations::pk(organization_id), sk: sk(id) };
        Ok(self.write("take an invitation back", &[action]).await? == Written::Done)
    }

    /// Uses an invitation up: the invitee is a member afterwards, whoever was faster. A member who accepts keeps the role they have.
    pub async fn accept_invitation(&self, invitation: &Invitation, invitee: Invitee<'_>) -> Result<Accepted, Error> {
        let pk = organizations::pk(&invitation.organization_id);
        let used = Action::RemoveHolding { pk, sk: sk(&invitation.id), name: HASH, text: invitation.secret_hash.clone() };
        let (Invitee::New(user) | Invitee::Known(user)) = invitee;
        let membership = Membership {
            organization_id: invitation.organization_id.clone(),
            user_id: user.id.clone(),
            role: invitation.role,
            project_roles: HashMap::new(),
        };
        let mut actions = vec![used, Action::Create(membership.to_item())];
        match invitee {
            Invitee::New(user) => actions.extend([Action::Create(user.to_item()), Action::Create(user.to_email_item())]),
            Invitee::Known(user) => actions.push(Action::Exists { pk: users::pk(&user.id), sk: users::SK.to_owned() }),
        }
        match self.write("accept an invitation", &actions).await? {
            Written::Done => Ok(Accepted::Joined),
            Written::Refused(0) => Ok(Accepted::Gone),
            Written::Refused(1) => {
                self.revoke_invitation(&invitation.organization_id, &invitation.id).await?;
                Ok(Accepted::Joined)
            }
            Written::Refused(_) => Ok(Accepted::AddressTaken),
        }
    }
}
