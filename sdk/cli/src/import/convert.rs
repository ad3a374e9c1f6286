//! From what a Langfuse server answers to what the target takes. Pure: rows in, bodies out.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::text;

/// The fields of `row` that say something, by name.
fn picked(row: &Value, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| row.get(*name).filter(|v| !v.is_null()).map(|v| ((*name).to_owned(), v.clone()))).collect()
}

/// An event of the batch API. Its id follows from what it tells, so that the same copy sends the same events.
fn event(kind: &str, at: &str, body: Map<String, Value>) -> Value {
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    // An id may be as long as the id of an event.
    let id = if id.len() > LONG_ID { format!("{:016x}", digest(id)) } else { id.to_owned() };
    json!({"id": format!("import-{kind}-{id}"), "type": kind, "timestamp": at, "body": body})
}

const LONG_ID: usize = 600;

/// FNV-1a: the same in every build.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What a trace is, said at the time when it was last changed.
#[must_use]
pub fn trace(row: &Value) -> Value {
    let mut body = picked(
        row,
        &[
            "id",
            "timestamp",
            "name",
            "userId",
            "sessionId",
            "input",
            "output",
            "metadata",
            "tags",
            "release",
            "version",
            "environment",
            "public",
            "externalId",
        ],
    );
    // Not being public is what every trace begins with.
    if body.get("public") == Some(&Value::Bool(false)) {
        body.remove("public");
    }
    event("trace-create", said_at(row, "timestamp"), body)
}

/// What the root of a trace says of the trace, on servers that have no traces of their own.
#[must_use]
pub fn trace_of_root(root: &Value) -> Value {
    let mut body = picked(root, &["userId", "sessionId", "tags", "release", "version", "environment", "public"]);
    body.insert("id".to_owned(), root["traceId"].clone());
    body.insert("timestamp".to_owned(), root["startTime"].clone());
    let name = [text(root, "traceName"), text(root, "name")].into_iter().find(|n| !n.is_empty());
    if let Some(name) = name {
        body.insert("name".to_owned(), name.into());
    }
    if body.get("public") == Some(&Value::Bool(false)) {
        body.remove("public");
    }
    event("trace-create", said_at(root, "startTime"), body)
}

/// An observation of either read API.
#[must_use]
pub fn observation(row: &Value) -> Value {
    let mut body = picked(
        row,
        &[
            "id",
            "traceId",
            "parentObservationId",
            "name",
            "startTime",
            "endTime",
            "completionStartTime",
            "input",
            "output",
            "metadata",
            "level",
            "statusMessage",
            "version",
            "environment",
            "model",
            "modelParameters",
            "promptName",
            "promptVersion",
        ],
    );
    if !(body.contains_key("promptName") && body.contains_key("promptVersion")) {
        body.remove("promptName");
        body.remove("promptVersion");
    }
    if let Some(usage) = usage(row) {
        body.insert("usageDetails".to_owned(), usage);
    }
    if let Some(cost) = cost(row) {
        body.insert("costDetails".to_owned(), cost);
    }
    let kind = match text(row, "type") {
        kind @ ("GENERATION" | "EVENT" | "AGENT" | "TOOL" | "CHAIN" | "RETRIEVER" | "EVALUATOR" | "EMBEDDING" | "GUARDRAIL") => {
            kind.to_ascii_lowercase()
        }
        _ => "span".to_owned(),
    };
    event(&format!("{kind}-create"), said_at(row, "startTime"), body)
}

/// A row of the later API: texts are raw there, so what is a JSON object or list becomes one again.
#[must_use]
pub fn with_parsed_texts(mut row: Value) -> Value {
    for name in ["input", "output"] {
        let parsed = row[name].as_str().filter(|t| t.starts_with(['{', '['])).and_then(|t| serde_json::from_str::<Value>(t).ok());
        if let Some(parsed) = parsed {
            row[name] = parsed;
        }
    }
    row
}

