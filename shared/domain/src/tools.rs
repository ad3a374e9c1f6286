//! Tools in what a model was given and what it answered: which it could call, and which it called. The metrics query groups by them.
//!
//! There is one shape a provider, and nobody says which: definitions lie in lists (or objects by name) under `tools` and its like, calls in lists under
//! `tool_calls` or as objects that say of themselves that they are one. What does not look so gives nothing.

use serde_json::Value;

use crate::Observation;

/// Longer texts are not looked through: it would cost more than it tells.
const MAX_TEXT: usize = 2_000_000;
const MAX_NAMES: usize = 500;
const MAX_NAME_CHARS: usize = 200;
const MAX_DEPTH: usize = 16;

/// Where definitions lie, in what the model was given.
const DEFINITIONS: &[&str] = &[
    "tools",
    "functions",
    "toolDefinitions",
    "tool_definitions",
    "functionDeclarations",
    "function_declarations",
    "gen_ai.tool.definitions",
    "ai.prompt.tools",
];
/// Where calls lie, in what it answered.
const CALLS: &[&str] = &["tool_calls", "toolCalls", "function_call", "functionCall"];
/// What objects that are calls say as their `type`.
const CALL_TYPES: &[&str] =
    &["tool_use", "server_tool_use", "tool_call", "tool-call", "toolCall", "function_call", "mcp_call", "custom_tool_call"];

/// Names of tools, borrowed from nothing: texts are parsed to find them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tools {
    /// Those that could be called, each once, in their order.
    pub defined: Vec<String>,
    /// Those that were called, once a call.
    pub called: Vec<String>,
}

impl Tools {
    #[must_use]
    pub fn of(observation: &Observation) -> Self {
        let mut tools = Self::default();
        for text in [&observation.input, &observation.model_parameters].into_iter().flatten() {
            tools.define(text, DEFINITIONS);
        }
        for (key, text) in &observation.metadata {
            if DEFINITIONS.contains(&key.as_str()) {
                tools.defined_in(text);
            } else if key == "attributes" {
                tools.define(text, DEFINITIONS);
            }
        }
        if let Some(output) = &observation.output {
            tools.call(output);
        }
        tools
    }

    fn define(&mut self, text: &str, keys: &[&str]) {
        let Some(Value::Object(said)) = parsed(text, keys) else { return };
        for (key, value) in &said {
            if keys.contains(&key.as_str()) {
                match value {
                    Value::String(text) => self.defined_in(text),
                    value => definitions(value, 0, &mut self.defined),
                }
            }
        }
    }

    /// A text that is nothing but definitions.
    fn defined_in(&mut self, text: &str) {
        if text.len() <= MAX_TEXT
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            definitions(&value, 0, &mut self.defined);
        }
    }

    fn call(&mut self, text: &str) {
        let signs: Vec<&str> = CALLS.iter().chain(CALL_TYPES).copied().collect();
        if let Some(value) = parsed(text, &signs) {
            calls(&value, 0, &mut self.called);
        }
    }
}

/// The text as JSON, if it holds one of these words at all: most texts do not, and need not be parsed.
fn parsed(text: &str, words: &[&str]) -> Option<Value> {
    let begins = text.trim_start().as_bytes().first();
    let told = text.len() <= MAX_TEXT && matches!(begins, Some(b'{' | b'[')) && words.iter().any(|word| text.contains(word));
    if told { serde_json::from_str(text).ok() } else { None }
}

fn definitions(value: &Value, depth: usize, names: &mut Vec<String>) {
    if depth > 3 {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|one| match one {
            // OpenTelemetry attributes hold each definition as a text.
            Value::String(text) => {
                if let Ok(one @ Value::Object(_)) = serde_json::from_str::<Value>(text) {
                    definition(&one, depth, names);
                }
            }
            one => definition(one, depth, names),
        }),
        // By name.
        Value::Object(by_name) => by_name.keys().for_each(|name| once(name, names)),
        _ => {}
    }
}

fn definition(one: &Value, depth: usize, names: &mut Vec<String>) {
    let inner = one.get("function").unwrap_or(one);
    if let Some(name) = text(inner, &["name", "toolName"]).or_else(|| text(one, &["name"])) {
        once(name, names);
    } else if let Some(list) = ["functionDeclarations", "function_declarations"].iter().find_map(|key| one.get(key)) {
        definitions(list, depth + 1, names);
    } else if let Some(kind) = text(one, &["type"]) {
        // Built-in ones have a type and no name.
        once(kind, names);
    }
}

fn calls(value: &Value, depth: usize, names: &mut Vec<String>) {
    if depth > MAX_DEPTH || names.len() >= MAX_NAMES {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|one| calls(one, depth + 1, names)),
        Value::Object(said) => {
            if text(value, &["type"]).is_some_and(|kind| CALL_TYPES.contains(&kind)) {
                note_call(value, names);
                return;
            }
            for (key, inner) in said {
                match inner {
                    Value::Array(list) if CALLS.contains(&key.as_str()) => list.iter().for_each(|one| note_call(one, names)),
                    Value::Object(_) if CALLS.contains(&key.as_str()) => note_call(inner, names),
                    _ => calls(inner, depth + 1, names),
                }
            }
        }
        _ => {}
    }
}

