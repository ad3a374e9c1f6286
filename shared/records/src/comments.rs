//! Comments. Each is written twice, whole: under its project and under its object, since both lists must show it at once. Comments are not
//! edited, so the copies can't differ.

use std::fmt::Write as _;

use agenttrace_domain::Timestamp;

use crate::item::{Item, NewItem};
use crate::pages::{PageRange, Paged, Part};
use crate::table::{Action, Written};
use crate::{Error, Records};

/// What a comment may be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentObject {
    Trace,
    Observation,
    Session,
    Prompt,
}

impl CommentObject {
    pub const ALL: [Self; 4] = [Self::Trace, Self::Observation, Self::Session, Self::Prompt];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Observation => "OBSERVATION",
            Self::Session => "SESSION",
            Self::Prompt => "PROMPT",
        }
    }

    /// The object of [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.as_str() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: String,
    pub project_id: String,
    pub object_type: CommentObject,
    pub object_id: String,
    pub content: String,
    /// A user's id.
    pub author_user_id: Option<String>,
    pub created_at: Timestamp,
}

/// Which comments a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct CommentFilter<'a> {
    pub object_type: Option<CommentObject>,
    /// With its type.
    pub object: Option<(CommentObject, &'a str)>,
    pub author_user_id: Option<&'a str>,
}

fn pk(project_id: &str) -> String {
    format!("COMMENTS#{project_id}")
}

/// Ids of objects may be longer than a key, so the key holds their bytes' digest.
fn object_pk(project_id: &str, object_type: CommentObject, object_id: &str) -> String {
    format!("COMMENTSOF#{project_id}#{}#{}", object_type.as_str(), digest(object_id))
}

const SK_PREFIX: &str = "COMMENT#";

fn sk(id: &str) -> String {
    format!("{SK_PREFIX}{id}")
}

/// SHA-256 in hex.
pub(crate) fn digest(text: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Comment {
    fn to_item(&self, pk: String) -> NewItem {
        NewItem::new(pk, sk(&self.id))
            .text("id", &self.id)
            .text("project_id", &self.project_id)
            .text("object_type", self.object_type.as_str())
            .text("object_id", &self.object_id)
            .text("content", &self.content)
            .maybe_text("author_user_id", self.author_user_id.as_deref())
            .number("created_at", self.created_at.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        Ok(Self {
            id: item.text("id")?,
            project_id: item.text("project_id")?,
            object_type: CommentObject::parse(&item.text("object_type")?).ok_or_else(|| item.broken("object_type"))?,
            object_id: item.text("object_id")?,
            content: item.text("content")?,
            author_user_id: item.maybe_text("author_user_id"),
            created_at: item.time("created_at")?,
        })
    }
}

impl Records {
    pub async fn create_comment(&self, comment: &Comment) -> Result<(), Error> {
        let of_object = object_pk(&comment.project_id, comment.object_type, &comment.object_id);
        let copies = [comment.to_item(pk(&comment.project_id)), comment.to_item(of_object)];
        match self.write("write a comment", &copies.map(Action::Create)).await? {
            Written::Done => Ok(()),
            Written::Refused(_) => Err(Error::Conflict("A comment with this id exists already.".to_owned())),
        }
    }

    pub async fn comment(&self, project_id: &str, id: &str) -> Result<Option<Comment>, Error> {
        self.read("read a comment", &pk(project_id), &sk(id)).await?.as_ref().map(Comment::from_item).transpose()
    }

    /// A page of the project's comments, newest first.
    pub async fn list_comments(&self, project_id: &str, filter: CommentFilter<'_>, range: PageRange) -> Result<Paged<Comment>, Error> {
        let pk = filter.object.map_or_else(|| pk(project_id), |(object_type, id)| object_pk(project_id, object_type, id));
        let mut only = Vec::new();
        if let Some(object_type) = filter.object_type {
            only.push(("object_type", object_type.as_str()));
        }
        if let Some(author) = filter.author_user_id {
            only.push(("author_user_id", author));
        }
        let part = Part { attempt: "list comments", pk: &pk, sk_prefix: SK_PREFIX, only: &only };
        self.page(part, range).await?.try_map(Comment::from_item)
    }

    /// Deletes a comment. `false` when it is gone already.
    pub async fn delete_comment(&self, comment: &Comment) -> Result<bool, Error> {
        let of_object = object_pk(&comment.project_id, comment.object_type, &comment.object_id);
        let copies = [
            Action::RemoveExisting { pk: pk(&comment.project_id), sk: sk(&comment.id) },
            Action::Remove { pk: of_object, sk: sk(&comment.id) },
        ];
        Ok(self.write("delete a comment", &copies).await? == Written::Done)
    }
}
