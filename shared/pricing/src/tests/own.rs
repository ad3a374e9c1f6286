//! A project's own models.

use agenttrace_domain::{Timestamp, Usd};

use crate::{Attributes, OwnModel, OwnModelError, OwnModelSpec, OwnModels, Prices, Query, UnitPrice};

/// Flat prices: input and output in USD per token.
fn flat(id: &str, pattern: &str, start: Option<i64>, input: f64) -> OwnModelSpec {
    let start = start.map_or("null".to_owned(), |start| start.to_string());
    let pattern = serde_json::to_string(pattern).expect("a string");
    serde_json::from_str(&format!(
        r#"{{"id": "{id}", "modelName": "{id}", "matchPattern": {pattern}, "startDate": {start}, "unit": "TOKENS",
            "tiers": [{{"name": "Standard", "isDefault": true, "priority": 0,
                       "prices": {{"input": {input}, "output": 0.00001}}}}]}}"#
    ))
    .expect("a model")
}

fn models(specs: Vec<OwnModelSpec>) -> OwnModels {
    OwnModels::new(specs.into_iter().map(|spec| OwnModel::try_from(spec).expect("usable")).collect())
}

fn error(change: impl FnOnce(&mut OwnModelSpec)) -> OwnModelError {
    let mut spec = flat("m", "m", None, 1e-6);
    change(&mut spec);
    OwnModel::try_from(spec).expect_err("not usable")
}

fn conditional(name: &str, priority: u32) -> crate::OwnTier {
    serde_json::from_str(&format!(
        r#"{{"name": "{name}", "isDefault": false, "priority": {priority}, "prices": {{"input": 1e-6}},
            "conditions": [{{"usageDetailPattern": "input", "operator": "gt", "value": 1}}]}}"#
    ))
    .expect("a tier")
}

#[test]
fn the_newest_start_that_is_not_after_the_call_wins() {
    let own = models(vec![
        flat("first", "(?i)^house-model$", None, 1e-6),
        flat("third", "(?i)^house-model$", Some(300), 3e-6),
        flat("second", "(?i)^house-model$", Some(200), 2e-6),
    ]);
    for (at, expected) in [(0, "first"), (199, "first"), (200, "second"), (299, "second"), (300, "third"), (999, "third")] {
        let found = own.find("House-Model", Timestamp(at)).expect("it matches");

        assert_eq!(found.spec().id, expected, "at {at}");
    }
    assert!(own.find("house-model-2", Timestamp(999)).is_none());
}

#[test]
fn own_models_go_before_managed_ones() {
    let own = models(vec![flat("mine", "^gpt-4o$", Some(100), 0.000_001)]);
    let usage = [("input".to_owned(), 1_000)];
    for (model, at, expected_id, expected) in [
        ("gpt-4o", 100, "mine", 1_000_000_000),
        ("gpt-4o", 99, "openai:gpt-4o", 2_500_000_000),
        ("gpt-4o-mini", 100, "openai:gpt-4o-mini", 150_000_000),
    ] {
        let query = Query { model, provider: None, usage: &usage, service_tier: None, batch: false };

        let cost = Prices::of(&own).price(&query, Timestamp(at), Attributes::default()).expect("priced");

        assert_eq!((cost.model_id.as_str(), cost.total()), (expected_id, Usd(expected)));
    }
}

#[test]
fn conditions_choose_the_tier_by_priority() {
    let spec: OwnModelSpec = serde_json::from_str(
        r#"{"id": "m", "modelName": "m", "matchPattern": "^m$", "tiers": [
            {"name": "Standard", "isDefault": true, "priority": 0, "prices": {"input": 0.000001}},
            {"name": "Longest", "isDefault": false, "priority": 1, "prices": {"input": 0.000003},
             "conditions": [{"usageDetailPattern": "^INPUT", "operator": "gt", "value": 500}]},
            {"name": "Long", "isDefault": false, "priority": 2, "prices": {"input": 0.000002},
             "conditions": [{"usageDetailPattern": "^input", "operator": "gte", "value": 200, "caseSensitive": true},
                            {"usageDetailPattern": "^output", "operator": "lt", "value": 10}]}]}"#,
    )
    .expect("a model");
    let model = OwnModel::try_from(spec).expect("usable");
    for (input, cached, output, expected) in
        [(100, 99, 0, "Standard"), (100, 100, 0, "Long"), (100, 100, 10, "Standard"), (100, 400, 0, "Long"), (100, 401, 10, "Longest")]
    {
        let usage = [("input".to_owned(), input), ("input_cached_tokens".to_owned(), cached), ("output".to_owned(), output)];

        assert_eq!(model.tier(&usage, Attributes::default()).name, expected, "{usage:?}");
        assert_eq!(model.price(&usage, Attributes::default()).expect("input has a price").tier, expected);
    }
}

