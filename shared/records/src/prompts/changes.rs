//! What changed lately of a project's prompts, so that a reader who knows them all need not read them all again.
//!
//! | pk | sk | what |
//! |---|---|---|
//! | `PROMPTCHANGES#<project>` | `<time>#<prompt>#<revision>` | that a head was written or removed, gone by `ttl` |
//!
//! Written in the transaction that changes the head. Clocks of writers differ a little, and a transaction ends a little after its time: readers ask
//! again for the last minute, and look at what they have not seen ([`CHANGES_OVERLAP_MICROS`]).

use agenttrace_domain::Timestamp;

use super::PromptHead;
use crate::item::{Item, NewItem};
use crate::table::{Action, text};
use crate::{Error, Records};

/// How far back a reader looks beyond what it has read.
pub const CHANGES_OVERLAP_MICROS: i64 = 60_000_000;
/// Changes are there at least so long.
pub const CHANGES_KEPT_MICROS: i64 = 2 * 86_400_000_000;

/// A head was written or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptChange {
    /// Tells changes apart.
    pub key: String,
    pub name: String,
}

fn pk(project_id: &str) -> String {
    format!("PROMPTCHANGES#{project_id}")
}

fn sortable(at: Timestamp) -> String {
    format!("{:020}", at.0.max(0))
}

pub(super) fn note(project_id: &str, head: &PromptHead, what: &str, at: Timestamp) -> Action {
    let sk = format!("{}#{}#{}{what}", sortable(at), head.head.id, head.revision);
    Action::Put(
        NewItem::new(pk(project_id), sk).text("name", &head.head.name).number("ttl", (at.0 + CHANGES_KEPT_MICROS).div_euclid(1_000_000)),
    )
}

impl PromptChange {
    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self { key: item.text("sk")?, name: item.text("name")? })
    }
}

impl Records {
    /// What changed at this time and later, but no more than `most`: `None` when there is more.
    pub async fn prompt_changes(&self, project_id: &str, since: Timestamp, most: usize) -> Result<Option<Vec<PromptChange>>, Error> {
        let attempt = "read changes of prompts";
        let (mut changes, mut from) = (Vec::new(), None);
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("pk = :pk AND sk >= :sk")
                .expression_attribute_values(":pk", text(&pk(project_id)))
                .expression_attribute_values(":sk", text(&sortable(since)))
                .consistent_read(true)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|e| Error::from_sdk(attempt, e))?;
            for item in answer.items.unwrap_or_default() {
                changes.push(PromptChange::from_item(&Item::read(item)?)?);
            }
            if changes.len() > most {
                return Ok(None);
            }
            from = answer.last_evaluated_key.filter(|k| !k.is_empty());
            if from.is_none() {
                return Ok(Some(changes));
            }
        }
    }
}
