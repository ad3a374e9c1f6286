//! Projects: what every trace, score and key belongs to.

use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::table::{Action, Written};
use crate::{Error, Records, organizations};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub id: String,
    pub organization_id: String,
    pub name: String,
    /// A JSON object's text.
    pub metadata: String,
    /// After how many days traces are deleted; `None` keeps them.
    pub retention_days: Option<u32>,
    pub created_at: Timestamp,
}

pub(crate) fn pk(id: &str) -> String {
    format!("PROJECT#{id}")
}

pub(crate) const SK: &str = "PROJECT";

impl Project {
    pub(crate) fn to_item(&self) -> NewItem {
        NewItem::new(pk(&self.id), SK.to_owned())
            .text("gsi1pk", organizations::pk(&self.organization_id))
            .text("gsi1sk", pk(&self.id))
            .text("id", &self.id)
            .text("organization_id", &self.organization_id)
            .text("name", &self.name)
            .text("metadata", &self.metadata)
            .maybe_number("retention_days", self.retention_days.map(i64::from))
            .number("created_at", self.created_at.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            organization_id: item.text("organization_id")?,
            name: item.text("name")?,
            metadata: item.text("metadata")?,
            retention_days: item.maybe_number("retention_days").and_then(|d| u32::try_from(d).ok()),
            created_at: item.time("created_at")?,
        })
    }
}

impl Records {
    pub async fn project(&self, id: &str) -> Result<Option<Project>, Error> {
        self.read("read a project", &pk(id), SK).await?.as_ref().map(Project::from_item).transpose()
    }

    /// The projects of an organization, by name. A moment behind: one just created may be missing.
    pub async fn projects_of(&self, organization_id: &str) -> Result<Vec<Project>, Error> {
        let items = self.list_gsi1("list projects", &organizations::pk(organization_id), "PROJECT#").await?;
        let mut projects = items.iter().map(Project::from_item).collect::<Result<Vec<_>, _>>()?;
        projects.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        Ok(projects)
    }

    /// Writes a new project into its organization, which must exist.
    pub async fn create_project(&self, project: &Project) -> Result<(), Error> {
        let organization = Action::Exists { pk: organizations::pk(&project.organization_id), sk: organizations::SK.to_owned() };
        match self.write("create a project", &[organization, Action::Create(project.to_item())]).await? {
            Written::Done => Ok(()),
            Written::Refused(0) => Err(Error::Conflict("The organization no longer exists.".to_owned())),
            Written::Refused(_) => Err(Error::Conflict("A project with this id already exists.".to_owned())),
        }
    }
}
