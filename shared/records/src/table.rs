//! The table: a few ways of reading and writing, on which the entities stand.

use std::hash::{BuildHasher, Hasher};
use std::ops::ControlFlow;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, KeysAndAttributes, Put, TransactWriteItem, Update};

use crate::Error;
use crate::item::{Attributes, Item, NewItem, VERSION};

/// How many actions a transaction, and how many keys a batch, may hold.
pub(crate) const MAX_ACTIONS: usize = 100;
/// An answer of a list never needs more; what is beyond is a mistake that must not eat a function's memory.
const MAX_LISTED: usize = 5_000;

/// Over how many items a count is spread. Two transactions that meet on one cancel each other.
const COUNT_SHARDS: u64 = 8;

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
    /// Writes an item, whether or not it exists.
    Put(NewItem),
    /// Writes an item over the one whose `revision` is this.
    PutOver { item: NewItem, revision: i64 },
    /// Deletes an item, if its `revision` is this.
    RemoveAt { pk: String, sk: String, revision: i64 },
    /// Deletes an item, if it exists.
    Remove { pk: String, sk: String },
    /// Deletes an item that must exist.
    RemoveExisting { pk: String, sk: String },
    /// Goes on only if the item exists.
    Exists { pk: String, sk: String },
    /// Goes on only if the item's attribute has this text.
    Holds { pk: String, sk: String, name: &'static str, text: String },
    /// Deletes an item whose attribute has this text.
    RemoveHolding { pk: String, sk: String, name: &'static str, text: String },
    /// Adds to counts that are spread over [`COUNT_SHARDS`] items, so that writers seldom meet.
    Count { pk: String, sk_prefix: String, by: Vec<(&'static str, i64)> },
    /// Gives an attribute another text, if it still has the one that was read.
    Replace { pk: String, sk: String, name: &'static str, from: String, to: String },
}

/// Which items a walk goes through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk<'a> {
    /// On gsi1, by its keys.
    pub gsi1: bool,
    pub pk: &'a str,
    pub sk_prefix: &'a str,
    /// Against the order of the keys.
    pub backwards: bool,
    /// How many items are wanted, where it is known: no more than these are read at first.
    pub expected: Option<usize>,
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
        self.read_parts(attempt, keys, None).await
    }

    /// The same, with only the named attributes (`pk`, `sk` and `v` among them).
    pub(crate) async fn read_parts(
        &self,
        attempt: &'static str,
        keys: Vec<(String, String)>,
        parts: Option<&[&str]>,
    ) -> Result<Vec<Item>, Error> {
        let mut items = Vec::with_capacity(keys.len());
        let mut left: Vec<Attributes> = keys.into_iter().map(|(pk, sk)| key(&pk, &sk)).collect();
        let mut rounds = 0;
        while !left.is_empty() {
            let batch = left.split_off(left.len().saturating_sub(MAX_ACTIONS));
            let asked = KeysAndAttributes::builder()
                .set_keys(Some(batch))
                .consistent_read(true)
                .set_projection_expression(parts.map(projection))
                .set_expression_attribute_names(parts.map(projected))
                .build()
                .map_err(|e| Error::permanent(attempt, e))?;
            let answer =
                self.client.batch_get_item().request_items(&self.table, asked).send().await.map_err(|e| Error::from_sdk(attempt, e))?;
            let before = items.len();
            for item in answer.responses.unwrap_or_default().into_values().flatten() {
                items.push(Item::read(item)?);
            }
            // A batch may come back in part, when it holds more than 16 MB or DynamoDB is short of capacity.
            let unprocessed: Vec<Attributes> = answer.unprocessed_keys.unwrap_or_default().into_values().flat_map(|k| k.keys).collect();
            if !unprocessed.is_empty() && items.len() > before {
                left.extend(unprocessed);
            } else if !unprocessed.is_empty() {
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
        self.query(attempt, None, pk, sk_prefix, None, MAX_LISTED).await
    }

    /// The same without a bound, for what a project may have very many of.
    pub(crate) async fn list_whole(&self, attempt: &'static str, pk: &str, sk_prefix: &str) -> Result<Vec<Item>, Error> {
        self.query(attempt, None, pk, sk_prefix, None, usize::MAX).await
    }

    /// The same, with only the named attributes (`pk`, `sk` and `v` among them).
    pub(crate) async fn list_parts(&self, attempt: &'static str, pk: &str, sk_prefix: &str, parts: &[&str]) -> Result<Vec<Item>, Error> {
        self.query(attempt, None, pk, sk_prefix, Some(parts), usize::MAX).await
    }

    /// The same on gsi1, which is a moment behind.
    pub(crate) async fn list_gsi1(&self, attempt: &'static str, pk: &str, sk_prefix: &str) -> Result<Vec<Item>, Error> {
        self.query(attempt, Some("gsi1"), pk, sk_prefix, None, MAX_LISTED).await
    }

    async fn query(
        &self,
        attempt: &'static str,
        index: Option<&str>,
        pk: &str,
        sk_prefix: &str,
        parts: Option<&[&str]>,
        most: usize,
    ) -> Result<Vec<Item>, Error> {
        // A sort key cannot be empty, and nothing "begins with" nothing for every implementation.
        let condition = match (index.is_some(), sk_prefix.is_empty()) {
            (true, _) => "gsi1pk = :pk AND begins_with(gsi1sk, :sk)",
            (false, false) => "pk = :pk AND begins_with(sk, :sk)",
            (false, true) => "pk = :pk",
        };
        let mut values = Attributes::from([(":pk".to_owned(), text(pk))]);
        if !sk_prefix.is_empty() {
            values.insert(":sk".to_owned(), text(sk_prefix));
        }
        let mut items = Vec::new();
        let mut from: Option<Attributes> = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .set_index_name(index.map(str::to_owned))
                .key_condition_expression(condition)
                .set_expression_attribute_values(Some(values.clone()))
                .set_projection_expression(parts.map(projection))
                .set_expression_attribute_names(parts.map(projected))
                .consistent_read(index.is_none())
                .set_exclusive_start_key(from);
            let answer = if most > MAX_LISTED {
                // Pages of a megabyte, one after the other.
                page.customize()
                    .config_override(aws_sdk_dynamodb::config::Config::builder().timeout_config(whole_list_timeouts()))
                    .send()
                    .await
            } else {
                page.send().await
            };
            let answer = answer.map_err(|e| Error::from_sdk(attempt, e))?;
            for item in answer.items.unwrap_or_default() {
                items.push(Item::read(item)?);
            }
            from = answer.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() || items.len() >= most {
                return Ok(items);
            }
        }
    }

    /// Shows every item of a partition whose sort key begins so to `visit`, in the order of the keys or against it, until it breaks. Consistent,
    /// except on an index. However many there are: only one answer of DynamoDB's (1 MB) is in memory.
    pub(crate) async fn walk(
        &self,
        attempt: &'static str,
        walk: Walk<'_>,
        mut visit: impl FnMut(Item) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let condition = if walk.gsi1 { "gsi1pk = :pk AND begins_with(gsi1sk, :sk)" } else { "pk = :pk AND begins_with(sk, :sk)" };
        let mut from: Option<Attributes> = None;
        let mut limit = walk.expected.and_then(|n| i32::try_from(n.max(1)).ok());
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .set_limit(limit.take())
                .set_index_name(walk.gsi1.then(|| "gsi1".to_owned()))
                .key_condition_expression(condition)
                .expression_attribute_values(":pk", text(walk.pk))
                .expression_attribute_values(":sk", text(walk.sk_prefix))
                .consistent_read(!walk.gsi1)
                .scan_index_forward(!walk.backwards)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|e| Error::from_sdk(attempt, e))?;
            for item in answer.items.unwrap_or_default() {
                if visit(Item::read(item)?)?.is_break() {
                    return Ok(());
                }
            }
            from = answer.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() {
                return Ok(());
            }
        }
    }

    /// All of it or nothing. The SDK's token makes its own retries harmless.
    pub(crate) async fn write(&self, attempt: &'static str, actions: &[Action]) -> Result<Written, Error> {
        let mut tries = 0;
        loop {
            // Anew at each try: counts go to another item then.
            let items =
                actions.iter().map(|a| self.transact(a)).collect::<Result<Vec<_>, _>>().map_err(|e| Error::permanent(attempt, e))?;
            let error = match self.client.transact_write_items().set_transact_items(Some(items)).send().await {
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
            Action::Put(new) => item.put(Put::builder().table_name(&self.table).set_item(Some(new.clone().into_attributes())).build()?),
            Action::PutOver { item: new, revision } => item.put(
                Put::builder()
                    .table_name(&self.table)
                    .set_item(Some(new.clone().into_attributes()))
                    .condition_expression("revision = :revision")
                    .expression_attribute_values(":revision", number(*revision))
                    .build()?,
            ),
            Action::RemoveAt { pk, sk, revision } => item.delete(
                delete(pk, sk)
                    .condition_expression("revision = :revision")
                    .expression_attribute_values(":revision", number(*revision))
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
            Action::RemoveHolding { pk, sk, name, text: value } => item.delete(
                delete(pk, sk)
                    .condition_expression("#name = :text")
                    .expression_attribute_names("#name", *name)
                    .expression_attribute_values(":text", text(value))
                    .build()?,
            ),
            Action::Count { pk, sk_prefix, by } => {
                let adds: Vec<String> = by.iter().enumerate().map(|(at, _)| format!("#name{at} :by{at}")).collect();
                let mut update = Update::builder()
                    .table_name(&self.table)
                    .set_key(Some(key(pk, &format!("{sk_prefix}{}", any_number() % COUNT_SHARDS))))
                    .update_expression(format!("SET v = :v ADD {}", adds.join(", ")))
                    .expression_attribute_values(":v", number(VERSION));
                for (at, (name, by)) in by.iter().enumerate() {
                    update = update
                        .expression_attribute_names(format!("#name{at}"), *name)
                        .expression_attribute_values(format!(":by{at}"), number(*by));
                }
                item.update(update.build()?)
            }
            Action::Replace { pk, sk, name, from, to } => item.update(
                Update::builder()
                    .table_name(&self.table)
                    .set_key(Some(key(pk, sk)))
                    .update_expression("SET #name = :to")
                    .condition_expression("#name = :from")
                    .expression_attribute_names("#name", *name)
                    .expression_attribute_values(":from", text(from))
                    .expression_attribute_values(":to", text(to))
                    .build()?,
            ),
        }
        .build())
    }
}

/// Any number, another one each time. Not for secrets.
fn any_number() -> u64 {
    std::hash::RandomState::new().build_hasher().finish()
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

/// A page of a list without a bound may take longer than one item, while the request as a whole still has an end.
fn whole_list_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(8)).operation_timeout(Duration::from_secs(16)).build()
}

/// A projection of attributes under stand-ins, since many good names are reserved words.
fn projection(parts: &[&str]) -> String {
    parts.iter().map(|p| format!("#{p}")).collect::<Vec<_>>().join(", ")
}

fn projected(parts: &[&str]) -> std::collections::HashMap<String, String> {
    parts.iter().map(|p| (format!("#{p}"), (*p).to_owned())).collect()
}
