//! Items of annotation queues, in a partition per queue. An object is in a queue at most once: a second item marks its place.
//!
//! Items by status are found on gsi1, which is a moment behind; whoever takes an item does so with a condition on the item itself, so that
//! two people never get the same one.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use agenttrace_domain::Timestamp;
use aws_sdk_dynamodb::types::{DeleteRequest, ReturnValue, WriteRequest};

use crate::comments::digest;
use crate::item::{Attributes, Item, NewItem};
use crate::pages::{PageRange, Paged, Part};
use crate::table::{Action, MAX_ACTIONS, Written, key, number, text};
use crate::{Error, Records};

/// How long a taken item is its taker's, in microseconds.
pub const LOCK_MICROS: i64 = 300_000_000;
/// How many waiting items are looked at before a taker is told that nothing is free.
const MAX_LOOKED_AT: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueObject {
    Trace,
    Observation,
    Session,
}

impl QueueObject {
    pub const ALL: [Self; 3] = [Self::Trace, Self::Observation, Self::Session];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Observation => "OBSERVATION",
            Self::Session => "SESSION",
        }
    }

    /// The object of [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueStatus {
    Pending,
    Completed,
}

impl QueueStatus {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Completed => "COMPLETED",
        }
    }

    /// The status of [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Completed].into_iter().find(|s| s.as_str() == text)
    }
}

/// Whose an item is, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// A user's id.
    pub by: String,
    pub until: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueItem {
    pub id: String,
    pub project_id: String,
    pub queue_id: String,
    pub object_type: QueueObject,
    pub object_id: String,
    pub status: QueueStatus,
    pub completed_at: Option<Timestamp>,
    pub lock: Option<Lock>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What became of a change of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    Done(Box<QueueItem>),
    Absent,
    /// Another person works on it.
    Locked(Timestamp),
}

pub(crate) fn pk(project_id: &str, queue_id: &str) -> String {
    format!("QUEUE#{project_id}#{queue_id}")
}

const SK_PREFIX: &str = "ITEM#";

fn sk(id: &str) -> String {
    format!("{SK_PREFIX}{id}")
}

/// Marks that an object is in the queue. Ids of objects may be longer than a key, so it holds their digest.
fn place_sk(object_type: QueueObject, object_id: &str) -> String {
    format!("OBJECT#{}#{}", object_type.as_str(), digest(object_id))
}

fn status_pk(project_id: &str, queue_id: &str, status: QueueStatus) -> String {
    format!("QUEUE#{project_id}#{queue_id}#{}", status.as_str())
}

impl QueueItem {
    /// Is it another's at this time?
    #[must_use]
    pub fn is_others(&self, user_id: &str, now: Timestamp) -> bool {
        self.lock.as_ref().is_some_and(|lock| lock.by != user_id && lock.until > now)
    }

    fn to_item(&self) -> NewItem {
        NewItem::new(pk(&self.project_id, &self.queue_id), sk(&self.id))
            .text("gsi1pk", status_pk(&self.project_id, &self.queue_id, self.status))
            .text("gsi1sk", &self.id)
            .text("id", &self.id)
            .text("project_id", &self.project_id)
            .text("queue_id", &self.queue_id)
            .text("object_type", self.object_type.as_str())
            .text("object_id", &self.object_id)
            .text("status", self.status.as_str())
            .maybe_number("completed_at", self.completed_at.map(|t| t.0))
            .number("created_at", self.created_at.0)
            .number("updated_at", self.updated_at.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        let lock = match (item.maybe_text("locked_by"), item.maybe_time("locked_until")) {
            (Some(by), Some(until)) => Some(Lock { by, until }),
            _ => None,
        };
        Ok(Self {
            id: item.text("id")?,
            project_id: item.text("project_id")?,
            queue_id: item.text("queue_id")?,
            object_type: QueueObject::parse(&item.text("object_type")?).ok_or_else(|| item.broken("object_type"))?,
            object_id: item.text("object_id")?,
            status: QueueStatus::parse(&item.text("status")?).ok_or_else(|| item.broken("status"))?,
            completed_at: item.maybe_time("completed_at"),
            lock,
            created_at: item.time("created_at")?,
            updated_at: item.time("updated_at")?,
        })
    }
}

/// An item and the mark of its object's place.
fn creation(item: &QueueItem) -> [Action; 2] {
    let marked = NewItem::new(pk(&item.project_id, &item.queue_id), place_sk(item.object_type, &item.object_id)).text("item_id", &item.id);
    [Action::Create(marked), Action::Create(item.to_item())]
}

impl Records {
    /// Adds an object to its queue: the item that is there now, and whether it is new.
    pub async fn add_queue_item(&self, item: &QueueItem) -> Result<(QueueItem, bool), Error> {
        let attempt = "add an item to a queue";
        let pk = pk(&item.project_id, &item.queue_id);
        let place = place_sk(item.object_type, &item.object_id);
        // More than once only when the same object is added and deleted at the same moment.
        for _ in 0..5 {
            if self.write(attempt, &creation(item)).await? == Written::Done {
                return Ok((item.clone(), true));
            }
            let Some(marked) = self.read(attempt, &pk, &place).await? else { continue };
            if let Some(there) = self.queue_item(&item.project_id, &item.queue_id, &marked.text("item_id")?).await? {
                return Ok((there, false));
            }
        }
        Err(Error::Temporary { attempt, source: "the item came and went".into() })
    }

