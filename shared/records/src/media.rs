//! Media: one item for each file of a project, and links from traces and dataset items to it.
//!
//! | pk | sk | what |
//! |---|---|---|
//! | `MEDIA#<project>#<media>` | `MEDIA` | the file: type, length, hash, whether it is uploaded, how many links it has |
//! | `MEDIAOF#<project>#<trace or item, or their digest>` | `LINK#<media>#<field>#<hash of the step's id>` | where the file belongs |
//!
//! The object lies under a key of its own generation (`object`), which a link repeats: a file that lost its last link and is announced again
//! at the same moment gets another key, so that removing the old object can never take the new one. A link counts once, since it is written
//! and counted in one transaction; it is uncounted before it is removed, and removed last, so that a removal can be repeated.

use agenttrace_domain::Timestamp;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, ReturnValue, TransactWriteItem, Update};
use std::time::Duration;

use crate::comments::digest;
use crate::item::{Item, NewItem};
use crate::table::{key, number, text};
use crate::{Error, Records};

/// A list shows no more links of one trace.
const MAX_LINKS: usize = 500;
/// Keys hold ids of callers; DynamoDB takes 2,048 bytes.
const MAX_OWNER: usize = 1_900;

/// What a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    Trace(&'a str),
    DatasetItem { dataset_id: &'a str, item_id: &'a str },
}

/// A file as it was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced<'a> {
    pub id: &'a str,
    /// Base64.
    pub sha256: &'a str,
    pub content_type: &'a str,
    /// In bytes.
    pub content_length: u64,
}

/// A file of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    pub id: String,
    /// Base64.
    pub sha256: String,
    pub content_type: String,
    /// In bytes.
    pub content_length: u64,
    /// The object's key in the media bucket.
    pub object: String,
    /// `None` until the bucket was seen to hold the bytes.
    pub uploaded_at: Option<Timestamp>,
}

/// Where in its owner a file belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaLink {
    pub media_id: String,
    pub observation_id: Option<String>,
    pub field: String,
    /// When it was said last.
    pub linked_at: Timestamp,
    sk: String,
    object: String,
    released: bool,
}

/// What became of a link that was to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Released {
    /// It was said anew: it stays.
    Kept,
    /// Other links keep the file.
    Others,
    /// It was the last one: the object with this key is to be removed.
    Last { object: String },
}

const SK: &str = "MEDIA";

fn pk(project_id: &str, id: &str) -> String {
    format!("MEDIA#{project_id}#{id}")
}

impl Owner<'_> {
    /// Ids that are too long for a key stand in it by their digest.
    fn pk(self, project_id: &str) -> String {
        let pk = match self {
            Self::Trace(id) => format!("MEDIAOF#{project_id}#TRACE#{id}"),
            Self::DatasetItem { dataset_id, item_id } => format!("MEDIAOF#{project_id}#ITEM#{}#{dataset_id}#{item_id}", dataset_id.len()),
        };
        if pk.len() <= MAX_OWNER { pk } else { format!("MEDIAOF#{project_id}#LONG#{}", digest(&pk)) }
    }
}

fn link_sk(media_id: &str, field: &str, observation_id: Option<&str>) -> String {
    format!("LINK#{media_id}#{field}#{:016x}", agenttrace_domain::text_hash(observation_id.unwrap_or_default()))
}

impl Media {
    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            sha256: item.text("sha256")?,
            content_type: item.text("content_type")?,
            content_length: u64::try_from(item.number("content_length")?).map_err(|_| item.broken("content_length"))?,
            object: item.text("object")?,
            uploaded_at: item.maybe_time("uploaded_at"),
        })
    }
}

impl MediaLink {
    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            media_id: item.text("media_id")?,
            observation_id: item.maybe_text("observation_id"),
            field: item.text("field")?,
            linked_at: item.time("linked_at")?,
            sk: item.text("sk")?,
            object: item.text("object")?,
            released: item.maybe_number("released").is_some(),
        })
    }
}

impl Records {
    /// The file with these bytes, made if the project has none. Until it is uploaded the newest announcement counts, then it stays as it is.
    ///
    /// # Errors
    /// A conflict when other bytes are there under this id.
    pub async fn announce_media(&self, project_id: &str, media: Announced<'_>, now: Timestamp) -> Result<Media, Error> {
        for _ in 0..2 {
            if let Some(known) = self.media(project_id, media.id).await?
                && known.uploaded_at.is_some()
            {
                return same_bytes(known, media);
            }
            if let Some(known) = self.announce(project_id, media, now).await? {
                return same_bytes(known, media);
            }
            // Uploaded by another caller between the two: what it says counts.
        }
        Err(Error::Temporary { attempt: "announce media", source: "it is announced and removed at once".into() })
    }

