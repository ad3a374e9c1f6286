//! What the tests share: a context with a fixed clock, and views of events that are easy to compare.
#![allow(dead_code)]

pub mod wire;

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

use agenttrace_domain::score_config::Category;
use agenttrace_domain::{Event, Observation, Score, ScoreConfig, ScoreRule, Sdk, Timestamp, Trace};
use agenttrace_ingest::{Context, Limits};
use agenttrace_pricing::Prices;
use serde_json::{Map, Value, json};

/// 2026-12-01T00:00:00Z: after every recording.
pub const NOW: Timestamp = Timestamp(1_796_083_200_000_000);

/// Runs `read` with a context whose ids count up.
pub fn with_context<T>(sdk: (&str, &str), limits: &Limits, read: impl FnOnce(&Context<'_>) -> T) -> T {
    let sdk = Sdk { name: sdk.0.to_owned(), version: sdk.1.to_owned() };
    let count = Cell::new(0);
    let new_id = || {
        count.set(count.get() + 1);
        format!("new-{}", count.get())
    };
    read(&Context {
        now: NOW,
        sdk: &sdk,
        ingestion_version: None,
        prices: Prices::managed(),
        score_configs: &score_config,
        new_id: &new_id,
        limits,
    })
}

/// The project's score configs, named by what they are.
pub fn score_config(id: &str) -> Option<Arc<ScoreConfig>> {
    let category = |label: &str, value| Category { label: label.to_owned(), value };
    let rule = match id.trim_start_matches("archived ") {
        "range" => ScoreRule::Numeric { min: Some(0.0), max: Some(5.0) },
        "flag" => ScoreRule::Boolean,
        "labels" => ScoreRule::Categorical(vec![category("good", 2.0), category("bad", -1.0)]),
        "text" => ScoreRule::Text,
        _ => return None,
    };
    let (name, is_archived) = (format!("name of {id}"), id.starts_with("archived"));
    let (id, project_id) = (id.to_owned(), "p".to_owned());
    Some(Arc::new(ScoreConfig { id, project_id, name, description: None, rule, is_archived, created_at: NOW, updated_at: NOW }))
}

pub fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/sdk")
}

pub fn observations(events: &[Event]) -> Vec<&Observation> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Observation(o) | Event::ObservationPatch { patch: o, .. } => Some(o.as_ref()),
            _ => None,
        })
        .collect()
}

pub fn traces(events: &[Event]) -> Vec<&Trace> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Trace { patch, .. } => Some(patch.as_ref()),
            _ => None,
        })
        .collect()
}

pub fn scores(events: &[Event]) -> Vec<&Score> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Score(score) => Some(score.as_ref()),
            _ => None,
        })
        .collect()
}

/// An observation as JSON: lists of pairs as objects, money in dollars, times as text, types by their wire names.
pub fn view(o: &Observation) -> Value {
    let time = |t: Option<Timestamp>| t.map(Timestamp::to_rfc3339);
    let dollars =
        |costs: &[(String, agenttrace_domain::Usd)]| costs.iter().map(|(k, v)| (k.clone(), json!(v.as_f64()))).collect::<Map<_, _>>();
    json!({
        "id": o.id, "trace_id": o.trace_id, "parent_id": o.parent_id, "kind": o.kind.map(|k| k.as_str()), "name": o.name,
        "start_time": time(o.start_time), "end_time": time(o.end_time), "completion_start_time": time(o.completion_start_time),
        "level": o.level.map(|l| l.as_str()), "status_message": o.status_message, "version": o.version,
        "environment": o.environment.as_ref().map(|e| e.as_str()), "input": o.input, "output": o.output,
        "metadata": o.metadata.iter().map(|(k, v)| (k.clone(), json!(v))).collect::<Map<_, _>>(),
        "model": o.model, "model_parameters": o.model_parameters,
        "usage": o.usage.iter().map(|(k, v)| (k.clone(), json!(v))).collect::<Map<_, _>>(),
        "stated_cost": dollars(&o.stated_cost), "cost": dollars(&o.cost), "model_id": o.model_id, "prompt_name": o.prompt_name,
        "prompt_version": o.prompt_version, "app_root": o.app_root, "user_id": o.user_id, "session_id": o.session_id,
        "trace_name": o.trace_name, "tags": o.tags, "release": o.release, "scope_name": o.scope_name,
    })
}

/// A trace statement as JSON, as [`view`].
pub fn view_trace(t: &Trace) -> Value {
    json!({
        "id": t.id, "timestamp": t.timestamp.map(Timestamp::to_rfc3339), "name": t.name, "user_id": t.user_id, "session_id": t.session_id,
        "input": t.input, "output": t.output, "metadata": t.metadata.iter().map(|(k, v)| (k.clone(), json!(v))).collect::<Map<_, _>>(),
        "tags": t.tags, "replace_tags": t.replace_tags, "public": t.public, "release": t.release, "version": t.version,
        "environment": t.environment.as_ref().map(|e| e.as_str()),
    })
}

/// A score as JSON, as [`view`].
pub fn view_score(s: &Score) -> Value {
    json!({
        "id": s.id, "name": s.name, "trace_id": s.trace_id, "observation_id": s.observation_id, "session_id": s.session_id,
        "dataset_run_id": s.dataset_run_id, "value": s.value, "string_value": s.string_value, "data_type": s.data_type.map(|t| t.as_str()),
        "source": s.source.map(|s| s.as_str()), "comment": s.comment, "environment": s.environment.as_ref().map(|e| e.as_str()),
        "config_id": s.config_id, "timestamp": s.timestamp.map(Timestamp::to_rfc3339),
    })
}

/// Every key of `expected` as it is in `actual`; `metadata` key by key, `null` for "not there".
pub fn check_subset(name: &str, actual: &Value, expected: &Value) {
    for (key, wanted) in expected.as_object().expect("expected is an object") {
        let found = &actual[key];
        if key == "metadata" {
            for (key, wanted) in wanted.as_object().expect("metadata is an object") {
                assert_eq!(&found[key], wanted, "{name}: metadata.{key} of {actual:#}");
            }
        } else {
            assert_eq!(found, wanted, "{name}: {key} of {actual:#}");
        }
    }
}