/// Tokens by name; older servers have three columns for them.
fn usage(row: &Value) -> Option<Value> {
    let counted = |map: &Map<String, Value>| -> Map<String, Value> {
        map.iter().filter(|(_, v)| v.as_f64().is_some_and(|n| n >= 0.0 && n.fract() == 0.0)).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let details = row["usageDetails"].as_object().map(counted).filter(|m| !m.is_empty());
    let three = || {
        let usage = row["usage"].as_object()?;
        let kept: Map<String, Value> =
            counted(usage).into_iter().filter(|(k, _)| matches!(k.as_str(), "input" | "output" | "total")).collect();
        // A row without usage has three zeros there.
        kept.values().any(|v| v.as_f64().is_some_and(|n| n > 0.0)).then_some(kept)
    };
    details.or_else(three).map(Value::Object)
}

/// Cost by name, as the source has it: prices of today would give another.
fn cost(row: &Value) -> Option<Value> {
    let details = row["costDetails"].as_object().filter(|m| !m.is_empty()).cloned();
    let three = || {
        let named = [("input", "calculatedInputCost"), ("output", "calculatedOutputCost"), ("total", "calculatedTotalCost")];
        let kept: Map<String, Value> =
            named.iter().filter(|(_, from)| row[*from].is_number()).map(|(to, from)| ((*to).to_owned(), row[*from].clone())).collect();
        (!kept.is_empty()).then_some(kept)
    };
    details.or_else(three).map(Value::Object)
}

/// When a row's content was said, so that a copy made twice changes nothing, and what was changed in the target since then stays.
fn said_at<'a>(row: &'a Value, begin: &str) -> &'a str {
    [text(row, "updatedAt"), text(row, begin), text(row, "createdAt")]
        .into_iter()
        .find(|t| !t.is_empty())
        .unwrap_or("1970-01-01T00:00:00.000Z")
}

/// The target's ids for the source's, where the target gave them.
pub struct Ids<'a> {
    pub configs: &'a BTreeMap<String, String>,
    pub runs: &'a BTreeMap<String, String>,
    pub queues: &'a BTreeMap<String, String>,
}

/// A score of any of the three read APIs.
#[must_use]
pub fn score(row: &Value, ids: &Ids<'_>) -> Value {
    let mut body = picked(row, &["id", "name", "traceId", "observationId", "sessionId", "comment", "metadata", "environment", "dataType"]);
    let kind = text(row, "dataType").to_owned();
    let said = match kind.as_str() {
        "CATEGORICAL" | "TEXT" | "CORRECTION" if row["stringValue"].is_string() => row["stringValue"].clone(),
        "BOOLEAN" => row["value"].as_bool().map_or_else(|| row["value"].clone(), |b| json!(u8::from(b))),
        _ => row["value"].clone(),
    };
    body.insert("value".to_owned(), said);
    let run = match text(&row["subject"], "kind") {
        "" => row["datasetRunId"].as_str(),
        "trace" => {
            body.insert("traceId".to_owned(), row["subject"]["id"].clone());
            None
        }
        "observation" => {
            body.insert("observationId".to_owned(), row["subject"]["id"].clone());
            body.insert("traceId".to_owned(), row["subject"]["traceId"].clone());
            None
        }
        "session" => {
            body.insert("sessionId".to_owned(), row["subject"]["id"].clone());
            None
        }
        _ => row["subject"]["id"].as_str(),
    };
    if let Some(run) = run {
        body.insert("datasetRunId".to_owned(), ids.runs.get(run).map_or(run, String::as_str).into());
    }
    if let Some(queue) = row["queueId"].as_str().and_then(|id| ids.queues.get(id)) {
        body.insert("queueId".to_owned(), queue.clone().into());
    }
    let config = row["configId"].as_str().and_then(|id| ids.configs.get(id)).cloned();
    // An annotation needs its config, or it is no annotation to the API.
    if text(row, "source") == "ANNOTATION" && (config.is_some() || kind == "CORRECTION") {
        body.insert("source".to_owned(), "ANNOTATION".into());
    }
    if let Some(config) = config {
        body.insert("configId".to_owned(), config.into());
    }
    body.retain(|_, value| !value.is_null());
    let at = [text(row, "timestamp"), text(row, "createdAt"), text(row, "updatedAt")].into_iter().find(|t| !t.is_empty());
    let at = at.unwrap_or("1970-01-01T00:00:00.000Z").to_owned();
    body.insert("timestamp".to_owned(), at.clone().into());
    event("score-create", &at, body)
}

/// A version of a prompt.
#[must_use]
pub fn prompt(row: &Value) -> Value {
    let mut body = picked(row, &["name", "type", "prompt", "config", "tags", "commitMessage"]);
    let labels: Vec<&Value> = row["labels"].as_array().into_iter().flatten().filter(|l| *l != "latest").collect();
    body.insert("labels".to_owned(), json!(labels));
    Value::Object(body)
}