#[test]
fn a_total_price_counts_only_for_a_total_alone() {
    let mut spec = flat("m", "^m$", None, 1e-6);
    spec.tiers[0].prices.insert("total".to_owned(), UnitPrice::from_dollars(5e-6).expect("a price"));
    let model = OwnModel::try_from(spec).expect("usable");
    let total = ("total".to_owned(), 1_000);

    let alone = model.price(std::slice::from_ref(&total), Attributes::default()).expect("total has a price");
    let with_parts = model.price(&[("input".to_owned(), 1_000), total], Attributes::default()).expect("input has a price");

    assert_eq!(alone.total(), Usd(5_000_000_000));
    assert_eq!(with_parts.total(), Usd(1_000_000_000));
}

#[test]
fn what_cannot_be_used_is_refused() {
    assert!(matches!(error(|spec| spec.match_pattern = "(".into()), OwnModelError::Pattern(_)));
    assert!(matches!(error(|spec| spec.match_pattern = "(?!x)y".into()), OwnModelError::Pattern(_)));
    assert!(matches!(error(|spec| spec.match_pattern = r"(\w{1000}){1000}".into()), OwnModelError::Pattern(_)));
    assert!(matches!(error(|spec| spec.match_pattern = "x".repeat(1_001)), OwnModelError::PatternTooLong));
    assert!(matches!(error(|spec| spec.tiers[0].is_default = false), OwnModelError::DefaultTier));
    assert!(matches!(error(|spec| spec.tiers.push(spec.tiers[0].clone())), OwnModelError::DefaultTier));
    assert!(matches!(error(|spec| spec.tiers[0].priority = 1), OwnModelError::DefaultTier));
    assert!(matches!(error(|spec| spec.tiers.push(conditional("Standard", 1))), OwnModelError::Repeated(_)));
    assert!(matches!(error(|spec| spec.tiers.push(conditional("Long", 0))), OwnModelError::Repeated(_)));
    assert!(matches!(error(|spec| spec.tiers.extend([conditional("Long", 1), conditional("Longer", 1)])), OwnModelError::Repeated(_)));
    assert!(matches!(error(|spec| spec.tiers.clear()), OwnModelError::DefaultTier));
    assert!(matches!(error(|spec| spec.tiers[0].prices.clear()), OwnModelError::NoPrices(_)));
    assert!(matches!(
        error(|spec| {
            let mut second = spec.tiers[0].clone();
            second.is_default = false;
            spec.tiers.push(second);
        }),
        OwnModelError::NoCondition(_)
    ));
}

#[test]
fn prices_are_read_exactly_and_absurd_ones_refused() {
    for (dollars, femto) in [(0.0, 0), (0.000_003, 3_000_000_000), (1.25e-7, 125_000_000), (0.02, 20_000_000_000_000)] {
        assert_eq!(UnitPrice::from_dollars(dollars).expect("a price").as_femto(), femto);
    }
    for dollars in [-1e-9, f64::NAN, f64::INFINITY, 10_000.1] {
        assert!(UnitPrice::from_dollars(dollars).is_err(), "{dollars}");
    }
    let text = serde_json::to_string(&UnitPrice::from_dollars(0.000_003).expect("a price")).expect("a number");
    assert_eq!(text, "3e-6");
}

#[test]
fn a_pattern_is_linear_in_the_name() {
    let own = models(vec![flat("m", "^(a+)+$", None, 1e-6)]);

    assert!(own.find(&format!("{}b", "a".repeat(900)), Timestamp(0)).is_none());
    assert!(own.find(&"a".repeat(2_000), Timestamp(0)).is_none(), "longer than any name");
}

#[test]
fn attributes_of_the_step_choose_a_tier_too() {
    let spec: OwnModelSpec = serde_json::from_str(
        r#"{"id": "m", "modelName": "m", "matchPattern": "^m$", "tiers": [
            {"name": "Standard", "isDefault": true, "priority": 0, "prices": {"input": 0.000001}},
            {"name": "Flex", "isDefault": false, "priority": 1, "prices": {"input": 0.000003},
             "conditions": [{"source": "model_parameters", "key": "service_tier", "operator": "in", "values": ["flex", "2"]}]},
            {"name": "Vip", "isDefault": false, "priority": 2, "prices": {"input": 0.000002},
             "conditions": [{"source": "metadata", "key": "customer", "operator": "in", "values": ["7"]}]}]}"#,
    )
    .expect("a model");
    let model = OwnModel::try_from(spec).expect("usable");
    let metadata = |value: &str| vec![("customer".to_owned(), value.to_owned())];
    for (parameters, metadata, expected) in [
        (None, metadata("8"), "Standard"),
        (Some(r#"{"service_tier":"flex"}"#), metadata("7"), "Flex"),
        (Some(r#"{"service_tier":2}"#), Vec::new(), "Flex"),
        (Some(r#"{"deep":{"service_tier":"flex"}}"#), Vec::new(), "Standard"),
        (Some("not json service_tier"), metadata("\"7\""), "Vip"),
    ] {
        let attributes = Attributes { model_parameters: parameters, metadata: &metadata };

        assert_eq!(model.tier(&[], attributes).name, expected, "{parameters:?} {metadata:?}");
    }
    assert!(model.asks_for_metadata());
}