    /// Adds different objects to one queue, and gives how many of them are new.
    pub async fn add_queue_items(&self, items: &[QueueItem]) -> Result<usize, Error> {
        let attempt = "add items to a queue";
        let place = |item: &QueueItem| (pk(&item.project_id, &item.queue_id), place_sk(item.object_type, &item.object_id));
        let there = self.read_many(attempt, items.iter().map(place).collect()).await?;
        let there: HashSet<String> = there.iter().filter_map(|item| item.maybe_text("sk")).collect();
        let absent: Vec<&QueueItem> = items.iter().filter(|item| !there.contains(&place(item).1)).collect();
        let mut added = 0;
        for batch in absent.chunks(MAX_ACTIONS / 2) {
            let actions: Vec<Action> = batch.iter().copied().flat_map(creation).collect();
            if self.write(attempt, &actions).await? == Written::Done {
                added += batch.len();
                continue;
            }
            // Somebody else added one of them just now: each for itself.
            for item in batch {
                added += usize::from(self.add_queue_item(item).await?.1);
            }
        }
        Ok(added)
    }

    pub async fn queue_item(&self, project_id: &str, queue_id: &str, id: &str) -> Result<Option<QueueItem>, Error> {
        let item = self.read("read an item of a queue", &pk(project_id, queue_id), &sk(id)).await?;
        item.as_ref().map(QueueItem::from_item).transpose()
    }

    /// A page of a queue's items, newest first.
    pub async fn list_queue_items(
        &self,
        project_id: &str,
        queue_id: &str,
        status: Option<QueueStatus>,
        range: PageRange,
    ) -> Result<Paged<QueueItem>, Error> {
        let pk = pk(project_id, queue_id);
        let only: Vec<(&'static str, &str)> = status.iter().map(|s| ("status", s.as_str())).collect();
        let part = Part { attempt: "list items of a queue", pk: &pk, sk_prefix: SK_PREFIX, only: &only };
        self.page(part, range).await?.try_map(QueueItem::from_item)
    }

    /// How many items of a queue have a status.
    pub async fn count_queue_items(&self, project_id: &str, queue_id: &str, status: QueueStatus) -> Result<u64, Error> {
        let pk = pk(project_id, queue_id);
        self.count_rows(Part { attempt: "count items of a queue", pk: &pk, sk_prefix: SK_PREFIX, only: &[("status", status.as_str())] })
            .await
    }

    /// Sets an item's status and ends whoever's work on it: by `user_id`, unless it is another's, or by anyone.
    pub async fn set_queue_item_status(
        &self,
        item: &QueueItem,
        status: QueueStatus,
        user_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let completed = if status == QueueStatus::Completed { ", completed_at = :now" } else { "" };
        let uncompleted = if status == QueueStatus::Pending { ", completed_at" } else { "" };
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk(&item.project_id, &item.queue_id), &sk(&item.id))))
            .update_expression(format!(
                "SET #status = :status, gsi1pk = :gsi1pk, updated_at = :now{completed} REMOVE locked_by, locked_until{uncompleted}"
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(status.as_str()))
            .expression_attribute_values(":gsi1pk", text(&status_pk(&item.project_id, &item.queue_id, status)))
            .expression_attribute_values(":now", number(now.0))
            .return_values(ReturnValue::AllNew);
        update = match user_id {
            None => update.condition_expression("attribute_exists(pk)"),
            Some(user_id) => update
                .condition_expression(
                    "attribute_exists(pk) AND (attribute_not_exists(locked_by) OR locked_by = :user OR locked_until <= :now)",
                )
                .expression_attribute_values(":user", text(user_id)),
        };
        self.changed(item, update.send().await.map(|answer| answer.attributes), "set the status of a queue's item").await
    }