/// Do two answers tell the same version?
#[must_use]
pub fn same_prompt(a: &Value, b: &Value) -> bool {
    ["type", "prompt", "config"].iter().all(|name| a[*name] == b[*name])
}

#[must_use]
pub fn dataset(row: &Value) -> Value {
    Value::Object(picked(row, &["name", "description", "metadata", "inputSchema", "expectedOutputSchema"]))
}

#[must_use]
pub fn dataset_item(row: &Value, dataset: &str) -> Value {
    let mut body = picked(row, &["id", "input", "expectedOutput", "metadata", "sourceTraceId", "sourceObservationId", "status"]);
    body.insert("datasetName".to_owned(), dataset.into());
    Value::Object(body)
}

/// A model that the project defined itself.
#[must_use]
pub fn model(row: &Value) -> Value {
    let mut body = picked(row, &["modelName", "matchPattern", "startDate", "unit", "tokenizerId", "tokenizerConfig"]);
    let tiers = row["pricingTiers"].as_array().filter(|t| !t.is_empty());
    if let Some(tiers) = tiers {
        let tiers: Vec<Value> =
            tiers.iter().map(|t| Value::Object(picked(t, &["name", "isDefault", "priority", "conditions", "prices"]))).collect();
        body.insert("pricingTiers".to_owned(), json!(tiers));
    } else {
        body.extend(picked(row, &["inputPrice", "outputPrice", "totalPrice"]));
    }
    Value::Object(body)
}

