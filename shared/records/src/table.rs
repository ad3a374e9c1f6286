//! The table: a few ways of reading and writing, on which the entities stand.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, KeysAndAttributes, Put, TransactWriteItem};

use crate::Error;
use crate::item::{Attributes, Item, NewItem};

/// How many actions a transaction, and how many keys a batch, may hold.
pub(crate) const MAX_ACTIONS: usize = 100;
/// An answer of a list never needs more; what is beyond is a mistake that must not eat a function's memory.
const MAX_LISTED: usize = 5_000;

/// DynamoDB's limits of keys, in bytes.
const MAX_PK: usize = 2_048;
const MAX_SK: usize = 1_024;

/// The metadata table. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Records {
    pub(crate) client: Client,
    pub(crate) table: String,
}

/// One part of a transaction.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// Writes an item that must not exist.
    Create(NewItem),
    /// Deletes an item, if it exists.
    Remove { pk: String, sk: String },
    /// Deletes an item that must exist.
    RemoveExisting { pk: String, sk: String },
    /// Goes on only if the item exists.
    Exists { pk: String, sk: String },
    /// Goes on only if the item's attribute has this text.
    Holds { pk: String, sk: String, name: &'static str, text: String },
}

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Done,
    /// Nothing was written, because the condition of this action (by its index) did not hold.
    Refused(usize),
}

