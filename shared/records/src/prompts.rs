//! Prompts. A name has one head ([`PromptHead`]) in the project's partition: which versions there are, which label is where. It changes as a
//! whole and only if nobody else changed it meanwhile (`revision`), so a label cannot be on two versions, nor a number be given twice.
//! Versions ([`PromptVersion`]) never change; they lie in a partition of the prompt's own.
//!
//! | pk | sk | what |
//! |---|---|---|
//! | `PROJECT#<project>` | `PROMPT#<name>` | head |
//! | `PROMPT#<project>#<prompt>` | `VERSION#<number>` | version |
//! | `PROMPTREF#<project>#<name>` | `<prompt>#<number>#<target>` | a version that includes the prompt with this name |
//! | `PROJECT#<project>` | `PROTECTED-PROMPT-LABELS` | labels that members may not move |
//! | `PROMPTCHANGES#<project>` | `<time>#…` | that a head changed ([`changes`]) |
//!
//! A deletion first marks the head, then removes what hangs on it, and the head last: whoever finds a marked head (from a deletion that was cut
//! off) finishes it.

use agenttrace_domain::Timestamp;
use agenttrace_domain::prompt::reference::Target;
use agenttrace_domain::prompt::{Head, PromptType, Reference, VersionMark};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::item::{Item, NewItem};
use crate::table::{Action, MAX_ACTIONS, Written};
use crate::{Error, Records, projects};

mod changes;
mod version;

pub use changes::{CHANGES_KEPT_MICROS, CHANGES_OVERLAP_MICROS, PromptChange};
pub use version::{PromptBody, PromptParts, PromptVersion};

/// A head as it was read: with the revision that a change must find again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptHead {
    pub head: Head,
    pub revision: i64,
    /// Being deleted; to readers it is not there.
    pub deleted: bool,
}

/// A version of another prompt that includes a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptDependent {
    pub prompt_id: String,
    pub name: String,
    pub version: u32,
    pub target: Target,
}

const PREFIX: &str = "PROMPT#";
const PROTECTED_SK: &str = "PROTECTED-PROMPT-LABELS";

fn sk(name: &str) -> String {
    format!("{PREFIX}{name}")
}

fn reference_pk(project_id: &str, name: &str) -> String {
    format!("PROMPTREF#{project_id}#{name}")
}