#[must_use]
pub fn score_config(row: &Value) -> Value {
    let mut body = picked(row, &["name", "dataType", "minValue", "maxValue", "description"]);
    // Those of a boolean are the server's own.
    if text(row, "dataType") == "CATEGORICAL" {
        body.extend(picked(row, &["categories"]));
    }
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn observations_keep_kind_usage_and_cost() {
        for (name, row, kind, usage, cost) in [
            (
                "details",
                json!({"type": "GENERATION", "usageDetails": {"input": 3, "total": 5}, "costDetails": {"total": 0.1}}),
                "generation-create",
                json!({"input": 3, "total": 5}),
                json!({"total": 0.1}),
            ),
            (
                "older columns",
                json!({"type": "GENERATION", "usage": {"input": 3, "output": 0, "total": 3, "unit": "TOKENS"}, "calculatedTotalCost": 0.2}),
                "generation-create",
                json!({"input": 3, "output": 0, "total": 3}),
                json!({"total": 0.2}),
            ),
            (
                "nothing counted",
                json!({"type": "SPAN", "usage": {"input": 0, "output": 0, "total": 0}, "usageDetails": {}, "costDetails": {}, "calculatedTotalCost": null}),
                "span-create",
                Value::Null,
                Value::Null,
            ),
            ("an unknown type", json!({"type": "NEW"}), "span-create", Value::Null, Value::Null),
            ("a tool", json!({"type": "TOOL", "endTime": null}), "tool-create", Value::Null, Value::Null),
        ] {
            let event = observation(&row);
            assert_eq!(
                (event["type"].as_str(), &event["body"]["usageDetails"], &event["body"]["costDetails"]),
                (Some(kind), &usage, &cost),
                "{name}"
            );
            assert!(event["body"].get("endTime").is_none(), "{name}: what is null is left out");
        }
    }

    #[test]
    fn the_same_row_gives_the_same_event() {
        let row = json!({"id": "t", "timestamp": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-02T00:00:00.000Z", "public": false, "name": "n"});

        assert_eq!(trace(&row), trace(&row));
        assert_eq!(trace(&row)["timestamp"], "2026-01-02T00:00:00.000Z");
        assert!(trace(&row)["body"].get("public").is_none());
    }

    #[test]
    fn texts_of_the_later_api_are_read_only_where_they_are_json() {
        let row = with_parsed_texts(json!({"input": "{\"a\":1}", "output": "123"}));
        assert_eq!((&row["input"], &row["output"]), (&json!({"a": 1}), &json!("123")));
        assert_eq!(with_parsed_texts(json!({"input": "[not json"}))["input"], "[not json");
    }

    #[test]
    fn scores_of_every_api_become_the_same_event() {
        let one = |from: &str, to: &str| BTreeMap::from([(from.to_owned(), to.to_owned())]);
        let (configs, runs, queues) = (one("c", "C"), one("r", "R"), one("q", "Q"));
        let ids = Ids { configs: &configs, runs: &runs, queues: &queues };
        for (name, row, expected) in [
            (
                "numeric",
                json!({"id": "s", "name": "n", "dataType": "NUMERIC", "value": 0.5, "traceId": "t", "source": "EVAL"}),
                json!({"value": 0.5, "traceId": "t"}),
            ),
            (
                "categorical",
                json!({"id": "s", "name": "n", "dataType": "CATEGORICAL", "value": 1, "stringValue": "good", "traceId": "t", "configId": "c", "source": "ANNOTATION"}),
                json!({"value": "good", "traceId": "t", "configId": "C", "source": "ANNOTATION"}),
            ),
            (
                "of a queue",
                json!({"id": "s", "name": "n", "dataType": "NUMERIC", "value": 1, "traceId": "t", "queueId": "q"}),
                json!({"value": 1, "traceId": "t", "queueId": "Q"}),
            ),
            (
                "of a queue that is not there",
                json!({"id": "s", "name": "n", "dataType": "NUMERIC", "value": 1, "traceId": "t", "queueId": "x"}),
                json!({"value": 1, "traceId": "t"}),
            ),
            (
                "an annotation without its config",
                json!({"id": "s", "name": "n", "dataType": "NUMERIC", "value": 1, "traceId": "t", "configId": "x", "source": "ANNOTATION"}),
                json!({"value": 1, "traceId": "t"}),
            ),
            (
                "boolean, later api",
                json!({"id": "s", "name": "n", "dataType": "BOOLEAN", "value": true, "subject": {"kind": "observation", "id": "o", "traceId": "t"}}),
                json!({"value": 1, "observationId": "o", "traceId": "t"}),
            ),
            (
                "session",
                json!({"id": "s", "name": "n", "dataType": "TEXT", "value": "x", "subject": {"kind": "session", "id": "S"}}),
                json!({"value": "x", "sessionId": "S"}),
            ),
            (
                "run",
                json!({"id": "s", "name": "n", "dataType": "NUMERIC", "value": 1, "datasetRunId": "r"}),
                json!({"value": 1, "datasetRunId": "R"}),
            ),
            (
                "experiment",
                json!({"id": "s", "name": "n", "dataType": "NUMERIC", "value": 1, "subject": {"kind": "experiment", "id": "r"}}),
                json!({"value": 1, "datasetRunId": "R"}),
            ),
        ] {
            let event = score(&row, &ids);
            let mut body = event["body"].as_object().cloned().unwrap_or_default();
            for known in ["id", "name", "dataType", "timestamp"] {
                assert!(body.remove(known).is_some(), "{name}: {known}");
            }
            assert_eq!(Value::Object(body), expected, "{name}");
        }
    }

    #[test]
    fn prompts_leave_latest_to_the_server() {
        assert_eq!(
            prompt(&json!({"name": "p", "version": 3, "labels": ["latest", "production"], "prompt": "x"})),
            json!({"name": "p", "prompt": "x", "labels": ["production"]})
        );
    }

    #[test]
    fn categories_go_with_categorical_configs_alone() {
        let row = |kind: &str| json!({"name": "c", "dataType": kind, "categories": [{"label": "True", "value": 1}], "minValue": null});
        assert_eq!(score_config(&row("BOOLEAN")), json!({"name": "c", "dataType": "BOOLEAN"}));
        assert!(score_config(&row("CATEGORICAL"))["categories"].is_array());
    }

    #[test]
    fn models_go_with_their_tiers_or_their_flat_prices() {
        let tier = json!({"id": "1", "name": "Standard", "isDefault": true, "priority": 0, "conditions": [], "prices": {"input": 1.0}});
        let with_tiers = model(&json!({"modelName": "m", "matchPattern": "m", "pricingTiers": [tier], "inputPrice": 1.0}));
        assert!(with_tiers.get("inputPrice").is_none() && with_tiers["pricingTiers"][0].get("id").is_none());
        assert_eq!(model(&json!({"modelName": "m", "matchPattern": "m", "inputPrice": 1.0, "outputPrice": null}))["inputPrice"], 1.0);
    }
}
