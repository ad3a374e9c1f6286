//! The tools: each is a type of arguments that knows what it reads. Fields that a question needs, and no more, are handed on.

mod commands;
mod commits;
mod costs;
mod files;
mod sessions;
mod steps;
mod traces;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::backend::Failure;

/// What an assistant may ask for; the type's fields are the arguments.
trait Ask: DeserializeOwned + JsonSchema {
    const NAME: &'static str;
    const TITLE: &'static str;
    const DESCRIPTION: &'static str;

    fn run(self) -> Result<Value, Failure>;
}

pub struct Tool {
    pub name: &'static str,
    title: &'static str,
    description: &'static str,
    schema: fn() -> Schema,
    pub run: fn(Value) -> Result<Value, Failure>,
}

impl Tool {
    const fn of<A: Ask>() -> Self {
        Self { name: A::NAME, title: A::TITLE, description: A::DESCRIPTION, schema: schema::<A>, run: run::<A> }
    }
}

pub const TOOLS: &[Tool] = &[
    Tool::of::<sessions::ListSessions>(),
    Tool::of::<sessions::GetSession>(),
    Tool::of::<commands::SearchCommands>(),
    Tool::of::<commands::GetCommand>(),
    Tool::of::<files::ListFileChanges>(),
    Tool::of::<commits::FindCommit>(),
    Tool::of::<costs::CostSummary>(),
    Tool::of::<traces::ListTraces>(),
    Tool::of::<traces::GetTrace>(),
    Tool::of::<traces::SearchTraces>(),
    Tool::of::<commits::ListCiRuns>(),
];

fn schema<A: Ask>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<A>()
}

fn run<A: Ask>(arguments: Value) -> Result<Value, Failure> {
    let asked: A = serde_json::from_value(arguments).map_err(|error| Failure::Arguments(error.to_string()))?;
    asked.run()
}

/// As `tools/list` answers.
#[must_use]
pub fn described() -> Value {
    let tools = TOOLS.iter().map(|tool| {
        let mut schema = (tool.schema)().to_value();
        if let Value::Object(fields) = &mut schema {
            fields.remove("$schema");
            fields.remove("title");
            fields.remove("description");
        }
        json!({
            "name": tool.name, "title": tool.title, "description": tool.description, "inputSchema": schema,
            "annotations": {"title": tool.title, "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false},
        })
    });
    tools.collect()
}

/// How many rows: what was asked for, within bounds.
fn limit(asked: Option<u64>, usual: u64, most: u64) -> Result<u64, Failure> {
    match asked {
        None => Ok(usual),
        Some(limit) if (1..=most).contains(&limit) => Ok(limit),
        Some(_) => Err(Failure::Arguments(format!("`limit` is 1 to {most}"))),
    }
}

/// The rows of a list's answer, each with these fields only, and where the next page begins.
fn page(name: &str, answer: &Value, fields: &[&str]) -> Value {
    let rows = answer["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    super::answer::page(name, rows.iter().map(|row| only(row, fields)).collect(), &answer["meta"]["cursor"])
}

fn only(row: &Value, fields: &[&str]) -> Value {
    Value::Object(Map::from_iter(fields.iter().filter_map(|field| Some(((*field).to_owned(), row.get(*field)?.clone())))))
}

/// A text cut to its first characters: rows of a list show a begin, other tools show the whole.
fn begin(value: &Value, characters: usize) -> Value {
    match value.as_str() {
        Some(text) if text.chars().count() > characters => Value::String(text.chars().take(characters).collect::<String>() + "…[cut]"),
        _ => value.clone(),
    }
}