fn reference_sk(prompt_id: &str, version: u32, target: &Target) -> String {
    match target {
        Target::Version(number) => format!("{prompt_id}#{version:010}#V{number}"),
        Target::Label(label) => format!("{prompt_id}#{version:010}#L{label}"),
    }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn parsed<T: DeserializeOwned>(item: &Item, name: &str) -> Result<T, Error> {
    serde_json::from_str(&item.text(name)?).map_err(|_| item.broken(name))
}

impl PromptHead {
    fn to_item(&self, project_id: &str) -> NewItem {
        let Head { id, name, kind, tags, versions, last_version, labels, config, created_at } = &self.head;
        NewItem::new(projects::pk(project_id), sk(name))
            .number("revision", self.revision)
            .maybe_text("deleted", self.deleted.then_some("yes"))
            .text("id", id)
            .text("name", name)
            .text("type", kind.as_str())
            .text("tags", json(tags))
            .text("versions", json(versions))
            .number("last_version", i64::from(*last_version))
            .text("labels", json(labels))
            .maybe_text("config", config.as_deref())
            .number("created_at", created_at.0)
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        let versions: Vec<VersionMark> = parsed(item, "versions")?;
        let head = Head {
            id: item.text("id")?,
            name: item.text("name")?,
            kind: PromptType::parse(&item.text("type")?).ok_or_else(|| item.broken("type"))?,
            tags: parsed(item, "tags")?,
            versions,
            last_version: u32::try_from(item.number("last_version")?).map_err(|_| item.broken("last_version"))?,
            labels: parsed(item, "labels")?,
            config: item.maybe_text("config"),
            created_at: item.time("created_at")?,
        };
        Ok(Self { head, revision: item.number("revision")?, deleted: item.maybe_text("deleted").is_some() })
    }
}

impl Records {
    /// A prompt's head, also one that is being deleted.
    pub async fn prompt_head(&self, project_id: &str, name: &str) -> Result<Option<PromptHead>, Error> {
        let item = self.read("read a prompt", &projects::pk(project_id), &sk(name)).await?;
        item.as_ref().map(PromptHead::from_item).transpose()
    }

    /// All prompts of a project, by name.
    pub async fn prompt_heads(&self, project_id: &str) -> Result<Vec<Head>, Error> {
        let items = self.list_whole("list prompts", &projects::pk(project_id), PREFIX).await?;
        let mut heads = Vec::with_capacity(items.len());
        for item in &items {
            let found = PromptHead::from_item(item)?;
            if !found.deleted {
                heads.push(found.head);
            }
        }
        Ok(heads)
    }

    /// Those of these prompts that are there, in any order.
    pub async fn prompt_heads_named(&self, project_id: &str, names: impl IntoIterator<Item = &str>) -> Result<Vec<Head>, Error> {
        let keys = names.into_iter().map(|name| (projects::pk(project_id), sk(name))).collect();
        let items = self.read_many("read prompts", keys).await?;
        let heads = items.iter().map(PromptHead::from_item).collect::<Result<Vec<_>, _>>()?;
        Ok(heads.into_iter().filter(|found| !found.deleted).map(|found| found.head).collect())
    }

    /// Writes a version and the head that knows it, over the head with the revision `over`, or where there is none. `false` when someone else
    /// was faster; nothing is written then.
    pub async fn create_prompt_version(
        &self,
        project_id: &str,
        head: &PromptHead,
        over: Option<i64>,
        version: &PromptVersion,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let item = head.to_item(project_id);
        let mut actions = vec![
            match over {
                Some(revision) => Action::PutOver { item, revision },
                None => Action::Create(item),
            },
            Action::Create(version.to_item(project_id)),
            changes::note(project_id, head, "", at),
        ];
        actions.extend(notes(project_id, &head.head.name, version));
        Ok(self.write("create a version of a prompt", &actions).await? == Written::Done)
    }

    /// Writes a version that no head knows yet, of the prompt with this name.
    pub async fn put_prompt_version(&self, project_id: &str, name: &str, version: &PromptVersion) -> Result<(), Error> {
        let mut actions = vec![Action::Create(version.to_item(project_id))];
        actions.extend(notes(project_id, name, version));
        self.write("copy a version of a prompt", &actions).await.map(drop)
    }

    /// Writes a head whose versions lie there already. `false` when the name is taken.
    pub async fn create_prompt_head(&self, project_id: &str, head: &PromptHead, at: Timestamp) -> Result<bool, Error> {
        let actions = [Action::Create(head.to_item(project_id)), changes::note(project_id, head, "", at)];
        Ok(self.write("create a prompt", &actions).await? == Written::Done)
    }

    /// Writes a head over the one with the revision `over`. `false` when someone else was faster.
    pub async fn replace_prompt_head(&self, project_id: &str, head: &PromptHead, over: i64, at: Timestamp) -> Result<bool, Error> {
        let actions = [Action::PutOver { item: head.to_item(project_id), revision: over }, changes::note(project_id, head, "", at)];
        Ok(self.write("change a prompt", &actions).await? == Written::Done)
    }

    /// Removes a marked head, whose versions are gone. One that was made again meanwhile stays.
    pub async fn remove_prompt_head(&self, project_id: &str, head: &PromptHead, at: Timestamp) -> Result<(), Error> {
        let remove = Action::RemoveAt { pk: projects::pk(project_id), sk: sk(&head.head.name), revision: head.revision };
        self.write("delete a prompt", &[remove, changes::note(project_id, head, "#removed", at)]).await.map(drop)
    }

    /// Removes versions and the notes of what they include. Objects with their bodies are the caller's.
    pub async fn remove_prompt_versions(&self, project_id: &str, versions: &[PromptVersion]) -> Result<(), Error> {
        let mut actions = Vec::new();
        for version in versions {
            // The version last: while it is there, a second attempt knows what else there is.
            actions.extend(version.references.iter().map(|r| Action::Remove {
                pk: reference_pk(project_id, &r.name),
                sk: reference_sk(&version.prompt_id, version.version, &r.target),
            }));
            actions.push(Action::Remove { pk: version::pk(project_id, &version.prompt_id), sk: version::sk(version.version) });
        }
        for batch in actions.chunks(MAX_ACTIONS) {
            self.write("delete versions of a prompt", batch).await?;
        }
        Ok(())
    }

    /// Which versions of prompts include the prompt with this name. Some may be gone: a deletion that was cut off leaves notes.
    pub async fn prompt_dependents(&self, project_id: &str, name: &str) -> Result<Vec<PromptDependent>, Error> {
        let items = self.list_whole("list what includes a prompt", &reference_pk(project_id, name), "").await?;
        items
            .iter()
            .map(|item| {
                Ok(PromptDependent {
                    prompt_id: item.text("prompt_id")?,
                    name: item.text("name")?,
                    version: u32::try_from(item.number("version")?).map_err(|_| item.broken("version"))?,
                    target: parsed(item, "target")?,
                })
            })
            .collect()
    }

    /// Labels that members may not move.
    pub async fn protected_prompt_labels(&self, project_id: &str) -> Result<Vec<String>, Error> {
        let item = self.read("read protected labels", &projects::pk(project_id), PROTECTED_SK).await?;
        item.map_or_else(|| Ok(Vec::new()), |item| parsed(&item, "labels"))
    }

    pub async fn set_protected_prompt_labels(&self, project_id: &str, labels: &[String], now: Timestamp) -> Result<(), Error> {
        let item =
            NewItem::new(projects::pk(project_id), PROTECTED_SK.to_owned()).text("labels", json(&labels)).number("updated_at", now.0);
        self.write("set protected labels", &[Action::Put(item)]).await.map(drop)
    }
}

/// The notes of what a version includes.
fn notes(project_id: &str, name: &str, version: &PromptVersion) -> impl Iterator<Item = Action> {
    version.references.iter().map(move |r| {
        let place = reference_sk(&version.prompt_id, version.version, &r.target);
        let note = NewItem::new(reference_pk(project_id, &r.name), place)
            .text("prompt_id", &version.prompt_id)
            .text("name", name)
            .number("version", i64::from(version.version))
            .text("target", json(&r.target));
        Action::Put(note)
    })
}

/// References as an attribute holds them.
fn references_json(references: &[Reference]) -> String {
    json(&references)
}