    /// Takes the oldest waiting item that nobody else works on and that is not passed over.
    pub async fn take_queue_item(
        &self,
        project_id: &str,
        queue_id: &str,
        user_id: &str,
        skip: &[String],
        now: Timestamp,
    ) -> Result<Option<QueueItem>, Error> {
        let attempt = "take an item of a queue";
        let (mut from, mut looked_at): (Option<Attributes>, usize) = (None, 0);
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .index_name("gsi1")
                .key_condition_expression("gsi1pk = :pk")
                .expression_attribute_values(":pk", text(&status_pk(project_id, queue_id, QueueStatus::Pending)))
                .limit(50)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|e| Error::from_sdk(attempt, e))?;
            for attributes in answer.items.unwrap_or_default() {
                looked_at += 1;
                let item = QueueItem::from_item(&Item::read(attributes)?)?;
                if item.is_others(user_id, now) || skip.contains(&item.id) {
                    continue;
                }
                if let Some(taken) = self.lock_queue_item(&item, user_id, now).await? {
                    return Ok(Some(taken));
                }
            }
            from = answer.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() || looked_at >= MAX_LOOKED_AT {
                return Ok(None);
            }
        }
    }

    /// Makes a waiting item a user's, unless it is another's by now.
    async fn lock_queue_item(&self, item: &QueueItem, user_id: &str, now: Timestamp) -> Result<Option<QueueItem>, Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk(&item.project_id, &item.queue_id), &sk(&item.id))))
            .update_expression("SET locked_by = :user, locked_until = :until")
            .condition_expression("#status = :pending AND (attribute_not_exists(locked_by) OR locked_by = :user OR locked_until <= :now)")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":pending", text(QueueStatus::Pending.as_str()))
            .expression_attribute_values(":user", text(user_id))
            .expression_attribute_values(":until", number(now.0 + LOCK_MICROS))
            .expression_attribute_values(":now", number(now.0))
            .return_values(ReturnValue::AllNew);
        match update.send().await {
            Ok(answer) => answer.attributes.map(|a| QueueItem::from_item(&Item::read(a)?)).transpose(),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(None),
            Err(e) => Err(Error::from_sdk("take an item of a queue", e)),
        }
    }

    /// Gives back an item that is this user's.
    pub async fn release_queue_item(&self, project_id: &str, queue_id: &str, id: &str, user_id: &str) -> Result<(), Error> {
        let (pk, sk) = (pk(project_id, queue_id), sk(id));
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk, &sk)))
            .update_expression("REMOVE locked_by, locked_until")
            .condition_expression("locked_by = :user")
            .expression_attribute_values(":user", text(user_id));
        match update.send().await {
            Ok(_) => Ok(()),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(e) => Err(Error::from_sdk("give back an item of a queue", e)),
        }
    }

    /// Takes an item out of its queue. `false` when it is gone already.
    pub async fn delete_queue_item(&self, item: &QueueItem) -> Result<bool, Error> {
        let pk = pk(&item.project_id, &item.queue_id);
        let gone = [
            Action::RemoveExisting { pk: pk.clone(), sk: sk(&item.id) },
            Action::Remove { pk, sk: place_sk(item.object_type, &item.object_id) },
        ];
        Ok(self.write("delete an item of a queue", &gone).await? == Written::Done)
    }

    async fn changed<E>(
        &self,
        item: &QueueItem,
        outcome: Result<Option<Attributes>, aws_sdk_dynamodb::error::SdkError<E>>,
        attempt: &'static str,
    ) -> Result<Changed, Error>
    where
        E: std::error::Error + aws_sdk_dynamodb::error::ProvideErrorMetadata + Send + Sync + 'static,
    {
        let error = match outcome {
            Ok(attributes) => {
                let item = Item::read(attributes.unwrap_or_default())?;
                return QueueItem::from_item(&item).map(|item| Changed::Done(Box::new(item)));
            }
            Err(error) => error,
        };
        let refused = error.as_service_error().and_then(|e| e.code()) == Some("ConditionalCheckFailedException");
        if !refused {
            return Err(Error::from_sdk(attempt, error));
        }
        let now = self.queue_item(&item.project_id, &item.queue_id, &item.id).await?;
        Ok(now.map_or(Changed::Absent, |found| Changed::Locked(found.lock.map_or(found.updated_at, |lock| lock.until))))
    }

    /// Deletes up to 25 items of a partition, again and again until DynamoDB has taken all.
    pub(crate) async fn delete_queue_rows(&self, attempt: &'static str, pk: &str, sks: &[String]) -> Result<(), Error> {
        let deletes = sks.iter().map(|sk| DeleteRequest::builder().set_key(Some(key(pk, sk))).build());
        let deletes = deletes.collect::<Result<Vec<_>, _>>().map_err(|e| Error::permanent(attempt, e))?;
        let mut left: Vec<WriteRequest> = deletes.into_iter().map(|d| WriteRequest::builder().delete_request(d).build()).collect();
        for round in 0..6_u32 {
            let asked = HashMap::from([(self.table.clone(), left)]);
            let answer = self.client.batch_write_item().set_request_items(Some(asked)).send().await;
            let answer = answer.map_err(|e| Error::from_sdk(attempt, e))?;
            left = answer.unprocessed_items.unwrap_or_default().into_values().flatten().collect();
            if left.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20 << round)).await;
        }
        Err(Error::Temporary { attempt, source: "DynamoDB left items undeleted".into() })
    }
}
