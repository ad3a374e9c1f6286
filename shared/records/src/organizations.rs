//! Organizations: who owns projects and has members.

use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::{Error, Records};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub id: String,
    pub name: String,
    pub created_at: Timestamp,
}

pub(crate) fn pk(id: &str) -> String {
    format!("ORG#{id}")
}

pub(crate) const SK: &str = "ORG";

impl Organization {
    pub(crate) fn to_item(&self) -> NewItem {
        NewItem::new(pk(&self.id), SK.to_owned()).text("id", &self.id).text("name", &self.name).number("created_at", self.created_at.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self { id: item.text("id")?, name: item.text("name")?, created_at: item.time("created_at")? })
    }
}

impl Records {
    pub async fn organization(&self, id: &str) -> Result<Option<Organization>, Error> {
        self.read("read an organization", &pk(id), SK).await?.as_ref().map(Organization::from_item).transpose()
    }

    /// Those of the ids that exist, by name.
    pub async fn organizations(&self, ids: &[String]) -> Result<Vec<Organization>, Error> {
        let keys = ids.iter().map(|id| (pk(id), SK.to_owned())).collect();
        let items = self.read_many("read organizations", keys).await?;
        let mut organizations = items.iter().map(Organization::from_item).collect::<Result<Vec<_>, _>>()?;
        organizations.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        Ok(organizations)
    }
}