fn note_call(call: &Value, names: &mut Vec<String>) {
    let inner = call.get("function").filter(|f| f.is_object()).unwrap_or(call);
    if let Some(name) = text(inner, &["name", "toolName", "tool_name"])
        && fits(name)
        && names.len() < MAX_NAMES
    {
        names.push(name.to_owned());
    }
}

fn once(name: &str, names: &mut Vec<String>) {
    if fits(name) && names.len() < MAX_NAMES && !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

fn fits(name: &str) -> bool {
    !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS
}

fn text<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| value.get(key)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(input: &str, output: &str) -> (Vec<String>, Vec<String>) {
        let observation = Observation { input: Some(input.to_owned()), output: Some(output.to_owned()), ..Observation::default() };
        let Tools { defined, called } = Tools::of(&observation);
        (defined, called)
    }

    #[test]
    fn definitions_of_every_provider_are_found() {
        for (provider, input) in [
            (
                "OpenAI chat",
                r#"{"messages":[],"tools":[{"type":"function","function":{"name":"ls"}},{"type":"function","function":{"name":"cat"}}]}"#,
            ),
            (
                "OpenAI responses",
                r#"{"tools":[{"type":"function","name":"ls"},{"type":"function","name":"cat"},{"type":"function","name":"ls"}]}"#,
            ),
            ("Anthropic", r#"{"tools":[{"name":"ls","input_schema":{}},{"name":"cat","input_schema":{}}]}"#),
            ("Gemini", r#"{"tools":[{"functionDeclarations":[{"name":"ls"},{"name":"cat"}]}]}"#),
            ("Vercel", r#"{"tools":{"ls":{"parameters":{}},"cat":{}}}"#),
            ("built in", r#"{"tools":[{"type":"ls"},{"type":"cat"}]}"#),
            ("texts", r#"{"tools":["{\"name\":\"ls\"}","{\"name\":\"cat\"}","no JSON"]}"#),
            ("text", r#"{"tools":"[{\"name\":\"ls\"},{\"name\":\"cat\"}]"}"#),
        ] {
            let (defined, _) = of(input, "");
            let mut defined = defined;
            defined.sort();
            assert_eq!(defined, ["cat", "ls"], "{provider}");
        }
    }

    #[test]
    fn definitions_may_lie_in_attributes() {
        for (key, value) in [
            ("gen_ai.tool.definitions", r#"[{"name":"ls"}]"#),
            ("tools", r#"[{"name":"ls"}]"#),
            ("attributes", r#"{"gen_ai.tool.definitions":"[{\"name\":\"ls\"}]"}"#),
            ("attributes", r#"{"ai.prompt.tools":["{\"name\":\"ls\"}"]}"#),
        ] {
            let observation = Observation { metadata: vec![(key.to_owned(), value.to_owned())], ..Observation::default() };
            assert_eq!(Tools::of(&observation).defined, ["ls"], "{key} {value}");
        }
    }

    #[test]
    fn calls_of_every_provider_are_found_once_each() {
        for (provider, output) in [
            (
                "OpenAI chat",
                r#"{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"ls","arguments":"{}"}},{"function":{"name":"ls"}}]}"#,
            ),
            ("OpenAI responses", r#"[{"type":"function_call","name":"ls"},{"type":"message"},{"type":"function_call","name":"ls"}]"#),
            (
                "Anthropic",
                r#"{"content":[{"type":"text","text":"tool_use"},{"type":"tool_use","name":"ls","input":{"name":"x"}},{"type":"tool_use","name":"ls"}]}"#,
            ),
            ("Gemini", r#"{"parts":[{"functionCall":{"name":"ls"}},{"functionCall":{"name":"ls"}}]}"#),
            ("Vercel", r#"{"toolCalls":[{"toolName":"ls"},{"toolName":"ls"}]}"#),
            ("OpenTelemetry", r#"[{"role":"assistant","parts":[{"type":"tool_call","name":"ls"},{"type":"tool_call","name":"ls"}]}]"#),
        ] {
            assert_eq!(of("", output).1, ["ls", "ls"], "{provider}");
        }
    }

    #[test]
    fn what_is_no_tool_gives_nothing_and_hostile_texts_end() {
        let deep = format!("{{\"tool_calls\":{}{}}}", "[".repeat(100), "]".repeat(100));
        let many = format!(r#"{{"tool_calls":[{}{{}}]}}"#, r#"{"name":"ls"},"#.repeat(5_000));
        let long = format!(r#"{{"tool_calls":[{{"name":"{}"}}]}}"#, "x".repeat(300));
        for (input, output, calls) in [
            ("tools", "tool_calls", 0),
            (r#"{"tools":7}"#, r#"{"tool_calls":[1,null,{"name":""}]}"#, 0),
            (r#"{"tools":[[[]]]}"#, deep.as_str(), 0),
            ("{\"tools\":", many.as_str(), MAX_NAMES),
            ("[]", long.as_str(), 0),
        ] {
            let (defined, called) = of(input, output);
            assert_eq!((defined.len(), called.len()), (0, calls), "{}", &output[..output.len().min(80)]);
        }
    }
}
