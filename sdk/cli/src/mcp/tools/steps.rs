//! The steps of a trace, a page at a time in order of time, with their texts.

use serde_json::{Value, json};

use super::begin;
use crate::mcp::answer;
use crate::mcp::backend::{Failure, Query, get, segment};

/// Characters of a step's input and output: a page shows what happened, not every byte.
const SHOWN: usize = 3_000;

/// A page that begins where `cursor` says: after so many steps.
pub fn page(trace_id: &str, cursor: Option<&str>, limit: u64) -> Result<Value, Failure> {
    let from = match cursor {
        None => 0,
        Some(text) => text
            .strip_prefix("step-")
            .and_then(|n| n.parse::<usize>().ok())
            .ok_or_else(|| Failure::Arguments("`cursor` is not one that this tool gave".to_owned()))?,
    };
    let whole = get(&format!("/api/public/v2/traces/{}", segment(trace_id)), &Query::new())?;
    let nodes = whole["observations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut nodes: Vec<&Value> = nodes.iter().collect();
    // The session itself begins with its first turn and comes before it.
    let place = |node: &Value| (node["startTime"].as_str().unwrap_or_default().to_owned(), !node["parentObservationId"].is_null());
    nodes.sort_by_cached_key(|node| place(node));
    let to = (from + limit as usize).min(nodes.len());
    let shown = nodes.get(from..to).unwrap_or_default();
    let texts = texts(trace_id, shown)?;
    let rows = shown.iter().map(|node| step(node, texts.iter().find(|text| text["id"] == node["id"]).unwrap_or(&Value::Null))).collect();
    let next = if to < nodes.len() { format!("step-{to}").into() } else { Value::Null };
    let mut page = answer::page("steps", rows, &next);
    page["stepsInAll"] = nodes.len().into();
    Ok(page)
}

fn texts(trace_id: &str, nodes: &[&Value]) -> Result<Vec<Value>, Failure> {
    let ids: Vec<&Value> = nodes.iter().map(|node| &node["id"]).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = json!([
        {"type": "string", "column": "traceId", "operator": "=", "value": trace_id},
        {"type": "stringOptions", "column": "id", "operator": "any of", "value": ids},
    ]);
    let query = Query::new()
        .with("fields", Some("core,io,metadata"))
        .with("expandMetadata", Some("command.line,file.changes"))
        .with("limit", Some(ids.len()))
        .with("filter", Some(filter));
    let mut answer = get("/api/public/v2/observations", &query)?;
    Ok(answer["data"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

fn step(node: &Value, text: &Value) -> Value {
    let metadata = &text["metadata"];
    let level = match node["level"].as_str() {
        Some("DEFAULT") | None => Value::Null,
        Some(level) => level.into(),
    };
    json!({
        "id": node["id"],
        "parentId": node["parentObservationId"],
        "what": if metadata["agent.record"].is_string() { &metadata["agent.record"] } else { &node["type"] },
        "name": node["name"],
        "startTime": node["startTime"],
        "seconds": node["latency"],
        "input": begin(&text["input"], SHOWN),
        "output": begin(&text["output"], SHOWN),
        "model": if node["providedModel"].is_string() { &node["providedModel"] } else { &node["model"] },
        "tokens": if node["usage"]["total"].as_u64().is_some_and(|total| total > 0) { node["usage"].clone() } else { Value::Null },
        "cost": node["totalCost"],
        "command": begin(&metadata["command.line"], SHOWN),
        "exitCode": metadata["command.exit_code"],
        "decision": metadata["decision.outcome"],
        "decisionBy": metadata["decision.source"],
        "level": level,
        "message": begin(&node["statusMessage"], SHOWN),
    })
}

/// What people asked in a trace, in order: at most `most` prompts.
pub fn prompts(trace_id: &str, most: u64) -> Result<Vec<Value>, Failure> {
    let filter = json!([
        {"type": "string", "column": "traceId", "operator": "=", "value": trace_id},
        {"type": "string", "column": "id", "operator": "starts with", "value": "turn-"},
    ]);
    let query = Query::new().with("fields", Some("core,io")).with("limit", Some(most)).with("filter", Some(filter));
    let answer = get("/api/public/v2/observations", &query)?;
    let mut turns: Vec<&Value> = answer["data"].as_array().map(Vec::as_slice).unwrap_or_default().iter().collect();
    turns.sort_by_key(|turn| turn["startTime"].as_str().unwrap_or_default());
    Ok(turns.into_iter().map(|turn| json!({"at": turn["startTime"], "prompt": begin(&turn["input"], SHOWN)})).collect())
}
