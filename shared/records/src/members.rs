//! Memberships: a user's role in an organization, and where it differs in one of its projects.

use std::collections::HashMap;

use agenttrace_auth::Role;

use crate::item::{Item, NewItem};
use crate::table::{Action, Written, text};
use crate::{Error, Records, organizations, users};

/// How often a change is tried when others change the same memberships at once.
const TRIES: usize = 4;
const ROLE: &str = "role";

/// What became of a change of a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Done,
    /// There is no such membership.
    Absent,
    /// Refused: the organization would have no owner.
    LastOwner,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub organization_id: String,
    pub user_id: String,
    /// In the organization, and in each of its projects without a role of its own.
    pub role: Role,
    /// By project id; may be more or less than the organization's.
    pub project_roles: HashMap<String, Role>,
}

fn sk(organization_id: &str) -> String {
    format!("MEMBER#{organization_id}")
}

impl Membership {
    #[must_use]
    pub fn role_in(&self, project_id: &str) -> Role {
        self.project_roles.get(project_id).copied().unwrap_or(self.role)
    }

    pub(crate) fn to_item(&self) -> NewItem {
        let roles = self.project_roles.iter().map(|(id, role)| (id.clone(), role.as_str().to_owned()));
        NewItem::new(users::pk(&self.user_id), sk(&self.organization_id))
            .text("gsi1pk", organizations::pk(&self.organization_id))
            .text("gsi1sk", format!("MEMBER#{}", self.user_id))
            .text("organization_id", &self.organization_id)
            .text("user_id", &self.user_id)
            .text(ROLE, self.role.as_str())
            .texts("project_roles", roles)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        let role = |text: &str| Role::parse(text).ok_or_else(|| item.broken("role"));
        let project_roles =
            item.texts("project_roles").into_iter().map(|(id, text)| Ok((id, role(&text)?))).collect::<Result<_, Error>>()?;
        Ok(Self {
            organization_id: item.text("organization_id")?,
            user_id: item.text("user_id")?,
            role: role(&item.text(ROLE)?)?,
            project_roles,
        })
    }
}

impl Records {
    pub async fn membership(&self, organization_id: &str, user_id: &str) -> Result<Option<Membership>, Error> {
        let item = self.read("read a membership", &users::pk(user_id), &sk(organization_id)).await?;
        item.as_ref().map(Membership::from_item).transpose()
    }

    pub async fn memberships_of(&self, user_id: &str) -> Result<Vec<Membership>, Error> {
        let items = self.list("list memberships", &users::pk(user_id), "MEMBER#").await?;
        items.iter().map(Membership::from_item).collect()
    }

    /// An organization's members, in no order. A moment behind: one just added may be missing.
    pub async fn members_of(&self, organization_id: &str) -> Result<Vec<Membership>, Error> {
        let items = self.list_gsi1("list members", &organizations::pk(organization_id), "MEMBER#").await?;
        items.iter().map(Membership::from_item).collect()
    }

    /// Makes a user a member. `false` when they are one already; a conflict when the user or the organization is gone.
    pub async fn add_member(&self, membership: &Membership) -> Result<bool, Error> {
        let actions = [
            Action::Create(membership.to_item()),
            Action::Exists { pk: organizations::pk(&membership.organization_id), sk: organizations::SK.to_owned() },
            Action::Exists { pk: users::pk(&membership.user_id), sk: users::SK.to_owned() },
        ];
        match self.write("add a member", &actions).await? {
            Written::Done => Ok(true),
            Written::Refused(0) => Ok(false),
            Written::Refused(_) => Err(Error::Conflict("The user or the organization no longer exists.".to_owned())),
        }
    }

    /// Changes a member's role in the organization.
    pub async fn set_role(&self, organization_id: &str, user_id: &str, role: Role) -> Result<Change, Error> {
        let (pk, sk) = (users::pk(user_id), sk(organization_id));
        let change = |from: Role| {
            let (from, to) = (from.as_str().to_owned(), role.as_str().to_owned());
            (from != to).then(|| Action::Replace { pk: pk.clone(), sk: sk.clone(), name: ROLE, from, to })
        };
        self.change_member(organization_id, user_id, role == Role::Owner, change).await
    }

    /// Takes a member out of the organization and all its projects.
    pub async fn remove_member(&self, organization_id: &str, user_id: &str) -> Result<Change, Error> {
        let (pk, sk) = (users::pk(user_id), sk(organization_id));
        let change =
            |from: Role| Some(Action::RemoveHolding { pk: pk.clone(), sk: sk.clone(), name: ROLE, text: from.as_str().to_owned() });
        self.change_member(organization_id, user_id, false, change).await
    }

    /// Writes a change that depends on the role that was read. When it takes an owner away, another one must be there in the very same
    /// transaction: so two owners who remove each other at once cannot both succeed.
    async fn change_member(
        &self,
        organization_id: &str,
        user_id: &str,
        stays_owner: bool,
        change: impl Fn(Role) -> Option<Action>,
    ) -> Result<Change, Error> {
        for _ in 0..TRIES {
            let Some(current) = self.membership(organization_id, user_id).await? else { return Ok(Change::Absent) };
            let Some(action) = change(current.role) else { return Ok(Change::Done) };
            let mut actions = vec![action];
            if current.role == Role::Owner && !stays_owner {
                let members = self.members_of(organization_id).await?;
                let Some(other) = members.iter().find(|m| m.role == Role::Owner && m.user_id != user_id) else {
                    return Ok(Change::LastOwner);
                };
                let text = Role::Owner.as_str().to_owned();
                actions.push(Action::Holds { pk: users::pk(&other.user_id), sk: sk(organization_id), name: ROLE, text });
            }
            if self.write("change a membership", &actions).await? == Written::Done {
                return Ok(Change::Done);
            }
        }
        Err(Error::Conflict("The members were changed from elsewhere just now. Look at them and try again.".to_owned()))
    }

    /// Gives a member a role of their own in a project, or takes it away. `false` when there is no such member, or no such role to take.
    pub async fn set_project_role(
        &self,
        organization_id: &str,
        user_id: &str,
        project_id: &str,
        role: Option<Role>,
    ) -> Result<bool, Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(&users::pk(user_id)))
            .key("sk", text(&sk(organization_id)))
            .expression_attribute_names("#project", project_id);
        let update = match role {
            Some(role) => update
                .update_expression("SET project_roles.#project = :role")
                .condition_expression("attribute_exists(pk)")
                .expression_attribute_values(":role", text(role.as_str())),
            None => {
                update.update_expression("REMOVE project_roles.#project").condition_expression("attribute_exists(project_roles.#project)")
            }
        };
        match update.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("change a role in a project", e)),
        }
    }
}
