//! Numbered pages of a partition: Langfuse's lists have `page`, `limit` and a total, which DynamoDB does not offer by itself.
//!
//! The rows before the page are read by key only, and counted to [`MAX_COUNTED`]: a total beyond that is that number.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::Select;

use crate::item::{Attributes, Item};
use crate::table::text;
use crate::{Error, Records};

/// Rows of a partition that are counted at most. About 100 bytes of key each, so 10 answers of DynamoDB.
const MAX_COUNTED: u64 = 100_000;

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRange {
    /// From 0.
    pub skip: u64,
    pub limit: u64,
}

/// A page's rows, and how many rows there are on all pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<T> {
    pub rows: Vec<T>,
    pub total: u64,
}

/// The rows of a partition whose sort key begins so, newest first (ids are ordered by time).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub attempt: &'static str,
    pub pk: &'a str,
    pub sk_prefix: &'a str,
    /// Only rows whose attributes have these texts.
    pub only: &'a [(&'static str, &'a str)],
}

impl Records {
    /// A page of a partition.
    pub(crate) async fn page(&self, part: Part<'_>, range: PageRange) -> Result<Paged<Item>, Error> {
        let mut keys: Vec<(String, String)> = Vec::new();
        let (mut total, mut from): (u64, Option<Attributes>) = (0, None);
        loop {
            // Past the page only the number matters.
            let past = total >= range.skip + range.limit;
            let query = self.part(part).set_exclusive_start_key(from);
            let query = if past { query.select(Select::Count) } else { query.projection_expression("sk") };
            let answer = query.send().await.map_err(|e| Error::from_sdk(part.attempt, e))?;
            for item in answer.items.unwrap_or_default() {
                if (range.skip..range.skip + range.limit).contains(&total)
                    && let Some(Ok(sk)) = item.get("sk").map(|sk| sk.as_s())
                {
                    keys.push((part.pk.to_owned(), sk.clone()));
                }
                total += 1;
            }
            if past {
                total += u64::try_from(answer.count).unwrap_or_default();
            }
            from = answer.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() || total >= MAX_COUNTED {
                break;
            }
        }
        let order = keys.iter().map(|(_, sk)| sk.clone()).collect::<Vec<_>>();
        let mut found = self.read_many(part.attempt, keys).await?;
        // A batch comes back in any order.
        found.sort_by_key(|item| order.iter().position(|sk| Some(sk) == item.maybe_text("sk").as_ref()));
        Ok(Paged { rows: found, total: total.min(MAX_COUNTED) })
    }

    /// How many rows a partition has, up to [`MAX_COUNTED`].
    pub(crate) async fn count_rows(&self, part: Part<'_>) -> Result<u64, Error> {
        let (mut total, mut from): (u64, Option<Attributes>) = (0, None);
        loop {
            let query = self.part(part).select(Select::Count).set_exclusive_start_key(from);
            let answer = query.send().await.map_err(|e| Error::from_sdk(part.attempt, e))?;
            total += u64::try_from(answer.count).unwrap_or_default();
            from = answer.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() || total >= MAX_COUNTED {
                return Ok(total.min(MAX_COUNTED));
            }
        }
    }

    fn part(&self, part: Part<'_>) -> QueryFluentBuilder {
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(part.pk))
            .expression_attribute_values(":sk", text(part.sk_prefix))
            .scan_index_forward(false)
            .consistent_read(true);
        let mut conditions = Vec::with_capacity(part.only.len());
        for (at, (name, value)) in part.only.iter().enumerate() {
            conditions.push(format!("#only{at} = :only{at}"));
            query = query
                .expression_attribute_names(format!("#only{at}"), *name)
                .expression_attribute_values(format!(":only{at}"), text(value));
        }
        if conditions.is_empty() { query } else { query.filter_expression(conditions.join(" AND ")) }
    }
}

impl<T> Paged<T> {
    /// The same with other rows.
    pub(crate) fn try_map<U>(self, map: impl FnMut(&T) -> Result<U, Error>) -> Result<Paged<U>, Error> {
        Ok(Paged { rows: self.rows.iter().map(map).collect::<Result<Vec<_>, _>>()?, total: self.total })
    }
}
