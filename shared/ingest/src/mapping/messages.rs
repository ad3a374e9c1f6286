//! Messages that came in pieces: rebuilt from flattened attributes, completed with the system's instructions.

use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use crate::text::json_string;
use crate::value::Value;

/// The longest path of a flattened key. What is deeper keeps the rest of its key as one name.
const MAX_PATH: usize = 24;

enum Node<'v, 'a> {
    Leaf(&'v Value<'a>),
    Branch(Vec<(&'v str, Self)>),
}

/// `0.role`, `0.content`, `1.tool_calls.0.name` … as JSON text. Where all names of a level are numbers it is a list.
///
/// Keys in conflict (`a` and `a.b`) both stay: the longer one keeps its dots.
pub(crate) fn nest<'v, 'a: 'v>(attributes: impl Iterator<Item = (&'v str, &'v Value<'a>)>) -> String {
    let mut root = Vec::new();
    for (path, value) in attributes {
        insert(&mut root, path, value, MAX_PATH);
    }
    serde_json::to_string(&Node::Branch(root)).unwrap_or_default()
}

fn insert<'v, 'a>(level: &mut Vec<(&'v str, Node<'v, 'a>)>, path: &'v str, value: &'v Value<'a>, depth: usize) {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) if depth > 0 => (name, Some(rest)),
        _ => (path, None),
    };
    // Attributes of one message follow each other, so the last is nearly always the one.
    let at = level.iter().rposition(|(known, _)| *known == name);
    match (at.map(|at| &mut level[at].1), rest) {
        (Some(Node::Branch(children)), Some(rest)) => insert(children, rest, value, depth - 1),
        (Some(Node::Leaf(_)), Some(_)) => level.push((path, Node::Leaf(value))),
        (Some(slot @ Node::Leaf(_)), None) => *slot = Node::Leaf(value),
        (Some(Node::Branch(children)), None) => children.push(("", Node::Leaf(value))),
        (None, None) => level.push((name, Node::Leaf(value))),
        (None, Some(rest)) => {
            let mut children = Vec::new();
            insert(&mut children, rest, value, depth - 1);
            level.push((name, Node::Branch(children)));
        }
    }
}

impl Serialize for Node<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Leaf(value) => value.serialize(serializer),
            Self::Branch(children) => {
                let numbers: Option<Vec<u32>> = children.iter().map(|(name, _)| name.parse().ok()).collect();
                if let Some(numbers) = numbers {
                    let mut order: Vec<usize> = (0..children.len()).collect();
                    order.sort_by_key(|i| numbers[*i]);
                    let mut seq = serializer.serialize_seq(Some(order.len()))?;
                    for i in order {
                        seq.serialize_element(&children[i].1)?;
                    }
                    return seq.end();
                }
                let mut map = serializer.serialize_map(Some(children.len()))?;
                for (name, child) in children {
                    map.serialize_entry(name, child)?;
                }
                map.end()
            }
        }
    }
}

/// Puts a system message before the messages, unless there is one or they aren't a list.
pub(crate) fn with_system(instructions: &str, messages: Option<String>) -> String {
    #[derive(Deserialize)]
    struct Role {
        #[serde(default)]
        role: serde_json::Value,
    }
    let parts = match serde_json::from_str::<serde::de::IgnoredAny>(instructions) {
        Ok(_) if instructions.trim_start().starts_with('[') => format!(r#"{{"role":"system","parts":{instructions}}}"#),
        _ => format!(r#"{{"role":"system","content":{}}}"#, json_string(instructions)),
    };
    let Some(messages) = messages else { return format!("[{parts}]") };
    match serde_json::from_str::<Vec<Role>>(&messages) {
        Ok(roles) if roles.is_empty() => format!("[{parts}]"),
        Ok(roles) if roles.iter().all(|message| message.role != "system") => {
            format!("[{parts},{}", messages.trim_start().trim_start_matches('['))
        }
        _ => messages,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn nested(pairs: &[(&str, &str)]) -> String {
        let values: Vec<(&str, Value<'_>)> = pairs.iter().map(|(k, v)| (*k, Value::Text(Cow::Borrowed(*v)))).collect();
        nest(values.iter().map(|(k, v)| (*k, v)))
    }

    #[test]
    fn flattened_attributes_nest() {
        for (name, pairs, expected) in [
            (
                "traceloop",
                vec![("0.role", "system"), ("0.content", "be"), ("1.role", "user"), ("1.tool_calls.0.name", "ls")],
                r#"[{"role":"system","content":"be"},{"role":"user","tool_calls":[{"name":"ls"}]}]"#,
            ),
            (
                "openinference",
                vec![("0.message.role", "user"), ("0.message.contents.0.message_content.text", "hi")],
                r#"[{"message":{"role":"user","contents":[{"message_content":{"text":"hi"}}]}}]"#,
            ),
            ("by number, not by text, and without holes", vec![("10.a", "x"), ("2.a", "y")], r#"[{"a":"y"},{"a":"x"}]"#),
            ("a huge index costs nothing", vec![("4294967295.a", "x")], r#"[{"a":"x"}]"#),
            ("conflict", vec![("a", "1"), ("a.b", "2")], r#"{"a":"1","a.b":"2"}"#),
            ("conflict the other way", vec![("a.b", "2"), ("a", "1")], r#"{"a":{"b":"2","":"1"}}"#),
            (
                "prototype keys are text",
                vec![("__proto__.x", "1"), ("constructor.prototype", "2")],
                r#"{"__proto__":{"x":"1"},"constructor":{"prototype":"2"}}"#,
            ),
        ] {
            assert_eq!(nested(&pairs), expected, "{name}");
        }
    }

    #[test]
    fn ten_thousand_dots_do_not_nest_ten_thousand_levels() {
        let key = "a.".repeat(10_000);

        let json = nested(&[(&key, "x")]);

        assert_eq!(json.matches('{').count(), MAX_PATH + 1);
    }

    #[test]
    fn instructions_become_a_system_message() {
        for (instructions, messages, expected) in [
            (
                r#"[{"type":"text","content":"be brief"}]"#,
                Some(r#"[{"role":"user"}]"#),
                r#"[{"role":"system","parts":[{"type":"text","content":"be brief"}]},{"role":"user"}]"#,
            ),
            ("be brief", Some(r#" [ {"role":"user"}]"#), r#"[{"role":"system","content":"be brief"}, {"role":"user"}]"#),
            ("be brief", Some(r#"[{"role":"system"}]"#), r#"[{"role":"system"}]"#),
            ("be brief", Some("not a list"), "not a list"),
            ("be brief", Some("[]"), r#"[{"role":"system","content":"be brief"}]"#),
            ("be brief", None, r#"[{"role":"system","content":"be brief"}]"#),
        ] {
            assert_eq!(with_system(instructions, messages.map(str::to_owned)), expected);
        }
    }
}
