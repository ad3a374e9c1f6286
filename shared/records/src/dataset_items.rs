//! Dataset items and their versions.
//!
//! | pk | sk | what |
//! |---|---|---|
//! | `DATASET_ITEM#<project>#<key>` | `ITEM` | the item as it is: makes its id unique over the project |
//! | `DATASET_ITEM#<project>#<key>` | `BODY#<time>` | the texts of one version, never changed |
//! | `DATASET#<project>#<dataset>` | `ITEM#<created>#<key>` | lists the items that are there; on gsi1 those of the whole project |
//! | `DATASET#<project>#<dataset>` | `VERSION#<key>#<time>` | lists every version, deletions included |
//!
//! `<key>` is a hash of the item's id; times are milliseconds, as the API shows them, so that an item's `updatedAt` names its version.

use std::collections::HashMap;
use std::ops::ControlFlow;

use agenttrace_domain::Timestamp;

use crate::datasets::{Slice, content_pk, key_of, put};
use crate::item::{Item, NewItem};
use crate::table::{Action, Walk, Written};
use crate::{Error, Records, dataset_counts};

/// An item without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetItem {
    pub id: String,
    pub project_id: String,
    pub dataset_id: String,
    pub archived: bool,
    pub source_trace_id: Option<String>,
    pub source_observation_id: Option<String>,
    pub created_at: Timestamp,
    /// When this version began; every version of an item has its own.
    pub valid_from: Timestamp,
}

/// The item of an id, as it is or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetItemHead {
    pub item: DatasetItem,
    pub dataset_name: String,
    /// Gone; its versions stay readable.
    pub deleted: bool,
}

/// Input, expected output and metadata as one JSON text, or where that text lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatasetItemBody {
    Inline(String),
    /// An S3 key.
    Object(String),
}

/// Which items a list takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DatasetItemFilter {
    /// `None`: both.
    pub archived: Option<bool>,
    pub source_trace_id: Option<String>,
    pub source_observation_id: Option<String>,
}

impl DatasetItemFilter {
    const fn is_of_status_only(&self) -> bool {
        self.source_trace_id.is_none() && self.source_observation_id.is_none()
    }

    fn takes(&self, item: &DatasetItem) -> bool {
        let same = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        self.archived.is_none_or(|archived| archived == item.archived)
            && same(&self.source_trace_id, &item.source_trace_id)
            && same(&self.source_observation_id, &item.source_observation_id)
    }
}

/// Where a page is read: from the end of the list that is nearer to it, where its length is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    from_oldest: bool,
    skip: usize,
    take: usize,
}

impl Wanted {
    fn of(skip: usize, limit: usize, total: Option<usize>) -> Self {
        let Some(total) = total else { return Self { from_oldest: false, skip, take: limit } };
        let take = limit.min(total.saturating_sub(skip));
        let behind = total.saturating_sub(skip).saturating_sub(take);
        let from_oldest = behind < skip;
        Self { from_oldest, skip: if from_oldest { behind } else { skip }, take }
    }
}

const HEAD: &str = "ITEM";

/// Times as they sort: never negative, since nothing was written before 1970.
fn sortable(time: Timestamp) -> String {
    format!("{:016}", time.0.max(0) / 1_000)
}

fn own_pk(project_id: &str, id: &str) -> String {
    format!("DATASET_ITEM#{project_id}#{}", key_of(id))
}

fn body_sk(valid_from: Timestamp) -> String {
    format!("BODY#{}", sortable(valid_from))
}

fn project_pk(project_id: &str) -> String {
    format!("DATASET_ITEMS#{project_id}")
}

impl DatasetItem {
    fn entry_sk(&self) -> String {
        format!("ITEM#{}#{}", sortable(self.created_at), key_of(&self.id))
    }

    fn version_sk(&self) -> String {
        format!("VERSION#{}#{}", key_of(&self.id), sortable(self.valid_from))
    }

