//! Prompts: versioned texts with labels, and how one includes another.
//!
//! [`Content`] is what a version says, [`names`] what names, labels and tags may be, [`reference`] how a prompt includes another, and [`Head`]
//! which versions a prompt has and which label is where.

use std::collections::BTreeSet;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub mod head;
pub mod names;
pub mod reference;

pub use head::{Head, VersionMark};
pub use names::{LATEST, PRODUCTION};
pub use reference::Reference;

/// All versions of a prompt have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PromptType {
    #[default]
    Text,
    Chat,
}

impl PromptType {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Chat => "chat",
        }
    }

    /// The type of [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Text, Self::Chat].into_iter().find(|t| t.as_str() == text)
    }
}

/// What a prompt says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    Text(String),
    Chat(Vec<Message>),
}

/// A message of a chat prompt, or the place where the caller puts messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    Chat { role: String, content: String },
    Placeholder { name: String },
}

/// A message as clients send it; fields of no meaning here are left out, as Langfuse does.
#[derive(Deserialize)]
struct AnyMessage {
    role: Option<String>,
    content: Option<String>,
    r#type: Option<String>,
    name: Option<String>,
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match AnyMessage::deserialize(deserializer)? {
            AnyMessage { role: Some(role), content: Some(content), .. } => Ok(Self::Chat { role, content }),
            AnyMessage { r#type: Some(t), name: Some(name), .. } if t == "placeholder" => {
                if names::is_placeholder(&name) {
                    Ok(Self::Placeholder { name })
                } else {
                    Err(serde::de::Error::custom(
                        "a placeholder's name must start with a letter and have only letters, digits and underscores",
                    ))
                }
            }
            _ => Err(serde::de::Error::custom("a message needs `role` and `content`, or `type` \"placeholder\" and `name`")),
        }
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        match self {
            Self::Chat { role, content } => {
                map.serialize_entry("role", role)?;
                map.serialize_entry("content", content)?;
            }
            Self::Placeholder { name } => {
                map.serialize_entry("type", "placeholder")?;
                map.serialize_entry("name", name)?;
            }
        }
        map.end()
    }
}

impl Content {
    /// Reads `prompt` of a request. The error says what to do.
    pub fn parse(kind: PromptType, json: &str) -> Result<Self, String> {
        match kind {
            PromptType::Text => serde_json::from_str(json)
                .map(Self::Text)
                .map_err(|_| "`prompt` of a text prompt must be a text; send `type` \"chat\" for a list of messages".to_owned()),
            PromptType::Chat => {
                serde_json::from_str(json).map(Self::Chat).map_err(|e| format!("`prompt` of a chat prompt must be a list of messages: {e}"))
            }
        }
    }

    #[must_use]
    pub const fn kind(&self) -> PromptType {
        match self {
            Self::Text(_) => PromptType::Text,
            Self::Chat(_) => PromptType::Chat,
        }
    }

    /// The texts that may hold variables and references.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (text, messages) = match self {
            Self::Text(text) => (Some(text.as_str()), [].as_slice()),
            Self::Chat(messages) => (None, messages.as_slice()),
        };
        text.into_iter().chain(messages.iter().flat_map(|m| match m {
            Message::Chat { role, content } => [role.as_str(), content.as_str()],
            Message::Placeholder { .. } => ["", ""],
        }))
    }

    /// The same with each text changed.
    #[must_use]
    pub fn map(&self, mut change: impl FnMut(&str) -> String) -> Self {
        match self {
            Self::Text(text) => Self::Text(change(text)),
            Self::Chat(messages) => Self::Chat(
                messages
                    .iter()
                    .map(|m| match m {
                        Message::Chat { role, content } => Message::Chat { role: change(role), content: change(content) },
                        Message::Placeholder { .. } => m.clone(),
                    })
                    .collect(),
            ),
        }
    }

    /// Names that are both a variable and a placeholder, which clients could not tell apart.
    #[must_use]
    pub fn clashes(&self) -> Vec<String> {
        let Self::Chat(messages) = self else { return Vec::new() };
        let placeholders: BTreeSet<&str> = messages
            .iter()
            .filter_map(|m| match m {
                Message::Placeholder { name } => Some(name.as_str()),
                Message::Chat { .. } => None,
            })
            .collect();
        let variables: BTreeSet<&str> = self.texts().flat_map(variables).collect();
        variables.intersection(&placeholders).map(|n| (*n).to_owned()).collect()
    }

    /// What it includes, each once, in order of appearance.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let mut found: Vec<Reference> = Vec::new();
        for text in self.texts() {
            for (_, reference) in reference::find(text) {
                if !found.contains(&reference) {
                    found.push(reference);
                }
            }
        }
        found
    }
}

/// The names between `{{` and `}}`.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim())
}

#[cfg(test)]
mod tests;
