//! Projects: what every trace, score and key belongs to.

use agenttrace_domain::Timestamp;

use aws_sdk_dynamodb::types::ReturnValue;

use crate::item::{Item, NewItem};
use crate::keys::KeyHolder;
use crate::table::{Action, Written, number, text};
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
    pub updated_at: Timestamp,
}

/// What to change of a project; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct ProjectChange {
    pub name: Option<String>,
    /// A JSON object's text.
    pub metadata: Option<String>,
    /// 0 keeps traces.
    pub retention_days: Option<u32>,
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
            .number("updated_at", self.updated_at.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            organization_id: item.text("organization_id")?,
            name: item.text("name")?,
            metadata: item.text("metadata")?,
            retention_days: item.maybe_number("retention_days").and_then(|d| u32::try_from(d).ok()).filter(|days| *days > 0),
            created_at: item.time("created_at")?,
            updated_at: item.maybe_time("updated_at").map_or_else(|| item.time("created_at"), Ok)?,
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

    /// The projects that do not keep traces for ever, each with its days. Looks through the whole table: for a job that runs seldom.
    pub async fn projects_with_retention(&self) -> Result<Vec<(String, u32)>, Error> {
        let attempt = "look for projects with a retention";
        let (mut found, mut from) = (Vec::new(), None);
        loop {
            let page = self
                .client
                .scan()
                .table_name(&self.table)
                .filter_expression("sk = :sk AND retention_days > :none")
                .projection_expression("id, retention_days, v")
                .expression_attribute_values(":sk", text(SK))
                .expression_attribute_values(":none", number(0))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|e| Error::from_sdk(attempt, e))?;
            for item in page.items.unwrap_or_default() {
                let item = Item::read(item)?;
                let days = u32::try_from(item.number("retention_days")?).map_err(|_| item.broken("retention_days"))?;
                found.push((item.text("id")?, days));
            }
            from = page.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() {
                return Ok(found);
            }
        }
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

    /// Changes a project; gives what it is then, or `None` when there is none.
    pub async fn update_project(&self, id: &str, change: &ProjectChange, now: Timestamp) -> Result<Option<Project>, Error> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(&pk(id)))
            .key("sk", text(SK))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":now", number(now.0))
            .return_values(ReturnValue::AllNew);
        let mut sets = vec!["updated_at = :now".to_owned()];
        let values = [
            ("name", change.name.as_deref().map(text)),
            ("metadata", change.metadata.as_deref().map(text)),
            ("retention_days", change.retention_days.map(|days| number(i64::from(days)))),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                sets.push(format!("#{name} = :{name}"));
                update = update.expression_attribute_names(format!("#{name}"), name).expression_attribute_values(format!(":{name}"), value);
            }
        }
        match update.update_expression(format!("SET {}", sets.join(", "))).send().await {
            Ok(answer) => answer.attributes.map(|a| Project::from_item(&Item::read(a)?)).transpose(),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(None),
            Err(e) => Err(Error::from_sdk("change a project", e)),
        }
    }

    /// Makes a project absent for every caller: its keys are revoked and its record is gone. What it holds is deleted by
    /// [`Self::delete_project_items`]. May be done twice.
    pub async fn retire_project(&self, id: &str) -> Result<(), Error> {
        for key in self.keys_of(KeyHolder::Project(id)).await? {
            self.revoke_key(KeyHolder::Project(id), &key.id).await?;
        }
        self.write("delete a project", &[Action::Remove { pk: pk(id), sk: SK.to_owned() }]).await.map(drop)
    }
}
