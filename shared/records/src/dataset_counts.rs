//! How many items a dataset has: counted with every write of an item, in the same transaction, so that a page of a list costs a page.
//!
//! | pk | sk | what |
//! |---|---|---|
//! | `DATASETCOUNTS#<project>` | `<dataset>#<number>` | a part of the counts: they are spread, so that writers seldom meet |
//! | `DATASETCOUNTS#<project>` | `<dataset>#whole` | the dataset was counted from its first item on |
//!
//! Datasets from before the counts have no such mark; their items are counted when a list asks.

use crate::datasets::pk as datasets_pk;
use crate::item::NewItem;
use crate::pages::Part;
use crate::table::Action;
use crate::{DatasetItem, Error, Records};

const ACTIVE: &str = "active";
const ARCHIVED: &str = "archived";
const WHOLE: &str = "whole";

/// Items that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ItemCounts {
    active: i64,
    archived: i64,
}

impl ItemCounts {
    /// Of one status, or of both.
    pub(crate) fn of(self, archived: Option<bool>) -> u64 {
        let count = match archived {
            Some(false) => self.active,
            Some(true) => self.archived,
            None => self.active + self.archived,
        };
        u64::try_from(count).unwrap_or(0)
    }
}

fn pk(project_id: &str) -> String {
    format!("DATASETCOUNTS#{project_id}")
}

/// The mark of a dataset that is counted from now on.
pub(crate) fn begin(project_id: &str, dataset_id: &str) -> Action {
    Action::Put(NewItem::new(pk(project_id), format!("{dataset_id}#{WHOLE}")).number(WHOLE, 1))
}

/// What a change of an item adds to the counts. `None` when it adds nothing.
pub(crate) fn change(before: Option<&DatasetItem>, after: Option<&DatasetItem>) -> Option<Action> {
    let name = |item: &DatasetItem| if item.archived { ARCHIVED } else { ACTIVE };
    let (from, to) = (before.map(name), after.map(name));
    let item = after.or(before)?;
    if from == to {
        return None;
    }
    let by = from.map(|name| (name, -1)).into_iter().chain(to.map(|name| (name, 1))).collect();
    Some(Action::Count { pk: pk(&item.project_id), sk_prefix: format!("{}#", item.dataset_id), by })
}

impl Records {
    /// The counts of a dataset, or of all of a project's. `None` where not everything was counted.
    pub(crate) async fn item_counts(&self, project_id: &str, dataset_id: Option<&str>) -> Result<Option<ItemCounts>, Error> {
        let attempt = "count dataset items";
        let prefix = dataset_id.map_or_else(String::new, |id| format!("{id}#"));
        let (mut counts, mut whole) = (ItemCounts::default(), 0_u64);
        for part in self.list_whole(attempt, &pk(project_id), &prefix).await? {
            counts.active += part.maybe_number(ACTIVE).unwrap_or_default();
            counts.archived += part.maybe_number(ARCHIVED).unwrap_or_default();
            whole += u64::from(part.maybe_number(WHOLE).is_some());
        }
        let datasets = match dataset_id {
            Some(_) => 1,
            None => self.count_rows(Part { attempt, pk: &datasets_pk(project_id), sk_prefix: "AT#", only: &[] }).await?,
        };
        Ok((whole == datasets).then_some(counts))
    }
}

#[cfg(test)]
mod tests {
    use agenttrace_domain::Timestamp;

    use super::*;

    fn item(archived: bool) -> DatasetItem {
        DatasetItem {
            id: "i".to_owned(),
            project_id: "p".to_owned(),
            dataset_id: "d".to_owned(),
            archived,
            source_trace_id: None,
            source_observation_id: None,
            created_at: Timestamp(1),
            valid_from: Timestamp(2),
        }
    }

    #[test]
    fn a_change_moves_an_item_from_one_count_to_another() {
        let (active, archived) = (item(false), item(true));
        for (before, after, expected) in [
            (None, Some(&active), vec![(ACTIVE, 1)]),
            (None, Some(&archived), vec![(ARCHIVED, 1)]),
            (Some(&active), Some(&archived), vec![(ACTIVE, -1), (ARCHIVED, 1)]),
            (Some(&archived), None, vec![(ARCHIVED, -1)]),
            (Some(&active), Some(&active), vec![]),
            (None, None, vec![]),
        ] {
            let by = match change(before, after) {
                Some(Action::Count { pk, sk_prefix, by }) => {
                    assert_eq!((pk.as_str(), sk_prefix.as_str()), ("DATASETCOUNTS#p", "d#"));
                    by
                }
                _ => Vec::new(),
            };
            assert_eq!(by, expected, "{before:?} {after:?}");
        }
    }
}