    fn put(&self, item: NewItem) -> NewItem {
        item.text("id", &self.id)
            .text("project_id", &self.project_id)
            .text("dataset_id", &self.dataset_id)
            .maybe_number("archived", self.archived.then_some(1))
            .maybe_text("source_trace_id", self.source_trace_id.as_deref())
            .maybe_text("source_observation_id", self.source_observation_id.as_deref())
            .number("created_at", self.created_at.0)
            .number("valid_from", self.valid_from.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            project_id: item.text("project_id")?,
            dataset_id: item.text("dataset_id")?,
            archived: item.maybe_number("archived") == Some(1),
            source_trace_id: item.maybe_text("source_trace_id"),
            source_observation_id: item.maybe_text("source_observation_id"),
            created_at: item.time("created_at")?,
            valid_from: item.time("valid_from")?,
        })
    }

    fn to_entry(&self) -> NewItem {
        let entry = NewItem::new(content_pk(&self.project_id, &self.dataset_id), self.entry_sk());
        self.put(entry).text("gsi1pk", project_pk(&self.project_id)).text("gsi1sk", self.entry_sk())
    }

    fn to_version(&self, deleted: bool) -> NewItem {
        let version = NewItem::new(content_pk(&self.project_id, &self.dataset_id), self.version_sk());
        self.put(version).maybe_number("deleted", deleted.then_some(1))
    }
}

impl DatasetItemHead {
    fn to_item(&self) -> NewItem {
        let head = NewItem::new(own_pk(&self.item.project_id, &self.item.id), HEAD.to_owned());
        self.item
            .put(head)
            .text("dataset_name", &self.dataset_name)
            .maybe_number("deleted", self.deleted.then_some(1))
            .number("revision", self.item.valid_from.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            item: DatasetItem::from_item(item)?,
            dataset_name: item.text("dataset_name")?,
            deleted: item.maybe_number("deleted") == Some(1),
        })
    }
}

impl Records {
    /// The item of this id, deleted or not.
    pub async fn dataset_item(&self, project_id: &str, id: &str) -> Result<Option<DatasetItemHead>, Error> {
        let found = self.read("read a dataset item", &own_pk(project_id, id), HEAD).await?;
        found.as_ref().map(DatasetItemHead::from_item).transpose()
    }

    /// Those of these items that there are or were, by id.
    pub async fn dataset_item_heads(&self, project_id: &str, ids: &[String]) -> Result<HashMap<String, DatasetItemHead>, Error> {
        let keys = ids.iter().map(|id| (own_pk(project_id, id), HEAD.to_owned())).collect();
        let found = self.read_many("read dataset items", keys).await?;
        let heads = found.iter().map(DatasetItemHead::from_item).collect::<Result<Vec<_>, _>>()?;
        Ok(heads.into_iter().map(|head| (head.item.id.clone(), head)).collect())
    }

    /// Writes the next version of an item that was `was` (none: there never was one). `false` when someone was faster.
    pub async fn write_dataset_item(
        &self,
        head: &DatasetItemHead,
        body: &DatasetItemBody,
        was: Option<&DatasetItemHead>,
    ) -> Result<bool, Error> {
        let item = &head.item;
        let text = NewItem::new(own_pk(&item.project_id, &item.id), body_sk(item.valid_from))
            .text("id", &item.id)
            .number("valid_from", item.valid_from.0);
        let text = match body {
            DatasetItemBody::Inline(body) => text.text("body", body),
            DatasetItemBody::Object(key) => text.text("object", key),
        };
        let mut actions = vec![
            put(head.to_item(), was.map(|was| was.item.valid_from.0)),
            Action::Create(item.to_version(false)),
            Action::Put(text),
            Action::Put(item.to_entry()),
        ];
        actions.extend(dataset_counts::change(was.filter(|was| !was.deleted).map(|was| &was.item), Some(item)));
        Ok(self.write("write a dataset item", &actions).await? == Written::Done)
    }