    /// `None` when it is uploaded already.
    async fn announce(&self, project_id: &str, media: Announced<'_>, now: Timestamp) -> Result<Option<Media>, Error> {
        let attempt = "announce media";
        let fresh = format!("{project_id}/{}/{}", media.id, crate::new_id());
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk(project_id, media.id), SK)))
            .update_expression(
                "SET v = :v, id = :id, project_id = :project, sha256 = :sha256, content_type = :type, content_length = :length, \
                 #object = if_not_exists(#object, :object), created_at = if_not_exists(created_at, :now), links = if_not_exists(links, :none)",
            )
            .condition_expression("attribute_not_exists(uploaded_at)")
            .expression_attribute_names("#object", "object")
            .expression_attribute_values(":v", number(1))
            .expression_attribute_values(":id", text(media.id))
            .expression_attribute_values(":project", text(project_id))
            .expression_attribute_values(":sha256", text(media.sha256))
            .expression_attribute_values(":type", text(media.content_type))
            .expression_attribute_values(":length", number(i64::try_from(media.content_length).unwrap_or(i64::MAX)))
            .expression_attribute_values(":object", text(&fresh))
            .expression_attribute_values(":now", number(now.0))
            .expression_attribute_values(":none", number(0))
            .return_values(ReturnValue::AllNew);
        let answer = match update.send().await {
            Ok(answer) => answer,
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => return Ok(None),
            Err(e) => return Err(Error::from_sdk(attempt, e)),
        };
        let attributes = answer.attributes.ok_or_else(|| Error::permanent(attempt, "DynamoDB gave back no item"))?;
        Media::from_item(&Item::read(attributes)?).map(Some)
    }

    pub async fn media(&self, project_id: &str, id: &str) -> Result<Option<Media>, Error> {
        self.read("read media", &pk(project_id, id), SK).await?.as_ref().map(Media::from_item).transpose()
    }

    /// Those of the ids that the project has and whose bytes are there, in any order.
    pub async fn uploaded_media(&self, project_id: &str, ids: impl IntoIterator<Item = String>) -> Result<Vec<Media>, Error> {
        let mut keys: Vec<(String, String)> = ids.into_iter().map(|id| (pk(project_id, &id), SK.to_owned())).collect();
        keys.sort_unstable();
        keys.dedup();
        let items = self.read_many("read media", keys).await?;
        let media = items.iter().map(Media::from_item).collect::<Result<Vec<_>, _>>()?;
        Ok(media.into_iter().filter(|m| m.uploaded_at.is_some()).collect())
    }

    /// Notes that the bucket holds the file's bytes. `false` when the file has been removed in the meantime.
    pub async fn media_is_uploaded(&self, project_id: &str, media: &Media, at: Timestamp) -> Result<bool, Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk(project_id, &media.id), SK)))
            .update_expression("SET uploaded_at = :at")
            .condition_expression("#object = :object")
            .expression_attribute_names("#object", "object")
            .expression_attribute_values(":at", number(at.0))
            .expression_attribute_values(":object", text(&media.object));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("note an upload", e)),
        }
    }

    /// Says that a file belongs to a trace or an item. Doing it again only renews the link. `false` when the file or the link is being removed
    /// at this moment: announce it anew.
    pub async fn link_media(
        &self,
        project_id: &str,
        media: &Media,
        owner: Owner<'_>,
        observation_id: Option<&str>,
        field: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let attempt = "link media";
        let owner = owner.pk(project_id);
        let sk = link_sk(&media.id, field, observation_id);
        let link = NewItem::new(owner.clone(), sk.clone())
            .text("media_id", &media.id)
            .text("field", field)
            .maybe_text("observation_id", observation_id)
            .text("object", &media.object)
            .number("linked_at", now.0);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(link.into_attributes()))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|e| Error::permanent(attempt, e))?;
        let count = self.count_links(project_id, &media.id, &media.object, 1).map_err(|e| Error::permanent(attempt, e))?;
        let actions = vec![TransactWriteItem::builder().put(put).build(), TransactWriteItem::builder().update(count).build()];
        match self.write_both(attempt, actions).await? {
            None => Ok(true),
            Some(0) => self.renew_link(&owner, &sk, media, now).await,
            Some(_) => Ok(false),
        }
    }

    async fn renew_link(&self, owner: &str, sk: &str, media: &Media, now: Timestamp) -> Result<bool, Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(owner, sk)))
            .update_expression("SET linked_at = :now")
            .condition_expression("#object = :object AND attribute_not_exists(released)")
            .expression_attribute_names("#object", "object")
            .expression_attribute_values(":now", number(now.0))
            .expression_attribute_values(":object", text(&media.object));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("renew a media link", e)),
        }
    }

    /// The links of a trace or an item, up to 500.
    pub async fn media_links(&self, project_id: &str, owner: Owner<'_>) -> Result<Vec<MediaLink>, Error> {
        let pk = owner.pk(project_id);
        let items = self.list("list media links", &pk, "LINK#").await?;
        let links = items.iter().map(MediaLink::from_item).collect::<Result<Vec<_>, _>>()?;
        Ok(links.into_iter().filter(|l| !l.released).take(MAX_LINKS).collect())
    }

    /// The links of an owner that were said up to a time, those that an earlier try to remove them left half done among them.
    pub async fn media_links_until(&self, project_id: &str, owner: Owner<'_>, until: Timestamp) -> Result<Vec<MediaLink>, Error> {
        let pk = owner.pk(project_id);
        let items = self.list("list media links", &pk, "LINK#").await?;
        let links = items.iter().map(MediaLink::from_item).collect::<Result<Vec<_>, _>>()?;
        Ok(links.into_iter().filter(|link| link.linked_at <= until).collect())
    }

    /// Uncounts a link. When nothing links to the file any more, its object is to be removed. After that comes
    /// [`Records::forget_media_link`]. Both may be repeated.
    pub async fn release_media_link(&self, project_id: &str, owner: Owner<'_>, link: &MediaLink) -> Result<Released, Error> {
        let attempt = "release media";
        let owner = owner.pk(project_id);
        if !link.released {
            let mark = Update::builder()
                .table_name(&self.table)
                .set_key(Some(key(&owner, &link.sk)))
                .update_expression("SET released = :one")
                .condition_expression("linked_at = :known AND attribute_not_exists(released)")
                .expression_attribute_values(":one", number(1))
                .expression_attribute_values(":known", number(link.linked_at.0))
                .build()
                .map_err(|e| Error::permanent(attempt, e))?;
            let count = self.count_links(project_id, &link.media_id, &link.object, -1).map_err(|e| Error::permanent(attempt, e))?;
            let actions = vec![TransactWriteItem::builder().update(mark).build(), TransactWriteItem::builder().update(count).build()];
            // Refused: said anew in the meantime, or another try was faster, which then does the rest.
            if self.write_both(attempt, actions).await? == Some(0) {
                return Ok(Released::Kept);
            }
        }
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk(project_id, &link.media_id), SK)))
            .condition_expression("#object = :object AND links <= :none")
            .expression_attribute_names("#object", "object")
            .expression_attribute_values(":object", text(&link.object))
            .expression_attribute_values(":none", number(0));
        match delete.send().await {
            Ok(_) => Ok(Released::Last { object: link.object.clone() }),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                let still = self.media(project_id, &link.media_id).await?.is_some_and(|m| m.object == link.object);
                Ok(if still { Released::Others } else { Released::Last { object: link.object.clone() } })
            }
            Err(e) => Err(Error::from_sdk(attempt, e)),
        }
    }

    /// Removes a link that was released.
    pub async fn forget_media_link(&self, project_id: &str, owner: Owner<'_>, link: &MediaLink) -> Result<(), Error> {
        let owner = owner.pk(project_id);
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key(&owner, &link.sk)));
        delete.send().await.map(drop).map_err(|e| Error::from_sdk("remove a media link", e))
    }

    fn count_links(&self, project_id: &str, id: &str, object: &str, change: i64) -> Result<Update, aws_sdk_dynamodb::error::BuildError> {
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(&pk(project_id, id), SK)))
            .update_expression("ADD links :change")
            .condition_expression("#object = :object")
            .expression_attribute_names("#object", "object")
            .expression_attribute_values(":change", number(change))
            .expression_attribute_values(":object", text(object))
            .build()
    }

    /// All or nothing; gives the position of the action whose condition did not hold.
    async fn write_both(&self, attempt: &'static str, actions: Vec<TransactWriteItem>) -> Result<Option<usize>, Error> {
        let mut tries = 0;
        loop {
            let error = match self.client.transact_write_items().set_transact_items(Some(actions.clone())).send().await {
                Ok(_) => return Ok(None),
                Err(error) => error,
            };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
                return Err(Error::from_sdk(attempt, error));
            };
            let refused = cancelled.cancellation_reasons().iter().position(|r| r.code() == Some("ConditionalCheckFailed"));
            if refused.is_some() {
                return Ok(refused);
            }
            // Two transactions met: neither was written. Steps of one trace often share a file, so this is patient.
            tries += 1;
            if tries == 6 {
                return Err(Error::from_sdk(attempt, error));
            }
            tokio::time::sleep(Duration::from_millis(20 << tries)).await;
        }
    }
}

