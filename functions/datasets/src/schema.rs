//! JSON Schemas of datasets: which are taken, and what an item's texts violate.
//!
//! A schema is data of a caller: nothing that it refers to is fetched, regular expressions have a limit of steps, and a schema that could make
//! a check last for ever is refused (`schema_cost`).

use agenttrace_kit::Error;
use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

use crate::schema_cost;

/// In bytes.
const MAX_SCHEMA: usize = 50_000;
const BACKTRACK_LIMIT: usize = 100_000;
const MAX_PATTERN: usize = 1_000_000;
/// How many violations of one value are told, and how long each.
const MAX_TOLD: usize = 5;
const MAX_TOLD_CHARS: usize = 300;

/// The schemas of a dataset, ready to check items.
#[derive(Debug, Default)]
pub struct Schemas {
    input: Option<Schema>,
    expected_output: Option<Schema>,
}

#[derive(Debug)]
struct Schema {
    text: Value,
    validator: Validator,
}

impl Schemas {
    /// From the texts of schemas, `None` where there is none.
    pub fn of(input: Option<&str>, expected_output: Option<&str>) -> Result<Self, Error> {
        Ok(Self {
            input: input.map(|text| compile("inputSchema", text)).transpose()?,
            expected_output: expected_output.map(|text| compile("expectedOutputSchema", text)).transpose()?,
        })
    }

    pub const fn is_empty(&self) -> bool {
        self.input.is_none() && self.expected_output.is_none()
    }

    /// What the values violate, each with its place: `input/question: …`. `None` is not looked at.
    pub fn violations(&self, input: Option<&Value>, expected_output: Option<&Value>) -> Vec<String> {
        let mut told = Vec::new();
        for (name, schema, value) in [("input", &self.input, input), ("expectedOutput", &self.expected_output, expected_output)] {
            if let (Some(schema), Some(value)) = (schema, value) {
                if !schema_cost::bearable(&schema.text, value) {
                    told.push(format!("{name}: it is nested too deeply to be checked against this schema"));
                    continue;
                }
                for error in schema.validator.iter_errors(value).take(MAX_TOLD) {
                    let sentence: String = error.to_string().chars().take(MAX_TOLD_CHARS).collect();
                    told.push(format!("{name}{}: {sentence}", error.instance_path()));
                }
            }
        }
        told
    }
}

fn compile(name: &str, text: &str) -> Result<Schema, Error> {
    let refuse = |why: String| Error::bad_request(format!("`{name}` is not a JSON Schema that can be used: {why}"));
    if text.len() > MAX_SCHEMA {
        return Err(refuse(format!("it must have at most {MAX_SCHEMA} bytes")));
    }
    let schema: Value = serde_json::from_str(text).map_err(|e| refuse(e.to_string()))?;
    if !schema.is_object() {
        return Err(refuse("it must be an object".to_owned()));
    }
    schema_cost::check(&schema).map_err(refuse)?;
    let validator = jsonschema::options()
        .offline()
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT).size_limit(MAX_PATTERN))
        .build(&schema)
        .map_err(|e| refuse(e.to_string().chars().take(MAX_TOLD_CHARS).collect()))?;
    Ok(Schema { text: schema, validator })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(schema: &Value) -> Option<String> {
        Schemas::of(Some(&schema.to_string()), None).err().map(|e| e.to_string())
    }

    #[test]
    fn schemas_are_taken_or_refused_with_a_reason() {
        let deep = (0..100).fold(json!({}), |inner, _| json!({"not": inner}));
        for (schema, needle) in [
            (json!({}), None),
            (json!({"type": "object", "required": ["q"], "properties": {"q": {"type": "string", "pattern": "^(?!x)"}}}), None),
            (
                json!({"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"type": "integer"}}, "$ref": "#/definitions/a"}),
                None,
            ),
            (
                json!({"$defs": {"tree": {"type": "object", "properties": {"next": {"$ref": "#/$defs/tree"}}}}, "$ref": "#/$defs/tree"}),
                None,
            ),
            (json!({"type": "strng"}), Some("strng")),
            (json!({"pattern": "("}), Some("not a JSON Schema")),
            (json!([]), Some("must be an object")),
            (json!({"$ref": "http://169.254.169.254/latest"}), Some("own")),
            (json!({"$ref": "file:///etc/passwd"}), Some("own")),
            (json!({"$ref": "#/$defs/none"}), Some("#/$defs/none")),
            (json!({"$ref": "#"}), Some("itself")),
            (
                json!({"$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}),
                Some("itself"),
            ),
            (deep, Some("deep")),
            (json!({"description": "x".repeat(60_000)}), Some("50000 bytes")),
        ] {
            let found = refusal(&schema);
            let short: String = schema.to_string().chars().take(100).collect();
            assert_eq!(found.is_some(), needle.is_some(), "{short}: {found:?}");
            assert!(needle.is_none_or(|n| found.as_deref().unwrap_or_default().contains(n)), "{short}: {found:?}");
        }
    }

    #[test]
    fn a_chain_of_doublings_is_refused() {
        let mut defs = serde_json::Map::new();
        for level in 0..40 {
            let next = json!({"$ref": format!("#/$defs/l{}", level + 1)});
            defs.insert(format!("l{level}"), json!({"anyOf": [next, next]}));
        }
        defs.insert("l40".to_owned(), json!({"type": "string"}));

        assert!(refusal(&json!({"$defs": defs, "$ref": "#/$defs/l0"})).is_some_and(|why| why.contains("too many")));
    }

    #[test]
    fn values_whose_checks_would_multiply_are_refused() {
        let node = json!({"properties": {"n": {"$ref": "#"}}});
        let schema = json!({"anyOf": [node, {"properties": {"n": {"$ref": "#"}}, "type": "object"}]});
        let schemas = Schemas::of(Some(&schema.to_string()), None).expect("a schema");
        let nested = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({"n": inner}));

        assert_eq!(schemas.violations(Some(&nested(5)), None), Vec::<String>::new());
        assert!(schemas.violations(Some(&nested(60)), None)[0].contains("nested too deeply"));
        let tree = Schemas::of(Some(r##"{"type":"object","properties":{"n":{"$ref":"#"}}}"##), None).expect("a schema");
        assert_eq!(tree.violations(Some(&nested(60)), None), Vec::<String>::new());
    }

    #[test]
    fn violations_name_the_field_and_the_path() {
        let schema =
            json!({"type": "object", "required": ["q"], "properties": {"q": {"type": "object", "properties": {"n": {"type": "integer"}}}}});
        let schemas = Schemas::of(Some(&schema.to_string()), Some(r#"{"type":"string","pattern":"^(a+)+$"}"#)).expect("schemas");

        for (input, expected, needles) in [
            (json!({"q": {"n": 1}}), json!("aaa"), vec![]),
            (json!({"q": {"n": "x"}}), json!("aaa"), vec!["input/q/n: \"x\" is not of type"]),
            (json!({}), json!(1), vec!["input: \"q\" is a required property", "expectedOutput: 1 is not of type"]),
        ] {
            let told = schemas.violations(Some(&input), Some(&expected));
            assert_eq!(told.len(), needles.len(), "{told:?}");
            assert!(needles.iter().zip(&told).all(|(needle, found)| found.starts_with(needle)), "{told:?}");
        }
        assert!(schemas.violations(None, None).is_empty());
        // A pattern that would take for ever stops at its limit.
        schemas.violations(None, Some(&json!(format!("{}!", "a".repeat(5_000)))));
    }
}
