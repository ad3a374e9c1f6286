//! Deletes everything that a project holds in the table.
//!
//! It looks through the whole table, so that no kind of item is forgotten: projects are deleted seldom. What belongs to a project has its id
//! right behind the kind, in `pk` (`PROJECT#<id>`, `MEDIA#<id>#…`); kinds whose keys hold what callers choose are never touched here.

use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use std::time::Duration;

use crate::item::Attributes;
use crate::table::{key, text};
use crate::{Error, Records};

/// Keys of these are texts of callers', in which another project's id may stand.
const NOT_A_PROJECTS: &[&str] = &["ORG", "USER", "EMAIL", "KEY", "SECRET", "THROTTLE", "RATE", "BOOTSTRAP"];
/// Requests that one batch may hold.
const BATCH: usize = 25;
const ATTEMPT: &str = "delete a project's items";

impl Records {
    /// Deletes all items of a project, and gives how many. May be done twice.
    pub async fn delete_project_items(&self, project_id: &str) -> Result<usize, Error> {
        let mut deleted = 0;
        let mut from: Option<Attributes> = None;
        loop {
            let page = self
                .client
                .scan()
                .table_name(&self.table)
                .filter_expression("contains(pk, :id)")
                .projection_expression("pk, sk")
                .expression_attribute_values(":id", text(project_id))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|e| Error::from_sdk(ATTEMPT, e))?;
            let found: Vec<Attributes> = page.items.unwrap_or_default().iter().filter_map(|item| of_project(item, project_id)).collect();
            deleted += found.len();
            for batch in found.chunks(BATCH) {
                self.delete_batch(batch).await?;
            }
            from = page.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() {
                return Ok(deleted);
            }
        }
    }

    async fn delete_batch(&self, keys: &[Attributes]) -> Result<(), Error> {
        let mut left = keys
            .iter()
            .map(|key| {
                let delete = DeleteRequest::builder().set_key(Some(key.clone())).build().map_err(|e| Error::permanent(ATTEMPT, e))?;
                Ok(WriteRequest::builder().delete_request(delete).build())
            })
            .collect::<Result<Vec<_>, Error>>()?;
        for round in 0..6 {
            let answer =
                self.client.batch_write_item().request_items(&self.table, left).send().await.map_err(|e| Error::from_sdk(ATTEMPT, e))?;
            left = answer.unprocessed_items.unwrap_or_default().into_values().flatten().collect();
            if left.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20 << round)).await;
        }
        Err(Error::Temporary { attempt: ATTEMPT, source: "DynamoDB left items in place".into() })
    }
}

/// The key of an item that belongs to the project.
fn of_project(item: &Attributes, project_id: &str) -> Option<Attributes> {
    let part = |name: &str| item.get(name).map(AttributeValue::as_s).and_then(Result::ok);
    let (pk, sk) = (part("pk")?, part("sk")?);
    let (kind, rest) = pk.split_once('#')?;
    let owner = rest.split('#').next()?;
    (owner == project_id && !NOT_A_PROJECTS.contains(&kind)).then(|| key(pk, sk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_projects_own_items_are_deleted() {
        for (pk, expected) in [
            ("PROJECT#p1", true),
            ("MEDIA#p1#m", true),
            ("PROMPT#p1#a#b", true),
            ("PROJECT#p10", false),
            ("PROJECT#p2", false),
            ("PROMPT#p2#p1", false),
            ("KEY#p1", false),
            ("KEY#p1#x", false),
            ("EMAIL#p1", false),
            ("p1", false),
        ] {
            assert_eq!(of_project(&key(pk, "X"), "p1").is_some(), expected, "{pk}");
        }
    }
}
