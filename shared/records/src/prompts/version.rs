//! Versions of prompts: written once, never changed.

use std::collections::HashMap;

use agenttrace_domain::Timestamp;
use agenttrace_domain::prompt::Reference;

use super::{parsed, references_json};
use crate::item::{Item, NewItem};
use crate::{Error, Records, projects};

/// One version, immutable; which labels it has is the head's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptVersion {
    pub id: String,
    /// The prompt's ([`agenttrace_domain::prompt::Head::id`]).
    pub prompt_id: String,
    pub version: u32,
    pub body: PromptBody,
    /// What it includes.
    pub references: Vec<Reference>,
    pub commit_message: Option<String>,
    pub created_at: Timestamp,
    /// A user's id; none for an API key.
    pub created_by: Option<String>,
}

/// What a version says, as JSON texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptBody {
    Here {
        prompt: String,
        config: String,
    },
    /// Too long for an item: the key of the object that has both.
    Object(String),
    /// It was not asked for.
    Unread,
}

pub(super) fn pk(project_id: &str, prompt_id: &str) -> String {
    format!("PROMPT#{project_id}#{prompt_id}")
}

/// On gsi1: versions by their ids, under which comments refer to them.
fn ids_pk(project_id: &str) -> String {
    format!("PROMPTVERSIONS#{project_id}")
}

pub(super) fn sk(version: u32) -> String {
    format!("VERSION#{version:010}")
}

/// Everything but what may be long.
const WITHOUT_BODY: &[&str] =
    &["pk", "sk", "v", "id", "prompt_id", "version", "object", "includes", "commit_message", "created_at", "created_by"];
const CONFIG: &str = "config";

impl PromptVersion {
    pub(super) fn to_item(&self, project_id: &str) -> NewItem {
        let item = NewItem::new(pk(project_id, &self.prompt_id), sk(self.version))
            .text("gsi1pk", ids_pk(project_id))
            .text("gsi1sk", &self.id)
            .text("id", &self.id)
            .text("prompt_id", &self.prompt_id)
            .number("version", i64::from(self.version))
            .text("includes", references_json(&self.references))
            .maybe_text("commit_message", self.commit_message.as_deref())
            .number("created_at", self.created_at.0)
            .maybe_text("created_by", self.created_by.as_deref());
        match &self.body {
            PromptBody::Here { prompt, config } => item.text("prompt", prompt).text(CONFIG, config),
            PromptBody::Object(key) => item.text("object", key),
            PromptBody::Unread => item,
        }
    }

    fn from_item(item: &Item) -> Result<Self, Error> {
        let body = match (item.maybe_text("object"), item.maybe_text("prompt"), item.maybe_text(CONFIG)) {
            (Some(key), _, _) => PromptBody::Object(key),
            (None, Some(prompt), Some(config)) => PromptBody::Here { prompt, config },
            (None, None, Some(config)) => PromptBody::Here { prompt: String::new(), config },
            _ => PromptBody::Unread,
        };
        Ok(Self {
            id: item.text("id")?,
            prompt_id: item.text("prompt_id")?,
            version: u32::try_from(item.number("version")?).map_err(|_| item.broken("version"))?,
            body,
            references: parsed(item, "includes")?,
            commit_message: item.maybe_text("commit_message"),
            created_at: item.time("created_at")?,
            created_by: item.maybe_text("created_by"),
        })
    }
}

/// How much of versions to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptParts {
    All,
    /// Bodies are [`PromptBody::Unread`], or objects.
    WithoutBody,
    /// Bodies have an empty `prompt`, or are objects.
    WithConfig,
}

impl Records {
    /// Has the project a version of a prompt with this id?
    pub async fn has_prompt_version(&self, project_id: &str, id: &str) -> Result<bool, Error> {
        // A longer one is none of ours, and would be no key.
        if id.len() > 64 {
            return Ok(false);
        }
        let found = self.list_gsi1("look up a version of a prompt", &ids_pk(project_id), id).await?;
        Ok(found.iter().any(|item| item.maybe_text("id").as_deref() == Some(id)))
    }

    pub async fn prompt_version(&self, project_id: &str, prompt_id: &str, version: u32) -> Result<Option<PromptVersion>, Error> {
        let item = self.read("read a version of a prompt", &pk(project_id, prompt_id), &sk(version)).await?;
        item.as_ref().map(PromptVersion::from_item).transpose()
    }

    /// Versions by prompt and number, in any order; absent ones are left out.
    pub async fn prompt_versions(&self, project_id: &str, wanted: &[(&str, u32)], parts: PromptParts) -> Result<Vec<PromptVersion>, Error> {
        let keys = wanted.iter().map(|(prompt_id, version)| (pk(project_id, prompt_id), sk(*version))).collect();
        let mut names = WITHOUT_BODY.to_vec();
        let projection = match parts {
            PromptParts::All => None,
            PromptParts::WithoutBody => Some(names.as_slice()),
            PromptParts::WithConfig => {
                names.push(CONFIG);
                Some(names.as_slice())
            }
        };
        let items = self.read_parts("read versions of prompts", keys, projection).await?;
        items.iter().map(PromptVersion::from_item).collect()
    }

    /// The ids of versions by prompt's name and number, for those that are there.
    pub async fn prompt_version_ids(&self, project_id: &str, wanted: &[(&str, u32)]) -> Result<HashMap<(String, u32), String>, Error> {
        let attempt = "look up ids of prompts";
        let mut names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        let heads = names.into_iter().map(|name| (projects::pk(project_id), super::sk(name))).collect();
        let heads = self.read_parts(attempt, heads, Some(&["pk", "sk", "v", "id", "name", "deleted"])).await?;
        let mut by_id: HashMap<String, String> = HashMap::new();
        for head in heads.iter().filter(|head| head.maybe_text("deleted").is_none()) {
            by_id.insert(head.text("id")?, head.text("name")?);
        }
        let versions = by_id.iter().flat_map(|(id, name)| {
            wanted.iter().filter(move |(wanted, _)| wanted == name).map(move |(_, version)| (pk(project_id, id), sk(*version)))
        });
        let versions = self.read_parts(attempt, versions.collect(), Some(&["pk", "sk", "v", "id", "prompt_id", "version"])).await?;
        let mut ids = HashMap::new();
        for version in &versions {
            let number = u32::try_from(version.number("version")?).map_err(|_| version.broken("version"))?;
            if let Some(name) = by_id.get(&version.text("prompt_id")?) {
                ids.insert((name.clone(), number), version.text("id")?);
            }
        }
        Ok(ids)
    }

    /// Every version of a prompt that lies in the table, without bodies: also those that its head does not know any more.
    pub async fn stored_prompt_versions(&self, project_id: &str, prompt_id: &str) -> Result<Vec<PromptVersion>, Error> {
        let items = self.list_parts("list versions of a prompt", &pk(project_id, prompt_id), "VERSION#", WITHOUT_BODY).await?;
        items.iter().map(PromptVersion::from_item).collect()
    }
}