fn same_bytes(known: Media, announced: Announced<'_>) -> Result<Media, Error> {
    if known.sha256 == announced.sha256 && known.content_length == announced.content_length {
        return Ok(known);
    }
    Err(Error::Conflict(
        "Other bytes are kept under this media id. Check sha256Hash and contentLength: both are those of the bytes.".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_never_share_a_key() {
        let item = |dataset_id, item_id| Owner::DatasetItem { dataset_id, item_id }.pk("p");

        assert_ne!(item("a", "b#c"), item("a#b", "c"));
        assert_ne!(Owner::Trace("x").pk("p"), Owner::Trace("x").pk("q"));
        let long = ["x", "y"].map(|c| Owner::Trace(&c.repeat(2_000)).pk("p"));
        assert!(long.iter().all(|pk| pk.len() <= MAX_OWNER));
        assert_ne!(long[0], long[1]);
        assert_ne!(item(&"x".repeat(2_000), "y"), item(&"x".repeat(2_000), "z"));
    }

    #[test]
    fn a_link_has_a_key_of_its_own_for_each_place() {
        let keys =
            [link_sk("m", "input", None), link_sk("m", "output", None), link_sk("m", "input", Some("s")), link_sk("n", "input", None)];

        let mut unique = keys.to_vec();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), keys.len());
    }
}
