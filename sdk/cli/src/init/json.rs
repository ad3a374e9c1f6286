//! Changes settings in JSON as a careful person would: what is not ours keeps its place, its form and its comments.

use anyhow::{Context as _, Result, bail};
use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstRootNode};
use serde_json::Value;

pub struct Document {
    root: CstRootNode,
    object: CstObject,
}

/// Shorthands for values in a given order.
pub fn text(value: &str) -> CstInputValue {
    CstInputValue::String(value.to_owned())
}

pub fn object(fields: Vec<(&str, CstInputValue)>) -> CstInputValue {
    CstInputValue::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub fn list(items: Vec<CstInputValue>) -> CstInputValue {
    CstInputValue::Array(items)
}

/// The same value for comparing.
fn plain(value: &CstInputValue) -> Value {
    match value {
        CstInputValue::Null => Value::Null,
        CstInputValue::Bool(value) => (*value).into(),
        CstInputValue::Number(digits) => serde_json::from_str(digits).unwrap_or_default(),
        CstInputValue::String(text) => text.clone().into(),
        CstInputValue::Array(items) => items.iter().map(plain).collect(),
        CstInputValue::Object(fields) => Value::Object(fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect()),
    }
}

fn read(text: &str) -> Value {
    jsonc_parser::parse_to_serde_value(text, &ParseOptions::default()).unwrap_or_default()
}

/// What a part of a text says, without its form and its comments.
fn meaning(node: &CstNode) -> Value {
    read(&node.to_string())
}

impl Document {
    /// An empty text is an empty object.
    pub fn parse(text: &str) -> Result<Self> {
        let text = if text.trim().is_empty() { "{}\n" } else { text };
        let root = CstRootNode::parse(text, &ParseOptions::default()).map_err(|error| anyhow::anyhow!("it is not JSON: {error}"))?;
        let object = root.value().and_then(|value| value.as_object()).context("it is not a JSON object")?;
        Ok(Self { root, object })
    }

    pub fn value(&self) -> Value {
        read(&self.root.to_string())
    }

    fn child(&self, name: &str) -> Result<CstObject> {
        match self.object.get(name) {
            None => Ok(self.object.object_value_or_set(name)),
            Some(found) => found.value().and_then(|value| value.as_object()).with_context(|| format!("`{name}` in it is not an object")),
        }
    }

    /// Sets a field that is not set; `false` when it is set otherwise, and stays so. `within` names the object in which it is, at the top when empty.
    pub fn set(&self, within: &str, name: &str, value: CstInputValue) -> Result<bool> {
        let object = if within.is_empty() { self.object.clone() } else { self.child(within)? };
        match object.get(name).and_then(|found| found.value()) {
            Some(found) => Ok(meaning(&found) == plain(&value)),
            None => {
                object.append(name, value);
                Ok(true)
            }
        }
    }

    /// Sets a field that is ours whatever it was.
    pub fn replace(&self, name: &str, value: CstInputValue) {
        match self.object.get(name) {
            Some(found) if found.value().is_some_and(|found| meaning(&found) == plain(&value)) => {}
            Some(found) => found.set_value(value),
            None => drop(self.object.append(name, value)),
        }
    }

    /// Takes a field away when `ours` says so, and the object around it when nothing is left in it.
    pub fn remove(&self, within: &str, name: &str, ours: impl Fn(&Value) -> bool) {
        let object = if within.is_empty() { Some(self.object.clone()) } else { self.object.object_value(within) };
        let Some(object) = object else { return };
        if let Some(found) = object.get(name)
            && found.value().is_some_and(|value| ours(&meaning(&value)))
        {
            found.remove();
            self.remove_if_empty(within);
        }
    }

    fn remove_if_empty(&self, name: &str) {
        if let Some(object) = self.object.object_value(name)
            && object.properties().is_empty()
            && let Some(found) = self.object.get(name)
        {
            found.remove();
        }
    }

    /// Puts a handler at the end of an event's list in `hooks`, unless ours is there.
    pub fn add_hook(&self, event: &str, handler: CstInputValue, ours: &dyn Fn(&str) -> bool) -> Result<()> {
        let hooks = self.child("hooks")?;
        let handlers = match hooks.get(event) {
            None => hooks.array_value_or_set(event),
            Some(found) => {
                found.value().and_then(|value| value.as_array()).with_context(|| format!("`hooks.{event}` in it is not a list"))?
            }
        };
        let wanted = plain(&handler);
        for element in handlers.elements() {
            match meaning(&element) {
                value if value == wanted => return Ok(()),
                // An older one of ours, alone in its group: in its place.
                value if is_wholly_ours(&value, ours) => {
                    let place = handlers.elements().iter().position(|other| other.child_index() == element.child_index());
                    element.remove();
                    handlers.insert(place.unwrap_or(0), handler);
                    return Ok(());
                }
                _ => {}
            }
        }
        handlers.append(handler);
        Ok(())
    }

    /// Takes our handlers out of all events, and what then is empty.
    pub fn remove_hooks(&self, ours: &dyn Fn(&str) -> bool) -> Result<()> {
        let Some(hooks) = self.object.object_value("hooks") else { return Ok(()) };
        for property in hooks.properties() {
            let Some(handlers) = property.value().and_then(|value| value.as_array()) else { continue };
            if remove_ours(&handlers, ours) && handlers.elements().is_empty() {
                property.remove();
            }
        }
        self.remove_if_empty("hooks");
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.object.properties().is_empty()
    }
}

impl std::fmt::Display for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.root.to_string();
        f.write_str(&text)?;
        if text.ends_with('\n') { Ok(()) } else { f.write_str("\n") }
    }
}

