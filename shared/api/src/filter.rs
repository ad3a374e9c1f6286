//! Langfuse's filter language: a JSON array of `{type, column, operator, value, key?}`. Parsed here into types that cannot be wrong; which columns
//! there are, and how they become SQL, is the store's.

use agenttrace_domain::Timestamp;
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    Eq,
    Gt,
    Lt,
    Ge,
    Le,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextTest {
    Equals,
    Contains,
    ContainsNot,
    StartsWith,
    EndsWith,
    /// Full text: all words found.
    Matches,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetTest {
    AnyOf,
    NoneOf,
    AllOf,
}

/// One test on one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Datetime(Compare, Timestamp),
    Number(Compare, f64),
    Text(TextTest, String),
    /// `stringOptions`, `arrayOptions`, `categoryOptions`.
    Set(SetTest, Vec<String>),
    Boolean(bool),
    Null(bool),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    pub column: String,
    /// Of `stringObject`, `numberObject`, `categoryOptions`: the metadata key or the score's name.
    pub key: Option<String>,
    pub test: Test,
}

/// Parses the `filter` parameter. The error is a sentence for the caller.
pub fn parse(text: &str) -> Result<Vec<Filter>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let Ok(Value::Array(items)) = serde_json::from_str::<Value>(text) else {
        return Err("`filter` must be a JSON array of {type, column, operator, value}".to_owned());
    };
    parse_items(&items, "filter")
}

/// Parses filters out of a list that goes by a name. The error is a sentence for the caller.
pub fn parse_items(items: &[Value], name: &str) -> Result<Vec<Filter>, String> {
    if items.len() > 50 {
        return Err(format!("`{name}` may hold at most 50 conditions"));
    }
    items.iter().enumerate().map(|(i, item)| one(item).map_err(|e| format!("`{name}[{i}]`: {e}"))).collect()
}

fn one(item: &Value) -> Result<Filter, String> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let column = text("column").filter(|c| !c.is_empty()).ok_or("`column` is missing")?.to_owned();
    let kind = text("type").ok_or("`type` is missing")?;
    let operator = text("operator").ok_or("`operator` is missing")?;
    let value = item.get("value").unwrap_or(&Value::Null);
    let key = text("key").map(str::to_owned);
    let bad = || format!("operator {operator:?} does not fit type {kind:?}");
    let compare = || match operator {
        "=" => Ok(Compare::Eq),
        ">" => Ok(Compare::Gt),
        "<" => Ok(Compare::Lt),
        ">=" => Ok(Compare::Ge),
        "<=" => Ok(Compare::Le),
        _ => Err(bad()),
    };
    let test = match kind {
        "datetime" => {
            let at = value.as_str().and_then(Timestamp::parse).ok_or("`value` must be an ISO 8601 time")?;
            Test::Datetime(compare()?, at)
        }
        "number" | "numberObject" => {
            let number =
                value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|n| n.is_finite()).ok_or("`value` must be a number")?;
            Test::Number(compare()?, number)
        }
        "string" | "stringObject" => {
            let test = match operator {
                "=" => TextTest::Equals,
                "contains" => TextTest::Contains,
                "does not contain" => TextTest::ContainsNot,
                "starts with" => TextTest::StartsWith,
                "ends with" => TextTest::EndsWith,
                "matches" => TextTest::Matches,
                _ => return Err(bad()),
            };
            Test::Text(test, value.as_str().ok_or("`value` must be a text")?.to_owned())
        }
        "stringOptions" | "arrayOptions" | "categoryOptions" => {
            let test = match operator {
                "any of" => SetTest::AnyOf,
                "none of" => SetTest::NoneOf,
                "all of" if kind == "arrayOptions" => SetTest::AllOf,
                _ => return Err(bad()),
            };
            let values = value.as_array().ok_or("`value` must be a list of texts")?;
            if values.len() > 1_000 {
                return Err("`value` may hold at most 1000 texts".to_owned());
            }
            let values = values
                .iter()
                .map(|v| v.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
                .ok_or("`value` must be a list of texts")?;
            Test::Set(test, values)
        }
        "boolean" | "booleanObject" => {
            let wanted = value.as_bool().ok_or("`value` must be true or false")?;
            match operator {
                "=" => Test::Boolean(wanted),
                "<>" => Test::Boolean(!wanted),
                _ => return Err(bad()),
            }
        }
        "null" => match operator {
            "is null" => Test::Null(true),
            "is not null" => Test::Null(false),
            _ => return Err(bad()),
        },
        _ => {
            return Err(format!(
                "type {kind:?} is unknown; use string, number, datetime, stringOptions, arrayOptions, boolean, null, stringObject or numberObject"
            ));
        }
    };
    if matches!(kind, "stringObject" | "numberObject" | "booleanObject" | "categoryOptions") && key.as_deref().is_none_or(str::is_empty) {
        return Err(format!("type {kind:?} needs a `key`"));
    }
    Ok(Filter { column, key, test })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_parse_or_say_what_is_wrong() {
        let parsed = parse(
            r#"[{"type":"stringOptions","column":"name","operator":"any of","value":["a","b"]},{"type":"number","column":"latency","operator":">=","value":1.5}]"#,
        );
        assert_eq!(
            parsed,
            Ok(vec![
                Filter { column: "name".into(), key: None, test: Test::Set(SetTest::AnyOf, vec!["a".into(), "b".into()]) },
                Filter { column: "latency".into(), key: None, test: Test::Number(Compare::Ge, 1.5) },
            ])
        );
        for (text, needle) in [
            ("{}", "JSON array"),
            ("[{}]", "`column` is missing"),
            (r#"[{"type":"string","column":"x","operator":"; DROP","value":"a"}]"#, "does not fit"),
            (r#"[{"type":"url()","column":"x","operator":"=","value":"a"}]"#, "is unknown"),
            (r#"[{"type":"number","column":"x","operator":"=","value":"NaN"}]"#, "must be a number"),
            (r#"[{"type":"stringObject","column":"metadata","operator":"=","value":"a"}]"#, "needs a `key`"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(needle), "{text}: {error}");
        }
    }
}