    /// Ends an item whose last version is `was` with a version that says so. `false` when someone was faster.
    pub async fn end_dataset_item(&self, head: &DatasetItemHead, was: Timestamp) -> Result<bool, Error> {
        let item = &head.item;
        let mut actions = vec![
            Action::PutOver { item: head.to_item(), revision: was.0 },
            Action::Create(item.to_version(true)),
            Action::Remove { pk: content_pk(&item.project_id, &item.dataset_id), sk: item.entry_sk() },
        ];
        actions.extend(dataset_counts::change(Some(item), None));
        Ok(self.write("delete a dataset item", &actions).await? == Written::Done)
    }

    /// The texts of these versions, by id. Absent ones are left out.
    pub async fn dataset_item_bodies(&self, items: &[DatasetItem]) -> Result<HashMap<String, DatasetItemBody>, Error> {
        let keys = items.iter().map(|item| (own_pk(&item.project_id, &item.id), body_sk(item.valid_from))).collect();
        let found = self.read_many("read the texts of dataset items", keys).await?;
        let body = |item: &Item| match (item.maybe_text("body"), item.maybe_text("object")) {
            (Some(body), _) => Ok((item.text("id")?, DatasetItemBody::Inline(body))),
            (None, Some(key)) => Ok((item.text("id")?, DatasetItemBody::Object(key))),
            (None, None) => Err(item.broken("body")),
        };
        found.iter().map(body).collect()
    }

    /// Items of a dataset, or of all datasets (a moment behind), newest first.
    pub async fn list_dataset_items(
        &self,
        project_id: &str,
        dataset_id: Option<&str>,
        filter: &DatasetItemFilter,
        skip: usize,
        limit: usize,
    ) -> Result<Slice<DatasetItem>, Error> {
        let pk = dataset_id.map_or_else(|| project_pk(project_id), |dataset| content_pk(project_id, dataset));
        let counts = if filter.is_of_status_only() { self.item_counts(project_id, dataset_id).await? } else { None };
        let total = counts.map(|counts| counts.of(filter.archived));
        let wanted = Wanted::of(skip, limit, total.map(|total| usize::try_from(total).unwrap_or(usize::MAX)));
        let walk = Walk {
            gsi1: dataset_id.is_none(),
            pk: &pk,
            sk_prefix: "ITEM#",
            backwards: !wanted.from_oldest,
            expected: total.is_some().then_some(wanted.skip.saturating_add(wanted.take)),
        };
        let (mut rows, mut seen) = (Vec::new(), 0);
        if total.is_none() || wanted.take > 0 {
            self.walk("list dataset items", walk, |entry| {
                let item = DatasetItem::from_item(&entry)?;
                if filter.takes(&item) {
                    if seen >= wanted.skip && rows.len() < wanted.take {
                        rows.push(item);
                    }
                    seen += 1;
                }
                let enough = total.is_some() && rows.len() == wanted.take;
                Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })
            .await?;
        }
        if wanted.from_oldest {
            rows.reverse();
        }
        Ok(Slice { rows, total: total.unwrap_or(seen as u64) })
    }

    /// Items of a dataset as they were at a time, newest first.
    pub async fn list_dataset_items_at(
        &self,
        project_id: &str,
        dataset_id: &str,
        at: Timestamp,
        filter: &DatasetItemFilter,
        skip: usize,
        limit: usize,
    ) -> Result<Slice<DatasetItem>, Error> {
        let pk = content_pk(project_id, dataset_id);
        let walk = Walk { gsi1: false, pk: &pk, sk_prefix: "VERSION#", backwards: true, expected: None };
        // Against the order of the keys, the first version of an item that is not too new is the one that held.
        let (mut held, mut settled) = (Vec::new(), String::new());
        self.walk("list versions of dataset items", walk, |entry| {
            let item = DatasetItem::from_item(&entry)?;
            if item.id != settled && item.valid_from <= at {
                settled.clone_from(&item.id);
                if entry.maybe_number("deleted") != Some(1) && filter.takes(&item) {
                    held.push(item);
                }
            }
            Ok(ControlFlow::Continue(()))
        })
        .await?;
        held.sort_unstable_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        let total = held.len() as u64;
        Ok(Slice { rows: held.into_iter().skip(skip).take(limit).collect(), total })
    }

