//! Which steps are sent to be priced anew.

use agenttrace_domain::{Timestamp, Usd};
use agenttrace_pricing::{OwnModel, OwnModelSpec};

use super::*;

fn own(pattern: &str, dollars: f64) -> OwnModels {
    let spec = serde_json::json!({"id": "mine", "modelName": "mine", "matchPattern": pattern, "tiers": [
        {"name": "Standard", "isDefault": true, "priority": 0, "prices": {"input": dollars}}]});
    let spec: OwnModelSpec = serde_json::from_value(spec).expect("a spec");
    OwnModels::new(vec![OwnModel::try_from(spec).expect("usable")])
}

fn stored(model: &str, model_id: Option<&str>, pico: Option<i64>) -> Observation {
    let cost = pico.map(|pico| vec![("input".to_owned(), Usd(pico)), ("total".to_owned(), Usd(pico))]).unwrap_or_default();
    Observation {
        trace_id: "t".into(),
        id: "o".into(),
        start_time: Some(Timestamp(1)),
        model: Some(model.into()),
        usage: vec![("input".into(), 1_000)],
        cost,
        model_id: model_id.map(str::to_owned),
        ..Observation::default()
    }
}

#[test]
fn only_what_changes_is_sent() {
    let gpt = 2_500_000_000;
    let local = vec![("attributes".to_owned(), r#"{"gen_ai.system":"ollama"}"#.to_owned())];
    for (name, step, own, only, expected) in [
        ("priced as it would be", stored("gpt-4o", Some("openai:gpt-4o"), Some(gpt)), OwnModels::default(), None, false),
        ("priced by another list before", stored("gpt-4o", Some("openai:gpt-4o"), Some(1)), OwnModels::default(), None, true),
        ("an own model has come", stored("gpt-4o", Some("openai:gpt-4o"), Some(gpt)), own("^gpt", 1e-6), None, true),
        ("an own model has gone", stored("house", Some("mine"), Some(5)), OwnModels::default(), None, true),
        ("unknown stays unknown", stored("house", None, None), OwnModels::default(), None, false),
        (
            "a local model stays unpriced",
            Observation { metadata: local, ..stored("gpt-4o", None, None) },
            OwnModels::default(),
            None,
            false,
        ),
        ("of another model", stored("gpt-4o", Some("openai:gpt-4o"), Some(1)), OwnModels::default(), Some("mine"), false),
        ("of the model that priced it", stored("house", Some("mine"), Some(5)), OwnModels::default(), Some("mine"), true),
        ("of the model that prices it now", stored("house", None, None), own("^house$", 1e-6), Some("mine"), true),
    ] {
        assert_eq!(change(step, &own, only).is_some(), expected, "{name}");
    }
}
