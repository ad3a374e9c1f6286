//! Memberships: a user's role in an organization, and where it differs in one of its projects.

use std::collections::HashMap;

use agenttrace_auth::Role;

use crate::item::{Item, NewItem};
use crate::{Error, Records, organizations, users};

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
            .text("role", self.role.as_str())
            .texts("project_roles", roles)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        let role = |text: &str| Role::parse(text).ok_or_else(|| item.broken("role"));
        let project_roles =
            item.texts("project_roles").into_iter().map(|(id, text)| Ok((id, role(&text)?))).collect::<Result<_, Error>>()?;
        Ok(Self {
            organization_id: item.text("organization_id")?,
            user_id: item.text("user_id")?,
            role: role(&item.text("role")?)?,
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
}