/// The commands of a handler, or of the group in which handlers stand.
fn commands(value: &Value) -> Vec<&str> {
    let own = ["command", "bash"].iter().find_map(|key| value[*key].as_str());
    let inner = value["hooks"].as_array().into_iter().flatten().filter_map(|handler| handler["command"].as_str());
    own.into_iter().chain(inner).collect()
}

fn is_wholly_ours(value: &Value, ours: &dyn Fn(&str) -> bool) -> bool {
    let commands = commands(value);
    !commands.is_empty() && commands.iter().all(|command| ours(command))
}

fn remove_ours(handlers: &CstArray, ours: &dyn Fn(&str) -> bool) -> bool {
    let mut did = false;
    for element in handlers.elements() {
        if is_wholly_ours(&meaning(&element), ours) {
            element.remove();
            did = true;
        } else if let Some(group) = element.as_object().and_then(|group| group.array_value("hooks")) {
            for handler in group.elements() {
                if is_wholly_ours(&meaning(&handler), ours) {
                    CstNode::remove(handler);
                    did = true;
                }
            }
        }
    }
    did
}

/// Are hooks of ours in these settings?
pub fn has_hooks(text: &str, ours: &dyn Fn(&str) -> bool) -> bool {
    let Ok(document) = Document::parse(text) else { return false };
    let value = document.value();
    let lists = value["hooks"].as_object().into_iter().flatten().filter_map(|(_, list)| list.as_array());
    lists.flatten().any(|element| commands(element).iter().any(|command| ours(command)))
}

/// A text without our part; nothing when nothing but ours was in it.
pub fn taken(text: &str, edit: impl FnOnce(&Document) -> Result<()>) -> Result<Option<String>> {
    let before = Document::parse(text)?;
    let after = edited(Some(text), edit)?;
    let emptied = Document::parse(&after)?.is_empty() && !before.is_empty();
    Ok((!emptied).then_some(after))
}

/// A text, changed; the same to the byte when it means the same as before.
pub fn edited(text: Option<&str>, edit: impl FnOnce(&Document) -> Result<()>) -> Result<String> {
    let document = Document::parse(text.unwrap_or_default())?;
    edit(&document)?;
    let after = document.to_string();
    // Whatever happened, nothing is written that an agent could not read.
    if Document::parse(&after).is_err() {
        bail!("it could not be changed safely");
    }
    // A text that means the same stays to the byte.
    match text {
        Some(before) if Document::parse(before).is_ok_and(|before| before.value() == document.value()) && !before.trim().is_empty() => {
            Ok(before.to_owned())
        }
        _ => Ok(after),
    }
}
