//! How much work a schema can make, found without running it: nothing outside is referred to, nothing leads back to itself without a step
//! into the value, and what a value of some depth may be checked against is bounded.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

const MAX_DEPTH: usize = 64;
/// Checks of one value against sub-schemas, references followed.
const MAX_CHECKS: u64 = 10_000;
/// Checks of a value and of what it holds, along its deepest part.
const MAX_WORK: u64 = 1_000_000;

/// Keywords whose sub-schemas look at the same value; the others step into it.
const SAME_VALUE: &[&str] =
    &["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies", "$ref", "$dynamicRef", "$recursiveRef"];
/// Keywords whose sub-schemas look at parts of the value.
const INTO_PARTS: &[&str] = &[
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "items",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
    "contains",
];
/// Keywords that hold values or texts, in which nothing is a schema.
const NO_SCHEMAS: &[&str] = &["const", "enum", "default", "examples", "example"];

/// May the schema be used? The error is the end of a sentence.
pub fn check(schema: &Value) -> Result<(), String> {
    let mut walk = Walk::new(schema);
    walk.survey(schema, 0)?;
    for place in places(schema) {
        walk.cost(place)?;
    }
    Ok(())
}

/// May a value be checked against the schema (one that [`check`] took)? Alternatives that lead back to the schema multiply with each level.
pub fn bearable(schema: &Value, value: &Value) -> bool {
    let mut walk = Walk::new(schema);
    // Finds the anchors; the schema was taken before.
    let _ = walk.survey(schema, 0);
    walk.work(schema, depth(value), &mut HashMap::new()) <= MAX_WORK
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(parts) => 1 + parts.iter().map(depth).max().unwrap_or(0),
        Value::Object(parts) => 1 + parts.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Every object in which a check may begin.
fn places(schema: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut left = vec![schema];
    while let Some(next) = left.pop() {
        match next {
            Value::Object(keywords) => {
                found.push(next);
                left.extend(keywords.iter().filter(|(k, _)| !NO_SCHEMAS.contains(&k.as_str())).map(|(_, v)| v));
            }
            Value::Array(parts) => left.extend(parts),
            _ => {}
        }
    }
    found
}

/// The sub-schemas that a keyword holds.
fn held<'v>(keyword: &str, value: &'v Value) -> Vec<&'v Value> {
    match value {
        Value::Array(parts) => parts.iter().collect(),
        Value::Object(named) if matches!(keyword, "dependentSchemas" | "dependencies" | "properties" | "patternProperties") => {
            named.values().collect()
        }
        other => vec![other],
    }
}

struct Walk<'v> {
    root: &'v Value,
    anchors: HashMap<&'v str, &'v Value>,
    /// By the address of a sub-schema: its checks, or `None` while they are being counted.
    costs: HashMap<usize, Option<u64>>,
}

impl<'v> Walk<'v> {
    fn new(root: &'v Value) -> Self {
        Self { root, anchors: HashMap::new(), costs: HashMap::new() }
    }

    /// How often a value of this depth, and the parts along its deepest way, are looked at.
    fn work(&self, schema: &'v Value, depth: usize, known: &mut HashMap<(usize, usize), u64>) -> u64 {
        let Value::Object(keywords) = schema else { return 1 };
        let place = (std::ptr::from_ref(schema) as usize, depth);
        if let Some(known) = known.get(&place) {
            return *known;
        }
        let mut work = 1_u64;
        for (keyword, value) in keywords {
            let same = SAME_VALUE.contains(&keyword.as_str());
            let parts = match value {
                _ if !same && (depth == 0 || !INTO_PARTS.contains(&keyword.as_str())) => continue,
                Value::String(target) if is_reference(keyword) => self.target(target).into_iter().collect(),
                value => held(keyword, value),
            };
            for part in parts {
                work = work.saturating_add(self.work(part, if same { depth } else { depth - 1 }, known));
            }
        }
        known.insert(place, work);
        work
    }

    /// Looks at every sub-schema once: its depth, its references, its anchors.
    fn survey(&mut self, schema: &'v Value, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("it is more than {MAX_DEPTH} levels deep"));
        }
        match schema {
            Value::Object(keywords) => {
                for (keyword, value) in keywords {
                    if let (true, Some(target)) = (is_reference(keyword), value.as_str())
                        && !target.starts_with('#')
                    {
                        return Err(format!("`{keyword}` may only refer to its own parts (`#…`), not to {target:?}"));
                    }
                    if let ("$anchor" | "$dynamicAnchor", Some(name)) = (keyword.as_str(), value.as_str()) {
                        self.anchors.insert(name, schema);
                    }
                    if !NO_SCHEMAS.contains(&keyword.as_str()) {
                        self.survey(value, depth + 1)?;
                    }
                }
                Ok(())
            }
            Value::Array(parts) => parts.iter().try_for_each(|part| self.survey(part, depth + 1)),
            _ => Ok(()),
        }
    }

    /// How often one value is looked at when it is checked against this schema.
    fn cost(&mut self, schema: &'v Value) -> Result<u64, String> {
        let Value::Object(keywords) = schema else { return Ok(1) };
        let address = std::ptr::from_ref(schema) as usize;
        match self.costs.get(&address) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => return Err("it refers to itself without a step into the value".to_owned()),
            None => {}
        }
        self.costs.insert(address, None);
        let cost = self.cost_of(keywords)?;
        self.costs.insert(address, Some(cost));
        Ok(cost)
    }

    fn cost_of(&mut self, keywords: &'v Map<String, Value>) -> Result<u64, String> {
        let mut cost = 1_u64;
        for (keyword, value) in keywords.iter().filter(|(k, _)| SAME_VALUE.contains(&k.as_str())) {
            let parts: Vec<&'v Value> = match value {
                Value::String(target) if is_reference(keyword) => vec![self.target(target)?],
                value => held(keyword, value),
            };
            for part in parts {
                cost = cost.saturating_add(self.cost(part)?);
            }
            if cost > MAX_CHECKS {
                return Err("its references and alternatives multiply to too many checks".to_owned());
            }
        }
        Ok(cost)
    }

    fn target(&self, target: &str) -> Result<&'v Value, String> {
        let fragment = target.trim_start_matches('#');
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        let found = if decoded.is_empty() || decoded.starts_with('/') {
            self.root.pointer(&decoded)
        } else {
            self.anchors.get(decoded.as_ref()).copied()
        };
        found.ok_or_else(|| format!("there is nothing at {target:?}"))
    }
}

fn is_reference(keyword: &str) -> bool {
    matches!(keyword, "$ref" | "$dynamicRef" | "$recursiveRef")
}