impl Records {
    /// The time limits are DynamoDB's own: an answer takes milliseconds, and callers behind us give up after five seconds.
    #[must_use]
    pub fn new(config: &SdkConfig, table: String) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(2))
            .operation_timeout(Duration::from_secs(4))
            .build();
        let retries = RetryConfig::standard()
            .with_max_attempts(3)
            .with_initial_backoff(Duration::from_millis(25))
            .with_max_backoff(Duration::from_millis(400));
        let config = aws_sdk_dynamodb::config::Builder::from(config).timeout_config(timeouts).retry_config(retries).build();
        Self { client: Client::from_conf(config), table }
    }

    /// Does the table answer?
    pub async fn ping(&self) -> Result<(), Error> {
        self.read("ask the table", "BOOTSTRAP", "BOOTSTRAP").await.map(drop)
    }

    /// An item by its key. Keys hold what callers sent, and one that is longer than DynamoDB takes is simply not there.
    pub(crate) async fn read(&self, attempt: &'static str, pk: &str, sk: &str) -> Result<Option<Item>, Error> {
        if pk.len() > MAX_PK || sk.len() > MAX_SK {
            return Ok(None);
        }
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("pk", text(pk))
            .key("sk", text(sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(|e| Error::from_sdk(attempt, e))?;
        answer.item.map(Item::read).transpose()
    }

    /// Items by their keys, in any order; absent ones are left out.
    pub(crate) async fn read_many(&self, attempt: &'static str, keys: Vec<(String, String)>) -> Result<Vec<Item>, Error> {
        let mut items = Vec::with_capacity(keys.len());
        let mut left: Vec<Attributes> = keys.into_iter().map(|(pk, sk)| key(&pk, &sk)).collect();
        let mut rounds = 0;
        while !left.is_empty() {
            let batch = left.split_off(left.len().saturating_sub(MAX_ACTIONS));
            let asked = KeysAndAttributes::builder()
                .set_keys(Some(batch))
                .consistent_read(true)
                .build()
                .map_err(|e| Error::permanent(attempt, e))?;
            let answer =
                self.client.batch_get_item().request_items(&self.table, asked).send().await.map_err(|e| Error::from_sdk(attempt, e))?;
            for item in answer.responses.unwrap_or_default().into_values().flatten() {
                items.push(Item::read(item)?);
            }
            // A batch may come back in part, when DynamoDB is short of capacity.
            let unprocessed: Vec<Attributes> = answer.unprocessed_keys.unwrap_or_default().into_values().flat_map(|k| k.keys).collect();
            if !unprocessed.is_empty() {
                rounds += 1;
                if rounds > 5 {
                    return Err(Error::Temporary { attempt, source: "DynamoDB left keys unread".into() });
                }
                tokio::time::sleep(Duration::from_millis(20 << rounds)).await;
                left.extend(unprocessed);
            }
        }
        Ok(items)
    }

    /// All items of a partition whose sort key begins so, consistently.
    pub(crate) async fn list(&self, attempt: &'static str, pk: &str, sk_prefix: &str) -> Result<Vec<Item>, Error> {
        self.query(attempt, None, pk, sk_prefix).await
    }

    /// The same on gsi1, which is a moment behind.
    pub(crate) async fn list_gsi1(&self, attempt: &'static str, pk: &str, sk_prefix: &str) -> Result<Vec<Item>, Error> {
        self.query(attempt, Some("gsi1"), pk, sk_prefix).await
    }

    async fn query(&self, attempt: &'static str, index: Option<&str>, pk: &str, sk_prefix: &str) -> Result<Vec<Item>, Error> {
        let condition = if index.is_some() { "gsi1pk = :pk AND begins_with(gsi1sk, :sk)" } else { "pk = :pk AND begins_with(sk, :sk)" };
        let mut items = Vec::new();
        let mut from: Option<Attributes> = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .set_index_name(index.map(str::to_owned))
                .key_condition_expression(condition)
                .expression_attribute_values(":pk", text(pk))
                .expression_attribute_values(":sk", text(sk_prefix))
                .consistent_read(index.is_none())
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|e| Error::from_sdk(attempt, e))?;
            for item in answer.items.unwrap_or_default() {
                items.push(Item::read(item)?);
            }
            from = answer.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() || items.len() >= MAX_LISTED {
                return Ok(items);
            }
        }
    }

    /// All of it or nothing. The SDK's token makes its own retries harmless.
    pub(crate) async fn write(&self, attempt: &'static str, actions: &[Action]) -> Result<Written, Error> {
        let items = actions.iter().map(|a| self.transact(a)).collect::<Result<Vec<_>, _>>().map_err(|e| Error::permanent(attempt, e))?;
        let mut tries = 0;
        loop {
            let error = match self.client.transact_write_items().set_transact_items(Some(items.clone())).send().await {
                Ok(_) => return Ok(Written::Done),
                Err(error) => error,
            };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
                return Err(Error::from_sdk(attempt, error));
            };
            let reasons = cancelled.cancellation_reasons();
            if let Some(at) = reasons.iter().position(|r| r.code() == Some("ConditionalCheckFailed")) {
                return Ok(Written::Refused(at));
            }
            // Two transactions met, or DynamoDB was short of capacity: neither was written.
            tries += 1;
            if tries == 4 {
                return Err(Error::from_sdk(attempt, error));
            }
            tokio::time::sleep(Duration::from_millis(20 << tries)).await;
        }
    }

    fn transact(&self, action: &Action) -> Result<TransactWriteItem, aws_sdk_dynamodb::error::BuildError> {
        let item = TransactWriteItem::builder();
        let delete = |pk: &str, sk: &str| Delete::builder().table_name(&self.table).set_key(Some(key(pk, sk)));
        let check = |pk: &str, sk: &str| ConditionCheck::builder().table_name(&self.table).set_key(Some(key(pk, sk)));
        Ok(match action {
            Action::Create(new) => item.put(
                Put::builder()
                    .table_name(&self.table)
                    .set_item(Some(new.clone().into_attributes()))
                    .condition_expression("attribute_not_exists(pk)")
                    .build()?,
            ),
            Action::Remove { pk, sk } => item.delete(delete(pk, sk).build()?),
            Action::RemoveExisting { pk, sk } => item.delete(delete(pk, sk).condition_expression("attribute_exists(pk)").build()?),
            Action::Exists { pk, sk } => item.condition_check(check(pk, sk).condition_expression("attribute_exists(pk)").build()?),
            Action::Holds { pk, sk, name, text: value } => item.condition_check(
                check(pk, sk)
                    .condition_expression("#name = :text")
                    .expression_attribute_names("#name", *name)
                    .expression_attribute_values(":text", text(value))
                    .build()?,
            ),
        }
        .build())
    }
}

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn key(pk: &str, sk: &str) -> Attributes {
    Attributes::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}
