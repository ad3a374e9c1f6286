//! Annotation queues and who is assigned to them. Their items are in [`crate::queue_items`].

use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::pages::{PageRange, Paged, Part};
use crate::queue_items;
use crate::table::{Action, Written, key, number, text};
use crate::{Error, Records};

/// More queues in one project are a mistake.
const MAX_QUEUES: u64 = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotationQueue {
    pub id: String,
    pub project_id: String,
    /// Unique in the project.
    pub name: String,
    pub description: Option<String>,
    /// At least one.
    pub score_config_ids: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

fn pk(project_id: &str) -> String {
    format!("QUEUES#{project_id}")
}

const SK_PREFIX: &str = "QUEUE#";

fn sk(id: &str) -> String {
    format!("{SK_PREFIX}{id}")
}

/// Keeps a name from a second queue.
fn name_sk(name: &str) -> String {
    format!("NAME#{name}")
}

const ASSIGNED: &str = "ASSIGNED#";

impl AnnotationQueue {
    fn to_item(&self) -> NewItem {
        NewItem::new(pk(&self.project_id), sk(&self.id))
            .text("id", &self.id)
            .text("project_id", &self.project_id)
            .text("name", &self.name)
            .maybe_text("description", self.description.as_deref())
            .text("score_config_ids", serde_json::to_string(&self.score_config_ids).unwrap_or_default())
            .number("created_at", self.created_at.0)
            .number("updated_at", self.updated_at.0)
    }

    fn to_name_item(&self) -> NewItem {
        NewItem::new(pk(&self.project_id), name_sk(&self.name)).text("queue_id", &self.id)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            project_id: item.text("project_id")?,
            name: item.text("name")?,
            description: item.maybe_text("description"),
            score_config_ids: serde_json::from_str(&item.text("score_config_ids")?).map_err(|_| item.broken("score_config_ids"))?,
            created_at: item.time("created_at")?,
            updated_at: item.time("updated_at")?,
        })
    }
}

fn part(pk: &str) -> Part<'_> {
    Part { attempt: "list annotation queues", pk, sk_prefix: SK_PREFIX, only: &[] }
}

fn name_taken() -> Error {
    Error::Conflict("A queue with this name already exists. Choose another name.".to_owned())
}

impl Records {
    /// Writes a new queue; a name that is in use is a conflict.
    pub async fn create_annotation_queue(&self, queue: &AnnotationQueue) -> Result<(), Error> {
        if self.count_rows(part(&pk(&queue.project_id))).await? >= MAX_QUEUES {
            return Err(Error::Conflict(format!("The project has {MAX_QUEUES} annotation queues already. Delete one that is done.")));
        }
        match self.write("create an annotation queue", &[Action::Create(queue.to_name_item()), Action::Create(queue.to_item())]).await? {
            Written::Done => Ok(()),
            Written::Refused(_) => Err(name_taken()),
        }
    }

    pub async fn annotation_queue(&self, project_id: &str, id: &str) -> Result<Option<AnnotationQueue>, Error> {
        self.read("read an annotation queue", &pk(project_id), &sk(id)).await?.as_ref().map(AnnotationQueue::from_item).transpose()
    }

    /// A page of the project's queues, newest first.
    pub async fn list_annotation_queues(&self, project_id: &str, range: PageRange) -> Result<Paged<AnnotationQueue>, Error> {
        self.page(part(&pk(project_id)), range).await?.try_map(AnnotationQueue::from_item)
    }

    /// Replaces a queue, if it still is as it was read. `false` when another change was faster; a name that is in use is a conflict.
    pub async fn replace_annotation_queue(&self, read: &AnnotationQueue, queue: &AnnotationQueue) -> Result<bool, Error> {
        let attempt = "change an annotation queue";
        if read.name != queue.name {
            // The new name is taken first, so that it is nobody else's whatever happens next.
            if self.write(attempt, &[Action::Create(queue.to_name_item())]).await? != Written::Done {
                return Err(name_taken());
            }
        }
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(queue.to_item().into_attributes()))
            .condition_expression("updated_at = :read_at")
            .expression_attribute_values(":read_at", number(read.updated_at.0));
        let done = match put.send().await {
            Ok(_) => true,
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => false,
            Err(e) => return Err(Error::from_sdk(attempt, e)),
        };
        if read.name != queue.name {
            let unused = if done { &read.name } else { &queue.name };
            self.write(attempt, &[Action::Remove { pk: pk(&queue.project_id), sk: name_sk(unused) }]).await?;
        }
        Ok(done)
    }

    /// Deletes a queue after its items, so that a queue whose deletion broke off is still there to be deleted again.
    pub async fn delete_annotation_queue(&self, queue: &AnnotationQueue) -> Result<(), Error> {
        self.clear_queue(&queue.project_id, &queue.id).await?;
        let gone = [
            Action::Remove { pk: pk(&queue.project_id), sk: sk(&queue.id) },
            Action::Remove { pk: pk(&queue.project_id), sk: name_sk(&queue.name) },
        ];
        self.write("delete an annotation queue", &gone).await.map(drop)
    }

    /// Assigns a user; again is no difference.
    pub async fn assign_to_queue(&self, project_id: &str, queue_id: &str, user_id: &str) -> Result<(), Error> {
        let item =
            NewItem::new(queue_items::pk(project_id, queue_id), format!("{ASSIGNED}{user_id}")).text("user_id", user_id).into_attributes();
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map(drop).map_err(|e| Error::from_sdk("assign a user to a queue", e))
    }

    /// Ends an assignment, if there is one.
    pub async fn unassign_from_queue(&self, project_id: &str, queue_id: &str, user_id: &str) -> Result<(), Error> {
        let key = key(&queue_items::pk(project_id, queue_id), &format!("{ASSIGNED}{user_id}"));
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key));
        delete.send().await.map(drop).map_err(|e| Error::from_sdk("end an assignment to a queue", e))
    }

    /// The ids of the users assigned to a queue.
    pub async fn assigned_to_queue(&self, project_id: &str, queue_id: &str) -> Result<Vec<String>, Error> {
        let items = self.list("list assignments to a queue", &queue_items::pk(project_id, queue_id), ASSIGNED).await?;
        items.iter().map(|item| item.text("user_id")).collect()
    }

    /// Deletes everything that lies in a queue's partition.
    async fn clear_queue(&self, project_id: &str, queue_id: &str) -> Result<(), Error> {
        let attempt = "clear an annotation queue";
        let pk = queue_items::pk(project_id, queue_id);
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", text(&pk))
                .projection_expression("sk")
                .consistent_read(true)
                .limit(1_000)
                .send()
                .await
                .map_err(|e| Error::from_sdk(attempt, e))?;
            let keys: Vec<String> = answer.items.unwrap_or_default().iter().filter_map(|i| i.get("sk")?.as_s().ok().cloned()).collect();
            if keys.is_empty() {
                return Ok(());
            }
            for batch in keys.chunks(25) {
                self.delete_queue_rows(attempt, &pk, batch).await?;
            }
        }
    }
}