    /// One item as it was at a time.
    pub async fn dataset_item_at(&self, project_id: &str, dataset_id: &str, id: &str, at: Timestamp) -> Result<Option<DatasetItem>, Error> {
        let (pk, prefix) = (content_pk(project_id, dataset_id), format!("VERSION#{}#", key_of(id)));
        let mut held = None;
        self.walk(
            "read a version of a dataset item",
            Walk { gsi1: false, pk: &pk, sk_prefix: &prefix, backwards: true, expected: Some(8) },
            |entry| {
                let item = DatasetItem::from_item(&entry)?;
                if item.valid_from > at {
                    return Ok(ControlFlow::Continue(()));
                }
                held = (entry.maybe_number("deleted") != Some(1)).then_some(item);
                Ok(ControlFlow::Break(()))
            },
        )
        .await?;
        Ok(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, archived: bool, trace: Option<&str>) -> DatasetItem {
        DatasetItem {
            id: id.to_owned(),
            project_id: "p".to_owned(),
            dataset_id: "d".to_owned(),
            archived,
            source_trace_id: trace.map(str::to_owned),
            source_observation_id: None,
            created_at: Timestamp(5_000),
            valid_from: Timestamp(7_000),
        }
    }

    #[test]
    fn keys_sort_by_time_and_fit_ids_of_any_length() {
        let long = item(&"東".repeat(800), false, None);

        assert!(long.entry_sk().len() < 100 && long.version_sk().len() < 100);
        assert!(sortable(Timestamp(9_999_000)) < sortable(Timestamp(10_000_000)));
        assert_eq!(body_sk(Timestamp(7_000)), "BODY#0000000000000007");
    }

    #[test]
    fn a_page_is_read_from_the_nearer_end() {
        for (skip, limit, total, expected) in [
            (0, 50, 10_000, (false, 0, 50)),
            (4_000, 50, 10_000, (false, 4_000, 50)),
            (9_950, 50, 10_000, (true, 0, 50)),
            (9_980, 50, 10_000, (true, 0, 20)),
            (10_000, 50, 10_000, (true, 0, 0)),
            (0, 50, 0, (false, 0, 0)),
            (0, usize::MAX, 7, (false, 0, 7)),
        ] {
            let Wanted { from_oldest, skip: begin, take } = Wanted::of(skip, limit, Some(total));
            assert_eq!((from_oldest, begin, take), expected, "{skip} {limit} {total}");
        }
        assert_eq!(Wanted::of(100, 50, None), Wanted { from_oldest: false, skip: 100, take: 50 });
    }

    #[test]
    fn heads_and_versions_read_back() {
        let head = DatasetItemHead { item: item("a", true, Some("t")), dataset_name: "n".to_owned(), deleted: true };
        let read = Item::read(head.to_item().into_attributes()).expect("an item");

        assert_eq!(DatasetItemHead::from_item(&read).expect("a head"), head);
        let version = Item::read(head.item.to_version(false).into_attributes()).expect("an item");
        assert_eq!(DatasetItem::from_item(&version).expect("an item"), head.item);
        assert_eq!(version.maybe_number("deleted"), None);
    }

    #[test]
    fn filters_take_what_they_name() {
        let by = |archived, trace: Option<&str>| DatasetItemFilter {
            archived,
            source_trace_id: trace.map(str::to_owned),
            source_observation_id: None,
        };
        for (filter, expected) in [
            (by(None, None), true),
            (by(Some(false), None), true),
            (by(Some(true), None), false),
            (by(None, Some("t")), true),
            (by(None, Some("u")), false),
        ] {
            assert_eq!(filter.takes(&item("a", false, Some("t"))), expected, "{filter:?}");
        }
    }
}
